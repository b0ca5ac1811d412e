#include "kvitok/bank/sign.h"

#include "kvitok/base/num.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

struct sign_key {
	EVP_PKEY *pkey;
	int64_t ends_at;
};

/* Self test: the text "kvitok", signed once with a key that was thrown away. */
static const char test_key[] =
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwFZ19iJ7zbfg+BGToz0u"
    "s5jlS/BIKJm9osAmnMKXJGYu9a2zxrk45FxZVfByB1PB0+NgqQ19Crnp2wBMogkX"
    "JEhylHMQGfezn5R4L50/BIeIl2Kb2EtOgzrKnn8ZrazYI4mSdAEf5Vv1+kQBd4/g"
    "EOUmwlMeJ2eesR1WlHtNoIo1ltXDOhepUIgSuon1Tl8O3vHF2C3a3T23DwudoJb8"
    "K8ICjVPIesIlIkNAH4jLmJr7MvGEI2U5U9FxDfdLRk+i6w0WhlHPpJK+K9SINuEU"
    "cA6aKAlS2M+xu9GZXTU2gyAR2T4lnZiPoxbpL1SVg1wVoUSuqVQqXSreIsvhhaG8"
    "3wIDAQAB";

static const char *const test_signatures[] = {
	[SIGN_SHA1] =
	    "Xqb+uTxT8IUJ+fjEGmJNhO1KhSM3YbTX1P9owCSVDZncOryZOo2SYLrEQ8FxxCtS"
	    "361gR7CJiqWen78Zljut7KQZ/hTRlVQEQm3dfyhs3gEc8BSf/sD1KXGlvb5kpACi"
	    "uJiPr7cKl+YgMg98wS5N/o7L1NRfdM40ph1vdBj4jO2YQwOdEsst+2is6eZYQUaT"
	    "u7ytG1PuaAD0j+L43d5Nf9QlSeDYTu4mXl81G45vm4pRdV68n8fPaWLViyQCsm5D"
	    "x3RK7zSsQdg+3OcV31WV8IIqiqYEgxF3BR9RbJT4g68L48nX4sTHsXtQqZXfUEse"
	    "Nj0s4WwBzq1r1Y9SJYvzSA==",
	[SIGN_SHA256] =
	    "adAEG/kMDT1IGyFwcp9JBJbV5eLGa77BJYR/iIyim0HTw/4pkKhclDBhbnoWZo1O"
	    "4JXVH5BijNyfnPHfTYQJd+/dEcJYL4JIdRmO/clhyOyLoXI5Uk/VhEjteGjcK0sp"
	    "6l4iebqzDvRYmi/0FUa+upjYuYTfPO21CKpdyOpr7C9JNbOrl/NPzwV//EGqx4hh"
	    "CUbkDFg2qV2PwIU6wWJX0WLl1O493CHgap2ge3rEwqyN5Veym4ge7+pg/k2jVn3a"
	    "7hRcg87H4FSZApH0Kzd+IUqWDRvbgDdr2KFSmv3p6CLI8dZZfJRFycvlhtvLLvKw"
	    "TD8uZl8EfM2Unf+YywG3Gw==",
	[SIGN_SHA512] =
	    "tfBOyuKoGv/2oPDNRVC0USMHgkm+DlOQ5QEPG5G568H6gSkzOLHtfLpbCt1hKP6X"
	    "w8CMayI6Rx3zdzB0DLui2jZX3P3/kN8GWGdGL7EFKSoLK/izadUe0Vd+WQjqnmKh"
	    "0Z+rkrYl5nMpcO25sj8F+tWH/vvUcqw4+cFOguvWvRqIcRHD7EqawQYCQZxaP53u"
	    "g0+sx9af99DDf/XuFmjPjWDc30PGpG43zES0mqv/CVR8cCGnKFnWpZpRFlZPxahz"
	    "VeqAIOky4EWXJWMcrnwr873/+N9TiDlq0kbAjq+GEyCzqYlKyc2lqY5vUGvUXyxf"
	    "MhV0PvZLcWzll5qIfx8w/Q==",
};

void
sign_hmac(struct str key, struct str text, uint8_t out[SIGN_HMAC_SIZE])
{
	unsigned len = SIGN_HMAC_SIZE;

	assert(key.len <= INT_MAX);
	/* Fails only when memory is out; a digest of zeros must not pass. */
	if (HMAC(EVP_sha256(), key.p ? key.p : "", (int)key.len,
		(const unsigned char *)text.p, text.len, out, &len) == NULL)
		abort();
}

/* Gives: ms UTC of notAfter, 0 when it cannot be read. */
static int64_t
cert_end(const X509 *cert)
{
	ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
	int days = 0, seconds = 0;
	int64_t at = 0;

	if (epoch != NULL &&
	    ASN1_TIME_diff(&days, &seconds, epoch, X509_get0_notAfter(cert)))
		at = ((int64_t)days * 86400 + seconds) * 1000;
	ASN1_TIME_free(epoch);
	return at;
}

