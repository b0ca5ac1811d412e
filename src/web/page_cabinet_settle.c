/* Settlements on the accountant's pages: the list, and one with its items. */
#include "kvitok/app/settle.h"
#include "kvitok/app/reference.h"
#include "kvitok/base/day.h"
#include "kvitok/base/num.h"
#include "kvitok/http/form.h"
#include "kvitok/web/cabinet_settle.h"
#include "kvitok/web/cursor.h"
#include "kvitok/web/handlers.h"
#include "kvitok/web/settle_answer.h"

#define LIST_LIMIT 50
#define ITEMS_LIMIT 100
#define URL_MAX 2000
#define SUPPLIERS_MAX 500

/* --- the list ---------------------------------------------------------- */

struct list_in {
	struct str from, to, state, supplier, after;
};

static const struct field list_fields[] = {
	{ "from", FIELD_TEXT, false, 0, 10, offsetof(struct list_in, from),
	    NULL, NULL },
	{ "to", FIELD_TEXT, false, 0, 10, offsetof(struct list_in, to), NULL,
	    NULL },
	{ "state", FIELD_TEXT, false, 0, 16, offsetof(struct list_in, state),
	    NULL, NULL },
	{ "supplier", FIELD_TEXT, false, 0, 32,
	    offsetof(struct list_in, supplier), NULL, NULL },
	{ "after", FIELD_TEXT, false, 0, CURSOR_DAY_MAX,
	    offsetof(struct list_in, after), NULL, "cursor_bad" },
};
static const struct form list_form = { list_fields, KV_COUNT(list_fields),
	sizeof(struct list_in) };

/* States that people look for; the others are passing. */
static const enum settle_state shown[] = { SETTLE_PREPARED, SETTLE_CONFIRMED,
	SETTLE_RETURNED };

static enum err
read_list(struct turn *t, const struct desk *d, struct list_in *in,
    struct settle_query *q)
{
	enum err rc;

	memset(in, 0, sizeof(*in));
	*q = (struct settle_query){ .portal = d->portal,
		.supplier = d->supplier,
		/* One more tells whether there are more. */
		.limit = LIST_LIMIT + 1 };
	rc = turn_query(t, &list_form, in);
	if (rc != ERR_OK)
		return rc;
	if (in->from.len > 0 && !day_valid(in->from))
		return turn_refuse(t, "from", "report_day");
	if (in->to.len > 0 && !day_valid(in->to))
		return turn_refuse(t, "to", "report_day");
	if (in->from.len > 0 && in->to.len > 0 && str_cmp(in->from, in->to) > 0)
		return turn_refuse(t, "from", "report_upside_down");
	q->from_day = in->from;
	q->to_day = in->to;
	q->has_state = in->state.len > 0;
	if (q->has_state && !settle_state_of(in->state, &q->state))
		return turn_refuse(t, "state", "field_form");
	if (d->supplier.len == 0)
		q->supplier = in->supplier;
	if (in->after.len > 0 &&
	    !cursor_read_day(in->after, &q->after_day, &q->after_id))
		return turn_refuse(t, "after", "cursor_bad");
	return ERR_OK;
}

static struct str
next_url(
    struct turn *t, const struct list_in *in, const struct settlement *last)
{
	struct buf b;

	buf_init(&b, t->a, URL_MAX);
	buf_lit(&b, "/cabinet/settlements");
	url_add(&b, "from", in->from);
	url_add(&b, "to", in->to);
	url_add(&b, "state", in->state);
	url_add(&b, "supplier", in->supplier);
	url_add(&b, "after", cursor_make_day(t->a, last->day, last->id));
	return buf_str(&b);
}

static void
put_states(struct turn *t, const struct list_in *in, struct page *pg)
{
	struct grid g;

	grid_begin(&g, t->a, KV_COUNT(shown), 3);
	for (size_t i = 0; i < KV_COUNT(shown); i++) {
		struct str id = str_of(settle_state_name(shown[i]));

		grid_choice(&g, id, cabinet_word("settle", id), in->state);
	}
	grid_put(pg, "states", &g);
}

static enum err
put_suppliers(
    struct turn *t, const struct desk *d, struct str chosen, struct page *pg)
{
	const struct ref *r;
	struct grid g;
	enum err rc = reference(t->p, &r, t->f);

	if (rc != ERR_OK)
		return rc;
	grid_begin(&g, t->a, SUPPLIERS_MAX, 3);
	for (size_t i = 0; d->supplier.len == 0 && i < r->suppliers_len; i++) {
		const struct ref_supplier *s = &r->suppliers[i];
		bool again = !str_eq(s->portal, d->portal) || g.len == g.max;

		for (size_t k = 0; k < g.len && !again; k++)
			again = str_eq(g.rows[k].v[0].text, s->supplier);
		if (!again)
			grid_choice(&g, s->supplier, s->title, chosen);
	}
	grid_put(pg, "suppliers", &g);
	return ERR_OK;
}

