#include "kvitok/domain/audit_cart.h"

static struct str
cart_key(struct audit *u, const struct audit_cart *c)
{
	return arena_fmt(u->a, "%d/%.*s", c->n, STR_ARG(c->refund));
}

static struct str
item_key(struct audit *u, const struct audit_cart *c, const struct cart_item *i)
{
	return arena_fmt(u->a, "%.*s/%d", STR_ARG(cart_key(u, c)), i->n);
}

static const struct refund *
refund_of(const struct audit *u, struct str id)
{
	for (size_t i = 0; i < u->x->refunds_len; i++)
		if (str_eq(u->x->refunds[i].r.id, id))
			return &u->x->refunds[i].r;
	return NULL;
}

static const struct audit_cart *
cart_of(const struct audit *u, int n, struct str refund)
{
	for (size_t i = 0; i < u->x->carts_len; i++)
		if (u->x->carts[i].n == n &&
		    str_eq(u->x->carts[i].refund, refund))
			return &u->x->carts[i];
	return NULL;
}

static const struct cart_item *
item_of(const struct audit_cart *c, int n)
{
	for (size_t i = 0; c && i < c->cart.len; i++)
		if (c->cart.items[i].n == n)
			return &c->cart.items[i];
	return NULL;
}

/* What the positions of a line must add up to; each is a suspect then. */
static void
check_line(struct audit *u, const struct audit_cart *c, int line, int64_t must)
{
	int64_t sum = 0;

	for (size_t i = 0; i < c->cart.len; i++)
		if (c->cart.items[i].line == line)
			sum = audit_add(sum, c->cart.items[i].sum_kop);
	if (sum == must)
		return;
	audit_wrong(u, "fiscal_cart", cart_key(u, c),
	    line == 0 ? "commission" : "positions of a line", audit_n(u, sum),
	    audit_n(u, must));
	for (size_t i = 0; i < c->cart.len; i++) {
		const struct cart_item *x = &c->cart.items[i];

		if (x->line == line)
			audit_number(u, "fiscal_item", item_key(u, c, x),
			    "sum_kop", x->sum_kop,
			    audit_add(x->sum_kop, audit_add(must, -sum)));
	}
}

static void
check_items(struct audit *u, const struct audit_cart *c)
{
	for (size_t i = 0; i < c->cart.len; i++) {
		const struct cart_item *x = &c->cart.items[i];
		struct cart one = { x, 1, x->sum_kop };
		struct fault none;

		fault_init(&none);
		if (cart_check(&one, x->sum_kop, &none) != ERR_OK)
			audit_wrong(u, "fiscal_item", item_key(u, c, x),
			    "price_kop * quantity_milli",
			    arena_fmt(u->a, "%lld * %lld",
				(long long)x->price_kop,
				(long long)x->quantity_milli),
			    audit_n(u, x->sum_kop));
		if (x->line < 0 || (size_t)x->line > u->pm->lines_len)
			audit_number(u, "fiscal_item", item_key(u, c, x),
			    "line", x->line, (int64_t)u->pm->lines_len);
	}
}

static void
check_order(struct audit *u, const struct audit_cart *c)
{
	audit_number(u, "fiscal_cart", cart_key(u, c), "total_kop",
	    c->cart.total_kop, u->pm->total_kop);
	for (size_t i = 0; i < u->pm->lines_len; i++)
		check_line(u, c, (int)i + 1, u->pm->lines[i].sum_kop);
	check_line(u, c, 0, u->pm->fee_kop);
}

/* Of all refunds that are done, what is gone of a position. */
static int64_t
gone(const struct audit *u, int attempt, int n)
{
	int64_t kop = 0;

	for (size_t i = 0; i < u->x->carts_len; i++) {
		const struct audit_cart *c = &u->x->carts[i];
		const struct refund *r = refund_of(u, c->refund);
		const struct cart_item *x = item_of(c, n);

		if (r && r->state == REFUND_DONE && c->n == attempt && x)
			kop = audit_add(kop, x->sum_kop);
	}
	return kop;
}

/* Positions that go back are those of the order. */
static void
check_sold(struct audit *u, const struct audit_cart *c)
{
	const struct audit_cart *sold = cart_of(u, c->n, STR(""));

	for (size_t i = 0; i < c->cart.len; i++) {
		const struct cart_item *x = &c->cart.items[i];
		const struct cart_item *was = item_of(sold, x->n);
		struct str key = item_key(u, c, x);

		if (!was) {
			audit_wrong(u, "fiscal_item", key, "row",
			    STR("too much"), STR("a position of the order"));
			continue;
		}
		if (was->vat != x->vat || was->method != x->method ||
		    was->line != x->line) {
			audit_wrong(u, "fiscal_item", key, "vat, method, line",
			    str_of(cart_vat_name(x->vat)),
			    str_of(cart_vat_name(was->vat)));
			audit_wrong(u, "fiscal_item", item_key(u, sold, was),
			    "vat, method, line",
			    str_of(cart_vat_name(was->vat)),
			    str_of(cart_vat_name(x->vat)));
		}
		if (gone(u, c->n, x->n) > was->sum_kop)
			audit_wrong(u, "fiscal_item", key, "sum_kop",
			    audit_n(u, gone(u, c->n, x->n)),
			    arena_fmt(
				u->a, "at most %lld", (long long)was->sum_kop));
	}
}

static void
check_back(struct audit *u, const struct audit_cart *c)
{
	const struct refund *r = refund_of(u, c->refund);

	if (!r) {
		audit_wrong(u, "fiscal_cart", cart_key(u, c), "refund",
		    c->refund, STR("a refund of the payment"));
		return;
	}
	audit_number(u, "fiscal_cart", cart_key(u, c), "total_kop",
	    c->cart.total_kop, refund_total(r));
	for (size_t i = 0; i < r->lines_len; i++)
		check_line(u, c, r->lines[i].n, r->lines[i].sum_kop);
	check_line(u, c, 0, r->fee_kop);
	check_sold(u, c);
}

/* Carts are what a bank was told: of a refund that it was not called for, a
 * chargeback or one that was paid by hand, there is none. */
static void
need_back(struct audit *u, const struct refund *r)
{
	if (r->state == REFUND_DONE && r->before_kop >= 0 &&
	    cart_of(u, u->pm->paid_attempt, STR("")) &&
	    !cart_of(u, u->pm->paid_attempt, r->id))
		audit_wrong(u, "fiscal_cart",
		    arena_fmt(
			u->a, "%d/%.*s", u->pm->paid_attempt, STR_ARG(r->id)),
		    "row", STR("missing"), STR("one"));
}

void
audit_cart(struct audit *u)
{
	for (size_t i = 0; i < u->x->carts_len; i++) {
		const struct audit_cart *c = &u->x->carts[i];

		check_items(u, c);
		if (c->refund.len == 0)
			check_order(u, c);
		else
			check_back(u, c);
	}
	for (size_t i = 0; i < u->x->refunds_len; i++)
		need_back(u, &u->x->refunds[i].r);
}
