#include "kvitok/bank/sber.h"
#include "kvitok/bank/sber_status.h"

#include "bank_server.h"

#define NOW INT64_C(1795000000000)

static int64_t
now(void *self)
{
	(void)self;
	return NOW;
}

static const struct clock fake_clock = { NULL, now };

static struct contract
make(struct fixture *fx, enum contract_dialect dialect, int port)
{
	struct http_settings s = {
		.base = arena_fmt(fx->a, "http://127.0.0.1:%d/", port),
		.connect_ms = 1000,
		.total_ms = 1000,
	};
	struct contract c = {
		.name = STR("sber"),
		.bank = CONTRACT_SBERBANK,
		.dialect = dialect,
		.life_s = 1200,
		.clock = &fake_clock,
		.login = STR("shop-api"),
		.password = STR("p&a%s+s"),
		.page_url = STR("https://bank.example/pp/pay_ru?orderId={id}"),
	};

	assert_int_equal(http_new(fx->a, &s, &c.http, &fx->f), ERR_OK);
	return c;
}

static const struct bank_order order = {
	.bank_no = { "7K3M9QZT-4F8D2K1M0X-1", 21 },
	.total_kop = 121800,
	.description = { "\xd0\x96\xd0\x9a\xd0\xa5 100%+<b>\r\n", 17 },
	.return_url = { "https://pay.example/return/x?y=1", 32 },
	.expires_at = NOW + 900 * 1000,
};

#define ACCEPTED                                                               \
	"200 OK|{\"orderId\":\"70906e55-7114-41d6-8332-4609dc6590f4\","        \
	"\"formUrl\":\"https://bank.example/pay?mdOrder=7\"}"

static void
the_old_dialect_registers_by_a_form(void **state)
{
	static const char *const answers[] = { ACCEPTED, NULL };
	struct fixture *fx = *state;
	struct server s = server_start(answers);
	struct contract c = make(fx, CONTRACT_OLD, s.port);
	struct bank_start out;

	assert_int_equal(sber_start(&c, fx->a, &order, &out, &fx->f), ERR_OK);
	assert_false(out.refused);
	assert_text(out.bank_id, "70906e55-7114-41d6-8332-4609dc6590f4");
	assert_text(out.form_url, "https://bank.example/pay?mdOrder=7");
	assert_string_equal(server_stop(&s),
	    "POST /register.do|userName=shop-api&password=p%26a%25s%2Bs"
	    "&orderNumber=7K3M9QZT-4F8D2K1M0X-1&amount=121800&currency=643"
	    "&returnUrl=https%3A%2F%2Fpay.example%2Freturn%2Fx%3Fy%3D1"
	    "&failUrl=https%3A%2F%2Fpay.example%2Freturn%2Fx%3Fy%3D1"
	    "&description=%D0%96%D0%9A%D0%A5+100+++b"
	    "&language=ru&sessionTimeoutSecs=900\n");
}

static void
the_new_dialect_registers_by_json_with_the_payers_id(void **state)
{
	static const char *const answers[] = { ACCEPTED, NULL };
	struct fixture *fx = *state;
	struct server s = server_start(answers);
	struct contract c = make(fx, CONTRACT_NEW, s.port);
	struct bank_order with = order;
	struct bank_start out;

	with.client = STR("payer-7");
	with.expires_at = NOW; /* still a minute */
	assert_int_equal(sber_start(&c, fx->a, &with, &out, &fx->f), ERR_OK);
	assert_string_equal(server_stop(&s),
	    "POST /register.do|{\"userName\":\"shop-api\","
	    "\"password\":\"p&a%s+s\","
	    "\"orderNumber\":\"7K3M9QZT-4F8D2K1M0X-1\",\"amount\":121800,"
	    "\"currency\":\"643\","
	    "\"returnUrl\":\"https://pay.example/return/x?y=1\","
	    "\"failUrl\":\"https://pay.example/return/x?y=1\","
	    "\"description\":\"\xd0\x96\xd0\x9a\xd0\xa5 100   b\","
	    "\"language\":\"ru\",\"sessionTimeoutSecs\":60,"
	    "\"clientId\":\"payer-7\"}\n");
}

