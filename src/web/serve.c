#include "kvitok/web/web.h"

#include "kvitok/http/form.h"
#include "kvitok/web/handlers.h"
#include "kvitok/web/page.h"
#include "kvitok/web/routes.h"
#include "kvitok/web/session.h"

static const struct {
	const char *name;
	enum web_pool pool;
} pools[WEB_POOLS] = {
	{ "api", WEB_API },
	{ "pay", WEB_PAY },
	{ "bank", WEB_BANK },
	{ "report", WEB_REPORT },
};

bool
web_pool_of(struct str name, enum web_pool *pool)
{
	for (size_t i = 0; i < WEB_POOLS; i++)
		if (str_eq(name, str_of(pools[i].name))) {
			*pool = pools[i].pool;
			return true;
		}
	return false;
}

/* Of a path that is not in the table. */
static enum route_kind
kind_of_path(struct str path)
{
	if (str_starts(path, STR("/api/")) || str_starts(path, STR("/web/")))
		return KIND_API;
	return str_starts(path, STR("/bank/")) ? KIND_BANK : KIND_PAGE;
}

static void
answer_bank(struct turn *t)
{
	int status = reply_status(t->f);

	/* Whatever was not kept is asked for again: banks repeat after 5xx. */
	reply_begin(t->out, t->a);
	reply_body(t->out, status < 400 || status == 503 ? 500 : status,
	    "text/plain; charset=utf-8", STR("error\n"));
}

static void
answer_fault(struct turn *t, enum route_kind kind, const char *allow)
{
	switch (kind) {
	case KIND_API:
	case KIND_LIST:
	case KIND_FILE:
	case KIND_OWN:
	case KIND_SERVICE:
		reply_problem(t->out, t->f, t->rq->id);
		break;
	case KIND_PAGE:
		page_error(t);
		break;
	case KIND_BANK:
		answer_bank(t);
		break;
	}
	if (allow[0] != '\0')
		reply_header(t->out, "Allow", arena_str(t->a, str_of(allow)));
	if (t->out->status == 401)
		reply_header(
		    t->out, "WWW-Authenticate", STR("Bearer realm=\"kvitok\""));
}

/* A misspelt parameter is told, never ignored. */
static enum err
refuse_query(struct turn *t)
{
	static const struct form nothing = { NULL, 0, 0 };

	return turn_query(t, &nothing, NULL);
}

static bool
no_query(unsigned kind)
{
	return kind == KIND_API || kind == KIND_FILE || kind == KIND_OWN;
}

static enum err
run(struct turn *t)
{
	unsigned kind = t->route->kind;
	enum err rc = ERR_OK;

	/* Who may not ask is told so before his body is read. */
	if (kind == KIND_API || kind == KIND_LIST || kind == KIND_FILE)
		rc = session_bearer(t);
	if (rc == ERR_OK && no_query(kind))
		rc = refuse_query(t);
	if (rc == ERR_OK && kind != KIND_FILE)
		rc = request_body(t->rq, t->a, t->route->body_max, t->f);
	return rc == ERR_OK ? t->route->handle(t) : rc;
}

void
web_serve(const struct web *w, struct arena *a, struct str made_id,
    struct request *r, struct reply *out, struct served *served)
{
	char allow[ROUTE_ALLOW_SIZE] = "";
	struct turn t = { .web = w,
		.p = w->ports,
		.a = a,
		.rq = r,
		.out = out,
		.f = &served->fault };
	enum err rc;

	fault_init(&served->fault);
	reply_begin(out, a);
	rc = request_begin(r, made_id, t.f);
	if (rc == ERR_OK)
		rc = route_find(a, web_routes, web_routes_len, w->pool, r,
		    &t.route, &t.params, allow, t.f);
	served->route = t.route;
	if (rc == ERR_OK)
		rc = run(&t);
	if (rc == ERR_OK)
		fault_init(&served->fault);
	else
		answer_fault(&t,
		    t.route ? (enum route_kind)t.route->kind
			    : kind_of_path(r->path),
		    allow);
}
