#include "kvitok/web/payment_page.h"

#include "kvitok/app/reference.h"

enum err
payment_page_begin(
    struct payment_page *pp, struct turn *t, const struct payment *pm)
{
	enum err rc = reference(t->p, &pp->r, t->f);

	if (rc != ERR_OK)
		return rc;
	pp->pm = pm;
	pp->portal = ref_portal(pp->r, pm->portal);
	pp->day[0] = '\0';
	if (pp->portal)
		reference_today(pp->portal, pm->created_at, pp->day);
	return ERR_OK;
}

struct str
payment_page_supplier(const struct payment_page *pp, const struct pay_line *l)
{
	const struct ref_supplier *s =
	    ref_supplier(pp->r, pp->pm->portal, l->supplier, str_of(pp->day));

	return s ? s->title : l->supplier;
}

struct str
payment_page_service(const struct payment_page *pp, const struct pay_line *l)
{
	const struct ref_service *s = ref_service(
	    pp->r, pp->pm->portal, l->supplier, l->service, str_of(pp->day));

	return s ? s->title : l->service;
}
