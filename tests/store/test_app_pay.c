/* A payment over a real database: created, opened, registered. */
#include "world.h"

static void
a_payment_takes_what_was_quoted(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &gpb_order);

	assert_int_equal(pm->sum_kop, 120000);
	assert_int_equal(pm->fee_kop, 1800);
	assert_int_equal(pm->total_kop, 121800);
	assert_state(w, pm, "created");
	assert_int_equal(pm->lines_len, 1);
	assert_true(str_starts(pm->number, pm->akey));
	pm = world_pay(w, &sber_order);
	assert_int_equal(pm->fee_kop, 0);
	assert_text(pm->lines[0].account, "ИНЗБ17004717");
}

static void
sums_are_taken_up_to_both_limits_and_not_past_them(void **state)
{
	struct world *w = *state;
	struct world_order o = gpb_order;
	struct pay_created made;

	o.kop = 999;
	assert_rc(&w->fx, world_try(w, &o, &made), ERR_LIMIT);
	assert_string_equal(w->fx.f.reason, "sum_too_small");
	assert_string_equal(w->fx.f.fields[0].pointer, "/lines/0/sum_kop");
	o.kop = 1000;
	assert_done(&w->fx, world_try(w, &o, &made));
	o.kop = 1400000;
	assert_done(&w->fx, world_try(w, &o, &made));
	o.kop = 1400001;
	assert_rc(&w->fx, world_try(w, &o, &made), ERR_LIMIT);
	assert_string_equal(w->fx.f.reason, "sum_too_large");
}

static void
a_repeat_gets_the_first_answer_and_another_body_is_refused(void **state)
{
	struct world *w = *state;
	struct world_order o = gpb_order;
	struct pay_created first, again;

	o.ikey = "key-of-the-repeat-test";
	o.body = "one";
	assert_done(&w->fx, world_try(w, &o, &first));
	assert_false(first.replay);
	w->down = true; /* a repeat makes nothing, so nothing can hinder it */
	assert_done(&w->fx, world_try(w, &o, &again));
	assert_true(again.replay);
	assert_true(str_eq(first.answer, again.answer));
	o.body = "other";
	assert_rc(&w->fx, world_try(w, &o, &again), ERR_LIMIT);
	assert_string_equal(w->fx.f.reason, "idempotency_key_reused");
	w->down = false;
	assert_rc(&w->fx, world_try(w, &o, &again), ERR_LIMIT);
	assert_string_equal(w->fx.f.reason, "idempotency_key_reused");
}

static void
names_and_addresses_that_are_wrong_are_told_by_field(void **state)
{
	static const struct {
		struct world_order o;
		enum err err;
		const char *reason, *pointer;
	} bad[] = {
		{ { "portalgkh", "nobody", "zhku", "1", 120000, 0, 0, 0, 0, 0,
		      0 },
		    ERR_ABSENT, "supplier_unknown", "/lines/0/supplier" },
		{ { "portalgkh", "yuzhnoe-zhks", "air", "1", 120000, 0, 0, 0, 0,
		      0, 0 },
		    ERR_ABSENT, "service_unknown", "/lines/0/service" },
		{ { "portalgkh", "yuzhnoe-zhks", "zhku", "99999999", 120000, 0,
		      0, 0, 0, 0, 0 },
		    ERR_ABSENT, "account_unknown", "/lines/0/account" },
		{ { "portalgkh", "yuzhnoe-zhks", "zhku", "1; DROP", 120000, 0,
		      0, 0, 0, 0, 0 },
		    ERR_INVALID, "account_form", "/lines/0/account" },
		{ { "portalgkh", "yuzhnoe-zhks", "zhku", GUIDE_ACCOUNT, 120000,
		      0, 0, 0, "https://evil.example/", 0, 0 },
		    ERR_LIMIT, "return_host", "/return_url" },
	};
	struct world *w = *state;
	struct pay_created made;

	for (size_t i = 0; i < KV_COUNT(bad); i++) {
		assert_rc(&w->fx, world_try(w, &bad[i].o, &made), bad[i].err);
		assert_string_equal(w->fx.f.reason, bad[i].reason);
		assert_string_equal(w->fx.f.fields[0].pointer, bad[i].pointer);
	}
}

