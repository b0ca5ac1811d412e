/*
 * request: one HTTP request as a gateway (CGI, RFC 3875) hands it over.
 *
 * Never reads a body before its size is known and allowed.  Knows nothing of
 * FastCGI: parameters are a list "NAME=value", the body comes from a function.
 */
#ifndef KVITOK_HTTP_REQUEST_H
#define KVITOK_HTTP_REQUEST_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/base/json.h"
#include "kvitok/base/str.h"

#include <stdbool.h>

#define REQUEST_PATH_MAX 4096
#define REQUEST_QUERY_MAX 8192

enum http_method {
	HTTP_GET,
	HTTP_HEAD,
	HTTP_POST,
	HTTP_PUT,
	HTTP_DELETE,
	HTTP_OTHER
};

struct request {
	enum http_method method;
	struct str path;   /* raw: not decoded */
	struct str query;  /* raw, without '?' */
	struct str type;   /* Content-Type */
	struct str remote; /* address of the caller */
	struct str id;     /* request id, always set */
	struct str body;   /* after request_body */
	const char *const *env;
	/* Reads at most n bytes of the body; 0 at its end. */
	size_t (*read)(void *self, char *p, size_t n);
	void *self;
};

/*
 * Fill r from r->env; made_id is taken where the caller has sent no request
 * id, or one that is not 8 to 64 of 0-9 A-Z a-z . _ -
 * Gives: r; id is set after a failure too.
 * Fails: ERR_INVALID request_malformed, url_too_long.
 */
KV_MUST_CHECK enum err request_begin(
    struct request *r, struct str made_id, struct fault *f);
/* Gives: a parameter of the gateway, or a header by its CGI name
 * ("HTTP_X_PURPOSE"); empty when there is none. */
struct str request_env(const struct request *r, const char *name);
/* Gives: the first cookie of that name (RFC 6265, 4.2.1); empty: none. */
struct str request_cookie(const struct request *r, const char *name);
/* Gives: the method's name, "OTHER" for one that nothing here takes. */
const char *http_method_name(enum http_method m);
/*
 * Read the body, at most max bytes.
 * Gives: r->body in a.
 * Fails: ERR_INVALID body_too_large, request_malformed (a length that is no
 * number, or a body that ends early).
 */
KV_MUST_CHECK enum err request_body(
    struct request *r, struct arena *a, size_t max, struct fault *f);
/*
 * Pass the body on in pieces, at most max bytes, as it comes.
 * Fails: as request_body; as put.
 */
KV_MUST_CHECK enum err request_pass(const struct request *r, struct arena *a,
    int64_t max, enum err (*put)(void *arg, struct str piece, struct fault *f),
    void *arg, struct fault *f);
/*
 * Parse the body that was read; fractions come as JSON_REAL.
 * Fails: ERR_INVALID media_type, json_bad, json_deep, json_duplicate,
 * json_number, text_bad_utf8.
 */
KV_MUST_CHECK enum err request_json(const struct request *r, struct arena *a,
    const struct json **out, struct fault *f);
/* Does the Content-Type name type, whatever its parameters? */
bool request_is(const struct request *r, const char *type);
/* Did a page of ours send this, as far as the browser tells? */
bool request_same_site(const struct request *r);

#endif
