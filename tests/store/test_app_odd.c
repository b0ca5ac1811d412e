/* What banks say out of turn, and what payers do that nobody has asked for. */
#include "bank_talk.h"

#include "kvitok/base/day.h"

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

static void
a_page_that_was_opened_and_left_runs_out_by_our_clock(void **state)
{
	struct world *w = *state;
	struct payment *pm = at_gazprombank(w, "TRX1");

	w->status.outcome = BANK_ABSENT; /* 404: nobody has pressed «pay» */
	w->now += 1000;
	(void)world_work(w);
	assert_state(w, pm, "pending");
	w->now += 1200000 + w->p.set.ask_first_ms;
	(void)world_work(w);
	assert_state(w, pm, "expired");
	/* The bill is free again. */
	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
	assert_int_equal(world_load(w, pm->number)->attempts_len, 2);
}

static void
every_opening_is_asked_about_however_often_a_payer_opens_the_page(void **state)
{
	struct world *w = *state;
	struct payment *pm = at_gazprombank(w, "TRX00");
	struct str *ids, *states;
	size_t len;
	int may = 1;

	for (int i = 1; i < 60; i++) {
		char trx[16];

		(void)snprintf(trx, sizeof(trx), "TRX%02d", i);
		says(w, NOTICE_CHECK, TRUST_UNSIGNED, "gpb-portalgkh",
		    bank_no(w, pm, 1), trx, -1);
		may += str_eq(check(w).body, STR("MAY 121800"));
	}
	assert_int_equal(may, PAY_OPENINGS_MAX);
	assert_text(w->checked.refusal, reason_words("attempts_used_up"));
	/* One that may be paid is asked for again as often as the bank likes.
	 */
	says(w, NOTICE_CHECK, TRUST_UNSIGNED, "gpb-portalgkh",
	    bank_no(w, pm, 1), "TRX00", -1);
	assert_text(check(w).body, "MAY 121800");
	assert_done(&w->fx,
	    w->p.bills.trxs(w->p.bills.self, w->fx.a, pm->akey, pm->number, 1,
		100, &ids, &states, &len, &w->fx.f));
	assert_int_equal(len, PAY_OPENINGS_MAX);
	w->now += w->p.set.ask_first_ms;
	(void)world_work(w);
	assert_int_equal(w->asked_trxs, PAY_OPENINGS_MAX);
}

static void
one_opening_refused_does_not_lose_the_money_of_another(void **state)
{
	struct world *w = *state;
	struct payment *pm = at_gazprombank(w, "TRX1");

	says(w, NOTICE_CHECK, TRUST_UNSIGNED, "gpb-portalgkh",
	    bank_no(w, pm, 1), "TRX2", -1);
	assert_text(check(w).body, "MAY 121800");
	w->status.outcome = BANK_DECLINED; /* the newest; TRX1 is not begun */
	w->status.reason = STR("pay_no_funds");
	w->now += w->p.set.ask_first_ms;
	(void)world_work(w);
	assert_state(w, pm, "declined");
	status_says_paid(w); /* TRX1, and its register call is lost */
	w->now += 600000;
	(void)world_work(w);
	assert_state(w, pm, "paid");
}

static void
a_check_that_anybody_may_send_brings_no_credit_without_a_signature(void **state)
{
	struct world *w = *state;
	struct payment *pm;

	w->stranger = true;
	pm = at_gazprombank(w, "PAID-FOR-SOMETHING-ELSE");
	status_says_paid(w);
	w->now += w->p.set.ask_first_ms;
	(void)world_work(w);
	assert_state(w, pm, "pending");
	assert_int_equal(world_cases(w, pm, "not_signed"), 0);
	w->now += 1200000;
	(void)world_work(w);
	assert_state(w, pm, "pending");
	assert_int_equal(world_cases(w, pm, "not_signed"), 1);
	/* With it the status is as good as anywhere. */
	world_reset(w);
	w->stranger = true;
	pm = at_gazprombank(w, "TRX1");
	says(w, NOTICE_PAID, TRUST_SIGNED, "gpb-portalgkh", bank_no(w, pm, 1),
	    "TRX1", 121800);
	assert_text(registers(w).body, "1");
	status_says_paid(w);
	(void)world_work(w);
	assert_state(w, pm, "paid");
}

static void
the_same_lines_in_another_order_are_the_same_bill(void **state)
{
	struct world *w = *state;
	struct world_order o = gpb_order;
	struct payment *one, *two;
	struct str url;

	o.second = OTHER_ACCOUNT;
	one = world_pay(w, &o);
	o.account = OTHER_ACCOUNT;
	o.second = GUIDE_ACCOUNT;
	two = world_pay(w, &o);
	url = world_open(w, one).url;
	assert_true(str_eq(world_open(w, two).url, url));
	assert_state(w, two, "created");
	/* As the front-end has sent them. */
	assert_text(two->lines[0].account, OTHER_ACCOUNT);
}

static void
a_stranger_is_not_led_to_a_bill_nor_its_payer_to_his(void **state)
{
	struct world *w = *state;
	struct world_order o = gpb_order;
	struct payment *theirs, *mine, *again;
	struct str url;

	o.payer = "";
	o.email = "stranger@mail.example";
	theirs = world_pay(w, &o);
	o.email = "me@mail.example";
	mine = world_pay(w, &o);
	o.email = "Me@mail.example";
	again = world_pay(w, &o);
	(void)world_open(w, theirs);
	url = world_open(w, mine).url;
	assert_true(str_find(url, mine->number) < url.len);
	assert_true(str_eq(world_open(w, again).url, url));
	/* Where nothing is known of anybody the same lines are one bill: it
	 * is rather shown to two than charged twice. */
	o.email = "";
	mine = world_pay(w, &o);
	again = world_pay(w, &o);
	url = world_open(w, mine).url;
	assert_true(str_find(url, mine->number) < url.len);
	assert_true(str_eq(world_open(w, again).url, url));
	assert_false(world_result(w, mine).theirs);
	assert_true(world_result(w, again).theirs);
	assert_done(&w->fx,
	    open_peek(
		&w->p, w->fx.a, world_token(w, again), &theirs, &w->fx.f));
	assert_true(str_eq(theirs->number, again->number));
}