static void
new_payments_are_told_at_once_that_the_bank_is_down(void **state)
{
	struct world *w = *state;
	struct pay_created made;

	w->down = true;
	assert_rc(&w->fx, world_try(w, &sber_order, &made), ERR_AGAIN);
	assert_string_equal(w->fx.f.reason, "bank_unavailable");
	assert_true(w->fx.f.retry_after_s > 0);
}

static void
the_first_visit_registers_and_the_second_goes_the_same_way(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order);
	struct opened one = world_open(w, pm), two;

	assert_int_equal(one.answer, OPENED_BANK);
	assert_int_equal(w->starts, 1);
	assert_state(w, pm, "pending");
	w->now += 60000;
	two = world_open(w, pm);
	assert_int_equal(two.answer, OPENED_BANK);
	assert_true(str_eq(one.url, two.url));
	assert_int_equal(w->starts, 1);
}

static void
a_wrong_secret_opens_nothing(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order);
	struct str token = world_token(w, pm);
	struct opened out;
	char *bent = arena_z(w->fx.a, token);

	bent[token.len - 1] = bent[token.len - 1] == '0' ? '1' : '0';
	assert_rc(&w->fx,
	    open_link(&w->p, w->fx.a, str_of(bent), &out, &w->fx.f),
	    ERR_ABSENT);
	assert_int_equal(w->starts, 0);
	assert_state(w, pm, "created");
}

static void
a_lost_answer_is_asked_for_and_nothing_is_registered_twice(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order);
	struct opened out;

	w->start_rc = ERR_UNSURE;
	out = world_open(w, pm);
	assert_int_equal(out.answer, OPENED_WAIT);
	assert_state(w, pm, "pending");
	w->start_rc = ERR_OK;
	w->status_rc = ERR_AGAIN; /* it does not answer now either */
	out = world_open(w, pm);
	assert_int_equal(out.answer, OPENED_WAIT);
	w->status_rc = ERR_OK;
	out = world_open(w, pm);
	assert_int_equal(out.answer, OPENED_BANK);
	assert_int_equal(w->starts, 1);
	assert_int_equal(world_told(w, pm, "attempt_found"), 1);
}

static void
an_order_that_never_arrived_is_given_up_after_the_patience(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order);

	w->start_rc = ERR_UNSURE;
	(void)world_open(w, pm);
	w->start_rc = ERR_OK;
	w->status.outcome = BANK_ABSENT;
	w->now += 1000; /* it may still be on its way */
	assert_int_equal(world_open(w, pm).answer, OPENED_WAIT);
	assert_int_equal(w->starts, 1);
	w->now += w->p.set.patience_ms;
	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
	assert_int_equal(w->starts, 2);
	pm = world_load(w, pm->number);
	assert_int_equal(pm->attempts_len, 2);
	assert_int_equal(pm->attempts[0].state, ATT_REFUSED);
}

static void
an_order_that_the_bank_has_forgotten_runs_out_by_our_clock(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order);

	(void)world_open(w, pm);
	pm = world_load(w, pm->number);
	w->status.outcome = BANK_ABSENT;
	w->now = pm->attempts[0].expires_at - 1;
	(void)world_work(w);
	assert_state(w, pm, "pending");
	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
	assert_int_equal(w->starts, 1);
	w->now++;
	/* Not to a page that is there no more. */
	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
	assert_int_equal(w->starts, 2);
	pm = world_load(w, pm->number);
	assert_int_equal(pm->attempts_len, 2);
	assert_int_equal(pm->attempts[0].state, ATT_EXPIRED);
}

