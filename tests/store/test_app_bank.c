/* Call-backs of both banks over a real database: kept, judged, acted on. */
#include "bank_talk.h"

static size_t
unknown_cases(struct world *w, const char *subject)
{
	struct case_query q = { .unresolved = true, .limit = 200 };
	const struct pay_case *cs;
	size_t len, n = 0;

	assert_done(&w->fx,
	    w->p.cases.list(w->p.cases.self, w->fx.a, &q, &cs, &len, &w->fx.f));
	for (size_t i = 0; i < len; i++)
		n += str_eq(cs[i].kind, STR("unknown_number")) &&
		    str_eq(cs[i].subject, str_of(subject));
	return n;
}

static void
a_signed_notice_makes_the_bank_be_asked_and_credits_nothing_itself(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order);

	(void)world_open(w, pm);
	says(w, NOTICE_PAID, TRUST_SIGNED, "sber-irk", bank_no(w, pm, 1), "T",
	    50000);
	assert_int_equal(sberbank(w, ERR_OK).status, 200);
	assert_state(w, pm, "pending");
	(void)world_work(w); /* the bank itself says: not paid */
	assert_int_equal(w->asks, 1);
	assert_state(w, pm, "pending");
	world_bank_says_paid(w, 50000);
	assert_int_equal(sberbank(w, ERR_OK).status, 200);
	(void)world_work(w);
	assert_state(w, pm, "paid");
	assert_int_equal(world_told(w, pm, "notice_accepted"), 2);
}

static void
the_same_notice_ten_times_is_one_credit_and_one_letter(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order);
	struct bank_call c = fresh_call(w);
	struct bank_answer out;

	(void)world_open(w, pm);
	world_bank_says_paid(w, 50000);
	says(w, NOTICE_PAID, TRUST_SIGNED, "sber-irk", bank_no(w, pm, 1), "T",
	    50000);
	for (int i = 0; i < 10; i++) {
		assert_done(&w->fx,
		    bank_call_sberbank(&w->p, w->fx.a, &c, &out, &w->fx.f));
		assert_int_equal(out.status, 200);
		(void)world_work(w);
	}
	assert_int_equal(world_told(w, pm, "payment_paid"), 1);
	assert_int_equal(world_told(w, pm, "notice_accepted"), 1);
	assert_int_equal(w->mails, 1);
}

static void
a_forged_notice_is_kept_and_turned_away(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order);

	(void)world_open(w, pm);
	world_bank_says_paid(w, 50000);
	says(w, NOTICE_PAID, TRUST_FORGED, "", bank_no(w, pm, 1), "T", 50000);
	(void)sberbank(w, ERR_DENIED);
	assert_string_equal(w->fx.f.reason, "signature_bad");
	/* Not signed, though the contract signs; signed for another one. */
	says(w, NOTICE_PAID, TRUST_UNSIGNED, "", bank_no(w, pm, 1), "T", 50000);
	(void)sberbank(w, ERR_DENIED);
	says(w, NOTICE_PAID, TRUST_SIGNED, "sber-other", bank_no(w, pm, 1), "T",
	    50000);
	(void)sberbank(w, ERR_DENIED);
	assert_int_equal(world_work(w), 0);
	assert_state(w, pm, "pending");
	assert_int_equal(world_told(w, pm, "notice_forged"), 2);
}

static void
money_for_an_unknown_number_is_one_case(void **state)
{
	struct world *w = *state;

	says(w, NOTICE_PAID, TRUST_SIGNED, "sber-irk",
	    STR("7K3M9QZT-0000000000-1"), "unknown-1", 777);
	assert_int_equal(sberbank(w, ERR_OK).status, 200);
	assert_int_equal(sberbank(w, ERR_OK).status, 200);
	assert_int_equal(unknown_cases(w, "unknown-1"), 1);
	/* Nobody's signature: evidence, but no case that anybody could make. */
	says(
	    w, NOTICE_PAID, TRUST_UNSIGNED, "", STR("12345"), "unknown-2", 777);
	(void)sberbank(w, ERR_OK);
	assert_int_equal(unknown_cases(w, "unknown-2"), 0);
	says(w, NOTICE_PAID, TRUST_SIGNED, "gpb-portalgkh", STR("12345"),
	    "unknown-3", 777);
	assert_text(registers(w).body, "2");
	assert_int_equal(unknown_cases(w, "unknown-3"), 1);
}

