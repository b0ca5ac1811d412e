#include "kvitok/store/st_audit.h"

#include "kvitok/store/st_audit_case.h"
#include "kvitok/store/st_audit_day.h"
#include "kvitok/store/st_audit_page.h"
#include "kvitok/store/tx.h"

#define LONE_MAX 1000
#define UNEQUAL_MAX 1000
#define DAY_FIRST "0000-00-00"
#define DAY_LAST "9999-99-99"

static enum err
payments(void *self, struct arena *a, const struct audit_span *span,
    struct str after_akey, struct str after_number, int limit,
    struct audit_page *out, struct fault *f)
{
	return st_audit_page(
	    self, a, span, after_akey, after_number, limit, out, f);
}

static struct str
first_day(const struct audit_span *s)
{
	return s->all ? STR(DAY_FIRST) : s->from_day;
}

static struct str
last_day(const struct audit_span *s)
{
	return s->all ? STR(DAY_LAST) : s->to_day;
}

static enum err
day(void *self, struct arena *a, const struct audit_span *span,
    struct str after_account, struct str after_day, struct audit_day *out,
    struct fault *f)
{
	const struct db_in account = db_t(after_account),
			   after = db_t(after_day),
			   from = db_t(first_day(span)),
			   to = db_t(last_day(span));
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_AUDIT_NEXT_DAY,
	    DB_IN(account, after, from, to, account, after, from, to), "tt", 1,
	    &r, f);

	*out = (struct audit_day){ .account = STR("") };
	if (rc != ERR_OK || r.len == 0)
		return rc;
	out->account = r.cells[0].t;
	out->day = r.cells[1].t;
	return st_audit_day(self, a, out, f);
}

static enum err
sums(void *self, struct arena *a, const struct audit_span *span,
    struct audit_sum *all, const struct audit_sum **out, size_t *len,
    struct fault *f)
{
	const struct db_in from = db_t(first_day(span)),
			   to = db_t(last_day(span));
	struct audit_sum *v;
	struct db_rows r;
	enum err rc =
	    db_read(self, a, SQL_AUDIT_SUMS, DB_IN(from, to), "ii", 1, &r, f);

	if (rc != ERR_OK)
		return rc;
	*all = (struct audit_sum){ STR(""), r.cells[0].n, r.cells[1].n };
	rc = db_read(self, a, SQL_AUDIT_UNEQUAL,
	    DB_IN(from, to, db_n(UNEQUAL_MAX)), "tii", UNEQUAL_MAX, &r, f);
	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct audit_sum);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct audit_sum){ c[0].t, c[1].n, c[2].n };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
notices(void *self, struct arena *a, struct str after_akey, struct str after_id,
    int limit, const struct audit_notice **out, size_t *len, struct fault *f)
{
	struct audit_notice *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_AUDIT_NOTICES,
	    DB_IN(db_t(after_akey), db_t(after_id), db_n(limit)), "tttti",
	    (size_t)limit, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct audit_notice);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct audit_notice){ .akey = c[0].t,
			.id = c[1].t,
			.raw = c[2].t,
			.digest = c[3].t,
			.known = c[4].n != 0 };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
answers(void *self, struct arena *a, struct str after_portal,
    struct str after_ikey, int limit, const struct audit_answer **out,
    size_t *len, struct fault *f)
{
	struct audit_answer *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_AUDIT_ANSWERS,
	    DB_IN(db_t(after_portal), db_t(after_ikey), db_n(limit)), "tttt",
	    (size_t)limit, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct audit_answer);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct audit_answer){ c[0].t, c[1].t, c[2].t, c[3].t };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

struct lone_reading {
	struct db *db;
	struct arena *a;
	struct str after_akey, after_id;
	int limit;
	struct audit_lone *v;
	size_t len;
};

/* A case and what was done with it, as they were at one moment. */
static enum err
lone_body(void *arg, struct fault *f)
{
	struct lone_reading *w = arg;
	struct db_rows r;
	enum err rc = db_read(w->db, w->a, SQL_AUDIT_LONE_CASES,
	    DB_IN(db_t(w->after_akey), db_t(w->after_id), db_n(w->limit)),
	    "tttitttititittti"
	    "i",
	    (size_t)w->limit, &r, f);

	if (rc != ERR_OK)
		return rc;
	w->v = ARENA_ARRAY(w->a, r.len + 1, struct audit_lone);
	w->len = r.len;
	for (size_t i = 0; i < r.len && rc == ERR_OK; i++) {
		const struct db_cell *c = db_row(&r, i);
		struct audit_lone *x = &w->v[i];

		x->akey = c[0].t;
		x->c = st_audit_case_of(c + 1);
		rc = st_audit_events_of(w->db, w->a, x->akey, x->c.id,
		    &x->events, &x->events_len, f);
	}
	return rc;
}

static enum err
lone_cases(void *self, struct arena *a, struct str after_akey,
    struct str after_id, int limit, const struct audit_lone **out, size_t *len,
    struct fault *f)
{
	struct lone_reading w = { .db = self,
		.a = a,
		.after_akey = after_akey,
		.after_id = after_id,
		.limit = limit };
	enum err rc = tx_snapshot(self, "audit_cases", lone_body, &w, f);

	*out = w.v;
	*len = w.len;
	return rc;
}

static enum err
lone_events(void *self, struct arena *a, const struct audit_stray **out,
    size_t *len, struct fault *f)
{
	struct audit_stray *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_AUDIT_LONE_EVENTS,
	    DB_IN(db_n(LONE_MAX)), "ttt", LONE_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct audit_stray);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct audit_stray){ "case_event",
			arena_fmt(a, "%.*s/%.*s/%.*s", STR_ARG(c[0].t),
			    STR_ARG(c[1].t), STR_ARG(c[2].t)) };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
cards(void *self, struct arena *a, const struct audit_card **out, size_t *len,
    struct fault *f)
{
	struct audit_card *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_AUDIT_CARDS,
	    DB_IN(db_n(AUDIT_CARDS_MAX)), "ttttt", AUDIT_CARDS_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct audit_card);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct audit_card){ c[0].t, c[1].t, c[2].t, c[3].t,
			c[4].t };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

struct audit_store
st_audit(struct db *db)
{
	return (struct audit_store){ db, cards, payments, day, sums, notices,
		lone_cases, lone_events, answers };
}