static void
a_late_notice_is_not_lost_to_one_silence_of_the_bank(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order);

	(void)world_open(w, pm);
	w->status.outcome = BANK_EXPIRED;
	w->now += 1300000;
	(void)world_work(w);
	w->now += DAY_MS + 3600000; /* the schedule is over */
	(void)world_work(w);
	assert_state(w, pm, "expired");
	says(w, NOTICE_PAID, TRUST_SIGNED, "sber-irk", bank_no(w, pm, 1), "T",
	    50000);
	assert_int_equal(sberbank(w, ERR_OK).status, 200);
	w->status_rc = ERR_AGAIN;
	(void)world_work(w);
	w->status_rc = ERR_OK;
	world_bank_says_paid(w, 50000);
	w->now += 60000;
	(void)world_work(w);
	assert_state(w, pm, "paid");
}

static void
a_silent_bank_keeps_no_letter_waiting(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order);
	int asked;

	(void)world_open(w, pm);
	w->now += w->p.set.ask_first_ms;
	w->down = true; /* as the calls of the last minute have shown */
	(void)world_work(w);
	assert_int_equal(w->asks, 0);
	/* It is asked again soon, and its answer is as good. */
	w->down = false;
	world_bank_says_paid(w, 50000);
	for (asked = 0; asked < 40 && w->asks == 0; asked++) {
		w->now += 1000;
		(void)world_work(w);
	}
	assert_in_range(asked, 1, 39);
	assert_state(w, pm, "paid");
}

/* The front-end cancels the payment that is being registered. */
static struct str cancelled;

static void
cancel_it(struct world *w)
{
	struct caller who = world_caller("irkutskenergosbyt");
	struct payment *out;

	assert_done(&w->fx,
	    pay_cancel(&w->p, w->fx.a, &who, cancelled, &out, &w->fx.f));
	(void)world_work(w); /* too early for its job */
}

static void
what_is_cancelled_while_it_is_registered_is_called_off(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order);

	cancelled = pm->number;
	w->at_start = cancel_it;
	assert_int_equal(world_open(w, pm).answer, OPENED_RESULT);
	assert_state(w, pm, "cancelled");
	w->now += 60000;
	(void)world_work(w);
	assert_int_equal(w->cancels, 1);
}

static void
a_register_call_at_the_address_of_checks_is_one(void **state)
{
	struct world *w = *state;
	struct payment *pm;

	w->proof = true;
	pm = at_gazprombank(w, "TRX1");
	says(w, NOTICE_PAID, TRUST_SIGNED, "gpb-portalgkh", bank_no(w, pm, 1),
	    "TRX1", 121800);
	assert_text(check(w).body, "1");
	assert_state(w, pm, "paid");
}

/* The page was left open; the bank asks before it takes the money. */
static void
a_page_that_is_paid_too_late_is_refused_by_the_end_of_its_payment(void **state)
{
	struct world *w = *state;
	struct payment *pm = at_gazprombank(w, "TRX1");
	const struct attempt *at = &world_load(w, pm->number)->attempts[0];

	says(w, NOTICE_CHECK, TRUST_UNSIGNED, "gpb-portalgkh",
	    bank_no(w, pm, 1), "TRX1", -1);
	w->now = at->expires_at - 1;
	assert_text(check(w).body, "MAY 121800");
	w->now = at->expires_at;
	assert_text(check(w).body, "MAY NOT");
	assert_text(w->checked.refusal, reason_words("payment_ended"));
}

static void
what_a_person_decides_about_is_not_cancelled(void **state)
{
	struct world *w = *state;
	struct caller who = world_caller("irkutskenergosbyt");
	struct payment *pm = world_pay(w, &sber_order), *out;

	(void)world_open(w, pm);
	world_bank_says_paid(w, pm->total_kop - 1);
	w->now += w->p.set.ask_first_ms;
	(void)world_work(w);
	assert_int_equal(world_cases(w, pm, "wrong_sum"), 1);
	fault_init(&w->fx.f);
	assert_rc(&w->fx,
	    pay_cancel(&w->p, w->fx.a, &who, pm->number, &out, &w->fx.f),
	    ERR_CONFLICT);
	assert_string_equal(w->fx.f.reason, "payment_state");
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
		T(a_page_that_was_opened_and_left_runs_out_by_our_clock),
		T(one_opening_refused_does_not_lose_the_money_of_another),
		T(a_check_that_anybody_may_send_brings_no_credit_without_a_signature),
		T(the_same_lines_in_another_order_are_the_same_bill),
		T(a_stranger_is_not_led_to_a_bill_nor_its_payer_to_his),
		T(a_late_notice_is_not_lost_to_one_silence_of_the_bank),
		T(a_silent_bank_keeps_no_letter_waiting),
		T(what_is_cancelled_while_it_is_registered_is_called_off),
		T(a_register_call_at_the_address_of_checks_is_one),
		T(every_opening_is_asked_about_however_often_a_payer_opens_the_page),
		T(a_page_that_is_paid_too_late_is_refused_by_the_end_of_its_payment),
		T(what_a_person_decides_about_is_not_cancelled),
	};

	return cmocka_run_group_tests(tests, world_make, world_end);
}
