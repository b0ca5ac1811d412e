#include "kvitok/app/card_run.h"

#include "kvitok/app/card_pay.h"
#include "kvitok/app/chronicle.h"
#include "kvitok/app/reference.h"
#include "kvitok/base/utf8.h"

#define REST_MS 10000 /* while a bank is taken for down */
#define BANK_ID_MAX 64
#define REASON_MAX 40

static int64_t
now_of(const struct ports *p)
{
	return p->clock.now(p->clock.self);
}

/* A case that is of no payment. */
static enum err
open_case(const struct ports *p, struct arena *a, struct str akey,
    struct str portal, const char *kind, struct str subject, struct str proof,
    struct fault *f)
{
	char id[27];
	bool made; /* once is enough */

	p->ids.ulid(p->ids.self, now_of(p), id);
	return p->evidence.case_put(p->evidence.self,
	    &(struct pay_case){ .akey = akey,
		.id = arena_str(a, str_of(id)),
		.portal = portal,
		.number = STR(""),
		.kind = str_of(kind),
		.subject = subject,
		.proposal = STR("ask_bank"),
		.evidence = proof,
		.created_at = now_of(p) },
	    &made, f);
}

/* --- a binding on its way ------------------------------------------------ */

struct asking {
	const struct ports *p;
	struct arena *a;
	struct bind x;
	struct gateway_traits traits;
	const struct bank_bind_status *s;
	bool proven;
};

static int64_t
ends_at(const struct asking *q)
{
	return (q->x.started_at > 0 ? q->x.started_at : q->x.created_at) +
	    q->traits.life_s * 1000;
}

static enum err
bind_to(
    struct asking *q, enum bind_state to, struct str reason, struct fault *f)
{
	if (!bind_may_move(q->x.state, to))
		return ERR_OK; /* known already */
	return q->p->binds.move(q->p->binds.self,
	    &(struct bind_move){ .akey = q->x.akey,
		.id = q->x.id,
		.from = q->x.state,
		.to = to,
		.at = now_of(q->p),
		.bank_id = q->s->bank_id.len > 0
		    ? utf8_cut_bytes(q->s->bank_id, BANK_ID_MAX)
		    : STR_NONE,
		.reason = utf8_cut_bytes(reason, REASON_MAX) },
	    f);
}

static struct str
proof_of(const struct asking *q)
{
	struct proof e;

	proof_begin(&e, q->a);
	jw_ktext(&e.w, "contract", q->x.contract);
	jw_ktext(&e.w, "bind", q->x.id);
	jw_kopt(&e.w, "bank_id", q->s->bank_id);
	jw_kopt(&e.w, "bank_no", q->s->bank_no);
	jw_kopt(&e.w, "mask", q->s->card.mask);
	return proof_end(&e);
}

static enum err
wrong(struct asking *q, const char *kind, struct fault *f)
{
	enum err rc = open_case(
	    q->p, q->a, q->x.akey, q->x.portal, kind, q->x.id, proof_of(q), f);

	return rc == ERR_OK
	    ? bind_to(q, BIND_FAILED, STR("card_bind_refused"), f)
	    : rc;
}

static enum err
write_done(struct asking *q, struct fault *f)
{
	enum card_kept kept = CARD_NOT_KEPT;
	struct str id;
	enum err rc;

	if (q->s->bank_no.len > 0 && !str_eq(q->s->bank_no, q->x.id))
		return wrong(q, "card_number", f);
	if (q->s->card.id.len == 0)
		return bind_to(q, BIND_FAILED, STR("card_not_saved"), f);
	if (!q->proven)
		return ERR_OK; /* the signed call is perhaps on its way */
	rc = card_keep(q->p, q->a,
	    &(struct card_bound){ .portal = q->x.portal,
		.payer = q->x.payer,
		.contract = q->x.contract,
		.bank = q->x.bank,
		.id = q->x.id,
		.offer = q->x.offer,
		.offer_hash = q->x.offer_hash,
		.offer_at = q->x.offer_at,
		.origin = q->x.id,
		.said = q->s->card },
	    &kept, &id, f);
	if (rc != ERR_OK)
		return rc;
	switch (kept) {
	case CARD_KEPT:
		return bind_to(q, BIND_BOUND, STR(""), f);
	case CARD_KNOWN:
		/* Under its own id it is the one that this binding made. */
		return str_eq(id, q->x.id)
		    ? ERR_OK
		    : bind_to(q, BIND_FAILED, STR("card_bound_already"), f);
	case CARD_FOREIGN:
		return wrong(q, "card_client", f);
	case CARD_NOT_KEPT:
		break;
	}
	return bind_to(q, BIND_FAILED, STR("cards_too_many"), f);
}

