#include "kvitok/sim/card.h"
#include "kvitok/sim/menu.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>

static struct menu menu;
static struct fault f;

static int
setup(void **state)
{
	(void)state;
	menu = (struct menu){ 0 };
	fault_init(&f);
	return 0;
}

static bool
take(enum menu_fault fault, const char *order, const char *call)
{
	return menu_take(&menu, BANK_SBER, fault, str_of(order), call, NULL);
}

static int
arm(enum menu_fault fault, enum menu_scope scope, const char *order,
    int64_t count)
{
	struct menu_armed x = { .bank = BANK_SBER,
		.fault = fault,
		.scope = scope,
		.count = count };
	int id = 0;

	(void)snprintf(x.order, sizeof(x.order), "%s", order);
	assert_int_equal(menu_arm(&menu, &x, &id, &f), ERR_OK);
	return id;
}

static void
every_fault_has_a_name_a_bank_and_words(void **state)
{
	(void)state;
	for (unsigned i = 0; i < MENU__COUNT; i++) {
		const struct menu_item *item = menu_item((enum menu_fault)i);
		enum menu_fault found;

		assert_non_null(item->name);
		assert_true(strlen(item->about) > 10);
		assert_int_not_equal(item->banks, 0);
		assert_true(menu_find(str_of(item->name), &found));
		assert_int_equal(found, i);
	}
}

static void
next_strikes_as_often_as_it_was_told(void **state)
{
	(void)state;
	arm(MENU_HTTP_502, MENU_NEXT, "", 2);
	assert_false(take(MENU_SLOW, "A", "status"));
	assert_true(take(MENU_HTTP_502, "A", "status"));
	assert_true(take(MENU_HTTP_502, "B", "register"));
	assert_false(take(MENU_HTTP_502, "C", "status"));
}

static void
all_strikes_until_it_is_taken_off(void **state)
{
	int id = arm(MENU_SLOW, MENU_ALL, "", -1);

	(void)state;
	for (int i = 0; i < 50; i++)
		assert_true(take(MENU_SLOW, "A", "status"));
	assert_true(menu_disarm(&menu, id));
	assert_false(menu_disarm(&menu, id));
	assert_false(take(MENU_SLOW, "A", "status"));
}

static void
a_fault_of_one_order_spares_the_others(void **state)
{
	(void)state;
	arm(MENU_STATUS_LOST, MENU_ORDER, "A", 1);
	assert_false(take(MENU_STATUS_LOST, "B", "status"));
	assert_false(take(MENU_STATUS_LOST, "", "status"));
	assert_true(take(MENU_STATUS_LOST, "A", "status"));
	assert_false(take(MENU_STATUS_LOST, "A", "status"));
}

static void
a_fault_of_one_call_spares_the_others(void **state)
{
	struct menu_armed x = { .bank = BANK_SBER,
		.fault = MENU_RESET_BEFORE,
		.count = 1,
		.call = "refund" };
	int id;

	(void)state;
	assert_int_equal(menu_arm(&menu, &x, &id, &f), ERR_OK);
	assert_false(take(MENU_RESET_BEFORE, "A", "register"));
	assert_false(take(MENU_RESET_BEFORE, "A", NULL));
	assert_true(take(MENU_RESET_BEFORE, "A", "refund"));
}

static void
a_fault_of_one_bank_spares_the_other(void **state)
{
	struct menu_armed x = {
		.bank = BANK_SBER, .fault = MENU_RP_TWICE, .count = 1
	};
	int id;

	(void)state;
	assert_int_equal(menu_arm(&menu, &x, &id, &f), ERR_INVALID);
	assert_string_equal(f.reason, "sim_fault");
	x.bank = BANK_GPB;
	assert_int_equal(menu_arm(&menu, &x, &id, &f), ERR_OK);
	assert_false(take(MENU_RP_TWICE, "A", NULL));
}

