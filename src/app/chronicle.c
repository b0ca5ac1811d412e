#include "kvitok/app/chronicle.h"

#include "kvitok/app/case_trail.h"

static struct str
new_id(const struct ports *p, struct arena *a, int64_t at)
{
	char id[27];

	p->ids.ulid(p->ids.self, at, id);
	return arena_str(a, str_of(id));
}

void
chronicle_row(const struct ports *p, struct arena *a,
    const struct chronicle_entry *e, struct pay_event *row)
{
	int64_t now = p->clock.now(p->clock.self);

	*row = (struct pay_event){
		.id = new_id(p, a, now),
		.at = now,
		.kind = str_of(e->kind),
		.actor = e->actor,
		.n = e->n,
		.from_state = str_of(e->from),
		.to_state = str_of(e->to),
		.evidence = e->evidence.len ? e->evidence : STR("{}"),
	};
}

enum err
chronicle_put(const struct ports *p, struct arena *a, const struct payment *pm,
    const struct chronicle_entry *e, struct fault *f)
{
	struct pay_event row;

	chronicle_row(p, a, e, &row);
	return p->evidence.event_put(
	    p->evidence.self, pm->akey, pm->number, &row, f);
}

enum err
chronicle_job(const struct ports *p, struct arena *a, const struct payment *pm,
    const char *kind, struct str ref, int64_t due_at, struct fault *f)
{
	int64_t now = p->clock.now(p->clock.self);
	struct job j = {
		.akey = pm->akey,
		.id = new_id(p, a, now),
		.kind = str_of(kind),
		.ref = ref,
		.due_at = due_at,
		.created_at = now,
	};

	return p->jobs.put(p->jobs.self, &j, f);
}

enum err
chronicle_case(const struct ports *p, struct arena *a, const struct payment *pm,
    const struct pay_case *c, struct str actor, bool *made, struct fault *f)
{
	int64_t now = p->clock.now(p->clock.self);
	struct pay_case row = *c, again;
	enum err rc;

	row.akey = pm->akey;
	row.portal = pm->portal;
	row.number = pm->number;
	row.id = new_id(p, a, now);
	row.created_at = now;
	rc = p->evidence.case_put(p->evidence.self, &row, made, f);
	if (rc == ERR_OK && !*made) {
		rc = p->cases.reopen(p->cases.self, a, &row, &again, made, f);
		return rc == ERR_OK && *made
		    ? case_trail_reopened(p, a, &again, actor, f)
		    : rc;
	}
	if (rc != ERR_OK)
		return rc;
	return chronicle_put(p, a, pm,
	    &(struct chronicle_entry){ .kind = "case_opened",
		.actor = actor,
		.n = c->n,
		.from = "",
		.to = "",
		.evidence = c->evidence },
	    f);
}