static void
a_token_stands_instead_of_the_login(void **state)
{
	static const char *const answers[] = { ACCEPTED, NULL };
	struct fixture *fx = *state;
	struct server s = server_start(answers);
	struct contract c = make(fx, CONTRACT_OLD, s.port);
	struct bank_start out;
	const char *heard;

	c.token = STR("tok");
	assert_int_equal(sber_start(&c, fx->a, &order, &out, &fx->f), ERR_OK);
	heard = server_stop(&s);
	assert_non_null(strstr(heard, "|token=tok&orderNumber="));
	assert_null(strstr(heard, "password"));
}

static enum err
read_start(
    struct fixture *fx, int status, const char *body, struct bank_start *out)
{
	struct http_answer answer = { .status = status, .body = str_of(body) };
	struct str words;

	fault_init(&fx->f);
	return sber_start_read(fx->a, &answer, out, &words, &fx->f);
}

static void
a_success_is_an_order_id_and_a_link_whatever_the_error_code_is(void **state)
{
	static const char *const good[] = {
		"{\"orderId\":\"a-1\",\"formUrl\":\"https://b.example/x\"}",
		"{\"orderId\":\"a-1\",\"formUrl\":\"https://b.example/x\","
		"\"errorCode\":0}",
		"{\"orderId\":\"a-1\",\"formUrl\":\"https://b.example/x\","
		"\"errorCode\":\"0\",\"externalParams\":{\"n\":1.5}}",
		"{\"orderId\":\"a-1\",\"formUrl\":\"https://b.example/x\","
		"\"errorCode\":null}",
	};
	struct fixture *fx = *state;
	struct bank_start out;

	for (size_t i = 0; i < KV_COUNT(good); i++) {
		assert_int_equal(read_start(fx, 200, good[i], &out), ERR_OK);
		assert_false(out.refused);
		assert_text(out.bank_id, "a-1");
		assert_text(out.form_url, "https://b.example/x");
	}
}

static void
an_answer_that_leaves_doubt_is_unsure(void **state)
{
	static const char *const doubt[] = {
		"",
		"<html>",
		"[]",
		"{}",
		"{\"errorCode\":0}",
		"{\"errorCode\":\"0\",\"orderId\":\"a-1\"}",
		"{\"orderId\":\"a-1\",\"formUrl\":\"/pay\"}",
		"{\"orderId\":\"a-1\",\"formUrl\":\"https://\"}",
		"{\"orderId\":\"a-1\",\"formUrl\":\"javascript:x\"}",
		"{\"orderId\":\"a-1\",\"formUrl\":\"https://b/ x\"}",
		"{\"orderId\":\"\",\"formUrl\":\"https://b/x\"}",
		"{\"errorCode\":\"x\"}",
		/* The number was used: by us, in a call whose answer was
		 * lost? */
		"{\"errorCode\":1,\"errorMessage\":\"duplicated\"}",
		"{\"errorCode\":\"1\"}",
	};
	struct fixture *fx = *state;
	struct bank_start out;

	for (size_t i = 0; i < KV_COUNT(doubt); i++) {
		if (read_start(fx, 200, doubt[i], &out) != ERR_UNSURE)
			fail_msg("%s", doubt[i]);
		assert_string_equal(fx->f.reason, "bank_unsure");
	}
}

static void
a_page_longer_than_what_is_kept_of_it_leaves_doubt(void **state)
{
	struct fixture *fx = *state;
	char path[1000];
	struct bank_start out;

	memset(path, 'x', sizeof(path));
	/* "https://b/" has ten characters; a thousand are kept. */
	assert_int_equal(
	    read_start(fx, 200,
		arena_fmt(fx->a,
		    "{\"orderId\":\"a\",\"formUrl\":\"https://b/%.990s\"}",
		    path)
		    .p,
		&out),
	    ERR_OK);
	assert_int_equal(
	    read_start(fx, 200,
		arena_fmt(fx->a,
		    "{\"orderId\":\"a\",\"formUrl\":\"https://b/%.991s\"}",
		    path)
		    .p,
		&out),
	    ERR_UNSURE);
}

