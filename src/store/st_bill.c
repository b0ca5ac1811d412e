#include "kvitok/store/st_bill.h"

#include <assert.h>

static enum err
holder(void *self, struct arena *a, const struct payment *pm,
    struct str *number, struct fault *f)
{
	struct db_rows r;
	enum err rc;

	rc = db_read(self, a, SQL_BILL_HOLDER,
	    DB_IN(db_t(pm->akey), db_t(pm->portal), db_t(pm->lines_hash),
		db_t(pm->payer)),
	    "t", 1, &r, f);
	if (rc == ERR_OK)
		*number = r.len == 1 ? r.cells[0].t : STR("");
	return rc;
}

static enum err
take(void *self, struct arena *a, const struct payment *pm, struct str expected,
    struct str *number, struct fault *f)
{
	int64_t changed;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_BILL_TAKE,
	    DB_IN(db_t(pm->akey), db_t(pm->portal), db_t(pm->lines_hash),
		db_t(pm->payer), db_t(pm->number), db_t(expected)),
	    &changed, f);
	if (rc != ERR_OK)
		return rc;
	if (changed == 0)
		return holder(self, a, pm, number, f);
	*number = arena_str(a, pm->number);
	return ERR_OK;
}

static enum err
known(int64_t changed, const char *what, struct str number, struct fault *f)
{
	if (changed == 1)
		return ERR_OK;
	return fault_set(f, ERR_ABSENT, "payment_unknown", "%s: %.*s", what,
	    STR_ARG(number));
}

static enum err
lead(void *self, struct str akey, struct str number, struct str to,
    struct fault *f)
{
	int64_t changed;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_BILL_LEAD,
	    DB_IN(db_t(to), db_t(akey), db_t(number)), &changed, f);
	return rc != ERR_OK ? rc : known(changed, "lead", number, f);
}

static enum err
trx_put(void *self, struct str akey, struct str number, int n,
    struct str trx_id, int64_t at, struct fault *f)
{
	assert(db_in_tx(self));
	return db_run(self, SQL_TRX_PUT,
	    DB_IN(db_t(akey), db_t(number), db_n(n), db_t(trx_id), db_n(at)),
	    NULL, f);
}

static enum err
trx_move(void *self, struct str akey, struct str number, int n,
    struct str trx_id, struct str state, struct fault *f)
{
	int64_t changed;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_TRX_MOVE,
	    DB_IN(db_t(state), db_t(akey), db_t(number), db_n(n), db_t(trx_id)),
	    &changed, f);
	return rc != ERR_OK ? rc : known(changed, "trx_move", number, f);
}

static enum err
trxs(void *self, struct arena *a, struct str akey, struct str number, int n,
    int limit, struct str **ids, struct str **states, size_t *len,
    struct fault *f)
{
	struct db_rows r;
	enum err rc;

	assert(limit > 0);
	rc = db_read(self, a, SQL_TRX_LIST,
	    DB_IN(db_t(akey), db_t(number), db_n(n), db_n(limit)), "tt",
	    (size_t)limit, &r, f);
	if (rc != ERR_OK)
		return rc;
	*ids = ARENA_ARRAY(a, r.len, struct str);
	*states = ARENA_ARRAY(a, r.len, struct str);
	for (size_t i = 0; i < r.len; i++) {
		(*ids)[i] = db_row(&r, i)[0].t;
		(*states)[i] = db_row(&r, i)[1].t;
	}
	*len = r.len;
	return ERR_OK;
}

static enum err
overdue(void *self, struct arena *a, int64_t now, int limit,
    struct str **numbers, size_t *len, struct fault *f)
{
	struct db_rows r;
	enum err rc;

	assert(limit > 0);
	rc = db_read(self, a, SQL_PAY_OVERDUE, DB_IN(db_n(now), db_n(limit)),
	    "t", (size_t)limit, &r, f);
	if (rc != ERR_OK)
		return rc;
	*numbers = ARENA_ARRAY(a, r.len, struct str);
	for (size_t i = 0; i < r.len; i++)
		(*numbers)[i] = db_row(&r, i)[0].t;
	*len = r.len;
	return ERR_OK;
}

struct bill_store
st_bill(struct db *db)
{
	return (struct bill_store){ db, take, holder, lead, trx_put, trx_move,
		trxs, overdue };
}
