/* Registers against the books: found, posted, and what does not fit. */
#include "register_world.h"

#include "case_life.h"

/* Nothing is posted when a person has explained it, and the audit agrees. */
static void
case_in_hand(struct world *w, const struct payment *pm)
{
	struct pay_case c = case_of(w, pm, "register_missing");

	assert_done(&w->fx, take(w, &c, ANNA));
	assert_string_equal(state_of(w, pm, "register_missing"), "taken");
	assert_done(&w->fx, release(w, &c, BORIS));
	assert_int_equal(world_told(w, pm, "register_case_taken"), 1);
	/* Whoever has it when the row comes does not stop the others' rows. */
	assert_done(&w->fx, take(w, &c, ANNA));
}

static void
a_payment_is_posted_by_the_banks_figures(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_paid(w);
	struct reg_books was = reg_books(w), is;
	struct reg_file x;
	struct register_file file;
	struct register_counts n;
	struct reg_op o = reg_paid(w, pm);

	o.fee--; /* a kopeck is no difference */
	reg_begin(&x, w, w->now);
	reg_put(&x, &o);
	reg_end(&x);
	file = reg_import(w, &x);
	assert_int_equal(file.taken.rows, 1);
	assert_int_equal(file.taken.gross_kop, pm->total_kop);
	assert_true(file.declares[REG_COUNT]);
	n = reg_reconcile(w);
	assert_int_equal(n.by[RECON_MATCHED], 1);
	assert_int_equal(n.fees_off, 0);
	is = reg_books(w);
	assert_int_equal(is.receivable - was.receivable, -pm->total_kop);
	assert_int_equal(is.fee - was.fee, o.fee);
	assert_int_equal(is.vat - was.vat, o.vat);
	assert_int_equal(is.account - was.account, o.gross - o.fee - o.vat);
	assert_int_equal(is.differences, was.differences);
	assert_int_equal(world_told(w, pm, "register_case"), 0);
	/* A second time there is nothing to do. */
	n = reg_reconcile(w);
	assert_int_equal(n.by[RECON_MATCHED], 0);
	assert_memory_equal(
	    &is, &(struct reg_books[1]){ reg_books(w) }[0], sizeof(is));
}

static void
refunds_are_found_by_their_payment(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_paid(w);
	struct reg_op paid = reg_paid(w, pm), back = paid;
	struct reg_books was = reg_books(w), is;
	struct reg_file x;

	life_give_back(w, pm, 10000);
	assert_state(w, pm, "partly_refunded");
	back.kind = "Возврат";
	back.op_id = fixture_ulid(w->fx.a, w->now);
	back.gross = -10000;
	back.fee = back.vat = 0;
	reg_begin(&x, w, w->now);
	reg_put(&x, &back);
	reg_put(&x, &paid);
	reg_end(&x);
	(void)reg_import(w, &x);
	assert_int_equal(reg_reconcile(w).by[RECON_MATCHED], 2);
	is = reg_books(w);
	assert_int_equal(is.receivable, was.receivable - pm->total_kop);
	assert_int_equal(is.differences, was.differences);
}

static void
a_row_that_nobody_knows_is_one_case(void **state)
{
	struct world *w = *state;
	struct reg_books was, is;
	struct reg_file x;
	struct reg_op o = { .kind = "Оплата",
		.op_id = STR("FOREIGN1"),
		.order_no = STR("чужой заказ"),
		.gross = 5000,
		.fee = 75,
		.vat = 17 };
	size_t cases = reg_cases(w, "register_unknown");

	world_reset(w);
	o.at = w->now;
	was = reg_books(w);
	reg_begin(&x, w, w->now);
	reg_put(&x, &o);
	reg_end(&x);
	(void)reg_import(w, &x);
	assert_int_equal(reg_reconcile(w).by[RECON_UNKNOWN], 1);
	assert_int_equal(reg_reconcile(w).by[RECON_UNKNOWN], 0);
	assert_int_equal(reg_cases(w, "register_unknown"), cases + 1);
	assert_int_equal(reg_cases(w, "register_fee"), 0);
	is = reg_books(w);
	assert_int_equal(is.differences - was.differences, -5000);
	assert_int_equal(is.account - was.account, 5000 - 75 - 17);
	assert_int_equal(is.receivable, was.receivable);
}

