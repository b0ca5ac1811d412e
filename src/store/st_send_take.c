#include "kvitok/store/st_send.h"

#include "kvitok/domain/settle.h"

#include <assert.h>

#define PAGE 1000 /* lines of one transaction */

static enum err
busy(const struct sent_doc *x, struct fault *f)
{
	return fault_set(f, ERR_AGAIN, "busy",
	    "document %.*s is in other hands", STR_ARG(x->id));
}

/* Hold the row until the end of the transaction. */
static enum err
lock(struct db *db, const struct sent_doc *x, struct fault *f)
{
	int64_t changed;
	enum err rc = db_run(
	    db, SQL_SEND_LOCK, DB_IN(db_t(x->id), db_n(x->items)), &changed, f);

	return rc == ERR_OK && changed == 0 ? busy(x, f) : rc;
}

/* Where the next lines of the supplier's account end. */
static enum err
page_end(struct db *db, struct arena *a, struct str account,
    const struct send_range *r, const struct settle_mark *from,
    struct settle_mark *to, bool *more, struct fault *f)
{
	struct db_rows rows;
	enum err rc = db_read(db, a, SQL_SETTLE_PAGE_END,
	    DB_IN(db_t(account), db_t(r->from_day), db_t(r->to_day),
		db_t(from->day), db_t(from->akey), db_t(from->transfer),
		db_n(from->n), db_n(PAGE)),
	    "ttti", 1, &rows, f);

	*more = rc == ERR_OK && rows.len > 0;
	if (*more) {
		const struct db_cell *c = db_row(&rows, 0);

		*to = (struct settle_mark){ c[0].t, c[1].t, c[2].t, c[3].n };
	}
	return rc;
}

static enum err
take_lines(struct db *db, struct arena *a, const struct sent_doc *x,
    const struct send_range *r, struct settle_mark *mark, bool *more,
    struct fault *f)
{
	struct str account = settle_account(a, x->portal, x->supplier);
	struct settle_mark to;
	enum err rc = page_end(db, a, account, r, mark, &to, more, f);

	if (rc != ERR_OK || !*more)
		return rc;
	rc = db_run(db,
	    x->kind == SEND_PAYMENTS ? SQL_SEND_TAKE_PAYMENTS
				     : SQL_SEND_TAKE_REFUNDS,
	    DB_IN(db_t(account), db_t(r->from_day), db_t(mark->day),
		db_t(mark->akey), db_t(mark->transfer), db_n(mark->n),
		db_t(to.day), db_t(to.akey), db_t(to.transfer), db_n(to.n),
		db_t(x->id)),
	    NULL, f);
	*mark = to;
	return rc;
}

static enum err
take_readings(struct db *db, const struct sent_doc *x,
    const struct send_range *r, bool *more, struct fault *f)
{
	int64_t taken = 0;
	enum err rc = db_run(db, SQL_SEND_TAKE_READINGS,
	    DB_IN(db_n(r->from_at), db_n(r->before_at), db_t(x->id),
		db_n(r->before_at), db_n(PAGE)),
	    &taken, f);

	*more = rc == ERR_OK && taken == PAGE;
	return rc;
}

static enum err
take_settlement(struct db *db, const struct sent_doc *x,
    const struct send_range *r, bool *more, struct fault *f)
{
	char akey[PAY_AKEY_LEN + 1];

	*more = false;
	if (x->items > 0)
		return ERR_OK; /* a former run has taken it */
	settle_akey(x->portal, x->supplier, akey);
	return db_run(db, SQL_SEND_TAKE_SETTLEMENT,
	    DB_IN(db_n(r->returned), db_t(x->id), db_t(str_of(akey)),
		db_t(r->settlement)),
	    NULL, f);
}

/* As many as one document has; what is closed stands behind what is asked. */
static enum err
take_requests(struct db *db, const struct sent_doc *x,
    const struct send_range *r, bool *more, struct fault *f)
{
	enum err rc;

	*more = false;
	if (x->items > 0)
		return ERR_OK; /* a former run has taken them */
	rc = db_run(db, SQL_SEND_TAKE_REQUESTS,
	    DB_IN(db_n(r->from_at), db_t(x->id), db_n(SEND_REQUESTS_MAX),
		db_n(SEND_FILES_MAX)),
	    NULL, f);
	return rc == ERR_OK
	    ? db_run(db, SQL_SEND_TAKE_CLOSED,
		  DB_IN(db_n(r->from_at), db_t(x->id), db_n(SEND_REQUESTS_MAX)),
		  NULL, f)
	    : rc;
}

/* Count what has come to the document. */
static enum err
add_up(struct db *db, struct arena *a, struct sent_doc *x, struct fault *f)
{
	struct db_rows r;
	int64_t changed;
	enum err rc = db_read(db, a, SQL_SEND_NEW_ITEMS,
	    DB_IN(db_t(x->id), db_n(x->items)), "ii", 1, &r, f);

	if (rc != ERR_OK || r.cells[0].n == 0)
		return rc;
	rc = db_run(db, SQL_SEND_ADD,
	    DB_IN(db_n(r.cells[0].n), db_n(r.cells[1].n), db_t(x->id),
		db_n(x->items)),
	    &changed, f);
	if (rc == ERR_OK && changed == 0)
		return busy(x, f);
	x->items += r.cells[0].n;
	x->sum_kop += r.cells[1].n;
	return rc;
}

enum err
st_send_take(void *self, struct arena *a, struct sent_doc *x,
    const struct send_range *r, struct settle_mark *mark, bool *more,
    struct fault *f)
{
	enum err rc;

	assert(db_in_tx(self));
	if ((rc = lock(self, x, f)) != ERR_OK)
		return rc;
	switch (x->kind) {
	case SEND_PAYMENTS:
	case SEND_REFUNDS:
		rc = take_lines(self, a, x, r, mark, more, f);
		break;
	case SEND_READINGS:
		rc = take_readings(self, x, r, more, f);
		break;
	case SEND_SETTLEMENT:
		rc = take_settlement(self, x, r, more, f);
		break;
	case SEND_REQUESTS:
		rc = take_requests(self, x, r, more, f);
		break;
	case SEND_KIND__COUNT:
		return fault_set(f, ERR_BUG, "internal", "no kind");
	}
	return rc == ERR_OK ? add_up(self, a, x, f) : rc;
}
