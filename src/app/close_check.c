#include "kvitok/app/close_check.h"

#include "kvitok/app/close.h"
#include "kvitok/base/day.h"

#include <inttypes.h>
#include <stdio.h>

#define DAY_MEMORY ((size_t)64 << 20)
#define DAYS_PAGE 64
#define DAY_FIRST "0000-00-00"
#define DAY_LAST "9999-99-99"

/* What a transfer was when its day was closed. */
struct kept {
	struct str akey, id, mark;
};

struct checking {
	const struct ports *p;
	const struct audit_sink *to;
	struct close_counts *n;
	struct arena *a;     /* of a day */
	struct arena *part;  /* of one part of its marks */
	struct arena *words; /* of one finding */
	const struct closing *c;
	/* Where the marks are. */
	int64_t part_n, seen;
	struct str rest;
	struct kept at;
	bool over, blind; /* blind: there are no marks to compare with */
	char next[DAY_TEXT_SIZE];
};

static void
found(struct checking *k, const char *table, struct str key, const char *column,
    struct str is, struct str must)
{
	k->to->put(k->to->self,
	    &(struct audit_finding){ table, key, column, is, must });
	arena_reset(k->words);
}

static struct str
number(struct checking *k, int64_t n)
{
	return arena_fmt(k->words, "%" PRId64, n);
}

/* --- marks ----------------------------------------------------------- */

static void
part_wrong(struct checking *k, const char *column, const char *is)
{
	found(k, "ledger_mark",
	    arena_fmt(k->words, "%.*s/%" PRId64, STR_ARG(k->c->day), k->part_n),
	    column, str_of(is), STR("as the day was closed"));
	k->over = k->blind = true;
}

/* The next mark; over when there are no more. */
static enum err
next_mark(struct checking *k, struct fault *f)
{
	const struct close_store *st = &k->p->close;
	struct str line;
	enum err rc;

	if (k->over)
		return ERR_OK;
	if (k->rest.len == 0) {
		arena_reset(k->part);
		rc = st->mark(
		    st->self, k->part, k->c->day, ++k->part_n, &k->rest, f);
		if (rc != ERR_OK)
			return rc;
		if (k->rest.p == NULL) {
			k->over = true;
			if (k->seen < k->c->transfers)
				part_wrong(k, "row", "missing");
			return ERR_OK;
		}
	}
	if (!str_cut(&k->rest, '\n', &line) ||
	    !str_cut(&line, ' ', &k->at.akey) ||
	    !str_cut(&line, ' ', &k->at.id)) {
		part_wrong(k, "marks", "no list of marks");
		return ERR_OK;
	}
	k->at.mark = line;
	k->seen++;
	return ERR_OK;
}

static struct str
key_of(struct checking *k, struct str akey, struct str id)
{
	return arena_fmt(k->words, "%.*s/%.*s", STR_ARG(akey), STR_ARG(id));
}

static int
order(const struct kept *m, const struct seal_transfer *t)
{
	int by_akey = str_cmp(m->akey, t->akey);

	return by_akey != 0 ? by_akey : str_cmp(m->id, t->id);
}

static void
removed(struct checking *k)
{
	found(k, "ledger_transfer", key_of(k, k->at.akey, k->at.id), "row",
	    STR("missing"), STR("as its day was closed"));
}

static enum err
compare(struct checking *k, const struct seal_transfer *t, const char *mark,
    struct fault *f)
{
	struct str key;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && !k->over && order(&k->at, t) < 0) {
		removed(k);
		rc = next_mark(k, f);
	}
	if (rc != ERR_OK || k->blind)
		return rc;
	key = key_of(k, t->akey, t->id);
	if (k->over || order(&k->at, t) > 0) {
		found(k, "ledger_transfer", key, "row",
		    STR("added after its day was closed"), STR("none"));
		return ERR_OK;
	}
	if (!str_eq(k->at.mark, str_of(mark)))
		found(k, "ledger_transfer", key, "hash with its lines",
		    str_of(mark), k->at.mark);
	return next_mark(k, f);
}

static enum err
compare_page(void *self, struct arena *a, const struct seal_transfer *t,
    const char (*marks)[SEAL_MARK_SIZE], size_t len, struct fault *f)
{
	struct checking *k = self;
	enum err rc = ERR_OK;

	(void)a; /* nothing outlives a comparison */
	for (size_t i = 0; i < len && rc == ERR_OK; i++)
		rc = compare(k, &t[i], marks[i], f);
	return rc;
}