static void
an_order_whose_page_is_lost_is_called_off(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order);

	w->start_rc = ERR_UNSURE;
	(void)world_open(w, pm);
	w->start_rc = ERR_OK;
	w->lost_page = true;
	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
	assert_int_equal(w->starts, 2); /* under another number */
	(void)world_work(w);
	assert_int_equal(w->cancels, 1);
}

static void
a_refused_registration_ends_the_attempt_and_allows_another(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order);

	w->start_refused = true;
	assert_int_equal(world_open(w, pm).answer, OPENED_RESULT);
	assert_state(w, pm, "declined");
	assert_int_equal(world_result(w, pm).kind, RESULT_REFUSED);
	assert_true(world_result(w, pm).may_retry);
	w->start_refused = false;
	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
	assert_int_equal(world_load(w, pm->number)->attempts_len_stored, 2);
}

static void
a_bank_that_cannot_be_reached_is_an_apology_not_a_charge(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order);
	struct opened out;

	w->start_rc = ERR_AGAIN;
	out = world_open(w, pm);
	assert_int_equal(out.answer, OPENED_SORRY);
	assert_string_equal(out.why, "bank_unavailable");
	w->start_rc = ERR_OK;
	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
}

struct rules {
	const char *table, *which;
};

/* Rules of a portal hold as they do, or not before the year 9000. */
static void
rules_hold(struct world *w, const struct rules *r, bool now)
{
	fixture_sql(&w->fx,
	    arena_fmt(w->fx.a,
		"UPDATE %s SET from_day = '%d' || substr(from_day, 2) "
		"WHERE portal = '%s'%s",
		r->table, now ? 2 : 9, sber_order.portal, r->which)
		.p);
	world_rules(w);
	w->now += 3600000; /* until it is looked for */
}

static enum err
try_quote(struct world *w)
{
	struct pay_line_in line = { str_of(sber_order.supplier),
		str_of(sber_order.service), str_of(sber_order.account),
		sber_order.kop };
	struct quote q;

	fault_init(&w->fx.f);
	return pay_quote(&w->p, w->fx.a, str_of(sber_order.portal), STR(""),
	    &line, 1, &q, &w->fx.f);
}

/* A bank, a fee, limits of a line and of the whole: each is needed. */
static void
what_nobody_has_set_up_is_not_sold(void **state)
{
	static const struct rules needed[] = {
		{ "route", "" },
		{ "fee_rule", "" },
		{ "limit_rule", " AND scope = 'line'" },
		{ "limit_rule", " AND scope = 'total'" },
	};
	struct world *w = *state;

	for (size_t i = 0; i < KV_COUNT(needed); i++) {
		rules_hold(w, &needed[i], false);
		assert_rc(&w->fx, try_quote(w), ERR_LIMIT);
		assert_string_equal(w->fx.f.reason, "bank_not_set");
		rules_hold(w, &needed[i], true);
		assert_done(&w->fx, try_quote(w));
	}
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
		T(a_payment_takes_what_was_quoted),
		T(sums_are_taken_up_to_both_limits_and_not_past_them),
		T(a_repeat_gets_the_first_answer_and_another_body_is_refused),
		T(names_and_addresses_that_are_wrong_are_told_by_field),
		T(new_payments_are_told_at_once_that_the_bank_is_down),
		T(the_first_visit_registers_and_the_second_goes_the_same_way),
		T(a_wrong_secret_opens_nothing),
		T(a_lost_answer_is_asked_for_and_nothing_is_registered_twice),
		T(an_order_that_never_arrived_is_given_up_after_the_patience),
		T(an_order_that_the_bank_has_forgotten_runs_out_by_our_clock),
		T(an_order_whose_page_is_lost_is_called_off),
		T(a_refused_registration_ends_the_attempt_and_allows_another),
		T(a_bank_that_cannot_be_reached_is_an_apology_not_a_charge),
		T(what_nobody_has_set_up_is_not_sold),
	};

	return cmocka_run_group_tests(tests, world_make, world_end);
}
