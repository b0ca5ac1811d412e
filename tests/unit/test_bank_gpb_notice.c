#include "kvitok/bank/gpb_notice.h"

#include "bank_test.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>

#define REGISTER_URL "https://pay.example:443/bank/gazprombank/register"

/* The bank's keys, made once: in use, to be used next, and a stranger's. */
enum { NOW, NEXT, STRANGER, KEYS };

struct keys {
	EVP_PKEY *own[KEYS];
};

static struct keys keys; /* a test's fixture, filled by make_keys */

static int
make_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < KEYS; i++) {
		keys.own[i] = EVP_RSA_gen(2048);
		assert_non_null(keys.own[i]);
	}
	return 0;
}

static int
drop_keys(void **state)
{
	(void)state;
	for (size_t i = 0; i < KEYS; i++)
		EVP_PKEY_free(keys.own[i]);
	return 0;
}

static struct sign_key *
public_of(struct fixture *fx, EVP_PKEY *own)
{
	BIO *out = BIO_new(BIO_s_mem());
	struct sign_key *k;
	char *p;
	long len;

	assert_int_equal(PEM_write_bio_PUBKEY(out, own), 1);
	len = BIO_get_mem_data(out, &p);
	assert_int_equal(
	    sign_key_read(fx->a,
		(struct bytes){ (const unsigned char *)p, (size_t)len }, &k,
		&fx->f),
	    ERR_OK);
	BIO_free(out);
	return k;
}

/* Gives: Base64 of the bank's signature over url?signed_part. */
static struct str
signature(struct fixture *fx, EVP_PKEY *own, const char *url, const char *part)
{
	struct str text = arena_fmt(fx->a, "%s?%s", url, part);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned char raw[256];
	size_t len = sizeof(raw);
	struct buf b;

	assert_int_equal(
	    EVP_DigestSignInit(ctx, NULL, EVP_sha1(), NULL, own), 1);
	assert_int_equal(EVP_DigestSign(ctx, raw, &len,
			     (const unsigned char *)text.p, text.len),
	    1);
	EVP_MD_CTX_free(ctx);
	buf_init(&b, fx->a, 1024);
	buf_base64(&b, raw, len);
	return buf_str(&b);
}

static struct str
encoded(struct fixture *fx, struct str s)
{
	struct buf b;

	buf_init(&b, fx->a, 4096);
	buf_url(&b, s);
	return buf_str(&b);
}

/* A whole query, signed as the bank does. */
static struct str
signed_query(struct fixture *fx, size_t key, const char *part)
{
	struct str sum =
	    encoded(fx, signature(fx, keys.own[key], REGISTER_URL, part));

	return arena_fmt(fx->a, "%s&signature=%.*s", part, STR_ARG(sum));
}

enum {
	PLAIN, /* merch_id M1 */
	BASIC, /* M2, with a login and a list of senders */
	CONTRACTS
};

static const struct str senders[] = { { "203.0.113.7", 11 },
	{ "10.20.0.0/16", 12 } };

static void
contracts(struct fixture *fx, struct contract list[CONTRACTS])
{
	struct contract c = { .bank = CONTRACT_GAZPROMBANK,
		.sign = CONTRACT_SIGN_RSA,
		.digest = SIGN_SHA1,
		.certs_len = 2,
		.register_url = STR(REGISTER_URL) };

	c.certs[0] = public_of(fx, keys.own[NOW]);
	c.certs[1] = public_of(fx, keys.own[NEXT]);
	list[PLAIN] = c;
	list[PLAIN].name = STR("plain");
	list[PLAIN].merch_id = STR("M1");
	list[PLAIN].account_id = STR("MAIN");
	list[BASIC] = c;
	list[BASIC].name = STR("basic");
	list[BASIC].merch_id = STR("M2");
	list[BASIC].account_id = STR("ACC2");
	list[BASIC].basic = STR("YmFuazpzZWNyZXQ="); /* bank:secret */
	list[BASIC].allow_from = senders;
	list[BASIC].allow_from_len = KV_COUNT(senders);
}

static enum err
hear_call(struct fixture *fx, struct bank_call c, struct bank_notice *out)
{
	struct contract list[CONTRACTS];

	contracts(fx, list);
	fault_init(&fx->f);
	c.method = STR("GET");
	return gpb_notice(list, CONTRACTS, fx->a, &c, out, &fx->f);
}

