/* Cards that banks remember: states, months, schemes, whose turn it is. */
#include "kvitok/domain/card.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define TODAY "2026-11-21"
#define T(name) cmocka_unit_test(name)

static void
every_state_has_a_word_and_is_found_by_it(void **state)
{
	(void)state;
	for (int i = 0; i < CARD__COUNT; i++) {
		enum card_state s = CARD__COUNT;

		assert_true(card_state_of(
		    str_of(card_state_name((enum card_state)i)), &s));
		assert_int_equal(s, i);
	}
	for (int i = 0; i < BIND__COUNT; i++) {
		enum bind_state s = BIND__COUNT;

		assert_true(bind_state_of(
		    str_of(bind_state_name((enum bind_state)i)), &s));
		assert_int_equal(s, i);
	}
	enum card_state c;
	enum bind_state b;

	assert_false(card_state_of(STR("gone"), &c));
	assert_false(bind_state_of(STR("gone"), &b));
}

static void
an_unbound_card_never_comes_back(void **state)
{
	(void)state;
	for (int i = 0; i < CARD__COUNT; i++)
		assert_false(card_may_move(CARD_UNBOUND, (enum card_state)i));
	assert_false(card_may_move(CARD_UNBINDING, CARD_ACTIVE));
	assert_true(card_may_move(CARD_UNBINDING, CARD_UNBOUND));
	assert_true(card_may_move(CARD_ACTIVE, CARD_UNBINDING));
	assert_false(card_may_move(CARD_ACTIVE, CARD_UNBOUND));
	assert_true(card_may_move(CARD_DEACTIVATED, CARD_ACTIVE));
}

static void
a_binding_that_failed_may_only_be_bound_late(void **state)
{
	(void)state;
	for (int i = 0; i < BIND__COUNT; i++) {
		assert_false(bind_may_move(BIND_BOUND, (enum bind_state)i));
		assert_int_equal(bind_may_move(BIND_FAILED, (enum bind_state)i),
		    i == BIND_BOUND);
	}
	assert_true(bind_may_move(BIND_CREATED, BIND_INTENDED));
	assert_false(bind_may_move(BIND_CREATED, BIND_BOUND));
	assert_true(bind_is_over(BIND_BOUND));
	assert_true(bind_is_over(BIND_FAILED));
	assert_false(bind_is_over(BIND_REGISTERED));
}

static void
an_id_is_told_from_a_payments_number(void **state)
{
	struct str number;
	int n;

	(void)state;
	assert_true(card_id_ok(STR("7K3M9QZT-C4F8D2K1M0X7W2")));
	assert_false(card_id_ok(STR("7K3M9QZT-4F8D2K1M0X7W2Q")));
	assert_false(card_id_ok(STR("7K3M9QZT-C4F8D2K1M0X7W")));
	assert_false(card_id_ok(STR("7K3M9QZT-C4F8D2K1M0X7W2Q")));
	assert_false(card_id_ok(STR("7K3M9QZT_C4F8D2K1M0X7W2")));
	assert_false(card_id_ok(STR("7K3M9QZt-C4F8D2K1M0X7W2")));
	assert_false(card_id_ok(STR("7K3M9QZT-C4F8D2K1M0X7WU")));
	assert_false(card_id_ok(STR("")));
	assert_false(card_id_ok(STR("7K3M9QZT-4F8D2K1M0X")));
	assert_false(pay_number_ok(STR("7K3M9QZT-C4F8D2K1M0X7W2")));
	assert_false(
	    pay_bank_no_split(STR("7K3M9QZT-C4F8D2K1M0X7W2"), &number, &n));
}

