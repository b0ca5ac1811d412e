/* Rows of registers are judged a page at once: by themselves, and by many
 * processes at the same time. */
#include "register_world.h"

#define CROWD 5
#define FOREIGN 230 /* with those of payments more than two pages */
#define PAID 12

/* How many rows of today came to an outcome. */
static int64_t
rows_of(struct world *w, const char *outcome)
{
	const struct recon_line *v;
	char day[DAY_TEXT_SIZE];
	size_t len;

	day_of(w->now, DAY_ZONE_MOSCOW, day);
	assert_done(&w->fx,
	    w->p.recon_report.summary(w->p.recon_report.self, w->fx.a,
		REG_CONTRACT, STR(""), str_of(day), str_of(day), &v, &len,
		&w->fx.f));
	for (size_t i = 0; i < len; i++)
		if (str_eq(v[i].outcome, str_of(outcome)))
			return v[i].count;
	return 0;
}

static void
rows_of_one_page_do_not_take_the_same_money(void **state)
{
	struct world *w = *state;
	struct world_order order = sber_order;
	struct reg_books was = reg_books(w), is;
	struct register_counts n;
	struct payment *pm;
	struct reg_file x;
	struct reg_op o;

	w->now += 9 * DAY_MS;
	order.kop = 77701; /* all payments here have one RRN */
	pm = life_open(w, &order);
	world_bank_says_paid(w, pm->total_kop);
	life_later(w);
	reg_begin(&x, w, w->now);
	o = reg_paid(w, pm);
	o.code_rrn = "A1B2C3|123456789012";
	for (int i = 0; i < 3; i++) {
		o.op_id = arena_fmt(w->fx.a, "SAME-%d", i);
		reg_put(&x, &o);
	}
	o.order_no = STR("");
	o.op_id = STR("SAME-RRN");
	reg_put(&x, &o);
	reg_end(&x);
	(void)reg_import(w, &x);
	n = reg_reconcile(w);
	assert_int_equal(n.by[RECON_MATCHED], 1);
	assert_int_equal(n.by[RECON_UNKNOWN], 3);
	is = reg_books(w);
	assert_int_equal(is.receivable - was.receivable, 0);
	assert_int_equal(is.differences - was.differences, -3 * pm->total_kop);
	assert_int_equal(world_cases(w, pm, "register_unknown"), 3);
}

static void
a_page_has_rows_of_every_sort(void **state)
{
	struct world *w = *state;
	struct payment *known, *late, *by_rrn;
	struct world_order order = sber_order;
	struct register_counts n;
	struct reg_file x;
	struct reg_op o;

	w->now += 9 * DAY_MS;
	known = life_paid(w);
	order.kop = 77702;
	by_rrn = life_open(w, &order);
	world_bank_says_paid(w, by_rrn->total_kop);
	life_later(w);
	late = life_open(w, &sber_order);
	reg_begin(&x, w, w->now);
	o = reg_paid(w, known);
	o.gross -= 100;
	reg_put(&x, &o);
	o.gross = -100;
	o.kind = "Опротестование";
	o.op_id = STR("SORT-CHARGEBACK");
	o.fee = o.vat = 0;
	reg_put(&x, &o);
	o = reg_paid(w, late);
	reg_put(&x, &o);
	o = reg_paid(w, by_rrn);
	o.order_no = STR("другой");
	o.code_rrn = "A1B2C3|123456789012";
	reg_put(&x, &o);
	reg_end(&x);
	(void)reg_import(w, &x);
	n = reg_reconcile(w);
	assert_int_equal(n.by[RECON_SUM], 1);
	assert_int_equal(n.by[RECON_CHARGEBACK], 1);
	assert_int_equal(n.by[RECON_UNKNOWN], 1);
	assert_int_equal(n.by[RECON_MATCHED], 1);
	assert_int_equal(world_cases(w, known, "register_sum"), 1);
	assert_int_equal(world_cases(w, known, "chargeback"), 1);
	world_bank_says_paid(w, late->total_kop);
	life_later(w);
	n = reg_reconcile(w);
	assert_int_equal(n.late, 1);
}

static void
reconciles(int i, void *arg)
{
	struct world own = *(struct world *)arg;
	struct register_counts n;
	enum err rc;

	(void)i;
	fixture_open(&own.fx);
	world_ports(&own);
	do {
		fault_init(&own.fx.f);
		rc = reconcile_run(&own.p, REG_CONTRACT, &n, &own.fx.f);
	} while (rc == ERR_AGAIN);
	if (rc != ERR_OK)
		_exit(1);
	fixture_close(&own.fx);
}

static void
of_many_processes_each_row_is_posted_by_one(void **state)
{
	struct world *w = *state;
	struct payment *pm[PAID];
	struct reg_books was, is;
	struct reg_file x;
	struct reg_op o;
	int64_t sum = 0, odd = 0;

	w->now += 9 * DAY_MS;
	for (int i = 0; i < PAID; i++)
		pm[i] = life_paid(w);
	was = reg_books(w);
	reg_begin(&x, w, w->now);
	for (int i = 0; i < PAID; i++) {
		o = reg_paid(w, pm[i]);
		reg_put(&x, &o);
		sum += o.gross;
	}
	for (int i = 0; i < FOREIGN; i++) {
		o.order_no = arena_fmt(w->fx.a, "чужой%d", i);
		o.op_id = arena_fmt(w->fx.a, "CROWD-%d", i);
		o.gross = 1000 + i;
		o.fee = reg_fee(o.gross);
		o.vat = reg_vat(o.gross);
		reg_put(&x, &o);
		odd += o.gross;
	}
	reg_end(&x);
	(void)reg_import(w, &x);
	fixture_crowd(CROWD, reconciles, w);
	is = reg_books(w);
	assert_int_equal(is.receivable - was.receivable, -sum);
	assert_int_equal(is.differences - was.differences, -odd);
	assert_int_equal(rows_of(w, "matched"), PAID);
	assert_int_equal(rows_of(w, "unknown"), FOREIGN);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_of_one_page_do_not_take_the_same_money),
		cmocka_unit_test(a_page_has_rows_of_every_sort),
		cmocka_unit_test(of_many_processes_each_row_is_posted_by_one),
	};

	/* The audit at the end proves each row. */
	return cmocka_run_group_tests(tests, reg_make, world_end);
}
