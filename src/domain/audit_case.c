#include "kvitok/domain/audit_case.h"

#include "kvitok/domain/resolution.h"

/* What was done with one case. */
struct trail {
	const struct audit_case_event *v;
	size_t len;
	struct str case_id;
};

static bool
is(const struct trail *t, size_t i, const char *kind)
{
	return str_eq(t->v[i].case_id, t->case_id) &&
	    str_eq(t->v[i].kind, str_of(kind));
}

static int64_t
count(const struct trail *t, const char *kind)
{
	int64_t n = 0;

	for (size_t i = 0; i < t->len; i++)
		n += is(t, i, kind);
	return n;
}

/* Was it told at that instant, by him? */
static bool
told(const struct trail *t, const char *kind, struct str actor, int64_t at)
{
	for (size_t i = 0; i < t->len; i++)
		if (is(t, i, kind) && t->v[i].at == at &&
		    str_eq(t->v[i].actor, actor))
			return true;
	return false;
}

/* A choice was told with its words by who has made it. */
static bool
told_choice(const struct trail *t, const struct audit_case *c, const char *kind)
{
	for (size_t i = 0; i < t->len; i++)
		if (is(t, i, kind) && t->v[i].at == c->decided_at &&
		    str_eq(t->v[i].actor, c->decided_by) &&
		    str_eq(t->v[i].resolution, c->resolution) &&
		    str_eq(t->v[i].note, c->note))
			return true;
	return false;
}

/* Both the case and what tells of it are suspects. */
static void
untold(struct audit *u, const struct audit_case *c, const char *column,
    struct str is_now, const char *kind)
{
	audit_wrong(
	    u, "pay_case", c->id, column, is_now, STR("what was done with it"));
	audit_wrong(u, "case_event",
	    arena_fmt(u->a, "%.*s/%s", STR_ARG(c->id), kind), "row",
	    STR("missing"), STR("one that tells of it"));
}

static void
check_owner(struct audit *u, const struct audit_case *c, const struct trail *t)
{
	bool owned = c->owner.len > 0;

	if (count(t, "taken") - count(t, "released") != (owned ? 1 : 0))
		untold(u, c, "owner", c->owner, owned ? "taken" : "released");
	if (owned && !told(t, "taken", c->owner, c->taken_at))
		untold(u, c, "owner, taken_at", c->owner, "taken");
	if (!owned)
		audit_number(u, "pay_case", c->id, "taken_at", c->taken_at, 0);
}

/* What may turn out well without a person. */
static bool
may_settle(struct str kind)
{
	return str_eq(kind, STR("refund_unclear")) ||
	    str_starts(kind, STR("exchange_")) ||
	    str_eq(kind, STR("register_unknown")) ||
	    str_eq(kind, STR("register_missing"));
}

static void
check_choice(struct audit *u, const struct audit_case *c, const struct trail *t,
    enum case_state s)
{
	const struct resolution *r = resolution_find(c->kind, c->resolution);
	bool settled = s == CASE_RESOLVED && may_settle(c->kind) &&
	    str_eq(c->resolution, STR("settled"));

	if (c->resolution.len == 0) {
		audit_text(u, "pay_case", c->id, "note", c->note, STR(""));
		audit_text(
		    u, "pay_case", c->id, "decided_by", c->decided_by, STR(""));
		audit_number(
		    u, "pay_case", c->id, "decided_at", c->decided_at, 0);
		return;
	}
	if (!r && !settled)
		audit_wrong(u, "pay_case", c->id, "resolution", c->resolution,
		    STR("one of its kind"));
	if (!told_choice(t, c, "decided") &&
	    !(s == CASE_RESOLVED && told_choice(t, c, "resolved")))
		untold(u, c, "resolution, note, decided_by, decided_at",
		    c->resolution, s == CASE_RESOLVED ? "resolved" : "decided");
}

