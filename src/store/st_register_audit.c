#include "kvitok/store/st_register_audit.h"

#include "kvitok/store/st_audit_case.h"
#include "kvitok/store/tx.h"

#define FILE_ROWS_PAGE 20000
#define LINES_MAX 100 /* of the transfers of one row */

/* A page of rows and what was posted for them, at one instant. */
struct reading {
	struct db *db;
	struct arena *a;
	struct str akey, contract, key;
	int limit;
	struct audit_register_row *v;
	struct audit_register_pair *pairs;
	struct audit_register_case *cases;
	struct audit_register_file *files;
	size_t len;
};

static enum err
lines_of(const struct reading *w, struct str akey, struct str cause,
    const struct audit_register_line **out, size_t *len, struct fault *f)
{
	struct audit_register_line *v;
	struct db_rows r;
	enum err rc = db_read(w->db, w->a, SQL_AUDIT_REGISTER_LINES,
	    DB_IN(db_t(akey), db_t(cause)), "ttttttii", LINES_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(w->a, r.len + 1, struct audit_register_line);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct audit_register_line){ .transfer = c[0].t,
			.kind = c[1].t,
			.account = c[2].t,
			.number = c[3].t,
			.day = c[4].t,
			.line_day = c[5].t,
			.n = (int)c[6].n,
			.sum_kop = c[7].n };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static void
row_of(const struct db_cell *c, struct audit_register_row *x)
{
	*x = (struct audit_register_row){ .akey = c[0].t,
		.contract = c[1].t,
		.key = c[2].t,
		.kind = c[3].t,
		.state = c[4].t,
		.own_account = c[5].t,
		.found_akey = c[6].t,
		.found_transfer = c[7].t,
		.day = c[8].t,
		.file = c[9].t,
		.pair_state = c[10].t,
		.pair_akey = c[11].t,
		.pair_key = c[12].t,
		.gross_kop = c[13].n,
		.fee_kop = c[14].n,
		.vat_kop = c[15].n,
		.net_kop = c[16].n,
		.fee_off = c[17].n != 0,
		.late = c[18].n != 0,
		.found_kop = c[19].n,
		.posting_kop = c[20].n,
		.cases = c[21].n,
		.settled = c[22].n,
		.number = c[23].t,
		.pair_number = c[24].t,
		.hand_case = c[25].t,
		.hand_kind = c[26].t,
		.hand_subject = c[27].t,
		.hand_state = c[28].t,
		.hand_resolution = c[29].t };
}

static enum err
rows_body(void *arg, struct fault *f)
{
	struct reading *w = arg;
	struct db_rows r;
	enum err rc = db_read(w->db, w->a, SQL_AUDIT_REGISTER_ROWS,
	    DB_IN(
		db_t(w->akey), db_t(w->contract), db_t(w->key), db_n(w->limit)),
	    "ttttttttttttt"
	    "iiiiiiiiii"
	    "ttttttt",
	    (size_t)w->limit, &r, f);

	if (rc != ERR_OK)
		return rc;
	w->v = ARENA_ARRAY(w->a, r.len + 1, struct audit_register_row);
	w->len = r.len;
	for (size_t i = 0; i < r.len && rc == ERR_OK; i++) {
		struct audit_register_row *x = &w->v[i];

		row_of(db_row(&r, i), x);
		rc = lines_of(w, x->akey,
		    arena_fmt(w->a, "%.*s/%.*s", STR_ARG(x->contract),
			STR_ARG(x->key)),
		    &x->lines, &x->lines_len, f);
	}
	return rc;
}

static enum err
rows(void *self, struct arena *a, struct str after_akey,
    struct str after_contract, struct str after_key, int limit,
    const struct audit_register_row **out, size_t *len, struct fault *f)
{
	struct reading w = { .db = self,
		.a = a,
		.akey = after_akey,
		.contract = after_contract,
		.key = after_key,
		.limit = limit };
	enum err rc = tx_snapshot(self, "audit_registers", rows_body, &w, f);

	*out = w.v;
	*len = w.len;
	return rc;
}

static void
pair_of(const struct db_cell *c, struct audit_register_pair *x)
{
	*x = (struct audit_register_pair){ .akey = c[0].t,
		.transfer = c[1].t,
		.state = c[2].t,
		.day = c[3].t,
		.posting_day = c[4].t,
		.number = c[5].t,
		.posting_number = c[6].t,
		.row_transfer = c[7].t,
		.sum_kop = c[8].n,
		.posting_kop = c[9].n,
		.cases = c[10].n,
		.contract = c[11].t,
		.case_id = c[12].t,
		.case_state = c[13].t,
		.resolution = c[14].t };
}

static enum err
pairs_body(void *arg, struct fault *f)
{
	struct reading *w = arg;
	struct db_rows r;
	enum err rc = db_read(w->db, w->a, SQL_AUDIT_REGISTER_PAIRS,
	    DB_IN(db_t(w->akey), db_t(w->key), db_n(w->limit)),
	    "tttttttt"
	    "iiitttt",
	    (size_t)w->limit, &r, f);

	if (rc != ERR_OK)
		return rc;
	w->pairs = ARENA_ARRAY(w->a, r.len + 1, struct audit_register_pair);
	w->len = r.len;
	for (size_t i = 0; i < r.len && rc == ERR_OK; i++) {
		struct audit_register_pair *x = &w->pairs[i];

		pair_of(db_row(&r, i), x);
		if (x->case_id.len > 0)
			rc = lines_of(w, x->akey, x->case_id, &x->lines,
			    &x->lines_len, f);
	}
	return rc;
}

static enum err
pairs(void *self, struct arena *a, struct str after_akey,
    struct str after_transfer, int limit,
    const struct audit_register_pair **out, size_t *len, struct fault *f)
{
	struct reading w = { .db = self,
		.a = a,
		.akey = after_akey,
		.key = after_transfer,
		.limit = limit };
	enum err rc = tx_snapshot(self, "audit_registers", pairs_body, &w, f);

	*out = w.pairs;
	*len = w.len;
	return rc;
}

static enum err
chargebacks(void *self, struct arena *a, struct str after_akey,
    struct str after_id, int limit, const struct audit_chargeback **out,
    size_t *len, struct fault *f)
{
	struct audit_chargeback *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_AUDIT_CHARGEBACKS,
	    DB_IN(db_t(after_akey), db_t(after_id), db_n(limit)), "tttttii",
	    (size_t)limit, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct audit_chargeback);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct audit_chargeback){ c[0].t, c[1].t, c[2].t,
			c[3].t, c[4].t, c[5].n, c[6].n };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
