#include "kvitok/store/st_audit_page.h"

#include "kvitok/store/st_audit_case.h"
#include "kvitok/store/tx.h"

#include <assert.h>

#define ROWS_MAX 200000 /* of one table in one page */
#define LOOSE_MAX 1000
/* After every akey, in whatever order the database keeps its texts. */
#define AKEY_END "яяяяяяяя"

/* One page on its way. */
struct reading {
	struct db *db;
	struct arena *a;
	const struct audit_span *span;
	struct str after_akey, after_number;
	int limit;
	struct audit_page *out;
	struct audit_payment *v;
	size_t at; /* rows come in the order of the payments: no way back */
	struct audit_stray *strays;
	size_t strays_len, strays_cap;
};

/* Rows of one table that bear one number. */
struct group {
	const struct db_rows *r;
	size_t from, len;
};

static const struct db_cell *
group_row(const struct group *g, size_t i)
{
	return db_row(g->r, g->from + i);
}

/* --- the payments ---------------------------------------------------- */

static enum err
payment_of(const struct db_cell *c, struct audit_payment *x, struct fault *f)
{
	x->pm = (struct payment){ .akey = c[0].t,
		.number = c[1].t,
		.portal = c[2].t,
		.payer = c[4].t,
		.email = c[5].t,
		.contract = c[6].t,
		.bank = c[7].t,
		.lines_hash = c[8].t,
		.reason = c[9].t,
		.sum_kop = c[11].n,
		.fee_kop = c[12].n,
		.total_kop = c[13].n,
		.refunded_kop = c[14].n,
		.created_at = c[15].n,
		.expires_at = c[16].n,
		.paid_at = c[17].n,
		.attempts_len_stored = (int)c[18].n,
		.paid_attempt = (int)c[19].n };
	x->lines_len = c[10].n;
	return pay_state_of(c[3].t, &x->pm.state)
	    ? ERR_OK
	    : fault_set(f, ERR_BUG, "internal", "%.*s: state %.*s",
		  STR_ARG(c[1].t), STR_ARG(c[3].t));
}

static enum err
read_payments(struct reading *w, struct fault *f)
{
	const struct audit_span *s = w->span;
	struct db_rows r;
	enum err rc = db_read(w->db, w->a, SQL_AUDIT_PAYMENTS,
	    DB_IN(db_t(w->after_akey), db_t(w->after_number),
		db_n(s->all ? INT64_MIN : s->from_at),
		db_n(s->all ? INT64_MAX : s->to_at), db_n(w->limit)),
	    "tttttttttt"
	    "iiiiiiiiii",
	    (size_t)w->limit, &r, f);

	if (rc != ERR_OK)
		return rc;
	w->v = ARENA_ARRAY(w->a, r.len + 1, struct audit_payment);
	for (size_t i = 0; i < r.len && rc == ERR_OK; i++)
		rc = payment_of(db_row(&r, i), &w->v[i], f);
	w->out->payments = w->v;
	w->out->len = r.len;
	w->out->last = r.len < (size_t)w->limit;
	return rc;
}

/* --- what bears their numbers ---------------------------------------- */

static enum err
put_lines(struct reading *w, struct audit_payment *x, const struct group *g,
    struct fault *f)
{
	struct pay_line *v = ARENA_ARRAY(w->a, g->len, struct pay_line);
	int *ns = ARENA_ARRAY(w->a, g->len, int);

	for (size_t i = 0; i < g->len; i++) {
		const struct db_cell *c = group_row(g, i);

		ns[i] = (int)c[2].n;
		v[i] = (struct pay_line){ .supplier = c[3].t,
			.service = c[4].t,
			.account = c[5].t,
			.sum_kop = c[6].n,
			.fee_kop = c[7].n,
			.supplier_fee_kop = c[8].n,
			.loss_kop = c[10].n,
			.exempt = c[11].t };
		if (!fee_loss_of(c[9].t, &v[i].loss_on))
			return fault_set(f, ERR_BUG, "internal",
			    "pay_line: loss on %.*s", STR_ARG(c[9].t));
	}
	x->pm.lines = v;
	x->pm.lines_len = g->len;
	x->line_ns = ns;
	return ERR_OK;
}

