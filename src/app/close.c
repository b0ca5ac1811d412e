#include "kvitok/app/close.h"

#include "kvitok/base/day.h"

#define PAGE_MEMORY ((size_t)64 << 20)
#define MARKS_MAX ((size_t)CLOSE_PAGE * (8 + 26 + SEAL_MARK_SIZE + 3))

/* --- reading --------------------------------------------------------- */

struct reading {
	const struct ports *p;
	struct str day;
	const struct close_reader *to;
	struct seal s;
	struct arena *page;
};

static enum err
read_page(struct reading *r, size_t *len, struct fault *f)
{
	const struct close_store *st = &r->p->close;
	char(*marks)[SEAL_MARK_SIZE] =
	    arena_zalloc(r->page, CLOSE_PAGE, sizeof(*marks));
	const struct seal_transfer *t;
	enum err rc = st->transfers(st->self, r->page, r->day,
	    str_of(r->s.akey), str_of(r->s.id), CLOSE_PAGE, &t, len, f);

	for (size_t i = 0; rc == ERR_OK && i < *len; i++)
		rc = seal_add(&r->s, &t[i], marks[i], f);
	if (rc != ERR_OK || *len == 0)
		return rc;
	return r->to->page(r->to->self, r->page, t,
	    (const char(*)[SEAL_MARK_SIZE])marks, *len, f);
}

enum err
close_read(const struct ports *p, struct arena *a, struct str day,
    struct str previous, const struct close_reader *to, struct closing *out,
    struct fault *f)
{
	struct reading r = { .p = p, .day = day, .to = to };
	size_t len = CLOSE_PAGE;
	char hash[65];
	enum err rc = ERR_OK;

	r.page = arena_new(PAGE_MEMORY);
	seal_begin(&r.s, a, day, previous);
	while (rc == ERR_OK && len == CLOSE_PAGE) {
		rc = read_page(&r, &len, f);
		arena_reset(r.page);
	}
	arena_free(r.page);
	seal_end(&r.s, hash);
	*out = (struct closing){ .day = day,
		.hash = arena_str(a, str_of(hash)),
		.previous = previous,
		.transfers = r.s.transfers,
		.lines = r.s.lines,
		.debit_kop = r.s.debit_kop,
		.credit_kop = r.s.credit_kop };
	return rc;
}

/* --- which day ------------------------------------------------------- */

/* Gives: the day whose turn it is; empty: nothing was ever posted. */
static enum err
next_of(struct arena *a, const struct close_state *s, struct str *next,
    struct fault *f)
{
	char text[DAY_TEXT_SIZE];

	*next = s->first_day;
	if (s->last.day.len == 0)
		return ERR_OK;
	if (!day_step(s->last.day, 1, text))
		return fault_set(f, ERR_BUG, "internal", "closed day %.*s",
		    STR_ARG(s->last.day));
	*next = arena_str(a, str_of(text));
	return ERR_OK;
}

static bool
is_over(const struct ports *p, struct str day)
{
	int64_t start;

	return day_start(day, DAY_ZONE_MOSCOW, &start) &&
	    p->clock.now(p->clock.self) >= start + DAY_MS + CLOSE_MARGIN_MS;
}

enum err
close_due(
    const struct ports *p, struct arena *a, struct str *day, struct fault *f)
{
	struct close_state s;
	enum err rc = p->close.state(p->close.self, a, &s, f);

	if (rc == ERR_OK)
		rc = next_of(a, &s, day, f);
	if (rc == ERR_OK && (day->len == 0 || !is_over(p, *day)))
		*day = STR("");
	return rc;
}

static enum err
refuse_closed(
    const struct ports *p, struct arena *a, struct str day, struct fault *f)
{
	const struct closing *c;
	size_t len;
	enum err rc = p->close.list(p->close.self, a, day, day, 1, &c, &len, f);

	if (rc != ERR_OK || len == 0)
		return rc;
	return fault_set(f, ERR_CONFLICT, "day_closed",
	    "%.*s was closed by %.*s", STR_ARG(day), STR_ARG(c->actor));
}