static void
an_error_code_is_a_refusal_with_a_reason(void **state)
{
	static const struct {
		const char *body, *code, *reason;
	} cases[] = {
		{ "{\"errorCode\":\"5\",\"errorMessage\":\"no\"}", "5",
		    "pay_order_refused" },
		{ "{\"errorCode\":3}", "3", "pay_order_refused" },
		{ "{\"errorCode\":4}", "4", "pay_order_refused" },
		{ "{\"errorCode\":8}", "8", "pay_order_refused" },
		{ "{\"errorCode\":13}", "13", "pay_order_refused" },
		{ "{\"errorCode\":14}", "14", "pay_order_refused" },
		{ "{\"errorCode\":\"7\"}", "7", "pay_bank_down" },
	};
	struct fixture *fx = *state;
	struct bank_start out;

	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		assert_int_equal(
		    read_start(fx, 200, cases[i].body, &out), ERR_OK);
		assert_true(out.refused);
		assert_text(out.code, cases[i].code);
		assert_text(out.reason, cases[i].reason);
	}
}

static void
http_errors_tell_not_done_from_perhaps_done(void **state)
{
	static const struct {
		int status;
		enum err rc;
	} cases[] = { { 302, ERR_AGAIN }, { 400, ERR_AGAIN },
		{ 404, ERR_AGAIN }, { 405, ERR_AGAIN }, { 429, ERR_AGAIN },
		{ 500, ERR_UNSURE }, { 502, ERR_UNSURE }, { 504, ERR_UNSURE } };
	struct fixture *fx = *state;
	struct bank_start out;

	for (size_t i = 0; i < KV_COUNT(cases); i++)
		assert_int_equal(
		    read_start(fx, cases[i].status, "", &out), cases[i].rc);
}

static enum err
read_status(struct fixture *fx, const char *body, struct bank_status *out)
{
	struct http_answer answer = { .status = 200, .body = str_of(body) };

	fault_init(&fx->f);
	return sber_status_read(fx->a, &answer, out, &fx->f);
}

static void
a_paid_order_tells_sum_card_and_numbers(void **state)
{
	struct fixture *fx = *state;
	struct bank_status out;

	assert_int_equal(
	    read_status(fx,
		"{\"errorCode\":\"0\",\"orderNumber\":\"N-1\","
		"\"orderStatus\":2,\"actionCode\":0,\"amount\":121800,"
		"\"currency\":\"643\",\"ip\":\"10.0.0.1\","
		"\"authRefNum\":\"111111111111\","
		"\"attributes\":[{\"name\":\"x\",\"value\":\"y\"},"
		"{\"name\":\"mdOrder\",\"value\":\"u-1\"}],"
		"\"cardAuthInfo\":{\"maskedPan\":\"411111**1111\","
		"\"expiration\":\"203012\","
		"\"cardholderName\":\"IVAN IVANOV\","
		"\"approvalCode\":\"123456\"},"
		"\"payerData\":{\"email\":\"ivan@mail.example\"},"
		"\"paymentAmountInfo\":{\"paymentState\":\"DEPOSITED\","
		"\"depositedAmount\":121800,\"feeAmount\":0.5}}",
		&out),
	    ERR_OK);
	assert_int_equal(out.outcome, BANK_PAID);
	assert_text(out.bank_no, "N-1");
	assert_text(out.bank_id, "u-1");
	assert_int_equal(out.taken_kop, 121800);
	assert_int_equal(out.currency, 643);
	assert_text(out.card_mask, "411111**1111");
	assert_text(out.rrn, "111111111111");
	assert_text(out.auth_code, "123456");
	assert_text(out.reason, "");
	/* Evidence without the payer's data. */
	assert_non_null(strstr(out.raw.p, "\"orderStatus\":\"2\""));
	assert_null(strstr(out.raw.p, "ivan"));
	assert_null(strstr(out.raw.p, "IVAN"));
	assert_null(strstr(out.raw.p, "10.0.0.1"));
}

