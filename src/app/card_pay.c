#include "kvitok/app/card_pay.h"

#include "kvitok/app/card.h"
#include "kvitok/app/chronicle.h"
#include "kvitok/app/reference.h"
#include "kvitok/base/utf8.h"

#define SUBJECT_MAX 100 /* of a case */
#define MASK_MAX 24
#define BANK_CARD_MAX 64

static enum err
refuse(struct fault *f, enum err rc, const char *reason, const char *field)
{
	(void)fault_set(f, rc, reason, "%s", field);
	fault_field(f, field, reason);
	return rc;
}

/* Gives: the day of the portal's zone. */
static enum err
today_of(
    const struct ports *p, struct str portal, char day[11], struct fault *f)
{
	const struct ref_portal *po;
	const struct ref *r;
	enum err rc = reference(p, &r, f);

	if (rc != ERR_OK)
		return rc;
	po = ref_portal(r, portal);
	if (!po)
		return fault_set(f, ERR_BUG, "internal", "portal is gone");
	reference_today(po, p->clock.now(p->clock.self), day);
	return ERR_OK;
}

/* --- a choice ---------------------------------------------------------- */

/* Why the card cannot be paid with on the day; NULL when it can. */
static const char *
unusable(const struct card *c, struct str contract, const char *day)
{
	switch (card_state_on(c->state, c->expiry, day)) {
	case CARD_UNBINDING:
	case CARD_UNBOUND:
		return "card_unbound";
	case CARD_DEACTIVATED:
		return "card_deactivated";
	case CARD_EXPIRED:
		return "card_expired";
	case CARD_ACTIVE:
	case CARD__COUNT:
		break;
	}
	return str_eq(c->contract, contract) ? NULL : "card_other_bank";
}

static enum err
judge_card(const struct ports *p, struct arena *a, const struct pay_card *x,
    struct fault *f)
{
	struct card c;
	const char *why;
	char day[11];
	enum err rc = p->cards.load(p->cards.self, a, x->card, &c, f);

	if (rc == ERR_ABSENT || (rc == ERR_OK && !str_eq(c.portal, x->portal)))
		return refuse(f, ERR_ABSENT, "card_unknown", "/card");
	if (rc == ERR_OK)
		rc = today_of(p, x->portal, day, f);
	if (rc != ERR_OK)
		return rc;
	if (!str_eq(c.payer, x->payer))
		return refuse(f, ERR_LIMIT, "card_of_another", "/card");
	why = unusable(&c, x->contract, day);
	return why ? refuse(f, ERR_LIMIT, why, "/card") : ERR_OK;
}

static enum err
judge_save(const struct ports *p, struct arena *a, struct str offer,
    struct pay_card *x, struct fault *f)
{
	struct bank_offer accepted;
	char hash[65];
	enum err rc = card_accepts(
	    p, a, x->portal, x->contract, offer, &accepted, hash, f);

	if (rc != ERR_OK)
		return rc;
	x->save = true;
	x->offer = accepted.version;
	x->offer_hash = arena_str(a, str_of(hash));
	x->offer_at = p->clock.now(p->clock.self);
	return ERR_OK;
}

enum err
card_choose(const struct ports *p, struct arena *a, struct str portal,
    struct str payer, struct str contract, const struct card_wish *wish,
    struct pay_card *out, bool *any, struct fault *f)
{
	const char *field = wish->choose ? "/choose_card"
	    : wish->save                 ? "/save_card"
					 : "/card";
	struct card_traits traits;
	enum err rc;

	*any = wish->card.len > 0 || wish->save;
	if (!*any && !wish->choose)
		return ERR_OK;
	if (payer.len == 0)
		return refuse(f, ERR_INVALID, "card_payer_missing", "/payer");
	if (wish->card.len > 0 && wish->save)
		return refuse(f, ERR_INVALID, "card_and_save", "/save_card");
	if (*any && wish->choose)
		return refuse(f, ERR_INVALID, "card_and_choose", field);
	rc = p->card_bank.traits(p->card_bank.self, contract, &traits, f);
	if (rc != ERR_OK)
		return rc;
	if (!traits.binds)
		return refuse(f, ERR_LIMIT, "cards_not_taken", field);
	if (wish->choose)
		return ERR_OK;
	*out = (struct pay_card){ .portal = portal,
		.payer = payer,
		.contract = contract,
		.card = wish->card.len > 0 ? wish->card : STR(""),
		.offer = STR(""),
		.offer_hash = STR("") };
	return wish->save ? judge_save(p, a, wish->offer, out, f)
			  : judge_card(p, a, out, f);
}

