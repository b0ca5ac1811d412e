/* Cases in the hands of people: taken, resolved, carried out. */
#include "case_life.h"

static const struct give_back *
backs_of(struct world *w, const struct payment *pm, size_t *len)
{
	const struct give_back *v;

	assert_done(&w->fx,
	    w->p.give_backs.list(w->p.give_backs.self, w->fx.a, pm->akey,
		pm->number, &v, len, &w->fx.f));
	return v;
}

static const struct attempt *
first_attempt(struct world *w, const struct payment *pm)
{
	return payment_attempt(world_load(w, pm->number), 1);
}

/* --- in hand ------------------------------------------------------------- */

static void
a_case_is_taken_by_one_and_put_back_by_anybody(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_held(w);
	struct pay_case c = case_of(w, pm, "wrong_sum");
	struct case_detail d;

	assert_done(&w->fx, take(w, &c, ANNA));
	assert_string_equal(state_of(w, pm, "wrong_sum"), "taken");
	assert_done(&w->fx, take(w, &c, ANNA)); /* hers already */
	assert_rc(&w->fx, take(w, &c, BORIS), ERR_CONFLICT);
	assert_string_equal(w->fx.f.reason, "case_taken");
	w->now++;
	assert_done(&w->fx, release(w, &c, BORIS));
	w->now++;
	assert_done(&w->fx, release(w, &c, BORIS));
	assert_string_equal(state_of(w, pm, "wrong_sum"), "open");
	assert_done(&w->fx, take(w, &c, BORIS));
	assert_done(
	    &w->fx, cases_read(&w->p, w->fx.a, STR(""), c.id, &d, &w->fx.f));
	assert_text(d.c.owner, BORIS);
	assert_int_equal(d.events_len, 3);
	assert_text(d.events[0].kind, "taken");
	assert_text(d.events[1].kind, "released");
	assert_text(d.events[1].actor, BORIS);
	assert_int_equal(world_told(w, pm, "case_taken"), 2);
	assert_int_equal(world_told(w, pm, "case_released"), 1);
}

static void
another_portals_case_and_one_that_is_not_there_are_unknown(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_held(w);
	struct pay_case c = case_of(w, pm, "wrong_sum");
	struct case_resolve req = case_request(w, &c, "dismiss");
	struct case_detail d;

	req.hand.portal = STR("portalgkh");
	refused(w, &req, ERR_ABSENT, "case_unknown", NULL);
	fault_init(&w->fx.f);
	assert_rc(&w->fx,
	    cases_read(&w->p, w->fx.a, STR("portalgkh"), c.id, &d, &w->fx.f),
	    ERR_ABSENT);
	req = case_request(w, &c, "dismiss");
	req.hand.id = STR("01AAAAAAAAAAAAAAAAAAAAAAAA");
	refused(w, &req, ERR_ABSENT, "case_unknown", NULL);
}

static void
a_resolution_that_does_not_fit_is_refused_by_name(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_held(w);
	struct pay_case c = case_of(w, pm, "wrong_sum");
	struct case_resolve req = case_request(w, &c, "forget");

	refused(w, &req, ERR_INVALID, "resolution_unknown", "/resolution");
	req.how = STR("drop"); /* of another kind */
	refused(w, &req, ERR_LIMIT, "resolution_unfit", "/resolution");
	req.how = STR("dismiss");
	req.reason = STR("не");
	refused(w, &req, ERR_INVALID, "field_length", "/reason");
	req = case_request(w, &c, "paid_by_hand");
	req.own_account = STR("nobodys");
	refused(w, &req, ERR_INVALID, "own_account_unknown", "/own_account");
	assert_done(&w->fx, take(w, &c, BORIS));
	req = case_request(w, &c, "dismiss");
	refused(w, &req, ERR_CONFLICT, "case_taken", NULL);
	assert_string_equal(state_of(w, pm, "wrong_sum"), "taken");
}

