#include "kvitok/bank/gpb.h"

#include "kvitok/base/utf8.h"

#define URL_MAX 4096
/* Lengths of the bank's manual, in characters. */
#define DESC_MAX 125
#define MERCHANT_TRX_MAX 50
#define SHORT_DESC_MAX 30
#define LONG_DESC_MAX 125

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

static void
param(struct buf *b, const char *name, struct str value)
{
	buf_fmt(b, "&%s=", name);
	buf_url(b, value);
}

enum err
gpb_start(const struct contract *c, struct arena *a, const struct bank_order *o,
    struct bank_start *out, struct fault *f)
{
	return gpb_link(c, a, c->start_url, o, out, f);
}

/* No card is named in the link: it goes through the payer's browser.  The
 * bank is told of it in the answer to its check. */
enum err
gpb_link(const struct contract *c, struct arena *a, struct str page,
    const struct bank_order *o, struct bank_start *out, struct fault *f)
{
	bool has_query = str_find(page, STR("?")) < page.len;
	struct buf b;

	buf_init(&b, a, URL_MAX);
	buf_text(&b, page);
	buf_char(&b, has_query ? '&' : '?');
	if (c->dialect == CONTRACT_PPS)
		buf_lit(&b, "lang=RU");
	else
		buf_lit(&b, "lang_code=RU");
	param(&b, "merch_id", c->merch_id);
	param(&b, "back_url_s", o->return_url);
	param(&b, "back_url_f", o->return_url);
	param(&b, "o.order_id", o->bank_no);
	if (c->page_id.len > 0)
		param(&b, "page_id", c->page_id);
	if (b.full)
		return fault_set(f, ERR_BUG, "internal", "start link too long");
	*out = (struct bank_start){ .form_url = buf_str(&b) };
	return ERR_OK;
}

static void
element(struct buf *b, const char *name, struct str value, size_t max)
{
	buf_fmt(b, "<%s>", name);
	buf_xml(b, utf8_cut(value, max));
	buf_fmt(b, "</%s>", name);
}

static void
result(struct buf *b, bool good, struct str desc)
{
	buf_fmt(b, "<result><code>%d</code>", good ? 1 : 2);
	element(b, "desc", desc, DESC_MAX);
	buf_lit(b, "</result>");
}

static void
purchase(struct buf *b, const struct contract *c,
    const struct bank_check_answer *answer)
{
	buf_lit(b, "<purchase>");
	element(b, "shortDesc", answer->short_text, SHORT_DESC_MAX);
	element(b, "longDesc", answer->long_text, LONG_DESC_MAX);
	buf_lit(b, "<account-amount>");
	element(b, "id", c->account_id, c->account_id.len);
	buf_fmt(b, "<amount>%lld</amount>", (long long)answer->total_kop);
	buf_fmt(
	    b, "<currency>%d</currency><exponent>2</exponent>", GATEWAY_RUB);
	buf_lit(b, "</account-amount></purchase>");
}

/* The older gateway names a card by ref. */
static void
cards(struct buf *b, const struct contract *c,
    const struct bank_check_answer *answer)
{
	if (answer->card.len > 0) {
		buf_lit(b, "<card>");
		element(b, c->dialect == CONTRACT_PPS ? "ref" : "id",
		    answer->card, answer->card.len);
		buf_lit(b, "<present>Y</present></card>");
	}
	if (answer->may_remember)
		buf_lit(b, "<addCardAllowed>Y</addCardAllowed>");
	if (answer->remembers_only)
		buf_lit(b, "<transaction-type>CardRegister</transaction-type>");
}

enum err
gpb_check_answer(const struct contract *c,
    const struct bank_check_answer *answer, struct buf *out, struct fault *f)
{
	buf_lit(out, XML_HEAD "<payment-avail-response>");
	/* The manual asks for our number here, for disputes. */
	result(out, answer->may,
	    answer->may ? answer->merchant_trx : answer->refusal);
	if (answer->may) {
		element(out, "merchant-trx", answer->merchant_trx,
		    MERCHANT_TRX_MAX);
		purchase(out, c, answer);
		cards(out, c, answer);
	}
	buf_lit(out, "</payment-avail-response>\n");
	if (out->full)
		return fault_set(
		    f, ERR_BUG, "internal", "no room for the answer");
	return ERR_OK;
}

void
gpb_registered_answer(bool recorded, struct buf *out)
{
	/* Code 1 also for a failed payment: it says that it is recorded. */
	buf_lit(out, XML_HEAD "<register-payment-response>");
	result(out, recorded, recorded ? STR("OK") : STR("Not recorded"));
	buf_lit(out, "</register-payment-response>\n");
}
