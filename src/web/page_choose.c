#include "kvitok/app/choose.h"
#include "kvitok/http/url.h"
#include "kvitok/web/handlers.h"
#include "kvitok/web/payment_page.h"
#include "kvitok/web/phrase.h"
#include "kvitok/web/preview.h"
#include "kvitok/web/session.h"

#include <inttypes.h>

#define COOKIE "kvitok-choose"
#define CARD_VARS 7

/* Only for this very address; Lax, for the payer comes from a front-end. */
static void
set_cookie(struct turn *t, struct str token, const struct chosen *c)
{
	int64_t left = c->pm->expires_at - t->p->clock.now(t->p->clock.self);
	bool tls = str_starts(t->p->set.public_url, STR("https:"));
	struct str path = page_link(t, "/pay/", token, "/choose");

	if (c->cookie[0] != '\0')
		reply_header(t->out, "Set-Cookie",
		    arena_fmt(t->a,
			COOKIE "=%s; Path=%.*s; Max-Age=%" PRId64
			       "; HttpOnly; SameSite=Lax%s",
			c->cookie, STR_ARG(path), left / 1000 + 1,
			tls ? "; Secure" : ""));
}

/* The pay link has the payment's own secret. */
static enum err
go_on(struct turn *t, const struct payment *pm)
{
	struct str token = arena_fmt(
	    t->a, "%.*s.%.*s", STR_ARG(pm->number), STR_ARG(pm->secret));

	reply_see_other(t->out, page_link(t, "/pay/", token, ""));
	return ERR_OK;
}

/* --- the page ------------------------------------------------------------ */

struct card_row {
	struct tpl_var v[CARD_VARS];
};

/* Why it cannot be chosen, or what is to be known of it. */
static const char *
remark(const struct card_seen *c)
{
	if (c->card.state == CARD_EXPIRED)
		return "срок действия истёк";
	if (c->card.state != CARD_ACTIVE)
		return "отключена банком";
	return c->expires_soon ? "скоро истекает" : "";
}

static void
put_cards(struct page *pg, const struct chosen *c, bool *any)
{
	struct arena *a = pg->t->a;
	struct card_row *rows =
	    ARENA_ARRAY(a, c->cards_len + 1, struct card_row);
	struct tpl_vars *vars =
	    ARENA_ARRAY(a, c->cards_len + 1, struct tpl_vars);

	*any = false;
	for (size_t i = 0; i < c->cards_len; i++) {
		const struct card *x = &c->cards[i].card;
		bool usable = x->state == CARD_ACTIVE;

		rows[i] = (struct card_row){ {
		    { .name = "card", .text = x->id },
		    { .name = "mask", .text = x->mask },
		    { .name = "scheme", .text = x->scheme },
		    { .name = "expiry", .text = phrase_expiry(a, x->expiry) },
		    { .name = "remark", .text = str_of(remark(&c->cards[i])) },
		    { .name = "barred", .text = usable ? STR("") : STR("1") },
		    { .name = "chosen",
			.text = usable && !*any ? STR("1") : STR("") },
		} };
		vars[i] = (struct tpl_vars){ rows[i].v, CARD_VARS };
		*any |= usable;
	}
	page_rows(pg, "cards", vars, c->cards_len);
}

static enum err
send_choice(struct turn *t, struct str token, const struct chosen *c)
{
	const struct bank_offer none = { 0 }, *o = c->offer ? c->offer : &none;
	struct str link = STR_NONE;
	struct payment_page pp;
	struct page pg;
	bool any;
	enum err rc = payment_page_begin(&pp, t, c->pm);

	if (rc != ERR_OK)
		return rc;
	if (c->offer)
		link = arena_fmt(t->a, "/offer/%.*s/%.*s", STR_ARG(o->contract),
		    STR_ARG(o->version));
	page_begin(&pg, t);
	page_portal_names(&pg, pp.portal);
	page_text(
	    &pg, "error", c->why ? str_of(reason_words(c->why)) : STR_NONE);
	page_text(&pg, "total", buf_roubles_str(t->a, c->pm->total_kop));
	page_text(&pg, "action", page_link(t, "/pay/", token, "/choose"));
	payment_page_lines(&pg, &pp);
	put_cards(&pg, c, &any);
	page_flag(&pg, "new_chosen", !any);
	page_text(&pg, "offer", o->version);
	page_text(&pg, "offer_url", link);
	set_cookie(t, token, c);
	return page_send(
	    &pg, c->why ? reason_status(c->why) : 200, "tpl/page/choose.html");
}

/* A messenger that looks at the link claims nothing, and sees nothing. */
static enum err
send_shut(struct turn *t, struct str token)
{
	struct payment_page pp;
	struct payment *pm;
	struct page pg;
	enum err rc = choose_peek(t->p, t->a, token, &pm, t->f);

	if (rc == ERR_OK)
		rc = payment_page_begin(&pp, t, pm);
	if (rc != ERR_OK)
		return rc;
	page_begin(&pg, t);
	page_portal_names(&pg, pp.portal);
	page_text(
	    &pg, "open_url", page_link(t, "/pay/", token, "/choose?go=1"));
	return page_send(&pg, 200, "tpl/page/choose_shut.html");
}

enum err
page_choose(struct turn *t)
{
	struct str token = t->params.v[0];
	struct chosen c;
	enum err rc;

	if (preview_is(t->rq))
		return send_shut(t, token);
	rc = choose_open(
	    t->p, t->a, token, request_cookie(t->rq, COOKIE), &c, t->f);
	if (rc != ERR_OK)
		return rc;
	return c.go_on ? go_on(t, c.pm) : send_choice(t, token, &c);
}

/* --- the choice ------------------------------------------------------------
 */

static enum err
read_choice(struct turn *t, struct card_wish *wish)
{
	struct url_params q;
	enum err rc = session_same_site(t);

	if (rc == ERR_OK &&
	    !request_is(t->rq, "application/x-www-form-urlencoded"))
		rc = fault_set(t->f, ERR_INVALID, "media_type", "no form");
	if (rc == ERR_OK)
		rc = url_params(t->a, t->rq->body, &q, t->f);
	if (rc != ERR_OK)
		return rc;
	*wish = (struct card_wish){ .card = url_param(&q, "card") };
	/* The tick is beside the new card, and counts only with it. */
	if (wish->card.len > 0 || url_param(&q, "save").len == 0)
		return ERR_OK;
	wish->save = true;
	wish->offer = url_param(&q, "offer");
	return ERR_OK;
}

enum err
page_chosen(struct turn *t)
{
	struct str token = t->params.v[0];
	struct card_wish wish;
	struct chosen c;
	enum err rc = read_choice(t, &wish);

	if (rc == ERR_OK)
		rc = choose_take(t->p, t->a, token,
		    request_cookie(t->rq, COOKIE), &wish, &c, t->f);
	if (rc != ERR_OK)
		return rc;
	return c.go_on ? go_on(t, c.pm) : send_choice(t, token, &c);
}
