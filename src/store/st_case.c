#include "kvitok/store/st_case.h"

#include <assert.h>

#define KINDS_MAX 100

static struct pay_case
case_of(const struct db_cell *c)
{
	return (struct pay_case){ .akey = c[0].t,
		.id = c[1].t,
		.portal = c[2].t,
		.number = c[3].t,
		.n = (int)c[4].n,
		.kind = c[5].t,
		.subject = c[6].t,
		.proposal = c[7].t,
		.state = c[8].t,
		.sum_kop = c[9].n,
		.evidence = c[10].t,
		.created_at = c[11].n,
		.owner = c[12].t,
		.taken_at = c[13].n,
		.resolution = c[14].t,
		.note = c[15].t,
		.decided_by = c[16].t,
		.decided_at = c[17].n,
		.resolved_at = c[18].n,
		.times = c[19].n };
}

void
st_case_rows(struct arena *a, const struct db_rows *r,
    const struct pay_case **out, size_t *len)
{
	struct pay_case *v = ARENA_ARRAY(a, r->len, struct pay_case);

	for (size_t i = 0; i < r->len; i++)
		v[i] = case_of(db_row(r, i));
	*out = v;
	*len = r->len;
}

static enum err
list(void *self, struct arena *a, const struct case_query *q,
    const struct pay_case **out, size_t *len, struct fault *f)
{
	bool begin = q->newest && q->after_id.len == 0;
	const struct db_in at = db_n(begin ? INT64_MAX : q->after_at),
			   id = db_t(q->after_id), portal = db_t(q->portal),
			   kind = db_t(q->kind), owner = db_t(q->owner),
			   limit = db_n(q->limit);
	struct str stage =
	    q->has_state ? str_of(case_state_name(q->state)) : STR("");
	struct db_in stage_in = db_t(stage);
	struct db_rows r;
	enum err rc;

	assert(q->limit > 0);
	if (q->unresolved || (q->has_state && q->state != CASE_RESOLVED))
		rc = db_read(self, a, SQL_CASE_LIST_OPEN,
		    DB_IN(at, id, portal, portal, kind, kind, owner, owner,
			stage_in, stage_in, stage_in, stage_in, limit),
		    ST_CASE_SHAPE, (size_t)q->limit, &r, f);
	else
		rc = db_read(self, a,
		    q->newest ? SQL_CASE_LIST_NEWEST : SQL_CASE_LIST,
		    DB_IN(at, id, portal, portal, kind, kind, owner, owner,
			stage_in, stage_in, limit),
		    ST_CASE_SHAPE, (size_t)q->limit, &r, f);
	if (rc == ERR_OK)
		st_case_rows(a, &r, out, len);
	return rc;
}

static enum err
get(void *self, struct arena *a, struct str id, struct pay_case *out,
    struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(
	    self, a, SQL_CASE_GET, DB_IN(db_t(id)), ST_CASE_SHAPE, 1, &r, f);

	if (rc != ERR_OK)
		return rc;
	if (r.len == 0)
		return fault_set(
		    f, ERR_ABSENT, "case_unknown", "%.*s", STR_ARG(id));
	*out = case_of(r.cells);
	return ERR_OK;
}

static enum err
find(void *self, struct arena *a, struct str akey, struct str kind,
    struct str subject, struct pay_case *out, bool *found, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_CASE_FIND,
	    DB_IN(db_t(akey), db_t(kind), db_t(subject)), ST_CASE_SHAPE, 1, &r,
	    f);

	*found = rc == ERR_OK && r.len == 1;
	if (*found)
		*out = case_of(r.cells);
	return rc;
}

static enum err
move(void *self, const struct pay_case *from, const struct pay_case *to,
    struct fault *f)
{
	int64_t changed;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_CASE_MOVE,
	    DB_IN(db_t(to->state), db_t(to->owner), db_n0(to->taken_at),
		db_t(to->resolution), db_t(to->note), db_t(to->decided_by),
		db_n0(to->decided_at), db_n0(to->resolved_at), db_t(from->akey),
		db_t(from->id), db_t(from->state), db_t(from->owner),
		db_t(from->resolution), db_n(from->times)),
	    &changed, f);
	if (rc != ERR_OK || changed == 1)
		return rc;
	return fault_set(
	    f, ERR_AGAIN, "busy", "case %.*s has moved", STR_ARG(from->id));
}

static enum err
reopen(void *self, struct arena *a, const struct pay_case *c,
    struct pay_case *out, bool *did, struct fault *f)
{
	struct db_rows r;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_read(self, a, SQL_CASE_REOPEN,
	    DB_IN(db_n(c->sum_kop), db_t(c->proposal), db_t(c->evidence),
		db_t(c->akey), db_t(c->kind), db_t(c->subject)),
	    ST_CASE_SHAPE, 1, &r, f);
	*did = rc == ERR_OK && r.len == 1;
	if (*did)
		*out = case_of(r.cells);
	return rc;
}

static enum err
event_put(void *self, const struct pay_case *c, const struct case_event *e,
    struct fault *f)
{
	assert(db_in_tx(self));
	return db_run(self, SQL_CASE_EVENT_PUT,
	    DB_IN(db_t(c->akey), db_t(c->number), db_t(c->id), db_t(e->id),
		db_n(e->at), db_t(e->kind), db_t(e->actor), db_t(e->resolution),
		db_t(e->note), db_t(e->evidence)),
	    NULL, f);
}

static enum err
events(void *self, struct arena *a, struct str akey, struct str case_id,
    const struct case_event **out, size_t *len, struct fault *f)
{
	struct case_event *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_CASE_EVENT_LIST,
	    DB_IN(db_t(akey), db_t(case_id), db_n(CASE_EVENTS_MAX)),
	    "titttt"
	    "t",
	    CASE_EVENTS_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len, struct case_event);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct case_event){ c[0].t, c[1].n, c[2].t, c[3].t,
			c[4].t, c[5].t, c[6].t };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
ages(void *self, struct arena *a, struct str portal,
    const struct case_age **out, size_t *len, struct fault *f)
{
	struct case_age *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_CASE_AGES,
	    DB_IN(db_t(portal), db_t(portal), db_n(KINDS_MAX)), "tii",
	    KINDS_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len, struct case_age);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct case_age){ c[0].t, c[1].n, c[2].n };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

struct case_store
st_case(struct db *db)
{
	return (struct case_store){ db, list, get, find, move, reopen,
		event_put, events, ages };
}
