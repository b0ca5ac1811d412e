/*
 * staff: rules for people at the desk: logins, passwords, rights, and how long
 * whoever guesses has to wait.
 */
#ifndef KVITOK_DOMAIN_STAFF_H
#define KVITOK_DOMAIN_STAFF_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define STAFF_LOGIN_MIN 3
#define STAFF_LOGIN_MAX 40
#define STAFF_NAME_MAX 120    /* characters */
#define STAFF_PASSWORD_MIN 12 /* characters (NIST SP 800-63B asks for 8) */
#define STAFF_PASSWORD_DIFFERENT 5
#define STAFF_SESSIONS_MAX 10 /* of one person; then the oldest ends */
#define STAFF_DEVICES_MAX 20  /* browsers that are known */
/* A browser is known for so long after the last login in it. */
#define STAFF_DEVICE_MS (180 * INT64_C(86400000))
#define STAFF_TRIES_FREE 4 /* wrong passwords that cost no wait */
#define STAFF_WAIT_FIRST_MS 30000
#define STAFF_WAIT_MAX_MS 900000
/* A wrong password is forgotten after so long. */
#define STAFF_TRY_MS INT64_C(86400000)
/* Failures of logins that are none are kept so long; the tables let nothing
 * go before 90 days. */
#define STAFF_STRANGER_MS (91 * INT64_C(86400000))

/*
 * Fold a login as it was typed: Latin letters, digits and . _ - @ between
 * them.  Letters of one alphabet only: no two logins look the same.
 * Gives: out in lower case, and its NUL; false for what is none.
 */
KV_MUST_CHECK bool staff_login_fold(
    struct str typed, char out[STAFF_LOGIN_MAX + 1]);
/*
 * What is wrong with a new password of a login?  As NIST SP 800-63B, 5.1.1.2,
 * has it: length counts, not kinds of characters.
 * Gives: password_short, password_long, password_login, password_plain; NULL:
 * nothing.
 */
const char *staff_password_wrong(struct str login, struct str password);
/*
 * What is wrong with the rights of one who sees a supplier alone (or, with
 * supplier empty, the whole portal)?  Nobody at a desk pays for a payer;
 * a supplier's accountant looks, and moves nothing.
 * Gives: staff_rights_none, staff_rights_pay, staff_rights_supplier; NULL.
 */
const char *staff_rights_wrong(struct str supplier, unsigned rights);
/* Gives: how long after so many wrong passwords the next one must wait: 0 for
 * the first four, then 30 s, doubled each time, a quarter of an hour at most,
 * so that nobody is locked out for ever. */
int64_t staff_wait_ms(int64_t fails);
/*
 * A caller's address as tries are counted by: the address, of IPv6 its first
 * 64 bits, for a subscriber has all of those.
 * Gives: text in a; empty for what is no address.
 */
struct str staff_door(struct arena *a, struct str remote);
/* The same as the trail keeps it: 192.0.2.*, 2001:db8:0:1:*. */
struct str staff_network(struct arena *a, struct str remote);

#endif
