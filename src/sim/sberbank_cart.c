#include "kvitok/sim/sberbank_cart.h"

#include "kvitok/base/utf8.h"

#define AMOUNT_MAX 999999999999
#define NAME_MAX_LEN 100
#define QUANTITY_MAX 99999
#define INN_LEN 12

/* One cart under judgement. */
struct judging {
	struct sberbank_call *s;
	const struct json *top;   /* the whole */
	const struct json *items; /* the list */
	bool back;
	const char *why; /* it is refused */
};

static bool
refuse(struct judging *j, const char *why)
{
	if (!j->why)
		j->why = why;
	return false;
}

static struct str
text_of(struct judging *j, const struct json *x, const char *name)
{
	return json_loose_text(j->s->r->a, json_get(x, name));
}

/* Members that are not described are a mistake of the shop. */
static bool
only(struct judging *j, const struct json *x, const char *const *known)
{
	if (json_kind(x) != JSON_OBJECT)
		return refuse(j, "an object is missing");
	for (size_t i = 0; i < json_count(x); i++) {
		size_t k = 0;

		while (known[k] && !str_eq(json_name(x, i), str_of(known[k])))
			k++;
		if (!known[k])
			return refuse(j, known[0]);
	}
	return true;
}

static bool
one_of(struct str s, const char *const *words)
{
	for (; *words; words++)
		if (str_eq(s, str_of(*words)))
			return true;
	return false;
}

/* Printable ASCII, Russian letters, the number sign. */
static bool
printed(struct str s)
{
	while (s.len > 0) {
		uint32_t ch = utf8_next(&s);

		if (!((ch >= ' ' && ch <= '~') ||
			(ch >= 0x410 && ch <= 0x44F) || ch == 0x401 ||
			ch == 0x451 || ch == 0x2116) ||
		    ch == '<' || ch == '>')
			return false;
	}
	return true;
}

static bool
good_name(struct judging *j, struct str name, size_t max)
{
	size_t len = utf8_len(name);

	return (len > 0 && len <= max && printed(name)) ||
	    refuse(j, "a name is empty, too long or has odd characters");
}

static bool
good_tax(struct judging *j, const struct json *item)
{
	static const char *const members[] = { "taxType", "taxSum", NULL };
	const struct json *tax = json_get(item, "tax");
	int64_t type, sum = 0, amount;

	if (!only(j, tax, members) ||
	    !json_int(json_get(tax, "taxType"), &type) ||
	    !json_loose_int(json_get(item, "itemAmount"), &amount))
		return refuse(j, "tax");
	if (type < 0 || type > 15 || type == 3 || type == 5)
		return refuse(j, "taxType is not in force");
	if (json_get(tax, "taxSum") &&
	    (!json_int(json_get(tax, "taxSum"), &sum) || sum < 0 ||
		sum > amount))
		return refuse(j, "taxSum");
	return true;
}

static bool
good_sums(struct judging *j, const struct json *item)
{
	const struct json *quantity = json_get(item, "quantity");
	static const char *const members[] = { "value", "measure", NULL };
	int64_t pieces, price, amount, currency;

	if (!only(j, quantity, members) ||
	    !json_int(json_get(quantity, "value"), &pieces) || pieces < 1 ||
	    pieces > QUANTITY_MAX || text_of(j, quantity, "measure").len == 0)
		return refuse(j, "quantity");
	if (!json_int(json_get(item, "itemPrice"), &price) ||
	    !json_int(json_get(item, "itemAmount"), &amount) || price < 1 ||
	    price > AMOUNT_MAX || amount != price * pieces)
		return refuse(j, "itemAmount is not price times quantity");
	if (json_get(item, "itemCurrency") &&
	    (!json_loose_int(json_get(item, "itemCurrency"), &currency) ||
		currency != 643))
		return refuse(j, "itemCurrency");
	return good_tax(j, item);
}

/* --- the old dialect -------------------------------------------------- */

static struct str
attribute(struct judging *j, const struct json *list, const char *name)
{
	for (size_t i = 0; i < json_count(list); i++)
		if (str_eq(text_of(j, json_at(list, i), "name"), str_of(name)))
			return text_of(j, json_at(list, i), "value");
	return STR_NONE;
}

