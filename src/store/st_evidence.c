#include "kvitok/store/st_evidence.h"

#include "kvitok/store/st_case.h"
#include "kvitok/store/st_pay.h"
#include "kvitok/store/tx.h"

#include <assert.h>

static enum err
event_put(void *self, struct str akey, struct str number,
    const struct pay_event *e, struct fault *f)
{
	assert(db_in_tx(self));
	return db_run(
	    self, SQL_EVENT_PUT, ST_EVENT_IN(akey, number, e), NULL, f);
}

static enum err
events(void *self, struct arena *a, struct str number, struct str after_id,
    int limit, const struct pay_event **out, size_t *len, struct fault *f)
{
	struct pay_event *v;
	struct db_rows r = { NULL, 0, 0 };
	enum err rc;

	assert(limit > 0);
	if (pay_number_ok(number)) {
		struct str akey = { number.p, PAY_AKEY_LEN };

		rc = db_read(self, a, SQL_EVENT_LIST,
		    DB_IN(
			db_t(akey), db_t(number), db_t(after_id), db_n(limit)),
		    "tittittt", (size_t)limit, &r, f);
		if (rc != ERR_OK)
			return rc;
	}
	v = ARENA_ARRAY(a, r.len, struct pay_event);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct pay_event){ .id = c[0].t,
			.at = c[1].n,
			.kind = c[2].t,
			.actor = c[3].t,
			.n = (int)c[4].n,
			.from_state = c[5].t,
			.to_state = c[6].t,
			.evidence = c[7].t };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

struct noting {
	struct db *db;
	struct arena *a;
	const struct notice *n;
	struct str wake;
	int64_t wake_at;
	bool first;
};

/* It is the first one if it is kept under its own id. */
static void
note_first(struct noting *w, const struct db_rows *r)
{
	w->first = r->len == 1 && str_eq(r->cells[0].t, w->n->id);
}

static enum err
notice_alone(struct noting *w, struct fault *f)
{
	const struct notice *n = w->n;
	struct db_rows r;
	enum err rc;

	rc = db_read(w->db, w->a, SQL_NOTICE_PUT,
	    DB_IN(db_t(n->akey), db_t(n->id), db_t(n->number), db_n(n->n),
		db_t(n->bank), db_t(n->contract), db_t(n->kind),
		db_t(n->verdict), db_t(str_of(n->digest)), db_t(n->raw),
		db_n(n->at), db_n(n->at)),
	    "t", 1, &r, f);
	if (rc == ERR_OK)
		note_first(w, &r);
	return rc;
}

static enum err
notice_body(void *arg, struct fault *f)
{
	struct noting *w = arg;
	enum err rc = notice_alone(w, f);

	if (rc != ERR_OK || w->wake.len == 0)
		return rc;
	/* A job that has to be made takes the notice's id. */
	return db_run(w->db, SQL_JOB_WAKE,
	    DB_IN(db_t(w->n->akey), db_t(w->n->id), db_t(STR("ask")),
		db_t(w->wake), db_n(w->wake_at), db_n(w->n->at), db_t(STR(""))),
	    NULL, f);
}

static enum err
notice_at_once(struct noting *w, struct fault *f)
{
	const struct notice *n = w->n;
	struct db_rows r;
	enum err rc;

	rc = db_read(w->db, w->a, SQL_NOTICE_PUT_WAKE,
	    DB_IN(db_t(n->akey), db_t(n->id), db_t(n->number), db_n(n->n),
		db_t(n->bank), db_t(n->contract), db_t(n->kind),
		db_t(n->verdict), db_t(str_of(n->digest)), db_t(n->raw),
		db_n(n->at), db_n(n->at), db_t(n->akey), db_t(n->id),
		db_t(w->wake), db_n(w->wake_at), db_n(n->at)),
	    "t", 1, &r, f);
	if (rc == ERR_OK)
		note_first(w, &r);
	return rc;
}

static enum err
notice_once(struct noting *w, struct fault *f)
{
	if (w->wake.len == 0)
		return notice_alone(w, f);
	if (db_has(w->db, SQL_NOTICE_PUT_WAKE))
		return notice_at_once(w, f);
	return tx_join(w->db, "notice_put", notice_body, w, f);
}

static enum err
notice_put(void *self, const struct notice *n, struct str wake, int64_t wake_at,
    bool *first, struct fault *f)
{
	struct noting w = {
		.db = self, .n = n, .wake = wake, .wake_at = wake_at
	};
	enum err rc;

	w.a = arena_new(1 << 12);
	rc = notice_once(&w, f);
	/* Kept once whatever happened; at worst it is counted twice. */
	if (rc == ERR_UNSURE)
		rc = notice_once(&w, f);
	arena_free(w.a);
	*first = w.first;
	return rc;
}

static enum err
notices(void *self, struct arena *a, struct str akey, struct str number,
    int limit, const struct notice **out, size_t *len, struct fault *f)
{
	struct notice *v;
	struct db_rows r;
	enum err rc;

	assert(limit > 0);
	rc = db_read(self, a, SQL_NOTICE_LIST,
	    DB_IN(db_t(akey), db_t(number), db_n(limit)), "tttittttttii",
	    (size_t)limit, &r, f);
	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len, struct notice);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct notice){ .akey = c[0].t,
			.id = c[1].t,
			.number = c[2].t,
			.n = (int)c[3].n,
			.bank = c[4].t,
			.contract = c[5].t,
			.kind = c[6].t,
			.verdict = c[7].t,
			.raw = c[8].t,
			.at = c[10].n,
			.times = c[11].n };
		if (c[9].t.len < sizeof(v[i].digest))
			memcpy(v[i].digest, c[9].t.p, c[9].t.len);
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
case_put(void *self, const struct pay_case *c, bool *made, struct fault *f)
{
	int64_t changed;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_CASE_PUT,
	    DB_IN(db_t(c->akey), db_t(c->id), db_t(c->portal), db_t(c->number),
		db_n(c->n), db_t(c->kind), db_t(c->subject), db_n(c->sum_kop),
		db_t(c->proposal), db_t(c->evidence), db_n(c->created_at)),
	    &changed, f);
	*made = rc == ERR_OK && changed == 1;
	return rc;
}

static enum err
cases_of(void *self, struct arena *a, struct str akey, struct str number,
    int limit, const struct pay_case **out, size_t *len, struct fault *f)
{
	struct db_rows r;
	enum err rc;

	assert(limit > 0);
	rc = db_read(self, a, SQL_CASE_OF,
	    DB_IN(db_t(akey), db_t(number), db_n(limit)), ST_CASE_SHAPE,
	    (size_t)limit, &r, f);
	if (rc == ERR_OK)
		st_case_rows(a, &r, out, len);
	return rc;
}

struct evidence
st_evidence(struct db *db)
{
	return (struct evidence){ db, event_put, events, notice_put, notices,
		case_put, cases_of };
}
