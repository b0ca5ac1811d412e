#include "kvitok/app/card.h"

#include "kvitok/app/reference.h"
#include "kvitok/base/day.h"
#include "kvitok/base/secret.h"
#include "kvitok/domain/bill.h"

#define ANSWER_MAX 16384
#define CREATE_TRIES 3
#define LINK_LIFE_MS DAY_MS

/* --- offers ----------------------------------------------------------- */

static enum err
today_of(const struct ports *p, struct str portal, const struct ref **r,
    const struct ref_portal **po, char day[11], struct fault *f)
{
	enum err rc = reference(p, r, f);

	if (rc != ERR_OK)
		return rc;
	*po = ref_portal(*r, portal);
	if (!*po)
		return fault_set(f, ERR_BUG, "internal", "key without portal");
	reference_today(*po, p->clock.now(p->clock.self), day);
	return ERR_OK;
}

static bool
valid_on(struct str from, struct str to, const char *day)
{
	return str_cmp(from, str_of(day)) <= 0 &&
	    (to.len == 0 || str_cmp(to, str_of(day)) >= 0);
}

/* Gives: false when the portal's routes have named it before. */
static bool
is_new(const struct card_offer *v, size_t len, struct str contract)
{
	for (size_t i = 0; i < len; i++)
		if (str_eq(v[i].contract, contract))
			return false;
	return true;
}

static enum err
add_offer(const struct ports *p, struct arena *a, const struct ref_contract *c,
    const char *day, struct card_offer *v, size_t *len, struct fault *f)
{
	const struct bank_offer *list = NULL;
	struct card_traits traits;
	size_t n = 0;
	enum err rc =
	    p->card_bank.traits(p->card_bank.self, c->contract, &traits, f);

	if (rc == ERR_OK && traits.binds)
		rc = p->binds.offers(p->binds.self, a, c->contract,
		    arena_str(a, str_of(day)), &list, &n, f);
	if (rc != ERR_OK || n == 0)
		return rc;
	/* The snapshot may be read anew before the answer is used. */
	v[(*len)++] =
	    (struct card_offer){ .contract = arena_str(a, c->contract),
		    .bank = arena_str(a, c->bank),
		    .bank_title = arena_str(a, c->title),
		    .offer = list[0],
		    .alone = traits.alone };
	return ERR_OK;
}

enum err
card_offers(const struct ports *p, struct arena *a, struct str portal,
    const struct card_offer **out, size_t *len, struct fault *f)
{
	struct card_offer *v =
	    ARENA_ARRAY(a, CARD_OFFERS_MAX, struct card_offer);
	const struct ref_portal *po;
	const struct ref *r;
	char day[11];
	enum err rc = today_of(p, portal, &r, &po, day, f);

	*out = v;
	*len = 0;
	for (size_t i = 0; rc == ERR_OK && i < r->routes_len; i++) {
		const struct ref_route *route = &r->routes[i];
		const struct ref_contract *c = ref_contract(r, route->contract);

		if (str_eq(route->portal, portal) && c &&
		    valid_on(route->from_day, route->to_day, day) &&
		    valid_on(c->from_day, c->to_day, day) &&
		    is_new(v, *len, c->contract) && *len < CARD_OFFERS_MAX)
			rc = add_offer(p, a, c, day, v, len, f);
	}
	return rc;
}

static enum err
refuse(struct fault *f, enum err rc, const char *reason, const char *field)
{
	(void)fault_set(f, rc, reason, "%s", field);
	fault_field(f, field, reason);
	return rc;
}

