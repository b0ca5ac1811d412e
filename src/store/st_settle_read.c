#include "kvitok/store/st_settle.h"

#define ROWS_MAX 1000
#define EVENTS_MAX 100
#define PAY_ROWS_MAX 20000 /* a page of items, each with all its lines */

static struct settle_sums
sums_of(const struct db_cell *c)
{
	return (struct settle_sums){ .size = c[0].n,
		.items = c[1].n,
		.held_items = c[2].n,
		.taken_kop = c[3].n,
		.refunded_kop = c[4].n,
		.other_kop = c[5].n,
		.fee_kop = c[6].n,
		.supplier_fee_kop = c[7].n,
		.transfer_kop = c[8].n,
		.held_kop = c[9].n,
		.released_kop = c[10].n };
}

static struct settle_party
party_of(const struct db_cell *c)
{
	return (struct settle_party){ c[0].t, c[1].t, c[2].t, c[3].t, c[4].t,
		c[5].t, c[6].t };
}

static enum err
settlement_of(const struct db_cell *c, struct settlement *s, struct fault *f)
{
	*s = (struct settlement){ .akey = c[0].t,
		.id = c[1].t,
		.portal = c[2].t,
		.supplier = c[3].t,
		.day = c[4].t,
		.sums = sums_of(c + 6),
		.after_day = c[17].t,
		.from_day = c[18].t,
		.first_day = c[19].t,
		.held_day = c[20].t,
		.min_kop = c[21].n,
		.contract = c[22].t,
		.contract_day = c[23].t,
		.own_account = c[24].t,
		.layout = c[25].t,
		.payer = party_of(c + 26),
		.payee = party_of(c + 33),
		.purpose = c[40].t,
		.order_no = c[41].n,
		.order_day = c[42].t,
		.created_at = c[43].n,
		.created_by = c[44].t,
		.prepared_at = c[45].n,
		.confirmed_at = c[46].n,
		.confirmed_by = c[47].t,
		.returned_at = c[48].n,
		.returned_by = c[49].t,
		.reason = c[50].t,
		.freed = c[51].n };
	if (settle_state_of(c[5].t, &s->state))
		return ERR_OK;
	return fault_set(
	    f, ERR_BUG, "internal", "settlement state %.*s", STR_ARG(c[5].t));
}

/* The columns of settle_load, settle_list and settle_orders. */
static const char shape[] = "tttttt"      /* akey .. state */
			    "iiiiiiiiiii" /* figures */
			    "tttt"        /* days */
			    "itttt"       /* min_kop, contract .. layout */
			    "ttttttt"
			    "ttttttt" /* payer, payee */
			    "tit"     /* purpose, order */
			    "itii"    /* created, prepared, confirmed */
			    "titti";  /* .. by, returned, .. by, reason */

static enum err
gather(struct arena *a, const struct db_rows *r, const struct settlement **out,
    size_t *len, struct fault *f)
{
	struct settlement *v = ARENA_ARRAY(a, r->len + 1, struct settlement);
	enum err rc = ERR_OK;

	for (size_t i = 0; i < r->len && rc == ERR_OK; i++)
		rc = settlement_of(db_row(r, i), &v[i], f);
	*out = v;
	*len = r->len;
	return rc;
}

static enum err
load(void *self, struct arena *a, struct str id, struct settlement *out,
    struct fault *f)
{
	struct db_rows r;
	enum err rc =
	    db_read(self, a, SQL_SETTLE_LOAD, DB_IN(db_t(id)), shape, 1, &r, f);

	if (rc != ERR_OK)
		return rc;
	if (r.len == 0)
		return fault_set(
		    f, ERR_ABSENT, "settlement_unknown", "no such id");
	return settlement_of(db_row(&r, 0), out, f);
}

static struct str
or_else(struct str s, struct str other)
{
	return s.len > 0 ? s : other;
}

