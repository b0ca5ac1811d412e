#include "kvitok/store/st_schedule.h"

#include <assert.h>

#define S_SHAPE                                                                \
	"ttttttttttttttttttt"                                                  \
	"iiii"
#define S_CELLS 23
#define R_SHAPE                                                                \
	"ttttt"                                                                \
	"iii"
#define W_SHAPE                                                                \
	"tttttttt"                                                             \
	"iiiiiiii"

static enum err
foreign(struct str id, struct fault *f)
{
	return fault_set(f, ERR_BUG, "internal",
	    "schedule %.*s: of another program", STR_ARG(id));
}

static enum err
schedule_of(const struct db_cell *c, struct schedule *s, struct fault *f)
{
	struct fault none;

	*s = (struct schedule){ .id = c[0].t,
		.name = c[1].t,
		.separator = c[7].t.len == 1 ? c[7].t.p[0] : ';',
		.target = c[15].t,
		.next_day = c[16].t,
		.to_day = c[17].t,
		.made_by = c[18].t,
		.by_mail = c[19].n == 1,
		.next_at = c[20].n,
		.missed = c[21].n,
		.made_at = c[22].n };
	s->q.filter[REPORT_PORTAL] = c[2].t;
	s->q.filter[REPORT_SUPPLIER] = c[3].t;
	s->q.filter[REPORT_CONTRACT] = c[8].t;
	s->q.filter[REPORT_BANK] = c[9].t;
	s->q.filter[REPORT_STATE] = c[10].t;
	s->q.filter[REPORT_ACCOUNT] = c[11].t;
	fault_init(&none);
	if (report_of(c[4].t, &s->q.id) &&
	    report_format_of(c[5].t, &s->format) &&
	    codepage_of(c[6].t, &s->encoding) &&
	    schedule_rule_of(c[12].t, c[13].t, c[14].t, &s->rule, &none) ==
		ERR_OK)
		return ERR_OK;
	return foreign(s->id, f);
}

static enum err
state_of(struct str name, enum parcel_state *out, struct fault *f)
{
	for (int i = 0; i < PARCEL__COUNT; i++) {
		*out = (enum parcel_state)i;
		if (str_eq(name, str_of(parcel_state_name(*out))))
			return ERR_OK;
	}
	return foreign(name, f);
}

static struct schedule_run
run_of(const struct db_cell *t, const struct db_cell *n)
{
	return (struct schedule_run){ .id = t[0].t,
		.schedule = t[1].t,
		.from_day = t[2].t,
		.to_day = t[3].t,
		.order = t[4].t,
		.due_at = n[0].n,
		.times = n[1].n,
		.made_at = n[2].n };
}

/* c: of W_SHAPE. */
static enum err
whole_of(const struct db_cell *c, struct parcel_whole *x, struct fault *f)
{
	x->r = run_of(c, c + 8);
	x->p = (struct parcel){ .run = x->r.id,
		.n = c[11].n,
		.target = c[5].t,
		.reason = c[7].t,
		.tries = c[12].n,
		.fence = c[13].n,
		.next_at = c[14].n,
		.changed_at = c[15].n };
	return state_of(c[6].t, &x->p.state, f);
}

/* --- schedules ------------------------------------------------------- */

static enum err
put(void *self, const struct schedule *s, struct fault *f)
{
	const struct report_query *q = &s->q;
	char period[SCHEDULE_WORD_SIZE], days[SCHEDULE_WORD_SIZE];
	char at[SCHEDULE_TIME_SIZE];

	schedule_period_word(&s->rule, period);
	schedule_days_word(&s->rule, days);
	schedule_time_word(&s->rule, at);
	return db_run(self, SQL_SCHEDULE_PUT,
	    DB_IN(db_t(s->id), db_t(s->name), db_t(q->filter[REPORT_PORTAL]),
		db_t(q->filter[REPORT_SUPPLIER]),
		db_t(str_of(report_def(q->id)->name)),
		db_t(str_of(report_format_name(s->format))),
		db_t(str_of(codepage_name(s->encoding))),
		db_t((struct str){ &s->separator, 1 }),
		db_t(q->filter[REPORT_CONTRACT]), db_t(q->filter[REPORT_BANK]),
		db_t(q->filter[REPORT_STATE]), db_t(q->filter[REPORT_ACCOUNT]),
		db_t(str_of(period)), db_t(str_of(days)), db_t(str_of(at)),
		db_n(s->by_mail), db_t(s->target), db_t(s->next_day),
		db_t(s->to_day), db_n(s->next_at), db_t(s->made_by),
		db_n(s->made_at)),
	    NULL, f);
}

