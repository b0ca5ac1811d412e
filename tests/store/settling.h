/*
 * settling: settlements of a test's own suppliers.
 */
#ifndef KVITOK_TESTS_STORE_SETTLING_H
#define KVITOK_TESTS_STORE_SETTLING_H

#include "life.h"

#include "kvitok/app/settle.h"
#include "kvitok/base/day.h"

#define GPB "portalgkh", "yuzhnoe-zhks"
#define SBER "irkutskenergosbyt", "irkutskenergosbyt"

/* Days pass here; commissions stay as they are. */
static inline int
settling_make(void **state)
{
	int rc = world_make(state);
	struct world *w = *state;

	fixture_sql(
	    &w->fx, "DELETE FROM fee_rule WHERE from_day > '2026-12-01'");
	fixture_sql(&w->fx,
	    "UPDATE fee_rule SET to_day = NULL WHERE to_day > '2026-12-01'");
	return rc;
}

/* Today ends.  Gives: the day that is over. */
static inline struct str
day_over(struct world *w)
{
	char day[DAY_TEXT_SIZE];

	day_of(w->now, DAY_ZONE_MOSCOW, day);
	w->now += DAY_MS;
	return arena_str(w->fx.a, str_of(day));
}

static inline enum err
prepare(struct world *w, const char *portal, const char *supplier,
    struct str day, struct settlement *out)
{
	struct settle_request req = { str_of(portal), str_of(supplier), day,
		STR("operator:test") };

	fault_init(&w->fx.f);
	return settle_prepare(&w->p, w->fx.a, &req, out, &w->fx.f);
}

static inline struct settlement
prepared(
    struct world *w, const char *portal, const char *supplier, struct str day)
{
	struct settlement s;

	assert_done(&w->fx, prepare(w, portal, supplier, day, &s));
	assert_int_equal(s.state, SETTLE_PREPARED);
	assert_true(settle_sums_agree(&s.sums));
	return s;
}

static inline void
settle_render(struct buf *b, const struct settlement *s)
{
	buf_text(b, s->id);
	buf_char(b, ' ');
	buf_i64(b, s->order_no);
}

static inline struct settle_confirm_request
confirmation(struct world *w, const struct settlement *s)
{
	struct settle_confirm_request req = { .portal = s->portal,
		.id = s->id,
		.sum_kop = s->sums.transfer_kop,
		.actor = STR("frontend:01KEY"),
		.ikey = fixture_ulid(w->fx.a, w->now),
		.render = settle_render };

	secret_sha256_hex(s->id, req.body_hash);
	return req;
}

static inline enum err
confirm(struct world *w, const struct settle_confirm_request *req,
    struct settle_confirmed *out)
{
	fault_init(&w->fx.f);
	return settle_confirm(&w->p, w->fx.a, req, out, &w->fx.f);
}

static inline struct settlement
settle_loaded(struct world *w, struct str id)
{
	struct settlement s;

	assert_done(
	    &w->fx, settle_load(&w->p, w->fx.a, STR_NONE, id, &s, &w->fx.f));
	return s;
}

static inline struct settlement
confirmed(struct world *w, const struct settlement *s)
{
	struct settle_confirm_request req = confirmation(w, s);
	struct settle_confirmed out;

	assert_done(&w->fx, confirm(w, &req, &out));
	assert_false(out.replay);
	return settle_loaded(w, s->id);
}

/* A person has looked at everything. */
static inline void
close_cases(struct world *w)
{
	fixture_sql(&w->fx,
	    "UPDATE pay_case SET state = 'resolved', resolved_at = 1 "
	    "WHERE state = 'open'");
}

static inline void
open_cases(struct world *w)
{
	fixture_sql(
	    &w->fx, "UPDATE pay_case SET state = 'open', resolved_at = NULL");
}

/* What former tests have left is settled. */
static inline void
settle_all(struct world *w, const char *portal, const char *supplier)
{
	struct settlement s;

	close_cases(w);
	s = prepared(w, portal, supplier, day_over(w));
	if (!settle_carried(&s))
		(void)confirmed(w, &s);
}

#endif
