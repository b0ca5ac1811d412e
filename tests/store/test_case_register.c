/* Cases of bank registers that people resolve with a posting; then each row of
 * theirs that is spoiled is named by the audit. */
#include "spoil.h"

#include "case_life.h"
#include "register_world.h"

static const char letters[] = "PM";
static struct payment *charged[2];

/* A row about pm in a register of its own. */
static void
bring(struct world *w, const struct reg_op *o)
{
	struct reg_file x;

	reg_begin(&x, w, w->now);
	reg_put(&x, o);
	reg_end(&x);
	(void)reg_import(w, &x);
	(void)reg_reconcile(w);
}

static void
charge_back(struct world *w, const struct payment *pm, int64_t kop)
{
	struct reg_op o = reg_paid(w, pm);

	o.kind = kop > 0 ? "Опротестование" : "Отмена опротестования";
	o.op_id = fixture_ulid(w->fx.a, w->now);
	o.gross = -kop;
	o.fee = o.vat = 0;
	bring(w, &o);
}

/* Paid, and in a register. */
static struct payment *
paid(struct world *w)
{
	struct payment *pm = life_paid(w);
	struct reg_op o = reg_paid(w, pm);

	bring(w, &o);
	return pm;
}

static void
what_was_charged_back_becomes_a_refund(void **state)
{
	struct world *w = *state;
	struct payment *pm = paid(w), *now;
	struct reg_books was = reg_books(w), is;

	charged[0] = pm;
	charge_back(w, pm, 10000);
	assert_int_equal(reg_books(w).differences - was.differences, 10000);
	w->refunds = 0;
	resolve(w, pm, "chargeback", "accept");
	later(w, 1);
	assert_int_equal(w->refunds, 0); /* no bank was called */
	assert_state(w, pm, "partly_refunded");
	assert_done(&w->fx,
	    w->p.pays.load(
		w->p.pays.self, w->fx.a, pm->number, &now, &w->fx.f));
	assert_int_equal(now->refunded_kop, 10000);
	is = reg_books(w);
	assert_int_equal(is.differences, was.differences);
	assert_int_equal(is.receivable, was.receivable);
	assert_int_equal(world_moved(w, pm, "differences/sber-irk"), -10000);
	assert_int_equal(world_told(w, pm, "refund_done"), 1);
	assert_int_equal(world_told(w, pm, "refund_receipt_sent"), 0);
	assert_true(is_clean(w));
}

static void
the_whole_sum_takes_commission_and_payables_back(void **state)
{
	struct world *w = *state;
	struct payment *pm = paid(w);

	charge_back(w, pm, pm->total_kop);
	resolve(w, pm, "chargeback", "accept");
	assert_state(w, pm, "refunded");
	assert_int_equal(
	    world_moved(w, pm, "differences/sber-irk"), -pm->total_kop);
	assert_int_equal(world_moved(w, pm, "commission/irkutskenergosbyt"), 0);
	assert_true(is_clean(w));
}

static void
more_than_is_left_is_refused_and_writes_nothing(void **state)
{
	struct world *w = *state;
	struct payment *pm = paid(w);
	struct pay_case c;
	struct case_resolve req;
	struct reg_books was, is;

	life_give_back(w, pm, 1);
	charge_back(w, pm, pm->total_kop);
	was = reg_books(w);
	c = case_of(w, pm, "chargeback");
	req = case_request(w, &c, "accept");
	refused(w, &req, ERR_CONFLICT, "chargeback_too_large", NULL);
	assert_string_equal(state_of(w, pm, "chargeback"), "open");
	is = reg_books(w);
	assert_memory_equal(&is, &was, sizeof(is));
	resolve(w, pm, "chargeback", "bear");
	assert_true(is_clean(w));
}

static void
money_given_again_or_of_a_second_payment_is_no_refund(void **state)
{
	struct world *w = *state;
	struct payment *pm = paid(w);
	struct pay_case c;
	struct case_resolve req;
	struct reg_op o;

	charge_back(w, pm, -500);
	c = case_of(w, pm, "chargeback");
	req = case_request(w, &c, "accept");
	refused(w, &req, ERR_CONFLICT, "chargeback_unfit", NULL);
	pm = paid(w);
	o = reg_paid(w, pm);
	o.kind = "Опротестование";
	o.order_no = arena_fmt(w->fx.a, "%.*s-2", STR_ARG(pm->number));
	o.op_id = STR("OF-SECOND");
	o.gross = -500;
	o.fee = o.vat = 0;
	bring(w, &o);
	c = case_of(w, pm, "chargeback");
	assert_int_equal(c.n, 2);
	req = case_request(w, &c, "accept");
	refused(w, &req, ERR_CONFLICT, "chargeback_unfit", NULL);
}

