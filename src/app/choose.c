#include "kvitok/app/choose.h"

#include "kvitok/app/chronicle.h"
#include "kvitok/base/secret.h"

static int64_t
now_of(const struct ports *p)
{
	return p->clock.now(p->clock.self);
}

static struct str
hash_of(struct arena *a, struct str secret)
{
	char hex[65];

	secret_sha256_hex(secret, hex);
	return arena_str(a, str_of(hex));
}

void
choose_begin(const struct ports *p, struct arena *a, struct payment *pm,
    struct pay_choose *out)
{
	char code[PAY_SECRET_LEN + 1];

	p->ids.text(p->ids.self, code, PAY_SECRET_LEN);
	pm->choose_code = arena_str(a, str_of(code));
	*out = (struct pay_choose){ .akey = pm->akey,
		.number = pm->number,
		.code_hash = hash_of(a, pm->choose_code),
		.browser_hash = STR(""),
		.until_at = pm->created_at + p->set.card_choose_ms };
}

void
choose_url(const struct ports *p, const struct payment *pm, struct buf *out)
{
	buf_text(out, p->set.public_url);
	buf_lit(out, "/pay/");
	buf_text(out, pm->number);
	buf_char(out, '.');
	buf_text(out, pm->choose_code);
	buf_lit(out, "/choose");
}

/* --- whose browser is it ------------------------------------------------ */

/* Nobody has opened the pay link, and the payment may be paid. */
static bool
untouched(const struct payment *pm, int64_t now)
{
	return pm->state == PAY_CREATED && pm->attempts_len_stored == 0 &&
	    now < pm->expires_at;
}

static enum err
load(const struct ports *p, struct arena *a, struct str token,
    struct pay_choose *x, struct payment **pm, struct fault *f)
{
	struct str number, code;
	bool found = false;
	enum err rc;

	if (!pay_token_split(token, &number, &code))
		return fault_set(
		    f, ERR_ABSENT, "payment_unknown", "not a token of ours");
	rc = p->pays.load(p->pays.self, a, number, pm, f);
	if (rc == ERR_OK)
		rc = p->binds.chooser(
		    p->binds.self, a, (*pm)->akey, (*pm)->number, x, &found, f);
	if (rc == ERR_OK &&
	    (!found || !secret_eq(x->code_hash, hash_of(a, code))))
		return fault_set(
		    f, ERR_ABSENT, "payment_unknown", "wrong code");
	return rc;
}

enum err
choose_peek(const struct ports *p, struct arena *a, struct str token,
    struct payment **out, struct fault *f)
{
	struct pay_choose x;

	return load(p, a, token, &x, out, f);
}

/* Gives: *mine, and a new cookie when the browser claims the choice now. */
static enum err
recognise(const struct ports *p, struct arena *a, const struct pay_choose *x,
    struct str cookie, struct chosen *out, bool *mine, struct fault *f)
{
	enum err rc;

	*mine = cookie.len > 0 && x->browser_hash.len > 0 &&
	    secret_eq(x->browser_hash, hash_of(a, cookie));
	if (x->browser_hash.len > 0 || now_of(p) >= x->until_at)
		return ERR_OK;
	p->ids.text(p->ids.self, out->cookie, PAY_SECRET_LEN);
	rc = p->binds.claim(p->binds.self, x->akey, x->number,
	    hash_of(a, str_of(out->cookie)), now_of(p), mine, f);
	if (!*mine)
		out->cookie[0] = '\0';
	return rc;
}

/* --- what there is to choose ---------------------------------------------- */

static enum err
put_cards(
    const struct ports *p, struct arena *a, struct chosen *out, struct fault *f)
{
	const struct card_seen *all = NULL;
	struct card_seen *v;
	size_t len = 0, n = 0;
	enum err rc =
	    card_list(p, a, out->pm->portal, out->pm->payer, &all, &len, f);

	if (rc != ERR_OK)
		return rc;
	v = ARENA_ARRAY(a, len + 1, struct card_seen);
	for (int first = 1; first >= 0; first--)
		for (size_t i = 0; i < len; i++)
			if (all[i].card.is_default == (first == 1) &&
			    str_eq(all[i].card.contract, out->pm->contract))
				v[n++] = all[i];
	out->cards = v;
	out->cards_len = n;
	return ERR_OK;
}

static enum err
put_offer(
    const struct ports *p, struct arena *a, struct chosen *out, struct fault *f)
{
	const struct card_offer *v = NULL;
	size_t len = 0;
	enum err rc = card_offers(p, a, out->pm->portal, &v, &len, f);

	for (size_t i = 0; rc == ERR_OK && i < len; i++)
		if (str_eq(v[i].contract, out->pm->contract))
			out->offer = &v[i].offer;
	return rc;
}

