/*
 * books: a ledger to close days of, with a clock in the test's hand.
 */
#ifndef KVITOK_TESTS_STORE_BOOKS_H
#define KVITOK_TESTS_STORE_BOOKS_H

#include "fixture.h"

#include "kvitok/app/close.h"
#include "kvitok/app/close_check.h"
#include "kvitok/base/day.h"

struct books {
	struct fixture fx;
	struct ports p;
	int64_t now;
	const char *die_at; /* a step at which the process ends */
};

static struct books *books_dying;

static inline int64_t
books_now(void *self)
{
	return ((struct books *)self)->now;
}

static inline void
books_step(const char *name)
{
	if (books_dying && books_dying->die_at &&
	    strcmp(name, books_dying->die_at) == 0)
		_exit(3);
}

static inline void
books_wire(struct books *b)
{
	b->p.tx = b->fx.st.tx;
	b->p.ledger = b->fx.st.ledger;
	b->p.close = b->fx.st.close;
	b->p.close_proof = b->fx.st.close_proof;
	b->p.clock = (struct clock){ b, books_now };
	b->p.step = books_step;
	books_dying = b;
}

static inline void
books_open(struct books *b)
{
	fixture_open(&b->fx);
	books_wire(b);
}

static inline int
books_make(void **state)
{
	static struct books b;
	int applied;

	books_open(&b);
	assert_done(&b.fx, migrate_run(b.fx.db, b.fx.a, T0, &applied, &b.fx.f));
	*state = &b;
	return 0;
}

static inline int
books_end(void **state)
{
	struct books *b = *state;

	fixture_close(&b->fx);
	return 0;
}

/* So long after the midnight of Moscow that ends the day. */
static inline void
books_after(struct books *b, const char *day, int64_t ms)
{
	int64_t start;

	assert_true(day_start(str_of(day), DAY_ZONE_MOSCOW, &start));
	b->now = start + DAY_MS + ms;
}

struct books_posting {
	struct books *b;
	struct ledger_transfer t;
};

static inline enum err
books_post_body(void *arg, struct fault *f)
{
	struct books_posting *p = arg;
	const struct ledger_store *l = &p->b->p.ledger;

	return l->post(l->self, p->b->fx.a, &p->t, f);
}

/* Post kop from payable to receivable on day; cause tells postings apart. */
static inline enum err
books_post(struct books *b, const char *cause, const char *day, int64_t kop)
{
	struct ledger_line lines[2] = { { STR("payable/п/s"), -kop },
		{ STR("receivable/c"), kop } };
	struct books_posting p = { b,
		{ .akey = STR("7K3M9QZT"),
		    .id = fixture_ulid(b->fx.a, T0),
		    .cause = str_of(cause),
		    .kind = STR("paid"),
		    .number = STR("7K3M9QZT-4F8D2K1M0X"),
		    .day = str_of(day),
		    .at = T0,
		    .lines = lines,
		    .lines_len = 2 } };

	fault_init(&b->fx.f);
	return b->p.tx.run(b->p.tx.self, "post", books_post_body, &p, &b->fx.f);
}

static inline enum err
books_close(struct books *b, const char *day, struct closing *out)
{
	fault_init(&b->fx.f);
	return close_day(
	    &b->p, b->fx.a, str_of(day), STR("operator:test"), out, &b->fx.f);
}

/* Close it half an hour after its end. */
static inline struct closing
books_closed(struct books *b, const char *day)
{
	struct closing c;

	books_after(b, day, 1800000);
	assert_done(&b->fx, books_close(b, day, &c));
	return c;
}

struct books_list {
	struct buf b;
};

static inline void
books_found(void *self, const struct audit_finding *x)
{
	struct books_list *l = self;

	buf_fmt(&l->b, "%s %.*s %s: is %.*s, must be %.*s\n", x->table,
	    STR_ARG(x->key), x->column, STR_ARG(x->is), STR_ARG(x->must));
}

/* Gives: the findings of a check, a line each, after an empty one. */
static inline const char *
books_check(struct books *b, const char *from, const char *to)
{
	struct books_list l;
	struct audit_sink sink = { &l, books_found };
	struct close_counts n;

	fault_init(&b->fx.f);
	buf_init(&l.b, b->fx.a, (size_t)1 << 20);
	buf_lit(&l.b, "\n");
	assert_done(&b->fx,
	    close_check(&b->p, str_of(from), str_of(to), &sink, &n, &b->fx.f));
	return buf_str(&l.b).p;
}

#endif
