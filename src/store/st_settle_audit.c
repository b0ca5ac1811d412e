#include "kvitok/store/st_settle_audit.h"

#include "kvitok/store/st_settle.h"
#include "kvitok/store/tx.h"

#define ROWS_MAX 1000
#define TRANSFER_ROWS_MAX 200

struct reading {
	struct db *db;
	struct arena *a;
	const struct audit_span *span;
	struct str akey, id;
	struct audit_settlement *out;
};

static enum err
read_sums(struct reading *x, struct fault *f)
{
	struct audit_settlement *s = x->out;
	const struct db_cell *c;
	struct db_rows r, last;
	enum err rc = db_read(x->db, x->a, SQL_SETTLE_SUMS,
	    DB_IN(db_t(s->s.after_day), db_t(s->s.id), db_n(0)),
	    "iiiii"
	    "iiiii"
	    "tt",
	    1, &r, f);

	if (rc == ERR_OK)
		rc = db_read(x->db, x->a, SQL_SETTLE_AUDIT_LAST,
		    DB_IN(db_t(s->s.id)), "i", 1, &last, f);
	if (rc != ERR_OK)
		return rc;
	c = db_row(&r, 0);
	s->sums = (struct settle_sums){ .size = c[0].n,
		.items = c[0].n - c[1].n,
		.held_items = c[1].n,
		.taken_kop = c[2].n,
		.refunded_kop = c[3].n,
		.other_kop = c[4].n,
		.fee_kop = c[5].n,
		.supplier_fee_kop = c[6].n,
		.transfer_kop = c[7].n,
		.held_kop = c[8].n,
		.released_kop = c[9].n };
	s->first_day = c[10].t;
	s->held_day = c[11].t;
	s->last_n = db_row(&last, 0)[0].n;
	return ERR_OK;
}

/* Rows are lines, those of one transfer beside each other. */
static void
gather(struct reading *x, const struct db_rows *r)
{
	struct audit_transfer *v =
	    ARENA_ARRAY(x->a, r->len + 1, struct audit_transfer);
	struct audit_line *lines =
	    ARENA_ARRAY(x->a, r->len + 1, struct audit_line);
	struct str *numbers = ARENA_ARRAY(x->a, r->len + 1, struct str);
	size_t n = 0;

	for (size_t i = 0; i < r->len; i++) {
		const struct db_cell *c = db_row(r, i);

		if (n == 0 || !str_eq(v[n - 1].id, c[0].t)) {
			numbers[n] = c[2].t;
			v[n++] = (struct audit_transfer){ .id = c[0].t,
				.cause = x->out->s.id,
				.kind = c[1].t,
				.day = c[3].t,
				.at = c[4].n,
				.lines = &lines[i] };
		}
		lines[i] =
		    (struct audit_line){ (int)c[5].n, c[6].t, c[7].t, c[8].n };
		v[n - 1].lines_len += c[5].n > 0; /* 0: it has none */
	}
	x->out->transfers = v;
	x->out->numbers = numbers;
	x->out->transfers_len = n;
}

static enum err
read_transfers(struct reading *x, struct fault *f)
{
	const struct settlement *s = &x->out->s;
	struct db_rows r;
	enum err rc = db_read(x->db, x->a, SQL_SETTLE_AUDIT_TRANSFERS,
	    DB_IN(db_t(s->akey), db_t(s->id)),
	    "tttt"
	    "iitti",
	    TRANSFER_ROWS_MAX, &r, f);

	if (rc == ERR_OK)
		gather(x, &r);
	return rc;
}

static enum err
read_rest(struct reading *x, struct fault *f)
{
	struct settle_reader rd = st_settle_reader(x->db);
	const struct settle_event *e;
	struct str *kinds;
	struct db_rows r;
	size_t len;
	enum err rc = rd.events(x->db, x->a, &x->out->s, &e, &len, f);

	if (rc == ERR_OK)
		rc = db_read(x->db, x->a, SQL_SETTLE_AUDIT_ORDER,
		    DB_IN(db_t(x->out->s.akey), db_t(x->out->s.id)), "i", 1, &r,
		    f);
	if (rc != ERR_OK)
		return rc;
	kinds = ARENA_ARRAY(x->a, len + 1, struct str);
	for (size_t i = 0; i < len; i++)
		kinds[i] = e[i].kind;
	x->out->events = kinds;
	x->out->events_len = len;
	x->out->order_last = db_row(&r, 0)[0].n;
	return ERR_OK;
}