static enum err
stop_once(
    struct db *db, struct str id, struct str by, int64_t at, struct fault *f)
{
	return db_run(db, SQL_SCHEDULE_STOP,
	    DB_IN(db_t(by), db_n(at), db_t(id)), NULL, f);
}

/* To do it twice is to do it. */
static enum err
stop(void *self, struct str id, struct str by, int64_t at, struct fault *f)
{
	enum err rc = stop_once(self, id, by, at, f);

	return rc == ERR_UNSURE ? stop_once(self, id, by, at, f) : rc;
}

static enum err
by_name(void *self, struct arena *a, struct str name, struct schedule *out,
    struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_SCHEDULE_BY_NAME, DB_IN(db_t(name)),
	    S_SHAPE, 1, &r, f);

	if (rc == ERR_OK && r.len == 0)
		return fault_set(
		    f, ERR_ABSENT, "schedule_unknown", "no such name");
	return rc == ERR_OK ? schedule_of(r.cells, out, f) : rc;
}

static enum err
all_of(struct arena *a, const struct db_rows *r, const struct schedule **out,
    size_t *len, struct fault *f)
{
	struct schedule *v = ARENA_ARRAY(a, r->len + 1, struct schedule);
	enum err rc = ERR_OK;

	for (size_t i = 0; i < r->len && rc == ERR_OK; i++)
		rc = schedule_of(db_row(r, i), &v[i], f);
	*out = v;
	*len = r->len;
	return rc;
}

static enum err
page(void *self, struct arena *a, struct str after, int limit,
    const struct schedule **out, size_t *len, struct fault *f)
{
	struct db_rows r;
	enum err rc;

	assert(limit > 0);
	rc = db_read(self, a, SQL_SCHEDULE_PAGE,
	    DB_IN(db_t(after), db_n(limit)), S_SHAPE, (size_t)limit, &r, f);
	return rc == ERR_OK ? all_of(a, &r, out, len, f) : rc;
}

static enum err
due(void *self, struct arena *a, int64_t now, int limit,
    const struct schedule **out, size_t *len, struct fault *f)
{
	struct db_rows r;
	enum err rc;

	assert(limit > 0);
	rc = db_read(self, a, SQL_SCHEDULE_DUE, DB_IN(db_n(now), db_n(limit)),
	    S_SHAPE, (size_t)limit, &r, f);
	return rc == ERR_OK ? all_of(a, &r, out, len, f) : rc;
}

static enum err
move(void *self, const struct schedule *from, const struct schedule *to,
    bool *moved, struct fault *f)
{
	int64_t changed = 0;
	enum err rc = db_run(self, SQL_SCHEDULE_MOVE,
	    DB_IN(db_t(to->next_day), db_n(to->next_at), db_n(to->missed),
		db_t(from->id), db_t(from->next_day)),
	    &changed, f);

	*moved = rc == ERR_OK && changed == 1;
	return rc;
}

static enum err
health_of(struct db *db, struct arena *a, int64_t now,
    struct schedule_health *out, struct fault *f)
{
	enum parcel_state s;
	struct db_rows r;
	enum err rc = db_read(
	    db, a, SQL_SCHEDULE_HEALTH, DB_IN_NONE, "ti", PARCEL__COUNT, &r, f);

	*out = (struct schedule_health){ .oldest_due_at = 0 };
	for (size_t i = 0; rc == ERR_OK && i < r.len; i++) {
		rc = state_of(db_row(&r, i)[0].t, &s, f);
		if (rc == ERR_OK)
			out->n[s] = db_row(&r, i)[1].n;
	}
	if (rc == ERR_OK)
		rc = db_read(db, a, SQL_SCHEDULE_OLDEST, DB_IN(db_n(now)), "i",
		    1, &r, f);
	if (rc == ERR_OK)
		out->oldest_due_at = r.cells[0].n;
	return rc;
}

static enum err
health(void *self, int64_t now, struct schedule_health *out, struct fault *f)
{
	struct arena *a = arena_new(1 << 13);
	enum err rc = health_of(self, a, now, out, f);

	arena_free(a);
	return rc;
}

/* --- runs ------------------------------------------------------------ */

static enum err
run_put(void *self, const struct schedule_run *r, bool *made, struct fault *f)
{
	int64_t changed = 0;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_SCHEDULE_RUN_PUT,
	    DB_IN(db_t(r->id), db_t(r->schedule), db_t(r->from_day),
		db_t(r->to_day), db_t(r->order), db_n(r->due_at),
		db_n(r->made_at)),
	    &changed, f);
	*made = rc == ERR_OK && changed == 1;
	return rc;
}