/* --- an attempt -------------------------------------------------------- */

static enum err
use_card(const struct ports *p, struct arena *a, const struct pay_card *x,
    struct card_use *out, struct fault *f)
{
	struct card c;
	char day[11];
	enum err rc = today_of(p, x->portal, day, f);

	if (rc == ERR_OK)
		rc = p->cards.load(p->cards.self, a, x->card, &c, f);
	if (rc != ERR_OK)
		return rc;
	/* Judged once more: it may have been unbound since. */
	if (!str_eq(c.payer, x->payer) || !str_eq(c.portal, x->portal) ||
	    unusable(&c, x->contract, day))
		return ERR_OK;
	*out = (struct card_use){
		.id = c.id, .bank_card = c.bank_card, .client = c.client
	};
	return ERR_OK;
}

enum err
card_for_attempt(const struct ports *p, struct arena *a,
    const struct payment *pm, struct str contract, int n, struct card_use *out,
    struct fault *f)
{
	struct card_client client;
	struct pay_card x;
	bool found;
	enum err rc;

	*out = (struct card_use){ 0 };
	if (pm->payer.len == 0)
		return ERR_OK;
	rc = p->binds.choice(
	    p->binds.self, a, pm->akey, pm->number, &x, &found, f);
	/* At another bank than the one that was chosen for it nothing holds. */
	if (rc != ERR_OK || !found || !str_eq(x.contract, contract))
		return rc;
	if (x.card.len > 0)
		return card_is_for_attempt(pm, x.used_n, n)
		    ? use_card(p, a, &x, out, f)
		    : ERR_OK;
	rc = card_client(p, a, x.portal, x.payer, contract, &client, f);
	if (rc != ERR_OK)
		return rc;
	out->client = client.client;
	out->save = true;
	return ERR_OK;
}

/* --- a card is bound ---------------------------------------------------- */

/* The bank's words about a card, fit for our columns. */
static void
read_said(struct arena *a, const struct bank_card *said, const char *day,
    struct card *out)
{
	char expiry[CARD_EXPIRY_LEN + 1];

	card_expiry(said->expiry, day, expiry);
	out->expiry = arena_str(a, str_of(expiry));
	out->mask = utf8_cut_bytes(said->mask, MASK_MAX);
	out->scheme = card_scheme(said->scheme, said->mask);
}

/* What is told now and was not known or was another; p NULL: nothing. */
static struct str
news(struct str said, struct str was)
{
	return said.len > 0 && !str_eq(said, was) ? said : STR_NONE;
}

static enum err
refresh(const struct ports *p, const struct card *was, const struct card *said,
    struct fault *f)
{
	struct card_move m = { .akey = was->akey,
		.id = was->id,
		.from = was->state,
		.to = CARD_ACTIVE,
		.at = p->clock.now(p->clock.self),
		.mask = news(said->mask, was->mask),
		.scheme = news(said->scheme, was->scheme),
		.expiry = news(said->expiry, was->expiry) };

	if (was->state == CARD_ACTIVE && !m.mask.p && !m.scheme.p &&
	    !m.expiry.p)
		return ERR_OK;
	return p->cards.move(p->cards.self, &m, f);
}

struct keeping {
	const struct ports *p;
	struct arena *a;
	const struct card_bound *b;
	struct card card;
	const struct card *same; /* the payer's card that it is; or NULL */
	bool id_taken;
	size_t len; /* cards of the payer at this contract */
};

