/* The audit names each row of a settlement that is spoiled. */
#include "settling.h"

#define SQL_MAX 4000

/* A column that is made wrong, or a row that goes, and how the audit names
 * it; {s} is the confirmed settlement, {b} the one that came back. */
struct spoil {
	const char *table, *where;
	const char *set, *columns; /* NULL: the rows are removed */
	const char *want;
};

#define S "settlement", "id = '{s}'"
#define ITEM "settlement_item", "settlement = '{s}' AND n = 1"
#define POSTED(kind, n)                                                        \
	"ledger_line",                                                         \
	    "n = " #n " AND transfer IN (SELECT id FROM ledger_transfer "      \
	    "WHERE kind = '" kind "' AND cause IN ('{s}', '{b}'))"

static const struct spoil spoils[] = {
	{ S, "taken_kop = taken_kop + 1, transfer_kop = transfer_kop + 1",
	    "taken_kop, transfer_kop", "settlement {s} taken_kop" },
	{ S, "refunded_kop = refunded_kop + 1, transfer_kop = transfer_kop - 1",
	    "refunded_kop, transfer_kop", "settlement {s} refunded_kop" },
	{ S, "other_kop = other_kop + 1, transfer_kop = transfer_kop + 1",
	    "other_kop, transfer_kop", "settlement {s} transfer_kop" },
	{ S, "fee_kop = fee_kop + 1", "fee_kop", "settlement {s} fee_kop" },
	{ S,
	    "supplier_fee_kop = supplier_fee_kop + 1, "
	    "transfer_kop = transfer_kop - 1",
	    "supplier_fee_kop, transfer_kop",
	    "settlement {s} supplier_fee_kop" },
	{ S, "held_kop = held_kop + 1", "held_kop", "settlement {s} held_kop" },
	{ S, "released_kop = released_kop + 1", "released_kop",
	    "settlement {s} released_kop" },
	{ S, "items = items + 1, size = size + 1", "items, size",
	    "settlement {s} items" },
	{ S, "held_items = held_items + 1, size = size + 1", "held_items, size",
	    "settlement {s} held_items" },
	{ S, "first_day = '2020-01-01'", "first_day",
	    "settlement {s} first_day" },
	{ S, "held_day = '2020-01-01'", "held_day", "settlement {s} held_day" },
	{ S, "order_no = 100000", "order_no", "settlement {s} order_no" },
	{ S, "order_day = '2020-01-01'", "order_day",
	    "settlement {s} order_day" },
	{ S, "confirmed_at = confirmed_at + 1", "confirmed_at",
	    "ledger_transfer {s}/" },
	{ S, "own_account = 'x'", "own_account", "ledger_line {s}/" },
	{ S, "supplier = 'x'", "supplier", "settlement {s} akey" },
	{ S,
	    "state = 'prepared', confirmed_at = NULL, order_no = NULL, "
	    "order_day = NULL",
	    "state, confirmed_at, order_no, order_day",
	    "ledger_transfer {s} transfer rows" },
	{ "settlement", "id = '{b}'", "state = 'confirmed', returned_at = NULL",
	    "state, returned_at", "ledger_transfer {b} transfer_back rows" },
	{ ITEM, "gross_kop = gross_kop + 1, net_kop = net_kop + 1",
	    "gross_kop, net_kop", "settlement_item {s}/1 net_kop" },
	{ ITEM, "fee_kop = fee_kop + 1", "fee_kop",
	    "settlement_item {s}/1 fee_kop" },
	{ ITEM, "supplier_fee_kop = supplier_fee_kop + 1", "supplier_fee_kop",
	    "settlement_item {s}/1 supplier_fee_kop" },
	{ ITEM, "live = 0", "live", "settlement_item {s}/1 live" },
	{ ITEM, "live = 0, held = 1", "live, held",
	    "settlement {s} held_items" },
	{ ITEM, "day = '2020-01-01'", "day", "settlement_item {s}/1 day" },
	{ ITEM, "kind = 'refund'", "kind", "settlement_item {s}/1 kind" },
	{ ITEM, "number = 'x'", "number", "settlement_item {s}/1 number" },
	{ ITEM, "cause = 'x'", "cause", "settlement_item {s}/1 cause" },
	{ ITEM, "line = 9", "line", "settlement_item {s}/1 line" },
	{ ITEM, NULL, NULL, "settlement {s} items" },
	{ POSTED("transfer", 1), "sum_kop = sum_kop - 1", "sum_kop",
	    "ledger_line {s}/" },
	{ POSTED("transfer", 2), NULL, NULL, "ledger_line {s}/" },
	{ POSTED("transfer_back", 1), "sum_kop = sum_kop - 1", "sum_kop",
	    "ledger_line {b}/" },
	{ "ledger_transfer", "kind = 'transfer' AND cause = '{s}'", NULL, NULL,
	    "ledger_transfer {s} transfer rows" },
	{ "ledger_transfer", "kind = 'transfer' AND cause = '{s}'",
	    "cause = 'x'", "cause", "ledger_transfer {s} transfer rows" },
	{ "ledger_transfer", "kind = 'transfer' AND cause = '{s}'",
	    "number = 'x'", "number", "ledger_transfer {s}/" },
	{ "settlement", "id = '{s}'", NULL, NULL, "settlement_item {s} row" },
	{ "settlement_event", "settlement = '{s}' AND kind = 'confirmed'", NULL,
	    NULL, "settlement_event {s}/confirmed row" },
	{ "settlement_event", "settlement = '{s}' AND kind = 'prepared'",
	    "kind = 'x'", "kind", "settlement {s} story" },
	{ "settlement_event", "settlement = '{s}' AND kind = 'confirmed'",
	    "settlement = 'x'", "settlement", "settlement_event x/" },
};