static void
a_payment_confirmed_later_ends_the_case(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_open(w, &sber_order);
	struct reg_op o = reg_paid(w, pm);
	size_t cases = reg_cases(w, "register_unknown");
	struct reg_books was = reg_books(w), is;
	struct register_counts n;
	struct reg_file x;

	reg_begin(&x, w, w->now);
	reg_put(&x, &o);
	reg_end(&x);
	(void)reg_import(w, &x);
	assert_int_equal(reg_reconcile(w).by[RECON_UNKNOWN], 1);
	assert_int_equal(reg_cases(w, "register_unknown"), cases + 1);
	assert_int_equal(
	    reg_books(w).differences - was.differences, -pm->total_kop);
	world_bank_says_paid(w, pm->total_kop);
	life_later(w);
	assert_state(w, pm, "paid");
	n = reg_reconcile(w);
	assert_int_equal(n.late, 1);
	assert_int_equal(n.by[RECON_MATCHED], 1);
	assert_int_equal(reg_cases(w, "register_unknown"), cases);
	is = reg_books(w);
	assert_int_equal(is.differences, was.differences);
	assert_int_equal(is.receivable, was.receivable);
	assert_int_equal(world_told(w, pm, "register_case_closed"), 1);
	assert_int_equal(reg_reconcile(w).late, 0);
}

/* A person lets all rows be that nobody knows. */
static void
keep_all(struct world *w)
{
	struct case_query q = { .unresolved = true,
		.kind = STR("register_unknown"),
		.limit = 1000 };
	const struct pay_case *v;
	size_t len;

	assert_done(&w->fx,
	    w->p.cases.list(w->p.cases.self, w->fx.a, &q, &v, &len, &w->fx.f));
	for (size_t i = 0; i < len; i++) {
		struct case_resolve req = case_request(w, &v[i], "keep");
		struct case_resolved made;

		assert_done(&w->fx, case_try(w, &req, &made));
	}
}

static void
what_a_person_has_closed_stays_closed(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_open(w, &sber_order);
	struct reg_op o = reg_paid(w, pm);
	struct reg_books is;
	struct reg_file x;

	reg_begin(&x, w, w->now);
	reg_put(&x, &o);
	reg_end(&x);
	(void)reg_import(w, &x);
	(void)reg_reconcile(w);
	keep_all(w);
	world_bank_says_paid(w, pm->total_kop);
	life_later(w);
	is = reg_books(w);
	assert_int_equal(reg_reconcile(w).late, 0);
	assert_memory_equal(
	    &is, &(struct reg_books[1]){ reg_books(w) }[0], sizeof(is));
}

static void
another_sum_goes_to_differences(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_paid(w);
	struct reg_op o = reg_paid(w, pm);
	struct reg_books was = reg_books(w), is;
	struct reg_file x;

	o.gross -= 300;
	o.fee = reg_fee(o.gross);
	o.vat = reg_vat(o.gross);
	reg_begin(&x, w, w->now);
	reg_put(&x, &o);
	reg_end(&x);
	(void)reg_import(w, &x);
	assert_int_equal(reg_reconcile(w).by[RECON_SUM], 1);
	is = reg_books(w);
	assert_int_equal(is.receivable - was.receivable, -pm->total_kop);
	assert_int_equal(is.differences - was.differences, 300);
	assert_int_equal(world_cases(w, pm, "register_sum"), 1);
	assert_int_equal(world_cases(w, pm, "register_fee"), 0);
	assert_int_equal(world_told(w, pm, "register_case"), 1);
}

static void
a_fee_that_was_not_agreed_is_a_case(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_paid(w);
	struct reg_op o = reg_paid(w, pm);
	struct register_counts n;
	struct reg_file x;

	o.fee += 2;
	reg_begin(&x, w, w->now);
	reg_put(&x, &o);
	reg_end(&x);
	(void)reg_import(w, &x);
	n = reg_reconcile(w);
	assert_int_equal(n.by[RECON_MATCHED], 1);
	assert_int_equal(n.fees_off, 1);
	assert_int_equal(world_cases(w, pm, "register_fee"), 1);
}

