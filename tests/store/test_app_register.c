/* Registers of a bank: imported once, whatever happens on the way. */
#include "register_world.h"

static void
the_same_file_twice_changes_nothing(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_paid(w);
	struct reg_op o = reg_paid(w, pm);
	struct register_done done;
	struct register_file file;
	struct reg_books is;
	struct reg_file x;

	reg_begin(&x, w, w->now);
	reg_put(&x, &o);
	reg_end(&x);
	file = reg_import(w, &x);
	(void)reg_reconcile(w);
	is = reg_books(w);
	assert_done(&w->fx, reg_try(w, &x, &done));
	assert_true(done.known);
	assert_true(str_eq(done.file.id, file.id));
	assert_int_equal(reg_reconcile(w).by[RECON_MATCHED], 0);
	assert_memory_equal(
	    &is, &(struct reg_books[1]){ reg_books(w) }[0], sizeof(is));
}

static void
a_row_of_two_files_counts_once(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_paid(w), *other = life_paid(w);
	struct reg_op o = reg_paid(w, pm), p = reg_paid(w, other);
	struct register_file file;
	struct reg_file x, y;

	reg_begin(&x, w, w->now);
	reg_put(&x, &o);
	reg_put(&x, &o); /* and twice in one */
	reg_end(&x);
	file = reg_import(w, &x);
	assert_int_equal(file.taken.rows, 1);
	assert_int_equal(file.repeated, 1);
	assert_int_equal(file.seen.rows, 2);
	reg_begin(&y, w, w->now);
	reg_put(&y, &o);
	reg_put(&y, &p);
	reg_end(&y);
	file = reg_import(w, &y);
	assert_int_equal(file.taken.rows, 1);
	assert_int_equal(file.repeated, 1);
	assert_int_equal(reg_reconcile(w).by[RECON_MATCHED], 2);
}

static const struct reg_bad *
only_bad(struct world *w, const struct register_file *file)
{
	const struct reg_bad *v;
	size_t len;

	assert_int_equal(file->bad, 1);
	assert_done(&w->fx,
	    w->p.recon_report.bads(w->p.recon_report.self, w->fx.a, file, 0, 10,
		&v, &len, &w->fx.f));
	assert_int_equal(len, 1);
	return v;
}

static void
an_operation_that_has_changed_is_told(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_paid(w);
	struct reg_op o = reg_paid(w, pm);
	struct register_file file;
	struct reg_file x, y;

	reg_begin(&x, w, w->now);
	reg_put(&x, &o);
	reg_end(&x);
	(void)reg_import(w, &x);
	o.fee += 100;
	reg_begin(&y, w, w->now);
	reg_put(&y, &o);
	reg_end(&y);
	file = reg_import(w, &y);
	assert_int_equal(file.taken.rows, 0);
	assert_string_equal(only_bad(w, &file)->reason, "reg_changed");
	assert_int_equal(reg_reconcile(w).by[RECON_MATCHED], 1);
}

static void
good_rows_of_a_partly_bad_file_are_taken(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_paid(w);
	struct reg_op o = reg_paid(w, pm);
	const struct reg_bad *bad;
	struct register_file file;
	struct reg_file x;

	reg_begin(&x, w, w->now);
	buf_lit(&x.text, "27.11.2026;10:00:00;Подарок;1;2;3;;;1;0;0;1\r\n");
	reg_put(&x, &o);
	reg_end(&x);
	file = reg_import(w, &x);
	assert_int_equal(file.taken.rows, 1);
	bad = only_bad(w, &file);
	assert_string_equal(bad->reason, "reg_kind");
	assert_int_equal(bad->line, 4);
	assert_int_equal(bad->column, 3);
	assert_text(bad->value, "Подарок");
	assert_int_equal(reg_reconcile(w).by[RECON_MATCHED], 1);
}

static size_t
files(struct world *w)
{
	const struct register_file *v;
	size_t len;

	assert_done(&w->fx,
	    w->p.recon_report.files(w->p.recon_report.self, w->fx.a,
		REG_CONTRACT, STR(""), 1000, &v, &len, &w->fx.f));
	return len;
}

