#include "kvitok/web/cursor.h"

#include "http_test.h"

#define NUMBER "7K3M9QZT-4F8D2K1M0X"

static void
a_cursor_comes_back_as_it_was(void **state)
{
	static const int64_t instants[] = { 1, 1795219200000, INT64_MAX };
	struct http_fixture *fx = *state;

	for (size_t i = 0; i < KV_COUNT(instants); i++) {
		struct str s = cursor_make(fx->a, instants[i], STR(NUMBER));
		struct str number;
		int64_t at;

		for (size_t k = 0; k < s.len; k++)
			assert_non_null(strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcde"
					       "fghijklmnopqrstuvwxyz0123456789"
					       "-_",
			    s.p[k]));
		assert_true(cursor_read(fx->a, s, &at, &number));
		assert_int_equal(at, instants[i]);
		assert_true(str_eq(number, STR(NUMBER)));
	}
}

static void
what_is_no_cursor_of_ours_is_refused(void **state)
{
	struct http_fixture *fx = *state;
	struct str good = cursor_make(fx->a, 1795219200000, STR(NUMBER));
	const struct str bad[] = {
		STR_NONE,
		STR("nonsense"),
		STR("===="),
		STR("MQ"),
		{ good.p, good.len - 1 },
		arena_fmt(fx->a, "%.*s=", STR_ARG(good)),
		cursor_make(fx->a, 0, STR(NUMBER)),
		cursor_make(fx->a, -1, STR(NUMBER)),
		cursor_make(fx->a, 5, STR("7K3M9QZT")),
		cursor_make(fx->a, 5, STR(NUMBER " ")),
		arena_fmt(fx->a, "%.*s%.*s%.*s", STR_ARG(good), STR_ARG(good),
		    STR_ARG(good)),
	};
	struct str number;
	int64_t at;

	for (size_t i = 0; i < KV_COUNT(bad); i++)
		assert_false(cursor_read(fx->a, bad[i], &at, &number));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cursor_comes_back_as_it_was),
		cmocka_unit_test(what_is_no_cursor_of_ours_is_refused),
	};

	return cmocka_run_group_tests(tests, http_setup, http_teardown);
}
