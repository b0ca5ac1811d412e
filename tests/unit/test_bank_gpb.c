#include "kvitok/bank/gpb.h"
#include "kvitok/bank/gpb_reason.h"
#include "kvitok/bank/gpb_status.h"
#include "kvitok/domain/payment.h"

#include "bank_server.h"

static int64_t
now(void *self)
{
	(void)self;
	return INT64_C(1795000000000);
}

static const struct clock fake_clock = { NULL, now };

static struct contract
make(struct fixture *fx, int port)
{
	struct http_settings s = {
		.base = arena_fmt(
		    fx->a, "http://127.0.0.1:%d/api/v4/portal/", port),
		.connect_ms = 1000,
		.total_ms = 1000,
	};
	struct contract c = {
		.name = STR("gpb"),
		.bank = CONTRACT_GAZPROMBANK,
		.dialect = CONTRACT_PGA,
		.clock = &fake_clock,
		.merch_id = STR("SHOP1"),
		.account_id = STR("MAIN"),
		.start_url = STR("https://pga.example/pages/"),
		.asks_status = true,
	};

	assert_int_equal(http_new(fx->a, &s, &c.http, &fx->f), ERR_OK);
	return c;
}

static const struct bank_order order = {
	.bank_no = { "7K3M9QZT-4F8D2K1M0X-1", 21 },
	.total_kop = 121800,
	.return_url = { "https://pay.example/return/x?y=1&z", 34 },
};

static void
the_link_carries_our_number_and_no_sum(void **state)
{
	struct fixture *fx = *state;
	struct contract c = make(fx, 1);
	struct bank_start out;

	assert_int_equal(gpb_start(&c, fx->a, &order, &out, &fx->f), ERR_OK);
	assert_false(out.refused);
	assert_text(out.form_url,
	    "https://pga.example/pages/?lang_code=RU&merch_id=SHOP1"
	    "&back_url_s=https%3A%2F%2Fpay.example%2Freturn%2Fx%3Fy%3D1%26z"
	    "&back_url_f=https%3A%2F%2Fpay.example%2Freturn%2Fx%3Fy%3D1%26z"
	    "&o.order_id=7K3M9QZT-4F8D2K1M0X-1");
}

static void
the_old_page_and_a_page_of_ones_own_have_their_parameters(void **state)
{
	struct fixture *fx = *state;
	struct contract c = make(fx, 1);
	struct bank_start out;

	c.dialect = CONTRACT_PPS;
	c.page_id = STR("PAGE");
	c.start_url = STR("https://pps.example/payment/start.wsm?x=1");
	assert_int_equal(gpb_start(&c, fx->a, &order, &out, &fx->f), ERR_OK);
	assert_true(str_starts(out.form_url,
	    STR("https://pps.example/payment/start.wsm?x=1&lang=RU&"
		"merch_id=SHOP1&")));
	assert_true(str_ends(out.form_url, STR("&page_id=PAGE")));
}

static void
a_payable_order_is_answered_with_its_sum(void **state)
{
	struct fixture *fx = *state;
	struct contract c = make(fx, 1);
	struct bank_check_answer answer = { .may = true,
		.merchant_trx = STR("N-1"),
		.short_text = STR("ЖКХ <1>"),
		.long_text = STR("\"A\" & 'B'"),
		.total_kop = 121800 };
	struct buf b;

	buf_init(&b, fx->a, 8192);
	assert_int_equal(gpb_check_answer(&c, &answer, &b, &fx->f), ERR_OK);
	assert_text(buf_str(&b),
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<payment-avail-response><result><code>1</code><desc>N-1</desc>"
	    "</result><merchant-trx>N-1</merchant-trx><purchase>"
	    "<shortDesc>ЖКХ &lt;1&gt;</shortDesc>"
	    "<longDesc>&quot;A&quot; &amp; &#39;B&#39;</longDesc>"
	    "<account-amount><id>MAIN</id><amount>121800</amount>"
	    "<currency>643</currency><exponent>2</exponent></account-amount>"
	    "</purchase></payment-avail-response>\n");
}

