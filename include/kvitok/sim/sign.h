/*
 * sign: how the banks of the simulator sign what they send.
 *
 * Sberbank: checksum over sorted name;value; pairs, HMAC-SHA256 or RSA.
 * Gazprombank: RSA over a URL.  Only signs; the merchant is who verifies.
 */
#ifndef KVITOK_SIM_SIGN_H
#define KVITOK_SIM_SIGN_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/sim/pairs.h"

enum sign_digest { SIGN_SHA1, SIGN_SHA256, SIGN_SHA512 };

#define SIGN_HMAC_SIZE 65 /* 64 upper-case hex digits and NUL */

struct sign_key; /* RSA private key; freed with its arena */

/*
 * Read a private key from a PEM file without a passphrase.
 * Gives: *out, owned by a.
 * Fails: ERR_INVALID sim_key.
 */
KV_MUST_CHECK enum err sign_key_load(
    struct arena *a, struct str path, struct sign_key **out, struct fault *f);
/* Make a fresh RSA-2048 key, for tests.  Fails: ERR_BUG sim_sign. */
KV_MUST_CHECK enum err sign_key_make(
    struct arena *a, struct sign_key **out, struct fault *f);
/*
 * Gives: "name;value;" of every pair but checksum and sign_alias, sorted by
 * name in byte order, in a.
 */
struct str sign_checksum_text(struct arena *a, const struct pairs *p);
/* HMAC-SHA256 of text in upper-case hex. */
void sign_hmac(struct str key, struct str text, char out[SIGN_HMAC_SIZE]);
/*
 * RSASSA-PKCS1-v1_5 over text.
 * Gives: *out in a, as long as the key's modulus.
 * Fails: ERR_BUG sim_sign.
 */
KV_MUST_CHECK enum err sign_rsa(struct arena *a, const struct sign_key *key,
    enum sign_digest digest, struct str text, struct bytes *out,
    struct fault *f);
/*
 * Check a signature against a public key given as DER SubjectPublicKeyInfo:
 * the self-test of settings, and published vectors.
 */
KV_MUST_CHECK bool sign_rsa_good(struct bytes spki, enum sign_digest digest,
    struct str text, struct bytes signature);
/* Gives: DER SubjectPublicKeyInfo of the key, in a; empty on failure. */
struct bytes sign_key_public(struct arena *a, const struct sign_key *key);

#endif
