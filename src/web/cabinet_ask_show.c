#include "kvitok/web/cabinet_ask.h"

#include "kvitok/app/reference.h"
#include "kvitok/base/day.h"
#include "kvitok/web/cabinet_order.h"

#define URL_MAX 4000
#define CHOICES_MAX 500
#define ORDERS_SHOWN 20

/* --- links to what is asked for --------------------------------------- */

/* The same with other days; of another report without what it may lack. */
static struct str
link_of(const struct cabinet_ask *x, enum report_id id, struct str from,
    struct str to)
{
	struct buf b;

	buf_init(&b, x->t->a, URL_MAX);
	buf_lit(&b, "/cabinet/reports");
	url_add(&b, "report", str_of(report_def(id)->name));
	url_add(&b, "from", from);
	url_add(&b, "to", to);
	for (int i = 0; i < REPORT_FILTER__COUNT; i++)
		if (i != REPORT_PORTAL && id == x->q.id)
			url_add(&b, report_filter_name((enum report_filter)i),
			    x->q.filter[i]);
	return buf_str(&b);
}

static void
show_reports(struct cabinet_ask *x, struct page *pg)
{
	struct grid g;

	grid_begin(&g, x->t->a, REPORT__COUNT, 3);
	for (int i = 0; i < REPORT__COUNT; i++) {
		const struct report_def *r = report_def((enum report_id)i);

		if (!cabinet_ask_may(x->d, r))
			continue;
		grid_row(&g);
		grid_text(&g, "words", str_of(r->title));
		grid_text(&g, "url",
		    link_of(x, (enum report_id)i, x->q.from_day, x->q.to_day));
		grid_flag(&g, "here", (enum report_id)i == x->q.id);
	}
	grid_put(pg, "reports", &g);
}

static void
show_period(struct cabinet_ask *x, struct grid *g, const char *words,
    struct str from, struct str to)
{
	from = arena_str(x->t->a, from);
	to = arena_str(x->t->a, to);
	grid_row(g);
	grid_text(g, "words", str_of(words));
	grid_text(g, "url", link_of(x, x->q.id, from, to));
	grid_text(g, "from", from);
	grid_text(g, "to", to);
	grid_flag(
	    g, "here", str_eq(from, x->q.from_day) && str_eq(to, x->q.to_day));
}

static void
show_periods(struct cabinet_ask *x, struct page *pg)
{
	char today[DAY_TEXT_SIZE], day[DAY_TEXT_SIZE], first[DAY_TEXT_SIZE];
	struct grid g;

	day_of(x->t->p->clock.now(x->t->p->clock.self), DAY_ZONE_MOSCOW, today);
	grid_begin(&g, x->t->a, 4, 5);
	show_period(x, &g, "Сегодня", str_of(today), str_of(today));
	if (day_step(str_of(today), -1, day))
		show_period(x, &g, "Вчера", str_of(day), str_of(day));
	memcpy(first, today, sizeof(first));
	memcpy(first + 8, "01", 2);
	show_period(x, &g, "Этот месяц", str_of(first), str_of(today));
	if (day_step(str_of(first), -1, day)) {
		memcpy(first, day, sizeof(first));
		memcpy(first + 8, "01", 2);
		show_period(x, &g, "Прошлый месяц", str_of(first), str_of(day));
	}
	grid_put(pg, "periods", &g);
}

/* --- what narrows it --------------------------------------------------- */

static void
add_suppliers(struct cabinet_ask *x, struct grid *g)
{
	const struct ref *r = x->ref;

	for (size_t i = 0; i < r->suppliers_len; i++) {
		const struct ref_supplier *s = &r->suppliers[i];
		bool again = false;

		for (size_t k = 0; k < i && !again; k++)
			again = str_eq(r->suppliers[k].supplier, s->supplier) &&
			    str_eq(r->suppliers[k].portal, s->portal);
		if (str_eq(s->portal, x->d->portal) && !again)
			grid_choice(g, s->supplier, s->title,
			    x->q.filter[REPORT_SUPPLIER]);
	}
}