static enum err
put_choice(
    const struct ports *p, struct arena *a, struct chosen *out, struct fault *f)
{
	enum err rc = put_cards(p, a, out, f);

	return rc == ERR_OK ? put_offer(p, a, out, f) : rc;
}

static enum err
open_choice(const struct ports *p, struct arena *a, struct str token,
    struct str cookie, struct chosen *out, struct fault *f)
{
	struct pay_choose x;
	bool mine = false;
	enum err rc;

	memset(out, 0, sizeof(*out));
	rc = load(p, a, token, &x, &out->pm, f);
	if (rc != ERR_OK)
		return rc;
	out->go_on = true;
	if (x.chosen_at > 0 || !untouched(out->pm, now_of(p)))
		return ERR_OK;
	rc = recognise(p, a, &x, cookie, out, &mine, f);
	out->go_on = !mine;
	return rc;
}

enum err
choose_open(const struct ports *p, struct arena *a, struct str token,
    struct str cookie, struct chosen *out, struct fault *f)
{
	enum err rc = open_choice(p, a, token, cookie, out, f);

	return rc == ERR_OK && !out->go_on ? put_choice(p, a, out, f) : rc;
}

/* --- the choice ----------------------------------------------------------- */

struct choosing {
	const struct ports *p;
	struct arena *a;
	struct payment *pm;
	const struct pay_card *card; /* NULL: a new one, not to be saved */
};

static enum err
tell(struct choosing *c, struct fault *f)
{
	bool bound = c->card && c->card->card.len > 0;
	struct proof e;

	proof_begin(&e, c->a);
	if (bound)
		jw_ktext(&e.w, "card", c->card->card);
	else
		jw_kbool(&e.w, "save", c->card != NULL);
	return chronicle_put(c->p, c->a, c->pm,
	    &(struct chronicle_entry){
		.kind = bound ? "card_chosen" : "card_new_chosen",
		.actor = STR("payer"),
		.from = "",
		.to = "",
		.evidence = proof_end(&e) },
	    f);
}

/* The payment's row is locked by moving it from its state to the same: who
 * opens the pay link this moment comes before the choice or after it. */
static enum err
take_body(void *arg, struct fault *f)
{
	struct choosing *c = arg;
	const struct ports *p = c->p;
	struct payment *pm;
	bool mine = false;
	enum err rc = p->pays.load(p->pays.self, c->a, c->pm->number, &pm, f);

	if (rc != ERR_OK || !untouched(pm, now_of(p)))
		return rc;
	rc = p->pays.move(p->pays.self,
	    &(struct pay_move){ .akey = pm->akey,
		.number = pm->number,
		.from = pm->state,
		.to = pm->state,
		.at = now_of(p) },
	    f);
	ports_step(p, "choose_writing");
	if (rc == ERR_OK)
		rc = p->binds.chosen(p->binds.self, pm->akey, pm->number,
		    now_of(p), c->card, &mine, f);
	return rc == ERR_OK && mine ? tell(c, f) : rc;
}

/* A refusal of the choice is words on the page; other failures are not. */
static bool
is_refusal(enum err rc)
{
	return rc == ERR_INVALID || rc == ERR_LIMIT || rc == ERR_ABSENT;
}

enum err
choose_take(const struct ports *p, struct arena *a, struct str token,
    struct str cookie, const struct card_wish *wish, struct chosen *out,
    struct fault *f)
{
	struct pay_card card;
	bool any = false;
	enum err rc = open_choice(p, a, token, cookie, out, f);

	if (rc != ERR_OK || out->go_on)
		return rc;
	/* A cookie that was not there cannot have chosen. */
	if (out->cookie[0] != '\0')
		return put_choice(p, a, out, f);
	rc = card_choose(p, a, out->pm->portal, out->pm->payer,
	    out->pm->contract, wish, &card, &any, f);
	if (is_refusal(rc)) {
		out->why = f->reason;
		fault_init(f);
		return put_choice(p, a, out, f);
	}
	if (rc != ERR_OK)
		return rc;
	card.akey = out->pm->akey;
	card.number = out->pm->number;
	out->go_on = true;
	return p->tx.run(p->tx.self, "choose", take_body,
	    &(struct choosing){
		.p = p, .a = a, .pm = out->pm, .card = any ? &card : NULL },
	    f);
}
