#include "kvitok/base/day.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#define AT INT64_C(1795227191000) /* 2026-11-21T02:13:11Z */

static const struct {
	int64_t at;
	const char *text;
} instants[] = {
	{ 0, "1970-01-01T00:00:00.000Z" },
	{ -1, "1969-12-31T23:59:59.999Z" },
	{ AT, "2026-11-21T02:13:11.000Z" },
	{ INT64_C(951782400000), "2000-02-29T00:00:00.000Z" },
	{ INT64_C(951868799999), "2000-02-29T23:59:59.999Z" },
	{ INT64_C(-2203891200000), "1900-03-01T00:00:00.000Z" },
	{ INT64_C(-2203891200001), "1900-02-28T23:59:59.999Z" },
	{ INT64_C(4107542400000), "2100-03-01T00:00:00.000Z" },
	{ INT64_C(4107542399999), "2100-02-28T23:59:59.999Z" },
	{ INT64_C(32503679999999), "2999-12-31T23:59:59.999Z" },
};

static void
instants_are_printed_and_read_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < KV_COUNT(instants); i++) {
		char text[DAY_RFC3339_SIZE];
		int64_t at = 77;

		day_rfc3339(instants[i].at, text);
		assert_string_equal(text, instants[i].text);
		assert_true(day_parse_rfc3339(str_of(text), &at));
		assert_true(at == instants[i].at);
	}
}

static void
every_day_of_400_years_is_read_back(void **state)
{
	char text[DAY_TEXT_SIZE], before[DAY_TEXT_SIZE] = "1900-01-01";
	int64_t at;

	(void)state;
	assert_true(day_start(STR("1900-01-02"), 0, &at));
	for (int i = 0; i < 146097; i++, at += DAY_MS) {
		int64_t back;

		day_of(at, 0, text);
		assert_true(strcmp(before, text) < 0);
		assert_true(day_start(str_of(text), 0, &back));
		assert_true(back == at);
		memcpy(before, text, sizeof(before));
	}
	assert_string_equal(text, "2300-01-01");
}

static void
a_day_is_that_of_the_zone(void **state)
{
	char text[DAY_TEXT_SIZE];

	(void)state;
	day_of(INT64_C(1795218900000), 0, text); /* 23:55 in UTC */
	assert_string_equal(text, "2026-11-20");
	day_of(INT64_C(1795218900000), DAY_ZONE_MOSCOW, text);
	assert_string_equal(text, "2026-11-21");
	day_of(0, -1, text);
	assert_string_equal(text, "1969-12-31");
	day_of(DAY_MS - 1, 0, text);
	assert_string_equal(text, "1970-01-01");
	day_of(DAY_MS, 0, text);
	assert_string_equal(text, "1970-01-02");
}

static void
russian_and_local_forms_are_in_the_zone(void **state)
{
	char russian[17], iso[20];

	(void)state;
	day_russian(AT, DAY_ZONE_MOSCOW, russian);
	assert_string_equal(russian, "21.11.2026 05:13");
	day_russian(AT, 480, russian);
	assert_string_equal(russian, "21.11.2026 10:13");
	day_local_iso(AT, DAY_ZONE_MOSCOW, iso);
	assert_string_equal(iso, "2026-11-21T05:13:11");
}

static void
offsets_and_decimals_of_rfc_3339_are_understood(void **state)
{
	static const struct {
		const char *text;
		int64_t at;
	} rows[] = {
		{ "2026-11-21T02:13:11Z", AT },
		{ "2026-11-21t02:13:11z", AT },
		{ "2026-11-21T05:13:11+03:00", AT },
		{ "2026-11-20T23:43:11-02:30", AT },
		{ "2026-11-21T02:13:11.5Z", AT + 500 },
		{ "2026-11-21T02:13:11.05Z", AT + 50 },
		{ "2026-11-21T02:13:11.999999999Z", AT + 999 },
		{ "2026-11-21T02:13:11-00:00", AT },
	};

	(void)state;
	for (size_t i = 0; i < KV_COUNT(rows); i++) {
		int64_t at = 77;

		assert_true(day_parse_rfc3339(str_of(rows[i].text), &at));
		assert_true(at == rows[i].at);
	}
}

static void
what_is_no_instant_is_refused(void **state)
{
	static const char *const bad[] = { "", "2026-11-21",
		"2026-11-21T02:13:11", "2026-11-21 02:13:11Z",
		"2026-11-21T02:13Z", "2026-11-21T24:00:00Z",
		"2026-11-21T02:60:00Z", "2026-11-21T02:13:60Z",
		"2026-11-21T02:13:11.Z", "2026-11-21T02:13:11.0123456789Z",
		"2026-11-21T02:13:11+0300", "2026-11-21T02:13:11+24:00",
		"2026-11-21T02:13:11+03:60", "2026-11-21T02:13:11Z ",
		"2026-02-29T00:00:00Z", "1899-12-31T00:00:00Z",
		"3000-01-01T00:00:00Z", "2026-11-21T02:13:11+03",
		"02026-11-21T02:13:11Z", "2026-11-21T2:13:11Z" };
	int64_t at = 77;

	(void)state;
	for (size_t i = 0; i < KV_COUNT(bad); i++)
		assert_false(day_parse_rfc3339(str_of(bad[i]), &at));
	assert_int_equal(at, 77);
}

