#include "kvitok/bank/sber_status.h"

#include "kvitok/bank/form.h"
#include "kvitok/bank/sber.h"
#include "kvitok/bank/sber_card.h"
#include "kvitok/bank/sber_reason.h"
#include "kvitok/base/json.h"
#include "kvitok/base/utf8.h"

#define RAW_MAX 4096
#define KEPT_MAX 200 /* characters of one kept text */
#define ID_MAX 64
#define WORD_MAX 40
#define ACTION_UNTRIED (-100)

enum {
	ORDER_REGISTERED = 0,
	ORDER_HELD = 1, /* two-stage contracts only; the hold is not money */
	ORDER_PAID = 2,
	ORDER_REVERSED = 3,
	ORDER_REFUNDED = 4,
	ORDER_ACS = 5,
	ORDER_DECLINED = 6
};

static enum err
again(struct fault *f, const char *why)
{
	return fault_set(f, ERR_AGAIN, "bank_unavailable",
	    "getOrderStatusExtended.do: %s", why);
}

/* Members of an answer that are kept as evidence: nobody's name, address,
 * mail or phone is among them. */
static const char *const kept[] = { "errorCode", "errorMessage", "orderNumber",
	"orderStatus", "actionCode", "actionCodeDescription", "amount",
	"currency", "date", "authDateTime", "depositedDate", "authRefNum",
	"terminalId", "paymentWay" };
static const char *const kept_sums[] = { "paymentState", "approvedAmount",
	"depositedAmount", "refundedAmount", "feeAmount", "totalAmount" };
static const char *const kept_card[] = { "approvalCode", "paymentSystem" };

static void
keep(struct arena *a, const struct json *j, const char *const *names,
    size_t len, struct jw *w)
{
	for (size_t i = 0; i < len; i++) {
		struct str s = json_loose_text(a, json_get(j, names[i]));

		if (s.len > 0)
			jw_ktext(w, names[i], utf8_cut(s, KEPT_MAX));
	}
}

static struct str
raw_of(struct arena *a, const struct json *j, const struct bank_status *st)
{
	struct buf b;
	struct jw w;

	buf_init(&b, a, RAW_MAX);
	jw_init(&w, &b);
	jw_object(&w);
	keep(a, j, kept, KV_COUNT(kept), &w);
	keep(a, json_get(j, "paymentAmountInfo"), kept_sums,
	    KV_COUNT(kept_sums), &w);
	keep(
	    a, json_get(j, "cardAuthInfo"), kept_card, KV_COUNT(kept_card), &w);
	if (st->bank_id.len > 0)
		jw_ktext(&w, "mdOrder", st->bank_id);
	if (st->card_mask.len > 0)
		jw_ktext(&w, "maskedPan", st->card_mask);
	jw_object_end(&w);
	return b.full ? STR("{}") : buf_str(&b);
}

/* attributes is a list of {name, value}. */
static struct str
md_order(struct arena *a, const struct json *attributes)
{
	for (size_t i = 0;
	     json_kind(attributes) == JSON_LIST && i < json_count(attributes);
	     i++) {
		const struct json *one = json_at(attributes, i);
		struct str name = json_loose_text(a, json_get(one, "name"));

		if (str_eq(name, STR("mdOrder")))
			return form_word(
			    json_loose_text(a, json_get(one, "value")), ID_MAX);
	}
	return STR_NONE;
}

static void
read_card(struct arena *a, const struct json *j, struct bank_status *out)
{
	const struct json *card = json_get(j, "cardAuthInfo");
	struct str mask = json_loose_text(a, json_get(card, "maskedPan"));

	if (mask.len == 0)
		mask = json_loose_text(a, json_get(card, "pan"));
	out->card_mask = form_card(a, mask);
	out->auth_code = form_word(
	    json_loose_text(a, json_get(card, "approvalCode")), WORD_MAX);
	out->rrn =
	    form_word(json_loose_text(a, json_get(j, "authRefNum")), WORD_MAX);
}

/* Gives: -1 when the member is not a sum. */
static int64_t
sum_of(const struct json *j, const char *name)
{
	int64_t kop;

	return json_loose_int(json_get(j, name), &kop) && kop >= 0 ? kop : -1;
}

static void
read_order(struct arena *a, const struct json *j, struct bank_status *out)
{
	int64_t n;

	out->bank_no =
	    form_word(json_loose_text(a, json_get(j, "orderNumber")), ID_MAX);
	out->bank_id = md_order(a, json_get(j, "attributes"));
	out->taken_kop = sum_of(j, "amount");
	/* Absent means that of the contract's terminal: not said. */
	out->currency = 0;
	if (json_loose_int(json_get(j, "currency"), &n) && n > 0 && n < 1000)
		out->currency = (int)n;
	read_card(a, j, out);
	sber_card_read(a, j, &out->card);
}