static void
two_sums_that_differ_are_no_sum(void **state)
{
	struct fixture *fx = *state;
	struct bank_status out;

	assert_int_equal(
	    read_status(fx,
		"{\"errorCode\":0,\"orderNumber\":\"N-1\",\"orderStatus\":2,"
		"\"amount\":121700,\"paymentAmountInfo\":"
		"{\"depositedAmount\":121800}}",
		&out),
	    ERR_OK);
	assert_int_equal(out.outcome, BANK_PAID);
	assert_int_equal(out.taken_kop, -1);
}

static void
types_may_be_loose_and_optional_blocks_absent(void **state)
{
	struct fixture *fx = *state;
	struct bank_status out;

	assert_int_equal(read_status(fx,
			     "{\"orderNumber\":17,\"orderStatus\":\"2\","
			     "\"amount\":\"5000\",\"currency\":643,"
			     "\"cardAuthInfo\":{\"pan\":\"4111111111111111\"}}",
			     &out),
	    ERR_OK);
	assert_int_equal(out.outcome, BANK_PAID);
	assert_text(out.bank_no, "17");
	assert_int_equal(out.taken_kop, 5000);
	assert_text(out.card_mask, "411111******1111");
	assert_null(strstr(out.raw.p, "4111111111111111"));
	assert_int_equal(read_status(fx,
			     "{\"orderNumber\":\"17\",\"orderStatus\":2,"
			     "\"amount\":1}",
			     &out),
	    ERR_OK);
	assert_int_equal(out.currency, 0);
}

static void
the_orders_status_decides(void **state)
{
	static const struct {
		const char *middle;
		enum bank_outcome outcome;
		const char *reason, *code;
	} cases[] = {
		{ "\"orderStatus\":0,\"actionCode\":-100", BANK_OPEN, "", "" },
		{ "\"orderStatus\":0,\"actionCode\":-99", BANK_OPEN, "", "" },
		{ "\"orderStatus\":0,\"actionCode\":116", BANK_OPEN,
		    "pay_no_funds", "116" },
		{ "\"orderStatus\":1,\"actionCode\":0", BANK_OPEN, "", "" },
		{ "\"orderStatus\":2,\"actionCode\":116", BANK_PAID, "", "" },
		{ "\"orderStatus\":3", BANK_GIVEN_BACK, "", "" },
		{ "\"orderStatus\":4", BANK_GIVEN_BACK, "", "" },
		{ "\"orderStatus\":5", BANK_OPEN, "", "" },
		{ "\"orderStatus\":6,\"actionCode\":-2007", BANK_EXPIRED,
		    "pay_time_over", "-2007" },
		{ "\"orderStatus\":6,\"actionCode\":-2014", BANK_EXPIRED,
		    "pay_time_over", "-2014" },
		{ "\"orderStatus\":6,\"actionCode\":\"-2013\"", BANK_DECLINED,
		    "pay_attempts_over", "-2013" },
		{ "\"orderStatus\":6,\"actionCode\":151018", BANK_DECLINED,
		    "pay_bank_down", "151018" },
		{ "\"orderStatus\":6,\"actionCode\":151019", BANK_OPEN,
		    "bank_unsure", "151019" },
		{ "\"orderStatus\":6,\"actionCode\":31337", BANK_DECLINED,
		    "pay_declined", "31337" },
		{ "\"orderStatus\":6,\"actionCode\":\"-100\"", BANK_DECLINED,
		    "pay_cancelled_by_payer", "" },
		{ "\"orderStatus\":6,\"actionCode\":-99", BANK_DECLINED,
		    "pay_declined", "" },
		{ "\"orderStatus\":6,\"actionCode\":0", BANK_DECLINED,
		    "pay_declined", "" },
		{ "\"orderStatus\":6", BANK_DECLINED, "pay_declined", "" },
		{ "\"orderStatus\":7", BANK_OPEN, "", "" },
		{ "\"orderStatus\":8", BANK_OPEN, "", "" },
		{ "\"orderStatus\":99", BANK_OPEN, "", "" },
	};
	struct fixture *fx = *state;
	struct bank_status out;

	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		const char *body = arena_fmt(fx->a,
		    "{\"orderNumber\":\"N\",\"amount\":100,%s}",
		    cases[i].middle)
				       .p;

		assert_int_equal(read_status(fx, body, &out), ERR_OK);
		if (out.outcome != cases[i].outcome)
			fail_msg("%s", cases[i].middle);
		assert_text(out.reason, cases[i].reason);
		assert_text(out.code, cases[i].code);
		assert_int_equal(out.taken_kop,
		    out.outcome == BANK_PAID || out.outcome == BANK_GIVEN_BACK
			? 100
			: -1);
	}
}

