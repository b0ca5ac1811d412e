#include "kvitok/bank/gpb_refund.h"

#include "kvitok/bank/form.h"
#include "kvitok/bank/gpb_session.h"
#include "kvitok/base/json.h"

#define BODY_MAX 1024
#define PATH_MAX_LEN 512
#define CODE_MAX 40

static enum err
path_of(struct arena *a, const struct bank_refund *r, const char *tail,
    struct str *out, struct fault *f)
{
	struct buf b;

	buf_init(&b, a, PATH_MAX_LEN);
	buf_lit(&b, "merchant/history/trx/");
	buf_url(&b, r->bank_id);
	buf_text(&b, str_of(tail));
	*out = buf_str(&b);
	return b.full || r->bank_id.len == 0
	    ? fault_set(f, ERR_BUG, "internal", "no transaction to refund")
	    : ERR_OK;
}

enum err
gpb_refund_read(struct arena *a, const struct http_answer *answer,
    struct bank_refund_answer *out, struct fault *f)
{
	const struct json *j;
	struct str status;

	/* The session ran out, or too many requests: not done. */
	if (answer->status == 401 || answer->status == 403 ||
	    answer->status == 429)
		return fault_set(f, ERR_AGAIN, "bank_unavailable", "HTTP %d",
		    answer->status);
	if ((answer->status != 200 && answer->status != 400 &&
		answer->status != 404) ||
	    json_parse(a, answer->body, JSON_REALS, &j, f) != ERR_OK)
		return fault_set(f, ERR_UNSURE, "bank_unsure",
		    "refund: no usable answer (HTTP %d)", answer->status);
	if (answer->status != 200) {
		*out = (struct bank_refund_answer){ .refused = true,
			.code =
			    form_word(json_loose_text(a, json_get(j, "error")),
				CODE_MAX) };
		return ERR_OK;
	}
	status = json_loose_text(a, json_get(j, "status"));
	*out = (struct bank_refund_answer){ .code = STR("FAILED") };
	out->refused = str_eq(status, STR("FAILED"));
	if (out->refused || str_eq(status, STR("SUCCESS")))
		return ERR_OK;
	/* PROCESSING, UNKNOWN, and what is not documented. */
	return fault_set(f, ERR_UNSURE, "bank_unsure", "refund: %.*s",
	    STR_ARG(form_word(status, CODE_MAX)));
}

static enum err
refund_in(const struct gpb_session *s, const struct bank_refund *r,
    struct bank_refund_answer *out, struct fault *f)
{
	struct http_request rq = {
		.type = GPB_FORM_TYPE, .header = s->header, .once = true
	};
	struct http_answer answer = { 0 };
	struct buf b;
	enum err rc = path_of(s->a, r, "/refund", &rq.path, f);

	if (rc != ERR_OK)
		return rc;
	buf_init(&b, s->a, BODY_MAX);
	buf_fmt(&b, "amount=%lld&currency=RUB&comment=", (long long)r->sum_kop);
	buf_form(&b, r->id);
	rq.body = buf_str(&b);
	rc = contract_call(s->c, s->a, HEALTH_REFUND, &rq, &answer, f);
	return rc == ERR_OK ? gpb_refund_read(s->a, &answer, out, f) : rc;
}

enum err
gpb_refund(const struct contract *c, struct arena *a,
    const struct bank_refund *r, struct bank_refund_answer *out,
    struct fault *f)
{
	struct gpb_session s = { .c = c, .a = a };
	enum err rc;

	if (c->api_login.len == 0) {
		*out = (struct bank_refund_answer){ .refused = true,
			.code = STR("no_api_login") };
		return ERR_OK;
	}
	if ((rc = gpb_session_start(&s, f)) != ERR_OK)
		return rc;
	rc = refund_in(&s, r, out, f);
	gpb_session_finish(&s);
	return rc;
}

enum err
gpb_refunded_read(struct arena *a, const struct http_answer *answer,
    const struct bank_refund *r, int64_t *kop, struct fault *f)
{
	const struct json *j;
	int64_t amount;

	if (answer->status != 200 ||
	    json_parse(a, answer->body, JSON_REALS, &j, f) != ERR_OK)
		return fault_set(f, ERR_AGAIN, "bank_unavailable",
		    "history: no usable answer (HTTP %d)", answer->status);
	if (!json_loose_int(json_get(j, "amount"), &amount))
		return fault_set(
		    f, ERR_AGAIN, "bank_unavailable", "history: no amount");
	if (amount != r->paid_kop)
		return fault_set(f, ERR_CONFLICT, "refund_unclear",
		    "history: amount %lld, not %lld", (long long)amount,
		    (long long)r->paid_kop);
	if (!json_loose_int(json_get(j, "refundAmount"), kop) || *kop < 0)
		return fault_set(f, ERR_AGAIN, "bank_unavailable",
		    "history: no refundAmount");
	return ERR_OK;
}

enum err
gpb_refunded(const struct contract *c, struct arena *a,
    const struct bank_refund *r, int64_t *kop, struct fault *f)
{
	struct gpb_session s = { .c = c, .a = a };
	struct http_request rq = { .path = STR_NONE };
	struct http_answer answer = { 0 };
	enum err rc;

	*kop = 0;
	if (c->api_login.len == 0)
		return ERR_OK;
	if ((rc = gpb_session_start(&s, f)) != ERR_OK)
		return rc;
	rq.header = s.header;
	rc = path_of(a, r, "", &rq.path, f);
	if (rc == ERR_OK)
		rc = contract_call(c, a, HEALTH_STATUS, &rq, &answer, f);
	if (rc == ERR_OK)
		rc = gpb_refunded_read(a, &answer, r, kop, f);
	gpb_session_finish(&s);
	return rc;
}