static void
check_end(struct audit *u, const struct audit_case *c, const struct trail *t,
    enum case_state s)
{
	int64_t reopened = count(t, "reopened");
	int64_t ends = reopened + (s == CASE_RESOLVED ? 1 : 0);
	bool at_its_time = s != CASE_RESOLVED;

	for (size_t i = 0; i < t->len; i++)
		at_its_time |= is(t, i, "resolved") &&
		    t->v[i].at == c->resolved_at &&
		    str_eq(t->v[i].resolution, c->resolution);
	audit_number(
	    u, "pay_case", c->id, "times", c->times, audit_add(reopened, 1));
	if (count(t, "resolved") != ends || !at_its_time)
		untold(u, c, "state, resolved_at", str_of(case_state_name(s)),
		    "resolved");
	if (s == CASE_RESOLVED && c->resolution.len == 0)
		audit_wrong(u, "pay_case", c->id, "resolution", STR(""),
		    STR("one: it is resolved"));
}

void
audit_case_alone(struct audit *u, const struct audit_case *c,
    const struct audit_case_event *events, size_t len)
{
	struct trail t = { events, len, c->id };
	enum case_state s = case_state(c->state, c->owner, c->resolution);
	bool open = str_eq(c->state, STR("open"));

	if (open != (c->resolved_at == 0))
		audit_wrong(u, "pay_case", c->id, "state", c->state,
		    open ? STR("resolved") : STR("open"));
	check_owner(u, c, &t);
	check_choice(u, c, &t, s);
	check_end(u, c, &t, s);
}

/* --- what goes back ----------------------------------------------------- */

const struct audit_case *
audit_case_of(const struct audit *u, struct str id)
{
	for (size_t i = 0; i < u->x->cases_len; i++)
		if (str_eq(u->x->cases[i].id, id))
			return &u->x->cases[i];
	return NULL;
}

/* Is it the money that the case is about? */
static void
check_money(
    struct audit *u, const struct give_back *g, const struct audit_case *c)
{
	struct case_money m;

	audit_number(u, "give_back", g->id, "sum_kop", g->sum_kop, c->sum_kop);
	audit_number(u, "pay_case", c->id, "sum_kop", c->sum_kop, g->sum_kop);
	audit_number(u, "give_back", g->id, "n", g->n, c->n);
	if (!resolution_money(u->a, u->pm, c->n, c->subject, c->evidence, &m))
		return; /* that was named */
	audit_text(u, "give_back", g->id, "contract", g->contract, m.contract);
	audit_text(u, "give_back", g->id, "bank_no", g->bank_no, m.bank_no);
	audit_text(u, "give_back", g->id, "bank_id", g->bank_id, m.bank_id);
	if (m.credited)
		audit_wrong(u, "give_back", g->id, "bank_id", g->bank_id,
		    STR("another: this money was credited"));
}

static bool
gives_back(const struct audit_case *c)
{
	const struct resolution *r = resolution_find(c->kind, c->resolution);

	return r && (r->act == RESOLVE_GIVE_BACK || r->act == RESOLVE_BY_HAND);
}

static bool
tells_unclear(const struct audit *u)
{
	for (size_t i = 0; i < u->x->events_len; i++)
		if (str_eq(u->x->events[i].kind, STR("give_back_unclear")))
			return true;
	return false;
}

static void
check_back(struct audit *u, const struct audit_give_back *b)
{
	const struct give_back *g = &b->g;
	const struct audit_case *c = audit_case_of(u, g->case_id);
	bool ended = g->state == REFUND_DONE || g->state == REFUND_FAILED;

	if (!c) {
		audit_wrong(u, "give_back", g->id, "case_id", g->case_id,
		    STR("a case of this payment"));
		return;
	}
	check_money(u, g, c);
	if (g->state != REFUND_FAILED &&
	    (!gives_back(c) ||
		str_eq(c->state, STR("resolved")) !=
		    (g->state == REFUND_DONE))) {
		audit_wrong(u, "give_back", g->id, "state",
		    str_of(refund_state_name(g->state)),
		    STR("that of its case"));
		audit_wrong(u, "pay_case", c->id, "state", c->state,
		    STR("that of its give-back"));
	}
	/* Somebody must go on with it: the job, or a person. */
	if (!ended && !str_eq(b->job_state, STR("due")) && !tells_unclear(u))
		audit_wrong(u, "job",
		    arena_fmt(u->a, "give_back/%.*s", STR_ARG(g->id)), "state",
		    b->job_state.len > 0 ? b->job_state : STR("missing"),
		    STR("due"));
}

