/* Unit tests of bank/sber_refund and bank/gpb_refund: what answers mean. */
#include "kvitok/bank/gpb_refund.h"
#include "kvitok/bank/sber_refund.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct arena *a;
static struct fault f;
static struct bank_refund_answer said;
static int64_t kop;
static const struct bank_refund order = {
	.bank_no = { "N-1", 3 }, .bank_id = { "ID", 2 }, .paid_kop = 1000
};

static int
begin(void **state)
{
	(void)state;
	a = arena_new(1 << 20);
	fault_init(&f);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

static struct http_answer
http(int status, const char *body)
{
	return (struct http_answer){ .status = status, .body = str_of(body) };
}

static enum err
sber(int status, const char *body)
{
	struct http_answer answer = http(status, body);

	said = (struct bank_refund_answer){ .refused = false };
	return sber_refund_read(a, &answer, &said, &f);
}

static enum err
gpb(int status, const char *body)
{
	struct http_answer answer = http(status, body);

	said = (struct bank_refund_answer){ .refused = false };
	return gpb_refund_read(a, &answer, &said, &f);
}

static enum err
sber_asked(int status, const char *body)
{
	struct http_answer answer = http(status, body);

	kop = -1;
	return sber_refunded_read(a, &answer, &order, &kop, &f);
}

static enum err
gpb_asked(int status, const char *body)
{
	struct http_answer answer = http(status, body);

	kop = -1;
	return gpb_refunded_read(a, &answer, &order, &kop, &f);
}

static void
sberbank_has_done_it_only_when_it_says_errorcode_0(void **state)
{
	(void)state;
	assert_int_equal(sber(200, "{\"errorCode\":\"0\"}"), ERR_OK);
	assert_false(said.refused);
	assert_int_equal(sber(200, "{\"errorCode\":0}"), ERR_OK);
	assert_false(said.refused);
	assert_int_equal(sber(200, "{}"), ERR_UNSURE);
	assert_int_equal(sber(200, "{\"errorCode\":null}"), ERR_UNSURE);
	assert_int_equal(sber(200, "{\"errorCode\":\"x\"}"), ERR_UNSURE);
	assert_int_equal(sber(200, "<html>"), ERR_UNSURE);
}

static void
another_code_of_sberbank_is_a_refusal_and_kept(void **state)
{
	(void)state;
	assert_int_equal(sber(200, "{\"errorCode\":\"7\"}"), ERR_OK);
	assert_true(said.refused);
	assert_true(str_eq(said.code, STR("7")));
}

static void
a_gateway_that_fails_on_the_way_may_have_done_it(void **state)
{
	(void)state;
	assert_int_equal(sber(502, ""), ERR_UNSURE);
	assert_int_equal(sber(500, "{\"errorCode\":0}"), ERR_UNSURE);
	assert_int_equal(sber(499, ""), ERR_AGAIN);
	assert_int_equal(sber(400, ""), ERR_AGAIN);
	assert_int_equal(gpb(500, "{}"), ERR_UNSURE);
	assert_int_equal(gpb(502, "<html>"), ERR_UNSURE);
	assert_int_equal(gpb(401, "{}"), ERR_AGAIN);
}

static void
gazprombank_says_success_or_failed_and_nothing_else_decides(void **state)
{
	(void)state;
	assert_int_equal(gpb(200, "{\"status\":\"SUCCESS\"}"), ERR_OK);
	assert_false(said.refused);
	assert_int_equal(gpb(200, "{\"status\":\"FAILED\"}"), ERR_OK);
	assert_true(said.refused);
	assert_int_equal(gpb(200, "{\"status\":\"PROCESSING\"}"), ERR_UNSURE);
	assert_int_equal(gpb(200, "{\"status\":\"UNKNOWN\"}"), ERR_UNSURE);
	assert_int_equal(gpb(200, "{\"status\":\"success\"}"), ERR_UNSURE);
	assert_int_equal(gpb(200, "{}"), ERR_UNSURE);
	assert_int_equal(gpb(200, "nothing"), ERR_UNSURE);
	assert_int_equal(
	    gpb(404, "{\"error\":\"TRANSACTION_NOT_FOUND\"}"), ERR_OK);
	assert_true(said.refused);
	assert_true(str_eq(said.code, STR("TRANSACTION_NOT_FOUND")));
}

static void
sberbank_names_what_went_back_of_this_order(void **state)
{
	(void)state;
	assert_int_equal(sber_asked(200,
			     "{\"errorCode\":\"0\",\"orderNumber\":\"N-1\","
			     "\"orderStatus\":4,"
			     "\"paymentAmountInfo\":{\"refundedAmount\":300}}"),
	    ERR_OK);
	assert_int_equal(kop, 300);
	assert_int_equal(sber_asked(200,
			     "{\"errorCode\":\"0\",\"orderNumber\":\"N-1\","
			     "\"orderStatus\":3,"
			     "\"paymentAmountInfo\":{\"refundedAmount\":0}}"),
	    ERR_OK);
	assert_int_equal(kop, 1000); /* reversed: all of it */
	assert_int_equal(sber_asked(200,
			     "{\"errorCode\":\"0\",\"orderNumber\":\"N-2\","
			     "\"orderStatus\":4,"
			     "\"paymentAmountInfo\":{\"refundedAmount\":300}}"),
	    ERR_AGAIN);
	assert_int_equal(sber_asked(200,
			     "{\"errorCode\":\"0\",\"orderNumber\":\"N-1\","
			     "\"orderStatus\":2}"),
	    ERR_AGAIN);
	assert_int_equal(sber_asked(200, "{\"errorCode\":\"6\"}"), ERR_AGAIN);
	assert_int_equal(sber_asked(502, ""), ERR_AGAIN);
}

static void
gazprombank_names_what_went_back_of_this_sum(void **state)
{
	(void)state;
	assert_int_equal(
	    gpb_asked(200, "{\"amount\":1000,\"refundAmount\":300}"), ERR_OK);
	assert_int_equal(kop, 300);
	assert_int_equal(
	    gpb_asked(200, "{\"amount\":1001,\"refundAmount\":300}"),
	    ERR_CONFLICT);
	assert_int_equal(gpb_asked(200, "{\"amount\":1000}"), ERR_AGAIN);
	assert_int_equal(
	    gpb_asked(200, "{\"amount\":1000,\"refundAmount\":-1}"), ERR_AGAIN);
	assert_int_equal(gpb_asked(404, "{}"), ERR_AGAIN);
}

#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(sberbank_has_done_it_only_when_it_says_errorcode_0),
		T(another_code_of_sberbank_is_a_refusal_and_kept),
		T(a_gateway_that_fails_on_the_way_may_have_done_it),
		T(gazprombank_says_success_or_failed_and_nothing_else_decides),
		T(sberbank_names_what_went_back_of_this_order),
		T(gazprombank_names_what_went_back_of_this_sum),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
