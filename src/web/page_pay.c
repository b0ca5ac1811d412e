#include "kvitok/app/open.h"
#include "kvitok/web/handlers.h"
#include "kvitok/web/payment_page.h"
#include "kvitok/web/phrase.h"
#include "kvitok/web/preview.h"

#define WAIT_S "2"

/* What a messenger shows of a link; its words are templates, too. */
static enum err
put_preview_words(struct page *pg, const struct payment_page *pp)
{
	struct turn *t = pg->t;
	const struct pay_line *l = &pp->pm->lines[0];
	const struct tpl_var vars[] = {
		{ .name = "title",
		    .text =
			pp->portal ? pp->portal->title : page_head("kvitok") },
		{ .name = "service", .text = payment_page_service(pp, l) },
		{ .name = "account", .text = l->account },
	};
	struct str title, words;
	enum err rc = phrase_render(t->a, "tpl/phrase/preview_title.txt",
	    TPL_TEXT, vars, KV_COUNT(vars), &title, t->f);

	if (rc == ERR_OK)
		rc = phrase_render(t->a, "tpl/phrase/preview_words.txt",
		    TPL_TEXT, vars, KV_COUNT(vars), &words, t->f);
	if (rc != ERR_OK)
		return rc;
	page_text(pg, "og_title", title);
	page_text(pg, "og_description", words);
	return ERR_OK;
}

/* The bank hears nothing of a visit that is none. */
static enum err
answer_preview(struct turn *t, struct str token)
{
	struct payment_page pp;
	struct payment *pm;
	struct page pg;
	enum err rc = open_peek(t->p, t->a, token, &pm, t->f);

	if (rc == ERR_OK)
		rc = payment_page_begin(&pp, t, pm);
	if (rc != ERR_OK)
		return rc;
	page_begin(&pg, t);
	page_portal_names(&pg, pp.portal);
	page_text(&pg, "total", buf_roubles_str(t->a, pm->total_kop));
	page_text(&pg, "open_url", page_link(t, "/pay/", token, ""));
	rc = put_preview_words(&pg, &pp);
	if (rc != ERR_OK)
		return rc;
	return page_send(&pg, 200, "tpl/page/preview.html");
}

static enum err
answer_wait(struct turn *t, struct str token, const struct payment *pm)
{
	struct payment_page pp;
	struct page pg;
	enum err rc = payment_page_begin(&pp, t, pm);

	if (rc != ERR_OK)
		return rc;
	page_begin(&pg, t);
	page_portal_names(&pg, pp.portal);
	page_text(&pg, "total", buf_roubles_str(t->a, pm->total_kop));
	page_text(&pg, "refresh_s", STR(WAIT_S));
	page_text(&pg, "refresh_url", page_link(t, "/pay/", token, "?go=1"));
	return page_send(&pg, 200, "tpl/page/wait.html");
}

static enum err
answer_sorry(struct turn *t, struct str token, const struct opened *o)
{
	const char *why = o->why ? o->why : "internal";
	int status = reason_status(why);
	struct payment_page pp;
	struct page pg;
	enum err rc = payment_page_begin(&pp, t, o->pm);

	if (rc != ERR_OK)
		return rc;
	page_begin(&pg, t);
	page_portal_names(&pg, pp.portal);
	page_text(&pg, "head", page_head(why));
	page_text(&pg, "words", str_of(reason_words(why)));
	page_text(&pg, "retry_url",
	    status == 503 ? page_link(t, "/pay/", token, "?go=1") : STR_NONE);
	if (status == 503)
		reply_header(t->out, "Retry-After", STR("10"));
	return page_send(&pg, status == 503 ? 503 : 200, "tpl/page/sorry.html");
}

enum err
page_pay(struct turn *t)
{
	struct str token = t->params.v[0];
	struct opened o;
	enum err rc;

	if (preview_is(t->rq))
		return answer_preview(t, token);
	rc = open_link(t->p, t->a, token, &o, t->f);
	if (rc != ERR_OK)
		return rc;
	switch (o.answer) {
	case OPENED_BANK:
		reply_see_other(t->out, o.url);
		return ERR_OK;
	case OPENED_RESULT:
		reply_see_other(t->out, page_link(t, "/return/", token, ""));
		return ERR_OK;
	case OPENED_WAIT:
		return answer_wait(t, token, o.pm);
	case OPENED_SORRY:
		return answer_sorry(t, token, &o);
	}
	return fault_set(
	    t->f, ERR_BUG, "internal", "opened as %d", (int)o.answer);
}
