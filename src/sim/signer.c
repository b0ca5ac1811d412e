#include "kvitok/sim/signer.h"

#include "kvitok/base/buf.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdlib.h>

struct signer_key {
	EVP_PKEY *pkey;
};

static void
key_free(void *object)
{
	EVP_PKEY_free(object);
}

static struct signer_key *
key_keep(struct arena *a, EVP_PKEY *pkey)
{
	struct signer_key *k = ARENA_NEW(a, struct signer_key);

	k->pkey = pkey;
	arena_defer(a, key_free, pkey);
	return k;
}

enum err
signer_key_load(
    struct arena *a, struct str path, struct signer_key **out, struct fault *f)
{
	BIO *bio = BIO_new_file(arena_z(a, path), "r");
	EVP_PKEY *pkey = NULL;

	if (bio) {
		pkey = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
		BIO_free(bio);
	}
	if (!pkey || EVP_PKEY_base_id(pkey) != EVP_PKEY_RSA) {
		EVP_PKEY_free(pkey);
		return fault_set(f, ERR_INVALID, "sim_key",
		    "%.*s is no RSA private key in PEM", STR_ARG(path));
	}
	*out = key_keep(a, pkey);
	return ERR_OK;
}

enum err
signer_key_make(struct arena *a, struct signer_key **out, struct fault *f)
{
	EVP_PKEY *pkey = EVP_RSA_gen(2048);

	if (!pkey)
		return fault_set(f, ERR_BUG, "sim_sign", "no key was made");
	*out = key_keep(a, pkey);
	return ERR_OK;
}

static int
by_name(const void *left, const void *right)
{
	const struct pair *l = left, *r = right;
	int way = str_cmp(l->name, r->name);

	return way != 0 ? way : str_cmp(l->value, r->value);
}

struct str
signer_checksum_text(struct arena *a, const struct pairs *p)
{
	struct pair *sorted = ARENA_ARRAY(a, p->len + 1, struct pair);
	struct buf b;

	for (size_t i = 0; i < p->len; i++)
		sorted[i] = p->v[i];
	qsort(sorted, p->len, sizeof(*sorted), by_name);
	buf_init(&b, a, 1 << 16);
	for (size_t i = 0; i < p->len; i++) {
		if (str_eq(sorted[i].name, STR("checksum")) ||
		    str_eq(sorted[i].name, STR("sign_alias")))
			continue;
		buf_text(&b, sorted[i].name);
		buf_lit(&b, ";");
		buf_text(&b, sorted[i].value);
		buf_lit(&b, ";");
	}
	return buf_str(&b);
}

void
signer_hmac(struct str key, struct str text, char out[SIGNER_HMAC_SIZE])
{
	static const char digits[] = "0123456789ABCDEF";
	unsigned char mac[EVP_MAX_MD_SIZE] = { 0 };
	unsigned int len = 0;

	HMAC(EVP_sha256(), key.p, (int)key.len, (const unsigned char *)text.p,
	    text.len, mac, &len);
	for (size_t i = 0; i < 32; i++) {
		out[2 * i] = digits[mac[i] >> 4];
		out[2 * i + 1] = digits[mac[i] & 15];
	}
	out[64] = '\0';
}

static const EVP_MD *
digest_md(enum signer_digest digest)
{
	switch (digest) {
	case SIGNER_SHA1:
		return EVP_sha1();
	case SIGNER_SHA256:
		return EVP_sha256();
	case SIGNER_SHA512:
		break;
	}
	return EVP_sha512();
}

enum err
signer_rsa(struct arena *a, const struct signer_key *key,
    enum signer_digest digest, struct str text, struct bytes *out,
    struct fault *f)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t len = (size_t)EVP_PKEY_size(key->pkey);
	unsigned char *sig = arena_alloc(a, len);
	bool good = ctx &&
	    EVP_DigestSignInit(ctx, NULL, digest_md(digest), NULL, key->pkey) ==
		1 &&
	    EVP_DigestSign(
		ctx, sig, &len, (const unsigned char *)text.p, text.len) == 1;

	EVP_MD_CTX_free(ctx);
	if (!good)
		return fault_set(f, ERR_BUG, "sim_sign", "OpenSSL refused");
	*out = (struct bytes){ sig, len };
	return ERR_OK;
}

bool
signer_rsa_good(struct bytes spki, enum signer_digest digest, struct str text,
    struct bytes signature)
{
	const unsigned char *p = spki.p;
	EVP_PKEY *pkey = d2i_PUBKEY(NULL, &p, (long)spki.len);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good = pkey && ctx &&
	    EVP_DigestVerifyInit(ctx, NULL, digest_md(digest), NULL, pkey) ==
		1 &&
	    EVP_DigestVerify(ctx, signature.p, signature.len,
		(const unsigned char *)text.p, text.len) == 1;

	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	return good;
}

struct bytes
signer_key_public(struct arena *a, const struct signer_key *key)
{
	int len = i2d_PUBKEY(key->pkey, NULL);
	unsigned char *der, *end;

	if (len <= 0)
		return (struct bytes){ NULL, 0 };
	der = end = arena_alloc(a, (size_t)len);
	len = i2d_PUBKEY(key->pkey, &end);
	return (struct bytes){ der, len > 0 ? (size_t)len : 0 };
}
