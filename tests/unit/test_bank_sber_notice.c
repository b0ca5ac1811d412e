#include "kvitok/bank/sber_notice.h"

#include "kvitok/base/num.h"

#include "bank_test.h"

/* The public vectors of the gateway; see also test_sign.c. */
#define HMAC_KEY "ooc7slpvc61k7sf7ma7p4hrefr"
#define HMAC_QUERY                                                             \
	"mdOrder=06cf5599-3f17-7c86-bdbc-bd7d00a8b38b&operation=approved"      \
	"&orderNumber=2003&status=1"
#define HMAC_SUM                                                               \
	"EAF2FB72CAB99FD5067F4BA493DD84F4D79C1589FDE8ED29622F0F07215AA972"

static const char rsa_key[] =
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwtuGKbQ4WmfdV1gjWWys5jyH"
    "KTWXnxX3zVa5/Cx5aKwJpOsjrXnHh6l8bOPQ6Sgj3iSeKJ9plZ3i7rPjkfmwqUOJ1eLU"
    "5NvGkVjOgyi11aUKgEKwS5Iq5HZvXmPLzu+U22EUCTQwjBqnE/Wf0hnIwYABDgc0fJeJ"
    "JAHYHMBcJXTuxF8DmDf4DpbLrQ2bpGaCPKcX+04POS4zVLVCHF6N6gYtM7U2QXYcTMTG"
    "sAvmIqSj1vddGwvNGeeUVoPbo6enMBbvZgjN5p6j3ItTziMbVba3m/u7bU1dOG2/79Up"
    "GAGR10qEFHiOqS6WpO7CuIR2tL9EznXRc7D9JZKwGfoY/QIDAQAB";
#define RSA_QUERY                                                              \
	"status=1&operation=deposited&amount=35000099&sign_alias=SHA-256"      \
	"+with+RSA&mdOrder=12b59da8-f68f-7c8d-12b5-9da8000826ea&checksum="
#define RSA_SUM                                                                \
	"9524FD765FB1BABFB1F42E4BC6EF5A4B07BAA3F9C809098ACBB462618A932753"     \
	"9F975FEDB4CF6EC1556FF88BA74774342AF4F5B51BA63903BE9647C670EBD962"     \
	"467282955BD1D57B16935C956864526810870CD32967845EBABE1C6565C03F94"     \
	"FF66907CEDB54669A1C74AC1AD6E39B67FA7EF6D305A007A474F03B80FD6C965"     \
	"656BEAA74E09BB1189F4B32E622C903DC52843C454B7ACF76D6F76324C27767D"     \
	"E2FF6E7217716C19C530CA7551DB58268CC815638C30F3BCA3270E1FD44F63C1"     \
	"4974B108E65C20638ECE2F2D752F32742FFC5077415102706FA5235D310D4948"     \
	"A780B08D1B75C8983F22F211DFCBF14435F262ADDA6A97BFEB6D332C3D51010B"

enum { GPB, HMAC, RSA, NONE, CONTRACTS };

static void
contracts(struct fixture *fx, struct contract list[CONTRACTS])
{
	unsigned char *der = arena_alloc(fx->a, sizeof(rsa_key));
	size_t len = sizeof(rsa_key);

	memset(list, 0, CONTRACTS * sizeof(*list));
	/* Another bank's keys are never tried. */
	list[GPB] = (struct contract){ .name = STR("gpb"),
		.bank = CONTRACT_GAZPROMBANK,
		.sign = CONTRACT_SIGN_HMAC,
		.hmac_key = STR("gpb-key") };
	list[HMAC] = (struct contract){ .name = STR("s-hmac"),
		.sign = CONTRACT_SIGN_HMAC,
		.hmac_key = STR(HMAC_KEY) };
	list[RSA] = (struct contract){ .name = STR("s-rsa"),
		.sign = CONTRACT_SIGN_RSA,
		.digest = SIGN_SHA512,
		.certs_len = 1 };
	list[NONE] = (struct contract){ .name = STR("s-none") };
	assert_true(num_parse_base64(str_of(rsa_key), der, &len));
	assert_int_equal(sign_key_read(fx->a, (struct bytes){ der, len },
			     &list[RSA].certs[0], &fx->f),
	    ERR_OK);
}

static enum err
hear(struct fixture *fx, struct bank_call c, struct bank_notice *out)
{
	struct contract list[CONTRACTS];

	contracts(fx, list);
	fault_init(&fx->f);
	return sber_notice(list, CONTRACTS, fx->a, &c, out, &fx->f);
}

static enum err
hear_query(struct fixture *fx, const char *query, struct bank_notice *out)
{
	return hear(fx,
	    (struct bank_call){ .method = STR("GET"), .query = str_of(query) },
	    out);
}

static void
check_trust(struct fixture *fx, const char *query, enum notice_trust trust,
    const char *contract)
{
	struct bank_notice out;

	assert_int_equal(hear_query(fx, query, &out), ERR_OK);
	assert_int_equal(out.trust, trust);
	assert_text(out.contract, contract);
}