enum err
card_accepts(const struct ports *p, struct arena *a, struct str portal,
    struct str contract, struct str version, struct bank_offer *out,
    char hash[65], struct fault *f)
{
	const struct bank_offer *list = NULL;
	const struct ref_portal *po;
	const struct ref *r;
	char day[11];
	size_t n = 0;
	enum err rc = today_of(p, portal, &r, &po, day, f);

	if (rc == ERR_OK && version.len == 0)
		return refuse(f, ERR_LIMIT, "offer_not_accepted", "/offer");
	if (rc == ERR_OK)
		rc = p->binds.offers(
		    p->binds.self, a, contract, str_of(day), &list, &n, f);
	if (rc != ERR_OK)
		return rc;
	if (n == 0)
		return fault_set(
		    f, ERR_LIMIT, "offer_not_set", "%.*s", STR_ARG(contract));
	if (!str_eq(list[0].version, version))
		return refuse(f, ERR_LIMIT, "offer_changed", "/offer");
	*out = list[0];
	secret_sha256_hex(out->text, hash);
	return ERR_OK;
}

enum err
card_client(const struct ports *p, struct arena *a, struct str portal,
    struct str payer, struct str contract, struct card_client *out,
    struct fault *f)
{
	char akey[PAY_AKEY_LEN + 1], tail[CARD_CLIENT_LEN - PAY_AKEY_LEN + 1];
	struct card_client c = { .portal = portal,
		.payer = payer,
		.contract = contract,
		.created_at = p->clock.now(p->clock.self) };

	card_akey(portal, payer, akey);
	p->ids.text(p->ids.self, tail, sizeof(tail) - 1);
	c.akey = str_of(akey);
	c.client = arena_fmt(a, "%s%s", akey, tail);
	return p->cards.client(p->cards.self, a, &c, out, f);
}

/* --- binding without a payment ---------------------------------------- */

/* Which contract: the only one, or the one of the bank that is named. */
static enum err
pick(const struct card_offer *v, size_t len, struct str bank,
    const struct card_offer **out, struct fault *f)
{
	size_t fit = 0;

	for (size_t i = 0; i < len; i++)
		if (v[i].alone && (bank.len == 0 || str_eq(v[i].bank, bank))) {
			*out = &v[i];
			fit++;
		}
	if (fit == 0)
		return bank.len > 0
		    ? refuse(f, ERR_LIMIT, "cards_not_taken", "/bank")
		    : fault_set(f, ERR_LIMIT, "cards_not_taken",
			  "no contract binds cards");
	return fit > 1 ? refuse(f, ERR_LIMIT, "bank_choose", "/bank") : ERR_OK;
}

struct binding {
	const struct ports *p;
	struct arena *a;
	const struct caller *who;
	const struct bind_request *req;
	struct bind x;
	struct str answer;
	bool used; /* the key was used: was tells for what */
	struct idem was;
};

static enum err
check_return(const struct binding *c, struct fault *f)
{
	const struct ref_portal *po;
	const struct ref *r;
	char day[11];
	enum err rc = today_of(c->p, c->who->portal, &r, &po, day, f);

	if (rc != ERR_OK || c->req->return_url.len == 0 ||
	    bill_return_ok(c->req->return_url, po->hosts, po->hosts_len))
		return rc;
	return refuse(f, ERR_LIMIT, "return_host", "/return_url");
}

static enum err
check_room(const struct binding *c, struct str contract, struct fault *f)
{
	const struct card *list = NULL;
	char akey[PAY_AKEY_LEN + 1];
	size_t len = 0, n = 0;
	enum err rc;

	card_akey(c->who->portal, c->req->payer, akey);
	rc = c->p->cards.list(c->p->cards.self, c->a, str_of(akey),
	    c->who->portal, c->req->payer, &list, &len, f);
	for (size_t i = 0; rc == ERR_OK && i < len; i++)
		n += str_eq(list[i].contract, contract);
	return rc == ERR_OK && n >= CARDS_MAX
	    ? refuse(f, ERR_LIMIT, "cards_too_many", "/payer")
	    : rc;
}

