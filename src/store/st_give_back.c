#include "kvitok/store/st_give_back.h"

#include <assert.h>

static enum err
put(void *self, const struct give_back *g, bool *made, struct fault *f)
{
	int64_t changed = 0;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_GIVE_BACK_PUT,
	    DB_IN(db_t(g->akey), db_t(g->number), db_t(g->id), db_t(g->case_id),
		db_n(g->n), db_t(g->contract), db_t(g->bank_no),
		db_t(g->bank_id), db_t(str_of(refund_way_name(g->way))),
		db_t(g->own_account), db_t(str_of(refund_state_name(g->state))),
		db_n(g->sum_kop), db_t(g->reason), db_t(g->actor),
		db_n(g->created_at), db_n0(g->sent_at), db_n0(g->ended_at)),
	    &changed, f);
	*made = rc == ERR_OK && changed == 1;
	return rc;
}

static enum err
give_back_of(const struct db_cell *c, struct give_back *out, struct fault *f)
{
	*out = (struct give_back){ .akey = c[0].t,
		.number = c[1].t,
		.id = c[2].t,
		.case_id = c[3].t,
		.n = (int)c[4].n,
		.contract = c[5].t,
		.bank_no = c[6].t,
		.bank_id = c[7].t,
		.own_account = c[9].t,
		.sum_kop = c[11].n,
		.reason = c[12].t,
		.actor = c[13].t,
		.code = c[14].t,
		.before_kop = c[15].n,
		.created_at = c[16].n,
		.sent_at = c[17].n,
		.ended_at = c[18].n };
	if (refund_way_of(c[8].t, &out->way) &&
	    refund_state_of(c[10].t, &out->state))
		return ERR_OK;
	return fault_set(
	    f, ERR_BUG, "internal", "give_back %.*s", STR_ARG(c[2].t));
}

static enum err
list(void *self, struct arena *a, struct str akey, struct str number,
    const struct give_back **out, size_t *len, struct fault *f)
{
	struct give_back *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_GIVE_BACK_LIST,
	    DB_IN(db_t(akey), db_t(number), db_n(GIVE_BACKS_MAX)),
	    "ttttittttt"
	    "titttiiii",
	    GIVE_BACKS_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len, struct give_back);
	for (size_t i = 0; i < r.len && rc == ERR_OK; i++)
		rc = give_back_of(db_row(&r, i), &v[i], f);
	*out = v;
	*len = r.len;
	return rc;
}

static enum err
number_of(void *self, struct arena *a, struct str akey, struct str id,
    struct str *out, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_GIVE_BACK_NUMBER,
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
move(void *self, const struct give_back_move *m, struct fault *f)
{
	int64_t changed;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_GIVE_BACK_MOVE,
	    DB_IN(db_t(str_of(refund_state_name(m->to))), db_t0(m->code),
		db_n0(m->sent_at), db_n0(m->ended_at), db_t(m->akey),
		db_t(m->number), db_t(m->id),
		db_t(str_of(refund_state_name(m->from)))),
	    &changed, f);
	if (rc == ERR_OK && changed == 0)
		return fault_set(f, ERR_AGAIN, "busy",
		    "give_back %.*s is not %s", STR_ARG(m->id),
		    refund_state_name(m->from));
	if (rc == ERR_OK && m->to == REFUND_INTENDED)
		rc = db_run(self, SQL_GIVE_BACK_NOT_CALLED,
		    DB_IN(db_t(m->akey), db_t(m->number), db_t(m->id)), NULL,
		    f);
	return rc;
}

static enum err
calling(void *self, const struct give_back *g, int64_t before_kop, int64_t at,
    bool *mine, struct fault *f)
{
	int64_t changed = 0;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_GIVE_BACK_CALLING,
	    DB_IN(db_n(before_kop), db_n(at), db_t(g->akey), db_t(g->number),
		db_t(g->id)),
	    &changed, f);
	*mine = rc == ERR_OK && changed == 1;
	return rc;
}

struct give_back_store
st_give_back(struct db *db)
{
	return (
	    struct give_back_store){ db, put, list, number_of, move, calling };
}
