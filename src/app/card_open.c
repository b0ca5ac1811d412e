#include "kvitok/app/card_open.h"

#include "kvitok/app/reference.h"
#include "kvitok/base/log.h"
#include "kvitok/base/secret.h"

#define URL_MAX 2000

static enum err
load_by_token(const struct ports *p, struct arena *a, struct str token,
    struct bind *out, struct fault *f)
{
	struct str id, secret;
	enum err rc;

	if (!card_token_split(token, &id, &secret))
		return fault_set(
		    f, ERR_ABSENT, "card_unknown", "not a token of ours");
	rc = p->binds.load(p->binds.self, a, id, out, f);
	if (rc == ERR_OK && !secret_eq(out->secret, secret))
		return fault_set(f, ERR_ABSENT, "card_unknown", "wrong secret");
	return rc;
}

enum err
card_ask_soon(const struct ports *p, struct arena *a, const struct bind *x,
    int64_t due_at, struct fault *f)
{
	int64_t now = p->clock.now(p->clock.self);
	char id[27];

	p->ids.ulid(p->ids.self, now, id);
	return p->jobs.wake(p->jobs.self,
	    &(struct job){ .akey = x->akey,
		.id = arena_str(a, str_of(id)),
		.kind = STR("card_ask"),
		.ref = x->id,
		.due_at = due_at,
		.created_at = now },
	    f);
}

struct beginning {
	const struct ports *p;
	struct arena *a;
	struct bind x;
	struct gateway_traits traits;
	struct bank_start start;
	enum err started;
	int64_t now;
	bool changed; /* somebody else was faster */
};

static enum err
move(struct beginning *b, enum bind_state to, struct str reason,
    int64_t started_at, struct fault *f)
{
	bool there = to == BIND_REGISTERED;
	enum err rc = b->p->binds.move(b->p->binds.self,
	    &(struct bind_move){ .akey = b->x.akey,
		.id = b->x.id,
		.from = b->x.state,
		.to = to,
		.at = b->now,
		.bank_id = there && b->start.bank_id.len > 0 ? b->start.bank_id
							     : STR_NONE,
		.form_url = there ? b->start.form_url : STR_NONE,
		.reason = reason,
		.started_at = started_at },
	    f);

	if (rc != ERR_OK)
		return rc;
	b->x.state = to;
	if (reason.p)
		b->x.reason = reason;
	if (there)
		b->x.form_url = b->start.form_url;
	return rc;
}

static enum err
load_in(struct beginning *b, struct fault *f)
{
	struct str id = b->x.id;

	return b->p->binds.load(b->p->binds.self, b->a, id, &b->x, f);
}

static enum err
intend_body(void *arg, struct fault *f)
{
	struct beginning *b = arg;
	bool link = b->traits.way == GATEWAY_REDIRECTS;
	enum err rc = load_in(b, f);

	b->changed = rc == ERR_OK && b->x.state != BIND_CREATED;
	if (rc != ERR_OK || b->changed)
		return rc;
	rc = move(
	    b, link ? BIND_REGISTERED : BIND_INTENDED, STR_NONE, b->now, f);
	if (rc == ERR_OK)
		rc = card_ask_soon(
		    b->p, b->a, &b->x, b->now + b->p->set.ask_first_ms, f);
	ports_step(b->p, "bind_intend_writing");
	return rc;
}

static enum err
outcome_body(void *arg, struct fault *f)
{
	struct beginning *b = arg;
	enum err rc = load_in(b, f);

	b->changed = rc == ERR_OK && b->x.state != BIND_INTENDED;
	if (rc != ERR_OK || b->changed)
		return rc;
	ports_step(b->p, "bind_answer_writing");
	if (b->started == ERR_UNSURE)
		return move(b, BIND_UNKNOWN, STR_NONE, 0, f);
	if (b->started != ERR_OK)
		return move(b, BIND_FAILED, STR("bank_unavailable"), 0, f);
	if (b->start.refused)
		return move(b, BIND_FAILED, b->start.reason, 0, f);
	return move(b, BIND_REGISTERED, STR_NONE, 0, f);
}