static enum err
hear(struct fixture *fx, struct str query, struct bank_notice *out)
{
	struct bank_call c = { .path = STR("/bank/gazprombank/register"),
		.query = query,
		.remote = STR("192.0.2.1") };

	return hear_call(fx, c, out);
}

#define SUCCESS                                                                \
	"trx_id=T1&merch_id=M1&merchant_trx=N-1&result_code=1&amount=121800"   \
	"&account_id=MAIN&o.order_id=N-1&p.rrn=632414541141"                   \
	"&p.authcode=012345&p.maskedPan=900000xxxxxxxxx0001"                   \
	"&p.isFullyAuthenticated=Y&ts=20180627+11%3A13%3A33"

static void
check_trust(struct fixture *fx, struct str query, enum notice_trust trust)
{
	struct bank_notice out;

	assert_int_equal(hear(fx, query, &out), ERR_OK);
	if (out.trust != trust)
		fail_msg("%.*s", STR_ARG(query));
	assert_text(out.contract, trust == TRUST_SIGNED ? "plain" : "");
}

static void
a_signed_success_is_proof_with_all_it_says(void **state)
{
	struct fixture *fx = *state;
	struct bank_notice out;

	assert_int_equal(
	    hear(fx, signed_query(fx, NOW, SUCCESS), &out), ERR_OK);
	assert_int_equal(out.trust, TRUST_SIGNED);
	assert_int_equal(out.kind, NOTICE_PAID);
	assert_text(out.kind_text, "register");
	assert_text(out.contract, "plain");
	assert_text(out.bank_no, "N-1");
	assert_text(out.trx, "T1");
	assert_int_equal(out.taken_kop, 121800);
	assert_text(out.account, "MAIN");
	assert_true(out.account_ok);
	assert_text(out.card_mask, "900000*********0001");
	assert_text(out.rrn, "632414541141");
	assert_text(out.auth_code, "012345");
}

static void
any_of_the_certificates_will_do_and_no_other(void **state)
{
	struct fixture *fx = *state;

	check_trust(fx, signed_query(fx, NEXT, SUCCESS), TRUST_SIGNED);
	check_trust(fx, signed_query(fx, STRANGER, SUCCESS), TRUST_FORGED);
}

static void
a_signature_may_come_raw_with_spaces_or_line_ends(void **state)
{
	struct fixture *fx = *state;
	struct str sum;
	char *p;

	/* Until one has the + that decoders spoil. */
	for (int i = 0;; i++) {
		const char *part = arena_fmt(fx->a, "%s&o.n=%d", SUCCESS, i).p;

		sum = signature(fx, keys.own[NOW], REGISTER_URL, part);
		if (str_find(sum, STR("+")) == sum.len)
			continue;
		check_trust(fx,
		    arena_fmt(fx->a, "%s&signature=%.*s", part, STR_ARG(sum)),
		    TRUST_SIGNED);
		p = arena_z(fx->a, sum);
		for (char *c = p; *c != '\0'; c++)
			if (*c == '+')
				*c = ' ';
		check_trust(fx, arena_fmt(fx->a, "%s&signature=%s", part, p),
		    TRUST_SIGNED);
		check_trust(fx,
		    arena_fmt(fx->a, "%s&signature=%.*s%%0D%%0A%.*s", part, 76,
			sum.p, (int)sum.len - 76, sum.p + 76),
		    TRUST_SIGNED);
		return;
	}
}

static void
the_signature_is_over_our_registered_address(void **state)
{
	static const char *const others[] = {
		"http://pay.example:443/bank/gazprombank/register",
		"https://pay.example/bank/gazprombank/register",
		"https://pay.example:443/bank/gazprombank/check",
	};
	struct fixture *fx = *state;

	for (size_t i = 0; i < KV_COUNT(others); i++) {
		struct str sum = encoded(
		    fx, signature(fx, keys.own[NOW], others[i], SUCCESS));

		check_trust(fx,
		    arena_fmt(
			fx->a, "%s&signature=%.*s", SUCCESS, STR_ARG(sum)),
		    TRUST_FORGED);
	}
}