static void
a_refusal_has_its_reason_and_no_purchase(void **state)
{
	struct fixture *fx = *state;
	struct contract c = make(fx, 1);
	struct bank_check_answer answer = { .refusal = STR("Уже оплачен") };
	struct buf b;

	buf_init(&b, fx->a, 8192);
	assert_int_equal(gpb_check_answer(&c, &answer, &b, &fx->f), ERR_OK);
	assert_text(buf_str(&b),
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<payment-avail-response><result><code>2</code>"
	    "<desc>Уже оплачен</desc></result>"
	    "</payment-avail-response>\n");
}

static struct str
cyrillic(struct fixture *fx, size_t n)
{
	struct buf b;

	buf_init(&b, fx->a, 1024);
	for (size_t i = 0; i < n; i++)
		buf_lit(&b, "ж");
	return buf_str(&b);
}

static void
texts_are_cut_at_the_banks_lengths_in_characters(void **state)
{
	struct fixture *fx = *state;
	struct contract c = make(fx, 1);
	struct str long_one = cyrillic(fx, 126);
	struct bank_check_answer answer = { .may = true,
		.merchant_trx = long_one,
		.short_text = long_one,
		.long_text = long_one,
		.total_kop = 1 };
	const char *want_short, *want_long, *want_trx;
	struct buf b;

	buf_init(&b, fx->a, 8192);
	assert_int_equal(gpb_check_answer(&c, &answer, &b, &fx->f), ERR_OK);
	want_short = arena_fmt(
	    fx->a, "<shortDesc>%.*s</shortDesc>", STR_ARG(cyrillic(fx, 30)))
			 .p;
	want_long = arena_fmt(
	    fx->a, "<longDesc>%.*s</longDesc>", STR_ARG(cyrillic(fx, 125)))
			.p;
	want_trx = arena_fmt(fx->a, "<merchant-trx>%.*s</merchant-trx>",
	    STR_ARG(cyrillic(fx, 50)))
		       .p;
	assert_non_null(strstr(b.p, want_short));
	assert_non_null(strstr(b.p, want_long));
	assert_non_null(strstr(b.p, want_trx));
}

static void
an_answer_without_room_is_a_failure(void **state)
{
	struct fixture *fx = *state;
	struct contract c = make(fx, 1);
	struct bank_check_answer answer = { .refusal = STR("x") };
	struct buf b;

	buf_init(&b, fx->a, 100);
	assert_int_equal(gpb_check_answer(&c, &answer, &b, &fx->f), ERR_BUG);
}

static void
recorded_is_code_1_and_not_recorded_code_2(void **state)
{
	struct fixture *fx = *state;
	struct buf b;

	buf_init(&b, fx->a, 8192);
	gpb_registered_answer(true, &b);
	assert_text(buf_str(&b),
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<register-payment-response><result><code>1</code>"
	    "<desc>OK</desc></result></register-payment-response>\n");
	buf_init(&b, fx->a, 8192);
	gpb_registered_answer(false, &b);
	assert_non_null(strstr(b.p, "<code>2</code>"));
}

static enum err
read_status(
    struct fixture *fx, int http, const char *body, struct bank_status *out)
{
	struct http_answer answer = { .status = http, .body = str_of(body) };

	fault_init(&fx->f);
	return gpb_status_read(fx->a, STR("T1"), &answer, out, &fx->f);
}

