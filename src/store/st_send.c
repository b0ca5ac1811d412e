#include "kvitok/store/st_send.h"

#include "kvitok/domain/settle.h"

#include <assert.h>

/* Of send_gathering, send_find, send_due and send_open. */
#define DOC_SHAPE                                                              \
	"tttttttt"                                                             \
	"iiiiiiiiiiiii"
#define ITEM_SHAPE                                                             \
	"tttttttt"                                                             \
	"iiii"
#define ROW_SHAPE "ittittiiitti"

static void
doc_of(const struct db_cell *c, struct sent_doc *out)
{
	*out = (struct sent_doc){ .id = c[0].t,
		.portal = c[1].t,
		.supplier = c[2].t,
		.kind = send_kind_of(c[3].t),
		.period = c[4].t,
		.state = sent_state_of(c[5].t),
		.sha256 = c[6].t,
		.words = c[7].t,
		.number = c[8].n,
		.items = c[9].n,
		.sum_kop = c[10].n,
		.size = c[11].n,
		.tries = c[12].n,
		.next_at = c[13].n,
		.begun_at = c[14].n,
		.made_at = c[15].n,
		.ended_at = c[16].n,
		.of_number = c[17].n,
		.applied = c[18].n,
		.applied_kop = c[19].n,
		.refused = c[20].n };
}

static struct db_in
kind_in(enum send_kind k)
{
	return db_t(str_of(send_kind_name(k)));
}

static enum err
once(enum err rc, int64_t changed, const char *what, struct str id,
    struct fault *f)
{
	return rc == ERR_OK && changed == 0
	    ? fault_set(f, ERR_AGAIN, "busy", "%s %.*s is in other hands", what,
		  STR_ARG(id))
	    : rc;
}

/* --- how far it is ------------------------------------------------------ */

static enum err
cursor(void *self, struct arena *a, struct str portal, struct str supplier,
    enum send_kind kind, struct send_cursor *out, bool *found, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_SEND_CURSOR,
	    DB_IN(db_t(portal), db_t(supplier), kind_in(kind)), "ttt", 1, &r,
	    f);

	*found = rc == ERR_OK && r.len == 1;
	if (*found)
		*out = (struct send_cursor){ portal, supplier, kind,
			r.cells[0].t, r.cells[1].t, r.cells[2].t };
	return rc;
}

static enum err
cursor_put(void *self, const struct send_cursor *x, struct fault *f)
{
	return db_run(self, SQL_SEND_CURSOR_PUT,
	    DB_IN(db_t(x->portal), db_t(x->supplier), kind_in(x->kind),
		db_t(x->from_day)),
	    NULL, f);
}

static enum err
cursor_move(
    void *self, const struct send_cursor *from, struct str day, struct fault *f)
{
	int64_t changed = 0;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_SEND_CURSOR_MOVE,
	    DB_IN(db_t(day), db_t(from->portal), db_t(from->supplier),
		kind_in(from->kind), db_t(from->day), db_t(from->look_day)),
	    &changed, f);
	return once(rc, changed, "the day", day, f);
}

static enum err
look_again(
    void *self, const struct send_cursor *x, struct str day, struct fault *f)
{
	assert(db_in_tx(self));
	return db_run(self, SQL_SEND_LOOK_AGAIN,
	    DB_IN(db_t(day), db_t(day), db_t(x->portal), db_t(x->supplier),
		kind_in(x->kind)),
	    NULL, f);
}

/* --- documents ---------------------------------------------------------- */

static enum err
gathering(void *self, struct arena *a, struct str portal, struct str supplier,
    enum send_kind kind, struct sent_doc *out, bool *found, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_SEND_GATHERING,
	    DB_IN(db_t(portal), db_t(supplier), kind_in(kind)), DOC_SHAPE, 1,
	    &r, f);

	*found = rc == ERR_OK && r.len == 1;
	if (*found)
		doc_of(r.cells, out);
	return rc;
}

static enum err
begin(void *self, const struct sent_doc *x, struct fault *f)
{
	int64_t changed = 0;
	enum err rc = db_run(self, SQL_SEND_BEGIN,
	    DB_IN(db_t(x->id), db_t(x->portal), db_t(x->supplier),
		kind_in(x->kind), db_t(x->period), db_n(x->begun_at)),
	    &changed, f);

	return once(rc, changed, "document", x->id, f);
}

