#include "kvitok/store/st_recon.h"

#include "kvitok/base/json.h"
#include "kvitok/domain/payment.h"

#include <assert.h>

#define DAYS_MAX 400
#define PAGE_TEXT_MAX ((size_t)1 << 20)
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

/* Rows from one on, of a read that has at least the columns of a posting. */
static void
known_of(struct arena *a, const struct db_rows *r, size_t from, size_t len,
    struct recon_known *out)
{
	out->v = ARENA_ARRAY(a, len + 1, struct recon_posting);
	out->portals = ARENA_ARRAY(a, len + 1, struct str);
	out->missing = ARENA_ARRAY(a, len + 1, bool);
	out->len = len;
	for (size_t i = 0; i < len; i++) {
		const struct db_cell *c = db_row(r, from + i);

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

static bool
is_by_rrn(const struct recon_key *k)
{
	return k->number.len == 0 && k->rrn.len > 0 && k->auth_code.len > 0;
}

static enum err
known_each(struct db *db, struct arena *a, struct str account,
    const struct recon_key *k, struct recon_known *out, struct fault *f)
{
	struct db_rows r = { .len = 0 };
	enum err rc = ERR_OK;

	if (k->number.len > 0) {
		struct str akey = { k->number.p, PAY_AKEY_LEN };

		assert(k->number.len == PAY_NUMBER_LEN);
		rc = db_read(db, a, SQL_RECON_OF_NUMBER,
		    DB_IN(db_t(account), db_t(akey), db_t(k->number),
			db_n(RECON_POSTINGS_MAX)),
		    POSTING_SHAPE, RECON_POSTINGS_MAX, &r, f);
	} else if (is_by_rrn(k)) {
		rc = db_read(db, a, SQL_RECON_OF_RRN,
		    DB_IN(db_t(account), db_t(k->rrn), db_t(k->auth_code),
			db_n(RECON_POSTINGS_MAX)),
		    POSTING_SHAPE, RECON_POSTINGS_MAX, &r, f);
	}
	if (rc == ERR_OK)
		known_of(a, &r, 0, r.len, out);
	return rc;
}

/* Keys of one sort.  Gives: how many there are. */
static size_t
keys_json(const struct recon_key *keys, size_t len, bool by_rrn, struct buf *b)
{
	struct jw w;
	size_t n = 0;

	jw_init(&w, b);
	jw_list(&w);
	for (size_t i = 0; i < len; i++) {
		const struct recon_key *k = &keys[i];

		if (by_rrn ? !is_by_rrn(k) : k->number.len == 0)
			continue;
		jw_object(&w);
		jw_kint(&w, "i", (int64_t)i);
		if (by_rrn) {
			jw_ktext(&w, "r", k->rrn);
			jw_ktext(&w, "c", k->auth_code);
		} else {
			assert(k->number.len == PAY_NUMBER_LEN);
			jw_ktext(
			    &w, "a", (struct str){ k->number.p, PAY_AKEY_LEN });
			jw_ktext(&w, "n", k->number);
		}
		jw_object_end(&w);
		n++;
	}
	jw_list_end(&w);
	return n;
}

static enum err
known_at_once(struct db *db, struct arena *a, struct str account,
    const struct recon_key *keys, size_t len, bool by_rrn,
    struct recon_known *out, struct fault *f)
{
	struct db_rows r;
	struct buf text;
	enum err rc;

	buf_init(&text, a, PAGE_TEXT_MAX);
	if (keys_json(keys, len, by_rrn, &text) == 0)
		return ERR_OK;
	if (text.full)
		return fault_set(f, ERR_BUG, "internal", "keys too long");
	rc = db_read(db, a, by_rrn ? SQL_RECON_OF_RRNS : SQL_RECON_OF_NUMBERS,
	    DB_IN(
		db_t(buf_str(&text)), db_t(account), db_n(RECON_POSTINGS_MAX)),
	    POSTING_SHAPE "i", (size_t)RECON_ROWS_MAX * RECON_POSTINGS_MAX, &r,
	    f);
	for (size_t i = 0, end; rc == ERR_OK && i < r.len; i = end) {
		int64_t key = db_row(&r, i)[10].n;

		for (end = i; end < r.len && db_row(&r, end)[10].n == key;)
			end++;
		known_of(a, &r, i, end - i, &out[key]);
	}
	return rc;
}

static enum err
known(void *self, struct arena *a, struct str contract,
    const struct recon_key *keys, size_t len, struct recon_known *out,
    struct fault *f)
{
	struct str account = receivable(a, contract);
	enum err rc = ERR_OK;

	assert(len <= RECON_ROWS_MAX);
	memset(out, 0, len * sizeof(*out));
	if (len > 1 && db_has(self, SQL_RECON_OF_NUMBERS)) {
		rc = known_at_once(self, a, account, keys, len, false, out, f);
		return rc == ERR_OK
		    ? known_at_once(self, a, account, keys, len, true, out, f)
		    : rc;
	}
	for (size_t i = 0; i < len && rc == ERR_OK; i++)
		rc = known_each(self, a, account, &keys[i], &out[i], f);
	return rc;
}

static enum err
is_taken(struct str transfer, struct fault *f)
{
	return fault_set(
	    f, ERR_AGAIN, "busy", "posting %.*s is taken", STR_ARG(transfer));
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

	return rc == ERR_OK && changed == 0 ? is_taken(p->transfer, f) : rc;
}

static struct str
from_state(const struct recon_verdict *v)
{
	return v->was_unknown ? STR("unknown") : STR("new");
}

static enum err
judge_each(
    struct db *db, const struct recon_verdict *v, bool *mine, struct fault *f)
{
	const struct recon_posting *p = v->found;
	int64_t changed = 0;
	enum err rc;

	rc = db_run(db, SQL_RECON_JUDGE,
	    DB_IN(db_t(str_of(recon_outcome_name(v->outcome))),
		db_n(v->fee_off), db_n(v->was_unknown), db_t(v->number),
		db_t(v->portal), db_t(v->own_account),
		db_t(p != NULL ? p->akey : STR("")),
		db_t(p != NULL ? p->transfer : STR("")),
		db_n(p != NULL ? p->sum_kop : 0), db_t(v->hand_akey),
		db_t(v->hand_case), db_n(v->at), db_t(v->row->akey),
		db_t(v->contract), db_t(v->row->key), db_t(from_state(v))),
	    &changed, f);
	*mine = rc == ERR_OK && changed == 1;
	return *mine && p != NULL ? took(db, v, f) : rc;
}

static void
verdict_json(struct jw *w, const struct recon_verdict *v)
{
	const struct recon_posting *p = v->found;

	jw_object(w);
	jw_ktext(w, "a", v->row->akey);
	jw_ktext(w, "b", v->contract);
	jw_ktext(w, "k", v->row->key);
	jw_ktext(w, "s", str_of(recon_outcome_name(v->outcome)));
	jw_kint(w, "f", v->fee_off);
	jw_kint(w, "l", v->was_unknown);
	jw_ktext(w, "n", v->number);
	jw_ktext(w, "p", v->portal);
	jw_ktext(w, "o", v->own_account);
	jw_ktext(w, "x", p != NULL ? p->akey : STR(""));
	jw_ktext(w, "t", p != NULL ? p->transfer : STR(""));
	jw_kint(w, "g", p != NULL ? p->sum_kop : 0);
	jw_ktext(w, "d", p != NULL ? p->day : STR(""));
	jw_ktext(w, "y", v->hand_akey);
	jw_ktext(w, "h", v->hand_case);
	jw_ktext(w, "m", p != NULL ? p->number : STR(""));
	jw_object_end(w);
}

/* Each that found a posting must have it now. */
static enum err
read_judged(const struct db_rows *r, const struct recon_verdict *v, size_t len,
    bool *mine, struct fault *f)
{
	size_t found = 0, free = 0;

	for (size_t n = 0; n < r->len; n++) {
		const struct db_cell *c = db_row(r, n);

		free += c[3].n == 1;
		found += c[3].n == 0 && c[2].t.len > 0;
		for (size_t i = 0; c[3].n == 0 && i < len; i++)
			mine[i] |= str_eq(v[i].row->key, c[0].t) &&
			    str_eq(v[i].row->akey, c[1].t);
	}
	return found == free ? ERR_OK
			     : fault_set(f, ERR_AGAIN, "busy",
				   "%zu postings are taken", found - free);
}

static enum err
judge_at_once(struct db *db, struct arena *a, const struct recon_verdict *v,
    size_t len, bool *mine, struct fault *f)
{
	struct db_rows r;
	struct buf text;
	struct jw w;
	enum err rc;

	buf_init(&text, a, PAGE_TEXT_MAX);
	jw_init(&w, &text);
	jw_list(&w);
	for (size_t i = 0; i < len; i++)
		verdict_json(&w, &v[i]);
	jw_list_end(&w);
	if (text.full)
		return fault_set(f, ERR_BUG, "internal", "verdicts too long");
	rc = db_read(db, a, SQL_RECON_JUDGE_ALL,
	    DB_IN(db_t(buf_str(&text)), db_n(v->at), db_t(from_state(v)),
		db_t(v->contract), db_n(v->at)),
	    "ttti", 2 * len, &r, f);
	return rc == ERR_OK ? read_judged(&r, v, len, mine, f) : rc;
}

static enum err
judge(void *self, struct arena *a, const struct recon_verdict *v, size_t len,
    bool *mine, struct fault *f)
{
	enum err rc = ERR_OK;

	assert(db_in_tx(self) && len <= RECON_ROWS_MAX);
	memset(mine, 0, len * sizeof(*mine));
	if (len > 1 && db_has(self, SQL_RECON_JUDGE_ALL))
		return judge_at_once(self, a, v, len, mine, f);
	for (size_t i = 0; i < len && rc == ERR_OK; i++)
		rc = judge_each(self, &v[i], &mine[i], f);
	return rc;
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
		known_of(a, &r, 0, r.len, out);
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