/* Registered after all: the answer had been lost. */
static enum err
write_found(struct asking *q, struct fault *f)
{
	struct str url;
	enum err rc = q->p->gateway.page_url(
	    q->p->gateway.self, q->a, q->x.contract, q->s->bank_id, &url, f);

	if (rc != ERR_OK)
		return rc;
	if (url.len == 0)
		return bind_to(q, BIND_FAILED, STR("pay_order_refused"), f);
	return q->p->binds.move(q->p->binds.self,
	    &(struct bind_move){ .akey = q->x.akey,
		.id = q->x.id,
		.from = q->x.state,
		.to = BIND_REGISTERED,
		.at = now_of(q->p),
		.bank_id = utf8_cut_bytes(q->s->bank_id, BANK_ID_MAX),
		.form_url = url },
	    f);
}

static enum err
write_open(struct asking *q, struct fault *f)
{
	if (q->x.state == BIND_INTENDED || q->x.state == BIND_UNKNOWN)
		return write_found(q, f);
	return now_of(q->p) >= ends_at(q)
	    ? bind_to(q, BIND_FAILED, STR("pay_time_over"), f)
	    : ERR_OK;
}

static enum err
write_absent(struct asking *q, struct fault *f)
{
	if (q->traits.way == GATEWAY_REDIRECTS || q->x.state == BIND_REGISTERED)
		return now_of(q->p) >= ends_at(q)
		    ? bind_to(q, BIND_FAILED, STR("pay_time_over"), f)
		    : ERR_OK;
	/* A registration under way may not have arrived yet. */
	if (now_of(q->p) - q->x.started_at < q->p->set.patience_ms)
		return ERR_OK;
	return bind_to(q, BIND_FAILED, STR("bank_unavailable"), f);
}

enum err
card_bind_write(const struct ports *p, struct arena *a, const struct bind *x,
    const struct bank_bind_status *s, bool proven, struct fault *f)
{
	struct asking q = { .p = p, .a = a, .x = *x, .s = s, .proven = proven };
	enum err rc =
	    p->gateway.traits(p->gateway.self, x->contract, &q.traits, f);

	if (rc != ERR_OK || x->state == BIND_CREATED)
		return rc;
	switch (s->outcome) {
	case BANK_BIND_DONE:
		return write_done(&q, f);
	case BANK_BIND_FAILED:
		return bind_to(&q, BIND_FAILED,
		    s->reason.len > 0 ? s->reason : STR("card_bind_refused"),
		    f);
	case BANK_BIND_OPEN:
		return write_open(&q, f);
	case BANK_BIND_ABSENT:
		return write_absent(&q, f);
	}
	return fault_set(f, ERR_BUG, "internal", "outcome %d", (int)s->outcome);
}

static enum err
ask_body(void *arg, struct fault *f)
{
	struct asking *q = arg;
	enum err rc =
	    q->p->binds.load(q->p->binds.self, q->a, q->x.id, &q->x, f);

	if (rc == ERR_OK)
		rc = card_bind_write(q->p, q->a, &q->x, q->s, q->proven, f);
	ports_step(q->p, "bind_done_writing");
	return rc;
}

/* As a payment's attempt is asked about. */
static int64_t
next_ask(const struct asking *q)
{
	struct attempt at = { .n = 1,
		.state = ATT_REGISTERED,
		.started_at =
		    q->x.started_at > 0 ? q->x.started_at : q->x.created_at,
		.expires_at = ends_at(q) };

	return bind_is_over(q->x.state)
	    ? 0
	    : payment_next_ask(&at, now_of(q->p), q->p->set.ask_first_ms);
}

static enum err
ask_bank(struct asking *q, struct bank_bind_status *s, struct fault *f)
{
	struct bank_query bq = { .bank_no = q->x.id, .bank_id = q->x.bank_id };

	/* Where the browser is only sent away, its transaction is known once
	 * the bank has checked it. */
	if (q->traits.way == GATEWAY_REDIRECTS) {
		bq.trxs = &q->x.bank_id;
		bq.trxs_len = q->x.bank_id.len > 0 ? 1 : 0;
	}
	return q->p->card_bank.status(
	    q->p->card_bank.self, q->a, q->x.contract, &bq, s, f);
}