static void
of_no_payment_of_ours_it_is_no_refund(void **state)
{
	struct world *w = *state;
	struct case_query q = {
		.unresolved = true, .kind = STR("chargeback"), .limit = 100
	};
	const struct pay_case *v;
	struct case_resolve req;
	size_t len, i = 0;

	charge_back(w, life_open(w, &sber_order), 500);
	assert_done(&w->fx, cases_list(&w->p, w->fx.a, &q, &v, &len, &w->fx.f));
	while (i < len && v[i].number.len > 0)
		i++;
	assert_true(i < len);
	req = case_request(w, &v[i], "accept");
	refused(w, &req, ERR_CONFLICT, "chargeback_unfit", NULL);
}

static void
of_two_who_accept_one_wins(void **state)
{
	struct world *w = *state;
	struct payment *pm = paid(w);
	struct pay_case c;
	struct case_resolve first, second;
	struct case_resolved made;

	charge_back(w, pm, 700);
	c = case_of(w, pm, "chargeback");
	first = case_request(w, &c, "accept");
	w->now++;
	second = case_request(w, &c, "accept");
	assert_done(&w->fx, case_try(w, &first, &made));
	refused(w, &second, ERR_CONFLICT, "case_resolved", NULL);
	assert_done(&w->fx, case_try(w, &first, &made));
	assert_true(made.replay);
	assert_int_equal(world_told(w, pm, "refund_done"), 1);
}

/* An empty register of a day. */
static void
cover(struct world *w, int64_t at)
{
	struct reg_file x;

	reg_begin(&x, w, at);
	reg_end(&x);
	(void)reg_import(w, &x);
}

/* Paid on a day of its own, and in none of the registers that follow. */
static struct payment *
missing(struct world *w, struct reg_op *o)
{
	struct payment *pm;
	int64_t day;

	w->now += 9 * DAY_MS;
	cover(w, w->now - 3 * DAY_MS);
	(void)reg_reconcile(w);
	pm = life_paid(w);
	*o = reg_paid(w, pm);
	day = w->now;
	cover(w, day);
	cover(w, day + 2 * DAY_MS);
	w->now += 3 * DAY_MS;
	assert_int_equal(reg_reconcile(w).missing, 1);
	return pm;
}

static void
what_is_written_off_leaves_the_receivable(void **state)
{
	struct world *w = *state;
	struct reg_books was, is;
	struct reg_op o;
	struct payment *pm = missing(w, &o);

	charged[1] = pm;
	was = reg_books(w);
	resolve(w, pm, "register_missing", "write_off");
	is = reg_books(w);
	assert_int_equal(is.receivable - was.receivable, -pm->total_kop);
	assert_int_equal(is.differences - was.differences, pm->total_kop);
	assert_int_equal(is.account, was.account);
	assert_string_equal(state_of(w, pm, "register_missing"), "resolved");
	assert_state(w, pm, "paid");
	assert_int_equal(reg_reconcile(w).missing, 0);
	assert_true(is_clean(w));
}

static void
a_row_that_comes_after_a_write_off_meets_it_on_differences(void **state)
{
	struct world *w = *state;
	struct reg_books was, is;
	struct register_counts n;
	struct reg_file x;
	struct reg_op o;
	struct payment *pm = missing(w, &o);

	was = reg_books(w);
	resolve(w, pm, "register_missing", "write_off");
	reg_begin(&x, w, w->now);
	reg_put(&x, &o);
	reg_end(&x);
	(void)reg_import(w, &x);
	n = reg_reconcile(w);
	assert_int_equal(n.came, 0);
	assert_int_equal(n.by[RECON_MATCHED], 0);
	assert_int_equal(n.by[RECON_UNKNOWN], 1);
	assert_int_equal(world_cases(w, pm, "register_unknown"), 1);
	is = reg_books(w);
	assert_int_equal(is.receivable - was.receivable, -pm->total_kop);
	assert_int_equal(is.differences, was.differences);
	assert_int_equal(reg_reconcile(w).late, 0);
	assert_true(is_clean(w));
}

static void
a_row_that_came_first_leaves_nothing_to_write_off(void **state)
{
	struct world *w = *state;
	struct case_resolve req;
	struct reg_books was;
	struct pay_case c;
	struct reg_op o;
	struct payment *pm = missing(w, &o);

	c = case_of(w, pm, "register_missing");
	req = case_request(w, &c, "write_off");
	bring(w, &o);
	was = reg_books(w);
	refused(w, &req, ERR_CONFLICT, "case_resolved", NULL);
	assert_int_equal(reg_books(w).differences, was.differences);
	assert_true(is_clean(w));
}

