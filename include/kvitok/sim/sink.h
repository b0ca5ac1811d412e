/*
 * sink: a mail server that takes everything and delivers nothing.
 *
 * RFC 5321 as far as mailers need it: EHLO, HELO, MAIL, RCPT, DATA, RSET,
 * NOOP, QUIT, pipelined if they like.  No TLS, no log-in: it listens on a
 * loopback.  Bounded in letters, recipients, line length and connections.
 */
#ifndef KVITOK_SIM_SINK_H
#define KVITOK_SIM_SINK_H

#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/base/str.h"

#include <stddef.h>

#define SINK_CONNECTIONS_MAX 100

struct caller_fd;
struct sink;
struct world;

/*
 * Listen at host:port.
 * Gives: *out, owned by w->a.  Fails: ERR_INVALID sim_listen.
 */
KV_MUST_CHECK enum err sink_open(
    struct world *w, struct str address, struct sink **out, struct fault *f);
/* Put what is waited for into fds, which has room for
 * SINK_CONNECTIONS_MAX + 1.  Gives: how many. */
size_t sink_fds(struct sink *s, struct caller_fd *fds);
/* Serve what is ready. */
void sink_run(struct sink *s);
/* Close all connections; the listener stays. */
void sink_drop_all(struct sink *s);

#endif