static enum err
put_attempts(struct reading *w, struct audit_payment *x, const struct group *g,
    struct fault *f)
{
	struct attempt *v = ARENA_ARRAY(w->a, g->len, struct attempt);

	for (size_t i = 0; i < g->len; i++) {
		const struct db_cell *c = group_row(g, i);

		v[i] = (struct attempt){ .n = (int)c[2].n,
			.contract = c[4].t,
			.bank = c[5].t,
			.bank_id = c[6].t,
			.expires_at = c[7].n,
			.closed_at = c[8].n,
			.paid_kop = c[9].n,
			.on_case = c[10].n != 0,
			.decided = c[11].n != 0 };
		if (!att_state_of(c[3].t, &v[i].state))
			return fault_set(f, ERR_BUG, "internal",
			    "%.*s-%d: state %.*s", STR_ARG(c[1].t), v[i].n,
			    STR_ARG(c[3].t));
	}
	x->pm.attempts = v;
	x->pm.attempts_len = g->len;
	return ERR_OK;
}

static enum err
put_trxs(struct reading *w, struct audit_payment *x, const struct group *g,
    struct fault *f)
{
	struct audit_trx *v = ARENA_ARRAY(w->a, g->len, struct audit_trx);

	(void)f; /* as above, and below */
	for (size_t i = 0; i < g->len; i++) {
		const struct db_cell *c = group_row(g, i);

		v[i] = (struct audit_trx){ (int)c[2].n, c[3].t, c[4].t };
	}
	x->trxs = v;
	x->trxs_len = g->len;
	return ERR_OK;
}

static enum err
put_events(struct reading *w, struct audit_payment *x, const struct group *g,
    struct fault *f)
{
	struct audit_event *v = ARENA_ARRAY(w->a, g->len, struct audit_event);

	(void)f;
	for (size_t i = 0; i < g->len; i++) {
		const struct db_cell *c = group_row(g, i);

		v[i] = (struct audit_event){ .id = c[2].t,
			.kind = c[3].t,
			.n = (int)c[4].n,
			.from = c[5].t,
			.to = c[6].t,
			.evidence = c[7].t };
	}
	x->events = v;
	x->events_len = g->len;
	return ERR_OK;
}

static enum err
put_jobs(struct reading *w, struct audit_payment *x, const struct group *g,
    struct fault *f)
{
	struct audit_job *v = ARENA_ARRAY(w->a, g->len, struct audit_job);

	(void)f;
	for (size_t i = 0; i < g->len; i++) {
		const struct db_cell *c = group_row(g, i);

		v[i] = (struct audit_job){ c[2].t, c[3].t, c[4].t, c[5].t };
	}
	x->jobs = v;
	x->jobs_len = g->len;
	return ERR_OK;
}

static enum err
put_bills(struct reading *w, struct audit_payment *x, const struct group *g,
    struct fault *f)
{
	struct audit_bill *v = ARENA_ARRAY(w->a, g->len, struct audit_bill);

	(void)f;
	for (size_t i = 0; i < g->len; i++) {
		const struct db_cell *c = group_row(g, i);

		v[i] = (struct audit_bill){ c[2].t, c[3].t, c[4].t };
	}
	x->bills = v;
	x->bills_len = g->len;
	return ERR_OK;
}

/* Rows are lines, those of one refund beside each other. */
static enum err
put_refunds(struct reading *w, struct audit_payment *x, const struct group *g,
    struct fault *f)
{
	struct audit_refund *v = ARENA_ARRAY(w->a, g->len, struct audit_refund);
	struct refund_line *lines =
	    ARENA_ARRAY(w->a, g->len, struct refund_line);
	size_t n = 0;

