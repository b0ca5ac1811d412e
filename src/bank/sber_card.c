#include "kvitok/bank/sber_card.h"

#include "kvitok/bank/form.h"
#include "kvitok/bank/sber.h"
#include "kvitok/bank/sber_status.h"

#define ID_MAX 64
#define CLIENT_MAX 64
#define WORD_MAX 40

#define CODE_NOTHING 2 /* nothing found, or no longer active */

void
sber_card_read(struct arena *a, const struct json *j, struct bank_card *out)
{
	const struct json *card = json_get(j, "cardAuthInfo");
	const struct json *binding = json_get(j, "bindingInfo");
	struct str mask = json_loose_text(a, json_get(card, "maskedPan"));

	if (mask.len == 0)
		mask = json_loose_text(a, json_get(card, "pan"));
	*out = (struct bank_card){
		.id = form_word(
		    json_loose_text(a, json_get(binding, "bindingId")), ID_MAX),
		.client =
		    form_word(json_loose_text(a, json_get(binding, "clientId")),
			CLIENT_MAX),
		.mask = form_card(a, mask),
		.scheme = form_word(
		    json_loose_text(a, json_get(card, "paymentSystem")),
		    WORD_MAX),
		.expiry = form_word(
		    json_loose_text(a, json_get(card, "expiration")), WORD_MAX),
	};
}

enum err
sber_bind_start(const struct contract *c, struct arena *a,
    const struct bank_order *o, struct bank_start *out, struct fault *f)
{
	return sber_register(c, a, o, c->bind_features, out, f);
}

static enum err
again(struct fault *f, const char *method, const char *why)
{
	return fault_set(
	    f, ERR_AGAIN, "bank_unavailable", "%s: %s", method, why);
}

enum err
sber_bind_read(struct arena *a, const struct http_answer *answer,
    struct bank_bind_status *out, struct fault *f)
{
	struct bank_status s;
	const struct json *j;
	enum err rc = sber_status_read(a, answer, &s, f);

	if (rc != ERR_OK)
		return rc;
	*out = (struct bank_bind_status){ .outcome = BANK_BIND_OPEN,
		.bank_no = s.bank_no,
		.bank_id = s.bank_id,
		.reason = s.reason,
		.code = s.code };
	switch (s.outcome) {
	case BANK_OPEN:
		return ERR_OK;
	case BANK_ABSENT:
		out->outcome = BANK_BIND_ABSENT;
		return ERR_OK;
	case BANK_DECLINED:
	case BANK_EXPIRED:
		out->outcome = BANK_BIND_FAILED;
		if (out->reason.len == 0 && s.outcome == BANK_EXPIRED)
			out->reason = STR("pay_time_over");
		return ERR_OK;
	case BANK_PAID: /* checked, and not reversed yet */
	case BANK_GIVEN_BACK:
		break;
	}
	out->outcome = BANK_BIND_DONE;
	/* It was JSON a moment ago. */
	rc = json_parse(a, answer->body, JSON_REALS, &j, f);
	if (rc == ERR_OK)
		sber_card_read(a, j, &out->card);
	return rc;
}

enum err
sber_bind_status(const struct contract *c, struct arena *a,
    const struct bank_query *q, struct bank_bind_status *out, struct fault *f)
{
	struct http_answer answer = { 0 };
	enum err rc = sber_status_call(c, a, q, &answer, f);

	if (rc == ERR_OK)
		rc = sber_bind_read(a, &answer, out, f);
	if (rc != ERR_OK)
		return fault_wrap(f, "%.*s", STR_ARG(c->name));
	if (out->bank_id.len == 0)
		out->bank_id = q->bank_id;
	return ERR_OK;
}

static void
read_binding(struct arena *a, const struct json *j, struct bank_stored *out)
{
	struct str status = json_loose_text(a, json_get(j, "bindingStatus"));

	out->card = (struct bank_card){
		.id = form_word(
		    json_loose_text(a, json_get(j, "bindingId")), ID_MAX),
		.client = form_word(
		    json_loose_text(a, json_get(j, "clientId")), CLIENT_MAX),
		.mask =
		    form_card(a, json_loose_text(a, json_get(j, "maskedPan"))),
		.scheme = form_word(
		    json_loose_text(a, json_get(j, "paymentSystem")), WORD_MAX),
		.expiry = form_word(
		    json_loose_text(a, json_get(j, "expiryDate")), WORD_MAX),
	};
	/* The old gateway lists active ones alone, and says nothing of it. */
	out->active = status.len == 0 || str_eq(status, STR("1"));
}

