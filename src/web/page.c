#include "kvitok/web/page.h"

#include "kvitok/web/phrase.h"

#include <assert.h>

#define LINK_MAX 1000
#define WORDS_MAX 1024

static const struct {
	const char *reason;
	const char *words;
} heads[] = {
#define HEAD(reason, words) { #reason, words },
#include "kvitok/web/head.def"
#undef HEAD
};

struct str
page_head(const char *reason)
{
	size_t last = KV_COUNT(heads) - 1; /* internal: for all the others */

	for (size_t i = 0; i < last; i++)
		if (strcmp(heads[i].reason, reason) == 0)
			return str_of(heads[i].words);
	return str_of(heads[last].words);
}

void
page_begin(struct page *pg, struct turn *t)
{
	pg->t = t;
	pg->len = 0;
}

static struct tpl_var *
add(struct page *pg, const char *name)
{
	struct tpl_var *v;

	assert(pg->len < PAGE_VARS_MAX);
	v = &pg->v[pg->len++];
	*v = (struct tpl_var){ .name = name };
	return v;
}

void
page_text(struct page *pg, const char *name, struct str text)
{
	add(pg, name)->text = text;
}

void
page_flag(struct page *pg, const char *name, bool yes)
{
	page_text(pg, name, yes ? STR("1") : STR_NONE);
}

void
page_rows(
    struct page *pg, const char *name, const struct tpl_vars *rows, size_t len)
{
	static const struct tpl_vars none;
	struct tpl_var *v = add(pg, name);

	v->rows = rows ? rows : &none; /* a list, be it empty */
	v->rows_len = len;
}

static bool
is_served(const struct web *w, struct str portal)
{
	for (size_t i = 0; i < w->pages_len; i++)
		if (str_eq(w->pages[i].portal, portal))
			return true;
	return false;
}

void
page_portal_names(struct page *pg, const struct ref_portal *po)
{
	bool served = po && is_served(pg->t->web, po->portal);

	page_text(pg, "portal", served ? po->portal : STR_NONE);
	page_text(pg, "title", po ? po->title : page_head("kvitok"));
	page_text(pg, "support", po ? po->support : STR_NONE);
	page_text(pg, "back_url",
	    served ? arena_fmt(pg->t->a, "/%.*s/", STR_ARG(po->portal))
		   : STR_NONE);
}

enum err
page_send(struct page *pg, int status, const char *path)
{
	struct turn *t = pg->t;
	struct str html;
	enum err rc =
	    phrase_render(t->a, path, TPL_HTML, pg->v, pg->len, &html, t->f);

	if (rc != ERR_OK)
		return rc;
	reply_body(t->out, status, "text/html; charset=utf-8", html);
	reply_header(t->out, "Cache-Control", STR("no-store"));
	return ERR_OK;
}

void
page_error(struct turn *t)
{
	struct fault why = *t->f;
	int status = reply_status(&why);
	bool desk = str_starts(t->rq->path, STR("/cabinet/"));
	struct buf words;
	struct page pg;

	buf_init(&words, t->a, WORDS_MAX);
	fault_words(&why, &words);
	reply_begin(t->out, t->a);
	page_begin(&pg, t);
	page_text(&pg, "status", arena_fmt(t->a, "%d", status));
	page_text(&pg, "head", page_head(why.reason));
	page_text(&pg, "words", buf_str(&words));
	page_text(&pg, "retry_url",
	    status == 503 && t->rq->method != HTTP_POST ? t->rq->path
							: STR_NONE);
	page_text(&pg, "back_url", desk ? STR("/cabinet/") : STR("/"));
	page_flag(&pg, "desk", desk);
	page_text(&pg, "request_id", t->rq->id);
	if (page_send(&pg, status, "tpl/page/error.html") != ERR_OK)
		reply_body(t->out, status, "text/plain; charset=utf-8",
		    buf_str(&words));
	reply_retry(t->out, &why);
	*t->f = why;
}

struct str
page_link(
    struct turn *t, const char *before, struct str token, const char *after)
{
	struct buf b;

	buf_init(&b, t->a, LINK_MAX);
	buf_text(&b, str_of(before));
	buf_url(&b, token);
	buf_text(&b, str_of(after));
	return buf_str(&b);
}
