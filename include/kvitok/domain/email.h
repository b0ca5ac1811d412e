/*
 * email: may a letter be sent to this address?
 *
 * A practical part of RFC 5321: local part of dot-separated atoms, domain of
 * at least two labels, ASCII only.  No quotes, comments, spaces, controls or
 * address literals: what is accepted can stand in a header and in an SMTP
 * command as it is.  Whether the mailbox exists is not known here.
 */
#ifndef KVITOK_DOMAIN_EMAIL_H
#define KVITOK_DOMAIN_EMAIL_H

#include "kvitok/base/attr.h"
#include "kvitok/base/str.h"

#include <stdbool.h>

#define EMAIL_MAX 254 /* RFC 5321, 4.5.3.1.3, without the brackets */
#define EMAIL_LOCAL_MAX 64

/*
 * Gives: NULL when s is good; else why not, an id of reason.def: email_bad,
 * or email_not_ascii for letters outside ASCII (write IDN domains as xn--).
 */
KV_MUST_CHECK const char *email_wrong(struct str s);
KV_MUST_CHECK bool email_ok(struct str s);

#endif
