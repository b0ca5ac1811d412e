#include "kvitok/store/st_exchange.h"

#include <assert.h>

/* Of exchange_find and exchange_open. */
#define DOC_SHAPE                                                              \
	"ttttttttt"                                                            \
	"iiiiiiiiiiii"

static void
doc_of(const struct db_cell *c, struct exchange_doc *out)
{
	*out = (struct exchange_doc){ .portal = c[0].t,
		.supplier = c[1].t,
		.kind = c[2].t,
		.sha256 = c[3].t,
		.made_at = c[4].t,
		.actor = c[5].t,
		.error_path = c[6].t,
		.error_words = c[7].t,
		.state = exchange_state_of(c[8].t),
		.number = c[9].n,
		.size = c[10].n,
		.waits_for = c[11].n,
		.said = c[12].n,
		.said_kop = c[13].n,
		.record = c[14].n,
		.applied = c[15].n,
		.applied_kop = c[16].n,
		.refused = c[17].n,
		.error_line = c[18].n,
		.received_at = c[19].n,
		.ended_at = c[20].n };
}

static enum err
find(void *self, struct arena *a, struct str portal, struct str supplier,
    int64_t number, struct exchange_doc *out, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_EXCHANGE_FIND,
	    DB_IN(db_t(portal), db_t(supplier), db_n(number)), DOC_SHAPE, 1, &r,
	    f);

	if (rc != ERR_OK)
		return rc;
	if (r.len == 0)
		return fault_set(f, ERR_ABSENT, "exchange_unknown",
		    "%.*s/%.*s %lld", STR_ARG(portal), STR_ARG(supplier),
		    (long long)number);
	doc_of(r.cells, out);
	return ERR_OK;
}

static enum err
next(void *self, struct arena *a, struct str portal, struct str supplier,
    int64_t *number, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_EXCHANGE_NEXT,
	    DB_IN(db_t(portal), db_t(supplier)), "i", 1, &r, f);

	if (rc == ERR_OK)
		*number = r.cells[0].n;
	return rc;
}

static struct db_in
state_of(const struct exchange_doc *x)
{
	return db_t(str_of(exchange_state_name(x->state)));
}

static enum err
put(void *self, const struct exchange_doc *x, struct fault *f)
{
	int64_t changed;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_EXCHANGE_PUT,
	    DB_IN(db_t(x->portal), db_t(x->supplier), db_n(x->number),
		db_t(x->kind), db_t(x->sha256), db_n(x->size), state_of(x),
		db_n0(x->waits_for), db_n(x->said), db_n(x->said_kop),
		db_n(x->error_line), db_t(x->error_path), db_t(x->error_words),
		db_t(x->made_at), db_t(x->actor), db_n(x->received_at),
		db_n0(x->ended_at), db_t(x->portal), db_t(x->supplier),
		db_n(x->number)),
	    &changed, f);
	if (rc == ERR_OK && changed == 0)
		rc = fault_set(f, ERR_AGAIN, "busy",
		    "document %lld is not the next one", (long long)x->number);
	return rc;
}

static enum err
move(void *self, const struct exchange_doc *x, enum exchange_state from,
    int64_t record, struct fault *f)
{
	int64_t changed;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_EXCHANGE_MOVE,
	    DB_IN(db_t(x->kind), db_t(x->sha256), db_n(x->size), state_of(x),
		db_n0(x->waits_for), db_n(x->said), db_n(x->said_kop),
		db_n(x->record), db_n(x->applied), db_n(x->applied_kop),
		db_n(x->refused), db_n(x->error_line), db_t(x->error_path),
		db_t(x->error_words), db_t(x->made_at), db_t(x->actor),
		db_n0(x->ended_at), db_t(x->portal), db_t(x->supplier),
		db_n(x->number), db_t(str_of(exchange_state_name(from))),
		db_n(record)),
	    &changed, f);
	if (rc == ERR_OK && changed == 0)
		rc = fault_set(f, ERR_AGAIN, "busy",
		    "document %lld is in other hands", (long long)x->number);
	return rc;
}

static void
docs_of(struct arena *a, const struct db_rows *r,
    const struct exchange_doc **out, size_t *len)
{
	struct exchange_doc *v =
	    ARENA_ARRAY(a, r->len + 1, struct exchange_doc);

	for (size_t i = 0; i < r->len; i++)
		doc_of(db_row(r, i), &v[i]);
	*out = v;
	*len = r->len;
}

static enum err
open_docs(void *self, struct arena *a, struct str portal, struct str supplier,
    int64_t from, int64_t before, int limit, const struct exchange_doc **out,
    size_t *len, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_EXCHANGE_OPEN,
	    DB_IN(db_t(portal), db_t(supplier), db_n(from), db_n(before),
		db_n(before), db_n(limit)),
	    DOC_SHAPE, (size_t)limit, &r, f);

	if (rc == ERR_OK)
		docs_of(a, &r, out, len);
	return rc;
}

static enum err
list(void *self, struct arena *a, struct str portal, struct str supplier,
    int64_t after, int limit, const struct exchange_doc **out, size_t *len,
    struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_EXCHANGE_LIST,
	    DB_IN(db_t(portal), db_t(supplier), db_n(after), db_n(limit)),
	    DOC_SHAPE, (size_t)limit, &r, f);

	if (rc == ERR_OK)
		docs_of(a, &r, out, len);
	return rc;
}

static enum err
refuse(
    void *self, const struct exchange_batch *b, int64_t before, struct fault *f)
{
	int64_t room = EXCHANGE_REFUSED_MAX - before;
	enum err rc = ERR_OK;

	assert(db_in_tx(self));
	for (size_t i = 0; i < b->len && room > 0 && rc == ERR_OK; i++) {
		const struct exchange_record *r = &b->v[i];

		if (r->refused == NULL)
			continue;
		room--;
		rc = db_run(self, SQL_EXCHANGE_REFUSE,
		    DB_IN(db_t(b->head->portal), db_t(b->head->supplier),
			db_n(b->head->number), db_n(r->n),
			db_t(str_of(r->refused))),
		    NULL, f);
	}
	return rc;
}

struct exchange_store
st_exchange(struct db *db)
{
	return (struct exchange_store){ db, find, next, put, move, open_docs,
		list, st_exchange_apply, refuse };
}
