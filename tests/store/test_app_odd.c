/* What banks say out of turn, and what payers do that nobody has asked for. */
#include "bank_talk.h"

/* Gazprombank's status: paid, and no sum. */
static void
status_says_paid(struct world *w)
{
	world_bank_says_paid(w, -1);
	w->status.currency = 0;
	w->status_empty_no = true;
}

static void
a_register_call_with_another_sum_after_the_credit_is_a_case(void **state)
{
	struct world *w = *state;
	struct payment *pm = at_gazprombank(w, "TRX1");

	status_says_paid(w);
	w->now += w->p.set.ask_first_ms;
	(void)world_work(w);
	assert_state(w, pm, "paid");
	says(w, NOTICE_PAID, TRUST_SIGNED, "gpb-portalgkh", bank_no(w, pm, 1),
	    "TRX1", 121800);
	assert_text(registers(w).body, "1");
	assert_int_equal(world_cases(w, pm, "wrong_sum"), 0);
	says(w, NOTICE_PAID, TRUST_SIGNED, "gpb-portalgkh", bank_no(w, pm, 1),
	    "TRX1", 100);
	assert_text(registers(w).body, "1");
	assert_text(registers(w).body, "1");
	assert_int_equal(world_cases(w, pm, "wrong_sum"), 1);
}

static void
money_on_another_account_is_not_credited_by_a_later_status(void **state)
{
	struct world *w = *state;
	struct payment *pm = at_gazprombank(w, "TRX1");

	says(w, NOTICE_PAID, TRUST_SIGNED, "gpb-portalgkh", bank_no(w, pm, 1),
	    "TRX1", 121800);
	w->notice.account_ok = false;
	assert_text(registers(w).body, "1");
	status_says_paid(w);
	(void)world_work(w);
	assert_state(w, pm, "pending");
	assert_text(registers(w).body, "1");
	assert_int_equal(world_cases(w, pm, "wrong_account"), 1);
	assert_int_equal(world_result(w, pm).kind, RESULT_CHECKING);
}

static void
money_that_comes_while_a_person_decides_is_a_case_of_its_own(void **state)
{
	struct world *w = *state;
	struct payment *pm;

	w->proof = true;
	pm = at_gazprombank(w, "TRX1");
	says(w, NOTICE_CHECK, TRUST_UNSIGNED, "gpb-portalgkh",
	    bank_no(w, pm, 1), "TRX2", -1);
	assert_text(check(w).body, "MAY 121800");
	says(w, NOTICE_PAID, TRUST_SIGNED, "gpb-portalgkh", bank_no(w, pm, 1),
	    "TRX1", 100);
	assert_text(registers(w).body, "1");
	assert_text(registers(w).body, "1");
	assert_int_equal(world_cases(w, pm, "wrong_sum"), 1);
	assert_int_equal(world_cases(w, pm, "paid_on_hold"), 0);
	says(w, NOTICE_PAID, TRUST_SIGNED, "gpb-portalgkh", bank_no(w, pm, 1),
	    "TRX2", 121800);
	assert_text(registers(w).body, "1");
	assert_text(registers(w).body, "1");
	assert_int_equal(world_cases(w, pm, "paid_on_hold"), 1);
	assert_state(w, pm, "pending");
}

#define T(name) cmocka_unit_test_setup(name, before)

static int
before(void **state)
{
	world_reset(*state);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_register_call_with_another_sum_after_the_credit_is_a_case),
		T(money_on_another_account_is_not_credited_by_a_later_status),
		T(money_that_comes_while_a_person_decides_is_a_case_of_its_own),
	};

	return cmocka_run_group_tests(tests, world_make, world_end);
}
