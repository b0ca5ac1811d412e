#include "kvitok/bank/sber.h"

#include "kvitok/bank/form.h"
#include "kvitok/bank/sber_cart.h"
#include "kvitok/base/utf8.h"

#define BODY_MAX ((size_t)512 << 10) /* a cart of 101 positions, escaped */
#define PARAMS_MAX 16
#define DESCRIPTION_MAX 512 /* characters */
#define ORDER_ID_MAX 64     /* it is a UUID, 36 */
#define FORM_URL_MAX 1000   /* of attempt.form_url */
#define WORDS_MAX 200       /* characters of the bank's words that we log */
#define LIFE_S_MIN 60

static void
encode_form(const struct sber_param *params, size_t len, struct buf *b)
{
	for (size_t i = 0; i < len; i++) {
		const struct sber_param *p = &params[i];

		if (b->len > 0)
			buf_char(b, '&');
		buf_fmt(b, "%s=", p->name);
		if (p->is_int)
			buf_i64(b, p->number);
		else
			buf_form(b, p->text);
	}
}

static void
encode_json(const struct sber_param *params, size_t len, struct jw *w)
{
	for (size_t i = 0; i < len; i++) {
		const struct sber_param *p = &params[i];

		if (p->is_int) {
			jw_kint(w, p->name, p->number);
		} else if (p->is_json) {
			jw_key(w, p->name);
			jw_raw(w, p->text);
		} else
			jw_ktext(w, p->name, p->text);
	}
}

/* The login, or the token instead of it; the bank takes never both. */
static size_t
login_params(const struct contract *c, struct sber_param out[2])
{
	if (c->token.len > 0) {
		out[0] = (struct sber_param)SBER_TEXT("token", c->token);
		return 1;
	}
	out[0] = (struct sber_param)SBER_TEXT("userName", c->login);
	out[1] = (struct sber_param)SBER_TEXT("password", c->password);
	return 2;
}

static void
encode(const struct contract *c, const struct sber_param *params, size_t len,
    struct buf *b)
{
	struct sber_param login[2];
	size_t login_len = login_params(c, login);
	struct jw w;

	if (c->dialect == CONTRACT_OLD) {
		encode_form(login, login_len, b);
		encode_form(params, len, b);
		return;
	}
	jw_init(&w, b);
	jw_object(&w);
	encode_json(login, login_len, &w);
	encode_json(params, len, &w);
	jw_object_end(&w);
}

enum err
sber_call(const struct contract *c, struct arena *a, enum health_call kind,
    const char *method, const struct sber_param *params, size_t len,
    struct http_answer *out, struct fault *f)
{
	struct http_request rq = {
		.path = str_of(method),
		.type = c->dialect == CONTRACT_OLD
		    ? STR("application/x-www-form-urlencoded")
		    : STR("application/json"),
		/* An order that is registered twice could be paid twice, and
		 * money could go back twice. */
		.once = kind == HEALTH_START || kind == HEALTH_REFUND,
	};
	struct buf body;

	buf_init(&body, a, BODY_MAX);
	encode(c, params, len, &body);
	if (body.full)
		return fault_set(
		    f, ERR_BUG, "internal", "%s: body too large", method);
	rq.body = buf_str(&body);
	return contract_call(c, a, kind, &rq, out, f);
}

int64_t
sber_error_code(const struct json *j)
{
	const struct json *code = json_get(j, "errorCode");
	int64_t n;

	if (json_kind(code) == JSON_NULL)
		return 0;
	return json_loose_int(code, &n) ? n : -1;
}

/*
 * The description without what the gateway refuses: % + CR LF anywhere
 * (its manual says so in every chapter), and angle brackets as HTML.
 */