static void
a_key_that_comes_again_gets_its_first_answer(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_held(w);
	struct pay_case c = case_of(w, pm, "wrong_sum");
	struct case_resolve req = case_request(w, &c, "give_back");
	struct case_resolved made, again;
	size_t len;

	assert_done(&w->fx, case_try(w, &req, &made));
	later(w, 1);
	assert_done(&w->fx, case_try(w, &req, &again));
	assert_true(again.replay);
	assert_true(str_eq(made.answer, again.answer));
	secret_sha256_hex(STR("another body"), req.body_hash);
	refused(
	    w, &req, ERR_LIMIT, "idempotency_key_reused", "Idempotency-Key");
	req = case_request(w, &c, "give_back");
	refused(w, &req, ERR_CONFLICT, "case_resolved", NULL);
	(void)backs_of(w, pm, &len);
	assert_int_equal(len, 1);
}

/* Page by page of one row; each row is read once. */
static void
what_is_closed_is_listed_newest_first(void **state)
{
	struct world *w = *state;
	struct case_query q = { .portal = STR(""),
		.has_state = true,
		.state = CASE_RESOLVED,
		.newest = true,
		.limit = 1 };
	const struct payment *pms[2] = { NULL };
	struct pay_case last[2];
	size_t len = 1, seen = 0;

	for (size_t i = 0; i < 2; i++) {
		pms[i] = life_held(w);
		resolve(w, pms[i], "wrong_sum", "dismiss");
		w->now += 1000;
	}
	while (len == 1) {
		const struct pay_case *v;

		assert_done(
		    &w->fx, cases_list(&w->p, w->fx.a, &q, &v, &len, &w->fx.f));
		if (len == 0)
			break;
		assert_text(v[0].state, "resolved");
		assert_true(seen == 0 || v[0].created_at < q.after_at ||
		    (v[0].created_at == q.after_at &&
			str_cmp(v[0].id, q.after_id) < 0));
		if (seen < 2)
			last[seen] = v[0];
		q.after_at = v[0].created_at;
		q.after_id = v[0].id;
		seen++;
	}
	assert_true(seen >= 2);
	assert_true(str_eq(last[0].number, pms[1]->number));
	assert_true(str_eq(last[1].number, pms[0]->number));
}

/* --- money goes back ------------------------------------------------------ */

static void
a_wrong_sum_goes_back_and_the_payer_may_pay_anew(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_held(w); /* a kopeck too little came */
	int64_t taken = pm->total_kop - 1;

	resolve(w, pm, "wrong_sum", "give_back");
	assert_string_equal(state_of(w, pm, "wrong_sum"), "under_way");
	assert_int_equal(world_moved(w, pm, "refunds_due/sber-irk"), -taken);
	assert_true(first_attempt(w, pm)->on_case);
	later(w, 1);
	assert_string_equal(state_of(w, pm, "wrong_sum"), "resolved");
	assert_int_equal(w->refunds, 1);
	assert_int_equal(w->refund.sum_kop, taken);
	assert_int_equal(w->refund.paid_kop, taken);
	assert_true(w->refund.same_day);
	assert_int_equal(world_moved(w, pm, "refunds_due/sber-irk"), 0);
	assert_int_equal(world_moved(w, pm, "receivable/sber-irk"), 0);
	assert_false(first_attempt(w, pm)->on_case);
	assert_state(w, pm, "declined");
	assert_text(world_load(w, pm->number)->reason, "pay_money_back");
	assert_int_equal(world_told(w, pm, "give_back_done"), 1);
	/* Whatever the bank says of it later. */
	w->status.outcome = BANK_GIVEN_BACK;
	w->now += w->p.set.ask_first_ms * 100;
	(void)world_work(w);
	says(w, NOTICE_PAID, TRUST_SIGNED, "sber-irk", bank_no(w, pm, 1), "T",
	    taken);
	assert_int_equal(sberbank(w, ERR_OK).status, 200);
	later(w, w->p.set.ask_first_ms);
	assert_int_equal(world_cases(w, pm, "given_back"), 0);
	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
	assert_int_equal(world_load(w, pm->number)->attempts_len, 2);
}