static void
what_is_no_such_register_changes_nothing(void **state)
{
	struct world *w = *state;
	struct reg_op o = { .kind = "Оплата",
		.op_id = STR("X"),
		.order_no = STR("Y"),
		.at = w->now,
		.gross = 100 };
	struct register_done done;
	struct reg_file x;
	size_t was = files(w);

	/* Another encoding: the header is not there. */
	reg_begin(&x, w, w->now);
	reg_put(&x, &o);
	x.bytes = buf_str(&x.text);
	assert_rc(&w->fx, reg_try(w, &x, &done), ERR_INVALID);
	assert_string_equal(w->fx.f.reason, "register_foreign");
	/* A header, and no line below it that fits. */
	reg_begin(&x, w, w->now);
	buf_lit(&x.text, "1;2;3\r\n");
	reg_end(&x);
	assert_rc(&w->fx, reg_try(w, &x, &done), ERR_INVALID);
	assert_string_equal(w->fx.f.reason, "register_foreign");
	/* Cut in the middle of a line, and before the totals. */
	reg_begin(&x, w, w->now);
	reg_put(&x, &o);
	reg_put(&x, &o);
	reg_end(&x);
	x.bytes.len -= 60;
	assert_rc(&w->fx, reg_try(w, &x, &done), ERR_INVALID);
	assert_string_equal(w->fx.f.reason, "register_cut");
	x.bytes = STR("");
	assert_rc(&w->fx, reg_try(w, &x, &done), ERR_INVALID);
	assert_int_equal(files(w), was);
}

static void
who_is_cut_short_goes_on(void **state)
{
	struct world *w = *state;
	struct register_done done;
	struct register_file file;
	struct reg_file x;

	world_reset(w);
	reg_begin(&x, w, w->now);
	for (int i = 0; i < 1300; i++)
		reg_put(&x,
		    &(struct reg_op){ .kind = "Комиссия",
			.op_id = arena_fmt(w->fx.a, "FEE%d", i),
			.order_no = STR(""),
			.at = w->now,
			.fee = 1 + i });
	reg_end(&x);
	/* The first time it is read whole; the second time it breaks. */
	x.fails_at = 0;
	assert_done(&w->fx, reg_try(w, &x, &done));
	fixture_sql(&w->fx,
	    "DELETE FROM register_row WHERE op_id LIKE 'FEE%' AND line > 503");
	fixture_sql(&w->fx,
	    arena_fmt(w->fx.a,
		"UPDATE register_file SET state = 'reading', ended_at = NULL, "
		"line = 503, taken = 500, gross_kop = 0, fee_kop = 125250, "
		"net_kop = -125250, pos = %zu WHERE id = '%.*s'",
		(size_t)(strstr(x.bytes.p, ";FEE500;") - x.bytes.p) - 28,
		STR_ARG(done.file.id))
		.p);
	assert_done(&w->fx, reg_try(w, &x, &done));
	assert_true(done.resumed);
	file = done.file;
	assert_int_equal(file.taken.rows, 1300);
	assert_int_equal(file.repeated, 0);
	assert_int_equal(file.bad, 0);
	assert_int_equal(file.taken.fee_kop, file.seen.fee_kop);
	assert_int_equal(reg_reconcile(w).by[RECON_FEE], 1300);
}

static void
a_layout_that_has_changed_meanwhile_is_told(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_paid(w);
	struct reg_op o = reg_paid(w, pm);
	struct register_done done;
	struct reg_file x;

	reg_begin(&x, w, w->now);
	reg_put(&x, &o);
	reg_end(&x);
	assert_done(&w->fx, reg_try(w, &x, &done));
	fixture_sql(&w->fx,
	    arena_fmt(w->fx.a,
		"UPDATE register_file SET state = 'reading', ended_at = NULL, "
		"layout_digest = 'x' WHERE id = '%.*s'",
		STR_ARG(done.file.id))
		.p);
	assert_rc(&w->fx, reg_try(w, &x, &done), ERR_CONFLICT);
	assert_string_equal(w->fx.f.reason, "register_layout_changed");
	fixture_sql(&w->fx,
	    "UPDATE register_file SET state = 'done', ended_at = 1 "
	    "WHERE layout_digest = 'x'");
	(void)reg_reconcile(w);
}