static void
a_success_tells_card_and_numbers_but_never_a_sum(void **state)
{
	struct fixture *fx = *state;
	struct bank_status out;

	assert_int_equal(
	    read_status(fx, 200,
		"{\"token\":\"T1\",\"state\":null,\"result\":{\"status\":"
		"\"SUCCESS\",\"extendedCode\":null,\"trxId\":\"T1\","
		"\"rrn\":\"632414541141\",\"approvalCode\":\"012345\","
		"\"orderStatus\":\"REGISTERED_AT_MERCHANT\"},"
		"\"src\":{\"type\":\"card\",\"pan\":\"545454xxxxxx5454\","
		"\"title\":\"IVAN IVANOV\"},\"portalType\":\"x\"}",
		&out),
	    ERR_OK);
	assert_int_equal(out.outcome, BANK_PAID);
	assert_text(out.bank_id, "T1");
	assert_text(out.bank_no, "");
	assert_int_equal(out.taken_kop, -1);
	assert_int_equal(out.currency, 0);
	assert_text(out.rrn, "632414541141");
	assert_text(out.auth_code, "012345");
	assert_text(out.card_mask, "545454******5454");
	assert_non_null(strstr(out.raw.p, "REGISTERED_AT_MERCHANT"));
	assert_null(strstr(out.raw.p, "IVAN"));
}

static void
each_status_has_its_outcome_and_unknown_ones_are_open(void **state)
{
	static const struct {
		const char *result;
		enum bank_outcome outcome;
		const char *reason;
	} cases[] = {
		{ "{\"status\":\"FAILED\",\"extendedCode\":"
		  "\"INSUFFICIENT_FUNDS\"}",
		    BANK_DECLINED, "pay_no_funds" },
		{ "{\"status\":\"FAILED\",\"extendedCode\":54}", BANK_DECLINED,
		    "pay_cancelled_by_payer" },
		{ "{\"status\":\"FAILED\",\"extendedCode\":\"CLIENT_LOST\"}",
		    BANK_EXPIRED, "pay_time_over" },
		{ "{\"status\":\"FAILED\",\"extendedCode\":\"OFFER_TIMEOUT\"}",
		    BANK_EXPIRED, "pay_time_over" },
		{ "{\"status\":\"FAILED\",\"extendedCode\":\"UNKNOWN\"}",
		    BANK_OPEN, "bank_unsure" },
		{ "{\"status\":\"FAILED\",\"extendedCode\":\"OK\"}",
		    BANK_DECLINED, "pay_declined" },
		{ "{\"status\":\"FAILED\"}", BANK_DECLINED, "pay_declined" },
		{ "{\"status\":\"DECLINED\"}", BANK_DECLINED, "pay_declined" },
		{ "{\"status\":\"REJECTED\"}", BANK_DECLINED, "pay_declined" },
		{ "{\"status\":\"BLOCKED\"}", BANK_DECLINED, "pay_declined" },
		{ "{\"status\":\"REFUND\"}", BANK_GIVEN_BACK, "" },
		{ "{\"status\":\"NEW\"}", BANK_OPEN, "" },
		{ "{\"status\":\"WAIT\"}", BANK_OPEN, "" },
		{ "{\"status\":\"INTERIM_SUCCESS\"}", BANK_OPEN, "" },
		{ "{\"status\":\"UNKNOWN\"}", BANK_OPEN, "" },
		{ "{\"status\":\"success\"}", BANK_OPEN, "" },
		{ "{}", BANK_OPEN, "" },
		{ "null", BANK_OPEN, "" },
	};
	struct fixture *fx = *state;
	struct bank_status out;

	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		const char *body =
		    arena_fmt(fx->a, "{\"result\":%s}", cases[i].result).p;

		assert_int_equal(read_status(fx, 200, body, &out), ERR_OK);
		if (out.outcome != cases[i].outcome)
			fail_msg("%s", body);
		assert_text(out.reason, cases[i].reason);
	}
	assert_int_equal(read_status(fx, 200, "{}", &out), ERR_OK);
	assert_int_equal(out.outcome, BANK_OPEN);
}

