/*
 * smtp: the mailer port over SMTP (libcurl).
 *
 * One connection is kept between letters.  Certificates are verified.  A
 * letter is handed over once per call: what was lost before the server could
 * have the whole letter is ERR_AGAIN, what was lost after it ERR_UNSURE.
 */
#ifndef KVITOK_MAIL_SMTP_H
#define KVITOK_MAIL_SMTP_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/base/str.h"
#include "kvitok/port/mailer.h"

#include <stdint.h>

enum smtp_tls {
	SMTP_TLS_NONE,     /* a relay on this host */
	SMTP_TLS_STARTTLS, /* demanded: a server without it gets nothing */
	SMTP_TLS_WHOLE     /* smtps, port 465 */
};

struct smtp_settings {
	struct str host; /* a name or an IPv4 address */
	int port;
	enum smtp_tls tls;
	struct str ca_file; /* empty: those of the system */
	struct str user;    /* empty: no log-in; needs TLS */
	struct str password;
	struct str helo;        /* our name; empty: what the host is called */
	int64_t connect_max_ms; /* above 0 */
	int64_t total_max_ms;   /* of one letter, above 0 */
};

/*
 * Make a mailer; nothing is sent yet.
 * Gives: *out, whose connection closes with a.
 * Fails: ERR_INVALID conf_bad (settings that do not fit together), ERR_BUG
 * mail_bad (libcurl does not start).
 */
KV_MUST_CHECK enum err smtp_new(struct arena *a, const struct smtp_settings *s,
    struct mailer *out, struct fault *f);

#endif
