#include "kvitok/app/report_count.h"

#include "kvitok/app/report.h"
#include "kvitok/base/day.h"

#define PAGE_MEMORY ((size_t)64 << 20)

struct counting {
	const struct ports *p;
	struct arena *a, *page;
	const struct report_query *q;
	const struct report_def *d;
	const struct report_bounds *bounds;
	int64_t until; /* no page is begun after it */
	struct report_counted *out;
};

static enum err
add_rows(struct counting *c, const struct report_cell *rows, size_t len,
    struct fault *f)
{
	enum err rc = ERR_OK;

	for (size_t i = 0; rc == ERR_OK && i < len; i++)
		rc = report_add(
		    c->d, &c->out->totals, rows + i * c->d->columns_len, f);
	return rc;
}

/* One of the keys of a row may be its day. */
static void
note_day(struct counting *c, const struct report_mark *mark)
{
	for (size_t i = 0; i < REPORT_KEYS_MAX; i++)
		if (day_valid(str_of(mark->text[i]))) {
			c->out->reached =
			    arena_str(c->a, str_of(mark->text[i]));
			return;
		}
}

static bool
enough(const struct counting *c)
{
	return c->out->totals.rows >= c->bounds->rows_max ||
	    c->p->clock.now(c->p->clock.self) >= c->until;
}

/* The body of a look; when the database was away it is run afresh. */
static enum err
count_body(void *arg, struct fault *f)
{
	struct counting *c = arg;
	const struct report_store *st = &c->p->reports;
	struct report_mark mark = { .begun = false };
	bool more = true;
	enum err rc = ERR_OK;

	*c->out = (struct report_counted){ .whole = true };
	while (rc == ERR_OK && more && c->out->whole) {
		const struct report_cell *rows;
		size_t len;

		rc = st->page(
		    st->self, c->page, c->q, &mark, &rows, &len, &more, f);
		if (rc == ERR_OK)
			rc = add_rows(c, rows, len, f);
		arena_reset(c->page);
		c->out->whole = !more || !enough(c);
	}
	if (rc == ERR_OK && !c->out->whole)
		note_day(c, &mark);
	return rc;
}

enum err
report_count(const struct ports *p, struct arena *a,
    const struct report_query *q, const struct report_bounds *bounds,
    struct report_counted *out, struct fault *f)
{
	struct counting c = { .p = p,
		.a = a,
		.q = q,
		.d = report_def(q->id),
		.bounds = bounds,
		.until = p->clock.now(p->clock.self) + bounds->patience_ms,
		.out = out };
	enum err rc = report_asked(p, q, REPORT_CSV, f);

	if (rc != ERR_OK)
		return rc;
	c.page = arena_new(PAGE_MEMORY);
	rc = p->reports.look(p->reports.self, count_body, &c, f);
	arena_free(c.page);
	return rc;
}