static enum err
look_up(struct keeping *k, struct fault *f)
{
	const struct ports *p = k->p;
	const struct card *list = NULL;
	struct card old;
	struct fault none;
	size_t n = 0;
	enum err rc = p->cards.list(p->cards.self, k->a, k->card.akey,
	    k->b->portal, k->b->payer, &list, &n, f);

	for (size_t i = 0; rc == ERR_OK && i < n; i++) {
		if (!str_eq(list[i].contract, k->b->contract))
			continue;
		k->len++;
		if (str_eq(list[i].bank_card, k->card.bank_card))
			k->same = &list[i];
	}
	fault_init(&none);
	k->id_taken = k->b->id.len == 0 ||
	    p->cards.load(p->cards.self, k->a, k->b->id, &old, &none) == ERR_OK;
	return rc;
}

static enum err
put_new(struct keeping *k, enum card_kept *kept, struct fault *f)
{
	char tail[CARD_ID_LEN - PAY_AKEY_LEN - 1];
	bool made = false;
	enum err rc;

	k->p->ids.text(k->p->ids.self, tail, sizeof(tail) - 1);
	k->card.id = k->id_taken
	    ? arena_fmt(k->a, "%.*s-C%s", STR_ARG(k->card.akey), tail)
	    : k->b->id;
	rc = k->p->cards.put(k->p->cards.self, &k->card, &made, f);
	/* Somebody else binds one this moment: look again. */
	if (rc == ERR_OK && !made)
		return fault_set(f, ERR_AGAIN, "busy", "card is being bound");
	*kept = CARD_KEPT;
	return rc;
}

enum err
card_keep(const struct ports *p, struct arena *a, const struct card_bound *b,
    enum card_kept *kept, struct str *id, struct fault *f)
{
	struct keeping k = { .p = p, .a = a, .b = b };
	struct card_traits traits;
	struct card_client client;
	char day[11];
	enum err rc =
	    p->card_bank.traits(p->card_bank.self, b->contract, &traits, f);

	if (rc == ERR_OK)
		rc = today_of(p, b->portal, day, f);
	if (rc == ERR_OK)
		rc = card_client(
		    p, a, b->portal, b->payer, b->contract, &client, f);
	if (rc != ERR_OK)
		return rc;
	*id = STR("");
	*kept = CARD_FOREIGN;
	if (traits.names_client && !str_eq(b->said.client, client.client))
		return ERR_OK;
	k.card = (struct card){ .akey = client.akey,
		.portal = b->portal,
		.payer = b->payer,
		.contract = b->contract,
		.bank = b->bank,
		.client = client.client,
		.bank_card = utf8_cut_bytes(b->said.id, BANK_CARD_MAX),
		.offer = b->offer,
		.offer_hash = b->offer_hash,
		.offer_at = b->offer_at,
		.origin = b->origin,
		.bound_at = p->clock.now(p->clock.self) };
	k.card.changed_at = k.card.bound_at;
	read_said(a, &b->said, day, &k.card);
	if ((rc = look_up(&k, f)) != ERR_OK)
		return rc;
	*kept = CARD_NOT_KEPT;
	if (k.same && k.same->state != CARD_UNBINDING) {
		*kept = CARD_KNOWN;
		*id = k.same->id;
		return refresh(p, k.same, &k.card, f);
	}
	if (k.same || k.len >= CARDS_MAX)
		return ERR_OK;
	rc = put_new(&k, kept, f);
	*id = k.card.id;
	return rc;
}

static struct str
bank_no_of(struct arena *a, const struct payment *pm, const struct attempt *at)
{
	char bank_no[PAY_BANK_NO_MAX + 1];

	pay_bank_no(pm->number, at->n, bank_no);
	return arena_str(a, str_of(bank_no));
}

static struct str
proof_of(struct arena *a, const struct attempt *at,
    const struct bank_card *said, struct str id)
{
	struct proof e;

	proof_begin(&e, a);
	jw_ktext(&e.w, "contract", at->contract);
	jw_kopt(&e.w, "card", id);
	jw_kopt(&e.w, "mask", said->mask);
	return proof_end(&e);
}

/* A card of another client is evidence of something wrong, never a card.
 * Whose the bank says it is stays in its answer: it is nobody's business. */
static enum err
foreign(const struct ports *p, struct arena *a, const struct payment *pm,
    const struct attempt *at, const struct bank_card *said, struct str actor,
    struct fault *f)
{
	bool made; /* once is enough */

