/* A payment over a real database: confirmed, ended, told by mail. */
#include "world.h"

#include "kvitok/app/sweep.h"

static void
money_is_credited_once_however_often_it_is_confirmed(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order);
	struct asking q = { pm->number, 1, STR("job") };
	struct payment *out;

	(void)world_open(w, pm);
	world_bank_says_paid(w, 50000);
	for (int i = 0; i < 10; i++)
		assert_done(
		    &w->fx, confirm_ask(&w->p, w->fx.a, &q, &out, &w->fx.f));
	pm = world_load(w, pm->number);
	assert_int_equal(pm->state, PAY_PAID);
	assert_int_equal(pm->paid_attempt, 1);
	assert_text(pm->bank_ref, "123456789012");
	assert_int_equal(world_told(w, pm, "payment_paid"), 1);
	assert_int_equal(world_moved(w, pm, "receivable/sber-irk"), 50000);
	assert_true(world_moved(w, pm,
			"payable/irkutskenergosbyt/irkutskenergosbyt") < 0);
	(void)world_work(w);
	(void)world_work(w);
	assert_int_equal(w->mails, 1);
	assert_string_equal(w->mail_to, "payer@mail.example");
	assert_int_equal(world_told(w, pm, "receipt_sent"), 1);
	assert_int_equal(world_open(w, pm).answer, OPENED_RESULT);
	assert_int_equal(world_result(w, pm).kind, RESULT_PAID);
}

struct crowd {
	struct world *w;
	struct str number;
};

/* A process with a connection of its own. */
static void
confirm_alone(int i, void *arg)
{
	struct crowd *c = arg;
	struct world own = *c->w;
	struct asking q = { c->number, 1, STR("job") };
	struct payment *out;

	(void)i;
	fixture_open(&own.fx);
	world_ports(&own);
	own.status = c->w->status;
	if (confirm_ask(&own.p, own.fx.a, &q, &out, &own.fx.f) != ERR_OK)
		_exit(1);
	fixture_close(&own.fx);
}

static void
ten_confirmations_at_once_credit_once(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order);
	struct crowd c = { w, pm->number };

	(void)world_open(w, pm);
	world_bank_says_paid(w, 50000);
	fixture_crowd(10, confirm_alone, &c);
	assert_state(w, pm, "paid");
	assert_int_equal(world_told(w, pm, "payment_paid"), 1);
	(void)world_work(w);
	assert_int_equal(w->mails, 1);
}

static void
open_alone(int i, void *arg)
{
	struct crowd *c = arg;
	struct world own = *c->w;
	struct opened out;
	struct payment *pm;

	(void)i;
	fixture_open(&own.fx);
	world_ports(&own);
	pm = world_load(&own, c->number);
	if (open_link(&own.p, own.fx.a, world_token(&own, pm), &out,
		&own.fx.f) != ERR_OK)
		_exit(1);
	fixture_close(&own.fx);
}

static void
ten_visits_at_once_begin_one_attempt(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order);
	struct crowd c = { w, pm->number };

	fixture_crowd(10, open_alone, &c);
	pm = world_load(w, pm->number);
	assert_int_equal(pm->attempts_len, 1);
	assert_int_equal(pm->attempts[0].state, ATT_REGISTERED);
}

static void
what_does_not_fit_is_a_case_and_never_a_credit(void **state)
{
	static const struct {
		int64_t kop;
		int currency;
		const char *no, *kind;
	} wrong[] = {
		{ 49999, 643, NULL, "wrong_sum" },
		{ -1, 643, NULL, "wrong_sum" },
		{ 50000, 840, NULL, "wrong_currency" },
		{ 50000, 643, "7K3M9QZT-4F8D2K1M0X-1", "wrong_number" },
	};
	struct world *w = *state;

	for (size_t i = 0; i < KV_COUNT(wrong); i++) {
		struct payment *pm;

		world_reset(w);
		pm = world_pay(w, &sber_order);
		(void)world_open(w, pm);
		world_bank_says_paid(w, wrong[i].kop);
		w->status.currency = wrong[i].currency;
		w->status.bank_no = str_of(wrong[i].no);
		w->now += 20000;
		(void)world_work(w);
		(void)world_work(w);
		assert_state(w, pm, "pending");
		assert_int_equal(world_cases(w, pm, wrong[i].kind), 1);
		assert_int_equal(world_moved(w, pm, "receivable/sber-irk"), 0);
		assert_int_equal(w->mails, 0);
		assert_int_equal(world_result(w, pm).kind, RESULT_CHECKING);
		assert_int_equal(world_open(w, pm).answer, OPENED_RESULT);
	}
}