/* Contracts that payments of the portal are routed to, or have been. */
static bool
is_of_portal(const struct cabinet_ask *x, struct str contract)
{
	for (size_t i = 0; i < x->ref->routes_len; i++)
		if (str_eq(x->ref->routes[i].portal, x->d->portal) &&
		    str_eq(x->ref->routes[i].contract, contract))
			return true;
	return false;
}

static struct str
bank_words(struct str bank)
{
	const struct report_def *r = report_def(REPORT_PAYMENTS);

	for (size_t i = 0; i < r->columns_len; i++)
		if (strcmp(r->columns[i].name, "bank") == 0)
			return report_word(r->columns[i].words, bank);
	return bank;
}

static void
add_contracts(struct cabinet_ask *x, struct grid *g)
{
	for (size_t i = 0; i < x->ref->contracts_len; i++) {
		const struct ref_contract *c = &x->ref->contracts[i];

		if (is_of_portal(x, c->contract))
			grid_choice(g, c->contract,
			    arena_fmt(x->t->a, "%.*s, %.*s", STR_ARG(c->title),
				STR_ARG(c->contract)),
			    x->q.filter[REPORT_CONTRACT]);
	}
}

static void
add_banks(struct cabinet_ask *x, struct grid *g)
{
	for (size_t i = 0; i < x->ref->contracts_len; i++) {
		const struct ref_contract *c = &x->ref->contracts[i];
		bool again = !is_of_portal(x, c->contract);

		for (size_t k = 0; k < g->len && !again; k++)
			again = str_eq(g->rows[k].v[0].text, c->bank);
		if (!again)
			grid_choice(g, c->bank, bank_words(c->bank),
			    x->q.filter[REPORT_BANK]);
	}
}

static void
add_states(struct cabinet_ask *x, struct grid *g)
{
	const struct report_word *w = report_def(x->q.id)->states;

	for (; w != NULL && w->id != NULL; w++)
		grid_choice(g, str_of(w->id), str_of(w->words),
		    x->q.filter[REPORT_STATE]);
}

static void
add_choices(struct cabinet_ask *x, enum report_filter f, struct grid *g)
{
	switch (f) {
	case REPORT_SUPPLIER:
		add_suppliers(x, g);
		break;
	case REPORT_CONTRACT:
		add_contracts(x, g);
		break;
	case REPORT_BANK:
		add_banks(x, g);
		break;
	case REPORT_STATE:
		add_states(x, g);
		break;
	case REPORT_PORTAL:
	case REPORT_ACCOUNT:
	case REPORT_FILTER__COUNT:
		break;
	}
}

static bool
is_chosen(const struct cabinet_ask *x, enum report_filter f)
{
	return report_has_filter(report_def(x->q.id), f) &&
	    f != REPORT_PORTAL &&
	    (f != REPORT_SUPPLIER || x->d->supplier.len == 0);
}

static void
show_filters(struct cabinet_ask *x, struct page *pg)
{
	struct arena *a = x->t->a;
	struct grid g;

	grid_begin(&g, a, REPORT_FILTER__COUNT, 6);
	for (int i = 0; i < REPORT_FILTER__COUNT; i++) {
		enum report_filter f = (enum report_filter)i;
		struct grid choices;

		if (!is_chosen(x, f))
			continue;
		grid_begin(&choices, a, CHOICES_MAX, 3);
		add_choices(x, f, &choices);
		grid_row(&g);
		grid_text(&g, "name", str_of(report_filter_name(f)));
		grid_text(&g, "label", str_of(report_filter_title(f)));
		grid_text(&g, "value_typed", x->q.filter[f]);
		grid_text(&g, "wrong", x->filter_wrong[f]);
		grid_flag(&g, "is_list", f != REPORT_ACCOUNT);
		grid_rows(&g, "choices", &choices);
	}
	grid_put(pg, "filters", &g);
}

/* --- what it adds up to ------------------------------------------------ */