enum err
sber_cards_read(struct arena *a, const struct http_answer *answer,
    const struct bank_stored **out, size_t *len, struct fault *f)
{
	struct bank_stored *v;
	const struct json *j, *list;
	int64_t code;
	size_t n;

	*len = 0;
	if (answer->status != 200 ||
	    json_parse(a, answer->body, JSON_REALS, &j, f) != ERR_OK)
		return again(f, "getBindings.do", "no usable answer");
	code = sber_error_code(j);
	if (code == CODE_NOTHING)
		return ERR_OK; /* an empty list is an error there */
	if (code != 0)
		return fault_set(f, ERR_AGAIN, "bank_unavailable",
		    "getBindings.do: errorCode %lld", (long long)code);
	list = json_get(j, "bindings");
	if (json_kind(list) != JSON_LIST)
		return again(f, "getBindings.do", "no bindings");
	n = json_count(list);
	if (n > BANK_STORED_MAX)
		return again(f, "getBindings.do", "too many bindings");
	v = ARENA_ARRAY(a, n + 1, struct bank_stored);
	for (size_t i = 0; i < n; i++) {
		read_binding(a, json_at(list, i), &v[i]);
		if (v[i].card.id.len == 0)
			return again(f, "getBindings.do", "no bindingId");
	}
	*out = v;
	*len = n;
	return ERR_OK;
}

enum err
sber_cards(const struct contract *c, struct arena *a, struct str client,
    const struct bank_stored **out, size_t *len, struct fault *f)
{
	/* The dialects name it differently; each ignores what it does not
	 * know, but only its own name is sent. */
	const struct sber_param params[] = {
		SBER_TEXT("clientId", client),
		SBER_TEXT(
		    c->dialect == CONTRACT_OLD ? "showExpired" : "showInactive",
		    STR("true")),
	};
	struct http_answer answer = { 0 };
	enum err rc = sber_call(c, a, HEALTH_STATUS, "getBindings.do", params,
	    KV_COUNT(params), &answer, f);

	if (rc == ERR_OK)
		rc = sber_cards_read(a, &answer, out, len, f);
	return rc == ERR_OK ? rc : fault_wrap(f, "%.*s", STR_ARG(c->name));
}

enum err
sber_unbind_read(
    struct arena *a, const struct http_answer *answer, struct fault *f)
{
	const struct json *j, *said;
	int64_t code;

	if (answer->status != 200 ||
	    json_parse(a, answer->body, JSON_REALS, &j, f) != ERR_OK)
		return again(f, "unBindCard.do", "no usable answer");
	said = json_get(j, "errorCode");
	code = sber_error_code(j);
	/* errorCode 0 is the only proof; 2: not active, or not there: it is
	 * what was wanted, and a repeat after a lost answer meets it. */
	if (json_kind(said) == JSON_NULL || code < 0)
		return again(f, "unBindCard.do", "errorCode is no number");
	if (code == 0 || code == CODE_NOTHING)
		return ERR_OK;
	/* 7 is a fault inside the gateway. */
	if (code == 7)
		return again(f, "unBindCard.do", "errorCode 7");
	return fault_set(f, ERR_CONFLICT, "card_unbind_refused",
	    "unBindCard.do: errorCode %lld", (long long)code);
}

enum err
sber_unbind(
    const struct contract *c, struct arena *a, struct str card, struct fault *f)
{
	const struct sber_param params[] = { SBER_TEXT("bindingId", card) };
	struct http_answer answer = { 0 };
	/* Twice is once: it may be repeated. */
	enum err rc = sber_call(c, a, HEALTH_CANCEL,
	    c->dialect == CONTRACT_OLD ? "unBindCard.do" : "unbindCard.do",
	    params, KV_COUNT(params), &answer, f);

	if (rc == ERR_OK)
		rc = sber_unbind_read(a, &answer, f);
	return rc == ERR_OK ? rc : fault_wrap(f, "%.*s", STR_ARG(c->name));
}