static void
a_second_payment_goes_back_once_and_its_books_are_even(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_second(w);

	resolve(w, pm, "second_payment", "give_back");
	later(w, 1);
	assert_string_equal(state_of(w, pm, "second_payment"), "resolved");
	assert_int_equal(w->refund.sum_kop, pm->total_kop);
	assert_true(str_eq(w->refund.bank_no, bank_no(w, pm, 1)));
	assert_int_equal(world_moved(w, pm, "refunds_due/sber-irk"), 0);
	assert_int_equal(
	    world_moved(w, pm, "receivable/sber-irk"), pm->total_kop);
	assert_state(w, pm, "paid");
	assert_int_equal(world_load(w, pm->number)->refunded_kop, 0);
}

static void
an_opening_of_gazprombanks_page_goes_back_by_its_own_transaction(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_openings(w);

	resolve(w, pm, "second_payment", "give_back");
	later(w, 1);
	assert_string_equal(state_of(w, pm, "second_payment"), "resolved");
	assert_text(w->refund.bank_id, "TRX2");
	assert_int_equal(w->refund.sum_kop, 121800);
	assert_int_equal(world_moved(w, pm, "refunds_due/gpb-portalgkh"), 0);
}

static void
a_give_back_that_the_bank_refuses_waits_for_another_resolution(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_held(w);
	struct pay_case c = case_of(w, pm, "wrong_sum");
	struct case_resolve req;
	size_t len;

	assert_done(&w->fx, take(w, &c, ANNA));
	w->refund_refused = true;
	resolve(w, pm, "wrong_sum", "give_back");
	later(w, 1);
	assert_string_equal(state_of(w, pm, "wrong_sum"), "taken");
	assert_string_equal(
	    refund_state_name(backs_of(w, pm, &len)[0].state), "failed");
	assert_int_equal(
	    world_moved(w, pm, "refunds_due/sber-irk"), -(pm->total_kop - 1));
	assert_true(first_attempt(w, pm)->on_case);
	/* It is owed by now. */
	req = case_request(w, &c, "dismiss");
	refused(w, &req, ERR_CONFLICT, "case_money_owed", NULL);
	req = case_request(w, &c, "ask_again");
	refused(w, &req, ERR_CONFLICT, "case_money_owed", NULL);
	/* Paid by a bank transfer from the account of the contract. */
	resolve(w, pm, "wrong_sum", "paid_by_hand");
	assert_string_equal(state_of(w, pm, "wrong_sum"), "resolved");
	assert_int_equal(world_moved(w, pm, "refunds_due/sber-irk"), 0);
	assert_int_equal(world_moved(w, pm, "bank_account/irkutskenergosbyt"),
	    -(pm->total_kop - 1));
	assert_int_equal(w->refunds, 1);
	assert_false(first_attempt(w, pm)->on_case);
}

static void
a_lost_answer_of_a_give_back_is_asked_about_and_never_repeated(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_held(w);
	size_t len;

	w->refund_rc = ERR_UNSURE; /* done, and not answered */
	resolve(w, pm, "wrong_sum", "give_back");
	later(w, 1);
	assert_string_equal(
	    refund_state_name(backs_of(w, pm, &len)[0].state), "unknown");
	assert_string_equal(state_of(w, pm, "wrong_sum"), "under_way");
	later(w, w->p.set.ask_first_ms);
	assert_string_equal(state_of(w, pm, "wrong_sum"), "resolved");
	assert_int_equal(w->refunds, 1);
}

