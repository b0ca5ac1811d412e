/*
 * spoil: rows of a database are made wrong, one at a time, and the audit must
 * name each.
 */
#ifndef KVITOK_TESTS_STORE_SPOIL_H
#define KVITOK_TESTS_STORE_SPOIL_H

#include "life.h"
#include "unlocked.h"

#define SQL_MAX 4000
#define LIST_MAX ((size_t)1 << 20)

/* Payments that statements name by letters in braces; the first one gives
 * {akey}. */
static const char *spoil_letters;
static struct payment **spoil_lived;

/* A column or row that is made wrong, and how the audit must name it.  A
 * letter in braces is the number of a payment of life.h. */
struct spoil {
	const char *table, *where;
	const char *set;     /* NULL: the rows are removed */
	const char *columns; /* of set, to be put back */
	const char *want; /* "table key column", "table key/..."; begins so */
};

/* A row too many. */
struct extra {
	const char *insert, *remove, *want;
};

/* Put numbers for letters in braces. */
static inline const char *
filled(struct world *w, const char *text)
{
	struct buf b;

	buf_init(&b, w->fx.a, SQL_MAX);
	for (; *text != '\0'; text++) {
		const char *at =
		    text[0] == '{' && text[1] != '\0' && text[2] == '}'
		    ? strchr(spoil_letters, text[1])
		    : NULL;

		if (at) {
			buf_text(&b, spoil_lived[at - spoil_letters]->number);
			text += 2;
		} else if (strncmp(text, "{akey}", 6) == 0) {
			buf_text(&b, spoil_lived[0]->akey);
			text += 5;
		} else {
			buf_char(&b, *text);
		}
	}
	assert_false(b.full);
	return buf_str(&b).p;
}

struct listing {
	struct buf b;
};

static inline void
spoil_list(void *self, const struct audit_finding *x)
{
	struct listing *l = self;

	buf_fmt(&l->b, "%s %.*s %s: is %.*s, must be %.*s\n", x->table,
	    STR_ARG(x->key), x->column, STR_ARG(x->is), STR_ARG(x->must));
}

/* Gives: the findings, a line each. */
static inline const char *
findings(struct world *w, const struct audit_span *span)
{
	struct listing l;
	struct audit_counts n;

	buf_init(&l.b, w->fx.a, LIST_MAX);
	buf_lit(&l.b, "\n");
	assert_done(&w->fx,
	    audit_run(&w->p, span, &(struct audit_sink){ &l, spoil_list }, &n,
		&w->fx.f));
	assert_false(l.b.full);
	return buf_str(&l.b).p;
}

static const struct audit_span everything = { .all = true };

static inline bool
is_clean(struct world *w)
{
	const char *text = findings(w, &everything);

	if (strcmp(text, "\n") == 0)
		return true;
	print_error("not clean:%s", text);
	return false;
}

static inline bool
names(struct world *w, const char *what, const char *want)
{
	const char *text = findings(w, &everything);
	struct str line = arena_fmt(w->fx.a, "\n%s", filled(w, want));

	if (strstr(text, line.p) != NULL)
		return true;
	print_error("%s: not named%s, but:%s", what, line.p, text);
	return false;
}

static inline void
run(struct world *w, const char *text)
{
	fixture_sql(&w->fx, filled(w, text));
}

/* By which columns rows are found again. */
static const struct {
	const char *table, *same;
} keys[] = {
	{ "payment", "k.akey = t.akey AND k.number = t.number" },
	{ "pay_line", "k.akey = t.akey AND k.number = t.number AND k.n = t.n" },
	{ "attempt", "k.akey = t.akey AND k.number = t.number AND k.n = t.n" },
	{ "attempt_trx",
	    "k.akey = t.akey AND k.number = t.number AND "
	    "k.n = t.n AND k.trx_id = t.trx_id" },
	{ "event", "k.akey = t.akey AND k.number = t.number AND k.id = t.id" },
	{ "open_bill", "k.akey = t.akey AND k.number = t.number" },
	{ "ledger_line",
	    "k.akey = t.akey AND k.transfer = t.transfer AND "
	    "k.n = t.n" },
	{ "ledger_day",
	    "k.account = t.account AND k.day = t.day AND "
	    "k.slot = t.slot" },
	{ "refund_line",
	    "k.akey = t.akey AND k.refund = t.refund AND "
	    "k.n = t.n" },
	{ "register_row",
	    "k.akey = t.akey AND k.contract = t.contract AND "
	    "k.row_key = t.row_key" },
	{ "exchange_item", "k.document = t.document AND k.n = t.n" },
	{ "exchange_sent", "k.id = t.id" },
	{ "exchange_send",
	    "k.portal = t.portal AND k.supplier = t.supplier AND "
	    "k.kind = t.kind" },
	{ "register_pair", "k.akey = t.akey AND k.transfer = t.transfer" },
	{ NULL, "k.akey = t.akey AND k.id = t.id" }, /* any other */
};

static inline const char *
same_rows(const char *table)
{
	size_t i = 0;

	while (keys[i].table && strcmp(keys[i].table, table) != 0)
		i++;
	return keys[i].same;
}

/* The rows are kept aside while they are wrong. */
static inline bool
spoil_one(struct world *w, const struct spoil *s)
{
	struct arena *a = w->fx.a;
	struct str kept =
	    arena_fmt(a, "CREATE TABLE kept AS SELECT * FROM %s WHERE %s",
		s->table, s->where);
	struct str spoils = s->set
	    ? arena_fmt(
		  a, "UPDATE %s SET %s WHERE %s", s->table, s->set, s->where)
	    : arena_fmt(a, "DELETE FROM %s WHERE %s", s->table, s->where);
	struct str repairs = s->set
	    ? arena_fmt(a,
		  "UPDATE %s AS t SET (%s) = (SELECT %s FROM kept k WHERE %s) "
		  "WHERE EXISTS (SELECT 1 FROM kept k WHERE %s)",
		  s->table, s->columns, s->columns, same_rows(s->table),
		  same_rows(s->table))
	    : arena_fmt(a, "INSERT INTO %s SELECT * FROM kept", s->table);
	bool good;

	run(w, kept.p);
	run(w, spoils.p);
	good = names(w, spoils.p, s->want);
	run(w, repairs.p);
	run(w, "DROP TABLE kept");
	return good;
}

static inline void
spoil_all(struct world *w, const struct spoil *list, size_t len)
{
	size_t bad = 0;

	for (size_t i = 0; i < len; i++)
		bad += !spoil_one(w, &list[i]);
	assert_int_equal(bad, 0);
	assert_true(is_clean(w));
}

static inline void
spoil_extras(struct world *w, const struct extra *list, size_t len)
{
	size_t bad = 0;

	for (size_t i = 0; i < len; i++) {
		run(w, list[i].insert);
		bad += !names(w, list[i].insert, list[i].want);
		run(w, list[i].remove);
	}
	assert_int_equal(bad, 0);
	assert_true(is_clean(w));
}

#endif