static void
never_started_is_404_and_other_errors_are_no_answer(void **state)
{
	static const int others[] = { 204, 301, 400, 401, 429, 500, 503 };
	struct fixture *fx = *state;
	struct bank_status out;

	assert_int_equal(read_status(fx, 404, "", &out), ERR_OK);
	assert_int_equal(out.outcome, BANK_ABSENT);
	for (size_t i = 0; i < KV_COUNT(others); i++)
		assert_int_equal(
		    read_status(fx, others[i], "{}", &out), ERR_AGAIN);
	assert_int_equal(read_status(fx, 200, "<html>", &out), ERR_AGAIN);
	assert_int_equal(read_status(fx, 200, "[]", &out), ERR_AGAIN);
}

#define PAID "200 OK|{\"result\":{\"status\":\"SUCCESS\"}}"
#define FAILED "200 OK|{\"result\":{\"status\":\"FAILED\"}}"
#define GOING "200 OK|{}"
#define GONE "404 Not Found|"
#define ERROR "503 Down|"

static void
of_several_transactions_a_payment_wins(void **state)
{
	/* Answers from the newest on. */
	static const struct {
		const char *answers[4];
		enum err rc;
		enum bank_outcome outcome;
		const char *bank_id;
	} cases[] = {
		{ { PAID, NULL }, ERR_OK, BANK_PAID, "T3" },
		{ { FAILED, GONE, PAID, NULL }, ERR_OK, BANK_PAID, "T1" },
		{ { FAILED, ERROR, PAID, NULL }, ERR_OK, BANK_PAID, "T1" },
		{ { FAILED, GOING, GONE, NULL }, ERR_OK, BANK_OPEN, "T2" },
		{ { FAILED, GONE, GONE, NULL }, ERR_OK, BANK_DECLINED, "T3" },
		{ { GONE, FAILED, FAILED, NULL }, ERR_OK, BANK_ABSENT, "T3" },
		{ { FAILED, ERROR, FAILED, NULL }, ERR_AGAIN, BANK_OPEN, "" },
	};
	struct str trxs[] = { STR("T1"), STR("T2"), STR("T3") };
	struct bank_query q = { .trxs = trxs, .trxs_len = 3 };
	struct fixture *fx = *state;

	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		struct server s = server_start(cases[i].answers);
		struct contract c = make(fx, s.port);
		struct bank_status out;
		enum err rc;

		fault_init(&fx->f);
		rc = gpb_status(&c, fx->a, &q, &out, &fx->f);
		server_stop(&s);
		assert_int_equal(rc, cases[i].rc);
		if (rc != ERR_OK)
			continue;
		assert_int_equal(out.outcome, cases[i].outcome);
		assert_text(out.bank_id, cases[i].bank_id);
	}
}

static void
the_newest_are_asked_by_post_without_a_body(void **state)
{
	const char *answers[GPB_STATUS_TRXS_MAX + 2];
	struct fixture *fx = *state;
	struct str trxs[GPB_STATUS_TRXS_MAX + 1];
	struct bank_query q = { .trxs = trxs, .trxs_len = KV_COUNT(trxs) };
	struct bank_status out;
	struct contract c;
	struct server s;
	const char *heard;

	assert_true(GPB_STATUS_TRXS_MAX > PAY_OPENINGS_MAX);
	for (size_t i = 0; i < KV_COUNT(trxs); i++) {
		answers[i] = GONE;
		trxs[i] = arena_fmt(fx->a, "T/%d", (int)i);
	}
	answers[KV_COUNT(trxs)] = NULL;
	s = server_start(answers);
	c = make(fx, s.port);
	assert_int_equal(gpb_status(&c, fx->a, &q, &out, &fx->f), ERR_OK);
	heard = server_stop(&s);
	assert_non_null(strstr(heard, "POST /api/v4/portal/payment/T%2F32|\n"));
	assert_non_null(strstr(heard, "T%2F1|"));
	assert_null(strstr(heard, "T%2F0|"));
}