static bool
good_attributes(struct judging *j, const struct json *item)
{
	static const char *const methods[] = { "1", "2", "3", "4", "5", "6",
		"7", NULL };
	static const char *const objects[] = { "1", "2", "3", "4", "5", "6",
		"7", "8", "9", "10", "11", "12", "13", NULL };
	static const char *const agents[] = { "1", "2", "3", "4", "5", "6", "7",
		NULL };
	const struct json *list =
	    json_get(json_get(item, "itemAttributes"), "attributes");
	struct str agent = attribute(j, list, "agent_info.type");

	if (!one_of(attribute(j, list, "paymentMethod"), methods))
		return refuse(j, "paymentMethod");
	if (!one_of(attribute(j, list, "paymentObject"), objects))
		return refuse(j, "paymentObject");
	if (agent.len == 0)
		return true;
	if (!one_of(agent, agents) ||
	    attribute(j, list, "supplier_info.phones").len == 0 ||
	    attribute(j, list, "supplier_info.inn").len != INN_LEN)
		return refuse(j, "an agent without his supplier");
	return good_name(j, attribute(j, list, "supplier_info.name"), 64);
}

static bool
good_old_top(struct judging *j)
{
	static const char *const members[] = { "orderCreationDate",
		"customerDetails", "cartItems", "installments", NULL };
	const struct json *who = json_get(j->top, "customerDetails");
	struct str system = pairs_get(&j->s->in, "taxSystem");
	static const char *const systems[] = { "0", "1", "2", "3", "4", "5",
		NULL };

	if (!only(j, j->top, members))
		return false;
	if (text_of(j, who, "email").len == 0 &&
	    text_of(j, who, "phone").len == 0)
		return refuse(j, "customerDetails: email or phone");
	return system.len == 0 || one_of(system, systems) ||
	    refuse(j, "taxSystem");
}

/* --- the new dialect -------------------------------------------------- */

static bool
good_supplier(struct judging *j, const struct json *item)
{
	static const char *const types[] = { "bank_paying_agent",
		"bank_paying_subagent", "paying_agent", "paying_subagent",
		"attorney", "commission_agent", "another", NULL };
	const struct json *agent = json_get(item, "agentInfo");
	const struct json *who = json_get(item, "supplierInfo");

	if (!agent)
		return who ? refuse(j, "supplierInfo") : true;
	if (!one_of(text_of(j, agent, "type"), types) ||
	    json_count(json_get(who, "phones")) < 1 ||
	    json_count(json_get(who, "phones")) > 5 ||
	    text_of(j, who, "inn").len != INN_LEN)
		return refuse(j, "an agent without his supplier");
	return good_name(j, text_of(j, who, "name"), 64);
}

static bool
good_words(struct judging *j, const struct json *item)
{
	static const char *const methods[] = { "full_prepayment", "prepayment",
		"advance", "full_payment", "partial_payment", "credit",
		"credit_payment", NULL };
	static const char *const objects[] = { "commodity", "excise", "service",
		"job", "payment", "award", "agent_commission", "another",
		NULL };
	static const char *const numbers[] = { "1", "2", "3", "4", "10", "11",
		"12", "13", NULL };
	bool is_1_2 = str_eq(text_of(j, j->top, "ffdVersion"), STR("1.2"));

	if (!one_of(text_of(j, item, "paymentMethod"), methods))
		return refuse(j, "paymentMethod");
	if (!one_of(
		text_of(j, item, "paymentObject"), is_1_2 ? numbers : objects))
		return refuse(j, "paymentObject");
	return good_supplier(j, item);
}

static bool
good_company(struct judging *j)
{
	static const char *const systems[] = { "osn", "usn_income",
		"usn_income_outcome", "esn", "patent", NULL };
	const struct json *company = json_get(j->top, "company");
	struct str inn = text_of(j, company, "inn");

	if (text_of(j, company, "email").len == 0 ||
	    text_of(j, company, "paymentAddress").len == 0 ||
	    (inn.len != 10 && inn.len != 12) ||
	    !one_of(text_of(j, company, "sno"), systems))
		return refuse(j, "company");
	return true;
}

