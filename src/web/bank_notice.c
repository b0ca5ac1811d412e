#include "kvitok/app/bank_call.h"
#include "kvitok/web/handlers.h"

/* As it came: a bank signs bytes, not what they mean. */
static enum err
hand_over(struct turn *t,
    enum err (*use)(const struct ports *p, struct arena *a,
	const struct bank_call *c, struct bank_answer *out, struct fault *f))
{
	const struct bank_call call = {
		.method = str_of(http_method_name(t->rq->method)),
		.path = t->rq->path,
		.query = t->rq->query,
		.body = t->rq->body,
		.type = t->rq->type,
		.authorization = request_env(t->rq, "HTTP_AUTHORIZATION"),
		.remote = t->rq->remote,
	};
	struct bank_answer answer;
	enum err rc = use(t->p, t->a, &call, &answer, t->f);

	if (rc != ERR_OK)
		return rc;
	reply_body(t->out, answer.status, answer.type, answer.body);
	reply_header(t->out, "Cache-Control", STR("no-store"));
	if (answer.ask_basic)
		reply_header(
		    t->out, "WWW-Authenticate", STR("Basic realm=\"kvitok\""));
	return ERR_OK;
}

enum err
bank_sberbank(struct turn *t)
{
	return hand_over(t, bank_call_sberbank);
}

enum err
bank_gazprombank_check(struct turn *t)
{
	return hand_over(t, bank_call_check);
}

enum err
bank_gazprombank_register(struct turn *t)
{
	return hand_over(t, bank_call_register);
}