enum err
card_run_ask(const struct ports *p, struct arena *a, struct str id,
    int64_t *next_at, struct fault *f)
{
	struct asking q = { .p = p, .a = a };
	struct bank_bind_status s;
	enum err rc = p->binds.load(p->binds.self, a, id, &q.x, f);

	*next_at = 0;
	if (rc != ERR_OK || bind_is_over(q.x.state) ||
	    q.x.state == BIND_CREATED)
		return rc;
	rc = p->gateway.traits(p->gateway.self, q.x.contract, &q.traits, f);
	if (rc != ERR_OK)
		return rc;
	*next_at = next_ask(&q);
	if (p->gateway.is_down(p->gateway.self, q.x.contract, now_of(p))) {
		*next_at = now_of(p) + REST_MS;
		return ERR_OK;
	}
	rc = ask_bank(&q, &s, f);
	if (rc != ERR_OK)
		return rc == ERR_CONFLICT ? ERR_OK : rc;
	q.s = &s;
	/* Sberbank's word counts as it is asked by us; of Gazprombank the
	 * transaction may have been named by anybody. */
	q.proven = q.traits.way == GATEWAY_REGISTERS || q.traits.caller_known;
	rc = p->tx.run(p->tx.self, "bind_done", ask_body, &q, f);
	if (rc == ERR_OK)
		rc = p->binds.load(p->binds.self, a, id, &q.x, f);
	if (rc == ERR_OK)
		*next_at = next_ask(&q);
	return rc == ERR_UNSURE ? ERR_OK : rc;
}

/* --- a card to be forgotten ----------------------------------------------- */

struct forgetting {
	const struct ports *p;
	struct arena *a;
	struct card c;
	const char *kind; /* of the case */
};

static enum err
forgotten_body(void *arg, struct fault *f)
{
	struct forgetting *g = arg;
	enum err rc =
	    g->p->cards.load(g->p->cards.self, g->a, g->c.id, &g->c, f);

	if (rc == ERR_OK && g->c.state == CARD_UNBINDING)
		rc = g->p->cards.move(g->p->cards.self,
		    &(struct card_move){ .akey = g->c.akey,
			.id = g->c.id,
			.from = CARD_UNBINDING,
			.to = CARD_UNBOUND,
			.at = now_of(g->p) },
		    f);
	ports_step(g->p, "forgotten_writing");
	return rc;
}

static enum err
case_body(void *arg, struct fault *f)
{
	struct forgetting *g = arg;
	struct proof e;

	proof_begin(&e, g->a);
	jw_ktext(&e.w, "contract", g->c.contract);
	jw_ktext(&e.w, "card", g->c.id);
	jw_kopt(&e.w, "mask", g->c.mask);
	return open_case(g->p, g->a, g->c.akey, g->c.portal, g->kind, g->c.id,
	    proof_end(&e), f);
}

enum err
card_run_unbind(const struct ports *p, struct arena *a, struct str id,
    int64_t *next_at, struct fault *f)
{
	struct forgetting g = { .p = p, .a = a, .kind = "card_unbind_refused" };
	struct card_traits traits;
	enum err rc = p->cards.load(p->cards.self, a, id, &g.c, f), written;

	*next_at = 0;
	if (rc != ERR_OK || g.c.state != CARD_UNBINDING)
		return rc;
	rc = p->card_bank.traits(p->card_bank.self, g.c.contract, &traits, f);
	if (rc != ERR_OK)
		return rc;
	ports_step(p, "forget_calling");
	if (traits.unbinds)
		rc = p->card_bank.unbind(
		    p->card_bank.self, a, g.c.contract, g.c.bank_card, f);
	ports_step(p, "forget_called");
	if (rc == ERR_OK)
		return p->tx.run(
		    p->tx.self, "forgotten", forgotten_body, &g, f);
	if (rc != ERR_CONFLICT)
		return rc;
	written = p->tx.run(p->tx.self, "unbind_case", case_body, &g, f);
	return written == ERR_OK
	    ? fault_set(f, rc, "card_unbind_refused", "%.*s", STR_ARG(id))
	    : written;
}

enum err
card_run_given_up(
    const struct ports *p, struct arena *a, struct str id, struct fault *f)
{
	struct forgetting g = { .p = p, .a = a, .kind = "card_unbind_failed" };
	enum err rc = p->cards.load(p->cards.self, a, id, &g.c, f);

	if (rc != ERR_OK || g.c.state != CARD_UNBINDING)
		return rc;
	return p->tx.run(p->tx.self, "unbind_case", case_body, &g, f);
}

/* --- cards that the bank remembers ---------------------------------------- */

