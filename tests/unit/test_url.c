#include "kvitok/http/url.h"

#include "http_test.h"

static void
what_is_encoded_well_is_decoded(void **state)
{
	static const struct {
		const char *raw;
		bool plus;
		const char *want;
	} good[] = {
		{ "", false, "" },
		{ "abc-._~", false, "abc-._~" },
		{ "a+b", false, "a+b" },
		{ "a+b", true, "a b" },
		{ "%2B%2f%25", true, "+/%" },
		{ "%D0%98%D0%9D%D0%97%D0%9117004717", false, "ИНЗБ17004717" },
		{ "ИНЗБ", false, "ИНЗБ" },
		{ "%09%0A%0D", false, "\t\n\r" },
	};
	struct http_fixture *fx = *state;
	struct str out;

	for (size_t i = 0; i < KV_COUNT(good); i++) {
		assert_int_equal(url_decode(fx->a, str_of(good[i].raw),
				     good[i].plus, &out, &fx->f),
		    ERR_OK);
		assert_string_equal(out.p, good[i].want);
		assert_int_equal(out.len, strlen(good[i].want));
	}
}

static void
what_is_encoded_badly_is_refused(void **state)
{
	static const struct {
		const char *raw, *reason;
	} bad[] = {
		{ "%", "url_bad" },
		{ "%4", "url_bad" },
		{ "%4g", "url_bad" },
		{ "%-1", "url_bad" },
		{ "% 1", "url_bad" },
		{ "a%00b", "text_bad_utf8" },
		{ "%07", "text_bad_utf8" },
		{ "%D0", "text_bad_utf8" },
		{ "%C0%AF", "text_bad_utf8" },
		{ "%ED%A0%80", "text_bad_utf8" },
		{ "\xff", "text_bad_utf8" },
	};
	struct http_fixture *fx = *state;
	struct str out;

	for (size_t i = 0; i < KV_COUNT(bad); i++) {
		assert_int_equal(
		    url_decode(fx->a, str_of(bad[i].raw), true, &out, &fx->f),
		    ERR_INVALID);
		assert_string_equal(fx->f.reason, bad[i].reason);
	}
}

static void
pairs_keep_their_order_and_their_repeats(void **state)
{
	struct http_fixture *fx = *state;
	struct url_params q;

	assert_int_equal(
	    url_params(fx->a, STR("b=2&a=1=1&&b=%26&c&=x"), &q, &fx->f),
	    ERR_OK);
	assert_int_equal(q.len, 5);
	assert_string_equal(q.v[0].name.p, "b");
	assert_string_equal(q.v[1].value.p, "1=1");
	assert_string_equal(q.v[2].value.p, "&");
	assert_string_equal(q.v[3].name.p, "c");
	assert_int_equal(q.v[3].value.len, 0);
	assert_true(str_eq(url_param(&q, "b"), STR("2")));
	assert_null(url_param(&q, "d").p);
}

static void
more_pairs_than_the_limit_are_refused(void **state)
{
	struct http_fixture *fx = *state;
	struct url_params q;
	struct buf b;

	buf_init(&b, fx->a, 4096);
	for (int i = 0; i < URL_PARAMS_MAX; i++)
		buf_lit(&b, "a=1&");
	assert_int_equal(url_params(fx->a, buf_str(&b), &q, &fx->f), ERR_OK);
	assert_int_equal(q.len, URL_PARAMS_MAX);
	buf_lit(&b, "a");
	assert_int_equal(
	    url_params(fx->a, buf_str(&b), &q, &fx->f), ERR_INVALID);
	assert_string_equal(fx->f.reason, "url_bad");
}

static void
an_address_is_made_of_what_has_a_value(void **state)
{
	struct http_fixture *fx = *state;
	struct buf b;

	buf_init(&b, fx->a, 100);
	buf_lit(&b, "/list");
	url_add(&b, "none", STR(""));
	assert_true(str_eq(buf_str(&b), STR("/list")));
	url_add(&b, "a", STR("1&2?"));
	url_add(&b, "none", STR_NONE);
	url_add(&b, "b", STR("\u0420"));
	assert_true(str_eq(buf_str(&b), STR("/list?a=1%262%3F&b=%D0%A0")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_encoded_well_is_decoded),
		cmocka_unit_test(what_is_encoded_badly_is_refused),
		cmocka_unit_test(pairs_keep_their_order_and_their_repeats),
		cmocka_unit_test(more_pairs_than_the_limit_are_refused),
		cmocka_unit_test(an_address_is_made_of_what_has_a_value),
	};

	return cmocka_run_group_tests(tests, http_setup, http_teardown);
}