static void
contracts_and_layouts_must_be_known(void **state)
{
	struct world *w = *state;
	struct reg_file x;
	struct source src;
	struct register_done done;
	struct register_ask ask = { .layout = STR("none"), .src = &src };

	reg_begin(&x, w, w->now);
	reg_end(&x);
	src = (struct source){ &x, (int64_t)x.bytes.len, reg_file_read };
	ask.contract = STR("nobody");
	assert_rc(&w->fx,
	    register_import(&w->p, w->fx.a, &ask, &done, &w->fx.f), ERR_ABSENT);
	assert_string_equal(w->fx.f.reason, "register_contract");
	ask.contract = REG_CONTRACT;
	assert_rc(&w->fx,
	    register_import(&w->p, w->fx.a, &ask, &done, &w->fx.f), ERR_ABSENT);
	assert_string_equal(w->fx.f.reason, "layout_unknown");
}

/* It is read in pieces; what is left is taken when it comes whole. */
static void
a_file_that_shrinks_while_it_is_read_is_refused(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_paid(w);
	struct reg_op o = reg_paid(w, pm);
	struct register_done done;
	struct reg_file x;
	struct source src;

	reg_begin(&x, w, w->now);
	reg_put(&x, &o);
	reg_end(&x);
	src = (struct source){ &x, (int64_t)x.bytes.len + 1, reg_file_read };
	fault_init(&w->fx.f);
	assert_rc(&w->fx,
	    register_import(&w->p, w->fx.a,
		&(struct register_ask){ .contract = REG_CONTRACT,
		    .name = STR("реестр.csv"),
		    .layout = STR(""),
		    .actor = STR("operator:test"),
		    .src = &src },
		&done, &w->fx.f),
	    ERR_CONFLICT);
	assert_string_equal(w->fx.f.reason, "register_shrunk");
	(void)reg_import(w, &x);
	(void)reg_reconcile(w);
}

static void
rows_wait_for_our_own_account(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_paid(w);
	struct reg_op o = reg_paid(w, pm);
	struct register_counts n;
	struct reg_file x;

	reg_begin(&x, w, w->now);
	reg_put(&x, &o);
	reg_end(&x);
	(void)reg_import(w, &x);
	fixture_sql(&w->fx,
	    "UPDATE bank_contract SET own_account = NULL "
	    "WHERE contract = 'sber-irk'");
	assert_rc(&w->fx, reconcile_run(&w->p, REG_CONTRACT, &n, &w->fx.f),
	    ERR_CONFLICT);
	assert_string_equal(w->fx.f.reason, "register_no_account");
	fixture_sql(&w->fx,
	    "UPDATE bank_contract SET own_account = 'irkutskenergosbyt' "
	    "WHERE contract = 'sber-irk'");
	assert_int_equal(reg_reconcile(w).by[RECON_MATCHED], 1);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_file_twice_changes_nothing),
		cmocka_unit_test(a_row_of_two_files_counts_once),
		cmocka_unit_test(an_operation_that_has_changed_is_told),
		cmocka_unit_test(good_rows_of_a_partly_bad_file_are_taken),
		cmocka_unit_test(what_is_no_such_register_changes_nothing),
		cmocka_unit_test(who_is_cut_short_goes_on),
		cmocka_unit_test(a_layout_that_has_changed_meanwhile_is_told),
		cmocka_unit_test(contracts_and_layouts_must_be_known),
		cmocka_unit_test(
		    a_file_that_shrinks_while_it_is_read_is_refused),
		cmocka_unit_test(rows_wait_for_our_own_account),
	};

	return cmocka_run_group_tests(tests, reg_make, world_end);
}