static enum err
order_of(struct beginning *b, struct bank_order *o, struct fault *f)
{
	const struct ref *r;
	const struct ref_portal *po;
	struct card_traits traits;
	struct buf url;
	enum err rc = b->p->card_bank.traits(
	    b->p->card_bank.self, b->x.contract, &traits, f);

	if (rc == ERR_OK)
		rc = reference(b->p, &r, f);
	if (rc != ERR_OK)
		return rc;
	po = ref_portal(r, b->x.portal);
	buf_init(&url, b->a, URL_MAX);
	buf_text(&url, b->p->set.public_url);
	buf_lit(&url, "/return/");
	buf_text(&url, b->x.id);
	buf_char(&url, '.');
	buf_text(&url, b->x.secret);
	buf_lit(&url, "/card");
	*o = (struct bank_order){
		.bank_no = b->x.id,
		.total_kop = traits.check_kop,
		.description = arena_str(b->a, po ? po->title : b->x.portal),
		.return_url = buf_str(&url),
		.client = b->x.client,
		.card = STR(""),
		.expires_at = b->now + b->traits.life_s * 1000,
	};
	return ERR_OK;
}

/* Call the bank and write what came of it; no transaction is open. */
static enum err
call_bank(struct beginning *b, const struct bank_order *o, struct fault *f)
{
	const struct ports *p = b->p;
	enum err rc;

	ports_step(p, "bind_intended");
	b->started = p->card_bank.start(
	    p->card_bank.self, b->a, b->x.contract, o, &b->start, f);
	if (b->started != ERR_OK && b->started != ERR_AGAIN &&
	    b->started != ERR_UNSURE)
		return b->started;
	if (b->started != ERR_OK && p->log)
		log_fault(p->log, LOG_WARN, "bind_failed", f);
	ports_step(p, "bind_answered");
	rc = p->tx.run(p->tx.self, "bind_outcome", outcome_body, b, f);
	ports_step(p, "bind_answer_written");
	return rc == ERR_UNSURE ? ERR_OK : rc; /* the job finds it */
}

static void
answer(struct card_opened *out, const struct beginning *b)
{
	out->bind = b->x;
	out->answer = OPENED_WAIT;
	if (b->x.state == BIND_REGISTERED && b->x.form_url.len > 0) {
		out->answer = OPENED_BANK;
		out->url = b->x.form_url;
	} else if (bind_is_over(b->x.state)) {
		out->answer = OPENED_RESULT;
	}
}

static enum err
begin(const struct ports *p, struct arena *a, struct card_opened *out,
    struct fault *f)
{
	struct beginning b = { .p = p,
		.a = a,
		.x = out->bind,
		.now = p->clock.now(p->clock.self) };
	struct bank_order o;
	enum err rc =
	    p->gateway.traits(p->gateway.self, b.x.contract, &b.traits, f);
	bool link = rc == ERR_OK && b.traits.way == GATEWAY_REDIRECTS;

	if (rc == ERR_OK &&
	    p->gateway.is_down(p->gateway.self, b.x.contract, b.now)) {
		out->answer = OPENED_SORRY;
		out->why = "bank_unavailable";
		return ERR_OK;
	}
	if (rc == ERR_OK)
		rc = order_of(&b, &o, f);
	/* Only builds the link: no call, so it may stand before the intent. */
	if (rc == ERR_OK && link)
		rc = p->card_bank.start(
		    p->card_bank.self, a, b.x.contract, &o, &b.start, f);
	if (rc == ERR_OK)
		rc = p->tx.run(p->tx.self, "bind_intend", intend_body, &b, f);
	if (rc == ERR_UNSURE) { /* look at it again */
		rc = load_in(&b, f);
		b.changed = true;
	}
	if (rc == ERR_OK && !b.changed && !link)
		rc = call_bank(&b, &o, f);
	if (rc == ERR_OK)
		answer(out, &b);
	return rc;
}

