/* Bills by mail, for front-ends whose payers ask for them. */
#include "kvitok/app/mailing.h"

#include "kvitok/base/jw.h"
#include "kvitok/domain/email.h"
#include "kvitok/http/form.h"
#include "kvitok/web/handlers.h"

struct body_in {
	struct str email;
};

static const struct field body_fields[] = {
	{ "email", FIELD_TEXT, true, 1, EMAIL_MAX,
	    offsetof(struct body_in, email), NULL, "email_bad" },
};
static const struct form body_form = { body_fields, KV_COUNT(body_fields),
	sizeof(struct body_in) };

static struct mailing_request
request_of(const struct turn *t)
{
	return (struct mailing_request){ .portal = t->who.portal,
		.supplier = t->params.v[0],
		.number = t->params.v[1],
		.actor =
		    arena_fmt(t->a, "frontend:%.*s", STR_ARG(t->who.key_id)) };
}

static enum err
answer(struct turn *t, const struct mailing *m)
{
	struct buf b;
	struct jw w;

	turn_buf(t, &b);
	jw_init(&w, &b);
	jw_object(&w);
	jw_ktext(&w, "supplier", m->supplier);
	jw_ktext(&w, "account", m->account);
	jw_ktext(&w, "email", m->email);
	jw_kbool(&w, "mailed", m->stopped_at == 0);
	jw_ktime(&w, "asked_at", m->asked_at);
	jw_ktime(&w, "stopped_at", m->stopped_at);
	jw_object_end(&w);
	buf_char(&b, '\n');
	return turn_json(t, 200, &b);
}

enum err
api_mailing_put(struct turn *t)
{
	struct mailing_request req = request_of(t);
	struct body_in in = { .email = STR("") };
	const struct json *j;
	struct mailing m;
	enum err rc = request_json(t->rq, t->a, &j, t->f);

	if (rc == ERR_OK)
		rc = form_json(t->a, &body_form, j, &in, t->f);
	if (rc != ERR_OK)
		return rc;
	if (!email_ok(in.email))
		return turn_refuse(t, "/email", email_wrong(in.email));
	req.email = in.email;
	rc = mailing_ask(t->p, t->a, &req, &m, t->f);
	return rc == ERR_OK ? answer(t, &m) : rc;
}

enum err
api_mailing_get(struct turn *t)
{
	struct mailing_request req = request_of(t);
	struct mailing m;
	enum err rc = mailing_look(t->p, t->a, &req, &m, t->f);

	return rc == ERR_OK ? answer(t, &m) : rc;
}

enum err
api_mailing_delete(struct turn *t)
{
	struct mailing_request req = request_of(t);
	struct mailing m;
	enum err rc = mailing_stop(t->p, t->a, &req, &m, t->f);

	return rc == ERR_OK ? answer(t, &m) : rc;
}