static void
a_silent_bank_is_not_asked_about_every_transaction(void **state)
{
	static const char *const answers[] = { ERROR, ERROR, PAID, NULL };
	struct fixture *fx = *state;
	struct server s = server_start(answers);
	struct contract c = make(fx, s.port);
	struct str trxs[] = { STR("T1"), STR("T2"), STR("T3") };
	struct bank_query q = { .trxs = trxs, .trxs_len = 3 };
	struct bank_status out;

	assert_int_equal(gpb_status(&c, fx->a, &q, &out, &fx->f), ERR_AGAIN);
	assert_null(strstr(server_stop(&s), "T1|"));
}

static void
without_transactions_or_a_status_call_it_is_open(void **state)
{
	struct fixture *fx = *state;
	struct contract c = make(fx, 1);
	struct str trx = STR("T1");
	struct bank_query q = { .trxs = &trx, .trxs_len = 0 };
	struct bank_status out;

	assert_int_equal(gpb_status(&c, fx->a, &q, &out, &fx->f), ERR_OK);
	assert_int_equal(out.outcome, BANK_OPEN);
	q.trxs_len = 1;
	c.asks_status = false;
	assert_int_equal(gpb_status(&c, fx->a, &q, &out, &fx->f), ERR_OK);
	assert_int_equal(out.outcome, BANK_OPEN);
}

/* All extended codes that are known of the gateway. */
static const char *const documented[] = { "OK", "ONLINE_RP_FAILED",
	"CPA_REJECTED", "PREAUTHORIZE_OK", "CPA_FAILED", "CS_NOTSUPPORTED",
	"CS_LIMITEXCEEDED", "CS_CARDNOTFOUND", "CPA_NONE", "CLIENT_LOST",
	"USER_CANCEL", "PAYMENT_REJECTED", "PAYMENT_FAILED", "PAYMENT_REVERSED",
	"0", "1", "2", "3", "4", "11", "12", "13", "21", "53", "54", "-2", "-3",
	"-4", "INSUFFICIENT_FUNDS", "DECLINED_BY_AMOUNT_LIMIT",
	"DECLINED_BY_COUNT_LIMIT", "AMOUNT_LIMIT_EXCEEDED",
	"FREQUENCY_LIMIT_EXCEEDED", "LIMIT_EXCEEDED", "INAPPROPRIATE_AMOUNT",
	"COMMISSION_MISMATCH", "CARD_EXPIRED", "CARD_BLOCKED",
	"CARD_TEMPORARY_BLOCKED", "CARD_RESTRICTED", "CARD_IS_RESTRICTED",
	"CARD_LOST", "CARD_STOLEN", "CARD_LOST_OR_STOLEN", "CAPTURE_CARD",
	"CARD_FAULT", "CARD_DATA_INVALID", "CARD_NOT_SUPPORTED",
	"CARD_NOT_EFFECTIVE", "CARD_RANGE_BLOCKED", "CARD_NOT_FOUND",
	"INCORRECT_PAN", "ACCOUNT_RESTRICTED", "DECLINED_BY_ISSUER",
	"DECLINED_BY_ACQUIRER", "AUTHORIZATION_FAILED",
	"TRANSACTION_OR_CARD_NOT_PERMITTED", "INVALID_MERCHANT",
	"PROHIBITED_BY_LAW", "OTHER_ERRORS", "BLACK_LIST", "FM_REJECTED",
	"FM_REJECTED_BY_SCORE", "BANK_FM_REJECTED", "FM_FAILED", "SYSTEM_ERROR",
	"SYSTEM_MALFUNCTION", "BANK_SYSTEM_ERROR", "COMMUNICATION_ERROR",
	"ISSUER_INOPERATIVE", "INVALID_ISSUER", "INVALID_FORMAT",
	"FORMAT_ERROR", "LOST_ORIGINAL_TRANSACTION_OR_DUPLICATE",
	"CPA_SSL_FAILED", "REDIRECT_REQUIRED", "OFFER_TIMEOUT",
	"TRANSACTION_NOT_FOUND", "TRANSACTION_NOT_SUPPORTED",
	"RECURRENT_ACQUIRER_ERROR", "REFUND_BY_MERCHANT", "UNKNOWN" };

