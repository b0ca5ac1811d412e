#include "kvitok/bank/sber_cart.h"

#include "kvitok/base/day.h"

#define CART_MAX ((size_t)256 << 10)
#define INN_LEN 12 /* shorter ones are filled up with spaces */
#define SUPPLIER_NAME_MAX 64

/* One cart on its way into JSON. */
struct writing {
	const struct contract *c;
	struct arena *a;
	struct jw w;
};

/* Kopecks and pieces are whole; a quantity may have three decimals. */
static struct str
decimal(struct arena *a, int64_t milli)
{
	return milli % 1000 == 0
	    ? arena_fmt(a, "%lld", (long long)(milli / 1000))
	    : arena_fmt(a, "%lld.%03lld", (long long)(milli / 1000),
		  (long long)(milli % 1000));
}

static const char *
method_word(enum cart_method m)
{
	return m == CART_METHOD_ADVANCE ? "advance" : "full_payment";
}

/* Of format 1.05; in 1.2 it is the number as text. */
static struct str
subject_word(struct writing *x, enum cart_subject s)
{
	if (x->c->ffd_1_2)
		return arena_fmt(x->a, "%d", (int)s);
	switch (s) {
	case CART_SUBJECT_SERVICE:
		return STR("service");
	case CART_SUBJECT_PAYMENT:
		return STR("payment");
	case CART_SUBJECT_AGENT_FEE:
		return STR("agent_commission");
	case CART_SUBJECT_PENALTY:
		return STR("award");
	case CART_SUBJECT_OTHER:
		break;
	}
	return STR("another");
}

static struct str
inn_of(struct arena *a, struct str inn)
{
	return arena_fmt(a, "%-*.*s", INN_LEN, STR_ARG(inn));
}

/* One that is cut shows it. */
static struct str
supplier_name(struct writing *x, struct str name)
{
	return cart_name(x->a, name, STR(""), SUPPLIER_NAME_MAX);
}

/* Both dialects begin a position alike. */
static void
put_head(struct writing *x, const struct cart_item *i, bool is_new)
{
	struct jw *w = &x->w;
	struct str n = arena_fmt(x->a, "%d", i->n);

	jw_object(w);
	if (is_new)
		jw_ktext(w, "positionId", n);
	else
		jw_kint(w, "positionId", i->n);
	jw_ktext(w, "name", i->name);
	jw_key(w, "quantity");
	jw_object(w);
	jw_key(w, "value");
	jw_raw(w, decimal(x->a, i->quantity_milli));
	jw_ktext(w, "measure",
	    is_new ? arena_fmt(x->a, "%d", i->measure) : STR("шт."));
	jw_object_end(w);
	jw_kint(w, "itemPrice", i->price_kop);
	jw_kint(w, "itemAmount", i->sum_kop);
	jw_kint(w, "itemCurrency", GATEWAY_RUB);
	jw_ktext(w, "itemCode", n);
	jw_key(w, "tax");
	jw_object(w);
	jw_kint(w, "taxType", x->c->tax_codes[i->vat]);
	if (!is_new)
		jw_kint(w, "taxSum", cart_vat_kop(i->vat, i->sum_kop));
	jw_object_end(w);
}

static void
put_attribute(struct writing *x, const char *name, struct str value)
{
	jw_object(&x->w);
	jw_ktext(&x->w, "name", str_of(name));
	jw_ktext(&x->w, "value", value);
	jw_object_end(&x->w);
}

/* Agent data travel as flat names. */
static void
put_old_item(struct writing *x, const struct cart_item *i)
{
	put_head(x, i, false);
	jw_key(&x->w, "itemAttributes");
	jw_object(&x->w);
	jw_key(&x->w, "attributes");
	jw_list(&x->w);
	put_attribute(
	    x, "paymentMethod", arena_fmt(x->a, "%d", (int)i->method));
	put_attribute(
	    x, "paymentObject", arena_fmt(x->a, "%d", (int)i->subject));
	if (i->agent != CART_AGENT_NONE) {
		/* 1 bank paying agent .. 7 other, in the order of tag 1222. */
		put_attribute(
		    x, "agent_info.type", arena_fmt(x->a, "%d", (int)i->agent));
		put_attribute(x, "supplier_info.phones", i->supplier_phone);
		put_attribute(x, "supplier_info.name",
		    supplier_name(x, i->supplier_name));
		put_attribute(
		    x, "supplier_info.inn", inn_of(x->a, i->supplier_inn));
	}
	jw_list_end(&x->w);
	jw_object_end(&x->w);
	jw_object_end(&x->w);
}

static void
put_agent(struct writing *x, const struct cart_item *i)
{
	struct jw *w = &x->w;

	jw_key(w, "agentInfo");
	jw_object(w);
	jw_ktext(w, "type", str_of(cart_agent_name(i->agent)));
	jw_object_end(w);
	jw_key(w, "supplierInfo");
	jw_object(w);
	jw_key(w, "phones");
	jw_list(w);
	jw_text(w, i->supplier_phone);
	jw_list_end(w);
	jw_ktext(w, "name", supplier_name(x, i->supplier_name));
	jw_ktext(w, "inn", inn_of(x->a, i->supplier_inn));
	jw_object_end(w);
}

