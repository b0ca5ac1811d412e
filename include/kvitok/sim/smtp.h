/*
 * smtp: a mail server that takes everything and delivers nothing.
 *
 * RFC 5321 as far as mailers need it: EHLO, HELO, MAIL, RCPT, DATA, RSET,
 * NOOP, QUIT, pipelined if they like.  No TLS, no log-in: it listens on a
 * loopback.  Bounded in letters, recipients, line length and connections.
 */
#ifndef KVITOK_SIM_SMTP_H
#define KVITOK_SIM_SMTP_H

#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/base/str.h"

#include <curl/curl.h>
#include <stddef.h>

#define SMTP_CONNECTIONS_MAX 100

struct smtp;
struct world;

/*
 * Listen at host:port.
 * Gives: *out, owned by w->a.  Fails: ERR_INVALID sim_listen.
 */
KV_MUST_CHECK enum err smtp_open(
    struct world *w, struct str address, struct smtp **out, struct fault *f);
/* Put what is waited for into fds, which has room for
 * SMTP_CONNECTIONS_MAX + 1.  Gives: how many. */
size_t smtp_fds(struct smtp *s, struct curl_waitfd *fds);
/* Serve what is ready. */
void smtp_run(struct smtp *s);
/* Close all connections; the listener stays. */
void smtp_drop_all(struct smtp *s);

#endif