static enum err
plan(struct binding *c, struct fault *f)
{
	const struct card_offer *offers = NULL, *o = NULL;
	struct bank_offer accepted;
	size_t len = 0;
	char hash[65];
	const struct ports *p = c->p;
	int64_t now = p->clock.now(p->clock.self);
	enum err rc = check_return(c, f);

	if (rc == ERR_OK)
		rc = card_offers(p, c->a, c->who->portal, &offers, &len, f);
	if (rc == ERR_OK)
		rc = pick(offers, len, c->req->bank, &o, f);
	if (rc == ERR_OK)
		rc = card_accepts(p, c->a, c->who->portal, o->contract,
		    c->req->offer, &accepted, hash, f);
	if (rc == ERR_OK)
		rc = check_room(c, o->contract, f);
	if (rc == ERR_OK &&
	    p->gateway.is_down(p->gateway.self, o->contract, now)) {
		rc = fault_set(f, ERR_AGAIN, "bank_unavailable", "%.*s is down",
		    STR_ARG(o->contract));
		f->retry_after_s = 30;
	}
	if (rc != ERR_OK)
		return rc;
	c->x = (struct bind){ .portal = c->who->portal,
		.payer = c->req->payer,
		.contract = o->contract,
		.bank = o->bank,
		.return_url = c->req->return_url,
		.frontend = c->who->key_id,
		.state = BIND_CREATED,
		.offer = accepted.version,
		.offer_hash = arena_str(c->a, str_of(hash)),
		.offer_at = now,
		.created_at = now,
		.expires_at = now + LINK_LIFE_MS };
	return ERR_OK;
}

static void
name_it(struct binding *c)
{
	char akey[PAY_AKEY_LEN + 1], tail[CARD_ID_LEN - PAY_AKEY_LEN - 1],
	    secret[CARD_SECRET_LEN + 1];

	card_akey(c->x.portal, c->x.payer, akey);
	c->p->ids.text(c->p->ids.self, tail, sizeof(tail) - 1);
	c->p->ids.text(c->p->ids.self, secret, CARD_SECRET_LEN);
	c->x.akey = arena_str(c->a, str_of(akey));
	c->x.id = arena_fmt(c->a, "%s-C%s", akey, tail);
	c->x.secret = arena_str(c->a, str_of(secret));
}

static enum err
bind_body(void *arg, struct fault *f)
{
	struct binding *c = arg;
	const struct ports *p = c->p;
	bool made = false;
	enum err rc =
	    p->refunds.answer_put(p->refunds.self, c->x.portal, c->req->ikey,
		&(struct idem){
		    str_of(c->req->body_hash), c->x.akey, c->x.id, c->answer },
		c->x.created_at, &made, f);

	c->used = rc == ERR_OK && !made;
	if (rc == ERR_OK && made)
		rc = p->binds.put(p->binds.self, &c->x, f);
	ports_step(p, "bind_writing");
	return rc;
}

static enum err
replay(const struct binding *c, struct bind_made *out, struct fault *f)
{
	if (!str_eq(c->was.body_hash, str_of(c->req->body_hash)))
		return refuse(
		    f, ERR_LIMIT, "idempotency_key_reused", "Idempotency-Key");
	*out = (struct bind_made){ c->was.number, c->was.answer, true };
	return ERR_OK;
}

static enum err
find_used(struct binding *c, struct fault *f)
{
	return c->p->pays.find(
	    c->p->pays.self, c->a, c->who->portal, c->req->ikey, &c->was, f);
}