static enum err
judge(const struct ports *p, struct arena *a, struct str day,
    const struct close_state *s, struct fault *f)
{
	struct str next = STR("");
	enum err rc = refuse_closed(p, a, day, f);

	if (rc == ERR_OK)
		rc = next_of(a, s, &next, f);
	if (rc != ERR_OK)
		return rc;
	if (!is_over(p, day))
		return fault_set(
		    f, ERR_CONFLICT, "day_not_over", "%.*s", STR_ARG(day));
	if (next.len > 0 && !str_eq(day, next))
		return fault_set(f, ERR_CONFLICT, "day_order",
		    "the next day to be closed is %.*s", STR_ARG(next));
	return ERR_OK;
}

/* --- closing --------------------------------------------------------- */

struct marking {
	const struct ports *p;
	struct str day;
	int64_t n;
};

/* Each step does nothing when it was done before: whether it was is asked by
 * doing it again. */
static enum err
repeatable(enum err rc, struct fault *f)
{
	return rc == ERR_UNSURE
	    ? fault_set(f, ERR_AGAIN, "database_unavailable", "commit unsure")
	    : rc;
}

static enum err
put_marks(void *self, struct arena *a, const struct seal_transfer *t,
    const char (*marks)[SEAL_MARK_SIZE], size_t len, struct fault *f)
{
	struct marking *m = self;
	struct buf b;

	buf_init(&b, a, MARKS_MAX);
	for (size_t i = 0; i < len; i++) {
		buf_text(&b, t[i].akey);
		buf_char(&b, ' ');
		buf_text(&b, t[i].id);
		buf_char(&b, ' ');
		buf_text(&b, str_of(marks[i]));
		buf_char(&b, '\n');
	}
	if (b.full)
		return fault_set(f, ERR_BUG, "internal", "marks too long");
	return repeatable(m->p->close.mark_put(m->p->close.self, a, m->day,
			      ++m->n, buf_str(&b), f),
	    f);
}

/* The last step: from here on the day is closed. */
static enum err
put(const struct ports *p, struct arena *a, const struct closing *c,
    struct fault *f)
{
	enum err rc = p->close.put(p->close.self, c, f);

	if (rc != ERR_CONFLICT)
		return repeatable(rc, f);
	/* Another one was quicker; or the books do not balance. */
	rc = refuse_closed(p, a, c->day, f);
	return rc != ERR_OK ? rc
			    : fault_set(f, ERR_BUG, "internal", "%.*s: refused",
				  STR_ARG(c->day));
}

static enum err
close_steps(const struct ports *p, struct arena *a, struct str day,
    struct str previous, struct closing *out, struct fault *f)
{
	const struct close_store *st = &p->close;
	int64_t now = p->clock.now(p->clock.self);
	struct marking m = { p, day, 0 };
	const struct close_reader to = { &m, put_marks };
	enum err rc = repeatable(st->shut(st->self, a, day, now, f), f);

	ports_step(p, "day_shut");
	if (rc == ERR_OK)
		rc = close_read(p, a, day, previous, &to, out, f);
	ports_step(p, "day_marked");
	if (rc == ERR_OK && out->debit_kop != out->credit_kop)
		rc = fault_set(f, ERR_CONFLICT, "day_unbalanced",
		    "%.*s: debits %lld, credits %lld", STR_ARG(day),
		    (long long)out->debit_kop, (long long)out->credit_kop);
	if (rc == ERR_OK)
		rc = repeatable(st->balances_put(st->self, a, out, f), f);
	ports_step(p, "day_balanced");
	return rc;
}

enum err
close_day(const struct ports *p, struct arena *a, struct str day,
    struct str actor, struct closing *out, struct fault *f)
{
	struct close_state s;
	enum err rc = p->close.state(p->close.self, a, &s, f);

	if (rc == ERR_OK)
		rc = judge(p, a, day, &s, f);
	if (rc == ERR_OK)
		rc = close_steps(p, a, day, s.last.hash, out, f);
	if (rc != ERR_OK)
		return rc;
	out->actor = actor;
	out->at = p->clock.now(p->clock.self);
	return put(p, a, out, f);
}