cases_body(void *arg, struct fault *f)
{
	struct reading *w = arg;
	struct db_rows r;
	enum err rc = db_read(w->db, w->a, SQL_AUDIT_REGISTER_CASES,
	    DB_IN(db_t(w->akey), db_t(w->key), db_n(w->limit)),
	    "tttitttititittti"
	    "ii",
	    (size_t)w->limit, &r, f);

	if (rc != ERR_OK)
		return rc;
	w->cases = ARENA_ARRAY(w->a, r.len + 1, struct audit_register_case);
	w->len = r.len;
	for (size_t i = 0; i < r.len && rc == ERR_OK; i++) {
		const struct db_cell *c = db_row(&r, i);
		struct audit_register_case *x = &w->cases[i];

		x->akey = c[0].t;
		x->c = st_audit_case_of(c + 1);
		x->assigned = c[17].n;
		rc = st_audit_events_of(w->db, w->a, x->akey, x->c.id,
		    &x->events, &x->events_len, f);
	}
	return rc;
}

static enum err
cases(void *self, struct arena *a, struct str after_akey, struct str after_id,
    int limit, const struct audit_register_case **out, size_t *len,
    struct fault *f)
{
	struct reading w = { .db = self,
		.a = a,
		.akey = after_akey,
		.key = after_id,
		.limit = limit };
	enum err rc = tx_snapshot(self, "audit_registers", cases_body, &w, f);

	*out = w.cases;
	*len = w.len;
	return rc;
}

/* Of a file with any number of rows no statement reads more than a page. */
static enum err
add_rows(
    const struct reading *w, struct audit_register_file *x, struct fault *f)
{
	int64_t line = -1;
	int64_t *const sums[] = { &x->rows, &x->rows_gross_kop,
		&x->rows_fee_kop, &x->rows_vat_kop, &x->rows_net_kop };
	struct db_rows r;
	enum err rc;

	do {
		rc = db_read(w->db, w->a, SQL_AUDIT_REGISTER_FILE_ROWS,
		    DB_IN(db_t(x->id), db_n(line), db_n(FILE_ROWS_PAGE)),
		    "iiiiii", 1, &r, f);
		if (rc != ERR_OK)
			return rc;
		for (size_t i = 0; i < KV_COUNT(sums); i++)
			*sums[i] = audit_add(*sums[i], r.cells[i].n);
		line = r.cells[5].n;
	} while (r.cells[0].n == FILE_ROWS_PAGE);
	return ERR_OK;
}

static enum err
files_body(void *arg, struct fault *f)
{
	struct reading *w = arg;
	struct db_rows r;
	enum err rc = db_read(w->db, w->a, SQL_AUDIT_REGISTER_FILES,
	    DB_IN(db_t(w->contract), db_t(w->key), db_n(w->limit)),
	    "tt"
	    "iiiiiii",
	    (size_t)w->limit, &r, f);

	if (rc != ERR_OK)
		return rc;
	w->files = ARENA_ARRAY(w->a, r.len + 1, struct audit_register_file);
	w->len = r.len;
	for (size_t i = 0; i < r.len && rc == ERR_OK; i++) {
		const struct db_cell *c = db_row(&r, i);

		w->files[i] = (struct audit_register_file){ .contract = c[0].t,
			.id = c[1].t,
			.taken = c[2].n,
			.gross_kop = c[3].n,
			.fee_kop = c[4].n,
			.vat_kop = c[5].n,
			.net_kop = c[6].n,
			.bad = c[7].n,
			.bads = c[8].n };
		rc = add_rows(w, &w->files[i], f);
	}
	return rc;
}

static enum err
files(void *self, struct arena *a, struct str after_contract,
    struct str after_id, int limit, const struct audit_register_file **out,
    size_t *len, struct fault *f)
{
	struct reading w = { .db = self,
		.a = a,
		.contract = after_contract,
		.key = after_id,
		.limit = limit };
	enum err rc = tx_snapshot(self, "audit_registers", files_body, &w, f);

	*out = w.files;
	*len = w.len;
	return rc;
}

struct register_audit
st_register_audit(struct db *db)
{
	return (struct register_audit){ db, rows, pairs, chargebacks, cases,
		files };
}