static void
what_is_not_understood_is_a_fault_and_evidence(void **state)
{
	struct world *w = *state;

	w->notice_rc = ERR_INVALID;
	(void)sberbank(w, ERR_INVALID);
	assert_string_equal(w->fx.f.reason, "notice_bad");
	assert_text(registers(w).body, "2");
}

static void
gazprombank_may_take_what_is_open_and_nothing_else(void **state)
{
	struct world *w = *state;
	struct caller who = world_caller("portalgkh");
	struct payment *pm = at_gazprombank(w, "TRX1"), *out;

	/* Opened twice: another transaction of the same order. */
	says(w, NOTICE_CHECK, TRUST_UNSIGNED, "gpb-portalgkh",
	    bank_no(w, pm, 1), "TRX2", -1);
	assert_text(check(w).body, "MAY 121800");
	assert_int_equal(world_told(w, pm, "bank_checked"), 2);
	says(w, NOTICE_CHECK, TRUST_UNSIGNED, "gpb-portalgkh",
	    bank_no(w, pm, 2), "TRX3", -1);
	assert_text(check(w).body, "MAY NOT");
	says(w, NOTICE_CHECK, TRUST_UNSIGNED, "gpb-tgk1", bank_no(w, pm, 1),
	    "TRX4", -1);
	assert_text(check(w).body, "MAY NOT");
	assert_done(&w->fx,
	    pay_cancel(&w->p, w->fx.a, &who, pm->number, &out, &w->fx.f));
	says(w, NOTICE_CHECK, TRUST_UNSIGNED, "gpb-portalgkh",
	    bank_no(w, pm, 1), "TRX5", -1);
	assert_text(check(w).body, "MAY NOT");
}

static void
a_signed_register_call_is_credited_after_the_status_agrees(void **state)
{
	struct world *w = *state;
	struct payment *pm = at_gazprombank(w, "TRX1");

	says(w, NOTICE_PAID, TRUST_SIGNED, "gpb-portalgkh", bank_no(w, pm, 1),
	    "TRX1", 121800);
	assert_text(registers(w).body, "1");
	assert_state(w, pm, "pending");
	w->status_rc = ERR_AGAIN;
	(void)world_work(w);
	assert_state(w, pm, "pending");
	w->status_rc = ERR_OK;
	world_bank_says_paid(w, -1); /* Gazprombank's status names no sum */
	w->status.currency = 0;
	assert_text(registers(w).body, "1");
	(void)world_work(w);
	assert_state(w, pm, "paid");
	assert_text(registers(w).body, "1");
	(void)world_work(w);
	assert_int_equal(world_told(w, pm, "payment_paid"), 1);
	assert_int_equal(world_cases(w, pm, "second_payment"), 0);
}

static void
a_signed_register_call_alone_is_proof_where_the_contract_says_so(void **state)
{
	struct world *w = *state;
	struct payment *pm;

	w->proof = true;
	pm = at_gazprombank(w, "TRX1");
	says(w, NOTICE_PAID, TRUST_SIGNED, "gpb-portalgkh", bank_no(w, pm, 1),
	    "TRX1", 121800);
	assert_text(registers(w).body, "1");
	pm = world_load(w, pm->number);
	assert_int_equal(pm->state, PAY_PAID);
	assert_text(pm->card_mask, "900000xxxxxxxxx0001");
	assert_text(pm->auth_code, "XYZ123");
	assert_int_equal(w->asks, 0);
	(void)world_work(w);
	assert_int_equal(w->mails, 1);
}

static void
a_lost_register_call_is_found_by_asking(void **state)
{
	struct world *w = *state;
	struct payment *pm = at_gazprombank(w, "TRX1");

	world_bank_says_paid(w, -1);
	w->status.currency = 0;
	w->status_empty_no = true;
	w->now += w->p.set.ask_first_ms;
	(void)world_work(w);
	assert_state(w, pm, "paid");
}

