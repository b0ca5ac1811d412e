#include "kvitok/store/st_cart.h"

#include <assert.h>

static enum err
put_item(struct db *db, const struct cart_key *k, const struct cart_item *x,
    struct fault *f)
{
	return db_run(db, SQL_CART_ITEM_PUT,
	    DB_IN(db_t(k->akey), db_t(k->number), db_n(k->n), db_t(k->refund),
		db_n(x->n), db_n(x->line), db_t(x->name), db_n(x->price_kop),
		db_n(x->quantity_milli), db_n(x->sum_kop), db_n(x->measure),
		db_t(str_of(cart_vat_name(x->vat))), db_n(x->method),
		db_n(x->subject), db_t(str_of(cart_agent_name(x->agent))),
		db_t(x->supplier_inn), db_t(x->supplier_name),
		db_t(x->supplier_phone)),
	    NULL, f);
}

static enum err
put(void *self, const struct cart_key *k, const struct cart *c, int64_t at,
    struct fault *f)
{
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_CART_PUT,
	    DB_IN(db_t(k->akey), db_t(k->number), db_n(k->n), db_t(k->refund),
		db_n(c->total_kop), db_n(at)),
	    NULL, f);
	for (size_t i = 0; i < c->len && rc == ERR_OK; i++)
		rc = put_item(self, k, &c->items[i], f);
	return rc;
}

static enum err
item_of(const struct db_cell *c, struct cart_item *out, struct fault *f)
{
	*out = (struct cart_item){ .name = c[0].t,
		.supplier_inn = c[3].t,
		.supplier_name = c[4].t,
		.supplier_phone = c[5].t,
		.n = (int)c[6].n,
		.line = (int)c[7].n,
		.price_kop = c[8].n,
		.quantity_milli = c[9].n,
		.sum_kop = c[10].n,
		.measure = (int)c[11].n,
		.method = (enum cart_method)c[12].n,
		.subject = (enum cart_subject)c[13].n };
	if (cart_vat_of(c[1].t, &out->vat) &&
	    cart_agent_of(c[2].t, &out->agent))
		return ERR_OK;
	return fault_set(f, ERR_BUG, "internal", "position %d: %.*s, %.*s",
	    out->n, STR_ARG(c[1].t), STR_ARG(c[2].t));
}

static enum err
get(void *self, struct arena *a, const struct cart_key *k, struct cart *out,
    struct fault *f)
{
	struct cart_item *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_CART_GET,
	    DB_IN(db_t(k->akey), db_t(k->number), db_n(k->n), db_t(k->refund)),
	    "tttttt"
	    "iiiiiiiii",
	    CART_ITEMS_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct cart_item);
	for (size_t i = 0; i < r.len && rc == ERR_OK; i++)
		rc = item_of(db_row(&r, i), &v[i], f);
	*out = (struct cart){ v, r.len, r.len > 0 ? db_row(&r, 0)[14].n : 0 };
	return rc;
}

static enum err
gone(void *self, const struct cart_key *k, int64_t out[CART_ITEMS_MAX],
    struct fault *f)
{
	struct arena *a = arena_new(1 << 16);
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_CART_GONE,
	    DB_IN(db_t(k->akey), db_t(k->number), db_n(k->n)), "ii",
	    CART_ITEMS_MAX, &r, f);

	memset(out, 0, CART_ITEMS_MAX * sizeof(out[0]));
	for (size_t i = 0; i < r.len && rc == ERR_OK; i++) {
		int64_t n = db_row(&r, i)[0].n;

		if (n < 1 || n > CART_ITEMS_MAX)
			rc = fault_set(f, ERR_BUG, "internal", "position %lld",
			    (long long)n);
		else
			out[n - 1] = db_row(&r, i)[1].n;
	}
	arena_free(a);
	return rc;
}

struct cart_store
st_cart(struct db *db)
{
	return (struct cart_store){ db, put, get, gone };
}
