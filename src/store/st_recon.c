#include "kvitok/store/st_recon.h"

#include "kvitok/domain/payment.h"

#include <assert.h>

#define DAYS_MAX 400
#define ROW_SHAPE                                                              \
	"ttttttttttt"                                                          \
	"iiiiii"
#define POSTING_SHAPE                                                          \
	"tttttttt"                                                             \
	"ii"

static enum err
row_of(const struct db_cell *c, struct recon_row *out, struct fault *f)
{
	*out = (struct recon_row){ .akey = c[0].t,
		.key = c[1].t,
		.file = c[2].t,
		.own_account = c[10].t,
		.r = { .order_no = c[4].t,
		    .bank_id = c[5].t,
		    .op_id = c[6].t,
		    .rrn = c[7].t,
		    .auth_code = c[8].t,
		    .card = STR(""),
		    .line = c[11].n,
		    .at = c[12].n,
		    .gross_kop = c[13].n,
		    .fee_kop = c[14].n,
		    .vat_kop = c[15].n,
		    .net_kop = c[16].n } };
	if (!reg_kind_of(c[3].t, &out->r.kind) ||
	    c[9].t.len != DAY_TEXT_SIZE - 1)
		return fault_set(f, ERR_BUG, "internal", "row %.*s/%.*s",
		    STR_ARG(c[0].t), STR_ARG(c[1].t));
	memcpy(out->r.day, c[9].t.p, DAY_TEXT_SIZE);
	return ERR_OK;
}

static enum err
rows(void *self, struct arena *a, struct str contract, bool unknown,
    struct str after_akey, struct str after_key, int limit,
    const struct recon_row **out, size_t *len, struct fault *f)
{
	struct recon_row *v;
	struct db_rows r;
	enum err rc = db_read(self, a,
	    unknown ? SQL_RECON_ROWS_UNKNOWN : SQL_RECON_ROWS_NEW,
	    DB_IN(
		db_t(contract), db_t(after_akey), db_t(after_key), db_n(limit)),
	    ROW_SHAPE, (size_t)limit, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct recon_row);
	for (size_t i = 0; i < r.len && rc == ERR_OK; i++)
		rc = row_of(db_row(&r, i), &v[i], f);
	*out = v;
	*len = r.len;
	return rc;
}

static enum err
row(void *self, struct arena *a, struct str contract, struct str key,
    struct recon_row *out, bool *found, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_RECON_ROW_UNKNOWN,
	    DB_IN(db_t(contract), db_t(key)), ROW_SHAPE, 1, &r, f);

	*found = rc == ERR_OK && r.len == 1;
	return *found ? row_of(r.cells, out, f) : rc;
}

/* The number of the attempt that a posting is about: money of another attempt
 * names it as its cause. */
static struct str
bank_no_of(struct arena *a, const struct db_cell *c)
{
	struct str bank_no, number;
	char text[PAY_BANK_NO_MAX + 1];
	int n;

	if (!str_eq(c[3].t, STR("paid"))) {
		/* "NUMBER-2", or with the opening of the page behind it */
		bank_no = c[2].t;
		for (size_t i = PAY_NUMBER_LEN + 1; i < bank_no.len; i++)
			if (bank_no.p[i] < '0' || bank_no.p[i] > '9')
				bank_no.len = i;
		if (pay_bank_no_split(bank_no, &number, &n))
			return bank_no;
	}
	if (c[9].n < 1 || c[9].n > 99)
		return STR("");
	pay_bank_no(c[4].t, (int)c[9].n, text);
	return arena_str(a, str_of(text));
}

static void
known_of(struct arena *a, const struct db_rows *r, struct recon_known *out)
{
	out->v = ARENA_ARRAY(a, r->len + 1, struct recon_posting);
	out->portals = ARENA_ARRAY(a, r->len + 1, struct str);
	out->missing = ARENA_ARRAY(a, r->len + 1, bool);
	out->len = r->len;
	for (size_t i = 0; i < r->len; i++) {
		const struct db_cell *c = db_row(r, i);

		out->v[i] = (struct recon_posting){ .akey = c[0].t,
			.transfer = c[1].t,
			.cause = c[2].t,
			.kind = c[3].t,
			.number = c[4].t,
			.bank_no = bank_no_of(a, c),
			.day = c[5].t,
			.sum_kop = c[8].n,
			.let_be = str_eq(c[7].t, STR("let_be")),
			.taken =
			    c[7].t.len > 0 && !str_eq(c[7].t, STR("missing")) };
		out->portals[i] = c[6].t;
		out->missing[i] = str_eq(c[7].t, STR("missing"));
	}
}

static struct str
receivable(struct arena *a, struct str contract)
{
	return arena_fmt(a, "receivable/%.*s", STR_ARG(contract));
}

static enum err
known(void *self, struct arena *a, struct str contract, struct str number,
    struct str rrn, struct str auth_code, struct recon_known *out,
    struct fault *f)
{
	struct str account = receivable(a, contract);
	struct db_rows r;
	enum err rc;

