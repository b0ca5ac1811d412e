#include "kvitok/app/case_trail.h"

#include "kvitok/app/proof.h"

/* Of one payment; more than its attempts and openings can cause. */
#define CASES_MAX 2000

static enum err
tell_story(const struct ports *p, struct arena *a, const struct pay_case *c,
    const struct case_event *e, struct fault *f)
{
	struct proof pr;
	struct pay_event row;

	if (c->number.len == 0)
		return ERR_OK;
	proof_begin(&pr, a);
	jw_ktext(&pr.w, "case", c->id);
	jw_ktext(&pr.w, "kind", c->kind);
	jw_kopt(&pr.w, "resolution", e->resolution);
	jw_kopt(&pr.w, "note", e->note);
	jw_ktext(&pr.w, "actor", e->actor);
	jw_key(&pr.w, "evidence");
	jw_raw(&pr.w, e->evidence);
	row = (struct pay_event){ .id = e->id,
		.at = e->at,
		.kind = arena_fmt(a, "%scase_%.*s",
		    resolution_of_register(c->kind) ? "register_" : "",
		    STR_ARG(e->kind)),
		.actor = e->actor,
		.n = c->n,
		.from_state = STR(""),
		.to_state = STR(""),
		.evidence = proof_end(&pr) };
	return p->evidence.event_put(
	    p->evidence.self, c->akey, c->number, &row, f);
}

static enum err
tell(const struct ports *p, struct arena *a, const struct pay_case *c,
    const struct case_step *s, int64_t at, struct str resolution,
    struct str note, struct fault *f)
{
	struct case_event e = { .at = at,
		.kind = str_of(s->kind),
		.actor = s->actor,
		.resolution = resolution,
		.note = note,
		.evidence = s->evidence.len ? s->evidence : STR("{}") };
	char id[27];
	enum err rc;

	p->ids.ulid(p->ids.self, at, id);
	e.id = arena_str(a, str_of(id));
	rc = p->cases.event_put(p->cases.self, c, &e, f);
	return rc == ERR_OK ? tell_story(p, a, c, &e, f) : rc;
}

/* The instant that the case itself has for this step: asked again, the clock
 * may have moved on. */
static int64_t
instant_of(const struct ports *p, const struct pay_case *from,
    const struct pay_case *to)
{
	if (to->resolved_at > 0 && to->resolved_at != from->resolved_at)
		return to->resolved_at;
	if (to->decided_at > 0 && to->decided_at != from->decided_at)
		return to->decided_at;
	if (to->taken_at > 0 && to->taken_at != from->taken_at)
		return to->taken_at;
	return p->clock.now(p->clock.self);
}

enum err
case_trail_move(const struct ports *p, struct arena *a,
    const struct pay_case *from, const struct pay_case *to,
    const struct case_step *s, struct fault *f)
{
	enum err rc = p->cases.move(p->cases.self, from, to, f);

	return rc == ERR_OK ? tell(p, a, from, s, instant_of(p, from, to),
				  to->resolution, to->note, f)
			    : rc;
}

enum err
case_trail_reopened(const struct ports *p, struct arena *a,
    const struct pay_case *c, struct str actor, struct fault *f)
{
	return tell(p, a, c,
	    &(struct case_step){ "reopened", actor, c->evidence },
	    p->clock.now(p->clock.self), STR(""), STR(""), f);
}

enum err
case_trail_resolve(const struct ports *p, struct arena *a,
    const struct pay_case *c, const char *how, struct str actor,
    struct str evidence, struct fault *f)
{
	struct pay_case to = *c;

	to.state = STR("resolved");
	to.resolved_at = p->clock.now(p->clock.self);
	if (how) {
		to.resolution = str_of(how);
		to.decided_by = actor;
		to.decided_at = to.resolved_at;
	}
	return case_trail_move(p, a, c, &to,
	    &(struct case_step){ "resolved", actor, evidence }, f);
}

enum err
case_trail_refuse(const struct ports *p, struct arena *a,
    const struct pay_case *c, struct str evidence, struct fault *f)
{
	struct pay_case to = *c;
	enum err rc;

	to.resolution = to.note = to.decided_by = STR("");
	to.decided_at = 0;
	rc = p->cases.move(p->cases.self, c, &to, f);
	/* What was refused is told, though the case no longer has it. */
	return rc == ERR_OK
	    ? tell(p, a, c,
		  &(struct case_step){ "refused", STR("job"), evidence },
		  p->clock.now(p->clock.self), c->resolution, c->note, f)
	    : rc;
}

enum err
case_trail_find(const struct ports *p, struct arena *a,
    const struct payment *pm, const char *kind, struct str subject,
    struct pay_case *out, bool *found, struct fault *f)
{
	const struct pay_case *list;
	size_t len;
	enum err rc = p->evidence.cases_of(p->evidence.self, a, pm->akey,
	    pm->number, CASES_MAX, &list, &len, f);

	*found = false;
	for (size_t i = 0; rc == ERR_OK && i < len && !*found; i++)
		if (str_eq(list[i].kind, str_of(kind)) &&
		    str_eq(list[i].subject, subject)) {
			*out = list[i];
			*found = true;
		}
	return rc;
}
