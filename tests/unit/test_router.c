#include "kvitok/http/router.h"

#include "http_test.h"

enum { POOL_A = 1, POOL_B = 2 };

static const struct route table[] = {
	{ HTTP_GET, "/", POOL_A, 0, 0, 0, NULL },
	{ HTTP_GET, "/healthz", POOL_A | POOL_B, 0, 0, 0, NULL },
	{ HTTP_GET, "/v1/payments", POOL_A, 0, 0, 0, NULL },
	{ HTTP_POST, "/v1/payments", POOL_A, 0, 0, 0, NULL },
	{ HTTP_GET, "/v1/payments/{number}", POOL_A, 0, 0, 0, NULL },
	{ HTTP_POST, "/v1/payments/{number}/cancel", POOL_A, 0, 0, 0, NULL },
	{ HTTP_GET, "/v1/accounts/{supplier}/{number}", POOL_A, 0, 0, 0, NULL },
	{ HTTP_GET, "/pay/{token}", POOL_B, 0, 0, 0, NULL },
	{ HTTP_GET, "/{portal}/", POOL_A, 0, 0, 0, NULL },
	{ HTTP_GET, "/v1/cards/offers", POOL_A, 0, 0, 0, NULL },
	{ HTTP_DELETE, "/v1/cards/{id}", POOL_A, 0, 0, 0, NULL },
};

static enum err
look(struct http_fixture *fx, const char *method, const char *uri,
    unsigned pools, const struct route **row, struct route_params *params,
    char *allow)
{
	test_request(fx, method, uri);
	assert_int_equal(request_begin(&fx->r, STR("made"), &fx->f), ERR_OK);
	return route_find(fx->a, table, KV_COUNT(table), pools, &fx->r, row,
	    params, allow, &fx->f);
}

static void
each_address_finds_its_row(void **state)
{
	static const struct {
		const char *method, *uri;
		unsigned pool;
		int row; /* -1: none */
		const char *first, *second;
	} cases[] = {
		{ "GET", "/", POOL_A, 0, NULL, NULL },
		{ "HEAD", "/", POOL_A, 0, NULL, NULL },
		{ "GET", "/healthz", POOL_B, 1, NULL, NULL },
		{ "GET", "/%68ealthz?x=1", POOL_B, 1, NULL, NULL },
		{ "POST", "/v1/payments", POOL_A, 3, NULL, NULL },
		{ "GET", "/v1/payments/A-1", POOL_A, 4, "A-1", NULL },
		{ "GET", "/v1/accounts/s/%D0%98%2F1", POOL_A, 6, "s", "И/1" },
		{ "GET", "/pay/A.B", POOL_B, 7, "A.B", NULL },
		{ "GET", "/tgk1/", POOL_A, 8, "tgk1", NULL },
		{ "GET", "/pay/A.B", POOL_A, -1, NULL, NULL },
		{ "GET", "/v1/payments", POOL_B, -1, NULL, NULL },
		{ "GET", "/v1/payments/", POOL_A, -1, NULL, NULL },
		{ "GET", "/v1//payments", POOL_A, -1, NULL, NULL },
		{ "GET", "//", POOL_A, -1, NULL, NULL },
		{ "GET", "/v1/payments/A/b", POOL_A, -1, NULL, NULL },
		{ "GET", "/a/b/c/d/e/f/g/h/i/j/k/l/m/n", POOL_A, -1, NULL,
		    NULL },
	};
	struct http_fixture *fx = *state;
	const struct route *row;
	struct route_params params;
	char allow[ROUTE_ALLOW_SIZE];

	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		enum err rc = look(fx, cases[i].method, cases[i].uri,
		    cases[i].pool, &row, &params, allow);

		if (cases[i].row < 0) {
			assert_int_equal(rc, ERR_ABSENT);
			assert_string_equal(fx->f.reason, "path_unknown");
			continue;
		}
		assert_int_equal(rc, ERR_OK);
		assert_ptr_equal(row, &table[cases[i].row]);
		if (cases[i].first)
			assert_true(
			    str_eq(params.v[0], str_of(cases[i].first)));
		if (cases[i].second)
			assert_true(
			    str_eq(params.v[1], str_of(cases[i].second)));
	}
}

static void
another_method_is_told_what_is_allowed(void **state)
{
	static const struct {
		const char *method, *uri, *allow;
	} cases[] = {
		{ "DELETE", "/v1/payments", "GET, HEAD, POST" },
		{ "GET", "/v1/payments/A/cancel", "POST" },
		{ "BREW", "/v1/payments/A", "GET, HEAD" },
		{ "DELETE", "/v1/cards/offers", "GET, HEAD" },
		{ "GET", "/v1/cards/A", "DELETE" },
	};
	struct http_fixture *fx = *state;
	const struct route *row;
	struct route_params params;
	char allow[ROUTE_ALLOW_SIZE];

	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		assert_int_equal(look(fx, cases[i].method, cases[i].uri, POOL_A,
				     &row, &params, allow),
		    ERR_INVALID);
		assert_string_equal(fx->f.reason, "method_not_allowed");
		assert_string_equal(allow, cases[i].allow);
	}
}

static void
an_address_encoded_badly_is_not_understood(void **state)
{
	struct http_fixture *fx = *state;
	const struct route *row;
	struct route_params params;
	char allow[ROUTE_ALLOW_SIZE];

	assert_int_equal(
	    look(fx, "GET", "/v1/payments/%ff", POOL_A, &row, &params, allow),
	    ERR_INVALID);
	assert_string_equal(fx->f.reason, "text_bad_utf8");
	assert_int_equal(
	    look(fx, "GET", "/v1/payments/%0", POOL_A, &row, &params, allow),
	    ERR_INVALID);
	assert_string_equal(fx->f.reason, "url_bad");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_address_finds_its_row),
		cmocka_unit_test(another_method_is_told_what_is_allowed),
		cmocka_unit_test(an_address_encoded_badly_is_not_understood),
	};

	return cmocka_run_group_tests(tests, http_setup, http_teardown);
}