static enum err
parcel_put(void *self, const struct parcel *p, struct fault *f)
{
	assert(db_in_tx(self));
	return db_run(self, SQL_SCHEDULE_PARCEL_PUT,
	    DB_IN(db_t(p->run), db_n(p->n), db_t(p->target),
		db_t(str_of(parcel_state_name(p->state))), db_t(p->reason),
		db_n(p->next_at), db_n(p->changed_at)),
	    NULL, f);
}

static enum err
run_find(void *self, struct arena *a, struct str schedule, struct str day,
    bool *found, struct schedule_run *out, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_SCHEDULE_RUN_FIND,
	    DB_IN(db_t(schedule), db_t(day), db_t(day), db_n(day.len == 0)),
	    R_SHAPE, 1, &r, f);

	*found = rc == ERR_OK && r.len == 1;
	if (*found)
		*out = run_of(r.cells, r.cells + 5);
	return rc;
}

static enum err
parcels(void *self, struct arena *a, struct str schedule, bool all, int limit,
    const struct parcel_whole **out, size_t *len, struct fault *f)
{
	struct parcel_whole *v;
	struct db_rows r;
	enum err rc;

	assert(limit > 0);
	rc = db_read(self, a, SQL_SCHEDULE_PARCELS,
	    DB_IN(db_t(schedule), db_n(all), db_n(limit)), W_SHAPE,
	    (size_t)limit, &r, f);
	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct parcel_whole);
	for (size_t i = 0; i < r.len && rc == ERR_OK; i++)
		rc = whole_of(db_row(&r, i), &v[i], f);
	*out = v;
	*len = r.len;
	return rc;
}

static enum err
run_again(void *self, const struct schedule_run *r, int64_t at, struct fault *f)
{
	int64_t changed = 0;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_SCHEDULE_RUN_AGAIN,
	    DB_IN(db_t(r->id), db_n(r->times)), &changed, f);
	if (rc == ERR_OK && changed == 0)
		return fault_set(f, ERR_AGAIN, "busy", "sent by another hand");
	if (rc != ERR_OK)
		return rc;
	return db_run(self, SQL_SCHEDULE_PARCEL_AGAIN,
	    DB_IN(db_n(at), db_n(at), db_t(r->id)), NULL, f);
}

static enum err
run_reorder(void *self, const struct schedule_run *r, struct str order,
    bool *changed, struct fault *f)
{
	int64_t n = 0;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_SCHEDULE_RUN_REORDER,
	    DB_IN(db_t(order), db_t(r->id), db_t(r->order)), &n, f);
	*changed = rc == ERR_OK && n == 1;
	return rc;
}

static enum err
claim(void *self, struct arena *a, int64_t now, int64_t lease_until,
    bool *found, struct parcel_whole *out, struct fault *f)
{
	struct db_rows r, whole;
	int64_t changed = 0;
	const struct db_cell *c;
	enum err rc = db_read(self, a, SQL_SCHEDULE_PARCEL_DUE,
	    DB_IN(db_n(now)), "tii", 1, &r, f);

	*found = false;
	if (rc != ERR_OK || r.len == 0)
		return rc;
	c = r.cells;
	rc = db_run(self, SQL_SCHEDULE_PARCEL_CLAIM,
	    DB_IN(db_n(lease_until), db_t(c[0].t), db_n(c[1].n), db_n(c[2].n),
		db_n(now)),
	    &changed, f);
	if (rc != ERR_OK || changed == 0)
		return rc; /* somebody else was quicker */
	rc = db_read(self, a, SQL_SCHEDULE_PARCEL_GET,
	    DB_IN(db_t(c[0].t), db_n(c[1].n)), S_SHAPE W_SHAPE, 1, &whole, f);
	if (rc != ERR_OK || whole.len == 0)
		return rc;
	rc = schedule_of(whole.cells, &out->s, f);
	if (rc == ERR_OK)
		rc = whole_of(whole.cells + S_CELLS, out, f);
	*found = rc == ERR_OK;
	return rc;
}

static enum err
end(void *self, const struct parcel *p, struct fault *f)
{
	int64_t changed = 0;
	enum err rc = db_run(self, SQL_SCHEDULE_PARCEL_END,
	    DB_IN(db_t(str_of(parcel_state_name(p->state))), db_t(p->reason),
		db_n(p->next_at), db_n(p->changed_at), db_t(p->run), db_n(p->n),
		db_n(p->fence)),
	    &changed, f);

	if (rc != ERR_OK || changed == 1)
		return rc;
	return fault_set(f, ERR_CONFLICT, "lease_lost", "somebody has it");
}

struct schedule_store
st_schedule(struct db *db)
{
	return (struct schedule_store){ db, put, stop, by_name, page, due, move,
		health };
}

struct schedule_runs
st_schedule_runs(struct db *db)
{
	return (struct schedule_runs){ db, run_put, parcel_put, run_find,
		parcels, run_again, run_reorder, claim, end };
}