	for (size_t i = 0; i < g->len; i++) {
		const struct db_cell *c = group_row(g, i);
		struct refund *r = n > 0 ? &v[n - 1].r : NULL;

		if (!r || !str_eq(r->id, c[2].t)) {
			r = &v[n].r;
			v[n].of_case = c[14].n > 0;
			v[n++].job_state = c[11].t;
			*r = (struct refund){ .akey = c[0].t,
				.number = c[1].t,
				.id = c[2].t,
				.sum_kop = c[4].n,
				.fee_kop = c[5].n,
				.own_account = c[13].t,
				.before_kop = c[15].n,
				.lines = &lines[i] };
			if (!refund_state_of(c[3].t, &r->state) ||
			    !refund_way_of(c[12].t, &r->way))
				return fault_set(f, ERR_BUG, "internal",
				    "refund %.*s: state %.*s", STR_ARG(c[2].t),
				    STR_ARG(c[3].t));
		}
		lines[i] = (struct refund_line){ (int)c[6].n, c[7].n, c[8].n,
			c[9].n, c[10].n };
		r->lines_len += c[6].n > 0; /* 0: it has none */
	}
	x->refunds = v;
	x->refunds_len = n;
	return ERR_OK;
}

static void
put_item(const struct db_cell *c, struct cart_item *out)
{
	*out = (struct cart_item){ .n = (int)c[5].n,
		.line = (int)c[6].n,
		.name = STR("x"), /* its words are nobody's money */
		.sum_kop = c[7].n,
		.price_kop = c[8].n,
		.quantity_milli = c[9].n,
		.measure = (int)c[10].n,
		.method = (enum cart_method)c[11].n,
		.vat = CART_VAT__COUNT };
	/* A word that is no rate is told by not being its order's. */
	if (c[12].t.p && !cart_vat_of(c[12].t, &out->vat))
		out->vat = CART_VAT_NONE;
}

/* Rows are positions, those of one cart beside each other. */
static enum err
put_carts(struct reading *w, struct audit_payment *x, const struct group *g,
    struct fault *f)
{
	struct audit_cart *v = ARENA_ARRAY(w->a, g->len, struct audit_cart);
	struct cart_item *items = ARENA_ARRAY(w->a, g->len, struct cart_item);
	size_t n = 0;

	(void)f; /* nothing of it cannot be read */
	for (size_t i = 0; i < g->len; i++) {
		const struct db_cell *c = group_row(g, i);

		if (n == 0 || v[n - 1].n != (int)c[2].n ||
		    !str_eq(v[n - 1].refund, c[3].t)) {
			v[n] = (struct audit_cart){ .n = (int)c[2].n,
				.refund = c[3].t,
				.cart = { &items[i], 0, c[4].n } };
			n++;
		}
		put_item(c, &items[i]);
		v[n - 1].cart.len += c[5].n > 0; /* 0: it has none */
	}
	x->carts = v;
	x->carts_len = n;
	return ERR_OK;
}

/* Rows are lines, those of one transfer beside each other. */
static enum err
put_transfers(struct reading *w, struct audit_payment *x, const struct group *g,
    struct fault *f)
{
	struct audit_transfer *v =
	    ARENA_ARRAY(w->a, g->len, struct audit_transfer);
	struct audit_line *lines = ARENA_ARRAY(w->a, g->len, struct audit_line);
	size_t n = 0;

	(void)f;
	for (size_t i = 0; i < g->len; i++) {
		const struct db_cell *c = group_row(g, i);

		if (n == 0 || !str_eq(v[n - 1].id, c[2].t))
			v[n++] = (struct audit_transfer){ .id = c[2].t,
				.cause = c[3].t,
				.kind = c[4].t,
				.day = c[5].t,
				.at = c[6].n,
				.lines = &lines[i] };
		lines[i] = (struct audit_line){ .n = (int)c[7].n,
			.account = c[8].t,
			.day = c[9].t,
			.sum_kop = c[10].n };
		v[n - 1].lines_len += lines[i].n > 0; /* 0: it has none */
	}
	x->transfers = v;
	x->transfers_len = n;
	return ERR_OK;
}

