/* The audit of registers: each row that is spoiled is named. */
#include "register_world.h"

#define LIST_MAX ((size_t)1 << 20)

static void
put_found(void *self, const struct audit_finding *x)
{
	buf_fmt(self, "%s %.*s %s;", x->table, STR_ARG(x->key), x->column);
}

/* What the audit finds, one after another. */
static const char *
findings(struct world *w)
{
	struct audit_counts n;
	struct buf *b = ARENA_NEW(w->fx.a, struct buf);

	buf_init(b, w->fx.a, LIST_MAX);
	buf_lit(b, ";");
	assert_done(&w->fx,
	    audit_run(&w->p, &(struct audit_span){ .all = true },
		&(struct audit_sink){ b, put_found }, &n, &w->fx.f));
	return b->p;
}

static const char *const away = "OP-UNKNOWN";

/* Everything that a register can bring, on a day of its own. */
static void
live(struct world *w)
{
	struct payment *pm[4], *late, *gone, *reversed;
	struct reg_file x;
	struct reg_op o;

	w->now += 9 * DAY_MS;
	for (int i = 0; i < 4; i++)
		pm[i] = life_paid(w);
	gone = life_paid(w);
	reversed = life_paid(w);
	life_give_back(w, reversed, 0);
	late = life_open(w, &sber_order);
	reg_begin(&x, w, w->now);
	buf_lit(&x.text, "99.11.2026;1;2;3;4;5;6;7;1;2;3;4\r\n");
	for (int i = 0; i < 4; i++) {
		o = reg_paid(w, pm[i]);
		o.gross -= i == 1 ? 100 : 0;
		o.fee += i == 2 ? 5 : 0;
		o.op_id = arena_fmt(w->fx.a, "OP-%d", i);
		reg_put(&x, &o);
	}
	o.kind = "Опротестование";
	o.op_id = STR("OP-CHARGEBACK");
	o.gross = -o.gross;
	o.fee = o.vat = 0;
	reg_put(&x, &o);
	o = reg_paid(w, late);
	o.op_id = STR("OP-LATE");
	reg_put(&x, &o);
	o.op_id = str_of(away);
	o.order_no = STR("?");
	reg_put(&x, &o);
	reg_end(&x);
	(void)reg_import(w, &x);
	(void)reg_reconcile(w);
	world_bank_says_paid(w, late->total_kop);
	life_later(w);
	w->now += 3 * DAY_MS;
	reg_begin(&x, w, w->now);
	reg_end(&x);
	(void)reg_import(w, &x);
	(void)reg_reconcile(w);
	assert_int_equal(world_cases(w, gone, "register_missing"), 1);
}

#define ROW(op) "register_row", "op_id = 'OP-" op "'"
#define FILE_ROW "register_file", "bad = 1"
#define PAIR(state) "register_pair", "state = '" state "'"

/* What is made wrong, how it is put right again, and how it must be named. */
static const struct {
	const char *table, *where, *set, *back, *want;
} spoiled[] = {
	{ ROW("0"), "gross_kop = gross_kop + 1, net_kop = net_kop + 1",
	    "gross_kop = gross_kop - 1, net_kop = net_kop - 1", "gross_kop" },
	{ ROW("0"), "fee_kop = fee_kop + 1, net_kop = net_kop - 1",
	    "fee_kop = fee_kop - 1, net_kop = net_kop + 1", NULL },
	{ ROW("0"), "vat_kop = vat_kop + 1, net_kop = net_kop - 1",
	    "vat_kop = vat_kop - 1, net_kop = net_kop + 1", NULL },
	{ ROW("1"), "found_kop = found_kop + 1", "found_kop = found_kop - 1",
	    "found_kop" },
	{ ROW("0"), "state = 'sum'", "state = 'matched'", "state" },
	{ ROW("1"), "state = 'matched'", "state = 'sum'", "gross_kop" },
	{ ROW("UNKNOWN"), "state = 'matched'", "state = 'unknown'",
	    "gross_kop" },
	{ ROW("UNKNOWN"), "found_kop = 5", "found_kop = 0", "found_kop" },
	{ ROW("UNKNOWN"), "found_transfer = 'x'", "found_transfer = ''",
	    "found_transfer" },
	{ ROW("0"), "state = 'unknown'", "state = 'matched'",
	    "found_transfer" },
	{ ROW("CHARGEBACK"), "state = 'fee'", "state = 'chargeback'", "cases" },
	{ ROW("2"), "fee_off = 0", "fee_off = 1", "cases" },
	{ ROW("0"), "fee_off = 1", "fee_off = 0", "cases" },
	{ ROW("LATE"), "late = 0", "late = 1", "cases" },
	{ ROW("0"), "own_account = 'x'", "own_account = 'irkutskenergosbyt'",
	    NULL },
	{ ROW("0"), "file = 'x'",
	    "file = (SELECT id FROM register_file WHERE bad = 1)", "file" },
	{ FILE_ROW, "taken = taken + 1", "taken = taken - 1", "taken" },
	{ FILE_ROW, "gross_kop = gross_kop + 1", "gross_kop = gross_kop - 1",
	    "gross_kop" },
	{ FILE_ROW, "fee_kop = fee_kop + 1", "fee_kop = fee_kop - 1",
	    "fee_kop" },
	{ FILE_ROW, "vat_kop = vat_kop + 1", "vat_kop = vat_kop - 1",
	    "vat_kop" },
	{ FILE_ROW, "net_kop = net_kop + 1", "net_kop = net_kop - 1",
	    "net_kop" },
	{ PAIR("missing"), "sum_kop = sum_kop + 1", "sum_kop = sum_kop - 1",
	    "sum_kop" },
	{ PAIR("reversed"), "sum_kop = sum_kop + 1", "sum_kop = sum_kop - 1",
	    "sum_kop" },
	{ PAIR("found"), "sum_kop = sum_kop + 1", "sum_kop = sum_kop - 1",
	    "sum_kop" },
	{ "pay_case", "kind = 'register_missing'", "subject = subject || 'x'",
	    "subject = substr(subject, 1, 26)", "cases" },
};