static struct str
clean_description(struct arena *a, struct str s)
{
	struct str cut = utf8_cut(s, DESCRIPTION_MAX);
	char *p = arena_alloc(a, cut.len + 1);

	for (size_t i = 0; i < cut.len; i++) {
		char c = cut.p[i];

		if ((unsigned char)c < ' ' || strchr("%+<>\x7f", c) != NULL)
			c = ' ';
		p[i] = c;
	}
	p[cut.len] = '\0';
	return str_trim((struct str){ p, cut.len });
}

static int64_t
life_s(const struct contract *c, const struct bank_order *o)
{
	int64_t left = (o->expires_at - contract_now(c)) / 1000;

	if (o->expires_at == 0)
		return c->life_s;
	return left < LIFE_S_MIN ? LIFE_S_MIN : left;
}

enum err
sber_start(const struct contract *c, struct arena *a,
    const struct bank_order *o, struct bank_start *out, struct fault *f)
{
	return sber_register(c, a, o, STR_NONE, out, f);
}

enum err
sber_register(const struct contract *c, struct arena *a,
    const struct bank_order *o, struct str features, struct bank_start *out,
    struct fault *f)
{
	struct sber_param params[PARAMS_MAX] = {
		SBER_TEXT("orderNumber", o->bank_no),
		SBER_INT("amount", o->total_kop),
		SBER_TEXT("currency", STR("643")),
		SBER_TEXT("returnUrl", o->return_url),
		SBER_TEXT("failUrl", o->return_url),
		SBER_TEXT("description", clean_description(a, o->description)),
		SBER_TEXT("language", STR("ru")),
		SBER_INT("sessionTimeoutSecs", life_s(c, o)),
	};
	const struct sber_param more[] = {
		SBER_TEXT("clientId", o->client),
		SBER_TEXT("bindingId", o->card),
		SBER_TEXT("features", features),
	};
	size_t len = 8;
	struct http_answer answer = { 0 };
	struct str words;
	enum err rc = ERR_OK;

	for (size_t i = 0; i < KV_COUNT(more); i++)
		if (more[i].text.len > 0)
			params[len++] = more[i];
	if (o->cart)
		rc = sber_cart_order(c, a, o, params, &len, f);
	if (rc != ERR_OK)
		return rc;
	rc = sber_call(
	    c, a, HEALTH_START, "register.do", params, len, &answer, f);
	if (rc != ERR_OK)
		return rc;
	rc = sber_start_read(a, &answer, out, &words, f);
	if (rc != ERR_OK)
		return fault_wrap(f, "%.*s register.do", STR_ARG(c->name));
	if (out->refused && features.len > 0 &&
	    str_eq(out->reason, STR("pay_order_refused")))
		out->reason = STR("card_bind_refused");
	if (out->refused && c->log != NULL)
		log_event(c->log, LOG_WARN, "bank_refused_order", LOG_TEXT,
		    "contract", c->name, LOG_TEXT, "number", o->bank_no,
		    LOG_TEXT, "code", out->code, LOG_TEXT, "words", words,
		    LOG_END);
	return ERR_OK;
}

/* An answer that is not the gateway's own: what may have been done? */
static enum err
read_status_line(int status, struct fault *f)
{
	if (status == 200)
		return ERR_OK;
	/* A proxy or a worker failed on the way or on the way back. */
	if (status >= 500)
		return fault_set(
		    f, ERR_UNSURE, "bank_unsure", "HTTP %d", status);
	/* Refused before any work: wrong address, too many requests. */
	return fault_set(f, ERR_AGAIN, "bank_unavailable", "HTTP %d", status);
}

static bool
form_url_ok(struct str url)
{
	return form_word(url, FORM_URL_MAX).len > 0 &&
	    ((str_starts(url, STR("https://")) && url.len > 8) ||
		(str_starts(url, STR("http://")) && url.len > 7));
}