static void
a_token_is_an_id_and_a_secret(void **state)
{
	struct str id, secret;

	(void)state;
	assert_true(card_token_split(
	    STR("7K3M9QZT-C4F8D2K1M0X7W2.2M7XJ4T0B9QK5R1W8ZC3V6N0HD"), &id,
	    &secret));
	assert_true(str_eq(id, STR("7K3M9QZT-C4F8D2K1M0X7W2")));
	assert_true(str_eq(secret, STR("2M7XJ4T0B9QK5R1W8ZC3V6N0HD")));
	assert_false(card_token_split(
	    STR("7K3M9QZT-C4F8D2K1M0X7W2-2M7XJ4T0B9QK5R1W8ZC3V6N0HD"), &id,
	    &secret));
	assert_false(card_token_split(
	    STR("7K3M9QZT-C4F8D2K1M0X7W2.2M7XJ4T0B9QK5R1W8ZC3V6N0H"), &id,
	    &secret));
	assert_false(card_token_split(
	    STR("7K3M9QZT-C4F8D2K1M0X7W2.2M7XJ4T0B9QK5R1W8ZC3V6N0Hl"), &id,
	    &secret));
	assert_false(card_token_split(
	    STR("7K3M9QZT-D4F8D2K1M0X7W2.2M7XJ4T0B9QK5R1W8ZC3V6N0HD"), &id,
	    &secret));
}

static void
cards_of_a_payer_meet_in_one_place(void **state)
{
	char one[9], same[9], other[9], portal[9], long_one[9];
	char text[400];

	(void)state;
	card_akey(STR("moygaz"), STR("u-1"), one);
	card_akey(STR("moygaz"), STR("u-1"), same);
	card_akey(STR("moygaz"), STR("u-2"), other);
	card_akey(STR("novcheb"), STR("u-1"), portal);
	memset(text, 'x', sizeof(text));
	card_akey(STR("moygaz"), (struct str){ text, sizeof(text) }, long_one);
	assert_string_equal(one, same);
	assert_string_not_equal(one, other);
	assert_string_not_equal(one, portal);
	assert_int_equal(strlen(long_one), PAY_AKEY_LEN);
}

static void
a_month_is_read_in_every_form_of_the_banks(void **state)
{
	static const struct {
		const char *said, *out;
	} t[] = {
		{ "203412", "203412" },
		{ "2034-12", "203412" },
		{ "3412", "203412" }, /* YYMM */
		{ "1234", "203412" }, /* MMYY */
		{ "2612", "202612" },
		{ "1226", "202612" },
		{ "4612", "204612" }, /* twenty years ahead */
		{ "4712", "" },
		{ "1612", "201612" }, /* ten years ago */
		{ "1512", "" },
		{ "0101", "" }, /* neither lived so long ago */
		{ "203413", "" },
		{ "203400", "" },
		{ "199912", "" },
		{ "210012", "" },
		{ "2034x12", "" },
		{ "2034-1", "" },
		{ "12/34", "" },
		{ "3a12", "" },
		{ "123a", "" },
		{ "20a412", "" },
		{ "2034-xx", "" },
		{ "", "" },
	};
	char out[7];

	(void)state;
	for (size_t i = 0; i < KV_COUNT(t); i++) {
		card_expiry(str_of(t[i].said), TODAY, out);
		assert_string_equal(out, t[i].out);
	}
	/* In the years when both readings are possible neither is believed. */
	card_expiry(STR("1211"), "2012-11-21", out);
	assert_string_equal(out, "");
	card_expiry(STR("1211"), "xxxx-11-21", out);
	assert_string_equal(out, "");
}

static void
a_card_is_good_to_the_end_of_its_month(void **state)
{
	(void)state;
	assert_int_equal(
	    card_state_on(CARD_ACTIVE, STR("202611"), TODAY), CARD_ACTIVE);
	assert_int_equal(
	    card_state_on(CARD_ACTIVE, STR("202611"), "2026-11-30"),
	    CARD_ACTIVE);
	assert_int_equal(
	    card_state_on(CARD_ACTIVE, STR("202611"), "2026-12-01"),
	    CARD_EXPIRED);
	assert_int_equal(
	    card_state_on(CARD_ACTIVE, STR(""), TODAY), CARD_ACTIVE);
	assert_int_equal(card_state_on(CARD_DEACTIVATED, STR("202001"), TODAY),
	    CARD_DEACTIVATED);
}