static enum err
write_bind(struct binding *c, struct bind_made *out, struct fault *f)
{
	const struct ports *p = c->p;
	struct card_client client;
	struct buf b;
	enum err rc = card_client(
	    p, c->a, c->x.portal, c->x.payer, c->x.contract, &client, f);

	if (rc != ERR_OK)
		return rc;
	name_it(c);
	c->x.client = client.client;
	buf_init(&b, c->a, ANSWER_MAX);
	c->req->render(&b, p, &c->x);
	if (b.full)
		return fault_set(f, ERR_BUG, "internal", "answer too large");
	c->answer = buf_str(&b);
	rc = ERR_UNSURE;
	/* The key makes it safe to repeat. */
	for (int i = 0; i < CREATE_TRIES && rc == ERR_UNSURE; i++)
		rc = p->tx.run(p->tx.self, "bind", bind_body, c, f);
	if (rc == ERR_OK && c->used)
		rc = find_used(c, f);
	if (rc != ERR_OK)
		return rc;
	if (c->used && !str_eq(c->was.number, c->x.id))
		return replay(c, out, f);
	*out = (struct bind_made){ c->x.id, c->answer, false };
	return ERR_OK;
}

enum err
card_bind(const struct ports *p, struct arena *a, const struct caller *who,
    const struct bind_request *req, struct bind_made *out, struct fault *f)
{
	struct binding c = { .p = p, .a = a, .who = who, .req = req };
	struct fault none;
	enum err rc = plan(&c, f);

	if (rc == ERR_OK)
		return write_bind(&c, out, f);
	/* A repeat gets its first answer whatever the rules say by now. */
	fault_init(&none);
	return find_used(&c, &none) == ERR_OK ? replay(&c, out, f) : rc;
}

void
card_bind_url(const struct ports *p, const struct bind *x, struct buf *out)
{
	buf_text(out, p->set.public_url);
	buf_lit(out, "/pay/");
	buf_text(out, x->id);
	buf_char(out, '.');
	buf_text(out, x->secret);
	buf_lit(out, "/card");
}

/* --- the payer's cards ------------------------------------------------- */

static enum err
see(const struct ports *p, const struct card *c, struct card_seen *out,
    struct fault *f)
{
	const struct ref_portal *po;
	const struct ref *r;
	char day[11];
	enum err rc = today_of(p, c->portal, &r, &po, day, f);

	if (rc != ERR_OK)
		return rc;
	*out = (struct card_seen){ .card = *c };
	out->card.state = card_state_on(c->state, c->expiry, day);
	out->expires_soon = out->card.state == CARD_ACTIVE &&
	    card_expires_soon(c->expiry, day, p->set.card_soon_days);
	return ERR_OK;
}

/* The bank may have put cards to sleep: it is asked now and then. */
static enum err
look_soon(const struct ports *p, struct arena *a, const struct card *c,
    struct fault *f)
{
	int64_t now = p->clock.now(p->clock.self);
	struct card_traits traits;
	struct card_client client;
	char id[27];
	enum err rc =
	    p->card_bank.traits(p->card_bank.self, c->contract, &traits, f);

	if (rc != ERR_OK || !traits.lists)
		return rc == ERR_BUG ? ERR_OK : rc; /* a contract that ended */
	rc = p->cards.client_of(
	    p->cards.self, a, c->akey, c->client, &client, f);
	/* One that was bound a moment ago is known well enough. */
	if (rc != ERR_OK || now - client.looked_at < p->set.card_look_ms ||
	    now - c->bound_at < p->set.card_look_ms)
		return rc;
	p->ids.ulid(p->ids.self, now, id);
	return p->jobs.wake(p->jobs.self,
	    &(struct job){ .akey = c->akey,
		.id = str_of(id),
		.kind = STR("card_look"),
		.ref = c->client,
		.due_at = now,
		.created_at = now },
	    f);
}

enum err
card_list(const struct ports *p, struct arena *a, struct str portal,
    struct str payer, const struct card_seen **out, size_t *len,
    struct fault *f)
{
	const struct card *list = NULL;
	struct card_seen *v;
	char akey[PAY_AKEY_LEN + 1];
	size_t n = 0;
	enum err rc;

