/* What may be done about a case, and which money it is about. */
#include "kvitok/domain/resolution.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define NUMBER "7K3M9QZT-4F8D2K1M0X"

static struct arena *a;

static struct payment
payment_of(struct attempt *at)
{
	*at = (struct attempt){ .n = 1,
		.state = ATT_PAID,
		.contract = STR("sber"),
		.bank_id = STR("ORDER") };
	return (struct payment){ .number = STR(NUMBER),
		.state = PAY_PAID,
		.paid_attempt = 1,
		.attempts = at,
		.attempts_len = 1 };
}

static void
a_kind_has_its_own_resolutions_and_no_others(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, a, 200);
	resolution_list(STR("refund_failed"), &b);
	assert_true(str_eq(buf_str(&b), STR("retry, paid_by_hand, drop")));
	assert_int_equal(resolution_find(STR("given_back"), STR("accept"))->act,
	    RESOLVE_GIVE_BACK);
	assert_null(resolution_find(STR("wrong_account"), STR("ask_again")));
	assert_null(resolution_find(STR("second_payment"), STR("dismiss")));
	assert_true(resolution_known(STR("drop")));
	assert_false(resolution_known(STR("forget")));
	assert_true(resolution_posted(STR("second_payment")));
	assert_false(resolution_posted(STR("wrong_sum")));
	assert_true(resolution_of_register(STR("register_fee")));
	assert_true(resolution_of_register(STR("chargeback")));
	assert_false(resolution_of_register(STR("wrong_sum")));
}

static void
a_case_about_the_whole_attempt_or_an_opening_holds_it(void **state)
{
	(void)state;
	assert_true(resolution_holds(
	    STR("wrong_sum"), STR(NUMBER "-1"), STR(NUMBER), 1));
	assert_false(resolution_holds(
	    STR("wrong_sum"), STR(NUMBER "-1/T"), STR(NUMBER), 1));
	assert_true(resolution_holds(
	    STR("paid_on_hold"), STR(NUMBER "-1/T"), STR(NUMBER), 1));
	assert_false(resolution_holds(
	    STR("second_payment"), STR(NUMBER "-1"), STR(NUMBER), 1));
}

static void
a_state_is_told_by_owner_and_resolution(void **state)
{
	enum case_state s;

	(void)state;
	assert_int_equal(case_state(STR("open"), STR(""), STR("")), CASE_OPEN);
	assert_int_equal(
	    case_state(STR("open"), STR("x"), STR("")), CASE_TAKEN);
	assert_int_equal(
	    case_state(STR("open"), STR(""), STR("give_back")), CASE_UNDER_WAY);
	assert_int_equal(
	    case_state(STR("resolved"), STR("x"), STR("drop")), CASE_RESOLVED);
	assert_true(case_state_of(STR("under_way"), &s));
	assert_string_equal(case_state_name(s), "under_way");
	assert_false(case_state_of(STR("closed"), &s));
}

static void
money_is_named_by_its_opening_else_by_the_evidence_else_by_the_attempt(
    void **state)
{
	struct attempt at;
	struct payment pm = payment_of(&at);
	struct case_money m;

	(void)state;
	assert_true(
	    resolution_money(a, &pm, 1, STR(NUMBER "-1/TRX"), STR("{}"), &m));
	assert_true(str_eq(m.bank_id, STR("TRX")));
	assert_false(m.credited);
	assert_true(resolution_money(a, &pm, 1, STR(NUMBER "-1"),
	    STR("{\"bank_no\":\"OTHER\",\"bank_id\":\"X\"}"), &m));
	assert_true(str_eq(m.bank_no, STR("OTHER")));
	assert_true(str_eq(m.bank_id, STR("X")));
	assert_true(
	    resolution_money(a, &pm, 1, STR(NUMBER "-1"), STR("{}"), &m));
	assert_true(str_eq(m.bank_id, STR("ORDER")));
	assert_true(str_eq(m.bank_no, STR(NUMBER "-1")));
	assert_true(m.credited);
	assert_false(
	    resolution_money(a, &pm, 2, STR(NUMBER "-2"), STR("{}"), &m));
	assert_false(
	    resolution_money(a, &pm, 1, STR(NUMBER "-1"), STR("{"), &m));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_kind_has_its_own_resolutions_and_no_others),
		cmocka_unit_test(
		    a_case_about_the_whole_attempt_or_an_opening_holds_it),
		cmocka_unit_test(a_state_is_told_by_owner_and_resolution),
		cmocka_unit_test(
		    money_is_named_by_its_opening_else_by_the_evidence_else_by_the_attempt),
	};
	int rc;

	a = arena_new(1 << 20);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(a);
	return rc;
}
