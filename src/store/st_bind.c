#include "kvitok/store/st_bind.h"

#include <assert.h>

#define OFFERS_MAX 50

static struct bank_offer
offer_row(const struct db_cell *c)
{
	return (struct bank_offer){ c[0].t, c[1].t, c[2].t, c[3].t, c[4].t,
		c[5].t };
}

static enum err
offers(void *self, struct arena *a, struct str contract, struct str day,
    const struct bank_offer **out, size_t *len, struct fault *f)
{
	struct bank_offer *v;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_OFFER_LIST,
	    DB_IN(db_t(contract), db_t(day), db_n(OFFERS_MAX)), "tttttt",
	    OFFERS_MAX, &r, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, r.len + 1, struct bank_offer);
	for (size_t i = 0; i < r.len; i++)
		v[i] = offer_row(db_row(&r, i));
	*out = v;
	*len = r.len;
	return ERR_OK;
}

static enum err
offer(void *self, struct arena *a, struct str contract, struct str version,
    struct bank_offer *out, struct fault *f)
{
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_OFFER_GET,
	    DB_IN(db_t(contract), db_t(version)), "tttttt", 1, &r, f);

	if (rc != ERR_OK)
		return rc;
	if (r.len == 0)
		return fault_set(f, ERR_ABSENT, "offer_unknown", "%.*s %.*s",
		    STR_ARG(contract), STR_ARG(version));
	*out = offer_row(db_row(&r, 0));
	return ERR_OK;
}

static enum err
put(void *self, const struct bind *b, struct fault *f)
{
	assert(db_in_tx(self));
	return db_run(self, SQL_BIND_PUT,
	    DB_IN(db_t(b->akey), db_t(b->id), db_t(b->portal), db_t(b->payer),
		db_t(b->contract), db_t(b->bank), db_t(b->client),
		db_t(b->secret), db_t(b->return_url), db_t(b->frontend),
		db_t(b->offer), db_t(b->offer_hash), db_n(b->offer_at),
		db_n(b->created_at), db_n(b->expires_at), db_n(b->created_at)),
	    NULL, f);
}

static enum err
bind_row(const struct db_cell *c, struct bind *out, struct fault *f)
{
	*out = (struct bind){ .akey = c[0].t,
		.id = c[1].t,
		.portal = c[2].t,
		.payer = c[3].t,
		.contract = c[4].t,
		.bank = c[5].t,
		.client = c[6].t,
		.secret = c[7].t,
		.return_url = c[8].t,
		.frontend = c[9].t,
		.bank_id = c[11].t,
		.form_url = c[12].t,
		.reason = c[13].t,
		.offer = c[14].t,
		.offer_hash = c[15].t,
		.offer_at = c[16].n,
		.created_at = c[17].n,
		.expires_at = c[18].n,
		.started_at = c[19].n };
	if (bind_state_of(c[10].t, &out->state))
		return ERR_OK;
	return fault_set(
	    f, ERR_BUG, "internal", "bind state %.*s", STR_ARG(c[10].t));
}

static enum err
load(void *self, struct arena *a, struct str id, struct bind *out,
    struct fault *f)
{
	struct db_rows r = { NULL, 0, 0 };
	enum err rc = ERR_OK;

	if (card_id_ok(id))
		rc = db_read(self, a, SQL_BIND_LOAD,
		    DB_IN(db_t((struct str){ id.p, PAY_AKEY_LEN }), db_t(id)),
		    "tttttttttttttttt"
		    "iiii",
		    1, &r, f);
	if (rc != ERR_OK)
		return rc;
	return r.len == 0
	    ? fault_set(f, ERR_ABSENT, "card_unknown", "%.*s", STR_ARG(id))
	    : bind_row(db_row(&r, 0), out, f);
}

static enum err
move(void *self, const struct bind_move *m, struct fault *f)
{
	int64_t changed;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_BIND_MOVE,
	    DB_IN(db_t(str_of(bind_state_name(m->to))), db_n(m->at),
		db_t0(m->bank_id), db_t0(m->form_url), db_t0(m->reason),
		db_n0(m->started_at), db_t(m->akey), db_t(m->id),
		db_t(str_of(bind_state_name(m->from)))),
	    &changed, f);
	if (rc == ERR_OK && changed == 0)
		return fault_set(f, ERR_AGAIN, "busy", "binding %.*s is not %s",
		    STR_ARG(m->id), bind_state_name(m->from));
	return rc;
}

