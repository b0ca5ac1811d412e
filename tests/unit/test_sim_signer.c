#include "kvitok/base/num.h"
#include "kvitok/sim/signer.h"

#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <setjmp.h>
#include <unistd.h>
#include <cmocka.h>

struct fixture {
	struct arena *a;
	struct fault f;
	struct pairs p;
};

static int
setup(void **state)
{
	static struct fixture fx;

	fx.a = arena_new(1 << 20);
	fault_init(&fx.f);
	pairs_init(&fx.p, fx.a);
	*state = &fx;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *fx = *state;

	arena_free(fx->a);
	return 0;
}

static void
text_is(struct str got, const char *wanted)
{
	assert_int_equal(got.len, strlen(wanted));
	assert_memory_equal(got.p, wanted, got.len);
}

/* The published vectors of Sberbank's checksum. */
static const struct {
	const char *key, *query, *text, *sum;
} vectors[] = {
	{ "ooc7slpvc61k7sf7ma7p4hrefr",
	    "status=1&operation=approved&orderNumber=2003&"
	    "mdOrder=06cf5599-3f17-7c86-bdbc-bd7d00a8b38b&checksum=X",
	    "mdOrder;06cf5599-3f17-7c86-bdbc-bd7d00a8b38b;"
	    "operation;approved;orderNumber;2003;status;1;",
	    "EAF2FB72CAB99FD5067F4BA493DD84F4D79C1589FDE8ED29622F0F07215AA97"
	    "2" },
	{ "yourSecretToken",
	    "amount=123456&orderNumber=10747&checksum=DBBE9E54&"
	    "mdOrder=3ff6962a-7dcc-4283-ab50-a6d7dd3386fe&"
	    "operation=deposited&status=1&sign_alias=hmac",
	    "amount;123456;mdOrder;3ff6962a-7dcc-4283-ab50-a6d7dd3386fe;"
	    "operation;deposited;orderNumber;10747;status;1;",
	    "51C892147225ABE87798CB02979D70EF46D0AE79B5AA3B28B1C260BE286C50A"
	    "9" },
	{ "test",
	    "orderNumber=10747&"
	    "mdOrder=3ff6962a-7dcc-4283-ab50-a6d7dd3386fe&"
	    "operation=deposited&status=1%24amount%3D123456",
	    "mdOrder;3ff6962a-7dcc-4283-ab50-a6d7dd3386fe;"
	    "operation;deposited;orderNumber;10747;"
	    "status;1$amount=123456;",
	    "14E0D9722D43BE67BFF111F53570BB5BCCFEED8AD15D72A48D51D4E949DAF98"
	    "8" },
};

static void
checksums_are_the_published_ones(void **state)
{
	struct fixture *fx = *state;

	for (size_t i = 0; i < KV_COUNT(vectors); i++) {
		char sum[SIGNER_HMAC_SIZE];
		struct str text;

		pairs_init(&fx->p, fx->a);
		assert_true(
		    pairs_parse(&fx->p, fx->a, str_of(vectors[i].query)));
		text = signer_checksum_text(fx->a, &fx->p);
		text_is(text, vectors[i].text);
		signer_hmac(str_of(vectors[i].key), text, sum);
		assert_string_equal(sum, vectors[i].sum);
	}
}

static const char public_key[] =
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwtuGKbQ4WmfdV1gjWWys5jyHKTWX"
    "nxX3zVa5/Cx5aKwJpOsjrXnHh6l8bOPQ6Sgj3iSeKJ9plZ3i7rPjkfmwqUOJ1eLU5NvGkVjO"
    "gyi11aUKgEKwS5Iq5HZvXmPLzu+U22EUCTQwjBqnE/Wf0hnIwYABDgc0fJeJJAHYHMBcJXTu"
    "xF8DmDf4DpbLrQ2bpGaCPKcX+04POS4zVLVCHF6N6gYtM7U2QXYcTMTGsAvmIqSj1vddGwvN"
    "GeeUVoPbo6enMBbvZgjN5p6j3ItTziMbVba3m/u7bU1dOG2/79UpGAGR10qEFHiOqS6WpO7C"
    "uIR2tL9EznXRc7D9JZKwGfoY/QIDAQAB";
static const char signature_hex[] =
    "9524FD765FB1BABFB1F42E4BC6EF5A4B07BAA3F9C809098ACBB462618A9327539F975FED"
    "B4CF6EC1556FF88BA74774342AF4F5B51BA63903BE9647C670EBD962467282955BD1D57B"
    "16935C956864526810870CD32967845EBABE1C6565C03F94FF66907CEDB54669A1C74AC1"
    "AD6E39B67FA7EF6D305A007A474F03B80FD6C965656BEAA74E09BB1189F4B32E622C903D"
    "C52843C454B7ACF76D6F76324C27767DE2FF6E7217716C19C530CA7551DB58268CC81563"
    "8C30F3BCA3270E1FD44F63C14974B108E65C20638ECE2F2D752F32742FFC507741510270"
    "6FA5235D310D4948A780B08D1B75C8983F22F211DFCBF14435F262ADDA6A97BFEB6D332C"
    "3D51010B";