static void
the_signed_text_is_sorted_by_bytes_without_checksum_and_alias(void **state)
{
	struct fixture *fx = *state;
	struct form form;

	assert_int_equal(form_parse(fx->a,
			     STR("b=2&a=1&B=3&checksum=x&sign_alias=y&aa=&"
				 "a.b=%3B+"),
			     &form, &fx->f),
	    ERR_OK);
	assert_text(sber_signed_text(fx->a, &form), "B;3;a;1;a.b;; ;aa;;b;2;");
}

static void
an_hmac_tells_whose_contract_it_is(void **state)
{
	struct fixture *fx = *state;

	check_trust(
	    fx, HMAC_QUERY "&checksum=" HMAC_SUM, TRUST_SIGNED, "s-hmac");
	/* Order and case of the digits are the bank's affair. */
	check_trust(fx,
	    "status=1&checksum="
	    "eaf2fb72cab99fd5067f4ba493dd84f4d79c1589fde8ed29622f0f07215aa972"
	    "&orderNumber=2003&operation=approved"
	    "&mdOrder=06cf5599-3f17-7c86-bdbc-bd7d00a8b38b&sign_alias=k",
	    TRUST_SIGNED, "s-hmac");
}

static void
an_rsa_checksum_tells_whose_contract_it_is(void **state)
{
	check_trust(*state, RSA_QUERY RSA_SUM, TRUST_SIGNED, "s-rsa");
}

static void
one_changed_byte_is_forged(void **state)
{
	static const char *const bad[] = {
		/* the sum's first digit, its last, a value, a new pair, a
		 * missing pair, odd length, no hex, empty */
		HMAC_QUERY "&checksum=F"
			   "AF2FB72CAB99FD5067F4BA493DD84F4D79C1589"
			   "FDE8ED29622F0F07215AA972",
		HMAC_QUERY
		"&checksum=EAF2FB72CAB99FD5067F4BA493DD84F4D79C1589FDE"
		"8ED29622F0F07215AA973",
		"mdOrder=06cf5599-3f17-7c86-bdbc-bd7d00a8b38b&operation="
		"approved"
		"&orderNumber=2004&status=1&checksum=" HMAC_SUM,
		HMAC_QUERY "&amount=1&checksum=" HMAC_SUM,
		"operation=approved&orderNumber=2003&status=1&"
		"checksum=" HMAC_SUM,
		HMAC_QUERY "&checksum=" HMAC_SUM "0",
		HMAC_QUERY "&checksum=" HMAC_SUM "00",
		HMAC_QUERY "&checksum=xyz",
		HMAC_QUERY "&checksum=",
		"status=0&operation=deposited&amount=35000099"
		"&mdOrder=12b59da8-f68f-7c8d-12b5-9da8000826ea"
		"&checksum=" RSA_SUM,
	};
	struct fixture *fx = *state;

	for (size_t i = 0; i < KV_COUNT(bad); i++)
		check_trust(fx, bad[i], TRUST_FORGED, "");
}

static void
without_a_checksum_it_is_a_hint_of_nobody(void **state)
{
	check_trust(*state, HMAC_QUERY, TRUST_UNSIGNED, "");
}

static void
a_checksum_that_nobody_has_a_key_for_is_a_hint(void **state)
{
	struct fixture *fx = *state;
	struct contract none = { .name = STR("s") };
	struct bank_call c = { .query = STR(HMAC_QUERY "&checksum=" HMAC_SUM) };
	struct bank_notice out;

	assert_int_equal(
	    sber_notice(&none, 1, fx->a, &c, &out, &fx->f), ERR_OK);
	assert_int_equal(out.trust, TRUST_UNSIGNED);
}

static void
forms_and_json_are_read_as_queries_are(void **state)
{
	struct fixture *fx = *state;
	struct bank_notice out;
	struct bank_call form = { .method = STR("POST"),
		.type = STR("application/x-www-form-urlencoded"),
		.body = STR(HMAC_QUERY "&checksum=" HMAC_SUM) };
	struct bank_call json = { .method = STR("POST"),
		.type = STR("application/json; charset=UTF-8"),
		.body = STR("{\"mdOrder\":"
			    "\"06cf5599-3f17-7c86-bdbc-bd7d00a8b38b\","
			    "\"orderNumber\":2003,\"operation\":\"approved\","
			    "\"status\":1,\"checksum\":\"" HMAC_SUM "\","
			    "\"additionalParams\":{\"phone\":\"7\"}}") };

	assert_int_equal(hear(fx, form, &out), ERR_OK);
	assert_int_equal(out.trust, TRUST_SIGNED);
	assert_text(out.bank_no, "2003");
	assert_int_equal(hear(fx, json, &out), ERR_OK);
	assert_int_equal(out.trust, TRUST_SIGNED);
	assert_text(out.bank_no, "2003");
	assert_text(out.trx, "06cf5599-3f17-7c86-bdbc-bd7d00a8b38b");
}