static void
only_error_6_says_that_there_is_no_such_order(void **state)
{
	struct fixture *fx = *state;
	struct bank_status out;

	assert_int_equal(
	    read_status(fx, "{\"errorCode\":\"6\"}", &out), ERR_OK);
	assert_int_equal(out.outcome, BANK_ABSENT);
	assert_int_equal(out.taken_kop, -1);
}

static void
what_is_not_said_clearly_is_asked_again(void **state)
{
	static const char *const doubt[] = {
		"",
		"[1]",
		"{}",
		"{\"errorCode\":5}",
		"{\"errorCode\":1}",
		"{\"errorCode\":7}",
		"{\"errorCode\":\"none\"}",
		"{\"errorCode\":0}",
		"{\"orderStatus\":2,\"amount\":1}",
		"{\"orderStatus\":2,\"orderNumber\":\"N\"}",
		"{\"orderStatus\":2,\"orderNumber\":\"N\",\"amount\":-1}",
		"{\"orderStatus\":2,\"orderNumber\":\"N\",\"amount\":1.5}",
		"{\"orderStatus\":\"two\",\"orderNumber\":\"N\","
		"\"amount\":1}",
	};
	struct fixture *fx = *state;
	struct bank_status out;

	for (size_t i = 0; i < KV_COUNT(doubt); i++)
		if (read_status(fx, doubt[i], &out) != ERR_AGAIN)
			fail_msg("%s", doubt[i]);
}

static void
status_is_asked_by_order_id_and_else_by_number(void **state)
{
	static const char *const answers[] = { "200 OK|{\"errorCode\":6}",
		"200 OK|{\"orderNumber\":\"N\",\"orderStatus\":0,"
		"\"amount\":1}",
		"502 Bad|", NULL };
	struct fixture *fx = *state;
	struct server s = server_start(answers);
	struct contract c = make(fx, CONTRACT_NEW, s.port);
	struct bank_query q = { .bank_no = STR("N"), .bank_id = STR("u-1") };
	struct bank_status out;
	const char *heard;

	assert_int_equal(sber_status(&c, fx->a, &q, &out, &fx->f), ERR_OK);
	assert_int_equal(out.outcome, BANK_ABSENT);
	assert_text(out.bank_id, "u-1");
	q.bank_id = STR_NONE;
	assert_int_equal(sber_status(&c, fx->a, &q, &out, &fx->f), ERR_OK);
	assert_int_equal(out.outcome, BANK_OPEN);
	assert_int_equal(sber_status(&c, fx->a, &q, &out, &fx->f), ERR_AGAIN);
	heard = server_stop(&s);
	assert_non_null(strstr(heard,
	    "POST /getOrderStatusExtended.do|{\"userName\":\"shop-api\","
	    "\"password\":\"p&a%s+s\",\"orderId\":\"u-1\","));
	assert_non_null(strstr(heard, "s\",\"orderNumber\":\"N\","));
}