static const struct spoil spoils[] = {
	{ "pay_case", "kind = 'register_missing' AND number = '{M}'",
	    "resolution = 'dismiss'", "resolution", "ledger_transfer {akey}/" },
	{ "pay_case", "kind = 'register_missing' AND number = '{M}'",
	    "state = 'open', resolved_at = NULL", "state, resolved_at",
	    "register_pair {akey}/" },
	{ "pay_case", "kind = 'register_missing' AND number = '{M}'", NULL,
	    NULL, "ledger_transfer " },
	{ "register_pair", "number = '{M}'", "sum_kop = sum_kop + 1", "sum_kop",
	    "register_pair {akey}/" },
	{ "ledger_transfer",
	    "kind = 'write_off' AND cause IN (SELECT id FROM pay_case WHERE "
	    "number = '{M}')",
	    "cause = 'x'", "cause", "register_pair {akey}/" },
	{ "ledger_transfer",
	    "kind = 'write_off' AND cause IN (SELECT id FROM pay_case WHERE "
	    "number = '{M}')",
	    NULL, NULL, "register_pair {akey}/" },
	{ "ledger_transfer",
	    "kind = 'write_off' AND cause IN (SELECT id FROM pay_case WHERE "
	    "number = '{M}')",
	    "number = '{M}'", "number", "ledger_transfer {M}/" },
	{ "ledger_line",
	    "n = 1 AND transfer IN (SELECT id FROM ledger_transfer WHERE "
	    "kind = 'write_off' AND cause IN (SELECT id FROM pay_case WHERE "
	    "number = '{M}'))",
	    "sum_kop = sum_kop + 1", "sum_kop", "ledger_line {akey}/" },
	{ "ledger_line",
	    "n = 2 AND transfer IN (SELECT id FROM ledger_transfer WHERE "
	    "kind = 'write_off' AND cause IN (SELECT id FROM pay_case WHERE "
	    "number = '{M}'))",
	    "account = 'receivable/x'", "account", "ledger_line {akey}/" },
	{ "pay_case", "kind = 'chargeback' AND number = '{P}'",
	    "sum_kop = sum_kop + 1", "sum_kop", "pay_case {akey}/" },
	{ "pay_case", "kind = 'chargeback' AND number = '{P}'",
	    "resolution = 'bear'", "resolution", "pay_case {akey}/" },
	{ "pay_case", "kind = 'chargeback' AND number = '{P}'",
	    "state = 'open', resolved_at = NULL", "state, resolved_at",
	    "pay_case {akey}/" },
	{ "pay_case", "kind = 'chargeback' AND number = '{P}'", NULL, NULL,
	    "refund {P}/" },
	{ "pay_case", "kind = 'chargeback' AND resolution = 'bear'",
	    "resolution = 'accept'", "resolution", "pay_case " },
	{ "refund", "number = '{P}'", "sum_kop = sum_kop - 1", "sum_kop",
	    "refund {P}/" },
	{ "refund", "number = '{P}'", "way = 'bank'", "way", "refund {P}/" },
	{ "refund", "number = '{P}'", "state = 'failed'", "state",
	    "pay_case {akey}/" },
	{ "refund_line", "number = '{P}'", "sum_kop = sum_kop + 1", "sum_kop",
	    "refund_line {P}/" },
	{ "payment", "number = '{P}'", "refunded_kop = 0", "refunded_kop",
	    "payment {P} refunded_kop" },
	{ "ledger_transfer", "kind = 'chargeback' AND number = '{P}'",
	    "cause = 'x'", "cause", "ledger_transfer {P}/" },
	{ "ledger_transfer", "kind = 'chargeback' AND number = '{P}'", NULL,
	    NULL, "ledger_transfer {P}/chargeback/" },
	{ "ledger_line",
	    "account = 'differences/sber-irk' AND transfer IN (SELECT id FROM "
	    "ledger_transfer WHERE kind = 'chargeback' AND number = '{P}')",
	    "sum_kop = sum_kop - 1", "sum_kop", "ledger_line {P}/" },
};

static void
each_row_that_is_spoiled_is_named(void **state)
{
	spoil_letters = letters;
	spoil_lived = charged;
	unlocked(&((struct world *)*state)->fx);
	spoil_all(*state, spoils, KV_COUNT(spoils));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_charged_back_becomes_a_refund),
		cmocka_unit_test(
		    the_whole_sum_takes_commission_and_payables_back),
		cmocka_unit_test(
		    more_than_is_left_is_refused_and_writes_nothing),
		cmocka_unit_test(
		    money_given_again_or_of_a_second_payment_is_no_refund),
		cmocka_unit_test(of_no_payment_of_ours_it_is_no_refund),
		cmocka_unit_test(of_two_who_accept_one_wins),
		cmocka_unit_test(what_is_written_off_leaves_the_receivable),
		cmocka_unit_test(
		    a_row_that_comes_after_a_write_off_meets_it_on_differences),
		cmocka_unit_test(
		    a_row_that_came_first_leaves_nothing_to_write_off),
		cmocka_unit_test(each_row_that_is_spoiled_is_named),
	};

	return cmocka_run_group_tests(tests, reg_make, world_end);
}