/* By which columns rows are found again. */
static const struct {
	const char *table, *same;
} keys[] = {
	{ "settlement_item", "k.settlement = t.settlement AND k.n = t.n" },
	{ "ledger_line",
	    "k.akey = t.akey AND k.transfer = t.transfer AND k.n = t.n" },
	{ NULL, "k.akey = t.akey AND k.id = t.id" }, /* any other */
};

static struct settlement done, back;

static const char *
filled(struct world *w, const char *text)
{
	struct buf b;

	buf_init(&b, w->fx.a, SQL_MAX);
	for (; *text != '\0'; text++) {
		if (strncmp(text, "{s}", 3) == 0 ||
		    strncmp(text, "{b}", 3) == 0) {
			buf_text(&b, text[1] == 's' ? done.id : back.id);
			text += 2;
		} else {
			buf_char(&b, *text);
		}
	}
	assert_false(b.full);
	return buf_str(&b).p;
}

static void
list(void *self, const struct audit_finding *x)
{
	buf_fmt(self, "%s %.*s %s: is %.*s, must be %.*s\n", x->table,
	    STR_ARG(x->key), x->column, STR_ARG(x->is), STR_ARG(x->must));
}

static const char *
findings(struct world *w)
{
	struct audit_counts n;
	struct buf b;

	buf_init(&b, w->fx.a, (size_t)1 << 20);
	buf_lit(&b, "\n");
	assert_done(&w->fx,
	    audit_run(&w->p, &(struct audit_span){ .all = true },
		&(struct audit_sink){ &b, list }, &n, &w->fx.f));
	assert_true(n.settlements >= 1 && n.settlement_items >= 1);
	return buf_str(&b).p;
}

static const char *
same_rows(const char *table)
{
	size_t i = 0;

	while (keys[i].table && strcmp(keys[i].table, table) != 0)
		i++;
	return keys[i].same;
}

static void
run(struct world *w, struct str text)
{
	fixture_sql(&w->fx, filled(w, text.p));
}

/* The rows are kept aside while they are wrong. */
static bool
spoil_one(struct world *w, const struct spoil *s)
{
	struct arena *a = w->fx.a;
	struct str want = arena_fmt(a, "\n%s", filled(w, s->want));
	const char *text, *same = same_rows(s->table);

	run(w,
	    arena_fmt(a, "CREATE TABLE kept AS SELECT * FROM %s WHERE %s",
		s->table, s->where));
	run(w,
	    s->set
		? arena_fmt(a, "UPDATE %s SET %s WHERE %s", s->table, s->set,
		      s->where)
		: arena_fmt(a, "DELETE FROM %s WHERE %s", s->table, s->where));
	text = findings(w);
	run(w,
	    s->set
		? arena_fmt(a,
		      "UPDATE %s AS t SET (%s) = (SELECT %s FROM kept k "
		      "WHERE %s) WHERE EXISTS (SELECT 1 FROM kept k "
		      "WHERE %s)",
		      s->table, s->columns, s->columns, same, same)
		: arena_fmt(a, "INSERT INTO %s SELECT * FROM kept", s->table));
	run(w, STR("DROP TABLE kept"));
	if (strstr(text, want.p) != NULL)
		return true;
	print_error("%s %s: not named%s, but:%s", s->table,
	    s->set ? s->set : "removed", want.p, text);
	return false;
}

static void
every_spoiled_row_of_a_settlement_is_named(void **state)
{
	struct world *w = *state;
	size_t bad = 0;

	assert_string_equal(findings(w), "\n");
	for (size_t i = 0; i < KV_COUNT(spoils); i++)
		bad += !spoil_one(w, &spoils[i]);
	assert_int_equal(bad, 0);
	assert_string_equal(findings(w), "\n");
}

/* What is append only for the worker is not so for who owns the tables. */
static void
unlock(struct world *w)
{
	static const char *const sqlite[] = {
		"DROP TRIGGER ledger_transfer_stays",
		"DROP TRIGGER ledger_transfer_lasts",
		"DROP TRIGGER ledger_line_stays",
		"DROP TRIGGER ledger_line_lasts",
	};

	static const char *const pg[] = {
		"GRANT UPDATE, DELETE ON ledger_transfer, ledger_line "
		"TO CURRENT_USER",
		"ALTER TABLE ledger_transfer NO FORCE ROW LEVEL SECURITY",
		"ALTER TABLE ledger_line NO FORCE ROW LEVEL SECURITY",
	};

	for (size_t i = 0; !fixture_is_sqlite() && i < KV_COUNT(pg); i++)
		fixture_sql(&w->fx, pg[i]);
	for (size_t i = 0; fixture_is_sqlite() && i < KV_COUNT(sqlite); i++)
		fixture_sql(&w->fx, sqlite[i]);
}

static int
make(void **state)
{
	int rc = world_make(state);
	struct world *w = *state;
	struct settlement s;

	unlock(w);
	(void)life_paid(w);
	s = prepared(w, SBER, day_over(w));
	s = confirmed(w, &s);
	assert_done(&w->fx,
	    settle_return(&w->p, w->fx.a, s.id, STR("счёт закрыт"),
		STR("operator:test"), &back, &w->fx.f));
	(void)life_paid(w);
	s = prepared(w, SBER, day_over(w));
	done = confirmed(w, &s);
	return rc;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_spoiled_row_of_a_settlement_is_named),
	};

	return cmocka_run_group_tests(tests, make, world_end);
}