/* --- a day ----------------------------------------------------------- */

static void
same_number(struct checking *k, const char *column, int64_t is, int64_t must)
{
	if (is != must)
		found(k, "ledger_close", k->c->day, column, number(k, is),
		    number(k, must));
}

static enum err
check_balances(struct checking *k, struct fault *f)
{
	const struct close_proof *st = &k->p->close_proof;
	const struct close_odd *v;
	size_t len;
	enum err rc = st->balances(st->self, k->a, k->c->day, &v, &len, f);

	for (size_t i = 0; rc == ERR_OK && i < len; i++) {
		struct str key = arena_fmt(k->words, "%.*s/%.*s",
		    STR_ARG(v[i].account), STR_ARG(k->c->day));

		if (v[i].what == CLOSE_ROW_WRONG)
			found(k, "ledger_balance", key, "balance_kop",
			    number(k, v[i].kept_kop), number(k, v[i].must_kop));
		else if (v[i].what == CLOSE_ROW_MISSING)
			found(k, "ledger_balance", key, "row", STR("missing"),
			    number(k, v[i].must_kop));
		else
			found(k, "ledger_balance", key, "row", STR("too much"),
			    STR("none: nothing was posted"));
	}
	return rc;
}

static enum err
check_day(struct checking *k, struct fault *f)
{
	const struct close_reader to = { k, compare_page };
	const struct closing *c = k->c;
	struct closing now;
	enum err rc;

	k->part_n = k->seen = 0;
	k->rest = STR_NONE;
	k->over = k->blind = false;
	rc = next_mark(k, f);
	if (rc == ERR_OK)
		rc = close_read(k->p, k->a, c->day, c->previous, &to, &now, f);
	while (rc == ERR_OK && !k->over) {
		removed(k);
		rc = next_mark(k, f);
	}
	if (rc != ERR_OK)
		return rc;
	same_number(k, "transfers", c->transfers, now.transfers);
	same_number(k, "lines", c->lines, now.lines);
	same_number(k, "debit_kop", c->debit_kop, now.debit_kop);
	same_number(k, "credit_kop", c->credit_kop, now.credit_kop);
	if (!str_eq(c->hash, now.hash))
		found(k, "ledger_close", c->day, "hash", c->hash, now.hash);
	if (!c->shut)
		found(k, "ledger_shut", c->day, "row", STR("missing"),
		    STR("one: the day is closed"));
	k->n->days++;
	k->n->transfers += now.transfers;
	return check_balances(k, f);
}

/* --- the chain ------------------------------------------------------- */

/* c comes right after the last day that was looked at. */
static void
check_link(struct checking *k)
{
	const struct closing *c = k->c;
	char next[DAY_TEXT_SIZE];

	if (k->n->last[0] == '\0') {
		if (c->previous.len > 0)
			found(k, "ledger_close", c->day, "previous",
			    c->previous, STR("none: it is the first one"));
		return;
	}
	if (!day_step(str_of(k->n->last), 1, next) ||
	    !str_eq(c->day, str_of(next))) {
		found(k, "ledger_close", arena_str(k->words, str_of(next)),
		    "row", STR("missing"), STR("one: later days are closed"));
		return;
	}
	if (!str_eq(c->previous, str_of(k->n->hash)))
		found(k, "ledger_close", c->day, "previous", c->previous,
		    arena_str(k->words, str_of(k->n->hash)));
}

static void
go_on(struct checking *k, const struct closing *c)
{
	/* Both are of these lengths by rules of the table. */
	(void)snprintf(k->n->last, sizeof(k->n->last), "%.*s", STR_ARG(c->day));
	(void)snprintf(
	    k->n->hash, sizeof(k->n->hash), "%.*s", STR_ARG(c->hash));
}

