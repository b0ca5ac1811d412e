#include "kvitok/web/cabinet_settle.h"

#define ROW_VARS 24

static struct str
sum_or_none(struct arena *a, int64_t kop)
{
	return kop != 0 ? cabinet_sum(a, kop) : STR_NONE;
}

/* What is prepared and too little is carried over: nobody confirms it. */
static const char *
shown_state(const struct settlement *s)
{
	return s->state == SETTLE_PREPARED && settle_carried(s)
	    ? "carried"
	    : settle_state_name(s->state);
}

static void
put_sums(struct arena *a, const struct settle_sums *s, struct grid *g)
{
	grid_text(g, "items", cabinet_count(a, s->items));
	grid_text(g, "held_items",
	    s->held_items > 0 ? cabinet_count(a, s->held_items) : STR_NONE);
	grid_text(g, "taken", cabinet_sum(a, s->taken_kop));
	grid_text(g, "refunded", cabinet_sum(a, -s->refunded_kop));
	grid_text(g, "other", sum_or_none(a, s->other_kop));
	grid_text(g, "fee", sum_or_none(a, s->fee_kop));
	grid_text(g, "supplier_fee", cabinet_sum(a, -s->supplier_fee_kop));
	grid_text(g, "transfer", cabinet_sum(a, s->transfer_kop));
	grid_text(g, "held", sum_or_none(a, s->held_kop));
	grid_text(g, "released", sum_or_none(a, s->released_kop));
}

void
cabinet_settle_rows(
    struct turn *t, const struct settlement *v, size_t len, struct grid *out)
{
	struct arena *a = t->a;

	grid_begin(out, a, len, ROW_VARS);
	for (size_t i = 0; i < len; i++) {
		const struct settlement *s = &v[i];
		struct str state = str_of(shown_state(s));

		grid_row(out);
		grid_text(out, "id", s->id);
		grid_text(out, "url",
		    arena_fmt(a, "/cabinet/settlements/%.*s", STR_ARG(s->id)));
		grid_text(out, "day", cabinet_day(a, s->day));
		grid_text(out, "supplier", s->supplier);
		grid_text(out, "payee",
		    s->payee.title.len > 0 ? s->payee.title : s->supplier);
		grid_text(out, "state", state);
		grid_text(out, "state_words", cabinet_word("settle", state));
		put_sums(a, &s->sums, out);
		grid_text(out, "order_no",
		    s->order_no > 0
			? arena_fmt(a, "%lld", (long long)s->order_no)
			: STR_NONE);
		grid_text(out, "order_day", cabinet_day(a, s->order_day));
	}
}
