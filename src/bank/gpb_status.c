#include "kvitok/bank/gpb_status.h"

#include "kvitok/bank/form.h"
#include "kvitok/bank/gpb_reason.h"
#include "kvitok/base/json.h"
#include "kvitok/base/utf8.h"

#define RAW_MAX 4096
#define KEPT_MAX 100
#define WORD_MAX 64

/* Kept as evidence; the holder's data are not among them. */
static const char *const kept[] = { "status", "extendedCode", "trxId",
	"responseCode", "rrn", "approvalCode", "orderStatus",
	"orderStatusChangedAt" };

static struct str
raw_of(struct arena *a, struct str trx, const struct json *result,
    const struct bank_status *st)
{
	struct buf b;
	struct jw w;

	buf_init(&b, a, RAW_MAX);
	jw_init(&w, &b);
	jw_object(&w);
	jw_ktext(&w, "token", trx);
	for (size_t i = 0; i < KV_COUNT(kept); i++) {
		struct str s = json_loose_text(a, json_get(result, kept[i]));

		if (s.len > 0)
			jw_ktext(&w, kept[i], utf8_cut(s, KEPT_MAX));
	}
	if (st->card_mask.len > 0)
		jw_ktext(&w, "pan", st->card_mask);
	jw_object_end(&w);
	return b.full ? STR("{}") : buf_str(&b);
}

static enum bank_outcome
failed(struct str code, struct bank_status *out)
{
	out->code = form_word(code, WORD_MAX);
	switch (gpb_reason(code, &out->reason)) {
	case GPB_UNCLEAR:
		return BANK_OPEN;
	case GPB_TIME_OVER:
		return BANK_EXPIRED;
	case GPB_NOT_REFUSED:
		out->reason = STR("pay_declined");
		break;
	case GPB_REFUSED:
	case GPB_CANCELLED:
		break;
	}
	return BANK_DECLINED;
}

/* What the table does not have is undecided: ask on. */
static enum bank_outcome
outcome_of(struct arena *a, const struct json *result, struct bank_status *out)
{
	static const char *const bad[] = { "FAILED", "DECLINED", "REJECTED",
		"BLOCKED" };
	struct str status = json_loose_text(a, json_get(result, "status"));

	if (str_eq(status, STR("SUCCESS")))
		return BANK_PAID;
	if (str_eq(status, STR("REFUND")))
		return BANK_GIVEN_BACK;
	for (size_t i = 0; i < KV_COUNT(bad); i++)
		if (str_eq(status, str_of(bad[i])))
			return failed(json_loose_text(
					  a, json_get(result, "extendedCode")),
			    out);
	return BANK_OPEN;
}

enum err
gpb_status_read(struct arena *a, struct str trx,
    const struct http_answer *answer, struct bank_status *out, struct fault *f)
{
	const struct json *j, *result;

	*out = (struct bank_status){ .taken_kop = -1, .bank_id = trx };
	out->raw = STR("{}");
	if (answer->status == 404) {
		out->outcome = BANK_ABSENT; /* this one was never started */
		return ERR_OK;
	}
	if (answer->status != 200)
		return fault_set(f, ERR_AGAIN, "bank_unavailable",
		    "v4 payment: HTTP %d", answer->status);
	if (json_parse(a, answer->body, JSON_REALS, &j, f) != ERR_OK ||
	    json_kind(j) != JSON_OBJECT)
		return fault_set(f, ERR_AGAIN, "bank_unavailable",
		    "v4 payment: the answer is no JSON object");
	result = json_get(j, "result");
	out->outcome = outcome_of(a, result, out);
	out->rrn =
	    form_word(json_loose_text(a, json_get(result, "rrn")), WORD_MAX);
	out->auth_code = form_word(
	    json_loose_text(a, json_get(result, "approvalCode")), WORD_MAX);
	out->card_mask = form_card(
	    a, json_loose_text(a, json_get(json_get(j, "src"), "pan")));
	out->card = (struct bank_card){
		.id = form_word(
		    json_loose_text(a, json_get(json_get(j, "src"), "cardId")),
		    WORD_MAX),
		.mask = out->card_mask,
		.scheme = form_word(
		    json_loose_text(
			a, json_get(json_get(j, "src"), "paymentSystem")),
		    WORD_MAX),
	};
	out->raw = raw_of(a, trx, result, out);
	return ERR_OK;
}

static enum err
ask(const struct contract *c, struct arena *a, struct str trx,
    struct bank_status *out, struct fault *f)
{
	struct http_request rq = { .type = STR("application/json") };
	struct http_answer answer = { 0 };
	struct buf path;
	enum err rc;

	buf_init(&path, a, 512);
	buf_lit(&path, "payment/");
	buf_url(&path, trx);
	if (path.full)
		return fault_set(f, ERR_BUG, "internal", "trx too long");
	rq.path = buf_str(&path);
	/* POST without a body: the form that two merchants are known to use. */
	rc = contract_call(c, a, HEALTH_STATUS, &rq, &answer, f);
	if (rc != ERR_OK)
		return rc;
	rc = gpb_status_read(a, trx, &answer, out, f);
	return rc == ERR_OK ? rc : fault_wrap(f, "%.*s", STR_ARG(c->name));
}

enum err
gpb_status(const struct contract *c, struct arena *a,
    const struct bank_query *q, struct bank_status *out, struct fault *f)
{
	size_t first = q->trxs_len > GPB_STATUS_TRXS_MAX
	    ? q->trxs_len - GPB_STATUS_TRXS_MAX
	    : 0;
	struct bank_status one = { .taken_kop = -1 }, open = one;
	bool is_open = false;
	int silent = 0;

	*out = (struct bank_status){ .outcome = BANK_OPEN, .taken_kop = -1 };
	out->raw = STR("{}");
	if (!c->asks_status)
		return ERR_OK;
	for (size_t i = q->trxs_len;
	     i > first && silent < GPB_STATUS_SILENT_MAX; i--) {
		enum err rc = ask(c, a, q->trxs[i - 1], &one, f);

		if (rc != ERR_OK) {
			silent++;
			continue;
		}
		if (one.outcome == BANK_PAID) {
			*out = one;
			return ERR_OK;
		}
		if (one.outcome == BANK_OPEN && !is_open) {
			open = one;
			is_open = true;
		}
		if (i == q->trxs_len)
			*out = one;
	}
	/* One that could not be asked may be the one that was paid. */
	if (silent > 0)
		return f->err;
	if (is_open)
		*out = open;
	return ERR_OK;
}
