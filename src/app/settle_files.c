#include "kvitok/app/settle_files.h"

#include "kvitok/app/settle.h"
#include "kvitok/base/tpl.h"

#include <inttypes.h>

#define ORDERS_PAGE 200
#define FILE_MAX ((size_t)16 << 20)
#define PAGE 200 /* items */
#define PAGE_MEMORY ((size_t)64 << 20)
#define PAGE_MAX ((size_t)16 << 20)

static enum err
write_orders(const struct ports *p, struct arena *a, enum order_format format,
    const struct settlement *v, size_t len, struct str *out, struct fault *f)
{
	struct buf b;
	enum err rc;

	buf_init(&b, a, FILE_MAX);
	rc = p->papers.orders(p->papers.self, format, v, len, &b, f);
	*out = buf_str(&b);
	return rc;
}

enum err
settle_order(const struct ports *p, struct arena *a, struct str portal,
    struct str id, enum order_format format, struct str *out, struct fault *f)
{
	struct settlement s;
	enum err rc = settle_load(p, a, portal, id, &s, f);

	if (rc == ERR_OK)
		rc = settle_is_out(&s, f);
	return rc == ERR_OK ? write_orders(p, a, format, &s, 1, out, f) : rc;
}

enum err
settle_orders(const struct ports *p, struct arena *a, struct str portal,
    struct str order_day, enum order_format format, struct str *out,
    struct fault *f)
{
	const struct settle_reader *rd = &p->settlements;
	struct settlement *all =
	    ARENA_ARRAY(a, SETTLE_ORDERS_MAX, struct settlement);
	struct str after = STR("");
	size_t n = 0, len = ORDERS_PAGE;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && len == ORDERS_PAGE) {
		const struct settlement *v;

		rc = rd->orders(rd->self, a, portal, order_day, after,
		    ORDERS_PAGE, &v, &len, f);
		if (rc == ERR_OK && n + len > SETTLE_ORDERS_MAX)
			rc = fault_set(f, ERR_LIMIT, "file_too_large",
			    "above %d orders", SETTLE_ORDERS_MAX);
		if (rc != ERR_OK)
			break;
		if (len > 0) {
			memcpy(&all[n], v, len * sizeof(*v));
			after = v[len - 1].id;
		}
		n += len;
	}
	if (rc == ERR_OK && n == 0)
		rc = fault_set(f, ERR_ABSENT, "settlement_no_orders", "%.*s",
		    STR_ARG(order_day));
	return rc == ERR_OK ? write_orders(p, a, format, all, n, out, f) : rc;
}

/* --- registers ------------------------------------------------------- */

static struct str
built_in(struct arena *a, struct str name)
{
	struct bytes b = asset_get(
	    arena_fmt(a, "conf/layouts/pay/%.*s.json", STR_ARG(name)));

	return (struct str){ (const char *)b.p, b.len };
}

enum err
settle_layout(const struct ports *p, struct arena *a, struct str name,
    struct pay_layout *out, struct fault *f)
{
	const struct settle_reader *rd = &p->settlements;
	struct str text;
	enum err rc = rd->layout(rd->self, a, name, &text, f);

	if (rc == ERR_OK && text.len == 0)
		text = built_in(a, name);
	if (rc == ERR_OK && text.len == 0)
		rc = fault_set(f, ERR_LIMIT, "settlement_no_layout",
		    "no layout \"%.*s\"", STR_ARG(name));
	return rc == ERR_OK ? pay_layout_read(a, text, out, f) : rc;
}

struct adding {
	const struct ports *p;
	const struct pay_layout *l;
	struct str text, actor;
	bool made;
};

static enum err
add_body(void *arg, struct fault *f)
{
	struct adding *x = arg;
	const struct settle_store *st = &x->p->settle;

	enum err rc = st->layout_put(st->self, x->l->layout, x->text, x->actor,
	    x->p->clock.now(x->p->clock.self), &x->made, f);

	if (!x->made)
		tx_idle(&x->p->tx);
	return rc;
}

enum err
settle_layout_add(const struct ports *p, struct arena *a, struct str json,
    struct str actor, struct pay_layout *out, struct fault *f)
{
	struct adding x = { .p = p, .l = out, .text = json, .actor = actor };
	enum err rc = pay_layout_read(a, json, out, f);

	if (rc == ERR_OK && built_in(a, out->layout).len == 0)
		rc = p->tx.run(p->tx.self, "layout_add", add_body, &x, f);
	return rc == ERR_OK && !x.made
	    ? fault_set(
		  f, ERR_CONFLICT, "layout_known", "%.*s", STR_ARG(out->layout))
	    : rc;
}