static void
a_chargeback_finds_its_payment(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_paid(w);
	struct reg_op o = reg_paid(w, pm), back = o;
	struct reg_books was = reg_books(w), is;
	struct reg_file x;

	back.kind = "Опротестование";
	back.op_id = STR("CHARGEBACK1");
	back.gross = -o.gross;
	back.fee = back.vat = 0;
	reg_begin(&x, w, w->now);
	reg_put(&x, &o);
	reg_put(&x, &back);
	reg_end(&x);
	(void)reg_import(w, &x);
	assert_int_equal(reg_reconcile(w).by[RECON_CHARGEBACK], 1);
	assert_int_equal(world_cases(w, pm, "chargeback"), 1);
	is = reg_books(w);
	assert_int_equal(is.differences - was.differences, o.gross);
	assert_int_equal(is.receivable - was.receivable, -o.gross);
}

static void
without_our_number_rrn_and_code_find_it(void **state)
{
	struct world *w = *state;
	struct world_order order = sber_order;
	struct payment *pm;
	struct reg_op o;
	struct reg_file x;

	order.kop = 77700; /* all payments here have one RRN */
	pm = life_open(w, &order);
	world_bank_says_paid(w, pm->total_kop);
	life_later(w);
	o = reg_paid(w, pm);
	o.order_no = STR("");
	o.op_id = STR("");
	o.code_rrn = "A1B2C3|123456789012";
	reg_begin(&x, w, w->now);
	reg_put(&x, &o);
	reg_end(&x);
	(void)reg_import(w, &x);
	assert_int_equal(reg_reconcile(w).by[RECON_MATCHED], 1);
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

/* A day on which nothing else happened; what former tests have left is
 * judged. */
static void
fresh_day(struct world *w)
{
	w->now += 9 * DAY_MS;
	cover(w, w->now - 3 * DAY_MS);
	(void)reg_reconcile(w);
}

static void
a_payment_in_no_register_is_missing_after_the_grace(void **state)
{
	struct world *w = *state;
	struct payment *pm, *reversed;
	struct register_counts n;
	struct reg_books was, is;
	struct reg_file x;
	struct reg_op o;
	size_t cases;
	int64_t day;

	fresh_day(w);
	cases = reg_cases(w, "register_missing");
	pm = life_paid(w);
	reversed = life_paid(w);
	life_give_back(w, reversed, 0);
	assert_state(w, reversed, "refunded");
	day = w->now;
	o = reg_paid(w, pm);
	was = reg_books(w);
	cover(w, day);
	w->now += 3 * DAY_MS;
	n = reg_reconcile(w);
	assert_int_equal(n.missing, 0); /* registers reach no further */
	cover(w, day + DAY_MS);
	assert_int_equal(reg_reconcile(w).missing, 0);
	cover(w, day + 2 * DAY_MS); /* two days of grace */
	n = reg_reconcile(w);
	assert_int_equal(n.missing, 1);
	assert_int_equal(n.reversed, 2);
	assert_int_equal(world_cases(w, pm, "register_missing"), 1);
	case_in_hand(w, pm);
	assert_int_equal(world_cases(w, reversed, "register_missing"), 0);
	assert_int_equal(reg_reconcile(w).missing, 0);
	/* A later register brings it. */
	reg_begin(&x, w, day + 3 * DAY_MS);
	reg_put(&x, &o);
	reg_end(&x);
	(void)reg_import(w, &x);
	n = reg_reconcile(w);
	assert_int_equal(n.by[RECON_MATCHED], 1);
	assert_int_equal(n.came, 1);
	assert_int_equal(reg_cases(w, "register_missing"), cases);
	assert_int_equal(world_told(w, pm, "register_case_resolved"), 1);
	is = reg_books(w);
	assert_int_equal(is.receivable, was.receivable - pm->total_kop);
}

static void
a_missing_one_that_a_person_has_explained_is_not_found_again(void **state)
{
	struct world *w = *state;
	struct payment *pm;
	struct register_counts n;
	struct reg_file x;
	struct reg_op o;
	int64_t day;

	fresh_day(w);
	pm = life_paid(w);
	day = w->now;
	o = reg_paid(w, pm);
	cover(w, day);
	cover(w, day + 2 * DAY_MS);
	w->now += 3 * DAY_MS;
	assert_int_equal(reg_reconcile(w).missing, 1);
	resolve(w, pm, "register_missing", "dismiss");
	reg_begin(&x, w, day + 3 * DAY_MS);
	reg_put(&x, &o);
	reg_end(&x);
	(void)reg_import(w, &x);
	n = reg_reconcile(w);
	assert_int_equal(n.came, 0);
	assert_int_equal(n.by[RECON_UNKNOWN], 1);
	assert_int_equal(world_cases(w, pm, "register_unknown"), 1);
}

static void
the_job_comes_again_while_a_row_is_not_known(void **state)
{
	struct world *w = *state;
	struct payment *pm;
	struct reg_file x;
	struct reg_op o;
	int64_t next_at;

	w->now += 9 * DAY_MS;
	pm = life_open(w, &sber_order);
	o = reg_paid(w, pm);
	reg_begin(&x, w, w->now);
	reg_put(&x, &o);
	reg_end(&x);
	(void)reg_import(w, &x);
	(void)world_work(w); /* the import has made it due */
	assert_int_equal(world_cases(w, pm, "register_unknown"), 0);
	assert_int_equal(reg_cases(w, "register_unknown") > 0, 1);
	assert_done(
	    &w->fx, reconcile_job(&w->p, REG_CONTRACT, &next_at, &w->fx.f));
	assert_true(next_at > w->now);
	w->now += 4 * DAY_MS;
	assert_done(
	    &w->fx, reconcile_job(&w->p, REG_CONTRACT, &next_at, &w->fx.f));
	assert_int_equal(next_at, 0);
}

static void
a_day_is_summed_up_by_outcome(void **state)
{
	struct world *w = *state;
	struct payment *pm;
	const struct recon_line *v;
	char day[DAY_TEXT_SIZE];
	struct reg_file x;
	struct reg_op o;
	size_t len;

	w->now += 9 * DAY_MS;
	pm = life_paid(w);
	o = reg_paid(w, pm);
	day_of(w->now, DAY_ZONE_MOSCOW, day);
	reg_begin(&x, w, w->now);
	reg_put(&x, &o);
	o.op_id = STR("OTHER");
	o.order_no = STR("чужой");
	reg_put(&x, &o);
	reg_end(&x);
	(void)reg_import(w, &x);
	(void)reg_reconcile(w);
	assert_done(&w->fx,
	    w->p.recon_report.summary(w->p.recon_report.self, w->fx.a,
		REG_CONTRACT, STR(""), str_of(day), str_of(day), &v, &len,
		&w->fx.f));
	assert_int_equal(len, 2);
	assert_text(v[0].outcome, "matched");
	assert_int_equal(v[0].count, 1);
	assert_int_equal(v[0].gross_kop, pm->total_kop);
	assert_text(v[1].outcome, "unknown");
	/* A portal sees its own. */
	assert_done(&w->fx,
	    w->p.recon_report.summary(w->p.recon_report.self, w->fx.a,
		REG_CONTRACT, STR("irkutskenergosbyt"), str_of(day),
		str_of(day), &v, &len, &w->fx.f));
	assert_int_equal(len, 1);
	assert_done(&w->fx,
	    w->p.recon_report.summary(w->p.recon_report.self, w->fx.a,
		REG_CONTRACT, STR("portalgkh"), str_of(day), str_of(day), &v,
		&len, &w->fx.f));
	assert_int_equal(len, 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_payment_is_posted_by_the_banks_figures),
		cmocka_unit_test(refunds_are_found_by_their_payment),
		cmocka_unit_test(a_row_that_nobody_knows_is_one_case),
		cmocka_unit_test(a_payment_confirmed_later_ends_the_case),
		cmocka_unit_test(what_a_person_has_closed_stays_closed),
		cmocka_unit_test(another_sum_goes_to_differences),
		cmocka_unit_test(a_fee_that_was_not_agreed_is_a_case),
		cmocka_unit_test(a_chargeback_finds_its_payment),
		cmocka_unit_test(without_our_number_rrn_and_code_find_it),
		cmocka_unit_test(
		    a_payment_in_no_register_is_missing_after_the_grace),
		cmocka_unit_test(
		    a_missing_one_that_a_person_has_explained_is_not_found_again),
		cmocka_unit_test(the_job_comes_again_while_a_row_is_not_known),
		cmocka_unit_test(a_day_is_summed_up_by_outcome),
	};

	return cmocka_run_group_tests(tests, reg_make, world_end);
}
