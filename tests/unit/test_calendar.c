#include "kvitok/domain/calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#define TEXT(literal)                                                          \
	{                                                                      \
		literal, sizeof(literal) - 1                                   \
	}

static const struct calendar_day days[] = {
	{ TEXT("2025-11-01"), true }, /* a Saturday that was worked */
	{ TEXT("2025-11-03"), false },
	{ TEXT("2025-11-04"), false },
	{ TEXT("2026-03-09"), false },
	{ TEXT("2026-06-12"), false },
};
static const struct calendar calendar = { days, KV_COUNT(days) };
static const struct due_rule rules[] = {
	{ TEXT("2005-03-01"), TEXT("2026-02-28"), 10 },
	{ TEXT("2026-03-01"), TEXT(""), 15 },
};

static void
saturday_and_sunday_are_off_unless_the_calendar_says_otherwise(void **state)
{
	(void)state;
	assert_true(calendar_working(&calendar, STR("2026-11-27")));
	assert_false(calendar_working(&calendar, STR("2026-11-28")));
	assert_false(calendar_working(&calendar, STR("2026-11-29")));
	assert_true(calendar_working(&calendar, STR("2026-11-30")));
	assert_true(calendar_working(&calendar, STR("2025-11-01")));
	assert_false(calendar_working(&calendar, STR("2025-11-02")));
	assert_false(calendar_working(&calendar, STR("2025-11-04")));
	assert_false(calendar_working(&calendar, STR("2026-06-12")));
}

static void
check_moved(const char *day, const char *wanted)
{
	char out[DAY_TEXT_SIZE];

	calendar_moved(&calendar, str_of(day), out);
	assert_string_equal(out, wanted);
}

/* Civil Code, article 193. */
static void
a_day_off_moves_to_the_next_working_day(void **state)
{
	(void)state;
	check_moved("2026-11-27", "2026-11-27");
	check_moved("2026-11-28", "2026-11-30");
	check_moved("2025-11-01", "2025-11-01");
	check_moved("2025-11-02", "2025-11-05"); /* Sunday, two holidays */
	check_moved("2026-03-07", "2026-03-10");
	check_moved("2026-12-31", "2026-12-31"); /* no row: a Thursday */
}

static void
check_due(const char *month, const char *wanted)
{
	char out[DAY_TEXT_SIZE];

	assert_true(calendar_due(
	    &calendar, rules, KV_COUNT(rules), str_of(month), out));
	assert_string_equal(out, wanted);
}

/* Until the 10th; of charges that are paid from March 2026 on, the 15th. */
static void
charges_are_due_on_the_day_of_the_law_in_force(void **state)
{
	char out[DAY_TEXT_SIZE];

	(void)state;
	check_due("2025-12", "2026-01-12"); /* the 10th is a Saturday */
	check_due("2026-01", "2026-02-10");
	check_due("2026-02", "2026-03-16"); /* the 15th is a Sunday */
	check_due("2026-03", "2026-04-15");
	check_due("2026-10", "2026-11-16");
	check_due("2026-12", "2027-01-15");
	assert_false(calendar_due(
	    &calendar, rules, KV_COUNT(rules), STR("2004-12"), out));
	assert_false(calendar_due(&calendar, rules, 1, STR("2026-02"), out));
}

static void
a_calendar_of_days_off_only_has_an_end(void **state)
{
	static const struct calendar_day off[] = {
		{ TEXT("2026-11-26"), false },
		{ TEXT("2026-11-27"), false },
	};
	const struct calendar c = { off, KV_COUNT(off) };
	char out[DAY_TEXT_SIZE];

	(void)state;
	calendar_moved(&c, STR("2026-11-26"), out);
	assert_string_equal(out, "2026-11-30");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    saturday_and_sunday_are_off_unless_the_calendar_says_otherwise),
		cmocka_unit_test(a_day_off_moves_to_the_next_working_day),
		cmocka_unit_test(
		    charges_are_due_on_the_day_of_the_law_in_force),
		cmocka_unit_test(a_calendar_of_days_off_only_has_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
