/* The first of the accountant's pages: what waits. */
#include "kvitok/app/cases.h"
#include "kvitok/app/settle.h"
#include "kvitok/web/cabinet_case.h"
#include "kvitok/web/cabinet_order.h"
#include "kvitok/web/cabinet_settle.h"
#include "kvitok/web/handlers.h"

#define SETTLEMENTS_SHOWN 6
#define ORDERS_SHOWN 6
#define OLD_CASE_MS (3 * INT64_C(86400000))

/* The portal's accountant has to confirm; a supplier's one looks at what came
 * last. */
static enum err
show_settlements(struct turn *t, const struct desk *d, struct page *pg)
{
	const struct settle_reader *rd = &t->p->settlements;
	bool of_portal = d->supplier.len == 0;
	struct settle_query q = { .portal = d->portal,
		.supplier = d->supplier,
		.has_state = of_portal,
		.state = SETTLE_PREPARED,
		.limit = SETTLEMENTS_SHOWN };
	struct settle_waiting w = { .count = 0 };
	const struct settlement *v = NULL;
	struct grid g;
	size_t len = 0;
	enum err rc = ERR_OK;

	if (d->rights & RIGHT_REPORT)
		rc = rd->list(rd->self, t->a, &q, &v, &len, t->f);
	if (rc == ERR_OK && (d->rights & RIGHT_REPORT))
		rc = rd->waiting(
		    rd->self, t->a, d->portal, d->supplier, &w, t->f);
	if (rc != ERR_OK)
		return rc;
	cabinet_settle_rows(t, v, len, &g);
	grid_put(pg, "settlements", &g);
	page_text(pg, "settle_count",
	    w.count > 0 ? cabinet_count(t->a, w.count) : STR_NONE);
	page_text(pg, "settle_sum", cabinet_sum(t->a, w.sum_kop));
	page_text(pg, "settle_day", cabinet_day(t->a, w.day));
	return ERR_OK;
}

static enum err
show_cases(struct turn *t, const struct desk *d, struct page *pg)
{
	int64_t now = t->p->clock.now(t->p->clock.self), all = 0;
	const struct case_age *v = NULL;
	struct grid g;
	size_t len = 0;
	enum err rc = cabinet_may_cases(d)
	    ? t->p->cases.ages(
		  t->p->cases.self, t->a, d->portal, &v, &len, t->f)
	    : ERR_OK;

	if (rc != ERR_OK)
		return rc;
	grid_begin(&g, t->a, len, 5);
	for (size_t i = 0; i < len; i++) {
		all += v[i].open;
		grid_row(&g);
		grid_text(&g, "words", cabinet_case_kind(v[i].kind));
		grid_text(&g, "url",
		    arena_fmt(
			t->a, "/cabinet/cases?kind=%.*s", STR_ARG(v[i].kind)));
		grid_text(&g, "count", cabinet_count(t->a, v[i].open));
		grid_text(&g, "age", cabinet_age(t->a, now - v[i].oldest_at));
		grid_flag(&g, "old", now - v[i].oldest_at > OLD_CASE_MS);
	}
	grid_put(pg, "cases", &g);
	page_text(
	    pg, "case_count", all > 0 ? cabinet_count(t->a, all) : STR_NONE);
	return ERR_OK;
}

enum err
page_cabinet(struct turn *t)
{
	struct desk d;
	struct page pg;
	enum err rc;

	if (!desk_enter(t, 0, &d))
		return t->f->err;
	cabinet_begin(&pg, t, &d, "home");
	rc = show_settlements(t, &d, &pg);
	if (rc == ERR_OK)
		rc = show_cases(t, &d, &pg);
	if (rc == ERR_OK)
		rc = cabinet_orders_put(t, &pg, d.id, ORDERS_SHOWN);
	return rc == ERR_OK ? page_send(&pg, 200, "tpl/page/cabinet.html") : rc;
}

/* Relative addresses on the page count from the slash. */
enum err
page_cabinet_bare(struct turn *t)
{
	reply_see_other(t->out, STR("/cabinet/"));
	return ERR_OK;
}