	if (number.len > 0) {
		struct str akey = { number.p, PAY_AKEY_LEN };

		assert(number.len == PAY_NUMBER_LEN);
		rc = db_read(self, a, SQL_RECON_OF_NUMBER,
		    DB_IN(db_t(account), db_t(akey), db_t(number),
			db_n(RECON_POSTINGS_MAX)),
		    POSTING_SHAPE, RECON_POSTINGS_MAX, &r, f);
	} else {
		rc = db_read(self, a, SQL_RECON_OF_RRN,
		    DB_IN(db_t(account), db_t(rrn), db_t(auth_code),
			db_n(RECON_POSTINGS_MAX)),
		    POSTING_SHAPE, RECON_POSTINGS_MAX, &r, f);
	}
	if (rc == ERR_OK)
		known_of(a, &r, out);
	return rc;
}

static enum err
took(struct db *db, const struct recon_verdict *v, struct fault *f)
{
	const struct recon_posting *p = v->found;
	int64_t changed = 0;
	enum err rc = db_run(db, SQL_RECON_PAIR_PUT,
	    DB_IN(db_t(p->akey), db_t(p->transfer), db_t(v->contract),
		db_t(p->day), db_t(p->number), db_t(v->portal),
		db_n(p->sum_kop), db_t(STR("found")), db_t(v->row->akey),
		db_t(v->row->key), db_n(v->at)),
	    &changed, f);

	if (rc == ERR_OK && changed == 0)
		return fault_set(f, ERR_AGAIN, "busy", "posting %.*s is taken",
		    STR_ARG(p->transfer));
	return rc;
}

static enum err
judge(void *self, const struct recon_verdict *v, bool *mine, struct fault *f)
{
	const struct recon_posting *p = v->found;
	int64_t changed = 0;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_RECON_JUDGE,
	    DB_IN(db_t(str_of(recon_outcome_name(v->outcome))),
		db_n(v->fee_off), db_n(v->was_unknown), db_t(v->number),
		db_t(v->portal), db_t(v->own_account),
		db_t(p != NULL ? p->akey : STR("")),
		db_t(p != NULL ? p->transfer : STR("")),
		db_n(p != NULL ? p->sum_kop : 0), db_t(v->hand_akey),
		db_t(v->hand_case), db_n(v->at), db_t(v->row->akey),
		db_t(v->contract), db_t(v->row->key),
		db_t(v->was_unknown ? STR("unknown") : STR("new"))),
	    &changed, f);
	*mine = rc == ERR_OK && changed == 1;
	return *mine && p != NULL ? took(self, v, f) : rc;
}

static enum err
pair(void *self, const struct recon_pair *x, struct fault *f)
{
	const struct recon_posting *p = x->posting;
	int64_t changed = 0;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_RECON_PAIR_PUT,
	    DB_IN(db_t(p->akey), db_t(p->transfer), db_t(x->contract),
		db_t(p->day), db_t(p->number), db_t(x->portal),
		db_n(p->sum_kop),
		db_t(x->missing ? STR("missing") : STR("reversed")),
		db_t(STR("")), db_t(STR("")), db_n(x->at)),
	    &changed, f);
	if (rc == ERR_OK && changed == 0)
		return fault_set(f, ERR_AGAIN, "busy", "posting %.*s is found",
		    STR_ARG(p->transfer));
	return rc;
}

static enum err
unpaired(void *self, struct arena *a, struct str contract, struct str day,
    struct str after_akey, struct str after_transfer, int limit,
    struct recon_known *out, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_RECON_UNPAIRED,
	    DB_IN(db_t(receivable(a, contract)), db_t(day), db_t(after_akey),
		db_t(after_transfer), db_n(limit)),
	    POSTING_SHAPE, (size_t)limit, &r, f);

	if (rc == ERR_OK)
		known_of(a, &r, out);
	return rc;
}

static enum err
days(void *self, struct arena *a, struct str contract, const struct str **out,
    size_t *len, struct str *last, struct fault *f)
{
	struct str *v;
	struct db_rows r;
	enum err rc = db_read(
	    self, a, SQL_RECON_LAST_DAY, DB_IN(db_t(contract)), "t", 1, &r, f);

	if (rc != ERR_OK)
		return rc;
	*last = r.cells[0].t;
	rc = db_read(self, a, SQL_RECON_DAYS,
	    DB_IN(db_t(contract), db_n(DAYS_MAX)), "t", DAYS_MAX, &r, f);
	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct str);
	for (size_t i = 0; i < r.len; i++)
		v[i] = db_row(&r, i)[0].t;
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
day_judged(void *self, struct str contract, struct str day, int64_t at,
    struct fault *f)
{
	return db_run(self, SQL_RECON_DAY_JUDGED,
	    DB_IN(db_n(at), db_t(contract), db_t(day)), NULL, f);
}

struct recon_store
st_recon(struct db *db)
{
	return (struct recon_store){ db, rows, known, judge, pair, row,
		unpaired, days, day_judged };
}