static void
whatever_is_changed_after_signing_is_forged(void **state)
{
	struct fixture *fx = *state;
	struct str good = signed_query(fx, NOW, SUCCESS);
	struct str sum = { good.p + sizeof(SUCCESS) - 1,
		good.len - sizeof(SUCCESS) + 1 };
	char *p;

	check_trust(fx, good, TRUST_SIGNED);
	/* One byte of the sum taken; a space encoded otherwise; order. */
	p = arena_z(fx->a, good);
	*strstr(p, "121800") = '2';
	check_trust(fx, str_of(p), TRUST_FORGED);
	p = arena_z(fx->a, good);
	*strstr(p, "+11") = ' ';
	check_trust(fx, str_of(p), TRUST_FORGED);
	check_trust(
	    fx, arena_fmt(fx->a, "x=1&%.*s", STR_ARG(good)), TRUST_FORGED);
	/* Something behind the signature, a second one, none, half of one. */
	check_trust(
	    fx, arena_fmt(fx->a, "%.*s&amount=1", STR_ARG(good)), TRUST_FORGED);
	check_trust(fx,
	    arena_fmt(fx->a, "%.*s%.*s", STR_ARG(good), STR_ARG(sum)),
	    TRUST_FORGED);
	check_trust(fx, STR(SUCCESS), TRUST_FORGED);
	check_trust(fx, STR(SUCCESS "&signature="), TRUST_FORGED);
	check_trust(fx, (struct str){ good.p, good.len - 8 }, TRUST_FORGED);
	check_trust(
	    fx, arena_fmt(fx->a, "%.*sAAAA", STR_ARG(good)), TRUST_FORGED);
	check_trust(
	    fx, arena_fmt(fx->a, "%.*s%%", STR_ARG(good)), TRUST_FORGED);
	check_trust(fx, STR("signature=AAAA"), TRUST_FORGED);
	check_trust(fx, STR(""), TRUST_FORGED);
}

static void
a_second_signature_or_name_is_refused_even_when_signed(void **state)
{
	struct fixture *fx = *state;

	check_trust(
	    fx, signed_query(fx, NOW, "signature=x&" SUCCESS), TRUST_FORGED);
	check_trust(
	    fx, signed_query(fx, NOW, SUCCESS "&signature=x"), TRUST_FORGED);
	check_trust(
	    fx, signed_query(fx, NOW, "%73ignature=x&" SUCCESS), TRUST_FORGED);
	check_trust(
	    fx, signed_query(fx, NOW, SUCCESS "&amount=1"), TRUST_FORGED);
}

static void
another_shops_good_signature_is_not_ours(void **state)
{
	struct fixture *fx = *state;

	check_trust(fx,
	    signed_query(fx, NOW, "trx_id=T&merch_id=M9&result_code=1"),
	    TRUST_FORGED);
	check_trust(fx,
	    signed_query(fx, NOW, "trx_id=T&merch_id=m1&result_code=1"),
	    TRUST_FORGED);
	check_trust(
	    fx, signed_query(fx, NOW, "trx_id=T&result_code=1"), TRUST_FORGED);
}

static void
what_we_answered_at_the_check_names_the_attempt(void **state)
{
	struct fixture *fx = *state;
	struct bank_notice out;

	/* The payer could write any o.order_id into his link. */
	assert_int_equal(hear(fx,
			     signed_query(fx, NOW,
				 "trx_id=T&merch_id=M1&merchant_trx=N-1"
				 "&o.order_id=N-2&result_code=1&amount=1"),
			     &out),
	    ERR_OK);
	assert_text(out.bank_no, "N-1");
	assert_int_equal(hear(fx,
			     signed_query(fx, NOW,
				 "trx_id=T&merch_id=M1&o.order_id=N-2"
				 "&result_code=1&amount=1"),
			     &out),
	    ERR_OK);
	assert_text(out.bank_no, "N-2");
	assert_text(out.account, "");
	assert_false(out.account_ok);
}

