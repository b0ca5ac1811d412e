#include "kvitok/bank/sign.h"

#include "kvitok/base/num.h"

#include <openssl/evp.h>

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

/* A public test vector of the gateway: SubjectPublicKeyInfo, text, checksum. */
static const char vector_key[] =
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwtuGKbQ4WmfdV1gjWWys5jyH"
    "KTWXnxX3zVa5/Cx5aKwJpOsjrXnHh6l8bOPQ6Sgj3iSeKJ9plZ3i7rPjkfmwqUOJ1eLU"
    "5NvGkVjOgyi11aUKgEKwS5Iq5HZvXmPLzu+U22EUCTQwjBqnE/Wf0hnIwYABDgc0fJeJ"
    "JAHYHMBcJXTuxF8DmDf4DpbLrQ2bpGaCPKcX+04POS4zVLVCHF6N6gYtM7U2QXYcTMTG"
    "sAvmIqSj1vddGwvNGeeUVoPbo6enMBbvZgjN5p6j3ItTziMbVba3m/u7bU1dOG2/79Up"
    "GAGR10qEFHiOqS6WpO7CuIR2tL9EznXRc7D9JZKwGfoY/QIDAQAB";
static const char vector_text[] =
    "amount;35000099;mdOrder;12b59da8-f68f-7c8d-12b5-9da8000826ea;"
    "operation;deposited;status;1;";
static const char vector_sum[] =
    "9524FD765FB1BABFB1F42E4BC6EF5A4B07BAA3F9C809098ACBB462618A932753"
    "9F975FEDB4CF6EC1556FF88BA74774342AF4F5B51BA63903BE9647C670EBD962"
    "467282955BD1D57B16935C956864526810870CD32967845EBABE1C6565C03F94"
    "FF66907CEDB54669A1C74AC1AD6E39B67FA7EF6D305A007A474F03B80FD6C965"
    "656BEAA74E09BB1189F4B32E622C903DC52843C454B7ACF76D6F76324C27767D"
    "E2FF6E7217716C19C530CA7551DB58268CC815638C30F3BCA3270E1FD44F63C1"
    "4974B108E65C20638ECE2F2D752F32742FFC5077415102706FA5235D310D4948"
    "A780B08D1B75C8983F22F211DFCBF14435F262ADDA6A97BFEB6D332C3D51010B";

struct fixture {
	struct arena *a;
	struct fault f;
};

