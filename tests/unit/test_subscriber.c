#include "kvitok/domain/subscriber.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static struct benefit
benefit(const char *from_day, const char *to_day)
{
	return (struct benefit){ .kind = STR("k"),
		.title = STR("T"),
		.from_day = str_of(from_day),
		.to_day = str_of(to_day) };
}

/* Of two benefits the second one is judged, too. */
static const char *
judged(const char *from_day, const char *to_day)
{
	struct benefit v[] = { benefit("2020-01-01", ""),
		benefit(from_day, to_day) };
	struct subscriber s = { .persons = -1,
		.area_micro = -1,
		.benefits = v,
		.benefits_len = 2 };

	return subscriber_judge(&s);
}

static void
a_benefit_lasts_a_day_at_least(void **state)
{
	(void)state;
	assert_null(judged("2020-01-01", ""));
	assert_null(judged("2020-01-01", "2020-01-01"));
	assert_string_equal(
	    judged("2020-01-02", "2020-01-01"), "exchange_span");
	assert_string_equal(judged("1800-01-01", ""), "exchange_day");
	assert_string_equal(judged("2020-01-01", "1800-01-01"), "exchange_day");
}

static void
an_area_is_not_below_zero_and_a_closed_day_is_a_day(void **state)
{
	struct subscriber s = { .persons = -1, .area_micro = -1 };

	(void)state;
	assert_null(subscriber_judge(&s));
	s.area_micro = 0;
	assert_null(subscriber_judge(&s));
	s.area_micro = -2;
	assert_string_equal(subscriber_judge(&s), "exchange_area");
	s.area_micro = -1;
	s.closed_day = STR("2026-11-01");
	assert_null(subscriber_judge(&s));
	s.closed_day = STR("1800-11-01");
	assert_string_equal(subscriber_judge(&s), "exchange_day");
}

static void
whatever_is_told_of_people_is_something(void **state)
{
	struct subscriber s = {
		.persons = -1, .area_micro = -1, .closed_day = STR("2026-11-01")
	};

	(void)state;
	assert_false(subscriber_has_people(&s));
	s.persons = 0;
	assert_true(subscriber_has_people(&s));
	s.persons = -1;
	s.area_micro = 0;
	assert_true(subscriber_has_people(&s));
	s.area_micro = -1;
	s.benefits_len = 1;
	assert_true(subscriber_has_people(&s));
	s.benefits_len = 0;
	s.emails_len = 1;
	assert_true(subscriber_has_people(&s));
	s.emails_len = 0;
	s.phones_len = 1;
	assert_true(subscriber_has_people(&s));
}

static void
a_benefit_holds_from_its_first_day_to_its_last(void **state)
{
	struct benefit b = benefit("2026-02-01", "2026-02-28");

	(void)state;
	assert_false(subscriber_holds(&b, STR("2026-01-31")));
	assert_true(subscriber_holds(&b, STR("2026-02-01")));
	assert_true(subscriber_holds(&b, STR("2026-02-28")));
	assert_false(subscriber_holds(&b, STR("2026-03-01")));
	b.to_day = STR("");
	assert_true(subscriber_holds(&b, STR("2999-03-01")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_benefit_lasts_a_day_at_least),
		cmocka_unit_test(
		    an_area_is_not_below_zero_and_a_closed_day_is_a_day),
		cmocka_unit_test(whatever_is_told_of_people_is_something),
		cmocka_unit_test(
		    a_benefit_holds_from_its_first_day_to_its_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
