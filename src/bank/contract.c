#include "kvitok/bank/contract.h"

#include <assert.h>

int64_t
contract_now(const struct contract *c)
{
	return c->clock->now(c->clock->self);
}

static enum health_end
end_of(enum err rc, int status)
{
	if (rc == ERR_OK)
		return status < 500 ? HEALTH_ANSWERED : HEALTH_HTTP_ERROR;
	return rc == ERR_UNSURE ? HEALTH_UNSURE : HEALTH_NOT_SENT;
}

enum err
contract_call(const struct contract *c, struct arena *a, enum health_call kind,
    const struct http_request *rq, struct http_answer *out, struct fault *f)
{
	enum err rc;

	assert(c->http != NULL);
	rc = http_call(c->http, a, rq, out, f);
	health_note(&c->health, kind, end_of(rc, out->status), out->took_ms,
	    contract_now(c));
	if (rc == ERR_OK)
		return ERR_OK;
	if (rc == ERR_UNSURE && !rq->once) {
		/* A question changes nothing: it may simply be asked again. */
		f->err = ERR_AGAIN;
		f->reason = "bank_unavailable";
	}
	return fault_wrap(f, "%.*s", STR_ARG(c->name));
}