static int
setup(void **state)
{
	static struct fixture fx;

	fx.a = arena_new(1 << 20);
	fault_init(&fx.f);
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

static struct bytes
der_of(struct fixture *fx, const char *base64)
{
	size_t len = strlen(base64);
	unsigned char *p = arena_alloc(fx->a, len);

	assert_true(num_parse_base64(str_of(base64), p, &len));
	return (struct bytes){ p, len };
}

static void
check_hmac(const char *key, const char *text, const char *want)
{
	uint8_t got[SIGN_HMAC_SIZE], expected[SIGN_HMAC_SIZE];

	sign_hmac(str_of(key), str_of(text), got);
	assert_true(num_parse_hex(str_of(want), expected, sizeof(expected)));
	assert_memory_equal(got, expected, sizeof(got));
}

static void
hmac_gives_the_published_checksums(void **state)
{
	(void)state;
	check_hmac("ooc7slpvc61k7sf7ma7p4hrefr",
	    "mdOrder;06cf5599-3f17-7c86-bdbc-bd7d00a8b38b;operation;approved;"
	    "orderNumber;2003;status;1;",
	    "EAF2FB72CAB99FD5067F4BA493DD84F4D79C1589FDE8ED29622F0F07215AA972");
	check_hmac("yourSecretToken",
	    "amount;123456;mdOrder;3ff6962a-7dcc-4283-ab50-a6d7dd3386fe;"
	    "operation;deposited;orderNumber;10747;status;1;",
	    "51C892147225ABE87798CB02979D70EF46D0AE79B5AA3B28B1C260BE286C50A9");
	check_hmac("test",
	    "mdOrder;3ff6962a-7dcc-4283-ab50-a6d7dd3386fe;"
	    "operation;deposited;orderNumber;10747;status;1$amount=123456;",
	    "14E0D9722D43BE67BFF111F53570BB5BCCFEED8AD15D72A48D51D4E949DAF988");
}

static void
rsa_verifies_the_published_vector_with_sha512_only(void **state)
{
	struct fixture *fx = *state;
	unsigned char raw[256];
	struct bytes sum = { raw, sizeof(raw) };
	struct sign_key *k;

	assert_true(num_parse_hex(str_of(vector_sum), raw, sizeof(raw)));
	assert_int_equal(
	    sign_key_read(fx->a, der_of(fx, vector_key), &k, &fx->f), ERR_OK);
	assert_int_equal(sign_key_ends_at(k), 0);
	assert_true(sign_verify(k, SIGN_SHA512, str_of(vector_text), sum));
	assert_false(sign_verify(k, SIGN_SHA256, str_of(vector_text), sum));
	assert_false(sign_verify(k, SIGN_SHA1, str_of(vector_text), sum));
}

static void
one_flipped_bit_spoils_text_and_signature(void **state)
{
	struct fixture *fx = *state;
	unsigned char raw[256];
	struct sign_key *k;
	struct str text = arena_str(fx->a, str_of(vector_text));
	char *p = arena_z(fx->a, text);

	assert_true(num_parse_hex(str_of(vector_sum), raw, sizeof(raw)));
	assert_int_equal(
	    sign_key_read(fx->a, der_of(fx, vector_key), &k, &fx->f), ERR_OK);
	p[7] ^= 1;
	assert_false(sign_verify(
	    k, SIGN_SHA512, str_of(p), (struct bytes){ raw, sizeof(raw) }));
	raw[255] ^= 1;
	assert_false(sign_verify(
	    k, SIGN_SHA512, text, (struct bytes){ raw, sizeof(raw) }));
}

static void
a_signature_of_another_length_is_wrong(void **state)
{
	struct fixture *fx = *state;
	unsigned char raw[257] = { 0 };
	struct sign_key *k;

	assert_true(num_parse_hex(str_of(vector_sum), raw, 256));
	assert_int_equal(
	    sign_key_read(fx->a, der_of(fx, vector_key), &k, &fx->f), ERR_OK);
	assert_false(sign_verify(
	    k, SIGN_SHA512, str_of(vector_text), (struct bytes){ raw, 255 }));
	assert_false(sign_verify(
	    k, SIGN_SHA512, str_of(vector_text), (struct bytes){ raw, 257 }));
	assert_false(sign_verify(
	    k, SIGN_SHA512, str_of(vector_text), (struct bytes){ raw, 0 }));
}

static void
a_pem_key_is_read_too(void **state)
{
	struct fixture *fx = *state;
	struct buf b;
	struct sign_key *k;

	/* PEM has lines of 64. */
	buf_init(&b, fx->a, 4096);
	buf_lit(&b, "-----BEGIN PUBLIC KEY-----\n");
	for (size_t i = 0; i < strlen(vector_key); i += 64) {
		size_t left = strlen(vector_key) - i;

		buf_bytes(&b, vector_key + i, left < 64 ? left : 64);
		buf_char(&b, '\n');
	}
	buf_lit(&b, "-----END PUBLIC KEY-----\n");
	assert_int_equal(
	    sign_key_read(fx->a,
		(struct bytes){ (const unsigned char *)b.p, b.len }, &k,
		&fx->f),
	    ERR_OK);
}

static void
what_is_no_key_is_refused(void **state)
{
	static const char *const bad[] = {
		"", "x", "-----BEGIN CERTIFICATE-----",
		"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"
	};
	struct fixture *fx = *state;
	struct sign_key *k;

	for (size_t i = 0; i < KV_COUNT(bad); i++) {
		struct bytes data = { (const unsigned char *)bad[i],
			strlen(bad[i]) };

		assert_int_equal(
		    sign_key_read(fx->a, data, &k, &fx->f), ERR_INVALID);
		assert_string_equal(fx->f.reason, "cert_bad");
	}
}

/* An elliptic and a 1024-bit RSA public key, both made for this test. */
static void
a_key_that_is_not_strong_rsa_is_refused(void **state)
{
	static const char *const bad[] = {
		"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAErqL/kIKyDPTqIFsSCrgeOR/6"
		"RFZjTkCU4kTdhY957DRZ+ZTFKiq9zFsedim/wFEQY2QG5zI4Y4XtlkJK8pbv"
		"fA==",
		"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC6U3vkGCdzH2bRQG/z2CF5"
		"1Ye4SAoUImguzlOvt83t5T9vfQQu9wEz9hvEy0sBgJaSO7kuNPmb4xO3p1gu"
		"F/FFKHuWazl5iegnoAb+9yzB8KVBTZE0K3pHb4J4DHD6ixA1X+paJf5DtZVx"
		"4YqsbRbLlt1tRS9ZQwuwZiSg7mXCtQIDAQAB",
	};
	struct fixture *fx = *state;
	struct sign_key *k;

	for (size_t i = 0; i < KV_COUNT(bad); i++) {
		assert_int_equal(
		    sign_key_read(fx->a, der_of(fx, bad[i]), &k, &fx->f),
		    ERR_INVALID);
		assert_non_null(strstr(fx->f.detail, "2048"));
	}
}

/* Self-signed; its private key was thrown away. */
static const char certificate[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIDDzCCAfegAwIBAgIUWTaqYHnyoKwvV+OCkZ7jhU3mdsgwDQYJKoZIhvcNAQEL\n"
    "BQAwFzEVMBMGA1UEAwwMYmFuay5leGFtcGxlMB4XDTI2MTEyMTAzMDIyOVoXDTI3\n"
    "MDMwMTAzMDIyOVowFzEVMBMGA1UEAwwMYmFuay5leGFtcGxlMIIBIjANBgkqhkiG\n"
    "9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwFZ19iJ7zbfg+BGToz0us5jlS/BIKJm9osAm\n"
    "nMKXJGYu9a2zxrk45FxZVfByB1PB0+NgqQ19Crnp2wBMogkXJEhylHMQGfezn5R4\n"
    "L50/BIeIl2Kb2EtOgzrKnn8ZrazYI4mSdAEf5Vv1+kQBd4/gEOUmwlMeJ2eesR1W\n"
    "lHtNoIo1ltXDOhepUIgSuon1Tl8O3vHF2C3a3T23DwudoJb8K8ICjVPIesIlIkNA\n"
    "H4jLmJr7MvGEI2U5U9FxDfdLRk+i6w0WhlHPpJK+K9SINuEUcA6aKAlS2M+xu9GZ\n"
    "XTU2gyAR2T4lnZiPoxbpL1SVg1wVoUSuqVQqXSreIsvhhaG83wIDAQABo1MwUTAd\n"
    "BgNVHQ4EFgQU7nqJWKsAWV2ral93RaTC2oZrmqYwHwYDVR0jBBgwFoAU7nqJWKsA\n"
    "WV2ral93RaTC2oZrmqYwDwYDVR0TAQH/BAUwAwEB/zANBgkqhkiG9w0BAQsFAAOC\n"
    "AQEAhK/dnOTbyObZmmrL+cW5yjkGx3D7WbfYOv07OwvLQL6jhU9lyzJkbIEJushR\n"
    "aU282/2LzX4YZQ6/GCMAUzzv9rfI2aBjJCKZMvGrR34zxpMUGbPFhi8MVYTOA2Dt\n"
    "xnp0bwecPfIEzmxhgyc6yqQsui4H9dfKzvrJpkopeVJ4CnjBDnbErlvGW6G25nEL\n"
    "/q+5eJquImw7kRkr+qPjBMBUDhcdJWwARm5KTPdkj4043HhEc2Vm0zYVVKs6KbMO\n"
    "SrCYfvw4fin0i/tUIHLuS2aohzOx8bYr1fWuagf9Bqvfu0XK+KDKBY+WaUmyb50n\n"
    "8s/b3Z8YHrS6przi6DpbVupglQ==\n"
    "-----END CERTIFICATE-----\n";

static void
a_certificate_tells_its_end(void **state)
{
	struct fixture *fx = *state;
	struct sign_key *k;
	struct bytes data = { (const unsigned char *)certificate,
		sizeof(certificate) - 1 };

	assert_int_equal(sign_key_read(fx->a, data, &k, &fx->f), ERR_OK);
	assert_int_equal(sign_key_ends_at(k), INT64_C(1803870149000));
}

static void
the_self_test_passes_on_this_machine(void **state)
{
	struct fixture *fx = *state;

	assert_int_equal(sign_self_test(fx->a, &fx->f), ERR_OK);
}

/* A policy of the host that allows none of the banks' algorithms. */
static void
what_a_policy_forbids_is_told_before_a_bank_is_listened_to(void **state)
{
	struct fixture *fx = *state;

	assert_int_equal(EVP_set_default_properties(NULL, "fips=yes"), 1);
	assert_int_equal(sign_self_test(fx->a, &fx->f), ERR_BUG);
	assert_string_equal(fx->f.reason, "sign_broken");
	assert_int_equal(EVP_set_default_properties(NULL, ""), 1);
	assert_int_equal(sign_self_test(fx->a, &fx->f), ERR_OK);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(hmac_gives_the_published_checksums),
		T(rsa_verifies_the_published_vector_with_sha512_only),
		T(one_flipped_bit_spoils_text_and_signature),
		T(a_signature_of_another_length_is_wrong),
		T(a_pem_key_is_read_too),
		T(what_is_no_key_is_refused),
		T(a_key_that_is_not_strong_rsa_is_refused),
		T(a_certificate_tells_its_end),
		T(the_self_test_passes_on_this_machine),
		T(what_a_policy_forbids_is_told_before_a_bank_is_listened_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
