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

static void
a_day_and_an_id_come_back(void **state)
{
	struct http_fixture *fx = *state;
	const struct str bad[] = { STR_NONE, STR("."), STR("2026-11-27"),
		STR("2026-02-30.01ARZ3NDEKTSV4RRFFQ69G5FAV"),
		STR("2026-11-27.01ARZ3NDEKTSV4RRFFQ69G5FA"),
		STR("2026-11-27.01ARZ3NDEKTSV4RRFFQ69G5FAVV") };
	struct str day, id,
	    s = cursor_make_day(
		fx->a, STR("2026-11-27"), STR("01ARZ3NDEKTSV4RRFFQ69G5FAV"));

	assert_true(s.len <= CURSOR_DAY_MAX);
	assert_true(cursor_read_day(s, &day, &id));
	assert_true(str_eq(day, STR("2026-11-27")));
	assert_true(str_eq(id, STR("01ARZ3NDEKTSV4RRFFQ69G5FAV")));
	for (size_t i = 0; i < KV_COUNT(bad); i++)
		assert_false(cursor_read_day(bad[i], &day, &id));
}

static void
a_number_of_a_supplier_comes_back_with_its_day(void **state)
{
	struct http_fixture *fx = *state;
	char longest[4 * CURSOR_NUMBER_MAX + 4];
	struct str day, number, s;

	s = cursor_make_text(fx->a, STR("2026-11-27"), STR("А 318/2"));
	assert_true(cursor_read_text(fx->a, s, &day, &number));
	assert_true(str_eq(day, STR("2026-11-27")));
	assert_true(str_eq(number, STR("А 318/2")));
	s = cursor_make_text(fx->a, STR(""), STR("Д-1"));
	assert_true(cursor_read_text(fx->a, s, &day, &number));
	assert_int_equal(day.len, 0);
	for (size_t i = 0; i <= CURSOR_NUMBER_MAX; i++)
		memcpy(longest + 4 * i, "\xF0\x9F\x94\xA5", 4);
	number = (struct str){ longest, 4 * (size_t)CURSOR_NUMBER_MAX };
	s = cursor_make_text(fx->a, STR("2026-11-27"), number);
	assert_true(s.len <= CURSOR_TEXT_MAX);
	assert_true(cursor_read_text(fx->a, s, &day, &number));
	number.len += 4;
	number.p = longest;
	s = cursor_make_text(fx->a, STR("2026-11-27"), number);
	assert_false(cursor_read_text(fx->a, s, &day, &number));
}

static void
what_is_no_cursor_of_a_supplier_is_refused(void **state)
{
	struct http_fixture *fx = *state;
	const struct str bad[] = {
		STR_NONE,
		STR("nonsense="),
		STR("MQ"),
		cursor_make_text(fx->a, STR(""), STR("")),
		cursor_make_text(fx->a, STR("2026-02-30"), STR("1")),
		cursor_make_text(fx->a, STR(""), STR("\xFF")),
		cursor_make_text(fx->a, STR(""), STR("a\x01")),
	};
	struct str day, number;

	for (size_t i = 0; i < KV_COUNT(bad); i++)
		assert_false(cursor_read_text(fx->a, bad[i], &day, &number));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cursor_comes_back_as_it_was),
		cmocka_unit_test(what_is_no_cursor_of_ours_is_refused),
		cmocka_unit_test(a_day_and_an_id_come_back),
		cmocka_unit_test(
		    a_number_of_a_supplier_comes_back_with_its_day),
		cmocka_unit_test(what_is_no_cursor_of_a_supplier_is_refused),
	};

	return cmocka_run_group_tests(tests, http_setup, http_teardown);
}