static void
only_real_days_of_our_centuries_are_valid(void **state)
{
	static const char *const good[] = { "2026-11-21", "2024-02-29",
		"2000-02-29", "1900-01-01", "2999-12-31", "2026-12-31" };
	static const char *const bad[] = { "2026-02-29", "2100-02-29",
		"2026-04-31", "2026-13-01", "2026-00-01", "2026-01-00",
		"2026-01-32", "1899-12-31", "3000-01-01", "2026-1-1",
		"2026-11-21 ", "26-11-21", "2026.11.21", "", "2026-11" };

	(void)state;
	for (size_t i = 0; i < KV_COUNT(good); i++)
		assert_true(day_valid(str_of(good[i])));
	for (size_t i = 0; i < KV_COUNT(bad); i++) {
		int64_t at = 77;

		assert_false(day_valid(str_of(bad[i])));
		assert_false(day_start(str_of(bad[i]), 0, &at));
		assert_int_equal(at, 77);
	}
}

static void
a_day_begins_at_midnight_of_its_zone(void **state)
{
	int64_t at;

	(void)state;
	assert_true(day_start(STR("1970-01-01"), 0, &at));
	assert_int_equal(at, 0);
	assert_true(day_start(STR("1970-01-01"), DAY_ZONE_MOSCOW, &at));
	assert_int_equal(at, -3 * 3600 * 1000);
	assert_true(day_start(STR("2026-11-21"), 480, &at));
	assert_true(at == INT64_C(1795190400000));
}

static void
a_month_is_a_year_and_one_of_twelve(void **state)
{
	(void)state;
	assert_true(day_month_valid(STR("2026-11")));
	assert_true(day_month_valid(STR("2026-01")));
	assert_true(day_month_valid(STR("2026-12")));
	assert_false(day_month_valid(STR("2026-00")));
	assert_false(day_month_valid(STR("2026-13")));
	assert_false(day_month_valid(STR("1899-12")));
	assert_false(day_month_valid(STR("2026-1")));
	assert_false(day_month_valid(STR("2026-11-")));
	assert_false(day_month_valid(STR_NONE));
}

static void
days_are_counted_from_1970_and_back(void **state)
{
	static const struct {
		const char *day;
		int64_t number;
		int weekday;
	} rows[] = { { "1970-01-01", 0, 4 }, { "1969-12-31", -1, 3 },
		{ "1969-12-28", -4, 7 }, { "2026-11-28", 20785, 6 },
		{ "2024-02-29", 19782, 4 }, { "1900-01-01", -25567, 1 },
		{ "2999-12-31", 376199, 2 } };
	char text[DAY_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < KV_COUNT(rows); i++) {
		assert_int_equal(
		    day_number(str_of(rows[i].day)), rows[i].number);
		day_text(rows[i].number, text);
		assert_string_equal(text, rows[i].day);
		assert_int_equal(day_weekday(rows[i].number), rows[i].weekday);
	}
}

static void
months_follow_each_other_over_the_year(void **state)
{
	char text[DAY_MONTH_SIZE];
	int n = day_month_number(STR("2025-12"));

	(void)state;
	day_month_text(n, text);
	assert_string_equal(text, "2025-12");
	day_month_text(n + 1, text);
	assert_string_equal(text, "2026-01");
	day_month_text(n - 11, text);
	assert_string_equal(text, "2025-01");
}

static void
a_day_is_stepped_over_months_and_leap_years(void **state)
{
	static const struct {
		const char *day;
		int days;
		const char *want;
	} good[] = {
		{ "2026-11-30", 1, "2026-12-01" },
		{ "2026-12-31", 1, "2027-01-01" },
		{ "2028-02-28", 1, "2028-02-29" },
		{ "2027-02-28", 1, "2027-03-01" },
		{ "2026-01-01", -1, "2025-12-31" },
		{ "2026-11-21", 0, "2026-11-21" },
		{ "1900-01-01", 1, "1900-01-02" },
		{ "2999-12-30", 1, "2999-12-31" },
	};
	char out[DAY_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(day_step(str_of(good[i].day), good[i].days, out));
		assert_string_equal(out, good[i].want);
	}
	assert_false(day_step(STR("2999-12-31"), 1, out));
	assert_false(day_step(STR("1900-01-01"), -1, out));
	assert_false(day_step(STR("2026-02-29"), 1, out));
	assert_false(day_step(STR(""), 1, out));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_are_counted_from_1970_and_back),
		cmocka_unit_test(months_follow_each_other_over_the_year),
		cmocka_unit_test(instants_are_printed_and_read_back),
		cmocka_unit_test(every_day_of_400_years_is_read_back),
		cmocka_unit_test(a_day_is_that_of_the_zone),
		cmocka_unit_test(russian_and_local_forms_are_in_the_zone),
		cmocka_unit_test(
		    offsets_and_decimals_of_rfc_3339_are_understood),
		cmocka_unit_test(what_is_no_instant_is_refused),
		cmocka_unit_test(only_real_days_of_our_centuries_are_valid),
		cmocka_unit_test(a_day_begins_at_midnight_of_its_zone),
		cmocka_unit_test(a_month_is_a_year_and_one_of_twelve),
		cmocka_unit_test(a_day_is_stepped_over_months_and_leap_years),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
