#include "kvitok/domain/cart.h"

#include "kvitok/domain/money.h"

/* Sums times a rate, before they are divided. */
__extension__ typedef __int128 wide;

static const struct {
	const char *name;
	int rate, base; /* VAT inside is rate of base parts */
	enum cart_vat advance;
} vats[CART_VAT__COUNT] = {
	[CART_VAT_NONE] = { "none", 0, 100, CART_VAT_NONE },
	[CART_VAT_0] = { "0", 0, 100, CART_VAT_0 },
	[CART_VAT_5] = { "5", 5, 105, CART_VAT_5_105 },
	[CART_VAT_7] = { "7", 7, 107, CART_VAT_7_107 },
	[CART_VAT_10] = { "10", 10, 110, CART_VAT_10_110 },
	[CART_VAT_20] = { "20", 20, 120, CART_VAT_20_120 },
	[CART_VAT_22] = { "22", 22, 122, CART_VAT_22_122 },
	[CART_VAT_5_105] = { "5/105", 5, 105, CART_VAT_5_105 },
	[CART_VAT_7_107] = { "7/107", 7, 107, CART_VAT_7_107 },
	[CART_VAT_10_110] = { "10/110", 10, 110, CART_VAT_10_110 },
	[CART_VAT_20_120] = { "20/120", 20, 120, CART_VAT_20_120 },
	[CART_VAT_22_122] = { "22/122", 22, 122, CART_VAT_22_122 },
};

static const char *const agents[CART_AGENT__COUNT] = {
	[CART_AGENT_NONE] = "none",
	[CART_AGENT_BANK] = "bank_paying_agent",
	[CART_AGENT_BANK_SUB] = "bank_paying_subagent",
	[CART_AGENT_PAYING] = "paying_agent",
	[CART_AGENT_PAYING_SUB] = "paying_subagent",
	[CART_AGENT_ATTORNEY] = "attorney",
	[CART_AGENT_COMMISSION] = "commission_agent",
	[CART_AGENT_OTHER] = "another",
};

const char *
cart_vat_name(enum cart_vat vat)
{
	return vats[vat].name;
}

bool
cart_vat_of(struct str name, enum cart_vat *vat)
{
	for (unsigned i = 0; i < CART_VAT__COUNT; i++)
		if (str_eq(name, str_of(vats[i].name))) {
			*vat = (enum cart_vat)i;
			return true;
		}
	return false;
}

const char *
cart_agent_name(enum cart_agent agent)
{
	return agents[agent];
}

bool
cart_agent_of(struct str name, enum cart_agent *agent)
{
	for (unsigned i = 0; i < CART_AGENT__COUNT; i++)
		if (str_eq(name, str_of(agents[i]))) {
			*agent = (enum cart_agent)i;
			return true;
		}
	return false;
}

enum cart_vat
cart_vat_of_advance(enum cart_vat vat)
{
	return vats[vat].advance;
}

int64_t
cart_vat_kop(enum cart_vat vat, int64_t sum_kop)
{
	wide part = (wide)sum_kop * vats[vat].rate * 2 + vats[vat].base;

	return (int64_t)(part / ((wide)vats[vat].base * 2));
}

/* A cart in the making. */
struct draft {
	struct cart_item *items;
	size_t len;
};

static void
draft_begin(struct draft *d, struct arena *a)
{
	d->items = ARENA_ARRAY(a, CART_ITEMS_MAX, struct cart_item);
	d->len = 0;
}

/* Positions are one piece each: what is paid is a sum, not a count. */
static struct cart_item *
draft_add(struct draft *d, int n, int64_t sum_kop)
{
	struct cart_item *to = &d->items[d->len++];

	to->n = n;
	to->price_kop = to->sum_kop = sum_kop;
	to->quantity_milli = CART_QUANTITY_ONE;
	return to;
}

static enum err
draft_end(
    const struct draft *d, int64_t total_kop, struct cart *out, struct fault *f)
{
	*out = (struct cart){ d->items, d->len, total_kop };
	return cart_check(out, total_kop, f);
}

static void
add_line_part(struct arena *a, struct draft *d, const struct cart_bill *b,
    size_t i, int64_t sum_kop, bool advance)
{
	const struct cart_line *l = &b->lines[i];
	struct cart_item *to = draft_add(d, (int)d->len + 1, sum_kop);

	to->line = (int)i + 1;
	to->name = cart_name(a, l->title, l->account, b->name_max);
	to->measure = l->rule.measure;
	to->vat = advance ? cart_vat_of_advance(l->rule.vat) : l->rule.vat;
	to->method = advance ? CART_METHOD_ADVANCE : CART_METHOD_FULL;
	to->subject = advance ? CART_SUBJECT_PAYMENT : l->rule.subject;
	to->agent = l->agent;
	if (l->agent == CART_AGENT_NONE) {
		to->supplier_inn = to->supplier_name = STR("");
		to->supplier_phone = STR("");
		return;
	}
	to->supplier_inn = l->supplier_inn;
	to->supplier_name = cart_text(a, l->supplier_name);
	to->supplier_phone = l->supplier_phone;
}

