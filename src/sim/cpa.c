#include "kvitok/sim/cpa.h"

#include "kvitok/base/num.h"
#include "kvitok/base/utf8.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#define OPTIONS                                                                \
	(XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |           \
	    XML_PARSE_NOCDATA)
#define AMOUNT_MAX INT64_C(999999999999999999)

static bool
named(const xmlNode *n, const char *name)
{
	return n->type == XML_ELEMENT_NODE &&
	    str_eq(str_of((const char *)n->name), str_of(name));
}

static const xmlNode *
child(const xmlNode *n, const char *name)
{
	for (n = n ? n->children : NULL; n; n = n->next)
		if (named(n, name))
			return n;
	return NULL;
}

static struct str
text(struct arena *a, const xmlNode *n)
{
	struct str s;
	xmlChar *content;

	if (!n)
		return STR_NONE;
	content = xmlNodeGetContent(n);
	s = arena_str(a, str_trim(str_of((const char *)content)));
	xmlFree(content);
	return s;
}

static const char *
read_result(struct arena *a, const xmlNode *root, int *code, struct str *desc)
{
	const xmlNode *result = child(root, "result");
	int64_t n;

	if (!num_parse(text(a, child(result, "code")), 1, 2, &n))
		return "result/code must be 1 or 2";
	*code = (int)n;
	*desc = text(a, child(result, "desc"));
	return utf8_len(*desc) > 125 ? "result/desc is longer than 125" : NULL;
}

static const char *
read_sum(struct arena *a, const xmlNode *purchase, struct cpa *out)
{
	const xmlNode *sum = child(purchase, "account-amount");

	if (!sum)
		return "purchase/account-amount is missing";
	out->account = text(a, child(sum, "id"));
	if (!num_parse(
		text(a, child(sum, "amount")), 1, AMOUNT_MAX, &out->amount_kop))
		return "account-amount/amount must be a positive integer";
	if (!str_eq(text(a, child(sum, "currency")), STR("643")))
		return "account-amount/currency must be 643";
	if (!str_eq(text(a, child(sum, "exponent")), STR("2")))
		return "account-amount/exponent must be 2";
	return NULL;
}

static const char *
read_purchase(struct arena *a, const xmlNode *root, struct cpa *out)
{
	const xmlNode *purchase = child(root, "purchase");

	if (!purchase)
		return "purchase is missing";
	out->short_desc = text(a, child(purchase, "shortDesc"));
	out->long_desc = text(a, child(purchase, "longDesc"));
	if (utf8_len(out->short_desc) > 30)
		return "shortDesc is longer than 30";
	if (utf8_len(out->long_desc) > 125)
		return "longDesc is longer than 125";
	if (out->short_desc.len == 0)
		out->short_desc = utf8_cut(out->long_desc, 30);
	return read_sum(a, purchase, out);
}

static void
read_card(struct arena *a, const xmlNode *root, struct cpa *out)
{
	const xmlNode *card = child(root, "card");
	struct str primary = text(a, child(root, "primaryTrxPcid"));

	if (primary.len == 0)
		primary =
		    text(a, child(child(root, "purchase"), "primaryTrxPcid"));
	out->card_id = text(a, child(card, "id"));
	if (out->card_id.len == 0)
		out->card_id = text(a, child(card, "ref"));
	out->card_trx = text(a, child(card, "trx-id"));
	out->absent = str_eq(text(a, child(card, "present")), STR("N"));
	if (primary.len == 0)
		return;
	out->card_trx = primary;
	out->absent = true;
}

static void
read_params(struct arena *a, const xmlNode *root, struct pairs *out)
{
	const xmlNode *list = child(root, "order-params");

	for (const xmlNode *n = list ? list->children : NULL; n; n = n->next)
		if (named(n, "param"))
			pairs_add(out, text(a, child(n, "name")),
			    text(a, child(n, "value")));
}

static const char *
read_all(struct arena *a, const xmlNode *root, struct cpa *out)
{
	const char *trouble;

	if (!root || !named(root, "payment-avail-response"))
		return "the root is not payment-avail-response";
	if ((trouble = read_result(a, root, &out->code, &out->desc)))
		return trouble;
	out->merchant_trx = text(a, child(root, "merchant-trx"));
	if (utf8_len(out->merchant_trx) > 50)
		return "merchant-trx is longer than 50";
	if (out->code != 1)
		return NULL;
	out->type = text(a, child(root, "transaction-type"));
	out->add_card =
	    str_eq(text(a, child(root, "addCardAllowed")), STR("Y")) ||
	    str_eq(text(a, child(child(root, "purchase"), "addCardAllowed")),
		STR("Y"));
	read_card(a, root, out);
	read_params(a, root, &out->params);
	return read_purchase(a, root, out);
}

static xmlDoc *
parse(struct str xml)
{
	return xml.len == 0
	    ? NULL
	    : xmlReadMemory(xml.p, (int)xml.len, NULL, NULL, OPTIONS);
}

const char *
cpa_read(struct arena *a, struct str xml, struct cpa *out)
{
	xmlDoc *doc = parse(xml);
	const char *trouble = "the answer is no well-formed XML";

	*out = (struct cpa){ 0 };
	pairs_init(&out->params, a);
	if (doc)
		trouble = read_all(a, xmlDocGetRootElement(doc), out);
	xmlFreeDoc(doc);
	return trouble;
}

int
cpa_read_code(struct arena *a, struct str xml)
{
	xmlDoc *doc = parse(xml);
	const xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
	struct str desc;
	int code = 0;

	if (root && named(root, "register-payment-response") &&
	    read_result(a, root, &code, &desc))
		code = 0;
	xmlFreeDoc(doc);
	return code;
}