static void
a_wrong_sum_or_account_is_recorded_as_a_case(void **state)
{
	struct world *w = *state;
	struct payment *pm = at_gazprombank(w, "TRX1");

	says(w, NOTICE_PAID, TRUST_SIGNED, "gpb-portalgkh", bank_no(w, pm, 1),
	    "TRX1", 121801);
	assert_text(registers(w).body, "1");
	assert_text(registers(w).body, "1");
	assert_int_equal(world_cases(w, pm, "wrong_sum"), 1);
	world_bank_says_paid(w, -1); /* the status has no say in it */
	w->status.currency = 0;
	(void)world_work(w);
	assert_state(w, pm, "pending");
	world_reset(w);
	pm = at_gazprombank(w, "TRX1");
	says(w, NOTICE_PAID, TRUST_SIGNED, "gpb-portalgkh", bank_no(w, pm, 1),
	    "TRX1", 121800);
	w->notice.account_ok = false;
	assert_text(registers(w).body, "1");
	assert_int_equal(world_cases(w, pm, "wrong_account"), 1);
	assert_state(w, pm, "pending");
}

static void
a_failed_try_ends_the_attempt_when_no_other_is_open(void **state)
{
	struct world *w = *state;
	struct payment *pm = at_gazprombank(w, "TRX1");

	says(w, NOTICE_CHECK, TRUST_UNSIGNED, "gpb-portalgkh",
	    bank_no(w, pm, 1), "TRX2", -1);
	(void)check(w);
	says(w, NOTICE_DECLINED, TRUST_SIGNED, "gpb-portalgkh",
	    bank_no(w, pm, 1), "TRX1", -1);
	assert_text(registers(w).body, "1");
	assert_state(w, pm, "pending"); /* the second tab is still open */
	says(w, NOTICE_DECLINED, TRUST_SIGNED, "gpb-portalgkh",
	    bank_no(w, pm, 1), "TRX2", -1);
	assert_text(registers(w).body, "1");
	assert_state(w, pm, "declined");
	assert_string_equal(world_result(w, pm).reason, "pay_no_funds");
	/* A success after the failure wins. */
	w->proof = true;
	says(w, NOTICE_PAID, TRUST_SIGNED, "gpb-portalgkh", bank_no(w, pm, 1),
	    "TRX2", 121800);
	assert_text(registers(w).body, "1");
	assert_state(w, pm, "paid");
	/* A failure after the success is for a person. */
	says(w, NOTICE_DECLINED, TRUST_SIGNED, "gpb-portalgkh",
	    bank_no(w, pm, 1), "TRX2", -1);
	assert_text(registers(w).body, "1");
	assert_state(w, pm, "paid");
	assert_int_equal(world_cases(w, pm, "failed_after_paid"), 1);
}

static void
two_paid_openings_are_one_credit_and_one_case(void **state)
{
	struct world *w = *state;
	struct payment *pm = at_gazprombank(w, "TRX1");

	says(w, NOTICE_CHECK, TRUST_UNSIGNED, "gpb-portalgkh",
	    bank_no(w, pm, 1), "TRX2", -1);
	(void)check(w);
	/* Both come before the status is asked ... */
	says(w, NOTICE_PAID, TRUST_SIGNED, "gpb-portalgkh", bank_no(w, pm, 1),
	    "TRX1", 121800);
	assert_text(registers(w).body, "1");
	says(w, NOTICE_PAID, TRUST_SIGNED, "gpb-portalgkh", bank_no(w, pm, 1),
	    "TRX2", 121800);
	assert_text(registers(w).body, "1");
	world_bank_says_paid(w, -1);
	w->status.currency = 0;
	(void)world_work(w);
	assert_state(w, pm, "paid");
	assert_int_equal(world_cases(w, pm, "second_payment"), 1);
	/* ... and when one comes after the credit. */
	world_reset(w);
	w->proof = true;
	pm = at_gazprombank(w, "TRX1");
	for (int i = 0; i < 4; i++) {
		says(w, NOTICE_PAID, TRUST_SIGNED, "gpb-portalgkh",
		    bank_no(w, pm, 1), i % 2 ? "TRX2" : "TRX1", 121800);
		assert_text(registers(w).body, "1");
	}
	assert_int_equal(world_told(w, pm, "payment_paid"), 1);
	assert_int_equal(world_cases(w, pm, "second_payment"), 1);
}