static enum err
end(void *self, struct arena *a, struct sent_doc *x, struct fault *f)
{
	struct db_rows r;
	int64_t changed = 0;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_SEND_NUMBER,
	    DB_IN(db_t(x->portal), db_t(x->supplier), kind_in(x->kind),
		db_n(x->made_at), db_t(x->portal), db_t(x->supplier)),
	    NULL, f);
	if (rc == ERR_CONFLICT)
		return fault_set(
		    f, ERR_AGAIN, "busy", "two documents of ours at once");
	if (rc == ERR_OK)
		rc = db_read(self, a, SQL_SEND_LAST_NUMBER,
		    DB_IN(db_t(x->portal), db_t(x->supplier)), "i", 1, &r, f);
	if (rc != ERR_OK)
		return rc;
	x->number = r.cells[0].n;
	rc = db_run(self, SQL_SEND_END,
	    DB_IN(
		db_n(x->number), db_n(x->made_at), db_t(x->id), db_n(x->items)),
	    &changed, f);
	return once(rc, changed, "document", x->id, f);
}

static enum err
drop(void *self, const struct sent_doc *x, struct fault *f)
{
	int64_t changed = 0;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_SEND_DROP, DB_IN(db_t(x->id)), &changed, f);
	return once(rc, changed, "document", x->id, f);
}

static enum err
month(void *self, struct arena *a, struct str portal, struct str supplier,
    const struct send_range *range, struct str *out, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_SEND_MONTH,
	    DB_IN(db_t(portal), db_t(supplier), db_n(range->from_at),
		db_n(range->before_at), db_n(range->before_at)),
	    "t", 1, &r, f);

	if (rc == ERR_OK)
		*out = r.cells[0].t;
	return rc;
}

static enum err
settlement(void *self, struct arena *a, const struct send_cursor *c,
    struct str *id, struct str *day, bool *returned, struct fault *f)
{
	char akey[PAY_AKEY_LEN + 1];
	struct db_rows r;
	enum err rc;

	settle_akey(c->portal, c->supplier, akey);
	rc = db_read(self, a, SQL_SEND_SETTLEMENT,
	    DB_IN(db_t(str_of(akey)), db_t(c->portal), db_t(c->supplier),
		db_t(c->from_day), db_t(str_of(akey)), db_t(c->portal),
		db_t(c->supplier), db_t(c->from_day)),
	    "tti", 1, &r, f);
	*id = *day = STR("");
	*returned = false;
	if (rc != ERR_OK || r.len == 0)
		return rc;
	*id = r.cells[0].t;
	*day = r.cells[1].t;
	*returned = r.cells[2].n != 0;
	return ERR_OK;
}

static enum err
asked(void *self, struct arena *a, struct str portal, struct str supplier,
    const struct send_range *range, bool *waits, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_SEND_ASKED,
	    DB_IN(db_t(portal), db_t(supplier), db_n(range->from_at),
		db_t(portal), db_t(supplier), db_n(range->from_at)),
	    "i", 1, &r, f);

	*waits = rc == ERR_OK && r.len > 0;
	return rc;
}

static enum err
find(void *self, struct arena *a, struct str portal, struct str supplier,
    int64_t number, struct sent_doc *out, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_SEND_FIND,
	    DB_IN(db_t(portal), db_t(supplier), db_n(number)), DOC_SHAPE, 1, &r,
	    f);

	if (rc == ERR_OK && r.len == 0)
		return fault_set(f, ERR_ABSENT, "exchange_unknown",
		    "%.*s/%.*s, ours %lld", STR_ARG(portal), STR_ARG(supplier),
		    (long long)number);
	if (rc == ERR_OK)
		doc_of(r.cells, out);
	return rc;
}

static enum err
of_id(void *self, struct arena *a, struct str id, struct sent_doc *out,
    struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(
	    self, a, SQL_SEND_OF_ID, DB_IN(db_t(id)), DOC_SHAPE, 1, &r, f);

	if (rc == ERR_OK && r.len == 0)
		return fault_set(
		    f, ERR_ABSENT, "exchange_unknown", "%.*s", STR_ARG(id));
	if (rc == ERR_OK)
		doc_of(r.cells, out);
	return rc;
}

static enum err
docs(struct db *db, struct arena *a, enum sql_id id, const struct db_in in[4],
    int limit, const struct sent_doc **out, size_t *len, struct fault *f)
{
	struct sent_doc *v;
	struct db_rows r;
	enum err rc =
	    db_read(db, a, id, in, 4, DOC_SHAPE, (size_t)limit, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct sent_doc);
	for (size_t i = 0; i < r.len; i++)
		doc_of(db_row(&r, i), &v[i]);
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
due(void *self, struct arena *a, struct str portal, struct str supplier,
    int64_t now, int limit, const struct sent_doc **out, size_t *len,
    struct fault *f)
{
	const struct db_in in[] = { db_t(portal), db_t(supplier), db_n(now),
		db_n(limit) };

	return docs(self, a, SQL_SEND_DUE, in, limit, out, len, f);
}

static enum err
open_docs(void *self, struct arena *a, struct str portal, struct str supplier,
    int64_t from, int limit, const struct sent_doc **out, size_t *len,
    struct fault *f)
{
	const struct db_in in[] = { db_t(portal), db_t(supplier), db_n(from),
		db_n(limit) };

	return docs(self, a, SQL_SEND_OPEN, in, limit, out, len, f);
}

static enum err
text_made(void *self, const struct sent_doc *x, struct fault *f)
{
	return db_run(self, SQL_SEND_TEXT_MADE,
	    DB_IN(db_t(x->sha256), db_n(x->size), db_t(x->id)), NULL, f);
}

static enum err
move(void *self, const struct sent_doc *x, enum sent_state from, int64_t tries,
    struct fault *f)
{
	int64_t changed = 0;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_SEND_MOVE,
	    DB_IN(db_t(str_of(sent_state_name(x->state))), db_n(x->tries),
		db_n0(x->next_at), db_n0(x->of_number), db_n(x->applied),
		db_n(x->applied_kop), db_n(x->refused), db_t(x->words),
		db_n0(x->ended_at), db_t(x->id),
		db_t(str_of(sent_state_name(from))), db_n(tries)),
	    &changed, f);
	return once(rc, changed, "document", x->id, f);
}