static enum err
choice(void *self, struct arena *a, struct str akey, struct str number,
    struct pay_card *out, bool *found, struct fault *f)
{
	const struct db_cell *c;
	struct db_rows r;
	enum err rc =
	    db_read(self, a, SQL_PAY_CARD_GET, DB_IN(db_t(akey), db_t(number)),
		"tttttttt"
		"iii",
		1, &r, f);

	*found = rc == ERR_OK && r.len == 1;
	if (!*found)
		return rc;
	c = db_row(&r, 0);
	*out = (struct pay_card){ .akey = c[0].t,
		.number = c[1].t,
		.portal = c[2].t,
		.payer = c[3].t,
		.contract = c[4].t,
		.card = c[5].t,
		.offer = c[6].t,
		.offer_hash = c[7].t,
		.save = c[8].n != 0,
		.offer_at = c[9].n,
		.used_n = (int)c[10].n };
	return ERR_OK;
}

static enum err
put_card(struct db *db, const struct pay_card *x, struct fault *f)
{
	return db_run(db, SQL_PAY_CARD_PUT,
	    DB_IN(db_t(x->akey), db_t(x->number), db_t(x->portal),
		db_t(x->payer), db_t(x->contract), db_t(x->card),
		db_n(x->save ? 1 : 0), db_t(x->offer), db_t(x->offer_hash),
		db_n0(x->offer_at)),
	    NULL, f);
}

enum err
st_bind_wishes(struct db *db, const struct new_payment *p, struct fault *f)
{
	const struct pay_choose *x = p->choose;
	enum err rc = p->card ? put_card(db, p->card, f) : ERR_OK;

	if (rc != ERR_OK || !x)
		return rc;
	return db_run(db, SQL_PAY_CHOOSE_PUT,
	    DB_IN(db_t(x->akey), db_t(x->number), db_t(x->code_hash),
		db_n(x->until_at)),
	    NULL, f);
}

static enum err
chooser(void *self, struct arena *a, struct str akey, struct str number,
    struct pay_choose *out, bool *found, struct fault *f)
{
	const struct db_cell *c;
	struct db_rows r;
	enum err rc = db_read(self, a, SQL_PAY_CHOOSE_GET,
	    DB_IN(db_t(akey), db_t(number)), "ttttii", 1, &r, f);

	*found = rc == ERR_OK && r.len == 1;
	if (!*found)
		return rc;
	c = db_row(&r, 0);
	*out = (struct pay_choose){ .akey = c[0].t,
		.number = c[1].t,
		.code_hash = c[2].t,
		.browser_hash = c[3].t,
		.until_at = c[4].n,
		.chosen_at = c[5].n };
	return ERR_OK;
}

static enum err
claim(void *self, struct str akey, struct str number, struct str browser_hash,
    int64_t at, bool *mine, struct fault *f)
{
	int64_t changed = 0;
	enum err rc = db_run(self, SQL_PAY_CHOOSE_CLAIM,
	    DB_IN(db_t(browser_hash), db_n(at), db_t(akey), db_t(number),
		db_n(at)),
	    &changed, f);

	*mine = rc == ERR_OK && changed == 1;
	return rc;
}

static enum err
chosen(void *self, struct str akey, struct str number, int64_t at,
    const struct pay_card *card, bool *mine, struct fault *f)
{
	int64_t changed = 0;
	enum err rc;

	assert(db_in_tx(self));
	rc = db_run(self, SQL_PAY_CHOOSE_DONE,
	    DB_IN(db_n(at), db_t(akey), db_t(number)), &changed, f);
	*mine = rc == ERR_OK && changed == 1;
	return *mine && card ? put_card(self, card, f) : rc;
}

static enum err
use(void *self, struct str akey, struct str number, int n, struct fault *f)
{
	assert(db_in_tx(self));
	return db_run(self, SQL_PAY_CARD_USE,
	    DB_IN(db_n(n), db_t(akey), db_t(number)), NULL, f);
}

struct bind_store
st_bind(struct db *db)
{
	return (struct bind_store){ db, offers, offer, put, load, move, choice,
		chooser, claim, chosen, use };
}