static void
money_of_a_second_attempt_is_a_case_with_a_refund(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order), *out;
	struct asking one = { pm->number, 1, STR("job") };
	struct asking two = { pm->number, 2, STR("job") };

	(void)world_open(w, pm);
	w->status.outcome = BANK_DECLINED;
	w->status.reason = STR("pay_no_funds");
	assert_done(&w->fx, confirm_ask(&w->p, w->fx.a, &one, &out, &w->fx.f));
	assert_state(w, pm, "declined");
	(void)world_open(w, pm);
	world_bank_says_paid(w, 50000);
	assert_done(&w->fx, confirm_ask(&w->p, w->fx.a, &two, &out, &w->fx.f));
	assert_state(w, pm, "paid");
	assert_done(&w->fx, confirm_ask(&w->p, w->fx.a, &one, &out, &w->fx.f));
	assert_state(w, pm, "paid");
	pm = world_load(w, pm->number);
	assert_int_equal(pm->paid_attempt, 2);
	assert_int_equal(pm->attempts[0].state, ATT_PAID);
	assert_int_equal(world_cases(w, pm, "second_payment"), 1);
	assert_int_equal(world_moved(w, pm, "receivable/sber-irk"), 100000);
	assert_int_equal(world_moved(w, pm, "refunds_due/sber-irk"), -50000);
}

static void
a_late_confirmation_wins_over_cancel_and_expiry(void **state)
{
	struct world *w = *state;
	struct caller who = world_caller("irkutskenergosbyt");
	struct payment *pm = world_pay(w, &sber_order), *out;
	struct asking q = { pm->number, 1, STR("job") };

	(void)world_open(w, pm);
	assert_done(&w->fx,
	    pay_cancel(&w->p, w->fx.a, &who, pm->number, &out, &w->fx.f));
	assert_int_equal(out->state, PAY_CANCELLED);
	assert_done(&w->fx,
	    pay_cancel(&w->p, w->fx.a, &who, pm->number, &out, &w->fx.f));
	(void)world_work(w);
	assert_int_equal(w->cancels, 1);
	world_bank_says_paid(w, 50000);
	assert_done(&w->fx, confirm_ask(&w->p, w->fx.a, &q, &out, &w->fx.f));
	assert_state(w, pm, "paid");
	assert_rc(&w->fx,
	    pay_cancel(&w->p, w->fx.a, &who, pm->number, &out, &w->fx.f),
	    ERR_CONFLICT);

	world_reset(w);
	pm = world_pay(w, &sber_order);
	q.number = pm->number;
	(void)world_open(w, pm);
	w->status.outcome = BANK_EXPIRED;
	w->now += 1300000;
	(void)world_work(w);
	assert_state(w, pm, "expired");
	world_bank_says_paid(w, 50000);
	w->now += 3700000; /* the hourly question of the day after */
	(void)world_work(w);
	assert_state(w, pm, "paid");
	(void)q;
}

static void
a_lost_call_back_costs_seconds_not_money(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order);

	(void)world_open(w, pm);
	assert_int_equal(world_work(w), 0); /* nothing is due yet */
	world_bank_says_paid(w, 50000);
	w->now += w->p.set.ask_first_ms;
	(void)world_work(w);
	assert_state(w, pm, "paid");
}

static void
a_returning_payer_has_the_bank_asked_at_once(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order);

	(void)world_open(w, pm);
	world_bank_says_paid(w, 50000);
	assert_int_equal(world_result(w, pm).kind, RESULT_CHECKING);
	(void)world_work(w);
	assert_int_equal(world_result(w, pm).kind, RESULT_PAID);
}

static void
a_refused_card_is_told_and_may_be_tried_again_at_the_bank(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order);

	(void)world_open(w, pm);
	w->status.reason = STR("pay_no_funds");
	w->status.code = STR("116");
	w->now += 10000;
	(void)world_work(w);
	assert_state(w, pm, "declined");
	assert_string_equal(world_result(w, pm).reason, "pay_no_funds");
	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
	assert_int_equal(w->starts, 1); /* the same order still lives */
	assert_state(w, pm, "pending");
	world_bank_says_paid(w, 50000);
	(void)world_result(w, pm);
	(void)world_work(w);
	assert_state(w, pm, "paid");
	assert_text(world_load(w, pm->number)->reason, "");
}

