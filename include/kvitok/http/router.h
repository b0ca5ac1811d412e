/*
 * router: find the row of a table of addresses.
 *
 * A pattern is made of segments: text, or {name} that takes one segment
 * which is not empty ("/api/v1/payments/{number}").  Segments are decoded one
 * by one, so that a %2F inside of one stays in it.  Rows that stand first win.
 */
#ifndef KVITOK_HTTP_ROUTER_H
#define KVITOK_HTTP_ROUTER_H

#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/http/request.h"

#define ROUTE_PARAMS_MAX 4

struct turn; /* the caller's: what a handler is given */

struct route { /* NOLINT(*.Padding): rows are read in this order */
	enum http_method method; /* HTTP_GET answers HEAD, too */
	const char *path;
	unsigned pools; /* bits; who serves it */
	unsigned right; /* the caller's; 0: none is needed */
	unsigned kind;  /* the caller's: API, page, ... */
	size_t body_max;
	enum err (*handle)(struct turn *t);
};

struct route_params {
	struct str v[ROUTE_PARAMS_MAX]; /* in order of the pattern */
	size_t len;
};

#define ROUTE_ALLOW_SIZE 40

/*
 * Find the row of table that serves the request in one of pools.
 * Gives: *out and *params (in a); after method_not_allowed: allow is the
 * value of the Allow header, and *out some row of that path.
 * Fails: ERR_ABSENT path_unknown (*out NULL); ERR_INVALID method_not_allowed;
 * ERR_INVALID url_bad, text_bad_utf8.
 */
KV_MUST_CHECK enum err route_find(struct arena *a, const struct route *table,
    size_t len, unsigned pools, const struct request *r,
    const struct route **out, struct route_params *params,
    char allow[ROUTE_ALLOW_SIZE], struct fault *f);

#endif