	card_akey(portal, payer, akey);
	*len = 0;
	rc = p->cards.list(
	    p->cards.self, a, str_of(akey), portal, payer, &list, &n, f);
	v = ARENA_ARRAY(a, n + 1, struct card_seen);
	for (size_t i = 0; i < n && rc == ERR_OK; i++) {
		if (list[i].state == CARD_UNBINDING)
			continue;
		rc = see(p, &list[i], &v[(*len)++], f);
		if (rc == ERR_OK)
			rc = look_soon(p, a, &list[i], f);
	}
	*out = v;
	return rc;
}

/* Another portal's is not there at all. */
static enum err
load_own(const struct ports *p, struct arena *a, struct str portal,
    struct str payer, struct str id, struct card *out, struct fault *f)
{
	enum err rc = p->cards.load(p->cards.self, a, id, out, f);

	if (rc == ERR_OK && !str_eq(out->portal, portal))
		return fault_set(
		    f, ERR_ABSENT, "card_unknown", "another portal's");
	if (rc == ERR_OK && payer.len > 0 && !str_eq(out->payer, payer))
		return refuse(f, ERR_LIMIT, "card_of_another", "payer");
	return rc;
}

struct handling {
	const struct ports *p;
	struct arena *a;
	struct str portal, payer, id;
	struct card card;
};

static enum err
prefer_body(void *arg, struct fault *f)
{
	struct handling *h = arg;
	const struct ports *p = h->p;
	enum err rc =
	    load_own(p, h->a, h->portal, h->payer, h->id, &h->card, f);

	if (rc != ERR_OK)
		return rc;
	if (h->card.state == CARD_UNBINDING || h->card.state == CARD_UNBOUND)
		return fault_set(
		    f, ERR_LIMIT, "card_unbound", "%.*s", STR_ARG(h->id));
	rc = p->cards.prefer(
	    p->cards.self, &h->card, p->clock.now(p->clock.self), f);
	h->card.is_default = true;
	return rc;
}

enum err
card_prefer(const struct ports *p, struct arena *a, struct str portal,
    struct str payer, struct str id, struct card_seen *out, struct fault *f)
{
	struct handling h = { p, a, portal, payer, id, { .id = id } };
	enum err rc = p->tx.run(p->tx.self, "prefer", prefer_body, &h, f);

	/* Once more is the same. */
	if (rc == ERR_UNSURE)
		rc = p->tx.run(p->tx.self, "prefer", prefer_body, &h, f);
	return rc == ERR_OK ? see(p, &h.card, out, f) : rc;
}

static enum err
unbind_body(void *arg, struct fault *f)
{
	struct handling *h = arg;
	const struct ports *p = h->p;
	int64_t now = p->clock.now(p->clock.self);
	char id[27];
	enum err rc =
	    load_own(p, h->a, h->portal, h->payer, h->id, &h->card, f);

	if (rc != ERR_OK || h->card.state == CARD_UNBINDING ||
	    h->card.state == CARD_UNBOUND)
		return rc; /* it is gone already */
	rc = p->cards.move(p->cards.self,
	    &(struct card_move){ .akey = h->card.akey,
		.id = h->card.id,
		.from = h->card.state,
		.to = CARD_UNBINDING,
		.at = now },
	    f);
	p->ids.ulid(p->ids.self, now, id);
	if (rc == ERR_OK)
		rc = p->jobs.put(p->jobs.self,
		    &(struct job){ .akey = h->card.akey,
			.id = str_of(id),
			.kind = STR("card_unbind"),
			.ref = h->card.id,
			.due_at = now,
			.created_at = now },
		    f);
	ports_step(p, "unbind_writing");
	return rc;
}

enum err
card_unbind(const struct ports *p, struct arena *a, struct str portal,
    struct str payer, struct str id, struct fault *f)
{
	struct handling h = { p, a, portal, payer, id, { .id = id } };
	enum err rc = p->tx.run(p->tx.self, "unbind", unbind_body, &h, f);

	if (rc == ERR_UNSURE)
		rc = p->tx.run(p->tx.self, "unbind", unbind_body, &h, f);
	ports_step(p, "unbind_written");
	return rc;
}
