#include "kvitok/store/st_card.h"

#include <assert.h>

static const char card_shape[] = "ttttttttttttttt"
				 "iiii";
static const char client_shape[] = "ttttt"
				   "ii";

static enum err
unknown(struct fault *f, struct str what)
{
	return fault_set(f, ERR_ABSENT, "card_unknown", "%.*s", STR_ARG(what));
}

static struct card_client
client_row(const struct db_cell *c)
{
	return (struct card_client){ .akey = c[0].t,
		.portal = c[1].t,
		.payer = c[2].t,
		.contract = c[3].t,
		.client = c[4].t,
		.created_at = c[5].n,
		.looked_at = c[6].n };
}

static enum err
client(void *self, struct arena *a, const struct card_client *c,
    struct card_client *out, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_run(self, SQL_CARD_CLIENT_PUT,
	    DB_IN(db_t(c->akey), db_t(c->portal), db_t(c->payer),
		db_t(c->contract), db_t(c->client), db_n(c->created_at)),
	    NULL, f);

	/* Perhaps it was made: whoever has it is read. */
	if (rc != ERR_OK && rc != ERR_UNSURE)
		return rc;
	rc = db_read(self, a, SQL_CARD_CLIENT_GET,
	    DB_IN(db_t(c->akey), db_t(c->portal), db_t(c->payer),
		db_t(c->contract)),
	    client_shape, 1, &r, f);
	if (rc != ERR_OK)
		return rc;
	if (r.len == 0)
		return fault_set(f, ERR_AGAIN, "busy", "client is not there");
	*out = client_row(db_row(&r, 0));
	return ERR_OK;
}

static enum err
client_of(void *self, struct arena *a, struct str akey, struct str id,
    struct card_client *out, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_CARD_CLIENT_OF,
	    DB_IN(db_t(akey), db_t(id)), client_shape, 1, &r, f);

	if (rc != ERR_OK)
		return rc;
	if (r.len == 0)
		return unknown(f, id);
	*out = client_row(db_row(&r, 0));
	return ERR_OK;
}

static enum err
looked(void *self, struct str akey, struct str id, int64_t at, struct fault *f)
{
	return db_run(self, SQL_CARD_CLIENT_LOOKED,
	    DB_IN(db_n(at), db_t(akey), db_t(id)), NULL, f);
}

static enum err
put(void *self, const struct card *c, bool *made, struct fault *f)
{
	int64_t changed = 0;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_CARD_PUT,
	    DB_IN(db_t(c->akey), db_t(c->id), db_t(c->portal), db_t(c->payer),
		db_t(c->contract), db_t(c->bank), db_t(c->client),
		db_t(c->bank_card), db_t(c->mask), db_t(c->scheme),
		db_t(c->expiry), db_t(c->akey), db_t(c->portal), db_t(c->payer),
		db_t(c->offer), db_t(c->offer_hash), db_n(c->offer_at),
		db_t(c->origin), db_n(c->bound_at), db_n(c->changed_at)),
	    &changed, f);
	*made = rc == ERR_OK && changed == 1;
	return rc;
}

static enum err
card_row(const struct db_cell *c, struct card *out, struct fault *f)
{
	*out = (struct card){ .akey = c[0].t,
		.id = c[1].t,
		.portal = c[2].t,
		.payer = c[3].t,
		.contract = c[4].t,
		.bank = c[5].t,
		.client = c[6].t,
		.bank_card = c[7].t,
		.mask = c[8].t,
		.scheme = c[9].t,
		.expiry = c[10].t,
		.offer = c[12].t,
		.offer_hash = c[13].t,
		.origin = c[14].t,
		.is_default = c[15].n != 0,
		.offer_at = c[16].n,
		.bound_at = c[17].n,
		.changed_at = c[18].n };
	if (card_state_of(c[11].t, &out->state))
		return ERR_OK;
	return fault_set(
	    f, ERR_BUG, "internal", "card state %.*s", STR_ARG(c[11].t));
}

static enum err
load(void *self, struct arena *a, struct str id, struct card *out,
    struct fault *f)
{
	struct db_rows r;
	enum err rc;

	if (!card_id_ok(id))
		return unknown(f, STR("not an id of ours"));
	rc = db_read(self, a, SQL_CARD_LOAD,
	    DB_IN(db_t((struct str){ id.p, PAY_AKEY_LEN }), db_t(id)),
	    card_shape, 1, &r, f);
	if (rc != ERR_OK)
		return rc;
	return r.len == 0 ? unknown(f, id) : card_row(db_row(&r, 0), out, f);
}

static enum err
list(void *self, struct arena *a, struct str akey, struct str portal,
    struct str payer, const struct card **out, size_t *len, struct fault *f)
{
	struct card *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_CARD_LIST,
	    DB_IN(db_t(akey), db_t(portal), db_t(payer), db_n(CARD_LIST_MAX)),
	    card_shape, CARD_LIST_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct card);
	for (size_t i = 0; i < r.len && rc == ERR_OK; i++)
		rc = card_row(db_row(&r, i), &v[i], f);
	*out = v;
	*len = r.len;
	return rc;
}

static enum err
move(void *self, const struct card_move *m, struct fault *f)
{
	struct str to = str_of(card_state_name(m->to));
	int64_t changed;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_CARD_MOVE,
	    DB_IN(db_t(to), db_t(to), db_t(to), db_n(m->at), db_t0(m->mask),
		db_t0(m->scheme), db_t0(m->expiry), db_t(m->akey), db_t(m->id),
		db_t(str_of(card_state_name(m->from)))),
	    &changed, f);
	if (rc == ERR_OK && changed == 0)
		return fault_set(f, ERR_AGAIN, "busy", "card %.*s is not %s",
		    STR_ARG(m->id), card_state_name(m->from));
	return rc;
}

static enum err
prefer(void *self, const struct card *c, int64_t at, struct fault *f)
{
	int64_t changed = 0;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_CARD_PREFER_NONE,
	    DB_IN(db_t(c->akey), db_t(c->portal), db_t(c->payer), db_t(c->id)),
	    NULL, f);
	if (rc == ERR_OK)
		rc = db_run(self, SQL_CARD_PREFER,
		    DB_IN(db_n(at), db_t(c->akey), db_t(c->id)), &changed, f);
	if (rc == ERR_OK && changed == 0)
		return fault_set(
		    f, ERR_AGAIN, "busy", "card %.*s is gone", STR_ARG(c->id));
	return rc;
}

struct card_store
st_card(struct db *db)
{
	return (struct card_store){ db, client, client_of, looked, put, load,
		list, move, prefer };
}
