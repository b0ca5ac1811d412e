/*
 * turn: one request in the hands of a handler.
 *
 * A handler reads its input, calls one use-case and sets the reply; or fails,
 * and the fault becomes problem+json, a page, or a bank's status, by the kind
 * of the address.
 */
#ifndef KVITOK_WEB_TURN_H
#define KVITOK_WEB_TURN_H

#include "kvitok/http/form.h"
#include "kvitok/web/web.h"

enum route_kind {
	KIND_API,  /* front-ends: a key, problem+json, no query */
	KIND_LIST, /* the same, with a query that its handler reads */
	KIND_FILE, /* as KIND_API, with a body that its handler reads */
	KIND_OWN,  /* the script of our own page: as KIND_API */
	KIND_PAGE, /* people: HTML */
	KIND_BANK, /* banks: the status alone */
	KIND_SERVICE
};

struct turn {
	const struct web *web;
	const struct ports *p;
	struct arena *a;
	struct request *rq;
	struct reply *out;
	const struct route *route;
	struct route_params params;
	struct caller who; /* KIND_API, _LIST; else after session_page */
	struct fault *f;
};

/* Read the query of the address; what it does not name stays as it is in *in.
 * Fails: as url_params and form_query. */
KV_MUST_CHECK enum err turn_query(
    struct turn *t, const struct form *form, void *in);
/* The body says nothing: it is empty, or an object without members.
 * Fails: as request_json and form_json. */
KV_MUST_CHECK enum err turn_nothing(struct turn *t);
/* Gives: a bounded buffer for a body. */
void turn_buf(struct turn *t, struct buf *b);
/* Answer with JSON that was built in b. */
KV_MUST_CHECK enum err turn_json(
    struct turn *t, int status, const struct buf *b);
/* Begin {"items": [ in b; the handler puts each of them into w. */
void turn_items(struct turn *t, struct buf *b, struct jw *w);
/* End it, and answer. */
KV_MUST_CHECK enum err turn_items_end(
    struct turn *t, struct buf *b, struct jw *w);
/* The same of a page of a list: the cursor of the next, or there is none. */
KV_MUST_CHECK enum err turn_items_next(
    struct turn *t, struct buf *b, struct jw *w, struct str next);
/* The field name is wrong for a reason of reason.def.  Fails: ERR_INVALID. */
KV_MUST_CHECK enum err turn_refuse(
    struct turn *t, const char *name, const char *reason);
/*
 * Note what a front-end's key does with money or rights, as desk_noted does;
 * actor: "frontend:KEY", or with a person's name after it.
 * Gives: ports in t's arena, in the place of t->p.
 */
const struct ports *turn_noted(struct turn *t, struct str actor,
    const char *what, struct str object, struct str detail);
/* Answer with a receipt, named by the payment's number. */
void turn_pdf(struct turn *t, struct str number, struct bytes pdf);

#endif