static void
what_a_person_gave_back_at_the_banks_cabinet_is_found_and_not_repeated(
    void **state)
{
	struct world *w = *state;
	struct payment *pm = life_held(w);

	w->refunded_kop = pm->total_kop - 1;
	resolve(w, pm, "wrong_sum", "give_back");
	later(w, 1);
	assert_string_equal(state_of(w, pm, "wrong_sum"), "resolved");
	assert_int_equal(w->refunds, 0);
	assert_int_equal(world_moved(w, pm, "receivable/sber-irk"), 0);
}

static void
of_money_that_is_partly_back_the_rest_goes_back(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_held(w);

	w->refunded_kop = 10000;
	resolve(w, pm, "wrong_sum", "give_back");
	later(w, 1);
	assert_string_equal(state_of(w, pm, "wrong_sum"), "resolved");
	assert_int_equal(w->refund.sum_kop, pm->total_kop - 1 - 10000);
	assert_int_equal(world_moved(w, pm, "refunds_due/sber-irk"), 0);
}

static void
what_the_bank_gave_back_by_itself_is_accepted_without_a_call(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_open(w, &sber_order);

	w->status = (struct bank_status){ .outcome = BANK_GIVEN_BACK,
		.taken_kop = pm->total_kop,
		.currency = GATEWAY_RUB };
	life_later(w);
	assert_int_equal(world_cases(w, pm, "given_back"), 1);
	w->refunded_kop = pm->total_kop;
	resolve(w, pm, "given_back", "accept");
	later(w, 1);
	assert_string_equal(state_of(w, pm, "given_back"), "resolved");
	assert_int_equal(w->refunds, 0);
	assert_int_equal(world_moved(w, pm, "receivable/sber-irk"), 0);
	assert_state(w, pm, "declined");
}

/* --- the same money, twice -------------------------------------------------
 */

static void
the_payments_own_money_is_not_given_back_as_odd(void **state)
{
	struct world *w = *state;
	struct payment *pm = at_gazprombank(w, "TRX1");
	struct pay_case c;
	struct case_resolve req;

	/* A status, which names no sum, came first. */
	w->status = (struct bank_status){
		.outcome = BANK_PAID, .taken_kop = -1, .bank_id = STR("TRX1")
	};
	later(w, w->p.set.ask_first_ms);
	assert_state(w, pm, "paid");
	says(w, NOTICE_PAID, TRUST_SIGNED, "gpb-portalgkh", bank_no(w, pm, 1),
	    "TRX1", 121700);
	assert_text(registers(w).body, "1");
	c = case_of(w, pm, "wrong_sum");
	req = case_request(w, &c, "give_back");
	refused(w, &req, ERR_CONFLICT, "case_money_credited", NULL);
	resolve(w, pm, "wrong_sum", "dismiss");
	assert_state(w, pm, "paid");
}