static void
put_new_item(struct writing *x, const struct cart_item *i)
{
	put_head(x, i, true);
	if (!x->c->ffd_1_2)
		jw_ktext(&x->w, "measurementUnit", STR("шт."));
	jw_ktext(&x->w, "paymentMethod", str_of(method_word(i->method)));
	jw_ktext(&x->w, "paymentObject", subject_word(x, i->subject));
	if (i->agent != CART_AGENT_NONE)
		put_agent(x, i);
	jw_object_end(&x->w);
}

static void
put_items(struct writing *x, const struct cart *c)
{
	jw_key(&x->w, "items");
	jw_list(&x->w);
	for (size_t i = 0; i < c->len; i++) {
		if (x->c->dialect == CONTRACT_OLD)
			put_old_item(x, &c->items[i]);
		else
			put_new_item(x, &c->items[i]);
	}
	jw_list_end(&x->w);
}

/* {"cartItems":{"items":[...]}}, in what is open. */
static void
put_cart(struct writing *x, const struct cart *c)
{
	jw_key(&x->w, "cartItems");
	jw_object(&x->w);
	put_items(x, c);
	jw_object_end(&x->w);
}

/* What a receipt of the new gateway says of its owner. */
static void
put_company(struct writing *x, const struct cart *c, bool back)
{
	struct jw *w = &x->w;

	jw_ktext(w, "ffdVersion", x->c->ffd_1_2 ? STR("1.2") : STR("1.05"));
	jw_ktext(w, "receiptType", back ? STR("sell_refund") : STR("sell"));
	jw_key(w, "company");
	jw_object(w);
	jw_ktext(w, "email", x->c->fiscal_email);
	jw_ktext(w, "sno", x->c->tax_system_word);
	jw_ktext(w, "inn", x->c->fiscal_inn);
	jw_ktext(w, "paymentAddress", x->c->fiscal_place);
	jw_object_end(w);
	jw_key(w, "payments");
	jw_list(w);
	jw_object(w);
	jw_kint(w, "type", 1); /* not cash */
	jw_kint(w, "sum", c->total_kop);
	jw_object_end(w);
	jw_list_end(w);
	jw_kint(w, "total", c->total_kop);
}

/* An address that nobody has given is our own: a receipt needs one (practice
 * of suppliers, doc/banks.md). */
static struct str
contact(const struct contract *c, struct str email)
{
	return email.len > 0 ? email : c->fiscal_email;
}

static void
put_customer(struct writing *x, const struct bank_order *o)
{
	char created[20];

	day_local_iso(contract_now(x->c), DAY_ZONE_MOSCOW, created);
	jw_ktext(&x->w, "orderCreationDate", str_of(created));
	jw_key(&x->w, "customerDetails");
	jw_object(&x->w);
	jw_ktext(&x->w, "email", contact(x->c, o->email));
	jw_object_end(&x->w);
}

static enum err
begin(struct writing *x, struct buf *b, const struct contract *c,
    struct arena *a, const struct cart *cart, int64_t total_kop,
    struct fault *f)
{
	*x = (struct writing){ .c = c, .a = a };
	buf_init(b, a, CART_MAX);
	jw_init(&x->w, b);
	return cart_check(cart, total_kop, f);
}

static enum err
end(const struct buf *b, const char *name, struct sber_param *out,
    struct fault *f)
{
	if (b->full)
		return fault_set(f, ERR_BUG, "internal", "%s too long", name);
	*out = (struct sber_param)SBER_JSON(name, buf_str(b));
	return ERR_OK;
}

enum err
sber_cart_order(const struct contract *c, struct arena *a,
    const struct bank_order *o, struct sber_param *params, size_t *len,
    struct fault *f)
{
	struct writing x;
	struct buf b;
	enum err rc = begin(&x, &b, c, a, o->cart, o->total_kop, f);

	if (rc != ERR_OK)
		return rc;
	jw_object(&x.w);
	if (c->dialect == CONTRACT_OLD) {
		put_customer(&x, o);
		params[(*len)++] =
		    (struct sber_param)SBER_INT("taxSystem", c->tax_system);
	} else {
		put_company(&x, o->cart, false);
		params[(*len)++] =
		    (struct sber_param)SBER_TEXT("email", contact(c, o->email));
	}
	put_cart(&x, o->cart);
	jw_object_end(&x.w);
	return end(&b, "orderBundle", &params[(*len)++], f);
}

enum err
sber_cart_refund(const struct contract *c, struct arena *a,
    const struct bank_refund *r, struct sber_param *out, struct fault *f)
{
	struct writing x;
	struct buf b;
	enum err rc = begin(&x, &b, c, a, r->cart, r->sum_kop, f);

	if (rc != ERR_OK)
		return rc;
	jw_object(&x.w);
	if (c->dialect == CONTRACT_OLD) {
		put_items(&x, r->cart);
	} else {
		put_company(&x, r->cart, true);
		put_cart(&x, r->cart);
	}
	jw_object_end(&x.w);
	return end(&b,
	    c->dialect == CONTRACT_OLD ? "refundItems" : "orderBundle", out, f);
}
