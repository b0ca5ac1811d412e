/*
 * web: our addresses, from request to answer.
 *
 * A worker serves the addresses of one pool; what it needs of the world is
 * filled in by src/main.  Never accepts connections and never logs: whoever
 * calls does (note.h).
 */
#ifndef KVITOK_WEB_WEB_H
#define KVITOK_WEB_WEB_H

#include "kvitok/app/ports.h"
#include "kvitok/base/jw.h"
#include "kvitok/base/stats.h"
#include "kvitok/http/reply.h"
#include "kvitok/http/request.h"
#include "kvitok/http/router.h"

/* Bulkheads: nginx has a socket for each of them. */
enum web_pool { WEB_API = 1, WEB_PAY = 2, WEB_BANK = 4, WEB_REPORT = 8 };
#define WEB_ANY (WEB_API | WEB_PAY | WEB_BANK | WEB_REPORT)
#define WEB_POOLS 4

/* A portal whose public payment page is served, and its own key. */
struct web_page {
	struct str portal, key;
};

struct web {
	const struct ports *ports;
	enum web_pool pool;
	const struct web_page *pages;
	size_t pages_len;
	struct stats *stats; /* may be NULL */
	/* Appends metrics that the web knows nothing of; may be NULL. */
	void (*more_metrics)(void *self, int64_t now, struct buf *out);
	/* The same for /readyz: a member of its object. */
	void (*more_ready)(void *self, int64_t now, struct jw *w);
	void *more_self;
};

/* What was answered, for log and counters. */
struct served {
	const struct route *route; /* NULL: no such path */
	struct fault fault;        /* err is ERR_OK when all went well */
};

/* Gives: true with *pool set when name is api, pay, bank or report. */
KV_MUST_CHECK bool web_pool_of(struct str name, enum web_pool *pool);
/*
 * Answer one request that has env and body reader set; made_id is for a
 * caller without a request id of its own.  Whatever happens there is an
 * answer.
 */
void web_serve(const struct web *w, struct arena *a, struct str made_id,
    struct request *r, struct reply *out, struct served *served);

#endif
