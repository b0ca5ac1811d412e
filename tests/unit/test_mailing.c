#include "kvitok/domain/mailing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#define HOUR INT64_C(3600000)

static const struct mailing_window usual = MAILING_WINDOW_USUAL;
static const struct mailing_window whole = { 1, 31, 0, 24 };

/* An instant by the clock of Moscow. */
static int64_t
at(const char *day, int64_t ms)
{
	int64_t start;

	assert_true(day_start(str_of(day), DAY_ZONE_MOSCOW, &start));
	return start + ms;
}

static void
bills_are_those_of_the_month_before_by_moscow(void **state)
{
	char month[DAY_MONTH_SIZE];

	(void)state;
	mailing_month(at("2026-11-15", 0), month);
	assert_string_equal(month, "2026-10");
	mailing_month(at("2027-01-01", 0), month);
	assert_string_equal(month, "2026-12");
	mailing_month(at("2027-01-01", -1), month);
	assert_string_equal(month, "2026-11");
}

static void
a_window_is_open_from_its_first_midnight_to_its_last_hour(void **state)
{
	(void)state;
	assert_false(mailing_open(&usual, at("2026-11-15", -1)));
	assert_true(mailing_open(&usual, at("2026-11-15", 0)));
	assert_true(mailing_open(&usual, at("2026-11-16", 23 * HOUR)));
	assert_true(mailing_open(&usual, at("2026-11-18", 20 * HOUR - 1)));
	assert_false(mailing_open(&usual, at("2026-11-18", 20 * HOUR)));
	assert_false(mailing_open(&usual, at("2026-11-30", 0)));
}

static void
a_day_that_the_month_lacks_is_its_last_one(void **state)
{
	struct mailing_window last = { 31, 31, 9, 20 };

	(void)state;
	assert_true(mailing_open(&whole, at("2026-11-30", 24 * HOUR - 1)));
	assert_false(mailing_open(&last, at("2027-02-27", 12 * HOUR)));
	assert_true(mailing_open(&last, at("2027-02-28", 12 * HOUR)));
	assert_false(mailing_open(&last, at("2027-02-28", 20 * HOUR)));
	assert_false(mailing_open(&last, at("2027-03-01", 12 * HOUR)));
}

static void
the_least_share_is_first_and_the_greatest_last(void **state)
{
	int64_t begin = at("2026-11-15", 0);

	(void)state;
	assert_true(
	    mailing_due(&usual, begin, 0) == at("2026-11-15", 9 * HOUR));
	assert_true(mailing_due(&usual, begin, UINT32_MAX) ==
	    at("2026-11-18", 20 * HOUR - 1));
	/* Half of four days of eleven hours. */
	assert_true(mailing_due(&usual, begin, UINT32_C(1) << 31) ==
	    at("2026-11-17", 9 * HOUR));
}

static void
who_is_late_is_spread_over_what_is_left(void **state)
{
	int64_t night = at("2026-11-17", 22 * HOUR);
	int64_t day = at("2026-11-18", 19 * HOUR);

	(void)state;
	assert_true(
	    mailing_due(&usual, night, 0) == at("2026-11-18", 9 * HOUR));
	assert_true(mailing_due(&usual, day, 0) == day);
	assert_true(
	    mailing_due(&usual, day, UINT32_C(1) << 31) == day + HOUR / 2);
	assert_true(mailing_due(&usual, day, UINT32_MAX) ==
	    at("2026-11-18", 20 * HOUR - 1));
}

static void
the_longest_window_is_spread_without_overflow(void **state)
{
	int64_t begin = at("2026-12-01", 0);

	(void)state;
	assert_true(mailing_due(&whole, begin, UINT32_MAX) ==
	    at("2026-12-31", 24 * HOUR - 1));
	assert_true(mailing_due(&whole, begin, 0) == begin);
}

/* How many of n accounts fall into each of the 44 hours. */
static void
count(int n, int hours[44])
{
	int64_t begin = at("2026-11-15", 0);

	memset(hours, 0, 44 * sizeof(hours[0]));
	for (int i = 0; i < n; i++) {
		char number[16];
		int64_t due, ms;

		(void)snprintf(number, sizeof(number), "7800%05d", i);
		due = mailing_due(&usual, begin,
		    mailing_share(STR("tgk1"), STR("tgk-1"), str_of(number)));
		ms = due - begin;
		assert_true(ms % DAY_MS >= 9 * HOUR);
		assert_true(ms % DAY_MS < 20 * HOUR);
		assert_true(ms / DAY_MS < 4);
		hours[ms / DAY_MS * 11 + (ms % DAY_MS - 9 * HOUR) / HOUR]++;
	}
}

static void
many_accounts_fill_the_hours_evenly(void **state)
{
	int hours[44];

	(void)state;
	count(2, hours);
	count(100000, hours);
	for (int i = 0; i < 44; i++) {
		assert_true(hours[i] > 100000 / 44 * 9 / 10);
		assert_true(hours[i] < 100000 / 44 * 11 / 10);
	}
}

static void
a_share_is_of_all_three_names_each_in_its_place(void **state)
{
	uint32_t n = mailing_share(STR("a"), STR("b"), STR("c"));

	(void)state;
	assert_true(n == mailing_share(STR("a"), STR("b"), STR("c")));
	assert_true(n != mailing_share(STR("a"), STR("c"), STR("b")));
	assert_true(n != mailing_share(STR("ab"), STR(""), STR("c")));
}

static void
at_night_the_morning_is_waited_for(void **state)
{
	int64_t noon = at("2026-11-20", 12 * HOUR);

	(void)state;
	assert_true(mailing_hours(&usual, noon) == noon);
	assert_true(mailing_hours(&usual, at("2026-11-20", 9 * HOUR - 1)) ==
	    at("2026-11-20", 9 * HOUR));
	assert_true(mailing_hours(&usual, at("2026-11-20", 20 * HOUR - 1)) ==
	    at("2026-11-20", 20 * HOUR - 1));
	assert_true(mailing_hours(&usual, at("2026-11-20", 20 * HOUR)) ==
	    at("2026-11-21", 9 * HOUR));
	assert_true(
	    mailing_hours(&whole, at("2026-11-20", 0)) == at("2026-11-20", 0));
}

static void
each_state_has_its_word(void **state)
{
	(void)state;
	assert_string_equal(mailing_state_name(MAILING_WAITING), "waiting");
	assert_string_equal(mailing_state_name(MAILING_FAILED), "failed");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bills_are_those_of_the_month_before_by_moscow),
		cmocka_unit_test(
		    a_window_is_open_from_its_first_midnight_to_its_last_hour),
		cmocka_unit_test(a_day_that_the_month_lacks_is_its_last_one),
		cmocka_unit_test(
		    the_least_share_is_first_and_the_greatest_last),
		cmocka_unit_test(who_is_late_is_spread_over_what_is_left),
		cmocka_unit_test(the_longest_window_is_spread_without_overflow),
		cmocka_unit_test(many_accounts_fill_the_hours_evenly),
		cmocka_unit_test(
		    a_share_is_of_all_three_names_each_in_its_place),
		cmocka_unit_test(at_night_the_morning_is_waited_for),
		cmocka_unit_test(each_state_has_its_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
