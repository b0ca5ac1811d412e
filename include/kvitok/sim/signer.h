/*
 * signer: how the banks of the simulator sign what they send.
 *
 * Sberbank: checksum over sorted name;value; pairs, HMAC-SHA256 or RSA.
 * Gazprombank: RSA over a URL.  Only signs; the merchant is who verifies.
 */
#ifndef KVITOK_SIM_SIGNER_H
#define KVITOK_SIM_SIGNER_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/sim/pairs.h"

enum signer_digest { SIGNER_SHA1, SIGNER_SHA256, SIGNER_SHA512 };

#define SIGNER_HMAC_SIZE 65 /* 64 upper-case hex digits and NUL */

struct signer_key; /* RSA private key; freed with its arena */

/*
 * Read a private key from a PEM file without a passphrase.
 * Gives: *out, owned by a.
 * Fails: ERR_INVALID sim_key.
 */
KV_MUST_CHECK enum err signer_key_load(
    struct arena *a, struct str path, struct signer_key **out, struct fault *f);
/* Make a fresh RSA-2048 key, for tests.  Fails: ERR_BUG sim_sign. */
KV_MUST_CHECK enum err signer_key_make(
    struct arena *a, struct signer_key **out, struct fault *f);
/*
 * Gives: "name;value;" of every pair but checksum and sign_alias, sorted by
 * name in byte order, in a.
 */
struct str signer_checksum_text(struct arena *a, const struct pairs *p);
/* HMAC-SHA256 of text in upper-case hex. */
void signer_hmac(struct str key, struct str text, char out[SIGNER_HMAC_SIZE]);
/*
 * RSASSA-PKCS1-v1_5 over text.
 * Gives: *out in a, as long as the key's modulus.
 * Fails: ERR_BUG sim_sign.
 */
KV_MUST_CHECK enum err signer_rsa(struct arena *a, const struct signer_key *key,
    enum signer_digest digest, struct str text, struct bytes *out,
    struct fault *f);
/*
 * Check a signature against a public key given as DER SubjectPublicKeyInfo:
 * the self-test of settings, and published vectors.
 */
KV_MUST_CHECK bool signer_rsa_good(struct bytes spki, enum signer_digest digest,
    struct str text, struct bytes signature);
/* Gives: DER SubjectPublicKeyInfo of the key, in a; empty on failure. */
struct bytes signer_key_public(struct arena *a, const struct signer_key *key);

#endif
