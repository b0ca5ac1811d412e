/*
 * case_life: cases as people resolve them.
 */
#ifndef KVITOK_TESTS_STORE_CASE_LIFE_H
#define KVITOK_TESTS_STORE_CASE_LIFE_H

#include "life.h"

#include "kvitok/app/cases.h"

#define ANNA "operator:anna"
#define BORIS "operator:boris"

static inline void
case_render(struct buf *b, const struct pay_case *c)
{
	buf_text(b, c->id);
	buf_char(b, ' ');
	buf_text(b, c->resolution);
}

/* The newest case of a kind about pm. */
static inline struct pay_case
case_of(struct world *w, const struct payment *pm, const char *kind)
{
	const struct pay_case *v;
	struct pay_case out = { .n = 0 };
	size_t len;

	assert_done(&w->fx,
	    w->p.evidence.cases_of(w->p.evidence.self, w->fx.a, pm->akey,
		pm->number, 100, &v, &len, &w->fx.f));
	for (size_t i = 0; i < len; i++)
		if (str_eq(v[i].kind, str_of(kind)))
			out = v[i];
	assert_true(out.id.len > 0);
	return out;
}

static inline struct case_resolve
case_request(struct world *w, const struct pay_case *c, const char *how)
{
	struct case_resolve req = {
		.hand = { .portal = STR(""), .id = c->id, .actor = STR(ANNA) },
		.how = str_of(how),
		.reason = STR("по заявлению плательщика"),
		.own_account = STR(""),
		.ikey = fixture_ulid(w->fx.a, w->now),
		.render = case_render
	};

	secret_sha256_hex(str_of(how), req.body_hash);
	return req;
}

static inline enum err
case_try(
    struct world *w, const struct case_resolve *req, struct case_resolved *out)
{
	fault_init(&w->fx.f);
	return cases_resolve(&w->p, w->fx.a, req, out, &w->fx.f);
}

static inline void
resolve(struct world *w, const struct payment *pm, const char *kind,
    const char *how)
{
	struct pay_case c = case_of(w, pm, kind);
	struct case_resolve req = case_request(w, &c, how);
	struct case_resolved made;

	assert_done(&w->fx, case_try(w, &req, &made));
	assert_false(made.replay);
}

static inline enum err
take(struct world *w, const struct pay_case *c, const char *who)
{
	struct pay_case out;

	fault_init(&w->fx.f);
	return cases_take(&w->p, w->fx.a,
	    &(struct case_hand){ STR(""), c->id, str_of(who) }, &out, &w->fx.f);
}

static inline enum err
release(struct world *w, const struct pay_case *c, const char *who)
{
	struct pay_case out;

	fault_init(&w->fx.f);
	return cases_release(&w->p, w->fx.a,
	    &(struct case_hand){ STR(""), c->id, str_of(who) }, &out, &w->fx.f);
}

static inline const char *
state_of(struct world *w, const struct payment *pm, const char *kind)
{
	struct pay_case c = case_of(w, pm, kind);

	return case_state_name(case_state(c.state, c.owner, c.resolution));
}

static inline void
refused(struct world *w, const struct case_resolve *req, enum err rc,
    const char *reason, const char *pointer)
{
	struct case_resolved made;

	assert_rc(&w->fx, case_try(w, req, &made), rc);
	assert_string_equal(w->fx.f.reason, reason);
	if (pointer)
		assert_string_equal(w->fx.f.fields[0].pointer, pointer);
}

static inline void
later(struct world *w, int64_t ms)
{
	w->now += ms;
	(void)world_work(w);
}

/* A payment of which a refund of 100 roubles was refused. */
static inline struct payment *
refund_refused(struct world *w)
{
	struct payment *pm = life_paid(w);

	w->refund_refused = true;
	life_give_back(w, pm, 10000);
	w->refund_refused = false;
	return pm;
}

#endif