static enum err
list(void *self, struct arena *a, const struct settle_query *q,
    const struct settlement **out, size_t *len, struct fault *f)
{
	struct str state =
	    q->has_state ? str_of(settle_state_name(q->state)) : STR("");
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_SETTLE_LIST,
	    DB_IN(db_t(q->portal), db_n(q->portal.len == 0), db_t(q->supplier),
		db_t(q->supplier), db_t(state), db_t(state), db_t(q->from_day),
		db_t(or_else(q->to_day, STR("9999-99-99"))),
		db_t(or_else(q->after_day, STR("9999-99-99"))),
		db_t(q->after_id), db_n(q->limit)),
	    shape, ROWS_MAX, &r, f);

	return rc == ERR_OK ? gather(a, &r, out, len, f) : rc;
}

static enum err
waiting(void *self, struct arena *a, struct str portal, struct str supplier,
    struct settle_waiting *out, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_SETTLE_WAITING,
	    DB_IN(db_t(portal), db_t(supplier), db_t(supplier)), "iit", 1, &r,
	    f);

	if (rc == ERR_OK)
		*out = (struct settle_waiting){ r.cells[0].n, r.cells[1].n,
			r.cells[2].t };
	return rc;
}

static enum err
orders(void *self, struct arena *a, struct str portal, struct str order_day,
    struct str after, int limit, const struct settlement **out, size_t *len,
    struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_SETTLE_ORDERS,
	    DB_IN(db_t(portal), db_n(portal.len == 0), db_t(order_day),
		db_t(after), db_n(limit)),
	    shape, ROWS_MAX, &r, f);

	return rc == ERR_OK ? gather(a, &r, out, len, f) : rc;
}

static enum err
items(void *self, struct arena *a, struct str id, int64_t after, int limit,
    const struct settle_item **out, size_t *len, struct fault *f)
{
	struct settle_item *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_SETTLE_ITEMS,
	    DB_IN(db_t(id), db_n(after), db_n(limit)),
	    "itttt"
	    "iiiii",
	    ROWS_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct settle_item);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct settle_item){ c[0].n, c[1].t, c[2].t, c[3].t,
			c[4].t, c[5].n != 0, c[6].n, c[7].n, c[8].n, c[9].n };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
cases(void *self, struct arena *a, struct str id, struct str *number,
    struct fault *f)
{
	struct db_rows r;
	enum err rc =
	    db_read(self, a, SQL_SETTLE_CASES, DB_IN(db_t(id)), "t", 1, &r, f);

	*number = rc == ERR_OK ? db_row(&r, 0)[0].t : STR_NONE;
	return rc;
}

static enum err
events(void *self, struct arena *a, const struct settlement *s,
    const struct settle_event **out, size_t *len, struct fault *f)
{
	struct settle_event *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_SETTLE_EVENTS,
	    DB_IN(db_t(s->akey), db_t(s->id), db_n(EVENTS_MAX)),
	    "titt"
	    "t",
	    EVENTS_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct settle_event);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct settle_event){ .id = c[0].t,
			.at = c[1].n,
			.kind = c[2].t,
			.actor = c[3].t,
			.evidence = c[4].t };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
rows(void *self, struct arena *a, struct str id, int64_t after, int64_t to_n,
    const struct pay_row **out, size_t *len, struct fault *f)
{
	struct db_in in[] = { db_t(id), db_n(after), db_n(to_n) };
	struct pay_row *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_SETTLE_ROWS,
	    DB_IN(
		in[0], in[1], in[2], in[0], in[1], in[2], in[0], in[1], in[2]),
	    "ii"
	    "tttttttt"
	    "iiii",
	    PAY_ROWS_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct pay_row);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct pay_row){ .n = c[0].n,
			.kind = c[2].t,
			.number = c[3].t,
			.id = c[4].t,
			.service = c[5].t,
			.account = c[6].t,
			.day = c[7].t,
			.rrn = c[8].t,
			.auth_code = c[9].t,
			.at = c[10].n,
			.sum_kop = c[11].n,
			.fee_kop = c[12].n,
			.supplier_fee_kop = c[13].n };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
layout(void *self, struct arena *a, struct str name, struct str *text,
    struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(
	    self, a, SQL_SETTLE_LAYOUT, DB_IN(db_t(name)), "t", 1, &r, f);

	*text = rc == ERR_OK && r.len > 0 ? db_row(&r, 0)[0].t : STR_NONE;
	return rc;
}

struct settle_reader
st_settle_reader(struct db *db)
{
	return (struct settle_reader){ db, load, list, waiting, orders, items,
		cases, rows, layout, events };
}