static void
a_token_may_not_ask_by_number(void **state)
{
	struct fixture *fx = *state;
	struct contract c = make(fx, CONTRACT_OLD, 1);
	struct bank_query q = { .bank_no = STR("N") };
	struct bank_status out;

	c.token = STR("tok");
	assert_int_equal(
	    sber_status(&c, fx->a, &q, &out, &fx->f), ERR_CONFLICT);
}

static void
a_question_without_an_answer_may_be_asked_again(void **state)
{
	static const char *const none[] = { NULL };
	struct fixture *fx = *state;
	struct server s = server_start(none);
	struct contract c = make(fx, CONTRACT_OLD, s.port);
	struct bank_query q = { .bank_no = STR("N"), .bank_id = STR("u") };
	struct bank_status out;

	assert_int_equal(sber_status(&c, fx->a, &q, &out, &fx->f), ERR_AGAIN);
	assert_int_equal(sber_cancel(&c, fx->a, &q, &fx->f), ERR_AGAIN);
	server_stop(&s);
}

static void
an_order_is_called_off_or_the_bank_says_no(void **state)
{
	static const char *const answers[] = { "200 OK|{\"errorCode\":0}",
		"200 OK|{\"errorCode\":\"7\"}", "200 OK|<html>", "500 Oops|",
		NULL };
	struct fixture *fx = *state;
	struct server s = server_start(answers);
	struct contract c = make(fx, CONTRACT_OLD, s.port);
	struct bank_query q = { .bank_no = STR("N"), .bank_id = STR("u-1") };

	assert_int_equal(sber_cancel(&c, fx->a, &q, &fx->f), ERR_OK);
	assert_int_equal(sber_cancel(&c, fx->a, &q, &fx->f), ERR_CONFLICT);
	assert_int_equal(sber_cancel(&c, fx->a, &q, &fx->f), ERR_AGAIN);
	assert_int_equal(sber_cancel(&c, fx->a, &q, &fx->f), ERR_AGAIN);
	q.bank_id = STR_NONE;
	assert_int_equal(sber_cancel(&c, fx->a, &q, &fx->f), ERR_CONFLICT);
	assert_non_null(strstr(server_stop(&s),
	    "POST /decline.do|userName=shop-api&password="
	    "p%26a%25s%2Bs&orderId=u-1&orderNumber=N\n"));
}

static void
a_lost_link_is_rebuilt_from_the_template(void **state)
{
	struct fixture *fx = *state;
	struct contract c = make(fx, CONTRACT_NEW, 1);

	assert_text(sber_page_url(&c, fx->a, STR("a-1&b")),
	    "https://bank.example/pp/pay_ru?orderId=a-1%26b");
	assert_text(sber_page_url(&c, fx->a, STR_NONE), "");
	c.page_url = STR_NONE;
	assert_text(sber_page_url(&c, fx->a, STR("a-1")), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(the_old_dialect_registers_by_a_form),
		T(the_new_dialect_registers_by_json_with_the_payers_id),
		T(a_token_stands_instead_of_the_login),
		T(a_success_is_an_order_id_and_a_link_whatever_the_error_code_is),
		T(an_answer_that_leaves_doubt_is_unsure),
		T(a_page_longer_than_what_is_kept_of_it_leaves_doubt),
		T(an_error_code_is_a_refusal_with_a_reason),
		T(http_errors_tell_not_done_from_perhaps_done),
		T(a_paid_order_tells_sum_card_and_numbers),
		T(two_sums_that_differ_are_no_sum),
		T(types_may_be_loose_and_optional_blocks_absent),
		T(the_orders_status_decides),
		T(only_error_6_says_that_there_is_no_such_order),
		T(what_is_not_said_clearly_is_asked_again),
		T(status_is_asked_by_order_id_and_else_by_number),
		T(a_token_may_not_ask_by_number),
		T(a_question_without_an_answer_may_be_asked_again),
		T(an_order_is_called_off_or_the_bank_says_no),
		T(a_lost_link_is_rebuilt_from_the_template),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