static void
the_last_days_of_a_card_are_told(void **state)
{
	(void)state;
	/* 2026-12-31 is 40 days away. */
	assert_true(card_expires_soon(STR("202612"), TODAY, 40));
	assert_false(card_expires_soon(STR("202612"), TODAY, 39));
	assert_true(card_expires_soon(STR("202611"), "2026-11-30", 0));
	assert_false(card_expires_soon(STR("202611"), "2026-12-01", 365));
	assert_false(card_expires_soon(STR(""), TODAY, 365));
	assert_false(card_expires_soon(STR("202612"), "2026-13-99", 365));
	assert_true(card_expires_soon(STR("202802"), "2028-02-29", 0));
}

static void
a_scheme_is_said_or_seen(void **state)
{
	static const struct {
		const char *said, *mask, *out;
	} t[] = {
		{ "MIR", "411111**1111", "MIR" },
		{ "mastercard", "", "MASTERCARD" },
		{ "CUP", "", "UNIONPAY" },
		{ "UNDEFINED", "220138******0047", "MIR" },
		{ "", "220438******0047", "MIR" },
		{ "", "220538******0047", "" },
		{ "", "219938******0047", "" },
		{ "", "411111**1111", "VISA" },
		{ "", "510000**1111", "MASTERCARD" },
		{ "", "559900**1111", "MASTERCARD" },
		{ "", "222100**1111", "MASTERCARD" },
		{ "", "272000**1111", "MASTERCARD" },
		{ "", "272100**1111", "" },
		{ "", "222000**1111", "" },
		{ "", "352800**1111", "JCB" },
		{ "", "359000**1111", "" },
		{ "", "621234**1111", "UNIONPAY" },
		{ "", "501234**1111", "MAESTRO" },
		{ "", "561234**1111", "MAESTRO" },
		{ "", "601234**1111", "MAESTRO" },
		{ "", "701234**1111", "" },
		{ "", "901234**1111", "" },
		{ "", "x1xx**1111", "" },
		{ "", "41", "" },
		{ "", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < KV_COUNT(t); i++) {
		struct str s =
		    card_scheme(str_of(t[i].said), str_of(t[i].mask));

		if (!str_eq(s, str_of(t[i].out)))
			print_error("%s %s\n", t[i].said, t[i].mask);
		assert_true(str_eq(s, str_of(t[i].out)));
	}
}

static void
a_chosen_card_is_offered_once(void **state)
{
	struct attempt at[] = {
		{ .n = 1, .state = ATT_DECLINED },
		{ .n = 2, .state = ATT_REFUSED, .reason = STR("") },
		{ .n = 3,
		    .state = ATT_REFUSED,
		    .reason = STR("bank_unavailable") },
		{ .n = 4, .state = ATT_EXPIRED },
	};
	struct payment pm = { .attempts = at, .attempts_len = KV_COUNT(at) };

	(void)state;
	assert_true(card_is_for_attempt(&pm, 0, 1));  /* never used */
	assert_true(card_is_for_attempt(&pm, 5, 5));  /* by this very one */
	assert_false(card_is_for_attempt(&pm, 1, 5)); /* refused */
	assert_false(card_is_for_attempt(&pm, 2, 5)); /* not taken in */
	assert_true(card_is_for_attempt(&pm, 3, 5));  /* nobody tried it */
	assert_true(card_is_for_attempt(&pm, 4, 5));
	assert_false(card_is_for_attempt(&pm, 9, 5)); /* of no attempt */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(every_state_has_a_word_and_is_found_by_it),
		T(an_unbound_card_never_comes_back),
		T(a_binding_that_failed_may_only_be_bound_late),
		T(an_id_is_told_from_a_payments_number),
		T(a_token_is_an_id_and_a_secret),
		T(cards_of_a_payer_meet_in_one_place),
		T(a_month_is_read_in_every_form_of_the_banks),
		T(a_card_is_good_to_the_end_of_its_month),
		T(the_last_days_of_a_card_are_told),
		T(a_scheme_is_said_or_seen),
		T(a_chosen_card_is_offered_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
