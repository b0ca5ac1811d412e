#include "kvitok/store/st_refund.h"

#include <assert.h>

static enum err
lock(void *self, struct str akey, struct str number, struct fault *f)
{
	int64_t changed;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_REFUND_LOCK, DB_IN(db_t(akey), db_t(number)),
	    &changed, f);
	if (rc != ERR_OK || changed == 1)
		return rc;
	return fault_set(
	    f, ERR_ABSENT, "payment_unknown", "%.*s", STR_ARG(number));
}

static enum err
reserve(void *self, struct str akey, struct str number, int64_t kop, int64_t at,
    struct fault *f)
{
	int64_t changed;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_REFUND_RESERVE,
	    DB_IN(db_n(kop), db_n(at), db_t(akey), db_t(number), db_n(kop)),
	    &changed, f);
	if (rc != ERR_OK || changed == 1)
		return rc;
	return fault_set(f, ERR_LIMIT, "refund_too_large",
	    "%.*s has not so much left", STR_ARG(number));
}

static enum err
put(void *self, const struct refund *r, struct fault *f)
{
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_REFUND_PUT,
	    DB_IN(db_t(r->akey), db_t(r->number), db_t(r->id),
		db_t(str_of(refund_state_name(r->state))),
		db_t(str_of(refund_way_name(r->way))), db_t(r->own_account),
		db_n(r->sum_kop), db_n(r->fee_kop), db_t(r->reason),
		db_t(r->actor), db_n(r->created_at), db_n0(r->sent_at),
		db_n0(r->ended_at)),
	    NULL, f);
	for (size_t i = 0; i < r->lines_len && rc == ERR_OK; i++) {
		const struct refund_line *l = &r->lines[i];

		rc = db_run(self, SQL_REFUND_LINE_PUT,
		    DB_IN(db_t(r->akey), db_t(r->number), db_t(r->id),
			db_n(l->n), db_n(l->sum_kop), db_n(l->fee_kop),
			db_n(l->supplier_fee_kop), db_n(l->loss_kop)),
		    NULL, f);
	}
	return rc;
}

static enum err
refund_of(const struct db_cell *c, struct refund *out, struct fault *f)
{
	*out = (struct refund){ .akey = c[0].t,
		.number = c[1].t,
		.id = c[2].t,
		.sum_kop = c[4].n,
		.fee_kop = c[5].n,
		.reason = c[6].t,
		.actor = c[7].t,
		.code = c[8].t,
		.before_kop = c[9].n,
		.created_at = c[10].n,
		.sent_at = c[11].n,
		.ended_at = c[12].n };
	out->own_account = c[19].t;
	if (refund_state_of(c[3].t, &out->state) &&
	    refund_way_of(c[18].t, &out->way))
		return ERR_OK;
	return fault_set(
	    f, ERR_BUG, "internal", "refund %.*s", STR_ARG(c[2].t));
}

/* Rows are lines, those of one refund beside each other. */
static enum err
list(void *self, struct arena *a, struct str akey, struct str number,
    const struct refund **out, size_t *len, struct fault *f)
{
	struct refund *v = ARENA_ARRAY(a, REFUNDS_MAX, struct refund);
	struct refund_line *lines;
	struct db_rows r;
	size_t n = 0;
	enum err rc =
	    db_read(self, a, SQL_REFUND_LIST, DB_IN(db_t(akey), db_t(number)),
		"ttttiittt"
		"iiii"
		"iiiii"
		"tt",
		(size_t)REFUNDS_MAX * PAY_LINES_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	lines = ARENA_ARRAY(a, r.len + 1, struct refund_line);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		lines[i] = (struct refund_line){ (int)c[13].n, c[14].n, c[15].n,
			c[16].n, c[17].n };
		if (n == 0 || !str_eq(v[n - 1].id, c[2].t)) {
			if (n == REFUNDS_MAX)
				return fault_set(
				    f, ERR_BUG, "internal", "too many refunds");
			if ((rc = refund_of(c, &v[n++], f)) != ERR_OK)
				return rc;
			v[n - 1].lines = &lines[i];
		}
		v[n - 1].lines_len++;
	}
	*out = v;
	*len = n;
	return ERR_OK;
}

static enum err
number_of(void *self, struct arena *a, struct str akey, struct str id,
    struct str *out, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_REFUND_NUMBER,
	    DB_IN(db_t(akey), db_t(id)), "t", 1, &r, f);

	if (rc != ERR_OK)
		return rc;
	if (r.len == 0)
		return fault_set(
		    f, ERR_ABSENT, "refund_unknown", "%.*s", STR_ARG(id));
	*out = r.cells[0].t;
	return ERR_OK;
}

static enum err
move(void *self, const struct refund_move *m, struct fault *f)
{
	int64_t changed;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_REFUND_MOVE,
	    DB_IN(db_t(str_of(refund_state_name(m->to))), db_t0(m->code),
		db_n0(m->sent_at), db_n0(m->ended_at), db_t(m->akey),
		db_t(m->number), db_t(m->id),
		db_t(str_of(refund_state_name(m->from)))),
	    &changed, f);
	if (rc == ERR_OK && changed == 0)
		return fault_set(f, ERR_AGAIN, "busy", "refund %.*s is not %s",
		    STR_ARG(m->id), refund_state_name(m->from));
	if (rc == ERR_OK && m->to == REFUND_INTENDED)
		rc = db_run(self, SQL_REFUND_NOT_CALLED,
		    DB_IN(db_t(m->akey), db_t(m->number), db_t(m->id)), NULL,
		    f);
	return rc;
}

static enum err
calling(void *self, const struct refund *r, int64_t before_kop, int64_t at,
    bool *mine, struct fault *f)
{
	int64_t changed = 0;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_REFUND_CALLING,
	    DB_IN(db_n(before_kop), db_n(at), db_t(r->akey), db_t(r->number),
		db_t(r->id)),
	    &changed, f);
	*mine = rc == ERR_OK && changed == 1;
	return rc;
}

static enum err
answer_put(void *self, struct str portal, struct str ikey, const struct idem *i,
    int64_t at, bool *made, struct fault *f)
{
	int64_t changed = 0;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_IDEM_PUT,
	    DB_IN(db_t(portal), db_t(ikey), db_t(i->body_hash), db_t(i->akey),
		db_t(i->number), db_t(i->answer), db_n(at)),
	    &changed, f);
	*made = rc == ERR_OK && changed == 1;
	return rc;
}

struct refund_store
st_refund(struct db *db)
{
	return (struct refund_store){ db, lock, reserve, put, list, number_of,
		move, calling, answer_put };
}
