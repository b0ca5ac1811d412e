#include "kvitok/bank/gpb_session.h"

#include "kvitok/bank/form.h"
#include "kvitok/base/json.h"

#define BODY_MAX 1024
#define SESSION_MAX 200

static enum err
again(const struct contract *c, struct fault *f, const char *why, int status)
{
	return fault_set(f, ERR_AGAIN, "bank_unavailable", "%.*s: %s (HTTP %d)",
	    STR_ARG(c->name), why, status);
}

/* Opening a session moves no money: it may be repeated. */
enum err
gpb_session_start(struct gpb_session *s, struct fault *f)
{
	struct http_request rq = { .path = STR("session/start"),
		.type = GPB_FORM_TYPE };
	struct http_answer answer = { 0 };
	const struct json *j;
	struct str id;
	struct buf b;
	enum err rc;

	buf_init(&b, s->a, BODY_MAX);
	buf_lit(&b, "identifier=");
	buf_form(&b, s->c->api_login);
	buf_lit(&b, "&password=");
	buf_form(&b, s->c->api_password);
	if (b.full)
		return fault_set(f, ERR_BUG, "internal", "login too long");
	rq.body = buf_str(&b);
	rc = contract_call(s->c, s->a, HEALTH_STATUS, &rq, &answer, f);
	if (rc != ERR_OK)
		return rc;
	if (answer.status != 200 ||
	    json_parse(s->a, answer.body, JSON_REALS, &j, f) != ERR_OK)
		return again(s->c, f, "no session", answer.status);
	id = form_word(
	    json_loose_text(s->a, json_get(j, "sessionId")), SESSION_MAX);
	if (id.len == 0)
		return again(s->c, f, "no sessionId", answer.status);
	s->header =
	    arena_fmt(s->a, "X-IV-Authorization: Session %.*s", STR_ARG(id));
	return ERR_OK;
}

/* Whatever comes of it: sessions run out by themselves, too. */
void
gpb_session_finish(const struct gpb_session *s)
{
	struct http_request rq = { .path = STR("session/finish"),
		.type = GPB_FORM_TYPE,
		.header = s->header };
	struct http_answer answer = { 0 };
	struct fault none;

	fault_init(&none);
	if (contract_call(s->c, s->a, HEALTH_STATUS, &rq, &answer, &none) !=
		ERR_OK &&
	    s->c->log != NULL)
		log_fault(s->c->log, LOG_INFO, "session_not_ended", &none);
}
