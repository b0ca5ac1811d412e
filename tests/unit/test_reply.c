#include "kvitok/http/reply.h"

#include "http_test.h"

#include "kvitok/base/json.h"

static struct str
header(const struct reply *r, const char *name)
{
	for (size_t i = 0; i < r->headers_len; i++)
		if (strcmp(r->headers[i].name, name) == 0)
			return r->headers[i].value;
	return STR_NONE;
}

static struct str
member(const struct json *j, const char *name)
{
	struct str s = STR_NONE;

	assert_true(json_text(json_get(j, name), &s));
	return s;
}

static void
a_problem_says_everything_that_was_promised(void **state)
{
	struct http_fixture *fx = *state;
	const struct json *j, *field;
	struct reply r;
	int64_t status = 0;

	reply_begin(&r, fx->a);
	(void)fault_set(
	    &fx->f, ERR_LIMIT, "sum_too_small", "not for the payer");
	fault_arg_kop(&fx->f, "min", 1000);
	fault_arg_kop(&fx->f, "max", 1400000);
	fault_field(&fx->f, "/lines/0/sum_kop", "sum_too_small");
	reply_problem(&r, &fx->f, STR("req-1"));
	assert_int_equal(r.status, 422);
	assert_true(str_eq(
	    header(&r, "Content-Type"), STR("application/problem+json")));
	assert_null(header(&r, "Retry-After").p);
	assert_int_equal(
	    json_parse(fx->a, r.body, JSON_STRICT, &j, &fx->f), ERR_OK);
	assert_true(
	    str_eq(member(j, "type"), STR("urn:kvitok:reason:sum_too_small")));
	assert_true(str_eq(member(j, "title"), STR("Unprocessable Content")));
	assert_true(json_int(json_get(j, "status"), &status));
	assert_int_equal(status, 422);
	assert_true(str_eq(member(j, "detail"),
	    STR("Сумма меньше допустимой: минимальная сумма: 10 руб., "
		"максимальная: 14000 руб.")));
	assert_true(str_eq(member(j, "reason"), STR("sum_too_small")));
	assert_true(str_eq(member(j, "request_id"), STR("req-1")));
	assert_int_equal(json_count(json_get(j, "fields")), 1);
	field = json_at(json_get(j, "fields"), 0);
	assert_true(str_eq(member(field, "pointer"), STR("/lines/0/sum_kop")));
	assert_true(str_eq(member(field, "reason"), STR("sum_too_small")));
	assert_true(str_eq(member(field, "detail"), member(j, "detail")));
}

static void
who_may_come_again_is_told_when(void **state)
{
	struct http_fixture *fx = *state;
	struct reply r;

	reply_begin(&r, fx->a);
	(void)fault_set(&fx->f, ERR_AGAIN, "database_unavailable", "gone");
	reply_problem(&r, &fx->f, STR("req-1"));
	assert_int_equal(r.status, 503);
	assert_true(str_eq(header(&r, "Retry-After"), STR("3")));
	fx->f.retry_after_s = 30;
	reply_problem(&r, &fx->f, STR("req-1"));
	assert_true(str_eq(header(&r, "Retry-After"), STR("30")));
}

static void
a_bug_keeps_its_details_to_itself(void **state)
{
	struct http_fixture *fx = *state;
	struct reply r;

	reply_begin(&r, fx->a);
	(void)fault_set(&fx->f, ERR_BUG, "no_such_reason", "secret detail");
	reply_problem(&r, &fx->f, STR("req-1"));
	assert_int_equal(r.status, 500);
	assert_int_equal(str_find(r.body, STR("secret")), r.body.len);
	assert_int_equal(str_find(r.body, STR("no_such_reason")), r.body.len);
	assert_true(str_find(r.body, STR("\"internal\"")) < r.body.len);
}

static void
an_address_to_go_to_cannot_bring_a_header(void **state)
{
	struct http_fixture *fx = *state;
	struct reply r;

	reply_begin(&r, fx->a);
	reply_see_other(&r, STR("https://b.example/p?a=%20&b=\r\nX: 1й"));
	assert_int_equal(r.status, 303);
	assert_true(str_eq(header(&r, "Location"),
	    STR("https://b.example/p?a=%20&b=%0D%0AX:%201%D0%B9")));
}

static void
the_head_is_as_a_gateway_takes_it(void **state)
{
	struct http_fixture *fx = *state;
	struct reply r;
	struct buf b;

	reply_begin(&r, fx->a);
	reply_body(&r, 201, "application/json", STR("{}\n"));
	buf_init(&b, fx->a, 1000);
	reply_head(&r, STR("req-1"), &b);
	assert_string_equal(b.p,
	    "Status: 201 Created\r\nContent-Type: application/json\r\n"
	    "Content-Length: 3\r\nX-Request-Id: req-1\r\n\r\n");
}

static void
what_the_caller_has_is_not_sent_again(void **state)
{
	static const struct {
		const char *had;
		bool same;
	} cases[] = {
		{ "HTTP_IF_NONE_MATCH=\"v1\"", true },
		{ "HTTP_IF_NONE_MATCH=W/\"v1\"", true },
		{ "HTTP_IF_NONE_MATCH=\"v0\", \"v1\"", true },
		{ "HTTP_IF_NONE_MATCH=\"v2\"", false },
		{ "HTTP_IF_NONE_MATCH=", false },
		{ "HTTP_ACCEPT=*", false },
	};
	struct http_fixture *fx = *state;
	struct reply r;

	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		test_request(fx, "GET", "/");
		test_env(fx, cases[i].had);
		reply_begin(&r, fx->a);
		assert_int_equal(
		    reply_unchanged(&r, &fx->r, STR("v1")), cases[i].same);
		assert_true(str_eq(header(&r, "ETag"), STR("\"v1\"")));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_problem_says_everything_that_was_promised),
		cmocka_unit_test(who_may_come_again_is_told_when),
		cmocka_unit_test(a_bug_keeps_its_details_to_itself),
		cmocka_unit_test(an_address_to_go_to_cannot_bring_a_header),
		cmocka_unit_test(the_head_is_as_a_gateway_takes_it),
		cmocka_unit_test(what_the_caller_has_is_not_sent_again),
	};

	return cmocka_run_group_tests(tests, http_setup, http_teardown);
}
