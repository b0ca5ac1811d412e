/*
 * http: calls to one bank, with verified TLS and deadlines.
 *
 * The only place that knows libcurl besides the mailer.  One client per
 * contract keeps its connection for calls that may repeat; a call that must
 * not repeat always gets a fresh connection, for on a kept one that the bank
 * has just closed libcurl would send it a second time without a word.
 * Never follows a redirect, uses a proxy of the environment, sends a cookie
 * or takes plain http:// to another host.
 */
#ifndef KVITOK_BANK_HTTP_H
#define KVITOK_BANK_HTTP_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define HTTP_ANSWER_MAX (1 << 20)

struct http_settings {
	struct str base;    /* "https://bank.example/api/"; paths follow it */
	struct str ca_file; /* PEM; empty: the system's store only */
	bool ca_system;     /* the system's store beside ca_file */
	bool ipv4;          /* never IPv6 */
	int64_t connect_ms; /* name, TCP and TLS */
	int64_t total_ms;   /* everything */
};

struct http; /* one client */

struct http_request {
	struct str path; /* appended to base as it is */
	struct str type; /* Content-Type; empty: a GET without a body */
	struct str body;
	struct str header; /* one more, "Name: value"; empty: none */
	bool once;         /* sent at most once, whatever happens */
};

struct http_answer {
	int status;
	struct str body; /* in the arena of the call */
	int64_t took_ms; /* also set when the call failed */
};

/*
 * Make a client; nothing is connected yet.
 * Gives: *out, owned by a, with its connections.
 * Fails: ERR_INVALID bank_url_bad (not https://, and not http:// of a
 * loopback host; with a user or a fragment).
 */
KV_MUST_CHECK enum err http_new(struct arena *a, const struct http_settings *s,
    struct http **out, struct fault *f);

/*
 * Make one call.
 * Gives: *out: a whole answer of whatever HTTP status; its body in a.
 * Fails: ERR_AGAIN bank_unavailable: certainly not a byte of the request was
 * sent; ERR_UNSURE bank_unsure: it was sent, at least in part, and no whole
 * answer of at most HTTP_ANSWER_MAX bytes came in time.
 */
KV_MUST_CHECK enum err http_call(struct http *h, struct arena *a,
    const struct http_request *rq, struct http_answer *out, struct fault *f);

#endif
