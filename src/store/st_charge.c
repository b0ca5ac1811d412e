#include "kvitok/store/st_charge.h"

#include "kvitok/base/day.h"

#include <stdlib.h>

#define WHOSE(acc)                                                             \
	db_t((acc)->akey), db_t((acc)->portal), db_t((acc)->supplier),         \
	    db_t((acc)->account)

/* One reading of an account's facts. */
struct reading {
	struct db *db;
	struct arena *a;
	const struct account *acc;
	struct str from, to; /* from: with which the facts begin */
	int zone_min;
	struct statement_facts *out;
	struct fault *f;
};

static enum err
read_start(struct reading *r)
{
	const struct account *acc = r->acc;
	struct str month = r->from;
	struct db_rows rows;
	enum err rc = db_read(r->db, r->a, SQL_CHARGE_START,
	    DB_IN(WHOSE(acc), db_t(month), WHOSE(acc), WHOSE(acc), db_t(month)),
	    "t", 1, &rows, r->f);

	if (rc != ERR_OK)
		return rc;
	month = rows.cells[0].t;
	if (month.len > 0 && str_cmp(month, r->from) < 0)
		r->from = month;
	return ERR_OK;
}

static enum err
read_charges(struct reading *r)
{
	struct charge *v;
	struct db_rows rows;
	enum err rc = db_read(r->db, r->a, SQL_CHARGE_LIST,
	    DB_IN(WHOSE(r->acc), db_t(r->from), db_t(r->to)),
	    "ttt"
	    "iiii"
	    "t"
	    "ii",
	    CHARGE_ROWS_MAX, &rows, r->f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(r->a, rows.len + 1, struct charge);
	for (size_t i = 0; i < rows.len; i++) {
		const struct db_cell *c = db_row(&rows, i);

		v[i] = (struct charge){ .month = c[0].t,
			.service = c[1].t,
			.unit = c[2].t,
			.volume_micro = c[3].n,
			.tariff_micro = c[4].n,
			.accrued_kop = c[5].n,
			.recalculated_kop = c[6].n,
			.recalculated_why = c[7].t,
			.benefit_kop = c[8].n,
			.penalty_kop = c[9].n };
	}
	r->out->charges = v;
	r->out->charges_len = rows.len;
	return ERR_OK;
}

static enum err
read_openings(struct reading *r)
{
	struct opening *v;
	struct db_rows rows;
	enum err rc = db_read(r->db, r->a, SQL_OPENING_LIST,
	    DB_IN(WHOSE(r->acc), db_t(r->from)), "tti", CHARGE_ROWS_MAX, &rows,
	    r->f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(r->a, rows.len + 1, struct opening);
	for (size_t i = 0; i < rows.len; i++) {
		const struct db_cell *c = db_row(&rows, i);

		v[i] = (struct opening){ c[0].t, c[1].t, c[2].n };
	}
	r->out->openings = v;
	r->out->openings_len = rows.len;
	return ERR_OK;
}

static enum err
read_pending(struct db *db, struct arena *a, const struct account *acc,
    struct db_rows *rows, struct fault *f)
{
	return db_read(db, a, SQL_OWN_PENDING,
	    DB_IN(db_t(acc->akey), db_t(acc->account), db_t(acc->supplier),
		db_t(acc->portal)),
	    "ttii", CHARGE_ROWS_MAX, rows, f);
}

static struct statement_payment
pending_of(struct arena *a, const struct db_cell *c, int zone_min)
{
	char day[DAY_TEXT_SIZE];

	day_of(c[2].n, zone_min, day);
	return (struct statement_payment){ .service = c[0].t,
		.number = c[1].t,
		.day = arena_str(a, str_of(day)),
		.sum_kop = c[3].n };
}

static int
by_day(const void *a, const void *b)
{
	const struct statement_payment *x = a, *y = b;
	int order = str_cmp(x->day, y->day);

	if (order == 0)
		order = str_cmp(x->number, y->number);
	if (order == 0)
		order = str_cmp(x->id, y->id);
	if (order == 0)
		order = str_cmp(x->service, y->service);
	return order != 0
	    ? order
	    : (x->sum_kop > y->sum_kop) - (x->sum_kop < y->sum_kop);
}

/* Of elsewhere the fifth column is the place, of ours the number. */
static enum err
read_payments(struct reading *r)
{
	struct statement_payment *v;
	struct db_rows there, ours, pending;
	size_t n = 0;
	enum err rc = db_read(r->db, r->a, SQL_ELSEWHERE_LIST,
	    DB_IN(WHOSE(r->acc), db_t(r->from), db_t(r->to)), "tttitt",
	    CHARGE_ROWS_MAX, &there, r->f);

	if (rc == ERR_OK)
		rc = db_read(r->db, r->a, SQL_ACK_LIST,
		    DB_IN(WHOSE(r->acc), db_t(r->from), db_t(r->to)), "tttitt",
		    CHARGE_ROWS_MAX, &ours, r->f);
	if (rc == ERR_OK)
		rc = read_pending(r->db, r->a, r->acc, &pending, r->f);
	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(r->a, there.len + ours.len + pending.len + 1,
	    struct statement_payment);
	for (size_t i = 0; i < there.len + ours.len; i++) {
		bool own = i >= there.len;
		const struct db_cell *c =
		    own ? db_row(&ours, i - there.len) : db_row(&there, i);

		v[n++] = (struct statement_payment){ .month = c[0].t,
			.service = c[1].t,
			.day = c[2].t,
			.sum_kop = c[3].n,
			.id = c[5].t,
			.place = own ? STR_NONE : c[4].t,
			.number = own ? c[4].t : STR_NONE };
	}
	for (size_t i = 0; i < pending.len; i++)
		v[n++] = pending_of(r->a, db_row(&pending, i), r->zone_min);
	if (n > 0)
		qsort(v, n, sizeof(*v), by_day);
	r->out->payments = v;
	r->out->payments_len = n;
	return ERR_OK;
}

static enum err
read_facts(void *self, struct arena *a, const struct account *acc,
    struct str from, struct str to, int zone_min, struct statement_facts *out,
    struct str *start, struct fault *f)
{
	struct reading r = { self, a, acc, from, to, zone_min, out, f };
	enum err rc = read_start(&r);

	if (rc == ERR_OK)
		rc = read_charges(&r);
	if (rc == ERR_OK)
		rc = read_openings(&r);
	if (rc == ERR_OK)
		rc = read_payments(&r);
	*start = r.from;
	return rc;
}

static enum err
pending(void *self, struct arena *a, const struct account *acc, int zone_min,
    const struct statement_payment **out, size_t *len, struct fault *f)
{
	struct statement_payment *v;
	struct db_rows rows;
	enum err rc = read_pending(self, a, acc, &rows, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, rows.len + 1, struct statement_payment);
	for (size_t i = 0; i < rows.len; i++)
		v[i] = pending_of(a, db_row(&rows, i), zone_min);
	*out = v;
	*len = rows.len;
	return ERR_OK;
}

static enum err
accounts(void *self, struct arena *a, struct str portal, struct str supplier,
    struct str after_akey, struct str after_account, int limit,
    const struct account **out, size_t *len, struct fault *f)
{
	struct account *v;
	struct db_rows rows;
	enum err rc = db_read(self, a, SQL_BILL_ACCOUNTS,
	    DB_IN(db_t(portal), db_t(supplier), db_t(after_akey),
		db_t(after_account), db_n(limit)),
	    "ttttt", (size_t)limit, &rows, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, rows.len + 1, struct account);
	for (size_t i = 0; i < rows.len; i++) {
		const struct db_cell *c = db_row(&rows, i);

		v[i] = (struct account){ .akey = c[0].t,
			.portal = portal,
			.supplier = supplier,
			.account = c[1].t,
			.shown = c[2].t,
			.owner = c[3].t,
			.address = c[4].t };
	}
	*out = v;
	*len = rows.len;
	return ERR_OK;
}

struct charge_store
st_charge(struct db *db)
{
	return (struct charge_store){ db, read_facts, pending, accounts };
}
