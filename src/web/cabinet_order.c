#include "kvitok/web/cabinet_order.h"

#include "kvitok/base/day.h"
#include "kvitok/base/json.h"

#define ORDER_VARS 18
#define NARROWED_MAX 1000

void
cabinet_order_total(
    struct arena *a, struct grid *g, const struct report_column *c, int64_t n)
{
	bool sum = c->type == REPORT_SUM;

	grid_row(g);
	grid_text(g, "name", str_of(c->name));
	grid_text(g, "words", str_of(c->title));
	grid_flag(g, "is_sum", sum);
	grid_text(g, "value", sum ? cabinet_sum(a, n) : cabinet_count(a, n));
}

/* «Поставщик: rts; Состояние: Оплачен». */
static struct str
narrowed(struct turn *t, const struct report_order *o)
{
	const struct report_def *d = report_def(o->q.id);
	struct buf b;

	buf_init(&b, t->a, NARROWED_MAX);
	for (int i = 0; i < REPORT_FILTER__COUNT; i++) {
		struct str value = o->q.filter[i];

		if (i == REPORT_PORTAL || value.len == 0)
			continue;
		if (i == REPORT_STATE)
			value = report_word(d->states, value);
		if (i == REPORT_SUPPLIER)
			value = cabinet_supplier(
			    t, o->q.filter[REPORT_PORTAL], value);
		if (b.len > 0)
			buf_lit(&b, "; ");
		buf_text(
		    &b, str_of(report_filter_title((enum report_filter)i)));
		buf_lit(&b, ": ");
		buf_text(&b, value);
	}
	return buf_str(&b);
}

/* How much of its days is done: the day that was reached is begun. */
static int
percent_of(const struct report_order *o)
{
	int64_t first, all, at;

	if (o->state == REPORT_ORDER_DONE || o->state == REPORT_ORDER_GONE)
		return 100;
	if (!day_valid(o->reached) || !day_valid(o->q.from_day) ||
	    !day_valid(o->q.to_day))
		return 0;
	first = day_number(o->q.from_day);
	all = day_number(o->q.to_day) - first + 1;
	at = day_number(o->reached) - first;
	if (at < 0 || all <= 0)
		return 0;
	return at >= all ? 99 : (int)(at * 100 / all);
}

static void
put_file(struct turn *t, const struct report_order *o, struct grid *g)
{
	bool done = o->state == REPORT_ORDER_DONE;
	struct arena *a = t->a;

	grid_text(g, "file_url",
	    done ? arena_fmt(a, "/cabinet/reports/%.*s/file", STR_ARG(o->id))
		 : STR_NONE);
	grid_text(g, "size", done ? cabinet_size(a, o->size) : STR_NONE);
	grid_text(
	    g, "until", done ? cabinet_moment(a, o->expires_at) : STR_NONE);
	grid_text(g, "replaced",
	    done && o->replaced > 0 ? cabinet_count(a, o->replaced) : STR_NONE);
	grid_text(g, "reason",
	    o->reason.len > 0 ? str_of(reason_words(arena_z(a, o->reason)))
			      : STR_NONE);
}

static void
put_order(struct turn *t, const struct report_order *o, struct grid *g)
{
	struct arena *a = t->a;
	bool live = o->state == REPORT_ORDER_WAITING ||
	    o->state == REPORT_ORDER_RUNNING;

	grid_row(g);
	grid_text(g, "id", o->id);
	grid_text(
	    g, "url", arena_fmt(a, "/cabinet/reports/%.*s", STR_ARG(o->id)));
	grid_text(g, "words", str_of(report_def(o->q.id)->title));
	grid_text(g, "days_from", cabinet_day(a, o->q.from_day));
	grid_text(g, "days_to",
	    str_eq(o->q.from_day, o->q.to_day) ? STR_NONE
					       : cabinet_day(a, o->q.to_day));
	grid_text(g, "narrowed", narrowed(t, o));
	grid_text(g, "format_words",
	    cabinet_word("format", str_of(report_format_name(o->format))));
	grid_text(g, "state", str_of(report_order_state_name(o->state)));
	grid_text(g, "state_words",
	    cabinet_word("order", str_of(report_order_state_name(o->state))));
	grid_flag(g, "live", live);
	grid_text(g, "percent",
	    percent_of(o) > 0 ? arena_fmt(a, "%d", percent_of(o)) : STR_NONE);
	grid_text(g, "lines",
	    o->lines > 0 || !live ? cabinet_count(a, o->lines) : STR_NONE);
	grid_text(g, "created", cabinet_moment(a, o->created_at));
	put_file(t, o, g);
}

void
cabinet_order_rows(
    struct turn *t, const struct report_order *v, size_t len, struct grid *out)
{
	grid_begin(out, t->a, len, ORDER_VARS);
	for (size_t i = 0; i < len; i++)
		put_order(t, &v[i], out);
}

enum err
cabinet_orders_put(struct turn *t, struct page *pg, struct str who, int max)
{
	const struct report_orders *st = &t->p->report_orders;
	const struct report_order *v;
	struct grid g;
	size_t len;
	enum err rc =
	    st->list(st->self, t->a, who, STR(""), max, &v, &len, t->f);

	if (rc != ERR_OK)
		return rc;
	cabinet_order_rows(t, v, len, &g);
	grid_put(pg, "orders", &g);
	return ERR_OK;
}