struct crowd {
	struct world *w;
	const char *trx[2];
	struct str no;
};

static void
register_alone(int i, void *arg)
{
	struct crowd *c = arg;
	struct world own = *c->w;
	struct bank_call call;
	struct bank_answer out;

	fixture_open(&own.fx);
	world_ports(&own);
	says(&own, NOTICE_PAID, TRUST_SIGNED, "gpb-portalgkh", c->no,
	    c->trx[i % 2], 121800);
	call = fresh_call(&own);
	if (bank_call_register(&own.p, own.fx.a, &call, &out, &own.fx.f) !=
		ERR_OK ||
	    !str_eq(out.body, STR("1")))
		_exit(1);
	fixture_close(&own.fx);
}

static void
two_openings_paid_at_once_are_never_two_credits_nor_a_lost_one(void **state)
{
	struct world *w = *state;
	struct payment *pm;
	struct crowd c = { w, { "TRX1", "TRX2" }, { 0 } };

	w->proof = true;
	for (int round = 0; round < 5; round++) {
		pm = at_gazprombank(w, "TRX1");
		c.no = bank_no(w, pm, 1);
		fixture_crowd(8, register_alone, &c);
		assert_state(w, pm, "paid");
		assert_int_equal(world_told(w, pm, "payment_paid"), 1);
		assert_int_equal(world_cases(w, pm, "second_payment"), 1);
		assert_int_equal(
		    world_moved(w, pm, "receivable/gpb-portalgkh"), 243600);
		assert_int_equal(
		    world_moved(w, pm, "refunds_due/gpb-portalgkh"), -121800);
		w->now += 1000;
	}
}

static void
an_opening_that_nobody_paid_runs_out_by_our_clock(void **state)
{
	struct world *w = *state;
	struct payment *pm = at_gazprombank(w, "TRX1");

	w->now += 1200000 + w->p.set.ask_first_ms;
	(void)world_work(w);
	assert_state(w, pm, "expired");
	assert_int_equal(world_result(w, pm).kind, RESULT_EXPIRED);
	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
	assert_int_equal(world_load(w, pm->number)->attempts_len, 2);
}

static void
a_case_about_one_attempt_stays_one_case(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order);

	(void)world_open(w, pm);
	world_bank_says_paid(w, 49900);
	says(w, NOTICE_PAID, TRUST_SIGNED, "sber-irk", bank_no(w, pm, 1), "T",
	    49900);
	for (int i = 0; i < 3; i++) {
		(void)sberbank(w, ERR_OK);
		(void)world_work(w);
	}
	assert_int_equal(world_cases(w, pm, "wrong_sum"), 1);
	assert_int_equal(world_told(w, pm, "case_opened"), 1);
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
		T(a_signed_notice_makes_the_bank_be_asked_and_credits_nothing_itself),
		T(the_same_notice_ten_times_is_one_credit_and_one_letter),
		T(a_forged_notice_is_kept_and_turned_away),
		T(money_for_an_unknown_number_is_one_case),
		T(what_is_not_understood_is_a_fault_and_evidence),
		T(gazprombank_may_take_what_is_open_and_nothing_else),
		T(a_signed_register_call_is_credited_after_the_status_agrees),
		T(a_signed_register_call_alone_is_proof_where_the_contract_says_so),
		T(a_lost_register_call_is_found_by_asking),
		T(a_wrong_sum_or_account_is_recorded_as_a_case),
		T(a_failed_try_ends_the_attempt_when_no_other_is_open),
		T(two_paid_openings_are_one_credit_and_one_case),
		T(two_openings_paid_at_once_are_never_two_credits_nor_a_lost_one),
		T(an_opening_that_nobody_paid_runs_out_by_our_clock),
		T(a_case_about_one_attempt_stays_one_case),
	};

	return cmocka_run_group_tests(tests, world_make, world_end);
}
