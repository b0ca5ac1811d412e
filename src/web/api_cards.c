#include "kvitok/app/card.h"

#include "kvitok/base/jw.h"
#include "kvitok/http/form.h"
#include "kvitok/web/handlers.h"
#include "kvitok/web/pay_form.h"

#define PAYER_MAX 64
#define URL_MAX 2000
/* The words beside the tick box, from the guide of «Мой газ», 4.7.3.1. */
#define ACCEPT_WORDS                                                           \
	STR("С условиями Публичной оферты Банка ознакомлен и принимаю их")

struct payer_in {
	struct str payer;
};

static const struct field payer_fields[] = {
	{ "payer", FIELD_TEXT, true, 1, PAYER_MAX,
	    offsetof(struct payer_in, payer), NULL, NULL },
};
static const struct form payer_form = { payer_fields, KV_COUNT(payer_fields),
	sizeof(struct payer_in) };

static const struct field maybe_fields[] = {
	{ "payer", FIELD_TEXT, false, 1, PAYER_MAX,
	    offsetof(struct payer_in, payer), NULL, NULL },
};
static const struct form maybe_form = { maybe_fields, KV_COUNT(maybe_fields),
	sizeof(struct payer_in) };

static enum err
read_query(struct turn *t, const struct form *form, struct payer_in *in)
{
	memset(in, 0, sizeof(*in));
	return turn_query(t, form, in);
}

/* The month as front-ends know months: YYYY-MM. */
static struct str
month_of(struct arena *a, struct str expiry)
{
	return expiry.len == CARD_EXPIRY_LEN
	    ? arena_fmt(a, "%.4s-%.2s", expiry.p, expiry.p + 4)
	    : STR_NONE;
}

static void
put_card(struct jw *w, const struct card_seen *s)
{
	const struct card *c = &s->card;

	jw_object(w);
	jw_ktext(w, "id", c->id);
	jw_ktext(w, "bank", c->bank);
	jw_kopt(w, "mask", c->mask);
	jw_kopt(w, "scheme", c->scheme);
	jw_kopt(w, "expiry", month_of(w->b->a, c->expiry));
	jw_ktext(w, "state", str_of(card_state_name(c->state)));
	jw_kbool(w, "expires_soon", s->expires_soon);
	jw_kbool(w, "default", c->is_default);
	jw_ktext(w, "offer", c->offer);
	jw_ktime(w, "bound_at", c->bound_at);
	jw_object_end(w);
}

enum err
api_cards(struct turn *t)
{
	const struct card_seen *list;
	struct payer_in in;
	struct buf b;
	struct jw w;
	size_t len;
	enum err rc = read_query(t, &payer_form, &in);

	if (rc == ERR_OK)
		rc = card_list(
		    t->p, t->a, t->who.portal, in.payer, &list, &len, t->f);
	if (rc != ERR_OK)
		return rc;
	turn_items(t, &b, &w);
	for (size_t i = 0; i < len; i++)
		put_card(&w, &list[i]);
	return turn_items_end(t, &b, &w);
}

static void
put_offer(struct jw *w, const struct ports *p, const struct card_offer *o)
{
	struct buf url;

	buf_init(&url, w->b->a, URL_MAX);
	buf_text(&url, p->set.public_url);
	buf_lit(&url, "/offer/");
	buf_url(&url, o->contract);
	buf_char(&url, '/');
	buf_url(&url, o->offer.version);
	jw_object(w);
	jw_ktext(w, "bank", o->bank);
	jw_ktext(w, "bank_title", o->bank_title);
	jw_ktext(w, "version", o->offer.version);
	jw_ktext(w, "from_day", o->offer.from_day);
	jw_ktext(w, "title", o->offer.title);
	jw_ktext(w, "url", buf_str(&url));
	jw_ktext(w, "accept_words", ACCEPT_WORDS);
	jw_kbool(w, "without_payment", o->alone);
	jw_object_end(w);
}

enum err
api_card_offers(struct turn *t)
{
	const struct card_offer *list;
	struct buf b;
	struct jw w;
	size_t len;
	enum err rc = card_offers(t->p, t->a, t->who.portal, &list, &len, t->f);

	if (rc != ERR_OK)
		return rc;
	turn_items(t, &b, &w);
	for (size_t i = 0; i < len; i++)
		put_offer(&w, t->p, &list[i]);
	return turn_items_end(t, &b, &w);
}