static void
the_published_rsa_checksum_is_sha512(void **state)
{
	struct str text = STR("amount;35000099;"
			      "mdOrder;12b59da8-f68f-7c8d-12b5-9da8000826ea;"
			      "operation;deposited;status;1;");
	unsigned char der[512], sig[256];
	size_t der_len = sizeof(der);

	(void)state;
	assert_true(num_parse_base64(str_of(public_key), der, &der_len));
	assert_true(num_parse_hex(str_of(signature_hex), sig, sizeof(sig)));
	struct bytes key = { der, der_len }, s = { sig, sizeof(sig) };

	assert_true(signer_rsa_good(key, SIGNER_SHA512, text, s));
	assert_false(signer_rsa_good(key, SIGNER_SHA256, text, s));
	sig[100] ^= 1;
	assert_false(signer_rsa_good(key, SIGNER_SHA512, text, s));
}

static void
what_is_signed_verifies_with_the_same_digest_only(void **state)
{
	struct fixture *fx = *state;
	struct str url = STR("https://a.example:8443/r?trx_id=1&ts=2");
	struct signer_key *key;
	struct bytes sig, spki;

	assert_int_equal(signer_key_make(fx->a, &key, &fx->f), ERR_OK);
	assert_int_equal(
	    signer_rsa(fx->a, key, SIGNER_SHA1, url, &sig, &fx->f), ERR_OK);
	assert_int_equal(sig.len, 256);
	spki = signer_key_public(fx->a, key);
	assert_true(signer_rsa_good(spki, SIGNER_SHA1, url, sig));
	assert_false(signer_rsa_good(spki, SIGNER_SHA256, url, sig));
	url.len--;
	assert_false(signer_rsa_good(spki, SIGNER_SHA1, url, sig));
}

static void
a_file_that_is_no_key_is_refused(void **state)
{
	struct fixture *fx = *state;
	struct signer_key *key;

	assert_int_equal(signer_key_load(fx->a, STR("/dev/null"), &key, &fx->f),
	    ERR_INVALID);
	assert_string_equal(fx->f.reason, "sim_key");
	assert_int_equal(
	    signer_key_load(fx->a, STR("/no/such/file"), &key, &fx->f),
	    ERR_INVALID);
}

/* A digest of SHA-512 has no place in it. */
static void
a_key_that_is_too_short_signs_nothing(void **state)
{
	struct fixture *fx = *state;
	struct signer_key *key;
	struct bytes sig;
	char path[] = "/tmp/kvitok-key.XXXXXX";
	EVP_PKEY *made = EVP_RSA_gen(512);
	int fd = mkstemp(path);
	FILE *out;

	assert_non_null(made);
	assert_true(fd >= 0);
	out = fdopen(fd, "w");
	assert_non_null(out);
	assert_int_equal(
	    PEM_write_PrivateKey(out, made, NULL, NULL, 0, NULL, NULL), 1);
	assert_int_equal(fclose(out), 0);
	EVP_PKEY_free(made);
	assert_int_equal(
	    signer_key_load(fx->a, str_of(path), &key, &fx->f), ERR_OK);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(
	    signer_rsa(fx->a, key, SIGNER_SHA512, STR("x"), &sig, &fx->f),
	    ERR_BUG);
	assert_string_equal(fx->f.reason, "sim_sign");
}

static void
a_parameter_goes_before_the_fragment(void **state)
{
	struct fixture *fx = *state;

	text_is(pairs_url_with(fx->a, STR("http://a/b"), "o", STR("1 &")),
	    "http://a/b?o=1%20%26");
	text_is(pairs_url_with(fx->a, STR("http://a/b?x=1"), "o", STR("1")),
	    "http://a/b?x=1&o=1");
	text_is(pairs_url_with(fx->a, STR("http://a/b#f?"), "o", STR("1")),
	    "http://a/b?o=1#f?");
}

static void
broken_percent_signs_are_refused(void **state)
{
	struct fixture *fx = *state;

	assert_false(pairs_parse(&fx->p, fx->a, STR("a=%4")));
	assert_false(pairs_parse(&fx->p, fx->a, STR("a=%zz")));
	assert_true(pairs_parse(&fx->p, fx->a, STR("b=%41+c&&d")));
	text_is(pairs_get(&fx->p, "b"), "A c");
	assert_true(pairs_has(&fx->p, "d"));
	assert_false(pairs_has(&fx->p, "e"));
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(checksums_are_the_published_ones),
		T(the_published_rsa_checksum_is_sha512),
		T(what_is_signed_verifies_with_the_same_digest_only),
		T(a_file_that_is_no_key_is_refused),
		T(a_key_that_is_too_short_signs_nothing),
		T(a_parameter_goes_before_the_fragment),
		T(broken_percent_signs_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
