/* The link of a letter with a bill: no more of them, please. */
#include "kvitok/app/mailing.h"

#include "kvitok/app/reference.h"
#include "kvitok/base/log.h"
#include "kvitok/web/handlers.h"
#include "kvitok/web/page.h"

#define MASK_MAX 400

static struct str
masked(struct turn *t, struct str email)
{
	struct buf b;

	buf_init(&b, t->a, MASK_MAX);
	log_mask(&b, email);
	return buf_str(&b);
}

static struct str
supplier_name(struct turn *t, const struct ref *r, const struct ref_portal *po,
    const struct mailing *m)
{
	const struct ref_supplier *su;
	char today[DAY_TEXT_SIZE];

	if (po == NULL)
		return m->supplier;
	reference_today(po, t->p->clock.now(t->p->clock.self), today);
	su = ref_supplier(r, m->portal, m->supplier, str_of(today));
	return su != NULL ? su->title : m->supplier;
}

static enum err
show(struct turn *t, const struct mailing *m)
{
	const struct ref *r;
	const struct ref_portal *po;
	struct page pg;
	enum err rc = reference(t->p, &r, t->f);

	if (rc != ERR_OK)
		return rc;
	po = ref_portal(r, m->portal);
	page_begin(&pg, t);
	page_portal_names(&pg, po);
	page_flag(&pg, "stopped", m->stopped_at != 0);
	page_text(&pg, "email", masked(t, m->email));
	page_text(&pg, "account", m->account);
	page_text(&pg, "supplier_name", supplier_name(t, r, po, m));
	page_text(&pg, "stop_url", page_link(t, "/mailing/", m->token, ""));
	return page_send(&pg, 200, "tpl/page/mailing.html");
}

/* Programs open links of letters, to look for harm: nothing is changed. */
enum err
page_mailing(struct turn *t)
{
	struct mailing m;
	enum err rc = mailing_of_link(t->p, t->a, t->params.v[0], &m, t->f);

	return rc == ERR_OK ? show(t, &m) : rc;
}

/* Of the page's button, and of mail programs, which ask for nothing more
 * (RFC 8058); what the body says does not matter: who has the link may. */
enum err
page_mailing_stop(struct turn *t)
{
	struct mailing m;
	enum err rc =
	    mailing_stop_by_link(t->p, t->a, t->params.v[0], &m, t->f);

	return rc == ERR_OK ? show(t, &m) : rc;
}
