#include "kvitok/store/st_report_orders.h"

#include <assert.h>

#define LIST_MAX 1000

static bool
state_of(struct str name, enum report_order_state *out)
{
	for (int i = 0; i < REPORT_ORDER__COUNT; i++) {
		*out = (enum report_order_state)i;
		if (str_eq(name, str_of(report_order_state_name(*out))))
			return true;
	}
	return false;
}

static const char shape[] = "tttttttt"  /* id .. separator */
			    "tttttttt"  /* days, filters */
			    "tttttttt"  /* asked_by .. reason */
			    "iiiiiiiii" /* runs .. expires_at */
			    "i";        /* by_staff */

static enum err
order_of(const struct db_cell *c, struct report_order *o, struct fault *f)
{
	*o = (struct report_order){ .id = c[0].t,
		.key_id = c[1].t,
		.ikey = c[2].t,
		.body_hash = c[3].t,
		.separator = c[7].t.len == 1 ? c[7].t.p[0] : ';',
		.asked_by = c[16].t,
		.email = c[17].t,
		.reached = c[19].t,
		.hash = c[20].t,
		.digest = c[21].t,
		.totals = c[22].t,
		.reason = c[23].t,
		.runs = c[24].n,
		.lease_until = c[25].n,
		.lines = c[26].n,
		.size = c[27].n,
		.replaced = c[28].n,
		.created_at = c[29].n,
		.started_at = c[30].n,
		.ended_at = c[31].n,
		.expires_at = c[32].n,
		.by_staff = c[33].n != 0 };
	o->q.from_day = c[8].t;
	o->q.to_day = c[9].t;
	for (int i = 0; i < REPORT_FILTER__COUNT; i++)
		o->q.filter[i] = c[10 + i].t;
	if (report_of(c[4].t, &o->q.id) &&
	    report_format_of(c[5].t, &o->format) &&
	    codepage_of(c[6].t, &o->encoding) && state_of(c[18].t, &o->state))
		return ERR_OK;
	return fault_set(f, ERR_BUG, "internal",
	    "report order %.*s: of another program", STR_ARG(c[0].t));
}

static enum err
put(void *self, struct arena *a, const struct report_order *o, int64_t max,
    struct fault *f)
{
	const struct report_query *q = &o->q;
	struct db_rows r;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self,
	    o->by_staff ? SQL_REPORT_ORDER_LOCK_STAFF : SQL_REPORT_ORDER_LOCK,
	    DB_IN(db_t(o->key_id)), NULL, f);
	if (rc == ERR_OK)
		rc = db_read(self, a, SQL_REPORT_ORDER_WAITING,
		    DB_IN(db_t(o->key_id)), "i", 1, &r, f);
	if (rc == ERR_OK && r.cells[0].n >= max)
		return fault_set(f, ERR_LIMIT, "report_too_many",
		    "%lld wait for this key", (long long)r.cells[0].n);
	if (rc != ERR_OK)
		return rc;
	return db_run(self, SQL_REPORT_ORDER_PUT,
	    DB_IN(db_t(o->id), db_t(o->key_id), db_t(o->ikey),
		db_t(o->body_hash), db_t(str_of(report_def(q->id)->name)),
		db_t(str_of(report_format_name(o->format))),
		db_t(str_of(codepage_name(o->encoding))),
		db_t((struct str){ &o->separator, 1 }), db_t(q->from_day),
		db_t(q->to_day), db_t(q->filter[REPORT_PORTAL]),
		db_t(q->filter[REPORT_SUPPLIER]),
		db_t(q->filter[REPORT_CONTRACT]), db_t(q->filter[REPORT_BANK]),
		db_t(q->filter[REPORT_STATE]), db_t(q->filter[REPORT_ACCOUNT]),
		db_t(o->asked_by), db_t(o->email), db_n(o->created_at),
		db_n(o->by_staff)),
	    NULL, f);
}

static enum err
known(void *self, struct arena *a, struct str key_id, struct str ikey,
    struct str *id, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_REPORT_ORDER_BY_IKEY,
	    DB_IN(db_t(key_id), db_t(ikey)), "t", 1, &r, f);

	*id = rc == ERR_OK && r.len > 0 ? r.cells[0].t : STR("");
	return rc;
}