static enum err
put_cases(struct reading *w, struct audit_payment *x, const struct group *g,
    struct fault *f)
{
	(void)f;
	st_audit_case_put(w->a, g->r, g->from, g->len, x);
	return ERR_OK;
}

static enum err
put_case_events(struct reading *w, struct audit_payment *x,
    const struct group *g, struct fault *f)
{
	(void)f;
	st_audit_case_events(w->a, g->r, g->from, g->len, x);
	return ERR_OK;
}

static enum err
put_backs(struct reading *w, struct audit_payment *x, const struct group *g,
    struct fault *f)
{
	return st_audit_case_backs(w->a, g->r, g->from, g->len, x, f);
}

/* The first columns are akey and number, the next one tells rows apart. */
static const struct {
	enum sql_id id;
	const char *table, *shape;
	enum err (*put)(struct reading *w, struct audit_payment *x,
	    const struct group *g, struct fault *f);
} tables[] = {
	{ SQL_AUDIT_LINES, "pay_line", "ttitttiiitit", put_lines },
	{ SQL_AUDIT_ATTEMPTS, "attempt", "ttittttiiiii", put_attempts },
	{ SQL_AUDIT_TRXS, "attempt_trx", "ttitt", put_trxs },
	{ SQL_AUDIT_EVENTS, "event", "ttttittt", put_events },
	{ SQL_AUDIT_CASES, "pay_case", "ttttitttitititttii", put_cases },
	{ SQL_AUDIT_CASE_EVENTS, "case_event", "ttttitttt", put_case_events },
	{ SQL_AUDIT_GIVE_BACKS, "give_back", "ttttittttttittt", put_backs },
	{ SQL_AUDIT_JOBS, "job", "tttttt", put_jobs },
	{ SQL_AUDIT_BILLS, "open_bill", "ttttt", put_bills },
	{ SQL_AUDIT_REFUNDS, "refund", "ttttiiiiiiitttii", put_refunds },
	{ SQL_AUDIT_CARTS, "fiscal_cart", "ttitiiiiiiiit", put_carts },
	{ SQL_AUDIT_TRANSFERS, "ledger_transfer", "ttttttiitti",
	    put_transfers },
};

static void
stray(struct reading *w, const char *table, struct str key)
{
	size_t cap = w->strays_cap;

	if (!w->span->all)
		return; /* a payment of another day */
	if (w->strays_len == cap) {
		w->strays_cap = cap > 0 ? cap * 2 : 16;
		w->strays =
		    arena_grow(w->a, w->strays, cap * sizeof(*w->strays),
			w->strays_cap * sizeof(*w->strays));
	}
	w->strays[w->strays_len++] = (struct audit_stray){ table, key };
}

/* Gives: NULL when no payment of the page has this number. */
static struct audit_payment *
find(struct reading *w, struct str akey, struct str number)
{
	for (size_t i = w->at; i < w->out->len; i++)
		if (str_eq(w->v[i].pm.number, number) &&
		    str_eq(w->v[i].pm.akey, akey)) {
			w->at = i;
			return &w->v[i];
		}
	return NULL;
}

static enum err
share_out(
    struct reading *w, size_t table, const struct db_rows *r, struct fault *f)
{
	enum err rc = ERR_OK;
	size_t end;

