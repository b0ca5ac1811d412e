#include "kvitok/app/reference.h"
#include "kvitok/http/url.h"
#include "kvitok/web/handlers.h"
#include "kvitok/web/page.h"
#include "kvitok/web/portal_view.h"
#include "kvitok/web/session.h"

#define INDEX_VARS 2

struct index_row {
	struct tpl_var v[INDEX_VARS];
};

enum err
page_index(struct turn *t)
{
	size_t max = t->web->pages_len, len = 0;
	struct index_row *rows = ARENA_ARRAY(t->a, max + 1, struct index_row);
	struct tpl_vars *vars = ARENA_ARRAY(t->a, max + 1, struct tpl_vars);
	const struct ref *r;
	struct page pg;
	enum err rc = reference(t->p, &r, t->f);

	if (rc != ERR_OK)
		return rc;
	for (size_t i = 0; i < max; i++) {
		const struct ref_portal *po =
		    ref_portal(r, t->web->pages[i].portal);

		if (!po)
			continue; /* its rows are not loaded yet */
		rows[len] = (struct index_row){ {
		    { .name = "portal", .text = po->portal },
		    { .name = "title", .text = po->title },
		} };
		vars[len] = (struct tpl_vars){ rows[len].v, INDEX_VARS };
		len++;
	}
	page_begin(&pg, t);
	page_rows(&pg, "portals", vars, len);
	return page_send(&pg, 200, "tpl/page/index.html");
}

/* Relative addresses on the page count from the slash. */
enum err
page_portal_bare(struct turn *t)
{
	enum err rc = session_page(t, t->params.v[0]);

	if (rc != ERR_OK)
		return rc;
	reply_see_other(t->out, page_link(t, "/", t->params.v[0], "/"));
	return ERR_OK;
}

/* Names that others append to a link (utm_source) are let be. */
enum err
page_portal(struct turn *t)
{
	struct portal_view v;
	struct url_params q;
	struct str number;
	int status = 200;
	enum err rc = session_page(t, t->params.v[0]);

	if (rc == ERR_OK)
		rc = url_params(t->a, t->rq->query, &q, t->f);
	if (rc == ERR_OK)
		rc = portal_view_begin(&v, t);
	if (rc != ERR_OK)
		return rc;
	number = url_param(&q, "account");
	if (number.p)
		rc = portal_view_find(
		    &v, url_param(&q, "supplier"), number, &status);
	else
		v.supplier = url_param(&q, "supplier");
	return rc == ERR_OK ? portal_view_send(&v, status) : rc;
}