static void
a_failure_may_lack_sum_and_numbers(void **state)
{
	static const struct {
		const char *ext;
		enum notice_kind kind;
		const char *reason;
	} cases[] = {
		{ "&ext_result_code=INSUFFICIENT_FUNDS", NOTICE_DECLINED,
		    "pay_no_funds" },
		{ "&ext_result_code=54", NOTICE_DECLINED,
		    "pay_cancelled_by_payer" },
		{ "&ext_result_code=-2", NOTICE_DECLINED, "pay_declined" },
		{ "&ext_result_code=NEW_ONE", NOTICE_DECLINED, "pay_declined" },
		{ "&ext_result_code=0", NOTICE_DECLINED, "pay_declined" },
		{ "&ext_result_code=UNKNOWN", NOTICE_OTHER, "bank_unsure" },
		{ "&ext_result_code=1", NOTICE_OTHER, "bank_unsure" },
		{ "", NOTICE_DECLINED, "pay_declined" },
	};
	struct fixture *fx = *state;
	struct bank_notice out;

	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		const char *part = arena_fmt(fx->a,
		    "trx_id=T&merch_id=M1&merchant_trx=N&result_code=2%s",
		    cases[i].ext)
				       .p;

		assert_int_equal(
		    hear(fx, signed_query(fx, NOW, part), &out), ERR_OK);
		assert_int_equal(out.trust, TRUST_SIGNED);
		assert_int_equal(out.kind, cases[i].kind);
		assert_text(out.reason, cases[i].reason);
		assert_int_equal(out.taken_kop, -1);
	}
}

static void
a_genuine_call_without_what_it_must_say_is_refused(void **state)
{
	static const struct {
		const char *part, *field;
	} cases[] = {
		{ "merch_id=M1&result_code=1&amount=1", "trx_id" },
		{ "merch_id=M1&trx_id=T&amount=1", "result_code" },
		{ "merch_id=M1&trx_id=T&result_code=3", "result_code" },
		{ "merch_id=M1&trx_id=T&result_code=0", "result_code" },
		{ "merch_id=M1&trx_id=T&result_code=1&amount=12.00", "amount" },
		{ "merch_id=M1&trx_id=T&result_code=1&amount=-1", "amount" },
		{ "merch_id=M1&trx_id=T&result_code=1"
		  "&amount=9999999999999999999",
		    "amount" },
	};
	struct fixture *fx = *state;
	struct bank_notice out;

	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		assert_int_equal(
		    hear(fx, signed_query(fx, NOW, cases[i].part), &out),
		    ERR_INVALID);
		assert_string_equal(fx->f.reason, "notice_bad");
		assert_string_equal(fx->f.fields[0].pointer, cases[i].field);
	}
}

static enum err
check(struct fixture *fx, const char *query, const char *authorization,
    const char *remote, struct bank_notice *out)
{
	struct bank_call c = { .path = STR("/bank/gazprombank/check"),
		.query = str_of(query),
		.authorization = str_of(authorization),
		.remote = str_of(remote) };

	return hear_call(fx, c, out);
}

static void
the_first_question_is_unsigned_and_names_its_contract(void **state)
{
	struct fixture *fx = *state;
	struct bank_notice out;

	assert_int_equal(check(fx,
			     "merch_id=M1&trx_id=T1&lang_code=RU"
			     "&o.order_id=N-1&merchant_trx=N-9"
			     "&ts=20180627+11%3A13%3A33",
			     "", "192.0.2.1", &out),
	    ERR_OK);
	assert_int_equal(out.kind, NOTICE_CHECK);
	assert_int_equal(out.trust, TRUST_UNSIGNED);
	assert_text(out.contract, "plain");
	assert_text(out.bank_no, "N-1");
	assert_text(out.trx, "T1");
	assert_int_equal(out.taken_kop, -1);
}

static void
the_first_question_needs_transaction_and_order(void **state)
{
	struct fixture *fx = *state;
	struct bank_notice out;

	assert_int_equal(
	    check(fx, "merch_id=M1&o.order_id=N", "", "", &out), ERR_INVALID);
	assert_string_equal(fx->f.fields[0].pointer, "trx_id");
	assert_int_equal(
	    check(fx, "merch_id=M1&trx_id=T", "", "", &out), ERR_INVALID);
	assert_string_equal(fx->f.fields[0].pointer, "o.order_id");
	assert_int_equal(
	    check(fx, "merch_id=M1&merch_id=M1", "", "", &out), ERR_INVALID);
	assert_int_equal(
	    check(fx, "merch_id=M7&trx_id=T&o.order_id=N", "", "", &out),
	    ERR_OK);
	assert_int_equal(out.trust, TRUST_FORGED);
}