struct ending {
	const struct ports *p;
	struct arena *a;
	struct bind x;
};

/* Its link was not opened while it lived. */
static enum err
over_body(void *arg, struct fault *f)
{
	struct ending *e = arg;
	enum err rc =
	    e->p->binds.load(e->p->binds.self, e->a, e->x.id, &e->x, f);

	if (rc != ERR_OK || e->x.state != BIND_CREATED)
		return rc;
	e->x.reason = STR("pay_time_over");
	rc = e->p->binds.move(e->p->binds.self,
	    &(struct bind_move){ .akey = e->x.akey,
		.id = e->x.id,
		.from = BIND_CREATED,
		.to = BIND_FAILED,
		.at = e->p->clock.now(e->p->clock.self),
		.reason = e->x.reason },
	    f);
	e->x.state = BIND_FAILED;
	return rc;
}

static enum err
end_it(const struct ports *p, struct arena *a, struct bind *x, struct fault *f)
{
	struct ending e = { p, a, *x };
	enum err rc = p->tx.run(p->tx.self, "bind_over", over_body, &e, f);

	*x = e.x;
	return rc == ERR_UNSURE ? ERR_OK : rc;
}

enum err
card_open_link(const struct ports *p, struct arena *a, struct str token,
    struct card_opened *out, struct fault *f)
{
	struct bind *x = &out->bind;
	int64_t now = p->clock.now(p->clock.self);
	enum err rc;

	memset(out, 0, sizeof(*out));
	rc = load_by_token(p, a, token, x, f);
	if (rc != ERR_OK)
		return rc;
	if (x->state == BIND_CREATED && now < x->expires_at)
		return begin(p, a, out, f);
	if (x->state == BIND_CREATED)
		rc = end_it(p, a, x, f);
	out->answer = OPENED_WAIT;
	if (bind_is_over(x->state)) {
		out->answer = OPENED_RESULT;
	} else if (x->state == BIND_REGISTERED) {
		out->answer = OPENED_BANK;
		out->url = x->form_url;
	} else if (rc == ERR_OK) {
		rc = card_ask_soon(p, a, x, now, f);
	}
	return rc;
}

/* The front-end's page with the card's id, before a fragment. */
static struct str
front_page(struct arena *a, const struct bind *x)
{
	struct str url = x->return_url;
	size_t hash = str_find(url, STR("#"));
	struct str head = { url.p, hash };
	struct str tail = { url.p + hash, url.len - hash };
	struct buf b;

	if (url.len == 0)
		return STR_NONE;
	buf_init(&b, a, URL_MAX);
	buf_text(&b, head);
	buf_char(&b, str_find(head, STR("?")) == head.len ? '?' : '&');
	buf_lit(&b, "card=");
	buf_url(&b, x->id);
	buf_text(&b, tail);
	return buf_str(&b);
}

enum err
card_open_result(const struct ports *p, struct arena *a, struct str token,
    struct card_result *out, struct fault *f)
{
	struct bind *x = &out->bind;
	struct fault none;
	enum err rc;

	memset(out, 0, sizeof(*out));
	rc = load_by_token(p, a, token, x, f);
	if (rc == ERR_OK && x->state == BIND_CREATED &&
	    p->clock.now(p->clock.self) >= x->expires_at)
		rc = end_it(p, a, x, f);
	if (rc != ERR_OK)
		return rc;
	out->go_to = front_page(a, x);
	fault_init(&none);
	/* One that was unbound since is not shown. */
	if (x->state == BIND_BOUND &&
	    (p->cards.load(p->cards.self, a, x->id, &out->card, &none) !=
		    ERR_OK ||
		out->card.state == CARD_UNBINDING ||
		out->card.state == CARD_UNBOUND))
		out->card = (struct card){ .id = STR("") };
	if (x->state == BIND_CREATED || bind_is_over(x->state))
		return ERR_OK;
	return card_ask_soon(p, a, x, p->clock.now(p->clock.self), f);
}