/* --- what they have ----------------------------------------------------- */

static enum err
rows(void *self, struct arena *a, const struct sent_doc *x, int64_t after,
    int limit, const struct send_row **out, size_t *len, struct fault *f)
{
	static const enum sql_id ids[SEND_KIND__COUNT] = {
		[SEND_PAYMENTS] = SQL_SEND_PAYMENT_ROWS,
		[SEND_REFUNDS] = SQL_SEND_REFUND_ROWS,
		[SEND_READINGS] = SQL_SEND_READING_ROWS,
		[SEND_REQUESTS] = SQL_SEND_REQUEST_ROWS,
	};
	struct send_row *v;
	struct db_rows r = { .len = 0 };
	enum err rc = ERR_OK;

	if (x->kind != SEND_SETTLEMENT)
		rc = db_read(self, a, ids[x->kind],
		    DB_IN(db_t(x->id), db_n(after), db_n(limit)), ROW_SHAPE,
		    (size_t)limit, &r, f);
	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct send_row);
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		v[i] = (struct send_row){ .n = c[0].n,
			.ref = c[1].t,
			.number = c[2].t,
			.line = c[3].n,
			.account = c[4].t,
			.service = c[5].t,
			.sum_kop = c[6].n,
			.fee_kop = c[7].n,
			.at = c[8].n,
			.day = c[9].t,
			.bank_ref = c[10].t,
			.value = c[11].n };
	}
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static void
item_of(const struct db_cell *c, struct send_item *out)
{
	*out = (struct send_item){ .document = c[0].t,
		.akey = c[1].t,
		.ref = c[2].t,
		.number = c[3].t,
		.day = c[4].t,
		.answer = c[5].t,
		.words = c[6].t,
		.n = c[8].n,
		.line = c[9].n,
		.sum_kop = c[10].n,
		.live = c[11].n != 0 };
	for (unsigned k = 0; k < SEND_KIND__COUNT; k++)
		if (str_eq(c[7].t, str_of(send_record_name((enum send_kind)k))))
			out->kind = (enum send_kind)k;
}

static enum err
one_item(
    enum err rc, const struct db_rows *r, struct send_item *out, bool *found)
{
	*found = rc == ERR_OK && r->len == 1;
	if (*found)
		item_of(r->cells, out);
	return rc;
}

static enum err
item(void *self, struct arena *a, struct str document, int64_t n,
    struct send_item *out, bool *found, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_SEND_ITEM,
	    DB_IN(db_t(document), db_n(n)), ITEM_SHAPE, 1, &r, f);

	return one_item(rc, &r, out, found);
}

static enum err
reading(void *self, struct arena *a, struct str portal, struct str supplier,
    struct str id, struct send_item *out, bool *found, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_SEND_READING,
	    DB_IN(db_t(portal), db_t(supplier), db_t(id)), ITEM_SHAPE, 1, &r,
	    f);

	return one_item(rc, &r, out, found);
}

static enum err
answer(void *self, const struct send_item *x, struct fault *f)
{
	assert(db_in_tx(self));
	return db_run(self, SQL_SEND_ANSWER,
	    DB_IN(db_t(x->answer), db_t(x->words), db_n(x->live),
		db_t(x->document), db_n(x->n)),
	    NULL, f);
}

static enum err
refused(void *self, struct arena *a, struct str document, int64_t *len,
    int64_t *sum_kop, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(
	    self, a, SQL_SEND_REFUSED, DB_IN(db_t(document)), "ii", 1, &r, f);

	if (rc == ERR_OK) {
		*len = r.cells[0].n;
		*sum_kop = r.cells[1].n;
	}
	return rc;
}

struct send_store
st_send(struct db *db)
{
	return (struct send_store){ db, cursor, cursor_put, cursor_move,
		look_again, gathering, begin, st_send_take, end, drop, month,
		settlement, asked, find, of_id, rows, text_made, move, due,
		open_docs, item, reading, answer, refused };
}
