/*
 * password: digests of passwords that people choose.
 *
 * argon2id (RFC 9106) with the parameters that OWASP's «Password Storage»
 * names least: 19 MiB, two passes, one lane.  The only module that knows
 * libargon2.  Each call takes that memory and about a tenth of a second, so
 * that whoever calls bounds how many may ask.
 */
#ifndef KVITOK_BASE_PASSWORD_H
#define KVITOK_BASE_PASSWORD_H

#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/base/str.h"

#include <stdbool.h>

#define PASSWORD_MAX 128 /* bytes; a longer one is never hashed */
#define PASSWORD_HASH_SIZE 128

/*
 * Hash a password with a salt of its own.
 * Gives: out in PHC's form, "$argon2id$v=19$m=19456,t=2,p=1$...", and NUL.
 * Fails: ERR_INVALID password_long; ERR_AGAIN busy (no memory).
 */
KV_MUST_CHECK enum err password_hash(
    struct str password, char out[PASSWORD_HASH_SIZE], struct fault *f);
/*
 * Is this the password of the hash?  Compared in constant time.
 * Gives: *fits; *stale, the hash was made with less than it would be today.
 * Fails: ERR_BUG internal (no hash of ours, or one that asks for far more than
 * ours do); ERR_AGAIN busy (no memory).
 */
KV_MUST_CHECK enum err password_check(struct str hash, struct str password,
    bool *fits, bool *stale, struct fault *f);

#endif
