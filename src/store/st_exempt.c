#include "kvitok/store/st_exempt.h"

#include "kvitok/domain/payment.h"

#include <assert.h>

static const char shape[] = "ttttt"
			    "ttttt"
			    "ttttt"
			    "ii";

static enum err
exempt_of(const struct db_cell *c, struct exempt *out, struct fault *f)
{
	*out = (struct exempt){ .akey = c[0].t,
		.id = c[1].t,
		.key = { .portal = c[2].t,
		    .supplier = c[4].t,
		    .subject = c[5].t },
		.kind = c[6].t,
		.document = c[7].t,
		.document_number = c[8].t,
		.seen_by = c[9].t,
		.from_day = c[10].t,
		.to_day = c[11].t,
		.created_by = c[12].t,
		.ended_by = c[13].t,
		.end_reason = c[14].t,
		.created_at = c[15].n,
		.ended_at = c[16].n };
	if (exempt_holder_of(c[3].t, &out->key.holder))
		return ERR_OK;
	return fault_set(
	    f, ERR_BUG, "internal", "exemption of a %.*s", STR_ARG(c[3].t));
}

static enum err
put(void *self, const struct exempt *x, struct fault *f)
{
	struct str to = x->to_day.len > 0 ? x->to_day : (struct str){ NULL, 0 };
	int64_t made;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_EXEMPT_PUT,
	    DB_IN(db_t(x->akey), db_t(x->id), db_t(x->key.portal),
		db_t(str_of(exempt_holder_name(x->key.holder))),
		db_t(x->key.supplier), db_t(x->key.subject), db_t(x->kind),
		db_t(x->document), db_t(x->document_number), db_t(x->seen_by),
		db_t(x->from_day), db_t0(to), db_n(x->created_at),
		db_t(x->created_by)),
	    &made, f);
	if (rc == ERR_OK && made == 0)
		rc = fault_set(
		    f, ERR_AGAIN, "busy", "its holder has one by now");
	return rc;
}

static enum err
end(void *self, const struct exempt_end *e, bool *ended, struct fault *f)
{
	int64_t changed = 0;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_EXEMPT_END,
	    DB_IN(db_n(e->at), db_t(e->by), db_t(e->reason), db_t(e->akey),
		db_t(e->id)),
	    &changed, f);
	*ended = rc == ERR_OK && changed == 1;
	return rc;
}

static enum err
one(const struct db_rows *r, struct exempt *out, struct fault *f)
{
	if (r->len == 0)
		return fault_set(
		    f, ERR_ABSENT, "exemption_unknown", "no such row");
	return exempt_of(db_row(r, 0), out, f);
}

static void
akey_of(const struct exempt_key *k, char akey[PAY_AKEY_LEN + 1])
{
	pay_akey(k->portal, k->subject, akey);
}

static enum err
open_one(void *self, struct arena *a, const struct exempt_key *k,
    struct exempt *out, struct fault *f)
{
	char akey[PAY_AKEY_LEN + 1];
	struct db_rows r;
	enum err rc;

	akey_of(k, akey);
	rc = db_read(self, a, SQL_EXEMPT_OPEN,
	    DB_IN(db_t(str_of(akey)), db_t(k->portal),
		db_t(str_of(exempt_holder_name(k->holder))), db_t(k->supplier),
		db_t(k->subject)),
	    shape, 1, &r, f);
	return rc == ERR_OK ? one(&r, out, f) : rc;
}

static enum err
get(void *self, struct arena *a, struct str akey, struct str id,
    struct exempt *out, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_EXEMPT_GET,
	    DB_IN(db_t(akey), db_t(id)), shape, 1, &r, f);

	return rc == ERR_OK ? one(&r, out, f) : rc;
}

static enum err
all(struct arena *a, const struct db_rows *r, const struct exempt **out,
    size_t *len, struct fault *f)
{
	struct exempt *v = ARENA_ARRAY(a, r->len + 1, struct exempt);
	enum err rc = ERR_OK;

	for (size_t i = 0; i < r->len && rc == ERR_OK; i++)
		rc = exempt_of(db_row(r, i), &v[i], f);
	*out = v;
	*len = r->len;
	return rc;
}

static enum err
of(void *self, struct arena *a, const struct exempt_key *k,
    const struct exempt **out, size_t *len, struct fault *f)
{
	char akey[PAY_AKEY_LEN + 1];
	struct db_rows r;
	enum err rc;

	akey_of(k, akey);
	rc = db_read(self, a, SQL_EXEMPT_OF,
	    DB_IN(db_t(str_of(akey)), db_t(k->portal),
		db_t(str_of(exempt_holder_name(k->holder))), db_t(k->supplier),
		db_t(k->subject), db_n(EXEMPT_LIST_MAX)),
	    shape, EXEMPT_LIST_MAX, &r, f);
	return rc == ERR_OK ? all(a, &r, out, len, f) : rc;
}

static enum err
page(void *self, struct arena *a, struct str portal, struct str after_akey,
    struct str after_id, const struct exempt **out, size_t *len,
    struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_EXEMPT_PAGE,
	    DB_IN(db_t(portal), db_t(after_akey), db_t(after_id),
		db_n(EXEMPT_LIST_MAX)),
	    shape, EXEMPT_LIST_MAX, &r, f);

	return rc == ERR_OK ? all(a, &r, out, len, f) : rc;
}

struct exempt_store
st_exempt(struct db *db)
{
	return (struct exempt_store){ db, put, end, open_one, get, of, page };
}