static void
operations_say_paid_declined_or_something_else(void **state)
{
	static const struct {
		const char *query;
		enum notice_kind kind;
	} cases[] = {
		{ "operation=deposited&status=1", NOTICE_PAID },
		{ "operation=deposited&status=0", NOTICE_DECLINED },
		{ "operation=deposited", NOTICE_DECLINED },
		{ "operation=approved&status=1", NOTICE_OTHER },
		{ "operation=approved&status=0", NOTICE_DECLINED },
		{ "operation=declinedByTimeout&status=1", NOTICE_DECLINED },
		{ "operation=reversed&status=1", NOTICE_OTHER },
		{ "operation=refunded&status=1", NOTICE_OTHER },
		{ "operation=created&status=1", NOTICE_OTHER },
		{ "operation=somethingNew&status=1", NOTICE_OTHER },
	};
	struct fixture *fx = *state;
	struct bank_notice out;

	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		const char *query = arena_fmt(
		    fx->a, "%s&mdOrder=u-1&orderNumber=N", cases[i].query)
					.p;

		assert_int_equal(hear_query(fx, query, &out), ERR_OK);
		if (out.kind != cases[i].kind)
			fail_msg("%s", query);
	}
	/* Of a binding, not of an order. */
	assert_int_equal(
	    hear_query(fx, "operation=deposited&status=1", &out), ERR_OK);
	assert_int_equal(out.kind, NOTICE_OTHER);
}

static void
what_it_says_of_the_payment_comes_out(void **state)
{
	struct fixture *fx = *state;
	struct bank_notice out;

	assert_int_equal(
	    hear_query(fx,
		"operation=deposited&status=0&mdOrder=u-1&orderNumber=N-1"
		"&amount=121800&depositedAmount=0&actionCode=116"
		"&maskedPan=411111**1111&refNum=123&approvalCode=77"
		"&callbackCreationDate=Fri+Nov+20+10%3A00%3A00+MSK+2026",
		&out),
	    ERR_OK);
	assert_text(out.kind_text, "deposited");
	assert_text(out.trx, "u-1");
	assert_text(out.bank_no, "N-1");
	assert_int_equal(out.taken_kop, 0);
	assert_text(out.reason, "pay_no_funds");
	assert_text(out.code, "116");
	assert_text(out.card_mask, "411111**1111");
	assert_text(out.rrn, "123");
	assert_text(out.auth_code, "77");
	assert_int_equal(
	    hear_query(
		fx, "operation=declinedByTimeout&status=1&mdOrder=u-1", &out),
	    ERR_OK);
	assert_int_equal(out.taken_kop, -1);
	assert_text(out.reason, "pay_time_over");
}

static void
what_is_not_understood_is_refused_naming_the_field(void **state)
{
	static const struct {
		const char *query, *field;
	} cases[] = {
		{ "mdOrder=u-1&status=1", "operation" },
		{ "", "operation" },
		{ "operation=depo%0Asited&mdOrder=u", "operation" },
		{ "operation=deposited&mdOrder=a+b", "mdOrder" },
		{ "operation=deposited&orderNumber=%D0%B0", "orderNumber" },
	};
	struct fixture *fx = *state;
	struct bank_notice out;

	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		assert_int_equal(
		    hear_query(fx, cases[i].query, &out), ERR_INVALID);
		assert_string_equal(fx->f.reason, "notice_bad");
		assert_int_equal(fx->f.fields_len, 1);
		assert_string_equal(fx->f.fields[0].pointer, cases[i].field);
	}
	assert_int_equal(
	    hear_query(fx, "operation=a&operation=b", &out), ERR_INVALID);
}

static void
bodies_that_are_not_what_they_say_are_refused(void **state)
{
	static const char *const bad[] = { "[]", "{", "{\"a\":1,\"a\":2}",
		"\"x\"", "{\"operation\":\"\\u0000\"}" };
	struct fixture *fx = *state;
	struct bank_call c = { .type = STR("application/json") };
	struct bank_notice out;

	for (size_t i = 0; i < KV_COUNT(bad); i++) {
		c.body = str_of(bad[i]);
		assert_int_equal(hear(fx, c, &out), ERR_INVALID);
		assert_string_equal(fx->f.reason, "notice_bad");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(the_signed_text_is_sorted_by_bytes_without_checksum_and_alias),
		T(an_hmac_tells_whose_contract_it_is),
		T(an_rsa_checksum_tells_whose_contract_it_is),
		T(one_changed_byte_is_forged),
		T(without_a_checksum_it_is_a_hint_of_nobody),
		T(a_checksum_that_nobody_has_a_key_for_is_a_hint),
		T(forms_and_json_are_read_as_queries_are),
		T(operations_say_paid_declined_or_something_else),
		T(what_it_says_of_the_payment_comes_out),
		T(what_is_not_understood_is_refused_naming_the_field),
		T(bodies_that_are_not_what_they_say_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