static enum err
show_list(struct turn *t, const struct desk *d, const struct list_in *in,
    const struct settlement *v, size_t len, int status, struct str wrong)
{
	size_t rows = len > LIST_LIMIT ? LIST_LIMIT : len;
	char today[DAY_TEXT_SIZE];
	struct page pg;
	struct grid g;
	enum err rc;

	cabinet_begin(&pg, t, d, "settlements");
	rc = put_suppliers(t, d, in->supplier, &pg);
	if (rc != ERR_OK)
		return rc;
	day_of(t->p->clock.now(t->p->clock.self), DAY_ZONE_MOSCOW, today);
	cabinet_settle_rows(t, v, rows, &g);
	grid_put(&pg, "settlements", &g);
	put_states(t, in, &pg);
	page_text(&pg, "from", in->from);
	page_text(&pg, "to", in->to);
	page_text(&pg, "today", arena_str(t->a, str_of(today)));
	page_text(&pg, "wrong", wrong);
	page_text(
	    &pg, "next", len > rows ? next_url(t, in, &v[rows - 1]) : STR_NONE);
	return page_send(&pg, status, "tpl/page/cabinet_settlements.html");
}

enum err
page_cabinet_settlements(struct turn *t)
{
	const struct settle_reader *rd = &t->p->settlements;
	const struct settlement *v = NULL;
	struct settle_query q;
	struct list_in in;
	struct desk d;
	size_t len = 0;
	enum err rc;

	if (!desk_enter(t, RIGHT_REPORT, &d))
		return t->f->err;
	rc = read_list(t, &d, &in, &q);
	if (rc != ERR_OK && cabinet_told(t->f)) {
		struct str wrong = cabinet_words(t);
		int status = reply_status(t->f);

		fault_init(t->f);
		return show_list(t, &d, &in, NULL, 0, status, wrong);
	}
	if (rc == ERR_OK)
		rc = rd->list(rd->self, t->a, &q, &v, &len, t->f);
	return rc == ERR_OK ? show_list(t, &d, &in, v, len, 200, STR_NONE) : rc;
}

/* --- one ---------------------------------------------------------------- */

enum err
cabinet_settle_transfers(struct turn *t, const struct desk *d)
{
	return d->supplier.len == 0
	    ? ERR_OK
	    : fault_set(t->f, ERR_DENIED, "staff_right_missing",
		  "of a supplier alone");
}

enum err
cabinet_settle_load(
    struct turn *t, const struct desk *d, struct settlement *out)
{
	enum err rc =
	    settle_load(t->p, t->a, d->portal, t->params.v[0], out, t->f);

	return rc == ERR_OK && d->supplier.len > 0 &&
		!str_eq(d->supplier, out->supplier)
	    ? fault_set(
		  t->f, ERR_ABSENT, "settlement_unknown", "of another supplier")
	    : rc;
}

static void
put_party(struct page *pg, const char *prefix, const struct settle_party *p)
{
	const struct {
		const char *name;
		struct str value;
	} v[] = { { "title", p->title }, { "inn", p->inn }, { "kpp", p->kpp },
		{ "account", p->account }, { "bic", p->bic },
		{ "bank", p->bank } };

	for (size_t i = 0; i < KV_COUNT(v); i++)
		page_text(pg,
		    arena_z(pg->t->a,
			arena_fmt(pg->t->a, "%s_%s", prefix, v[i].name)),
		    v[i].value);
}

void
cabinet_settle_put(struct page *pg, const struct settlement *s)
{
	struct grid g;

	cabinet_settle_rows(pg->t, s, 1, &g);
	grid_put(pg, "settlement", &g);
	put_party(pg, "payer", &s->payer);
	put_party(pg, "payee", &s->payee);
	page_text(pg, "contract", s->contract);
	page_text(pg, "contract_day", cabinet_day(pg->t->a, s->contract_day));
	page_text(pg, "purpose", s->purpose);
	page_text(pg, "reason", s->reason);
	page_text(pg, "min", cabinet_sum(pg->t->a, s->min_kop));
}

static void
put_items(struct turn *t, const struct settlement *s,
    const struct settle_item *v, size_t len, struct page *pg)
{
	size_t rows = len > ITEMS_LIMIT ? ITEMS_LIMIT : len;
	struct arena *a = t->a;
	struct grid g;

	grid_begin(&g, a, rows, 9);
	for (size_t i = 0; i < rows; i++) {
		grid_row(&g);
		grid_text(&g, "n", cabinet_count(a, v[i].n));
		grid_text(&g, "day", cabinet_day(a, v[i].day));
		grid_text(&g, "words", cabinet_word("item", v[i].kind));
		grid_text(&g, "number",
		    v[i].number.len > 0 ? v[i].number : v[i].cause);
		grid_flag(&g, "held", v[i].held);
		grid_text(&g, "gross", cabinet_sum(a, v[i].gross_kop));
		grid_text(&g, "fee", cabinet_sum(a, v[i].fee_kop));
		grid_text(
		    &g, "supplier_fee", cabinet_sum(a, v[i].supplier_fee_kop));
		grid_text(&g, "net", cabinet_sum(a, v[i].net_kop));
	}
	grid_put(pg, "rows", &g);
	page_text(pg, "next",
	    len > rows ? arena_fmt(a, "/cabinet/settlements/%.*s?after=%lld",
			     STR_ARG(s->id), (long long)v[rows - 1].n)
		       : STR_NONE);
}