/* One register; it is read twice: for its totals, then to be written. */
struct writing {
	const struct ports *p;
	struct arena *page;
	const struct settlement *s;
	struct pay_register r;
	struct pay_totals totals;
	const struct paper_sink *to;
	int64_t n;
};

static enum err
add_row(struct writing *w, const struct pay_row *row, struct buf *out,
    struct fault *f)
{
	struct pay_totals *t = &w->totals;

	(void)out;
	t->count++;
	if (__builtin_add_overflow(t->sum_kop, row->sum_kop, &t->sum_kop) ||
	    __builtin_add_overflow(t->fee_kop, row->fee_kop, &t->fee_kop) ||
	    __builtin_add_overflow(t->supplier_fee_kop, row->supplier_fee_kop,
		&t->supplier_fee_kop))
		return fault_set(f, ERR_LIMIT, "sum_overflow", "totals");
	return ERR_OK;
}

static enum err
write_row(struct writing *w, const struct pay_row *row, struct buf *out,
    struct fault *f)
{
	struct pay_row numbered = *row;

	numbered.n = ++w->n;
	return w->p->papers.register_row(
	    w->p->papers.self, &w->r, &numbered, out, f);
}

static enum err
put(struct writing *w, const struct buf *out, struct fault *f)
{
	return out->len > 0 ? w->to->put(w->to->self, buf_str(out), f) : ERR_OK;
}

/* Items page by page, each in memory that the next one takes over. */
static enum err
all_rows(struct writing *w,
    enum err (*each)(struct writing *w, const struct pay_row *row,
	struct buf *out, struct fault *f),
    struct fault *f)
{
	const struct settle_reader *rd = &w->p->settlements;
	enum err rc = ERR_OK;

	for (int64_t n = 0; rc == ERR_OK && n < w->s->sums.size; n += PAGE) {
		const struct pay_row *v;
		struct buf out;
		size_t len;

		buf_init(&out, w->page, PAGE_MAX);
		rc = rd->rows(
		    rd->self, w->page, w->s->id, n, n + PAGE, &v, &len, f);
		for (size_t i = 0; rc == ERR_OK && i < len; i++)
			rc = each(w, &v[i], &out, f);
		if (rc == ERR_OK)
			rc = put(w, &out, f);
		arena_reset(w->page);
	}
	return rc;
}

/* What the supplier reads must be what it is paid. */
static enum err
check_totals(const struct writing *w, struct fault *f)
{
	const struct settle_sums *s = &w->s->sums;
	int64_t sum = s->taken_kop - s->refunded_kop + s->other_kop;

	if (w->totals.sum_kop == sum && w->totals.fee_kop == s->fee_kop &&
	    w->totals.supplier_fee_kop == s->supplier_fee_kop)
		return ERR_OK;
	return fault_set(f, ERR_BUG, "settlement_differs",
	    "%.*s: register %" PRId64 ", settlement %" PRId64,
	    STR_ARG(w->s->id), w->totals.sum_kop, sum);
}

static enum err
write_register(struct writing *w, struct fault *f)
{
	const struct papers *pp = &w->p->papers;
	struct buf out;
	enum err rc;

	buf_init(&out, w->page, PAGE_MAX);
	rc = pp->register_begin(pp->self, &w->r, &out, f);
	if (rc == ERR_OK)
		rc = put(w, &out, f);
	arena_reset(w->page);
	if (rc == ERR_OK)
		rc = all_rows(w, write_row, f);
	buf_init(&out, w->page, PAGE_MAX);
	if (rc == ERR_OK)
		rc = pp->register_end(pp->self, &w->r, &out, f);
	return rc == ERR_OK ? put(w, &out, f) : rc;
}

enum err
settle_register(const struct ports *p, struct arena *a, struct str portal,
    struct str id, const struct paper_sink *to, struct str *name,
    struct fault *f)
{
	struct pay_layout *layout = ARENA_NEW(a, struct pay_layout);
	struct settlement s;
	struct writing w = { .p = p, .s = &s, .to = to };
	enum err rc = settle_load(p, a, portal, id, &s, f);

	if (rc == ERR_OK)
		rc = settle_is_out(&s, f);
	if (rc == ERR_OK)
		rc = settle_layout(p, a, s.layout, layout, f);
	if (rc != ERR_OK)
		return rc;
	w.r = (struct pay_register){ layout, &s, &w.totals };
	w.page = arena_new(PAGE_MEMORY);
	rc = all_rows(&w, add_row, f);
	if (rc == ERR_OK)
		rc = check_totals(&w, f);
	if (rc == ERR_OK)
		rc = write_register(&w, f);
	arena_free(w.page);
	*name = pay_file_name(a, layout, &s, &w.totals);
	return rc;
}