static bool
good_new_top(struct judging *j, int64_t amount)
{
	static const char *const members[] = { "ffdVersion", "receiptType",
		"company", "payments", "total", "cartItems", NULL };
	static const char *const formats[] = { "1.05", "1.2", NULL };
	const struct json *paid = json_at(json_get(j->top, "payments"), 0);
	int64_t total, sum, type;

	if (!only(j, j->top, members) || !good_company(j))
		return false;
	if (!one_of(text_of(j, j->top, "ffdVersion"), formats))
		return refuse(j, "ffdVersion");
	if (!str_eq(text_of(j, j->top, "receiptType"),
		j->back ? STR("sell_refund") : STR("sell")))
		return refuse(j, "receiptType");
	if (!json_int(json_get(j->top, "total"), &total) ||
	    !json_int(json_get(paid, "sum"), &sum) ||
	    !json_int(json_get(paid, "type"), &type) || type != 1 ||
	    total != amount || sum != amount)
		return refuse(j, "total or payments");
	return j->back || pairs_get(&j->s->in, "email").len > 0 ||
	    pairs_get(&j->s->in, "phone").len > 0 ||
	    refuse(j, "email or phone");
}

/* --- both ------------------------------------------------------------- */

/* Ids and codes are those of no other position. */
static bool
unlike_others(struct judging *j, size_t at, const char *name)
{
	struct str own = text_of(j, json_at(j->items, at), name);

	if (own.len == 0 || own.len > 100)
		return refuse(j, name);
	for (size_t i = 0; i < at; i++)
		if (str_eq(text_of(j, json_at(j->items, i), name), own))
			return refuse(j, name);
	return true;
}

static bool
good_item(struct judging *j, size_t at)
{
	static const char *const old_members[] = { "positionId", "name",
		"quantity", "itemPrice", "itemAmount", "itemCurrency",
		"itemCode", "tax", "itemAttributes", "itemDetails", "discount",
		"agentInterest", NULL };
	static const char *const new_members[] = { "positionId", "name",
		"quantity", "measurementUnit", "itemPrice", "itemAmount",
		"itemCurrency", "itemCode", "paymentMethod", "paymentObject",
		"tax", "agentInfo", "supplierInfo", "userData", NULL };
	const struct json *item = json_at(j->items, at);

	return only(j, item, j->s->old ? old_members : new_members) &&
	    unlike_others(j, at, "positionId") &&
	    unlike_others(j, at, "itemCode") &&
	    good_name(j, text_of(j, item, "name"), NAME_MAX_LEN) &&
	    good_sums(j, item) &&
	    (j->s->old ? good_attributes(j, item) : good_words(j, item));
}

static int64_t
sum_of(const struct json *items)
{
	int64_t sum = 0, part;

	for (size_t i = 0; i < json_count(items); i++) {
		if (!json_loose_int(
			json_get(json_at(items, i), "itemAmount"), &part) ||
		    part < 0 || part > AMOUNT_MAX)
			return -1;
		sum += part;
	}
	return sum;
}

/* Of old refunds the list is the whole. */
static bool
parse(struct judging *j, struct str text)
{
	struct fault f;

	fault_init(&f);
	if (json_parse(j->s->r->a, text, JSON_REALS, &j->top, &f) != ERR_OK)
		return refuse(j, "not JSON");
	j->items = j->back && j->s->old
	    ? json_get(j->top, "items")
	    : json_get(json_get(j->top, "cartItems"), "items");
	return json_count(j->items) > 0 || refuse(j, "no positions");
}

static bool
strictly_good(struct judging *j, int64_t amount)
{
	if (!(j->back && j->s->old) &&
	    !(j->s->old ? good_old_top(j) : good_new_top(j, amount)))
		return false;
	for (size_t i = 0; i < json_count(j->items); i++)
		if (!good_item(j, i))
			return false;
	return true;
}

static bool
say(struct judging *j)
{
	if (!j->why)
		return true;
	sberbank_error(j->s, 8,
	    arena_fmt(j->s->r->a, "Неверная корзина заказа: %s", j->why).p,
	    arena_fmt(j->s->r->a, "Wrong cart: %s", j->why).p);
	return false;
}

/* A card that is only looked at buys nothing. */
static bool
takes_no_money(struct sberbank_call *s)
{
	struct str features = pairs_get(&s->in, "features");

	return str_find(features, STR("VERIFY")) < features.len;
}