struct looking {
	const struct ports *p;
	struct arena *a;
	struct card_client client;
	const struct bank_stored *said;
	size_t said_len;
	int64_t asked_at;
};

static const struct bank_stored *
said_of(const struct looking *l, const struct card *c)
{
	for (size_t i = 0; i < l->said_len; i++)
		if (str_eq(l->said[i].card.id, c->bank_card))
			return &l->said[i];
	return NULL;
}

static enum err
look_at(
    struct looking *l, const struct card *c, const char *day, struct fault *f)
{
	const struct bank_stored *b = said_of(l, c);
	enum card_state to = b && b->active ? CARD_ACTIVE : CARD_DEACTIVATED;
	char expiry[CARD_EXPIRY_LEN + 1] = "";
	bool news;

	/* What has changed since is newer than the bank's list. */
	if (c->state == CARD_UNBINDING || c->changed_at >= l->asked_at)
		return ERR_OK;
	if (b)
		card_expiry(b->card.expiry, day, expiry);
	news = expiry[0] != '\0' && !str_eq(str_of(expiry), c->expiry);
	/* An expired one that the bank still keeps stays so until the bank
	 * names another month. */
	if (c->state == CARD_EXPIRED && to == CARD_ACTIVE && !news)
		return ERR_OK;
	if (c->state == to && !news)
		return ERR_OK;
	return l->p->cards.move(l->p->cards.self,
	    &(struct card_move){ .akey = c->akey,
		.id = c->id,
		.from = c->state,
		.to = to,
		.at = now_of(l->p),
		.expiry = news ? str_of(expiry) : STR_NONE },
	    f);
}

/* A card of somebody else in this client's list is never taken for his. */
static enum err
look_for_foreign(struct looking *l, struct fault *f)
{
	enum err rc = ERR_OK;

	for (size_t i = 0; i < l->said_len && rc == ERR_OK; i++) {
		const struct bank_card *c = &l->said[i].card;
		struct proof e;

		if (str_eq(c->client, l->client.client))
			continue;
		proof_begin(&e, l->a);
		jw_ktext(&e.w, "contract", l->client.contract);
		jw_kopt(&e.w, "mask", c->mask);
		rc = open_case(l->p, l->a, l->client.akey, l->client.portal,
		    "card_client", utf8_cut_bytes(c->id, BANK_ID_MAX),
		    proof_end(&e), f);
	}
	return rc;
}

static enum err
look_body(void *arg, struct fault *f)
{
	struct looking *l = arg;
	const struct ports *p = l->p;
	const struct card *list = NULL;
	const struct ref_portal *po;
	const struct ref *r;
	char day[11];
	size_t len = 0;
	enum err rc = reference(p, &r, f);

	if (rc != ERR_OK)
		return rc;
	po = ref_portal(r, l->client.portal);
	if (!po)
		return fault_set(f, ERR_BUG, "internal", "portal is gone");
	reference_today(po, now_of(p), day);
	rc = p->cards.list(p->cards.self, l->a, l->client.akey,
	    l->client.portal, l->client.payer, &list, &len, f);
	for (size_t i = 0; i < len && rc == ERR_OK; i++)
		if (str_eq(list[i].contract, l->client.contract))
			rc = look_at(l, &list[i], day, f);
	if (rc == ERR_OK)
		rc = look_for_foreign(l, f);
	return rc == ERR_OK ? p->cards.looked(p->cards.self, l->client.akey,
				  l->client.client, now_of(p), f)
			    : rc;
}

enum err
card_run_look(const struct ports *p, struct arena *a, struct str akey,
    struct str client, int64_t *next_at, struct fault *f)
{
	struct looking l = { .p = p, .a = a };
	struct card_traits traits = { .lists = false };
	enum err rc =
	    p->cards.client_of(p->cards.self, a, akey, client, &l.client, f);

	*next_at = 0;
	if (rc == ERR_OK)
		rc = p->card_bank.traits(
		    p->card_bank.self, l.client.contract, &traits, f);
	if (rc != ERR_OK || !traits.lists)
		return rc;
	if (p->gateway.is_down(p->gateway.self, l.client.contract, now_of(p))) {
		*next_at = now_of(p) + REST_MS;
		return ERR_OK;
	}
	l.asked_at = now_of(p);
	rc = p->card_bank.list(p->card_bank.self, a, l.client.contract, client,
	    &l.said, &l.said_len, f);
	return rc == ERR_OK
	    ? p->tx.run(p->tx.self, "card_look", look_body, &l, f)
	    : rc;
}