static void
add_line(struct arena *a, struct draft *d, const struct cart_bill *b, size_t i)
{
	const struct cart_line *l = &b->lines[i];
	int64_t owed = l->debt_kop;

	if (!l->rule.advance || owed < 0 || owed > l->sum_kop)
		owed = l->sum_kop;
	if (owed > 0)
		add_line_part(a, d, b, i, owed, false);
	if (owed < l->sum_kop)
		add_line_part(a, d, b, i, l->sum_kop - owed, true);
}

static void
add_fee(struct draft *d, const struct cart_bill *b)
{
	struct cart_item *to = draft_add(d, (int)d->len + 1, b->fee_kop);

	to->name = STR("Комиссия за приём платежа");
	to->measure = b->fee.measure;
	to->vat = b->fee.vat;
	to->method = CART_METHOD_FULL;
	to->subject = b->fee.subject;
	to->supplier_inn = to->supplier_name = to->supplier_phone = STR("");
}

enum err
cart_of_bill(struct arena *a, const struct cart_bill *b, struct cart *out,
    struct fault *f)
{
	struct money total = { b->fee_kop };
	struct draft d;

	draft_begin(&d, a);
	for (size_t i = 0; i < b->lines_len; i++) {
		enum err rc = money_add(
		    total, (struct money){ b->lines[i].sum_kop }, &total, f);

		if (rc != ERR_OK)
			return rc;
		add_line(a, &d, b, i);
	}
	if (b->fee_kop > 0)
		add_fee(&d, b);
	return draft_end(&d, total.kop, out, f);
}

/* Take up to *kop of a position that is left; *kop becomes what is wanted
 * still. */
static void
take(struct draft *d, const struct cart_item *from, int64_t gone, int64_t *kop)
{
	int64_t left = from->sum_kop - gone;
	int64_t part = *kop < left ? *kop : left;
	struct cart_item *to;

	if (part <= 0)
		return;
	to = &d->items[d->len++];
	*to = *from;
	to->price_kop = to->sum_kop = part;
	to->quantity_milli = CART_QUANTITY_ONE;
	*kop -= part;
}

/* What goes back of one line: its advance first. */
static int64_t
take_line(struct draft *d, const struct cart *sold, const int64_t *gone,
    int line, int64_t kop)
{
	for (size_t i = sold->len; i > 0; i--)
		if (sold->items[i - 1].line == line)
			take(d, &sold->items[i - 1], gone[i - 1], &kop);
	return kop;
}

static void
sort(struct draft *d)
{
	for (size_t i = 1; i < d->len; i++)
		for (size_t k = i; k > 0 && d->items[k - 1].n > d->items[k].n;
		     k--) {
			struct cart_item x = d->items[k];

			d->items[k] = d->items[k - 1];
			d->items[k - 1] = x;
		}
}

enum err
cart_of_refund(struct arena *a, const struct cart *sold, const int64_t *gone,
    const struct refund *r, struct cart *out, struct fault *f)
{
	struct draft d;
	int64_t over = 0;

	draft_begin(&d, a);
	for (size_t i = 0; i < r->lines_len; i++)
		over += take_line(
		    &d, sold, gone, r->lines[i].n, r->lines[i].sum_kop);
	over += take_line(&d, sold, gone, 0, r->fee_kop);
	if (over != 0)
		return fault_set(f, ERR_BUG, "cart_unbalanced",
		    "%lld more than is left", (long long)over);
	sort(&d);
	return draft_end(&d, refund_total(r), out, f);
}

static bool
item_fit(const struct cart_item *x)
{
	return x->n >= 1 && x->name.len > 0 && x->sum_kop > 0 &&
	    x->quantity_milli > 0 && x->measure >= 0 && x->measure <= 255 &&
	    (wide)x->price_kop * x->quantity_milli ==
	    (wide)x->sum_kop * CART_QUANTITY_ONE;
}

enum err
cart_check(const struct cart *c, int64_t total_kop, struct fault *f)
{
	wide sum = 0;

	for (size_t i = 0; i < c->len; i++) {
		if (!item_fit(&c->items[i]) ||
		    (i > 0 && c->items[i].n <= c->items[i - 1].n))
			return fault_set(f, ERR_BUG, "cart_unbalanced",
			    "position %d", c->items[i].n);
		sum += c->items[i].sum_kop;
	}
	if (c->len == 0 || sum != total_kop || c->total_kop != total_kop)
		return fault_set(f, ERR_BUG, "cart_unbalanced",
		    "%zu positions, order of %lld", c->len,
		    (long long)total_kop);
	return ERR_OK;
}