bool
sberbank_cart_good(struct sberbank_call *s, int64_t amount)
{
	struct judging j = { .s = s };
	struct str text = pairs_get(&s->in, "orderBundle");

	if (text.len == 0)
		(void)(s->c->cart_strict && !takes_no_money(s) &&
		    refuse(&j, "orderBundle"));
	else if (parse(&j, text) && sum_of(j.items) != amount)
		(void)refuse(&j, "the sum differs from the amount");
	else if (!j.why && s->c->cart_strict)
		(void)strictly_good(&j, amount); /* says why by itself */
	return say(&j);
}

void
sberbank_cart_keep(struct sberbank_call *s)
{
	struct judging j = { .s = s };
	struct order *o = s->o;
	struct str text = pairs_get(&s->in, "orderBundle");

	if (text.len == 0 || !parse(&j, text))
		return;
	o->cart = arena_str(o->a, text);
	o->positions_len = json_count(j.items);
	o->positions =
	    ARENA_ARRAY(o->a, o->positions_len, struct order_position);
	for (size_t i = 0; i < o->positions_len; i++) {
		const struct json *item = json_at(j.items, i);
		struct order_position *to = &o->positions[i];

		to->id = arena_str(o->a, text_of(&j, item, "positionId"));
		to->tax = -1; /* of a cart that was not looked at */
		if (!json_loose_int(json_get(item, "itemAmount"), &to->kop) ||
		    !json_loose_int(
			json_get(json_get(item, "tax"), "taxType"), &to->tax))
			continue;
	}
}

static struct order_position *
position_of(struct order *o, struct str id)
{
	for (size_t i = 0; i < o->positions_len; i++)
		if (str_eq(o->positions[i].id, id))
			return &o->positions[i];
	return NULL;
}

/* Each position is one of the order's, with its rate, and no more than is
 * left of it. */
static bool
of_the_order(struct judging *j)
{
	for (size_t i = 0; i < json_count(j->items); i++) {
		const struct json *item = json_at(j->items, i);
		const struct order_position *p =
		    position_of(j->s->o, text_of(j, item, "positionId"));
		int64_t kop = 0, tax = -1;

		if (!p)
			return refuse(j, "positionId is not of the order");
		if (!json_loose_int(json_get(item, "itemAmount"), &kop) ||
		    kop > p->kop - p->gone_kop)
			return refuse(j, "more than is left of a position");
		if (!json_loose_int(
			json_get(json_get(item, "tax"), "taxType"), &tax) ||
		    tax != p->tax)
			return refuse(j, "the rate differs from the order's");
	}
	return true;
}

static struct str
back_text(struct sberbank_call *s)
{
	return pairs_get(&s->in, s->old ? "refundItems" : "orderBundle");
}

bool
sberbank_cart_back(struct sberbank_call *s, int64_t amount)
{
	struct judging j = { .s = s, .back = true };
	struct str text = back_text(s);

	if (!s->c->cart_strict || s->o->positions_len == 0)
		return true;
	if (amount == 0)
		amount = s->o->deposited_kop;
	if (text.len == 0)
		(void)refuse(&j, s->old ? "refundItems" : "orderBundle");
	else if (parse(&j, text) && sum_of(j.items) != amount)
		(void)refuse(&j, "the sum differs from the amount");
	else if (!j.why && strictly_good(&j, amount))
		(void)of_the_order(&j); /* says why by itself */
	return say(&j);
}

void
sberbank_cart_keep_back(struct sberbank_call *s)
{
	struct judging j = { .s = s, .back = true };
	struct order *o = s->o;
	struct str text = back_text(s);

	if (text.len == 0 || o->carts_back_len == ORDER_REFUNDS_MAX ||
	    !parse(&j, text))
		return;
	o->carts_back[o->carts_back_len++] = arena_str(o->a, text);
	for (size_t i = 0; i < json_count(j.items); i++) {
		const struct json *item = json_at(j.items, i);
		struct order_position *p =
		    position_of(o, text_of(&j, item, "positionId"));
		int64_t kop = 0;

		if (p && json_loose_int(json_get(item, "itemAmount"), &kop))
			p->gone_kop += kop;
	}
}