	return chronicle_case(p, a, pm,
	    &(struct pay_case){ .n = at->n,
		.kind = STR("card_client"),
		.subject = utf8_cut_bytes(bank_no_of(a, pm, at), SUBJECT_MAX),
		.proposal = STR("ask_bank"),
		.evidence = proof_of(a, at, said, STR("")) },
	    actor, &made, f);
}

enum err
card_paid(const struct ports *p, struct arena *a, const struct payment *pm,
    const struct attempt *at, const struct bank_card *said, struct str actor,
    struct fault *f)
{
	enum card_kept kept = CARD_NOT_KEPT;
	struct pay_card x;
	struct str id;
	bool found = false;
	enum err rc = ERR_OK;

	if (said->id.len == 0 || pm->payer.len == 0)
		return ERR_OK;
	rc = p->binds.choice(
	    p->binds.self, a, pm->akey, pm->number, &x, &found, f);
	if (rc != ERR_OK || !found || !x.save ||
	    !str_eq(x.contract, at->contract))
		return rc;
	rc = card_keep(p, a,
	    &(struct card_bound){ .portal = x.portal,
		.payer = x.payer,
		.contract = at->contract,
		.bank = at->bank,
		.offer = x.offer,
		.offer_hash = x.offer_hash,
		.offer_at = x.offer_at,
		.origin = pm->number,
		.said = *said },
	    &kept, &id, f);
	if (rc == ERR_OK && kept == CARD_FOREIGN)
		return foreign(p, a, pm, at, said, actor, f);
	if (rc != ERR_OK || kept == CARD_KNOWN)
		return rc;
	return chronicle_put(p, a, pm,
	    &(struct chronicle_entry){
		.kind = kept == CARD_KEPT ? "card_bound" : "card_not_bound",
		.actor = actor,
		.n = at->n,
		.from = "",
		.to = "",
		.evidence = proof_of(a, at, said, id) },
	    f);
}

enum err
card_was_used(const struct ports *p, struct arena *a, const struct payment *pm,
    const struct attempt *at, bool *used, struct fault *f)
{
	struct pay_card x = { .used_n = 0 };
	bool found = false;
	enum err rc = ERR_OK;

	if (pm->payer.len > 0)
		rc = p->binds.choice(
		    p->binds.self, a, pm->akey, pm->number, &x, &found, f);
	*used = rc == ERR_OK && found && x.card.len > 0 && x.used_n == at->n;
	return rc;
}

/* --- a card comes to its end --------------------------------------------- */

enum err
card_refused(const struct ports *p, struct arena *a, const struct payment *pm,
    const struct attempt *at, struct str reason, struct str actor,
    struct fault *f)
{
	bool expired = str_eq(reason, STR("pay_card_expired"));
	enum card_state to = expired ? CARD_EXPIRED : CARD_DEACTIVATED;
	struct bank_card none = { 0 };
	struct pay_card x;
	struct card c;
	bool found = false;
	enum err rc = ERR_OK;

	if (pm->payer.len == 0 ||
	    (!expired && !str_eq(reason, STR("pay_card_off"))))
		return ERR_OK;
	rc = p->binds.choice(
	    p->binds.self, a, pm->akey, pm->number, &x, &found, f);
	if (rc != ERR_OK || !found || x.card.len == 0 || x.used_n != at->n)
		return rc;
	rc = p->cards.load(p->cards.self, a, x.card, &c, f);
	if (rc != ERR_OK || c.state != CARD_ACTIVE)
		return rc;
	rc = p->cards.move(p->cards.self,
	    &(struct card_move){ .akey = c.akey,
		.id = c.id,
		.from = c.state,
		.to = to,
		.at = p->clock.now(p->clock.self) },
	    f);
	none.mask = c.mask;
	return rc == ERR_OK
	    ? chronicle_put(p, a, pm,
		  &(struct chronicle_entry){
		      .kind = expired ? "card_expired" : "card_deactivated",
		      .actor = actor,
		      .n = at->n,
		      .from = "",
		      .to = "",
		      .evidence = proof_of(a, at, &none, c.id) },
		  f)
	    : rc;
}