static enum err
read_refusal(
    struct arena *a, int64_t code, struct bank_start *out, struct fault *f)
{
	/*
	 * The number is taken: somebody has registered it, perhaps we in a
	 * call whose answer was lost.  Only asking tells.
	 */
	if (code == 1)
		return fault_set(f, ERR_UNSURE, "bank_unsure",
		    "errorCode 1: the order number was used");
	if (code < 0)
		return fault_set(
		    f, ERR_UNSURE, "bank_unsure", "errorCode is no number");
	*out = (struct bank_start){ .refused = true };
	out->code = arena_fmt(a, "%lld", (long long)code);
	/*
	 * 7 is a fault inside the gateway.  Should it have kept the order all
	 * the same, nobody can pay it: its link was never handed out.
	 */
	out->reason =
	    code == 7 ? STR("pay_bank_down") : STR("pay_order_refused");
	/* Of the binding that was named: not active, or switched off. */
	if (code == 2 || code == 15)
		out->reason = STR("pay_card_off");
	return ERR_OK;
}

enum err
sber_start_read(struct arena *a, const struct http_answer *answer,
    struct bank_start *out, struct str *words, struct fault *f)
{
	const struct json *j = NULL;
	struct str id, url;
	int64_t code;
	enum err rc;

	*words = STR_NONE;
	if ((rc = read_status_line(answer->status, f)) != ERR_OK)
		return rc;
	if (json_parse(a, answer->body, JSON_REALS, &j, f) != ERR_OK)
		return fault_set(
		    f, ERR_UNSURE, "bank_unsure", "the answer is not JSON");
	code = sber_error_code(j);
	if (code != 0) {
		*words = utf8_cut(
		    json_loose_text(a, json_get(j, "errorMessage")), WORDS_MAX);
		return read_refusal(a, code, out, f);
	}
	/* A success often has no errorCode: these two are its proof. */
	id =
	    form_word(json_loose_text(a, json_get(j, "orderId")), ORDER_ID_MAX);
	url = json_loose_text(a, json_get(j, "formUrl"));
	if (id.len == 0 || !form_url_ok(url))
		return fault_set(f, ERR_UNSURE, "bank_unsure",
		    "no orderId or no absolute formUrl");
	*out = (struct bank_start){ .bank_id = id, .form_url = url };
	return ERR_OK;
}

enum err
sber_cancel(const struct contract *c, struct arena *a,
    const struct bank_query *q, struct fault *f)
{
	const struct sber_param params[] = {
		SBER_TEXT("orderId", q->bank_id),
		SBER_TEXT("orderNumber", q->bank_no),
	};
	struct http_answer answer = { 0 };
	const struct json *j = NULL;
	int64_t code;
	enum err rc;

	if (q->bank_id.len == 0)
		return fault_set(f, ERR_CONFLICT, "payment_state",
		    "decline.do needs an orderId");
	rc = sber_call(c, a, HEALTH_CANCEL, "decline.do", params,
	    KV_COUNT(params), &answer, f);
	if (rc != ERR_OK)
		return rc;
	/* Calling off twice is once: whatever happened, it may be repeated. */
	if (answer.status != 200 ||
	    json_parse(a, answer.body, JSON_REALS, &j, f) != ERR_OK)
		return fault_set(f, ERR_AGAIN, "bank_unavailable",
		    "decline.do: no usable answer (HTTP %d)", answer.status);
	code = sber_error_code(j);
	if (code != 0)
		return fault_set(f, ERR_CONFLICT, "payment_state",
		    "decline.do: errorCode %lld", (long long)code);
	return ERR_OK;
}

struct str
sber_page_url(const struct contract *c, struct arena *a, struct str bank_id)
{
	size_t at = str_find(c->page_url, STR("{id}"));
	struct buf b;

	if (at == c->page_url.len || bank_id.len == 0)
		return STR_NONE;
	buf_init(&b, a, FORM_URL_MAX);
	buf_bytes(&b, c->page_url.p, at);
	buf_url(&b, bank_id);
	buf_bytes(&b, c->page_url.p + at + 4, c->page_url.len - at - 4);
	return b.full ? STR_NONE : buf_str(&b);
}
