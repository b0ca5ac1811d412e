/*
 * secret: random bytes, digests, comparison in constant time, wiping.
 *
 * The only place besides bank/sign.c that knows OpenSSL.
 */
#ifndef KVITOK_BASE_SECRET_H
#define KVITOK_BASE_SECRET_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define SECRET_SHA256_SIZE 32
#define SECRET_ULID_SIZE 27 /* 26 characters and NUL */

/* Equal, in a time that depends on the lengths only. */
bool secret_eq(struct str a, struct str b);
void secret_wipe(void *p, size_t len);
/* Ends the process when the system gives no randomness. */
void secret_random(void *p, size_t len);
/* n characters of Crockford's base32 (upper case, no I L O U) and NUL. */
void secret_random_text(char *out, size_t n);
void secret_sha256(const void *p, size_t len, uint8_t out[SECRET_SHA256_SIZE]);
/* SHA-256 of s as 64 lower-case hex digits and NUL. */
void secret_sha256_hex(struct str s, char out[65]);
/* SHA-256 of what comes in pieces: begin, add, end; ended once, always. */
struct secret_sum {
	void *ctx; /* OpenSSL's */
};
void secret_sum_begin(struct secret_sum *s);
void secret_sum_add(struct secret_sum *s, struct str piece);
/* Gives: 64 lower-case hex digits and NUL, or nothing when out is NULL; s is
 * free. */
void secret_sum_end(struct secret_sum *s, char out[65]);
/* Crockford base32 of the first 5 * n / 8 bytes of p: n characters and NUL. */
void secret_base32(const uint8_t *p, size_t n, char *out);
/* A ULID (time-ordered, 80 random bits) for the instant. */
void secret_ulid(int64_t at, char out[SECRET_ULID_SIZE]);
/*
 * Read a secret from its file: at most 64 KiB, last line end dropped.
 * Gives: *out in a; the arena's owner wipes nothing, the file is the secret.
 * Fails: ERR_INVALID secret_file (absent, empty, or readable by others:
 * mode & 077 is refused unless the owner is root and the group is ours).
 */
KV_MUST_CHECK enum err secret_file(
    struct arena *a, const char *path, struct str *out, struct fault *f);

#endif
