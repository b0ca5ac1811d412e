/*
 * fcgi: requests from a FastCGI socket, one at a time.
 *
 * The listening socket is descriptor 0, and other processes share it.  A
 * signal to stop is let in only while nobody is being served; its handler,
 * which belongs to the program, puts something that is no socket in the place
 * of descriptor 0, so that waiting ends whenever the signal comes.
 */
#ifndef KVITOK_HTTP_FCGI_H
#define KVITOK_HTTP_FCGI_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/http/reply.h"
#include "kvitok/http/request.h"

struct fcgi;

/*
 * Begin; from here on SIGTERM and SIGINT wait until fcgi_accept.
 * Gives: *out in a.
 * Fails: ERR_BUG internal.
 */
KV_MUST_CHECK enum err fcgi_open(
    struct arena *a, struct fcgi **out, struct fault *f);
/*
 * Wait for the next request.
 * Gives: true with env, read and self of r set, valid until fcgi_answer;
 * false when the listening socket is gone: it is time to end.
 */
KV_MUST_CHECK bool fcgi_accept(struct fcgi *s, struct request *r);
/* Send the answer, close its file and end the request; a caller that has left
 * is nothing. */
void fcgi_answer(struct fcgi *s, const struct request *r, struct reply *out);

#endif
