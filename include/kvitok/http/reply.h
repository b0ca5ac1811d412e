/*
 * reply: one HTTP answer, put together before its first byte is sent.
 */
#ifndef KVITOK_HTTP_REPLY_H
#define KVITOK_HTTP_REPLY_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/buf.h"
#include "kvitok/base/fault.h"
#include "kvitok/base/str.h"
#include "kvitok/http/request.h"

#define REPLY_HEADERS_MAX 12

struct reply_header {
	const char *name;
	struct str value;
};

struct reply {
	struct arena *a;
	int status;
	struct reply_header headers[REPLY_HEADERS_MAX];
	size_t headers_len;
	struct str body; /* any bytes */
	bool has_file;   /* instead of it */
	int file;
	int64_t file_size;
};

/* Ready: no status, no headers, no body; memory comes from a. */
void reply_begin(struct reply *r, struct arena *a);
/*
 * Add a header.  A value with a control character is a bug (asserted): what
 * comes from outside is encoded first.
 */
void reply_header(struct reply *r, const char *name, struct str value);
/* Set status, Content-Type and body; headers that were added stay. */
void reply_body(struct reply *r, int status, const char *type, struct str body);
/* The same with a file that is open for reading at its begin; whoever sends
 * the reply closes it. */
void reply_file(
    struct reply *r, int status, const char *type, int fd, int64_t size);
/* Set status 303 and Location; bytes that no URL may have are encoded. */
void reply_see_other(struct reply *r, struct str url);
/*
 * Answer with a fault as problem+json (RFC 9457): status and Russian words of
 * its reason, its fields, and Retry-After where it says to come again.
 * Replaces what was set before.
 */
void reply_problem(
    struct reply *r, const struct fault *f, struct str request_id);
/* Gives: status that a fault is answered with. */
int reply_status(const struct fault *f);
/* Add Retry-After, where the fault says to come again. */
void reply_retry(struct reply *r, const struct fault *f);
/* Gives: "Not Found", ...; "Status" for one that is never used here. */
const char *reply_phrase(int status);
/*
 * Append the head as a gateway takes it (RFC 3875, 6): "Status: 200 OK" and
 * the headers, with Content-Length and X-Request-Id.
 */
void reply_head(const struct reply *r, struct str request_id, struct buf *out);
/*
 * Has the caller this version already (If-None-Match)?  Adds ETag to r.
 * tag: the version without quotes.
 */
bool reply_unchanged(struct reply *r, const struct request *rq, struct str tag);

#endif
