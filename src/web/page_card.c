#include "kvitok/app/card_open.h"
#include "kvitok/app/reference.h"
#include "kvitok/web/handlers.h"
#include "kvitok/web/page.h"
#include "kvitok/web/phrase.h"
#include "kvitok/web/preview.h"

#define WAIT_S "2"
#define LOOK_AGAIN_S "3"

/* Gives: pg begun with the portal's names. */
static enum err
begin(struct page *pg, struct turn *t, struct str portal)
{
	const struct ref *r;
	enum err rc = reference(t->p, &r, t->f);

	if (rc != ERR_OK)
		return rc;
	page_begin(pg, t);
	page_portal_names(pg, ref_portal(r, portal));
	return ERR_OK;
}

static enum err
answer_wait(struct turn *t, struct str token, const struct bind *x)
{
	struct page pg;
	enum err rc = begin(&pg, t, x->portal);

	if (rc != ERR_OK)
		return rc;
	page_text(&pg, "refresh_s", STR(WAIT_S));
	page_text(&pg, "refresh_url", page_link(t, "/pay/", token, "/card"));
	return page_send(&pg, 200, "tpl/page/card_wait.html");
}

static enum err
answer_sorry(struct turn *t, struct str token, const struct card_opened *o)
{
	struct page pg;
	enum err rc = begin(&pg, t, o->bind.portal);

	if (rc != ERR_OK)
		return rc;
	page_text(&pg, "head", page_head(o->why));
	page_text(&pg, "words", str_of(reason_words(o->why)));
	page_text(&pg, "retry_url", page_link(t, "/pay/", token, "/card"));
	reply_header(t->out, "Retry-After", STR("10"));
	return page_send(&pg, 503, "tpl/page/sorry.html");
}

/* A messenger looks at a link before its reader does: nothing is begun. */
static enum err
answer_preview(struct turn *t, struct str token)
{
	struct card_result res;
	struct page pg;
	enum err rc = card_open_result(t->p, t->a, token, &res, t->f);

	if (rc == ERR_OK)
		rc = begin(&pg, t, res.bind.portal);
	if (rc != ERR_OK)
		return rc;
	page_text(&pg, "refresh_s", STR(""));
	page_text(&pg, "refresh_url", page_link(t, "/pay/", token, "/card"));
	return page_send(&pg, 200, "tpl/page/card_wait.html");
}

enum err
page_bind(struct turn *t)
{
	struct str token = t->params.v[0];
	struct card_opened o;
	enum err rc;

	if (preview_is(t->rq))
		return answer_preview(t, token);
	rc = card_open_link(t->p, t->a, token, &o, t->f);
	if (rc != ERR_OK)
		return rc;
	switch (o.answer) {
	case OPENED_BANK:
		reply_see_other(t->out, o.url);
		return ERR_OK;
	case OPENED_RESULT:
		reply_see_other(
		    t->out, page_link(t, "/return/", token, "/card"));
		return ERR_OK;
	case OPENED_WAIT:
		return answer_wait(t, token, &o.bind);
	case OPENED_SORRY:
		return answer_sorry(t, token, &o);
	}
	return fault_set(
	    t->f, ERR_BUG, "internal", "opened as %d", (int)o.answer);
}

static void
put_result(struct page *pg, const struct card_result *res, struct str token)
{
	struct turn *t = pg->t;
	enum bind_state s = res->bind.state;
	bool bound = s == BIND_BOUND, failed = s == BIND_FAILED;
	bool fresh = s == BIND_CREATED;
	bool checking = !bound && !failed && !fresh;
	const char *reason = arena_z(t->a, res->bind.reason);

	page_flag(pg, "bound", bound);
	page_flag(pg, "failed", failed);
	page_flag(pg, "checking", checking);
	page_flag(pg, "not_begun", fresh);
	page_text(pg, "card", bound ? res->card.mask : STR_NONE);
	page_text(pg, "scheme", bound ? res->card.scheme : STR_NONE);
	page_text(pg, "expiry",
	    bound ? phrase_expiry(t->a, res->card.expiry) : STR_NONE);
	page_text(pg, "reason",
	    failed ? str_of(reason_words(
			 reason_known(reason) ? reason : "card_bind_refused"))
		   : STR_NONE);
	page_text(pg, "refresh_s", checking ? STR(LOOK_AGAIN_S) : STR_NONE);
	page_text(pg, "refresh_url", page_link(t, "/return/", token, "/card"));
	page_text(pg, "open_url",
	    fresh ? page_link(t, "/pay/", token, "/card") : STR_NONE);
}

/* Whatever a bank appends to the address (orderId, lang) is let be. */
enum err
page_bound(struct turn *t)
{
	struct str token = t->params.v[0];
	struct card_result res;
	struct page pg;
	enum err rc = card_open_result(t->p, t->a, token, &res, t->f);

	if (rc != ERR_OK)
		return rc;
	if (res.go_to.len > 0) {
		reply_see_other(t->out, res.go_to);
		return ERR_OK;
	}
	rc = begin(&pg, t, res.bind.portal);
	if (rc != ERR_OK)
		return rc;
	put_result(&pg, &res, token);
	return page_send(&pg, 200, "tpl/page/card.html");
}

/* Cut the text at its first line end or paragraph sign. */
static bool
cut_paragraph(struct str *rest, struct str *head)
{
	const struct str sign = STR("¶");
	size_t at = str_find(*rest, sign), line = str_find(*rest, STR("\n"));
	size_t skip = at < line ? sign.len : 1;

	at = at < line ? at : line;
	*head = (struct str){ rest->p, at };
	if (at == rest->len)
		return false;
	*rest = (struct str){ rest->p + at + skip, rest->len - at - skip };
	return true;
}

/* Scripts of reference data have no line ends within a text: a paragraph
 * sign stands for one. */
static void
put_text(struct page *pg, struct str text)
{
	struct arena *a = pg->t->a;
	size_t max = 1, len = 0;
	struct tpl_vars *rows;
	struct str rest = text, line;
	bool more = true;

	while (cut_paragraph(&rest, &line))
		max++;
	rest = text;
	rows = ARENA_ARRAY(a, max, struct tpl_vars);
	while (more) {
		struct tpl_var *v;

		more = cut_paragraph(&rest, &line);
		if (str_trim(line).len == 0)
			continue;
		v = ARENA_NEW(a, struct tpl_var);
		v->name = "words";
		v->text = str_trim(line);
		rows[len++] = (struct tpl_vars){ v, 1 };
	}
	page_rows(pg, "paragraphs", rows, len);
}

enum err
page_offer(struct turn *t)
{
	struct bank_offer o;
	const struct ref_contract *c;
	const struct ref *r;
	struct page pg;
	enum err rc = t->p->binds.offer(
	    t->p->binds.self, t->a, t->params.v[0], t->params.v[1], &o, t->f);

	if (rc == ERR_OK)
		rc = reference(t->p, &r, t->f);
	if (rc != ERR_OK)
		return rc;
	c = ref_contract(r, o.contract);
	page_begin(&pg, t);
	page_portal_names(&pg, NULL);
	page_text(&pg, "offer_title", o.title);
	page_text(&pg, "bank", c ? c->title : STR(""));
	page_text(&pg, "version", o.version);
	page_text(&pg, "from_day", phrase_day(t->a, o.from_day));
	page_text(&pg, "source_url", o.url);
	put_text(&pg, o.text);
	return page_send(&pg, 200, "tpl/page/offer.html");
}