struct bind_in {
	struct str payer, bank, offer, return_url;
};

static const struct field bind_fields[] = {
	{ "payer", FIELD_TEXT, true, 1, PAYER_MAX,
	    offsetof(struct bind_in, payer), NULL, NULL },
	{ "bank", FIELD_TEXT, false, 1, 16, offsetof(struct bind_in, bank),
	    NULL, NULL },
	{ "offer", FIELD_TEXT, false, 1, 32, offsetof(struct bind_in, offer),
	    NULL, "offer_not_accepted" },
	{ "return_url", FIELD_TEXT, false, 0, 1000,
	    offsetof(struct bind_in, return_url), NULL, NULL },
};
static const struct form bind_form = { bind_fields, KV_COUNT(bind_fields),
	sizeof(struct bind_in) };

static void
render_bind(struct buf *b, const struct ports *p, const struct bind *x)
{
	struct buf url;
	struct jw w;

	buf_init(&url, b->a, URL_MAX);
	card_bind_url(p, x, &url);
	jw_init(&w, b);
	jw_object(&w);
	jw_ktext(&w, "id", x->id);
	jw_ktext(&w, "bank", x->bank);
	jw_ktext(&w, "payer", x->payer);
	jw_ktext(&w, "offer", x->offer);
	jw_ktext(&w, "bind_url", buf_str(&url));
	jw_ktime(&w, "created_at", x->created_at);
	jw_ktime(&w, "expires_at", x->expires_at);
	jw_object_end(&w);
	buf_char(b, '\n');
}

static enum err
read_bind(struct turn *t, struct bind_request *req)
{
	struct bind_in in;
	const struct json *j;
	enum err rc = pay_form_key(t, &req->ikey);

	memset(&in, 0, sizeof(in));
	if (rc == ERR_OK)
		rc = request_json(t->rq, t->a, &j, t->f);
	if (rc == ERR_OK)
		rc = form_json(t->a, &bind_form, j, &in, t->f);
	if (rc != ERR_OK)
		return rc;
	req->payer = in.payer;
	req->bank = in.bank;
	req->offer = in.offer;
	req->return_url = in.return_url;
	return pay_form_mark(t, j, req->body_hash);
}

enum err
api_card_bind(struct turn *t)
{
	struct bind_request req = { .render = render_bind };
	struct bind_made made;
	enum err rc = read_bind(t, &req);

	if (rc == ERR_OK)
		rc = card_bind(t->p, t->a, &t->who, &req, &made, t->f);
	if (rc != ERR_OK)
		return rc;
	reply_body(t->out, 201, "application/json", made.answer);
	reply_header(t->out, "Cache-Control", STR("no-store"));
	if (made.replay)
		reply_header(t->out, "Idempotent-Replay", STR("true"));
	return ERR_OK;
}

enum err
api_card_unbind(struct turn *t)
{
	struct payer_in in;
	enum err rc = read_query(t, &maybe_form, &in);

	if (rc == ERR_OK)
		rc = card_unbind(
		    t->p, t->a, t->who.portal, in.payer, t->params.v[0], t->f);
	if (rc != ERR_OK)
		return rc;
	t->out->status = 204;
	reply_header(t->out, "Cache-Control", STR("no-store"));
	return ERR_OK;
}

enum err
api_card_default(struct turn *t)
{
	struct payer_in in = { .payer = STR("") };
	struct card_seen s;
	const struct json *j;
	struct buf b;
	struct jw w;
	enum err rc = request_json(t->rq, t->a, &j, t->f);

	if (rc == ERR_OK)
		rc = form_json(t->a, &payer_form, j, &in, t->f);
	if (rc == ERR_OK)
		rc = card_prefer(t->p, t->a, t->who.portal, in.payer,
		    t->params.v[0], &s, t->f);
	if (rc != ERR_OK)
		return rc;
	turn_buf(t, &b);
	jw_init(&w, &b);
	put_card(&w, &s);
	buf_char(&b, '\n');
	return turn_json(t, 200, &b);
}