static EVP_PKEY *
read_pem(BIO *in, int64_t *ends_at)
{
	X509 *cert = PEM_read_bio_X509(in, NULL, NULL, NULL);
	EVP_PKEY *pkey;

	if (cert == NULL) {
		(void)BIO_reset(in); /* a memory BIO cannot fail here */
		return PEM_read_bio_PUBKEY(in, NULL, NULL, NULL);
	}
	*ends_at = cert_end(cert);
	pkey = X509_get_pubkey(cert);
	X509_free(cert);
	return pkey;
}

static EVP_PKEY *
read_der(BIO *in, int64_t *ends_at)
{
	X509 *cert = d2i_X509_bio(in, NULL);
	EVP_PKEY *pkey;

	if (cert == NULL) {
		(void)BIO_reset(in); /* a memory BIO cannot fail here */
		return d2i_PUBKEY_bio(in, NULL);
	}
	*ends_at = cert_end(cert);
	pkey = X509_get_pubkey(cert);
	X509_free(cert);
	return pkey;
}

static void
free_key(void *pkey)
{
	EVP_PKEY_free(pkey);
}

enum err
sign_key_read(
    struct arena *a, struct bytes data, struct sign_key **out, struct fault *f)
{
	struct str text = { (const char *)data.p, data.len };
	struct sign_key *k;
	EVP_PKEY *pkey;
	int64_t ends_at = 0;
	BIO *in;

	if (data.len == 0 || data.len > INT_MAX)
		return fault_set(f, ERR_INVALID, "cert_bad", "empty");
	in = BIO_new_mem_buf(data.p, (int)data.len);
	if (in == NULL)
		abort(); /* out of memory */
	if (str_find(text, STR("-----BEGIN")) < text.len)
		pkey = read_pem(in, &ends_at);
	else
		pkey = read_der(in, &ends_at);
	BIO_free(in);
	/* libcurl shares the queue and would report our leftovers as its. */
	ERR_clear_error();
	if (pkey == NULL)
		return fault_set(f, ERR_INVALID, "cert_bad",
		    "neither a certificate nor a public key");
	if (!EVP_PKEY_is_a(pkey, "RSA") ||
	    EVP_PKEY_get_size(pkey) < SIGN_RSA_BYTES_MIN ||
	    EVP_PKEY_get_size(pkey) > SIGN_RSA_BYTES_MAX) {
		EVP_PKEY_free(pkey);
		return fault_set(f, ERR_INVALID, "cert_bad",
		    "not an RSA key of 2048 to 8192 bits");
	}
	k = ARENA_NEW(a, struct sign_key);
	k->pkey = pkey;
	k->ends_at = ends_at;
	arena_defer(a, free_key, pkey);
	*out = k;
	return ERR_OK;
}

int64_t
sign_key_ends_at(const struct sign_key *k)
{
	return k->ends_at;
}

static const EVP_MD *
digest_of(enum sign_digest digest)
{
	switch (digest) {
	case SIGN_SHA1:
		return EVP_sha1();
	case SIGN_SHA256:
		return EVP_sha256();
	case SIGN_SHA512:
		break;
	}
	return EVP_sha512();
}

bool
sign_verify(const struct sign_key *k, enum sign_digest digest, struct str text,
    struct bytes signature)
{
	EVP_MD_CTX *ctx;
	bool good;

	if (signature.len != (size_t)EVP_PKEY_get_size(k->pkey))
		return false;
	ctx = EVP_MD_CTX_new();
	if (ctx == NULL)
		abort(); /* out of memory */
	/* PKCS #1 v1.5 is the default padding of RSA keys. */
	good = EVP_DigestVerifyInit(
		   ctx, NULL, digest_of(digest), NULL, k->pkey) == 1 &&
	    EVP_DigestVerify(ctx, signature.p, signature.len,
		(const unsigned char *)(text.p ? text.p : ""), text.len) == 1;
	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return good;
}

enum err
sign_self_test(struct arena *a, struct fault *f)
{
	unsigned char der[512], sig[SIGN_RSA_BYTES_MIN];
	size_t len = sizeof(der);
	struct sign_key *k = NULL;
	enum err rc;

	if (!num_parse_base64(str_of(test_key), der, &len))
		return fault_set(f, ERR_BUG, "sign_broken", "test key");
	rc = sign_key_read(a, (struct bytes){ der, len }, &k, f);
	if (rc != ERR_OK || k == NULL)
		return fault_set(f, ERR_BUG, "sign_broken", "test key unread");
	for (size_t i = 0; i < KV_COUNT(test_signatures); i++) {
		len = sizeof(sig);
		if (!num_parse_base64(str_of(test_signatures[i]), sig, &len) ||
		    !sign_verify(k, (enum sign_digest)i, STR("kvitok"),
			(struct bytes){ sig, len }))
			return fault_set(f, ERR_BUG, "sign_broken",
			    "RSA with digest %d of sha1, sha256, sha512 is not "
			    "verified; does a crypto policy forbid it?",
			    (int)i);
	}
	return ERR_OK;
}