static void
login_and_sender_must_fit_where_they_are_agreed(void **state)
{
	static const struct {
		const char *authorization, *remote;
		enum notice_trust trust;
		bool ask_basic;
	} cases[] = {
		{ "Basic YmFuazpzZWNyZXQ=", "203.0.113.7", TRUST_UNSIGNED,
		    false },
		{ "basic  YmFuazpzZWNyZXQ= ", "10.20.255.1", TRUST_UNSIGNED,
		    false },
		{ "", "203.0.113.7", TRUST_FORGED, true },
		{ "Basic YmFuazpzZWNyZXU=", "203.0.113.7", TRUST_FORGED, true },
		{ "Bearer YmFuazpzZWNyZXQ=", "203.0.113.7", TRUST_FORGED,
		    true },
		{ "Basic YmFuazpzZWNyZXQ=", "203.0.113.8", TRUST_FORGED,
		    false },
		{ "Basic YmFuazpzZWNyZXQ=", "10.21.0.1", TRUST_FORGED, false },
		{ "Basic YmFuazpzZWNyZXQ=", "", TRUST_FORGED, false },
	};
	struct fixture *fx = *state;
	struct bank_notice out;

	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		assert_int_equal(
		    check(fx, "merch_id=M2&trx_id=T&o.order_id=N",
			cases[i].authorization, cases[i].remote, &out),
		    ERR_OK);
		assert_int_equal(out.trust, cases[i].trust);
		assert_int_equal(out.ask_basic, cases[i].ask_basic);
	}
}

static void
one_address_may_serve_both_questions(void **state)
{
	struct fixture *fx = *state;
	struct str query = signed_query(fx, NOW, SUCCESS);
	struct bank_call c = { .path = STR("/bank/gazprombank"),
		.query = query };
	struct bank_notice out;

	assert_int_equal(hear_call(fx, c, &out), ERR_OK);
	assert_int_equal(out.kind, NOTICE_PAID);
	c.query = STR("merch_id=M1&trx_id=T&o.order_id=N");
	assert_int_equal(hear_call(fx, c, &out), ERR_OK);
	assert_int_equal(out.kind, NOTICE_CHECK);
}

static void
addresses_are_compared_by_bits(void **state)
{
	static const struct {
		const char *remote, *item;
		bool in;
	} cases[] = {
		{ "10.1.2.3", "10.1.2.3", true },
		{ "10.1.2.3", "10.1.2.4", false },
		{ "10.1.2.3", "10.1.2.3/32", true },
		{ "10.1.2.255", "10.1.2.0/25", false },
		{ "10.1.2.127", "10.1.2.0/25", true },
		{ "11.1.2.3", "10.0.0.0/7", true },
		{ "12.1.2.3", "10.0.0.0/7", false },
		{ "1.2.3.4", "0.0.0.0/0", true },
		{ "1.2.3.4", "0.0.0.0/33", false },
		{ "1.2.3.4", "0.0.0.0/", false },
		{ "2001:db8::1", "2001:db8::/32", true },
		{ "2001:db9::1", "2001:db8::/32", false },
		{ "::1", "127.0.0.1", false },
		{ "x", "10.0.0.0/8", false },
		{ "10.1.2.3", "x", false },
	};
	struct fixture *fx = *state;

	for (size_t i = 0; i < KV_COUNT(cases); i++)
		if (gpb_address_in(fx->a, str_of(cases[i].remote),
			str_of(cases[i].item)) != cases[i].in)
			fail_msg("%s in %s", cases[i].remote, cases[i].item);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_signed_success_is_proof_with_all_it_says),
		T(any_of_the_certificates_will_do_and_no_other),
		T(a_signature_may_come_raw_with_spaces_or_line_ends),
		T(the_signature_is_over_our_registered_address),
		T(whatever_is_changed_after_signing_is_forged),
		T(a_second_signature_or_name_is_refused_even_when_signed),
		T(another_shops_good_signature_is_not_ours),
		T(what_we_answered_at_the_check_names_the_attempt),
		T(a_failure_may_lack_sum_and_numbers),
		T(a_genuine_call_without_what_it_must_say_is_refused),
		T(the_first_question_is_unsigned_and_names_its_contract),
		T(the_first_question_needs_transaction_and_order),
		T(login_and_sender_must_fit_where_they_are_agreed),
		T(one_address_may_serve_both_questions),
		T(addresses_are_compared_by_bits),
	};

	return cmocka_run_group_tests(tests, make_keys, drop_keys);
}