static void
money_on_a_wrong_account_goes_back_and_no_status_credits_it(void **state)
{
	struct world *w = *state;
	struct payment *pm = at_gazprombank(w, "TRX1");
	struct pay_case c;
	struct case_resolve req;

	says(w, NOTICE_PAID, TRUST_SIGNED, "gpb-portalgkh", bank_no(w, pm, 1),
	    "TRX1", 121800);
	w->notice.account_ok = false;
	assert_text(registers(w).body, "1");
	c = case_of(w, pm, "wrong_account");
	req = case_request(w, &c, "ask_again");
	refused(w, &req, ERR_LIMIT, "resolution_unfit", "/resolution");
	/* Meanwhile another opening took money, too. */
	says(w, NOTICE_PAID, TRUST_SIGNED, "gpb-portalgkh", bank_no(w, pm, 1),
	    "TRX2", 121800);
	assert_text(registers(w).body, "1");
	assert_int_equal(world_cases(w, pm, "paid_on_hold"), 1);
	resolve(w, pm, "wrong_account", "give_back");
	later(w, 1);
	assert_text(w->refund.bank_id, "TRX1");
	assert_true(first_attempt(w, pm)->on_case); /* by the other one */
	c = case_of(w, pm, "paid_on_hold");
	req = case_request(w, &c, "ask_again");
	refused(w, &req, ERR_CONFLICT, "case_decided", NULL);
	w->refunded_kop = 0; /* of the other transaction */
	resolve(w, pm, "paid_on_hold", "give_back");
	later(w, 1);
	assert_false(first_attempt(w, pm)->on_case);
	assert_text(w->refund.bank_id, "TRX2");
	/* The bank repeats itself, and its status says paid. */
	says(w, NOTICE_PAID, TRUST_SIGNED, "gpb-portalgkh", bank_no(w, pm, 1),
	    "TRX1", 121800);
	w->notice.account_ok = false;
	assert_text(registers(w).body, "1");
	w->status =
	    (struct bank_status){ .outcome = BANK_PAID, .taken_kop = -1 };
	later(w, w->p.set.ask_first_ms);
	assert_state(w, pm, "declined");
	assert_string_equal(state_of(w, pm, "wrong_account"), "resolved");
	assert_int_equal(world_moved(w, pm, "receivable/gpb-portalgkh"), 0);
	/* A third one is somebody's money, too. */
	says(w, NOTICE_PAID, TRUST_SIGNED, "gpb-portalgkh", bank_no(w, pm, 1),
	    "TRX3", 121800);
	assert_text(registers(w).body, "1");
	assert_int_equal(world_cases(w, pm, "paid_on_hold"), 2);
}

/* --- asked again, dismissed ------------------------------------------------
 */

static void
the_same_finding_opens_the_case_again_and_keeps_its_history(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_held(w);
	struct case_detail d;
	struct pay_case c;

	resolve(w, pm, "wrong_sum", "ask_again");
	assert_string_equal(state_of(w, pm, "wrong_sum"), "resolved");
	assert_false(first_attempt(w, pm)->on_case);
	later(w, 1);
	c = case_of(w, pm, "wrong_sum");
	assert_string_equal(state_of(w, pm, "wrong_sum"), "open");
	assert_int_equal(c.times, 2);
	assert_true(first_attempt(w, pm)->on_case);
	assert_int_equal(world_cases(w, pm, "wrong_sum"), 1);
	assert_done(
	    &w->fx, cases_read(&w->p, w->fx.a, STR(""), c.id, &d, &w->fx.f));
	assert_int_equal(d.events_len, 2);
	assert_text(d.events[0].resolution, "ask_again");
	assert_text(d.events[1].kind, "reopened");
	assert_int_equal(world_told(w, pm, "case_reopened"), 1);
	/* And the right sum is credited. */
	resolve(w, pm, "wrong_sum", "ask_again");
	world_bank_says_paid(w, pm->total_kop);
	later(w, 1);
	assert_state(w, pm, "paid");
	assert_string_equal(state_of(w, pm, "wrong_sum"), "resolved");
}

static void
what_was_dismissed_is_not_found_again(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_held(w);

	resolve(w, pm, "wrong_sum", "dismiss");
	assert_false(first_attempt(w, pm)->on_case);
	assert_state(w, pm, "declined");
	later(w, w->p.set.ask_first_ms * 10);
	says(w, NOTICE_PAID, TRUST_SIGNED, "sber-irk", bank_no(w, pm, 1), "T",
	    1);
	assert_int_equal(sberbank(w, ERR_OK).status, 200);
	later(w, w->p.set.ask_first_ms);
	assert_string_equal(state_of(w, pm, "wrong_sum"), "resolved");
	assert_int_equal(case_of(w, pm, "wrong_sum").times, 1);
	assert_int_equal(world_moved(w, pm, "receivable/sber-irk"), 0);
}

/* --- two at once ------------------------------------------------------------
 */

struct pair {
	struct world *w;
	struct pay_case c;
};