/* Money that a resolution gives back has a row that says so. */
static void
check_given(struct audit *u, const struct audit_case *c)
{
	size_t live = 0;

	for (size_t i = 0; i < u->x->backs_len; i++)
		live += str_eq(u->x->backs[i].g.case_id, c->id) &&
		    u->x->backs[i].g.state != REFUND_FAILED;
	if (live != (gives_back(c) ? 1 : 0))
		audit_wrong(u, "give_back",
		    arena_fmt(u->a, "of case %.*s", STR_ARG(c->id)), "row",
		    audit_n(u, (int64_t)live),
		    gives_back(c) ? STR("1") : STR("0"));
}

static void
check_told(struct audit *u, const char *kind, int64_t must)
{
	int64_t n = 0;

	for (size_t i = 0; i < u->x->events_len; i++)
		n += str_eq(u->x->events[i].kind, str_of(kind));
	audit_number(u, "event", str_of(kind), "row", n, must);
}

/* What was done with the cases is told in the story, too. */
static void
check_story(struct audit *u)
{
	static const char *const kinds[] = { "taken", "released", "decided",
		"refused", "resolved", "reopened" };

	for (size_t k = 0; k < KV_COUNT(kinds); k++) {
		int64_t n = 0;

		for (size_t i = 0; i < u->x->case_events_len; i++)
			n +=
			    str_eq(u->x->case_events[i].kind, str_of(kinds[k]));
		check_told(
		    u, arena_z(u->a, arena_fmt(u->a, "case_%s", kinds[k])), n);
	}
}

/* An attempt about which a person has decided. */
static void
check_decided(struct audit *u, const struct attempt *at)
{
	bool decided = false;

	for (size_t i = 0; i < u->x->cases_len; i++) {
		const struct audit_case *c = &u->x->cases[i];

		decided |= c->n == at->n && str_eq(c->state, STR("resolved")) &&
		    !str_eq(c->resolution, STR("ask_again")) &&
		    resolution_holds(c->kind, c->subject, u->pm->number, at->n);
	}
	decided = decided && at->state != ATT_PAID;
	audit_number(
	    u, "attempt", audit_n(u, at->n), "decided", at->decided, decided);
}

void
audit_case(struct audit *u)
{
	int64_t done = 0, failed = 0;

	for (size_t i = 0; i < u->x->cases_len; i++) {
		audit_case_alone(u, &u->x->cases[i], u->x->case_events,
		    u->x->case_events_len);
		check_given(u, &u->x->cases[i]);
	}
	for (size_t i = 0; i < u->x->case_events_len; i++) {
		const struct audit_case_event *e = &u->x->case_events[i];

		if (!audit_case_of(u, e->case_id))
			audit_wrong(u, "case_event",
			    arena_fmt(u->a, "%.*s/%.*s", STR_ARG(e->case_id),
				STR_ARG(e->id)),
			    "case_id", e->case_id,
			    STR("a case of this payment"));
	}
	for (size_t i = 0; i < u->x->backs_len; i++) {
		check_back(u, &u->x->backs[i]);
		done += u->x->backs[i].g.state == REFUND_DONE;
		failed += u->x->backs[i].g.state == REFUND_FAILED;
	}
	for (size_t i = 0; i < u->pm->attempts_len; i++)
		check_decided(u, &u->pm->attempts[i]);
	check_told(u, "give_back_asked", (int64_t)u->x->backs_len);
	check_told(u, "give_back_done", done);
	check_told(u, "give_back_refused", failed);
	check_story(u);
}
