#include "kvitok/bank/sber_refund.h"

#include "kvitok/bank/sber.h"
#include "kvitok/bank/sber_cart.h"

enum { ORDER_REVERSED = 3 };

enum err
sber_refund_read(struct arena *a, const struct http_answer *answer,
    struct bank_refund_answer *out, struct fault *f)
{
	const struct json *j, *said;
	int64_t code;

	/* Refused before any work: wrong address, too many requests. */
	if (answer->status >= 400 && answer->status < 500)
		return fault_set(f, ERR_AGAIN, "bank_unavailable", "HTTP %d",
		    answer->status);
	if (answer->status != 200)
		return fault_set(
		    f, ERR_UNSURE, "bank_unsure", "HTTP %d", answer->status);
	if (json_parse(a, answer->body, JSON_REALS, &j, f) != ERR_OK)
		return fault_set(
		    f, ERR_UNSURE, "bank_unsure", "the answer is not JSON");
	/* errorCode 0 is the only proof there is: absent, it is none. */
	said = json_get(j, "errorCode");
	code = sber_error_code(j);
	if (json_kind(said) == JSON_NULL || code < 0)
		return fault_set(
		    f, ERR_UNSURE, "bank_unsure", "errorCode is no number");
	*out = (struct bank_refund_answer){ .refused = code != 0,
		.code = arena_fmt(a, "%lld", (long long)code) };
	return ERR_OK;
}

static enum err
call(const struct contract *c, struct arena *a, const char *method,
    const struct sber_param *params, size_t len, struct bank_refund_answer *out,
    struct fault *f)
{
	struct http_answer answer = { 0 };
	enum err rc =
	    sber_call(c, a, HEALTH_REFUND, method, params, len, &answer, f);

	if (rc == ERR_OK)
		rc = sber_refund_read(a, &answer, out, f);
	return rc == ERR_OK
	    ? rc
	    : fault_wrap(f, "%.*s %s", STR_ARG(c->name), method);
}

enum err
sber_refund(const struct contract *c, struct arena *a,
    const struct bank_refund *r, struct bank_refund_answer *out,
    struct fault *f)
{
	struct sber_param params[4] = {
		SBER_TEXT("orderId", r->bank_id),
		SBER_INT("amount", r->sum_kop),
		SBER_TEXT("externalRefundId", r->id),
	};
	size_t len = 3;
	bool whole = r->sum_kop == r->paid_kop && r->refunded_before_kop == 0;
	enum err rc = ERR_OK;

	if (r->cart)
		rc = sber_cart_refund(c, a, r, &params[len++], f);
	if (rc != ERR_OK)
		return rc;
	if (whole && r->same_day) {
		/* The whole order, with its whole cart; the old gateway knows
		 * that by itself. */
		const struct sber_param back[] = { params[0], params[3] };
		bool cart = r->cart && c->dialect == CONTRACT_NEW;

		rc = call(c, a, "reverse.do", back, cart ? 2 : 1, out, f);
		if (rc != ERR_OK || !out->refused)
			return rc;
	}
	return call(c, a, "refund.do", params, len, out, f);
}

static enum err
again(struct fault *f, const char *why)
{
	return fault_set(f, ERR_AGAIN, "bank_unavailable",
	    "getOrderStatusExtended.do: %s", why);
}

enum err
sber_refunded_read(struct arena *a, const struct http_answer *answer,
    const struct bank_refund *r, int64_t *kop, struct fault *f)
{
	const struct json *j;
	int64_t state;

	if (answer->status != 200 ||
	    json_parse(a, answer->body, JSON_REALS, &j, f) != ERR_OK)
		return again(f, "no usable answer");
	if (sber_error_code(j) != 0)
		return again(f, "errorCode is not 0");
	if (!str_eq(json_loose_text(a, json_get(j, "orderNumber")), r->bank_no))
		return again(f, "another orderNumber");
	if (!json_loose_int(json_get(j, "orderStatus"), &state))
		return again(f, "no orderStatus");
	if (state == ORDER_REVERSED) {
		*kop = r->paid_kop; /* of an order reversed nothing is left */
		return ERR_OK;
	}
	if (!json_loose_int(
		json_get(json_get(j, "paymentAmountInfo"), "refundedAmount"),
		kop) ||
	    *kop < 0)
		return again(f, "no refundedAmount");
	return ERR_OK;
}

enum err
sber_refunded(const struct contract *c, struct arena *a,
    const struct bank_refund *r, int64_t *kop, struct fault *f)
{
	const struct sber_param params[] = {
		SBER_TEXT("orderId", r->bank_id),
		SBER_TEXT("language", STR("ru")),
	};
	struct http_answer answer = { 0 };
	enum err rc = sber_call(c, a, HEALTH_STATUS,
	    "getOrderStatusExtended.do", params, KV_COUNT(params), &answer, f);

	if (rc == ERR_OK)
		rc = sber_refunded_read(a, &answer, r, kop, f);
	return rc == ERR_OK ? rc : fault_wrap(f, "%.*s", STR_ARG(c->name));
}