static void
change(struct world *w, const char *table, const char *set, const char *where)
{
	fixture_sql(&w->fx,
	    arena_fmt(w->fx.a, "UPDATE %s SET %s WHERE %s", table, set, where)
		.p);
}

static void
each_row_that_is_spoiled_is_named(void **state)
{
	struct world *w = *state;

	live(w);
	assert_string_equal(findings(w), ";");
	for (size_t i = 0; i < KV_COUNT(spoiled); i++) {
		const char *where = spoiled[i].where, *got;
		const char *table = spoiled[i].table;
		struct str want;

		change(w, table, spoiled[i].set, where);
		got = findings(w);
		if (strcmp(table, "pay_case") == 0)
			table = "register_pair";
		/* Without a column of its own its posting is named. */
		want = spoiled[i].want != NULL
		    ? arena_fmt(w->fx.a, " %s;", spoiled[i].want)
		    : STR(" sum_kop;");
		if (spoiled[i].want == NULL)
			table = "ledger_line";
		if (strstr(got, arena_fmt(w->fx.a, ";%s ", table).p) == NULL ||
		    (strstr(got, want.p) == NULL &&
			strstr(got, " account;") == NULL)) {
			print_error("%s SET %s: found %s\n", spoiled[i].table,
			    spoiled[i].set, got);
			fixture_fail("not named\n");
		}
		change(w, spoiled[i].table, spoiled[i].back, where);
		assert_string_equal(findings(w), ";");
	}
}

static void
a_bad_line_that_is_gone_is_told(void **state)
{
	struct world *w = *state;

	change(w, "register_file", "bad = 2", "bad = 1");
	assert_non_null(strstr(findings(w), " bad;"));
	change(w, "register_file", "bad = 1", "bad = 2");
}

static void
rows_and_pairs_that_are_gone_are_told(void **state)
{
	struct world *w = *state;
	const char *got;

	fixture_sql(&w->fx, "DELETE FROM register_row WHERE op_id = 'OP-0'");
	got = findings(w);
	/* Its posting is of nobody, its pair of no row, its file short. */
	assert_non_null(strstr(got, ";ledger_transfer "));
	assert_non_null(strstr(got, " row_key;"));
	assert_non_null(strstr(got, " taken;"));
	fixture_sql(&w->fx, "DELETE FROM register_pair WHERE state = 'found'");
	assert_non_null(strstr(findings(w), " pair;"));
}

static void
a_row_that_was_judged_and_not_posted_is_told(void **state)
{
	struct world *w = *state;

	fixture_sql(&w->fx,
	    "INSERT INTO register_row (akey, contract, row_key, file, line, "
	    "kind, order_no, bank_id, op_id, rrn, auth_code, card, at, day, "
	    "gross_kop, fee_kop, vat_kop, net_kop, state, fee_off, late, "
	    "number, portal, own_account, found_akey, found_transfer, "
	    "found_kop, judged_at) SELECT '00000000', contract, "
	    "'0123456789abcdef0123456789abcdef', file, line, 'fee', '', '', "
	    "'OP-NOT', '', '', '', at, day, 0, 7, 0, -7, 'fee', 0, 0, '', '', "
	    "'own', '', '', 0, 1 FROM register_row WHERE op_id = 'OP-UNKNOWN'");
	assert_non_null(strstr(findings(w), "0123456789abcdef register;"));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row_that_is_spoiled_is_named),
		cmocka_unit_test(a_bad_line_that_is_gone_is_told),
		cmocka_unit_test(rows_and_pairs_that_are_gone_are_told),
		cmocka_unit_test(a_row_that_was_judged_and_not_posted_is_told),
	};

	/* It is left spoiled. */
	return cmocka_run_group_tests(tests, reg_make, NULL);
}