static void
the_same_bill_opened_twice_leads_to_the_open_payment(void **state)
{
	struct world *w = *state;
	struct payment *one = world_pay(w, &sber_order);
	struct payment *two = world_pay(w, &sber_order);
	struct opened a = world_open(w, one), b = world_open(w, two);

	assert_int_equal(b.answer, OPENED_BANK);
	assert_true(str_eq(a.url, b.url));
	assert_int_equal(w->starts, 1);
	assert_state(w, two, "created");
	world_bank_says_paid(w, 50000);
	(void)world_result(w, one);
	(void)world_work(w);
	/* Paid meanwhile: the other one shows it and charges nothing. */
	assert_int_equal(world_open(w, two).answer, OPENED_RESULT);
	assert_int_equal(world_result(w, two).kind, RESULT_PAID);
	assert_int_equal(w->starts, 1);
	/* A payment made later is another bill. */
	w->now += 1000;
	two = world_pay(w, &sber_order);
	assert_int_equal(world_open(w, two).answer, OPENED_BANK);
	assert_int_equal(w->starts, 2);
}

static void
another_payer_of_the_same_bill_is_not_led(void **state)
{
	struct world *w = *state;
	struct world_order o = sber_order;
	struct payment *one, *two;

	o.payer = "user-1";
	one = world_pay(w, &o);
	o.payer = "user-2";
	two = world_pay(w, &o);
	(void)world_open(w, one);
	(void)world_open(w, two);
	assert_int_equal(w->starts, 2);
}

static void
a_payer_goes_on_to_the_page_of_the_front_end(void **state)
{
	struct world *w = *state;
	struct world_order o = sber_order;
	struct payment *pm;
	struct str want;

	o.return_url = "https://front.example/done?x=1#top";
	pm = world_pay(w, &o);
	want =
	    arena_fmt(w->fx.a, "https://front.example/done?x=1&number=%.*s#top",
		STR_ARG(pm->number));
	assert_true(str_eq(world_result(w, pm).go_to, want));
}

static void
an_unopened_payment_ends_with_its_life(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order);
	size_t did;

	w->now = pm->expires_at;
	assert_done(
	    &w->fx, sweep_payments(&w->p, w->fx.a, 1000, &did, &w->fx.f));
	assert_state(w, pm, "expired");
	assert_int_equal(world_open(w, pm).answer, OPENED_RESULT);
	assert_int_equal(world_result(w, pm).kind, RESULT_ENDED);
	assert_int_equal(w->starts, 0);
}

static struct payment *
paid(struct world *w)
{
	struct payment *pm = world_pay(w, &sber_order);

	(void)world_open(w, pm);
	world_bank_says_paid(w, 50000);
	return pm;
}

static void
a_letter_that_is_refused_for_now_is_sent_later_under_one_id(void **state)
{
	struct world *w = *state;
	struct payment *pm = paid(w);
	struct str id;

	w->mail_rc = ERR_AGAIN;
	(void)world_result(w, pm);
	(void)world_work(w);
	assert_int_equal(w->mails, 0);
	w->mail_rc = ERR_OK;
	w->now += 60000;
	(void)world_work(w);
	assert_int_equal(w->mails, 1);
	id = arena_fmt(w->fx.a, "receipt.%.*s@irkutskenergosbyt.example",
	    STR_ARG(pm->number));
	assert_string_equal(w->mail_id, id.p);
}

static void
a_letter_that_is_refused_for_good_is_kept_as_failed(void **state)
{
	struct world *w = *state;
	struct payment *pm = paid(w);
	const struct job *jobs;
	size_t len, mine = 0;

	w->mail_rc = ERR_INVALID;
	(void)world_result(w, pm);
	(void)world_work(w);
	assert_done(&w->fx,
	    w->p.jobs.list(w->p.jobs.self, w->fx.a, STR("failed"), 100, &jobs,
		&len, &w->fx.f));
	for (size_t i = 0; i < len; i++)
		if (str_eq(jobs[i].ref, pm->number)) {
			mine++;
			assert_true(jobs[i].last_error.len > 0);
		}
	assert_int_equal(mine, 1);
	assert_state(w, pm, "paid");
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
		T(money_is_credited_once_however_often_it_is_confirmed),
		T(ten_confirmations_at_once_credit_once),
		T(ten_visits_at_once_begin_one_attempt),
		T(what_does_not_fit_is_a_case_and_never_a_credit),
		T(money_of_a_second_attempt_is_a_case_with_a_refund),
		T(a_late_confirmation_wins_over_cancel_and_expiry),
		T(a_lost_call_back_costs_seconds_not_money),
		T(a_returning_payer_has_the_bank_asked_at_once),
		T(a_refused_card_is_told_and_may_be_tried_again_at_the_bank),
		T(the_same_bill_opened_twice_leads_to_the_open_payment),
		T(another_payer_of_the_same_bill_is_not_led),
		T(a_payer_goes_on_to_the_page_of_the_front_end),
		T(an_unopened_payment_ends_with_its_life),
		T(a_letter_that_is_refused_for_now_is_sent_later_under_one_id),
		T(a_letter_that_is_refused_for_good_is_kept_as_failed),
	};

	return cmocka_run_group_tests(tests, world_make, world_end);
}