static void
the_list_of_armed_faults_is_bounded(void **state)
{
	struct menu_armed x = {
		.bank = BANK_SBER, .fault = MENU_SLOW, .count = 1
	};
	int id;

	(void)state;
	for (int i = 0; i < MENU_ARMED_MAX; i++)
		assert_int_equal(menu_arm(&menu, &x, &id, &f), ERR_OK);
	assert_int_equal(menu_arm(&menu, &x, &id, &f), ERR_LIMIT);
	assert_string_equal(f.reason, "sim_fault");
}

static void
every_demo_card_passes_luhn_and_is_found(void **state)
{
	size_t n;
	const struct card_rule *rules = card_rules(&n);
	struct card c;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(rules[i].name, "mastercard_no_3ds") != 0 &&
		    rules[i].action == 0)
			assert_true(card_luhn(str_of(rules[i].pan)));
		assert_int_equal(card_read(str_of(rules[i].pan), STR("12/34"),
				     str_of(rules[i].cvc), "202611", &c),
		    CARD_GOOD);
		assert_ptr_equal(c.rule, &rules[i]);
		assert_ptr_equal(
		    card_rule_find(str_of(rules[i].name)), &rules[i]);
	}
}

static const struct {
	const char *pan, *expiry, *cvc;
	enum card_trouble wanted;
} typed[] = {
	{ "4111 1111 1111 1111", "12/30", "123", CARD_GOOD },
	{ "4111111111111112", "12/30", "123", CARD_BAD_NUMBER },
	{ "4111-1111", "12/30", "123", CARD_BAD_NUMBER },
	{ "", "12/30", "123", CARD_BAD_NUMBER },
	{ "41111111111111111111", "12/30", "123", CARD_BAD_NUMBER },
	{ "4111111111111111", "13/30", "123", CARD_BAD_EXPIRY },
	{ "4111111111111111", "00/30", "123", CARD_BAD_EXPIRY },
	{ "4111111111111111", "1230", "123", CARD_BAD_EXPIRY },
	{ "4111111111111111", "11/26", "123", CARD_GOOD },
	{ "4111111111111111", "10/26", "123", CARD_EXPIRED },
	{ "4111111111111111", "12/2030", "1234", CARD_GOOD },
	{ "4111111111111111", "12/30", "12", CARD_BAD_CVC },
	{ "4111111111111111", "12/30", "12a", CARD_BAD_CVC },
	{ "2202202107593166", "06/22", "123", CARD_GOOD },
	{ "2200 0000 0000 0004", "12/30", "123", CARD_GOOD },
};

static void
typed_cards_are_judged(void **state)
{
	struct card c;

	(void)state;
	for (size_t i = 0; i < KV_COUNT(typed); i++)
		if (card_read(str_of(typed[i].pan), str_of(typed[i].expiry),
			str_of(typed[i].cvc), "202611", &c) != typed[i].wanted)
			fail_msg("%s %s", typed[i].pan, typed[i].expiry);
}

static void
masks_show_six_and_four_digits(void **state)
{
	struct card c;

	(void)state;
	assert_int_equal(card_read(STR("2202205300068092"), STR("12/30"),
			     STR("583"), "202611", &c),
	    CARD_GOOD);
	assert_string_equal(c.mask_old, "220220**8092");
	assert_string_equal(c.mask_new, "220220******8092");
	assert_string_equal(c.mask_gpb, "220220xxxxxx8092");
	assert_string_equal(c.expiry, "203012");
	assert_string_equal(c.scheme, "MIR");
}

#define T(fn) cmocka_unit_test_setup(fn, setup)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(every_fault_has_a_name_a_bank_and_words),
		T(next_strikes_as_often_as_it_was_told),
		T(all_strikes_until_it_is_taken_off),
		T(a_fault_of_one_order_spares_the_others),
		T(a_fault_of_one_call_spares_the_others),
		T(a_fault_of_one_bank_spares_the_other),
		T(the_list_of_armed_faults_is_bounded),
		T(every_demo_card_passes_luhn_and_is_found),
		T(typed_cards_are_judged),
		T(masks_show_six_and_four_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