static void
show_totals(struct cabinet_ask *x, struct page *pg)
{
	const struct report_def *r = report_def(x->q.id);
	struct arena *a = x->t->a;
	bool ready = x->counted && !x->refused;
	struct grid g;

	grid_begin(&g, a, REPORT_COLUMNS_MAX, 4);
	for (size_t i = 0; ready && i < r->columns_len; i++)
		if (r->columns[i].total)
			cabinet_order_total(
			    a, &g, &r->columns[i], x->sum.totals.sum[i]);
	page_flag(pg, "counted", ready);
	page_flag(pg, "partly", ready && !x->sum.whole);
	page_flag(pg, "empty", ready && x->sum.totals.rows == 0);
	page_text(pg, "rows",
	    ready ? cabinet_count(a, x->sum.totals.rows) : STR_NONE);
	page_text(
	    pg, "reached", ready ? cabinet_day(a, x->sum.reached) : STR_NONE);
	grid_put(pg, "totals", &g);
}

/* What the order's form repeats of what was counted. */
static void
show_asked(struct cabinet_ask *x, struct page *pg)
{
	struct grid g;

	grid_begin(&g, x->t->a, REPORT_FILTER__COUNT, 2);
	for (int i = 0; i < REPORT_FILTER__COUNT; i++) {
		if (!is_chosen(x, (enum report_filter)i) ||
		    x->q.filter[i].len == 0)
			continue;
		grid_row(&g);
		grid_text(&g, "name",
		    str_of(report_filter_name((enum report_filter)i)));
		grid_text(&g, "value_typed", x->q.filter[i]);
	}
	grid_put(pg, "asked", &g);
}

static void
show_formats(struct cabinet_ask *x, struct page *pg)
{
	static const enum report_format order[] = { REPORT_XLSX, REPORT_PDF,
		REPORT_CSV, REPORT_XML, REPORT_DBF };
	struct grid g;

	grid_begin(&g, x->t->a, KV_COUNT(order), 3);
	for (size_t i = 0; i < KV_COUNT(order); i++) {
		struct str name = str_of(report_format_name(order[i]));

		if (report_has_format(report_def(x->q.id), order[i]))
			grid_choice(
			    &g, name, cabinet_word("format", name), x->format);
	}
	grid_put(pg, "formats", &g);
	page_flag(pg, "cp1251", str_eq(x->encoding, STR("cp1251")));
	page_flag(pg, "comma", str_eq(x->separator, STR(",")));
	page_text(pg, "format_wrong", x->format_wrong);
	page_text(pg, "email", x->email);
	page_text(pg, "email_wrong", x->email_wrong);
}

enum err
cabinet_ask_show(struct cabinet_ask *x)
{
	const struct report_def *r = report_def(x->q.id);
	struct turn *t = x->t;
	struct page pg;
	enum err rc;

	cabinet_begin(&pg, t, x->d, "reports");
	rc = cabinet_orders_put(t, &pg, x->d->id, ORDERS_SHOWN);
	if (rc == ERR_OK)
		rc = reference(t->p, &x->ref, t->f); /* good until it is sent */
	if (rc != ERR_OK)
		return rc;
	page_text(&pg, "ikey", cabinet_key(t));
	page_text(&pg, "report", str_of(r->name));
	page_text(&pg, "report_title", str_of(r->title));
	page_text(&pg, "about", str_of(r->about));
	page_text(&pg, "from", x->q.from_day);
	page_text(&pg, "to", x->q.to_day);
	page_text(&pg, "from_words", cabinet_day(t->a, x->q.from_day));
	page_text(&pg, "to_words", cabinet_day(t->a, x->q.to_day));
	page_text(&pg, "from_wrong", x->from_wrong);
	page_text(&pg, "to_wrong", x->to_wrong);
	page_text(&pg, "wrong", x->wrong);
	page_flag(&pg, "refused", x->refused);
	show_reports(x, &pg);
	show_periods(x, &pg);
	show_filters(x, &pg);
	show_totals(x, &pg);
	show_asked(x, &pg);
	show_formats(x, &pg);
	return page_send(&pg, x->status, "tpl/page/cabinet_reports.html");
}