/* A refusal of the last try, if there was one. */
static enum sber_code
read_action(struct arena *a, const struct json *j, struct bank_status *out)
{
	enum sber_code kind;
	int64_t n;

	if (!json_loose_int(json_get(j, "actionCode"), &n))
		return SBER_NOT_REFUSED;
	kind = sber_reason(n, &out->reason);
	if (kind != SBER_NOT_REFUSED)
		out->code = arena_fmt(a, "%lld", (long long)n);
	return kind;
}

/* Ended with no card tried and time left: the order was called off. */
static struct str
without_refusal(const struct json *j)
{
	int64_t n;

	return json_loose_int(json_get(j, "actionCode"), &n) &&
		n == ACTION_UNTRIED
	    ? STR("pay_cancelled_by_payer")
	    : STR("pay_declined");
}

static enum bank_outcome
declined(const struct json *j, enum sber_code why, struct bank_status *out)
{
	switch (why) {
	case SBER_TIME_OVER:
		return BANK_EXPIRED;
	case SBER_UNCLEAR:
		return BANK_OPEN; /* money may have moved: ask on */
	case SBER_NOT_REFUSED:
		out->reason = without_refusal(j);
		break;
	case SBER_REFUSED:
		break;
	}
	return BANK_DECLINED;
}

static enum bank_outcome
outcome_of(struct arena *a, const struct json *j, int64_t order_status,
    struct bank_status *out)
{
	int64_t deposited;

	switch (order_status) {
	case ORDER_PAID:
		deposited =
		    sum_of(json_get(j, "paymentAmountInfo"), "depositedAmount");
		/* Two sums that differ are no sum: a person must look. */
		if (deposited >= 0 && deposited != out->taken_kop)
			out->taken_kop = -1;
		return BANK_PAID;
	case ORDER_REVERSED:
	case ORDER_REFUNDED:
		return BANK_GIVEN_BACK;
	case ORDER_DECLINED:
		return declined(j, read_action(a, j, out), out);
	case ORDER_REGISTERED:
		/* A refused try; the payer may try again. */
		(void)read_action(a, j, out); /* fills reason and code */
		return BANK_OPEN;
	default:
		return BANK_OPEN; /* 1, 5, and what newer gateways add */
	}
}

enum err
sber_status_read(struct arena *a, const struct http_answer *answer,
    struct bank_status *out, struct fault *f)
{
	const struct json *j;
	int64_t code, order_status;

	*out = (struct bank_status){ .taken_kop = -1 };
	if (answer->status != 200)
		return fault_set(f, ERR_AGAIN, "bank_unavailable",
		    "getOrderStatusExtended.do: HTTP %d", answer->status);
	if (json_parse(a, answer->body, JSON_REALS, &j, f) != ERR_OK)
		return again(f, "the answer is not JSON");
	code = sber_error_code(j);
	/* 6: no such order.  The new gateway also says 5, which may as well be
	 * a wrong password, so 5 stays unknown. */
	if (code == 6) {
		out->outcome = BANK_ABSENT;
		out->raw = raw_of(a, j, out);
		return ERR_OK;
	}
	if (code != 0)
		return fault_set(f, ERR_AGAIN, "bank_unavailable",
		    "getOrderStatusExtended.do: errorCode %lld",
		    (long long)code);
	if (!json_loose_int(json_get(j, "orderStatus"), &order_status))
		return again(f, "no orderStatus");
	read_order(a, j, out);
	if (out->bank_no.len == 0 || out->taken_kop < 0)
		return again(f, "no orderNumber or no amount");
	out->outcome = outcome_of(a, j, order_status, out);
	/* The order's sum is not a sum taken. */
	if (out->outcome != BANK_PAID && out->outcome != BANK_GIVEN_BACK)
		out->taken_kop = -1;
	out->raw = raw_of(a, j, out);
	return ERR_OK;
}

enum err
sber_status_call(const struct contract *c, struct arena *a,
    const struct bank_query *q, struct http_answer *out, struct fault *f)
{
	const struct sber_param by_id[] = {
		SBER_TEXT("orderId", q->bank_id),
		SBER_TEXT("language", STR("ru")),
	};
	const struct sber_param by_number[] = {
		SBER_TEXT("orderNumber", q->bank_no),
		SBER_TEXT("language", STR("ru")),
	};

	if (q->bank_id.len == 0 && c->token.len > 0)
		return fault_set(f, ERR_CONFLICT, "payment_state",
		    "%.*s: a token may not ask by orderNumber",
		    STR_ARG(c->name));
	return sber_call(c, a, HEALTH_STATUS, "getOrderStatusExtended.do",
	    q->bank_id.len > 0 ? by_id : by_number, KV_COUNT(by_id), out, f);
}

enum err
sber_status(const struct contract *c, struct arena *a,
    const struct bank_query *q, struct bank_status *out, struct fault *f)
{
	struct http_answer answer = { 0 };
	enum err rc = sber_status_call(c, a, q, &answer, f);

	if (rc != ERR_OK)
		return rc;
	rc = sber_status_read(a, &answer, out, f);
	if (rc != ERR_OK)
		return fault_wrap(f, "%.*s", STR_ARG(c->name));
	if (out->bank_id.len == 0)
		out->bank_id = q->bank_id;
	return ERR_OK;
}