static enum err
check_days(struct checking *k, struct str from, struct str to, struct fault *f)
{
	const struct close_store *st = &k->p->close;
	struct arena *days = arena_new(DAY_MEMORY);
	size_t len = DAYS_PAGE;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && len == DAYS_PAGE) {
		const struct closing *v;

		rc = st->list(st->self, days, from, to, DAYS_PAGE, &v, &len, f);
		for (size_t i = 0; rc == ERR_OK && i < len; i++) {
			k->c = &v[i];
			check_link(k);
			rc = check_day(k, f);
			go_on(k, k->c);
			arena_reset(k->a);
		}
		if (rc == ERR_OK && len > 0 &&
		    !day_step(str_of(k->n->last), 1, k->next))
			break;
		from = str_of(k->next);
		arena_reset(days);
	}
	arena_free(days);
	return rc;
}

/* --- all ------------------------------------------------------------- */

/* What comes before from is taken as it is. */
static enum err
begin_behind(struct checking *k, struct str from, struct fault *f)
{
	const struct close_store *st = &k->p->close;
	const struct closing *v;
	char before[DAY_TEXT_SIZE];
	size_t len;
	enum err rc;

	if (!day_step(from, -1, before))
		return ERR_OK;
	rc = st->list(
	    st->self, k->a, str_of(before), str_of(before), 1, &v, &len, f);
	if (rc == ERR_OK && len > 0)
		go_on(k, v);
	if (rc != ERR_OK || len > 0)
		return rc;
	rc = st->list(
	    st->self, k->a, STR(DAY_FIRST), str_of(before), 1, &v, &len, f);
	if (rc == ERR_OK && len > 0)
		found(k, "ledger_close", str_of(before), "row", STR("missing"),
		    STR("one: later days are closed"));
	return rc;
}

/* A transfer before the first closed day is in no hash. */
static enum err
check_before(
    struct checking *k, struct str first, struct str begun, struct fault *f)
{
	const struct close_store *st = &k->p->close;
	const struct seal_transfer *t;
	size_t len;
	enum err rc;

	if (begun.len == 0 || str_cmp(begun, first) >= 0)
		return ERR_OK;
	rc = st->transfers(
	    st->self, k->a, begun, STR(""), STR(""), 1, &t, &len, f);
	if (rc == ERR_OK && len > 0)
		found(k, "ledger_transfer", key_of(k, t->akey, t->id), "row",
		    STR("before the first closed day"), STR("none"));
	return rc;
}

/* A closing that is on its way, or was killed, has begun with the next day. */
static bool
is_begun(struct checking *k, const struct close_stray *v, struct str begun)
{
	if (v->last.len == 0)
		return str_eq(v->day, begun);
	return day_step(v->last, 1, k->next) && str_eq(v->day, str_of(k->next));
}

static enum err
check_around(struct checking *k, struct fault *f)
{
	const struct close_store *st = &k->p->close;
	const struct close_proof *proof = &k->p->close_proof;
	struct close_state s;
	const struct close_stray *v;
	const struct closing *first = NULL;
	size_t len;
	enum err rc = st->state(st->self, k->a, &s, f);

	if (rc == ERR_OK)
		rc = st->list(st->self, k->a, STR(DAY_FIRST), STR(DAY_LAST), 1,
		    &first, &len, f);
	if (rc == ERR_OK && len > 0)
		rc = check_before(k, first->day, s.first_day, f);
	if (rc == ERR_OK)
		rc = proof->strays(proof->self, k->a, &v, &len, f);
	for (size_t i = 0; rc == ERR_OK && i < len; i++)
		if (!is_begun(k, &v[i], s.first_day))
			found(k, arena_z(k->words, v[i].table), v[i].day, "row",
			    STR("of a day that is not closed"), STR("none"));
	return rc;
}

enum err
close_check(const struct ports *p, struct str from, struct str to,
    const struct audit_sink *sink, struct close_counts *counts, struct fault *f)
{
	struct checking k = { .p = p, .to = sink, .n = counts };
	enum err rc = ERR_OK;

	*counts = (struct close_counts){ .days = 0 };
	k.a = arena_new(DAY_MEMORY);
	k.part = arena_new(DAY_MEMORY);
	k.words = arena_new(DAY_MEMORY);
	if (from.len > 0)
		rc = begin_behind(&k, from, f);
	if (rc == ERR_OK)
		rc = check_days(&k, from.len > 0 ? from : STR(DAY_FIRST),
		    from.len > 0 ? to : STR(DAY_LAST), f);
	if (rc == ERR_OK && from.len == 0)
		rc = check_around(&k, f);
	arena_free(k.words);
	arena_free(k.part);
	arena_free(k.a);
	return rc;
}