static enum err
put_events(struct turn *t, const struct settlement *s, struct page *pg)
{
	static const struct {
		const char *kind, *words;
	} kinds[] = { { "prepared", "Подготовлен" },
		{ "confirmed", "Подтверждён" },
		{ "returned", "Поручение возвращено банком" } };
	const struct settle_reader *rd = &t->p->settlements;
	const struct settle_event *v;
	struct grid g;
	size_t len;
	enum err rc = rd->events(rd->self, t->a, s, &v, &len, t->f);

	if (rc != ERR_OK)
		return rc;
	grid_begin(&g, t->a, len, 3);
	for (size_t i = 0; i < len; i++) {
		struct str words = v[i].kind;

		for (size_t k = 0; k < KV_COUNT(kinds); k++)
			if (str_eq(v[i].kind, str_of(kinds[k].kind)))
				words = str_of(kinds[k].words);
		grid_row(&g);
		grid_text(&g, "at", cabinet_moment(t->a, v[i].at));
		grid_text(&g, "words", words);
		grid_text(&g, "by", cabinet_who(t->a, v[i].actor));
	}
	grid_put(pg, "events", &g);
	return ERR_OK;
}

static enum err
read_after(struct turn *t, int64_t *after)
{
	struct url_params q;
	struct str s;
	enum err rc = url_params(t->a, t->rq->query, &q, t->f);

	*after = 0;
	if (rc != ERR_OK)
		return rc;
	s = url_param(&q, "after");
	return s.len == 0 || num_parse(s, 0, INT64_MAX, after)
	    ? ERR_OK
	    : turn_refuse(t, "after", "cursor_bad");
}

enum err
page_cabinet_settlement(struct turn *t)
{
	const struct settle_reader *rd = &t->p->settlements;
	const struct settle_item *v;
	struct settlement s;
	struct desk d;
	struct page pg;
	size_t len;
	int64_t after;
	bool of_portal, out;
	enum err rc;

	if (!desk_enter(t, RIGHT_REPORT, &d))
		return t->f->err;
	rc = read_after(t, &after);
	if (rc == ERR_OK)
		rc = cabinet_settle_load(t, &d, &s);
	if (rc == ERR_OK)
		rc = rd->items(rd->self, t->a, s.id, after, ITEMS_LIMIT + 1, &v,
		    &len, t->f);
	if (rc != ERR_OK)
		return rc;
	cabinet_begin(&pg, t, &d, "settlements");
	rc = put_events(t, &s, &pg);
	if (rc != ERR_OK)
		return rc;
	of_portal = d.supplier.len == 0;
	out = s.state == SETTLE_CONFIRMED;
	cabinet_settle_put(&pg, &s);
	put_items(t, &s, v, len, &pg);
	page_flag(&pg, "paged", after > 0);
	page_flag(&pg, "may_confirm",
	    of_portal && (d.rights & RIGHT_ADMIN) &&
		s.state == SETTLE_PREPARED && !settle_carried(&s));
	page_flag(&pg, "has_order", of_portal && out);
	page_flag(&pg, "has_register", out && s.layout.len > 0);
	return page_send(&pg, 200, "tpl/page/cabinet_settlement.html");
}

/* --- files -------------------------------------------------------------- */

enum err
page_cabinet_settle_orders(struct turn *t)
{
	struct url_params q;
	struct desk d;
	enum err rc;

	if (!desk_enter(t, RIGHT_REPORT, &d))
		return t->f->err;
	rc = cabinet_settle_transfers(t, &d);
	if (rc == ERR_OK)
		rc = url_params(t->a, t->rq->query, &q, t->f);
	return rc == ERR_OK ? settle_answer_orders(t, d.portal,
				  url_param(&q, "day"), url_param(&q, "format"))
			    : rc;
}

enum err
page_cabinet_settle_order(struct turn *t)
{
	struct url_params q;
	struct desk d;
	enum err rc;

	if (!desk_enter(t, RIGHT_REPORT, &d))
		return t->f->err;
	rc = cabinet_settle_transfers(t, &d);
	if (rc == ERR_OK)
		rc = url_params(t->a, t->rq->query, &q, t->f);
	return rc == ERR_OK ? settle_answer_order(t, d.portal, t->params.v[0],
				  url_param(&q, "format"))
			    : rc;
}

enum err
page_cabinet_settle_register(struct turn *t)
{
	struct settlement s;
	struct desk d;
	enum err rc;

	if (!desk_enter(t, RIGHT_REPORT, &d))
		return t->f->err;
	rc = cabinet_settle_load(t, &d, &s);
	return rc == ERR_OK ? settle_answer_register(t, d.portal, s.id) : rc;
}