	for (size_t i = 0; i < r->len && rc == ERR_OK; i = end) {
		const struct db_cell *c = db_row(r, i);
		struct audit_payment *x = find(w, c[0].t, c[1].t);
		struct group g = { r, i, 0 };

		for (end = i;
		     end < r->len && str_eq(db_row(r, end)[0].t, c[0].t) &&
		     str_eq(db_row(r, end)[1].t, c[1].t);
		     end++) {
			const struct db_cell *k = db_row(r, end);

			if (!x)
				stray(w, tables[table].table,
				    arena_fmt(w->a, "%.*s/%.*s/%.*s%.0lld",
					STR_ARG(k[0].t), STR_ARG(k[1].t),
					STR_ARG(k[2].t), (long long)k[2].n));
		}
		g.len = end - i;
		if (x)
			rc = tables[table].put(w, x, &g, f);
	}
	return rc;
}

/* All tables, after one pair and up to another. */
static enum err
read_range(struct reading *w, struct str akey, struct str number,
    struct str to_akey, struct str to_number, struct fault *f)
{
	const size_t from = w->at;
	enum err rc = ERR_OK;

	for (size_t t = 0; t < KV_COUNT(tables) && rc == ERR_OK; t++) {
		struct db_rows r;

		rc = db_read(w->db, w->a, tables[t].id,
		    DB_IN(db_t(akey), db_t(to_akey), db_t(akey), db_t(number),
			db_t(to_akey), db_t(to_number)),
		    tables[t].shape, ROWS_MAX, &r, f);
		w->at = from;
		if (rc == ERR_OK)
			rc = share_out(w, t, &r, f);
	}
	return rc;
}

/* A page may end between two payments of one akey: the lines of that akey are
 * this page's. */
static enum err
read_loose(struct reading *w, struct str to_akey, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(w->db, w->a, SQL_AUDIT_LOOSE_LINES,
	    DB_IN(db_t(w->after_akey), db_t(to_akey), db_n(LOOSE_MAX)), "tti",
	    LOOSE_MAX, &r, f);

	for (size_t i = 0; i < r.len && rc == ERR_OK; i++) {
		const struct db_cell *c = db_row(&r, i);

		stray(w, "ledger_line",
		    arena_fmt(w->a, "%.*s/%.*s/%lld", STR_ARG(c[0].t),
			STR_ARG(c[1].t), (long long)c[2].n));
	}
	return rc;
}

/* Payments of some days lie far apart: each has a range of its own, which
 * begins with what its number begins with. */
static enum err
read_each(struct reading *w, struct fault *f)
{
	enum err rc = ERR_OK;

	for (size_t i = 0; i < w->out->len && rc == ERR_OK; i++) {
		struct str number = w->v[i].pm.number, before = number;

		before.len -= before.len > 0;
		w->at = i;
		rc = read_range(
		    w, w->v[i].pm.akey, before, w->v[i].pm.akey, number, f);
	}
	return rc;
}

static enum err
page_body(void *arg, struct fault *f)
{
	struct reading *w = arg;
	const struct payment *end;
	struct str to_akey = STR(AKEY_END), to_number = STR(AKEY_END);
	enum err rc;

	w->at = w->strays_len = 0;
	rc = read_payments(w, f);
	if (rc != ERR_OK)
		return rc;
	if (!w->span->all)
		return read_each(w, f);
	if (!w->out->last) {
		end = &w->v[w->out->len - 1].pm;
		to_akey = end->akey;
		to_number = end->number;
	}
	rc = read_range(
	    w, w->after_akey, w->after_number, to_akey, to_number, f);
	return rc == ERR_OK ? read_loose(w, to_akey, f) : rc;
}

enum err
st_audit_page(struct db *db, struct arena *a, const struct audit_span *span,
    struct str after_akey, struct str after_number, int limit,
    struct audit_page *out, struct fault *f)
{
	struct reading w = { .db = db,
		.a = a,
		.span = span,
		.after_akey = after_akey,
		.after_number = after_number,
		.limit = limit,
		.out = out };
	enum err rc;

	assert(limit > 0);
	rc = tx_snapshot(db, "audit_payments", page_body, &w, f);
	out->strays = w.strays;
	out->strays_len = w.strays_len;
	return rc;
}
