#include "kvitok/bank/gpb_card.h"

#include "kvitok/bank/form.h"
#include "kvitok/bank/gpb.h"
#include "kvitok/bank/gpb_session.h"
#include "kvitok/bank/gpb_status.h"
#include "kvitok/base/json.h"

#define PATH_MAX_LEN 1024
#define CODE_MAX 40

enum err
gpb_bind_start(const struct contract *c, struct arena *a,
    const struct bank_order *o, struct bank_start *out, struct fault *f)
{
	return gpb_link(
	    c, a, c->bind_url.len > 0 ? c->bind_url : c->start_url, o, out, f);
}

enum err
gpb_bind_status(const struct contract *c, struct arena *a,
    const struct bank_query *q, struct bank_bind_status *out, struct fault *f)
{
	struct bank_status s;
	enum err rc = gpb_status(c, a, q, &s, f);

	if (rc != ERR_OK)
		return rc;
	*out = (struct bank_bind_status){ .outcome = BANK_BIND_OPEN,
		.bank_id = s.bank_id,
		.reason = s.reason,
		.code = s.code };
	switch (s.outcome) {
	case BANK_OPEN:
		break;
	case BANK_PAID:
	case BANK_GIVEN_BACK:
		out->outcome = BANK_BIND_DONE;
		out->card = s.card;
		break;
	case BANK_DECLINED:
	case BANK_EXPIRED:
		out->outcome = BANK_BIND_FAILED;
		break;
	case BANK_ABSENT:
		out->outcome = BANK_BIND_ABSENT;
		break;
	}
	return ERR_OK;
}

enum err
gpb_unbind_read(
    struct arena *a, const struct http_answer *answer, struct fault *f)
{
	const struct json *j;
	struct str said;

	/* Not there any more is what was wanted. */
	if (answer->status == 200 || answer->status == 404)
		return ERR_OK;
	if (answer->status != 400 ||
	    json_parse(a, answer->body, JSON_REALS, &j, f) != ERR_OK)
		return fault_set(f, ERR_AGAIN, "bank_unavailable",
		    "unbinding: no usable answer (HTTP %d)", answer->status);
	said = form_word(json_loose_text(a, json_get(j, "error")), CODE_MAX);
	return fault_set(f, ERR_CONFLICT, "card_unbind_refused",
	    "unbinding: %.*s", STR_ARG(said));
}

static enum err
path_of(const struct contract *c, struct arena *a, struct str card,
    struct str *out, struct fault *f)
{
	size_t at = str_find(c->unbind_path, STR("{id}"));
	struct buf b;

	buf_init(&b, a, PATH_MAX_LEN);
	buf_bytes(&b, c->unbind_path.p, at);
	buf_url(&b, card);
	buf_bytes(&b, c->unbind_path.p + at + 4, c->unbind_path.len - at - 4);
	*out = buf_str(&b);
	return b.full ? fault_set(f, ERR_BUG, "internal", "path too long")
		      : ERR_OK;
}

enum err
gpb_unbind(
    const struct contract *c, struct arena *a, struct str card, struct fault *f)
{
	struct gpb_session s = { .c = c, .a = a };
	struct http_request rq = { .type = GPB_FORM_TYPE };
	struct http_answer answer = { 0 };
	enum err rc = path_of(c, a, card, &rq.path, f);

	if (rc == ERR_OK)
		rc = gpb_session_start(&s, f);
	if (rc != ERR_OK)
		return rc;
	rq.header = s.header;
	/* Twice is once: it may be repeated. */
	rc = contract_call(c, a, HEALTH_CANCEL, &rq, &answer, f);
	if (rc == ERR_OK)
		rc = gpb_unbind_read(a, &answer, f);
	gpb_session_finish(&s);
	return rc;
}
