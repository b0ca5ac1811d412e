#include "kvitok/store/st_supplied.h"

#include <assert.h>

#define WHOSE(h, r)                                                            \
	db_t((r)->akey), db_t((h)->portal), db_t((h)->supplier),               \
	    db_t((r)->folded)

enum err
st_supplied_outage(struct db *db, const struct exchange_head *h,
    const struct exchange_record *r, struct fault *f)
{
	const struct outage *x = &r->outage;
	enum err rc;

	assert(db_in_tx(db));
	rc = db_run(db, SQL_OUTAGE_PUT,
	    DB_IN(db_t(h->portal), db_t(h->supplier), db_t(x->id),
		db_t(x->kind), db_t(r->service), db_n(x->from_at),
		db_n0(x->to_at), db_n(x->cancelled), db_t(x->reason)),
	    NULL, f);
	if (rc == ERR_OK)
		rc = db_run(db, SQL_OUTAGE_PLACE_DROP,
		    DB_IN(db_t(h->portal), db_t(h->supplier), db_t(x->id)),
		    NULL, f);
	for (size_t i = 0; i < x->places_len && rc == ERR_OK; i++)
		rc = db_run(db, SQL_OUTAGE_PLACE_PUT,
		    DB_IN(db_t(h->portal), db_t(h->supplier), db_t(x->id),
			db_n((int64_t)i + 1), db_t(x->places[i].address),
			db_t(x->places[i].folded)),
		    NULL, f);
	return rc;
}

/* The account is not there: nothing was written. */
static enum err
judge(struct exchange_record *r, enum err rc, int64_t changed)
{
	if (rc == ERR_OK && changed == 0)
		r->refused = "exchange_account_unknown";
	return rc;
}

/* A supplier that has mixed up two accounts puts it right by telling anew:
 * the stranger must not see the paper any longer. */
static enum err
leave(struct db *db, enum sql_id id, const struct exchange_head *h,
    const struct exchange_record *r, struct str number, struct fault *f)
{
	return db_run(db, id,
	    DB_IN(db_t(h->portal), db_t(h->supplier), db_t(number),
		db_t(r->folded)),
	    NULL, f);
}

enum err
st_supplied_contract(struct db *db, const struct exchange_head *h,
    struct exchange_record *r, struct fault *f)
{
	const struct agreement *x = &r->contract;
	int64_t changed;
	enum err rc;

	assert(db_in_tx(db));
	rc = db_run(db, SQL_CONTRACT_PUT,
	    DB_IN(db_t(x->number), db_t(x->title), db_t(x->from_day),
		db_t0(x->to_day), WHOSE(h, r)),
	    &changed, f);
	rc = judge(r, rc, changed);
	return rc == ERR_OK && r->refused == NULL
	    ? leave(db, SQL_CONTRACT_LEAVE, h, r, x->number, f)
	    : rc;
}

static enum err
put_works(struct db *db, const struct exchange_head *h,
    const struct exchange_record *r, struct fault *f)
{
	const struct act *x = &r->act;
	enum err rc = db_run(db, SQL_ACT_WORK_DROP,
	    DB_IN(WHOSE(h, r), db_t(x->number)), NULL, f);

	for (size_t i = 0; i < x->works_len && rc == ERR_OK; i++) {
		const struct act_work *w = &x->works[i];

		rc = db_run(db, SQL_ACT_WORK_PUT,
		    DB_IN(WHOSE(h, r), db_t(x->number), db_n((int64_t)i + 1),
			db_t(w->title), db_n(w->quantity_micro),
			db_n(w->sum_kop)),
		    NULL, f);
	}
	return rc;
}

enum err
st_supplied_act(struct db *db, const struct exchange_head *h,
    struct exchange_record *r, struct fault *f)
{
	const struct act *x = &r->act;
	int64_t changed;
	enum err rc;

	assert(db_in_tx(db));
	rc = db_run(db, SQL_ACT_PUT,
	    DB_IN(db_t(x->number), db_t(x->contract), db_t(x->day),
		db_n(x->sum_kop), db_n((int64_t)x->works_len), WHOSE(h, r)),
	    &changed, f);
	rc = judge(r, rc, changed);
	if (rc != ERR_OK || r->refused != NULL)
		return rc;
	rc = put_works(db, h, r, f);
	if (rc == ERR_OK)
		rc = leave(db, SQL_ACT_WORK_LEAVE, h, r, x->number, f);
	return rc == ERR_OK ? leave(db, SQL_ACT_LEAVE, h, r, x->number, f) : rc;
}