static void
every_documented_code_has_words_for_the_payer(void **state)
{
	struct str reason;

	(void)state;
	for (size_t i = 0; i < KV_COUNT(documented); i++) {
		struct str code = str_of(documented[i]);

		if (!gpb_reason_known(code))
			fail_msg("%s", documented[i]);
		if (gpb_reason(code, &reason) == GPB_NOT_REFUSED)
			assert_int_equal(reason.len, 0);
		else
			assert_true(reason_known(reason.p));
	}
	assert_false(gpb_reason_known(STR("SOMETHING_NEW")));
	assert_false(gpb_reason_known(STR("99")));
	assert_false(gpb_reason_known(STR("")));
	assert_int_equal(gpb_reason(STR(""), &reason), GPB_REFUSED);
	assert_text(reason, "pay_declined");
}

static void
what_a_payer_can_do_about_it_has_words_of_its_own(void **state)
{
	static const struct {
		const char *code, *reason;
	} said[] = {
		{ "INSUFFICIENT_FUNDS", "pay_no_funds" },
		{ "12", "pay_limit" },
		{ "FREQUENCY_LIMIT_EXCEEDED", "pay_limit" },
		{ "13", "pay_card_data" },
		{ "INCORRECT_PAN", "pay_card_data" },
		{ "CARD_NOT_SUPPORTED", "pay_card_scheme" },
		{ "CARD_RANGE_BLOCKED", "pay_card_foreign" },
		{ "REDIRECT_REQUIRED", "pay_wrong_3ds" },
	};
	struct str reason;

	(void)state;
	for (size_t i = 0; i < KV_COUNT(said); i++) {
		assert_int_equal(
		    gpb_reason(str_of(said[i].code), &reason), GPB_REFUSED);
		assert_text(reason, said[i].reason);
	}
}

static void
no_payer_reads_that_a_card_was_lost_or_stolen(void **state)
{
	static const char *const cards[] = { "CARD_LOST", "CARD_STOLEN",
		"CARD_LOST_OR_STOLEN" };
	struct str reason;

	(void)state;
	for (size_t i = 0; i < KV_COUNT(cards); i++) {
		gpb_reason(str_of(cards[i]), &reason);
		assert_text(reason, "pay_card_blocked");
	}
	assert_null(strstr(reason_words("pay_card_blocked"), "краден"));
	assert_null(strstr(reason_words("pay_card_blocked"), "утер"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(the_link_carries_our_number_and_no_sum),
		T(the_old_page_and_a_page_of_ones_own_have_their_parameters),
		T(a_payable_order_is_answered_with_its_sum),
		T(a_refusal_has_its_reason_and_no_purchase),
		T(texts_are_cut_at_the_banks_lengths_in_characters),
		T(an_answer_without_room_is_a_failure),
		T(recorded_is_code_1_and_not_recorded_code_2),
		T(a_success_tells_card_and_numbers_but_never_a_sum),
		T(each_status_has_its_outcome_and_unknown_ones_are_open),
		T(never_started_is_404_and_other_errors_are_no_answer),
		T(of_several_transactions_a_payment_wins),
		T(the_newest_are_asked_by_post_without_a_body),
		T(a_silent_bank_is_not_asked_about_every_transaction),
		T(without_transactions_or_a_status_call_it_is_open),
		T(every_documented_code_has_words_for_the_payer),
		T(what_a_payer_can_do_about_it_has_words_of_its_own),
		T(no_payer_reads_that_a_card_was_lost_or_stolen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