/* Each with a connection of its own; one of the resolutions wins. */
static void
resolves(int i, void *arg)
{
	static const char *const hows[] = { "give_back", "ask_again", "dismiss",
		"paid_by_hand" };
	struct pair *p = arg;
	struct world w = *p->w;
	struct case_resolve req;
	struct case_resolved made;
	enum err rc;

	fixture_open(&w.fx);
	world_ports(&w);
	req = case_request(&w, &p->c, hows[i % 4]);
	do
		rc = case_try(&w, &req, &made);
	while (rc == ERR_AGAIN);
	if (rc != ERR_OK && rc != ERR_CONFLICT)
		_exit(1);
	fixture_close(&w.fx);
}

static void
of_many_who_resolve_a_case_at_once_one_does(void **state)
{
	struct world *w = *state;

	for (int round = 0; round < 3; round++) {
		struct payment *pm = life_held(w);
		struct pair p = { w, case_of(w, pm, "wrong_sum") };
		struct case_detail d;
		size_t len;

		fixture_crowd(8, resolves, &p);
		assert_done(&w->fx,
		    cases_read(&w->p, w->fx.a, STR(""), p.c.id, &d, &w->fx.f));
		assert_int_equal(d.events_len, 1);
		later(w, 1);
		(void)backs_of(w, pm, &len);
		assert_in_range(len, 0, 1);
		assert_int_equal(
		    w->refunds, len == 1 && w->refunds == 1 ? 1 : 0);
	}
}

/* A clock that never says the same twice. */
static int64_t
ticks(void *self)
{
	struct world *w = self;

	return ++w->now;
}

/* The case and what tells of it name one instant: the audit compares them. */
static void
the_clock_may_go_on_while_a_case_is_written(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_second(w);
	struct clock was = w->p.clock;
	struct pay_case c = case_of(w, pm, "second_payment");
	struct case_hand h = { STR(""), c.id, STR(ANNA) };

	w->p.clock.now = ticks;
	assert_done(&w->fx, cases_take(&w->p, w->fx.a, &h, &c, &w->fx.f));
	resolve(w, pm, "second_payment", "give_back");
	later(w, 1);
	assert_string_equal(state_of(w, pm, "second_payment"), "resolved");
	w->p.clock = was;
	world_books(w);
}

static int
fresh(void **state)
{
	world_reset(*state);
	return 0;
}

#define T(name) cmocka_unit_test_setup(name, fresh)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_case_is_taken_by_one_and_put_back_by_anybody),
		T(another_portals_case_and_one_that_is_not_there_are_unknown),
		T(a_resolution_that_does_not_fit_is_refused_by_name),
		T(a_key_that_comes_again_gets_its_first_answer),
		T(what_is_closed_is_listed_newest_first),
		T(a_wrong_sum_goes_back_and_the_payer_may_pay_anew),
		T(a_second_payment_goes_back_once_and_its_books_are_even),
		T(an_opening_of_gazprombanks_page_goes_back_by_its_own_transaction),
		T(a_give_back_that_the_bank_refuses_waits_for_another_resolution),
		T(a_lost_answer_of_a_give_back_is_asked_about_and_never_repeated),
		T(what_a_person_gave_back_at_the_banks_cabinet_is_found_and_not_repeated),
		T(of_money_that_is_partly_back_the_rest_goes_back),
		T(what_the_bank_gave_back_by_itself_is_accepted_without_a_call),
		T(the_payments_own_money_is_not_given_back_as_odd),
		T(money_on_a_wrong_account_goes_back_and_no_status_credits_it),
		T(the_same_finding_opens_the_case_again_and_keeps_its_history),
		T(what_was_dismissed_is_not_found_again),
		T(of_many_who_resolve_a_case_at_once_one_does),
		T(the_clock_may_go_on_while_a_case_is_written),
	};

	return cmocka_run_group_tests(tests, world_make, world_end);
}