static enum err
next_body(void *arg, struct fault *f)
{
	struct reading *x = arg;
	struct settle_reader rd = st_settle_reader(x->db);
	struct str to = x->span->all ? STR("9999-99-99") : x->span->to_day;
	struct str from = x->span->all ? STR("") : x->span->from_day;
	struct db_rows r;
	enum err rc = db_read(x->db, x->a, SQL_SETTLE_AUDIT_NEXT,
	    DB_IN(db_t(x->akey), db_t(x->id), db_t(from), db_t(to)), "tt", 1,
	    &r, f);

	*x->out = (struct audit_settlement){ .s = { .id = STR_NONE } };
	if (rc != ERR_OK || r.len == 0)
		return rc;
	rc = rd.load(x->db, x->a, db_row(&r, 0)[0].t, &x->out->s, f);
	if (rc == ERR_OK)
		rc = read_sums(x, f);
	if (rc == ERR_OK)
		rc = read_transfers(x, f);
	return rc == ERR_OK ? read_rest(x, f) : rc;
}

static enum err
next(void *self, struct arena *a, const struct audit_span *span,
    struct str akey, struct str id, struct audit_settlement *out,
    struct fault *f)
{
	struct reading x = { self, a, span, akey, id, out };

	return tx_snapshot(self, "audit_settlement", next_body, &x, f);
}

static enum err
items(void *self, struct arena *a, struct str id, int64_t n, int limit,
    const struct audit_settle_item **out, size_t *len, struct fault *f)
{
	struct audit_settle_item *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_SETTLE_AUDIT_ITEMS,
	    DB_IN(db_t(id), db_n(n), db_n(limit)),
	    "ttiitttt"
	    "iiiiii"
	    "ttittt"
	    "iiii",
	    ROWS_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct audit_settle_item);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct audit_settle_item){ .akey = c[0].t,
			.transfer = c[1].t,
			.line = c[2].n,
			.n = c[3].n,
			.day = c[4].t,
			.kind = c[5].t,
			.number = c[6].t,
			.cause = c[7].t,
			.held = c[8].n != 0,
			.live = c[9].n != 0,
			.gross_kop = c[10].n,
			.fee_kop = c[11].n,
			.supplier_fee_kop = c[12].n,
			.net_kop = c[13].n,
			.line_account = c[14].t,
			.line_day = c[15].t,
			.line_kop = c[16].n,
			.transfer_kind = c[17].t,
			.transfer_number = c[18].t,
			.transfer_cause = c[19].t,
			.made_gross_kop = c[20].n,
			.made_fee_kop = c[21].n,
			.made_supplier_fee_kop = c[22].n,
			.freed = c[23].n };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
next_id(void *self, struct arena *a, struct str after, struct str *id,
    bool *known, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_SETTLE_AUDIT_NEXT_ID,
	    DB_IN(db_t(after)), "ti", 1, &r, f);

	if (rc != ERR_OK)
		return rc;
	*id = db_row(&r, 0)[0].t;
	*known = db_row(&r, 0)[1].n != 0;
	return ERR_OK;
}

static enum err
events(void *self, struct arena *a, const struct str after[3], int limit,
    const struct str (**keys)[3], const bool **known, size_t *len,
    struct fault *f)
{
	struct str(*v)[3];
	struct db_rows r;
	bool *k;
	enum err rc = db_read(self, a, SQL_SETTLE_AUDIT_LOOSE_EVENTS,
	    DB_IN(db_t(after[0]), db_t(after[1]), db_t(after[2]), db_n(limit)),
	    "ttti", ROWS_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = arena_zalloc(a, r.len + 1, sizeof(*v));
	k = ARENA_ARRAY(a, r.len + 1, bool);
	for (size_t i = 0; i < r.len; i++) {
		for (size_t n = 0; n < 3; n++)
			v[i][n] = db_row(&r, i)[n].t;
		k[i] = db_row(&r, i)[3].n != 0;
	}
	*keys = (const struct str(*)[3])v;
	*known = k;
	*len = r.len;
	return ERR_OK;
}

struct settle_audit
st_settle_audit(struct db *db)
{
	return (struct settle_audit){ db, next, items, next_id, events };
}