static enum err
load(void *self, struct arena *a, struct str id, struct report_order *out,
    struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(
	    self, a, SQL_REPORT_ORDER_GET, DB_IN(db_t(id)), shape, 1, &r, f);

	if (rc == ERR_OK && r.len == 0)
		return fault_set(
		    f, ERR_ABSENT, "report_order_unknown", "no such id");
	return rc == ERR_OK ? order_of(r.cells, out, f) : rc;
}

static enum err
list(void *self, struct arena *a, struct str key_id, struct str before,
    int limit, const struct report_order **out, size_t *len, struct fault *f)
{
	struct report_order *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_REPORT_ORDER_LIST,
	    DB_IN(db_t(key_id), db_t(before.len > 0 ? before : STR("Z")),
		db_n(limit)),
	    shape, LIST_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct report_order);
	for (size_t i = 0; i < r.len && rc == ERR_OK; i++)
		rc = order_of(db_row(&r, i), &v[i], f);
	*out = v;
	*len = r.len;
	return rc;
}

static enum err
claim(void *self, struct arena *a, int64_t now, int64_t lease_until,
    bool *found, struct report_order *out, struct fault *f)
{
	struct db_rows r;
	int64_t changed = 0;
	enum err rc = db_read(
	    self, a, SQL_REPORT_ORDER_DUE, DB_IN(db_n(now)), "ti", 1, &r, f);

	*found = false;
	if (rc != ERR_OK || r.len == 0)
		return rc;
	rc = db_run(self, SQL_REPORT_ORDER_CLAIM,
	    DB_IN(db_n(lease_until), db_n(now), db_t(r.cells[0].t),
		db_n(r.cells[1].n), db_n(now)),
	    &changed, f);
	if (rc != ERR_OK || changed == 0)
		return rc; /* somebody else was quicker */
	*found = true;
	return load(self, a, r.cells[0].t, out, f);
}

static enum err
still_ours(enum err rc, int64_t changed, struct fault *f)
{
	if (rc != ERR_OK || changed == 1)
		return rc;
	return fault_set(f, ERR_CONFLICT, "lease_lost", "somebody has it");
}

static enum err
renew(void *self, const struct report_order *o, struct fault *f)
{
	int64_t changed = 0;
	enum err rc = db_run(self, SQL_REPORT_ORDER_RENEW,
	    DB_IN(db_n(o->lease_until), db_n(o->lines), db_t(o->reached),
		db_t(o->id), db_n(o->runs)),
	    &changed, f);

	return still_ours(rc, changed, f);
}

static enum err
end(void *self, const struct report_order *o, struct fault *f)
{
	int64_t changed = 0;
	enum err rc;

	if (o->state == REPORT_ORDER_DONE)
		rc = db_run(self, SQL_REPORT_ORDER_DONE,
		    DB_IN(db_n(o->lines), db_n(o->size), db_n(o->replaced),
			db_t(o->hash), db_t(o->digest), db_t(o->totals),
			db_n(o->ended_at), db_n(o->expires_at), db_t(o->id),
			db_n(o->runs)),
		    &changed, f);
	else
		rc = db_run(self, SQL_REPORT_ORDER_FAIL,
		    DB_IN(db_t(o->reason), db_n(o->ended_at), db_t(o->id),
			db_n(o->runs)),
		    &changed, f);
	return still_ours(rc, changed, f);
}

static enum err
over(void *self, struct arena *a, int64_t now, int limit,
    const struct str **ids, size_t *len, struct fault *f)
{
	struct str *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_REPORT_ORDER_OVER,
	    DB_IN(db_n(now), db_n(limit)), "t", LIST_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct str);
	for (size_t i = 0; i < r.len; i++)
		v[i] = db_row(&r, i)->t;
	*ids = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
gone(void *self, struct str id, struct fault *f)
{
	return db_run(self, SQL_REPORT_ORDER_GONE, DB_IN(db_t(id)), NULL, f);
}

struct report_orders
st_report_orders(struct db *db)
{
	return (struct report_orders){ db, put, known, load, list, claim, renew,
		end, over, gone };
}
