/*
 * world_look: what came of it: cases, story, books.  A part of world.h.
 */
#ifndef KVITOK_TESTS_STORE_WORLD_LOOK_H
#define KVITOK_TESTS_STORE_WORLD_LOOK_H

static inline struct result
world_result(struct world *w, const struct payment *pm)
{
	struct result out;

	assert_done(&w->fx,
	    open_result(&w->p, w->fx.a, world_token(w, pm), &out, &w->fx.f));
	return out;
}

static inline size_t
world_cases(struct world *w, const struct payment *pm, const char *kind)
{
	const struct pay_case *cs;
	size_t len, n = 0;

	assert_done(&w->fx,
	    w->p.evidence.cases_of(w->p.evidence.self, w->fx.a, pm->akey,
		pm->number, 100, &cs, &len, &w->fx.f));
	for (size_t i = 0; i < len; i++)
		n += str_eq(cs[i].kind, str_of(kind));
	return n;
}

/* How often the story of pm tells of kind. */
static inline size_t
world_told(struct world *w, const struct payment *pm, const char *kind)
{
	struct story s;
	size_t n = 0;

	assert_done(&w->fx,
	    story_of(&w->p, w->fx.a, STR(""), pm->number, &s, &w->fx.f));
	for (size_t i = 0; i < s.items_len; i++)
		n += str_eq(s.items[i].kind, str_of(kind));
	return n;
}

/* What the ledger has moved to an account because of pm. */
static inline int64_t
world_moved(struct world *w, const struct payment *pm, const char *account)
{
	const struct ledger_transfer *t;
	size_t len;
	int64_t sum = 0;

	assert_done(&w->fx,
	    w->p.ledger.of_payment(w->p.ledger.self, w->fx.a, pm->akey,
		pm->number, 100, &t, &len, &w->fx.f));
	for (size_t i = 0; i < len; i++)
		for (size_t k = 0; k < t[i].lines_len; k++)
			if (str_eq(t[i].lines[k].account, str_of(account)))
				sum += t[i].lines[k].sum_kop;
	return sum;
}

static inline void
world_bank_says_paid(struct world *w, int64_t kop)
{
	w->status = (struct bank_status){ .outcome = BANK_PAID,
		.taken_kop = kop,
		.currency = GATEWAY_RUB,
		.card_mask = STR("220138*******0047"),
		.rrn = STR("123456789012"),
		.auth_code = STR("A1B2C3") };
}

/* Gives: p, as somebody at the desk acts through it: a new line of the trail.
 */
static inline const struct ports *
world_noting(struct world *w, const struct ports *p, const char *what)
{
	struct staff_event *e = ARENA_NEW(w->fx.a, struct staff_event);
	struct ports own = *p;

	*e = (struct staff_event){ .id = fixture_ulid(w->fx.a, w->now),
		.actor = STR("staff:anna"),
		.staff = STR(""),
		.portal = STR(""),
		.what = str_of(what),
		.object = STR(""),
		.detail = STR(""),
		.address = STR(""),
		.at = w->now };
	own.trail = w->fx.st.trail;
	return noted_ports(&own, w->fx.a, e);
}

/* How often the trail has it. */
static inline size_t
world_noted(struct world *w, const char *what)
{
	const struct staff_trail *st = &w->fx.st.trail;
	const struct staff_event *v;
	size_t len, n = 0;

	assert_done(&w->fx,
	    st->page(
		st->self, w->fx.a, STR(""), STR(""), 1000, &v, &len, &w->fx.f));
	for (size_t i = 0; i < len; i++)
		n += str_eq(v[i].what, str_of(what));
	return n;
}

#endif
