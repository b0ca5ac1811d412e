#include "kvitok/web/payment_page.h"

#include "kvitok/app/reference.h"
#include "kvitok/web/phrase.h"

#define LINE_VARS 4

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

struct line_row {
	struct tpl_var v[LINE_VARS];
};

void
payment_page_lines(struct page *pg, const struct payment_page *pp)
{
	const struct payment *pm = pp->pm;
	struct arena *a = pg->t->a;
	struct line_row *rows =
	    ARENA_ARRAY(a, pm->lines_len + 1, struct line_row);
	struct tpl_vars *vars =
	    ARENA_ARRAY(a, pm->lines_len + 1, struct tpl_vars);

	for (size_t i = 0; i < pm->lines_len; i++) {
		const struct pay_line *l = &pm->lines[i];

		rows[i] = (struct line_row){ {
		    { .name = "service_title",
			.text = payment_page_service(pp, l) },
		    { .name = "supplier_name",
			.text = payment_page_supplier(pp, l) },
		    { .name = "account", .text = l->account },
		    { .name = "line_sum",
			.text = buf_roubles_str(a, l->sum_kop) },
		} };
		vars[i] = (struct tpl_vars){ rows[i].v, LINE_VARS };
	}
	page_rows(pg, "lines", vars, pm->lines_len);
}
