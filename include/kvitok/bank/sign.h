/*
 * sign: HMAC and RSA signatures of the banks' call-backs.
 *
 * The only place besides base/secret that knows OpenSSL.  Verifies only: no
 * private key ever comes here.  Whether a signature is demanded, and over
 * which text, is known to the callers.
 */
#ifndef KVITOK_BANK_SIGN_H
#define KVITOK_BANK_SIGN_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIGN_HMAC_SIZE 32
#define SIGN_RSA_BYTES_MIN 256 /* 2048 bits */
#define SIGN_RSA_BYTES_MAX 1024

enum sign_digest {
	SIGN_SHA1, /* Gazprombank signs so; nothing of ours does */
	SIGN_SHA256,
	SIGN_SHA512
};

/* An RSA public key, perhaps with the end date of its certificate. */
struct sign_key;

/* HMAC-SHA256 of text under key. */
void sign_hmac(struct str key, struct str text, uint8_t out[SIGN_HMAC_SIZE]);

/*
 * Read an X.509 certificate or a public key, in PEM or DER.
 * Gives: *out, owned by a.
 * Fails: ERR_INVALID cert_bad (neither; not RSA; below 2048 bits).
 */
KV_MUST_CHECK enum err sign_key_read(
    struct arena *a, struct bytes data, struct sign_key **out, struct fault *f);
/* Gives: ms UTC when its certificate ends; 0 for a bare key. */
int64_t sign_key_ends_at(const struct sign_key *k);

/* RSASSA-PKCS1-v1_5 of text; a signature of another length is wrong. */
bool sign_verify(const struct sign_key *k, enum sign_digest digest,
    struct str text, struct bytes signature);

/*
 * Verify a signature made beforehand with each digest that is used: a
 * system-wide crypto policy may forbid SHA-1, and then every payment through
 * Gazprombank would look forged.  Called once at start.
 * Fails: ERR_BUG sign_broken.
 */
KV_MUST_CHECK enum err sign_self_test(struct arena *a, struct fault *f);

#endif
