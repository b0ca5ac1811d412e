#include "kvitok/app/cases.h"

#include "kvitok/app/case_trail.h"

enum err
cases_list(const struct ports *p, struct arena *a, const struct case_query *q,
    const struct pay_case **out, size_t *len, struct fault *f)
{
	return p->cases.list(p->cases.self, a, q, out, len, f);
}

static enum err
get(const struct ports *p, struct arena *a, struct str portal, struct str id,
    struct pay_case *out, struct fault *f)
{
	enum err rc = p->cases.get(p->cases.self, a, id, out, f);

	return rc == ERR_OK && portal.len > 0 && !str_eq(portal, out->portal)
	    ? fault_set(f, ERR_ABSENT, "case_unknown", "another portal's")
	    : rc;
}

enum err
cases_read(const struct ports *p, struct arena *a, struct str portal,
    struct str id, struct case_detail *out, struct fault *f)
{
	enum err rc;

	*out = (struct case_detail){ .events_len = 0 };
	rc = get(p, a, portal, id, &out->c, f);
	if (rc == ERR_OK)
		rc = p->cases.events(p->cases.self, a, out->c.akey, out->c.id,
		    &out->events, &out->events_len, f);
	return rc == ERR_OK && out->c.number.len > 0
	    ? p->give_backs.list(p->give_backs.self, a, out->c.akey,
		  out->c.number, &out->backs, &out->backs_len, f)
	    : rc;
}

struct handing {
	const struct ports *p;
	struct arena *a;
	const struct case_hand *h;
	struct pay_case *out;
	bool take;
};

static enum err
refuse_ended(enum case_state s, const struct pay_case *c, struct fault *f)
{
	if (s == CASE_RESOLVED)
		return fault_set(f, ERR_CONFLICT, "case_resolved", "%.*s",
		    STR_ARG(c->resolution));
	if (s == CASE_UNDER_WAY)
		return fault_set(f, ERR_CONFLICT, "case_under_way", "%.*s",
		    STR_ARG(c->resolution));
	return ERR_OK;
}

static enum err
hand_body(void *arg, struct fault *f)
{
	struct handing *w = arg;
	const struct ports *p = w->p;
	struct pay_case from, to;
	enum err rc = get(p, w->a, w->h->portal, w->h->id, &from, f);

	if (rc == ERR_OK)
		rc = refuse_ended(
		    case_state(from.state, from.owner, from.resolution), &from,
		    f);
	if (rc != ERR_OK)
		return rc;
	*w->out = to = from;
	if (str_eq(from.owner, w->take ? w->h->actor : STR(""))) {
		tx_idle(&p->tx); /* it is so already */
		return ERR_OK;
	}
	if (w->take && from.owner.len > 0)
		return fault_set(f, ERR_CONFLICT, "case_taken", "by %.*s",
		    STR_ARG(from.owner));
	to.owner = w->take ? w->h->actor : STR("");
	to.taken_at = w->take ? p->clock.now(p->clock.self) : 0;
	*w->out = to;
	rc = case_trail_move(p, w->a, &from, &to,
	    &(struct case_step){
		w->take ? "taken" : "released", w->h->actor, STR("") },
	    f);
	ports_step(p, "case_writing");
	return rc;
}

static enum err
hand(const struct ports *p, struct arena *a, const struct case_hand *h,
    bool take, struct pay_case *out, struct fault *f)
{
	struct handing w = { p, a, h, out, take };
	enum err rc = p->tx.run(p->tx.self, "case_hand", hand_body, &w, f);

	/* What was perhaps written is found by the next try. */
	return rc == ERR_UNSURE
	    ? p->tx.run(p->tx.self, "case_hand", hand_body, &w, f)
	    : rc;
}

enum err
cases_take(const struct ports *p, struct arena *a, const struct case_hand *h,
    struct pay_case *out, struct fault *f)
{
	return hand(p, a, h, true, out, f);
}

enum err
cases_release(const struct ports *p, struct arena *a, const struct case_hand *h,
    struct pay_case *out, struct fault *f)
{
	return hand(p, a, h, false, out, f);
}
