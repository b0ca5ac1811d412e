#include "kvitok/domain/schedule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#define MINUTE INT64_C(60000)
#define HOUR INT64_C(3600000)
#define IRKUTSK 480
#define KALININGRAD 120

/* The first days of 2027 are off until the 10th; a Saturday is worked. */
static const struct calendar_day off[] = {
	{ { "2026-12-31", 10 }, false },
	{ { "2027-01-01", 10 }, false },
	{ { "2027-01-04", 10 }, false },
	{ { "2027-01-05", 10 }, false },
	{ { "2027-01-06", 10 }, false },
	{ { "2027-01-07", 10 }, false },
	{ { "2027-01-08", 10 }, false },
	{ { "2027-02-20", 10 }, true },
};
static const struct calendar calendar = { off, KV_COUNT(off) };

/* An instant by the clock of Moscow. */
static int64_t
at(const char *day, int64_t ms)
{
	int64_t start;

	assert_true(day_start(str_of(day), DAY_ZONE_MOSCOW, &start));
	return start + ms;
}

static struct schedule_rule
rule(const char *period, const char *days, const char *time)
{
	struct schedule_rule r;
	struct fault f;

	fault_init(&f);
	assert_int_equal(schedule_rule_of(str_of(period), str_of(days),
			     str_of(time), &r, &f),
	    ERR_OK);
	return r;
}

struct line {
	const char *from, *to, *day;
};

/* The periods that follow each other from a day on. */
static void
follow(const char *period, const char *days, const char *first,
    const struct line *v, size_t len)
{
	struct schedule_rule r = rule(period, days, "07:30");
	struct schedule_period p;
	char from[DAY_TEXT_SIZE];

	(void)snprintf(from, sizeof(from), "%s", first);
	for (size_t i = 0; i < len; i++) {
		schedule_period(
		    &r, &calendar, DAY_ZONE_MOSCOW, str_of(from), &p);
		assert_string_equal(p.from, v[i].from);
		assert_string_equal(p.to, v[i].to);
		assert_string_equal(p.day, v[i].day);
		assert_true(p.due_at == at(v[i].day, 7 * HOUR + 30 * MINUTE));
		day_text(day_number(str_of(p.to)) + 1, from);
	}
}

static void
a_day_falls_due_the_day_after_or_so_many_later(void **state)
{
	static const struct line one[] = {
		{ "2026-11-28", "2026-11-28", "2026-11-29" },
		{ "2026-11-29", "2026-11-29", "2026-11-30" },
	};
	static const struct line three[] = {
		{ "2026-11-28", "2026-11-28", "2026-12-01" },
		{ "2026-11-29", "2026-11-29", "2026-12-02" },
	};

	(void)state;
	follow("day", "every", "2026-11-28", one, KV_COUNT(one));
	follow("day:3", "every", "2026-11-28", three, KV_COUNT(three));
}

static void
days_off_are_periods_of_the_first_working_day(void **state)
{
	static const struct line v[] = {
		{ "2026-11-26", "2026-11-26", "2026-11-27" },
		{ "2026-11-27", "2026-11-27", "2026-11-30" },
		{ "2026-11-28", "2026-11-28", "2026-11-30" },
		{ "2026-11-29", "2026-11-29", "2026-11-30" },
		{ "2026-11-30", "2026-11-30", "2026-12-01" },
	};
	static const struct line worked[] = {
		{ "2027-02-19", "2027-02-19", "2027-02-20" },
		{ "2027-02-20", "2027-02-20", "2027-02-22" },
	};

	(void)state;
	follow("day", "working", "2026-11-26", v, KV_COUNT(v));
	follow("day", "working", "2027-02-19", worked, KV_COUNT(worked));
}

static void
since_the_last_time_holidays_are_one_period(void **state)
{
	static const struct line v[] = {
		{ "2026-12-29", "2026-12-29", "2026-12-30" },
		{ "2026-12-30", "2027-01-10", "2027-01-11" },
		{ "2027-01-11", "2027-01-11", "2027-01-12" },
	};
	static const struct line tenth[] = {
		{ "2026-11-10", "2026-12-09", "2026-12-10" },
		{ "2026-12-10", "2027-01-09", "2027-01-10" },
	};

	(void)state;
	follow("since", "working", "2026-12-29", v, KV_COUNT(v));
	follow("since", "month:10", "2026-11-10", tenth, KV_COUNT(tenth));
}

static void
a_week_without_a_working_day_loses_no_week(void **state)
{
	static const struct line v[] = {
		{ "2026-12-21", "2026-12-27", "2026-12-28" },
		{ "2026-12-28", "2027-01-03", "2027-01-11" },
		{ "2027-01-04", "2027-01-10", "2027-01-11" },
		{ "2027-01-11", "2027-01-17", "2027-01-18" },
	};
	static const struct line wednesday[] = {
		{ "2026-11-23", "2026-11-29", "2026-12-02" },
	};

	(void)state;
	/* From any day of the first week. */
	follow("week", "working", "2026-12-24", v, KV_COUNT(v));
	follow("week", "week:3", "2026-11-29", wednesday, 1);
}

static void
a_month_falls_due_on_its_day_or_the_last_that_there_is(void **state)
{
	static const struct line fifth[] = {
		{ "2026-11-01", "2026-11-30", "2026-12-05" },
		{ "2026-12-01", "2026-12-31", "2027-01-05" },
	};
	static const struct line last[] = {
		{ "2027-01-01", "2027-01-31", "2027-02-28" },
		{ "2027-02-01", "2027-02-28", "2027-03-31" },
	};
	static const struct line working[] = {
		{ "2026-12-01", "2026-12-31", "2027-01-11" },
	};

	(void)state;
	follow("month", "month:5", "2026-11-28", fifth, KV_COUNT(fifth));
	follow("month", "month:31", "2027-01-01", last, KV_COUNT(last));
	follow("month", "working", "2026-12-15", working, 1);
}

static void
no_report_is_made_before_its_last_day_is_over_in_moscow(void **state)
{
	struct schedule_rule r = rule("day", "every", "02:00");
	struct schedule_period p;

	(void)state;
	/* Two in the morning of the 29th there is the evening of the 28th. */
	schedule_period(&r, &calendar, IRKUTSK, STR("2026-11-28"), &p);
	assert_true(p.due_at == at("2026-11-29", SCHEDULE_REST_MS));
	r = rule("day", "every", "05:04");
	schedule_period(&r, &calendar, IRKUTSK, STR("2026-11-28"), &p);
	assert_true(p.due_at == at("2026-11-29", SCHEDULE_REST_MS));
	r = rule("day", "every", "05:06");
	schedule_period(&r, &calendar, IRKUTSK, STR("2026-11-28"), &p);
	assert_true(p.due_at == at("2026-11-29", 6 * MINUTE));
	r = rule("day", "every", "00:00");
	schedule_period(&r, &calendar, KALININGRAD, STR("2026-11-28"), &p);
	assert_true(p.due_at == at("2026-11-29", HOUR));
}

static void
what_was_missed_is_made_up_in_order_to_a_bound(void **state)
{
	struct schedule_rule r = rule("day", "every", "07:30");
	int64_t now = at("2026-11-28", 7 * HOUR + 30 * MINUTE), missed;
	struct schedule_period p;

	(void)state;
	/* Due by now: those of the 24th to the 27th. */
	schedule_next(&r, &calendar, DAY_ZONE_MOSCOW, STR("2026-11-24"),
	    STR(""), now, 4, &p, &missed);
	assert_string_equal(p.from, "2026-11-24");
	assert_int_equal(missed, 0);
	schedule_next(&r, &calendar, DAY_ZONE_MOSCOW, STR("2026-11-24"),
	    STR(""), now, 3, &p, &missed);
	assert_string_equal(p.from, "2026-11-25");
	assert_int_equal(missed, 1);
	schedule_next(&r, &calendar, DAY_ZONE_MOSCOW, STR("2026-11-24"),
	    STR(""), now - 1, 3, &p, &missed);
	assert_string_equal(p.from, "2026-11-24");
	assert_int_equal(missed, 0);
	/* Nothing is due: it is the next one. */
	schedule_next(&r, &calendar, DAY_ZONE_MOSCOW, STR("2026-11-28"),
	    STR(""), now, 1, &p, &missed);
	assert_string_equal(p.from, "2026-11-28");
	assert_int_equal(missed, 0);
}

static void
days_after_the_last_one_take_no_period_of_those_before(void **state)
{
	struct schedule_rule r = rule("day", "every", "07:30");
	int64_t now = at("2026-11-28", 8 * HOUR), missed;
	struct schedule_period p;

	(void)state;
	/* Seven are over, of which three are wanted. */
	schedule_next(&r, &calendar, DAY_ZONE_MOSCOW, STR("2026-11-21"),
	    STR("2026-11-23"), now, 3, &p, &missed);
	assert_string_equal(p.from, "2026-11-21");
	assert_int_equal(missed, 0);
	schedule_next(&r, &calendar, DAY_ZONE_MOSCOW, STR("2026-11-21"),
	    STR("2026-11-23"), now, 2, &p, &missed);
	assert_string_equal(p.from, "2026-11-22");
	assert_int_equal(missed, 1);
	/* A week that ends after the last day is none of them. */
	r = rule("week", "every", "07:30");
	schedule_next(&r, &calendar, DAY_ZONE_MOSCOW, STR("2026-11-09"),
	    STR("2026-11-21"), now, 1, &p, &missed);
	assert_string_equal(p.from, "2026-11-09");
	assert_int_equal(missed, 0);
}

static void
period_with(const char *period, const char *days, const char *first,
    const char *day, const char *from, const char *to)
{
	struct schedule_rule r = rule(period, days, "07:30");
	struct schedule_period p;

	schedule_period_with(
	    &r, &calendar, DAY_ZONE_MOSCOW, str_of(first), str_of(day), &p);
	assert_string_equal(p.from, from);
	assert_string_equal(p.to, to);
}

static void
a_day_in_the_middle_finds_the_whole_period(void **state)
{
	(void)state;
	/* From a Friday to Sunday; a holiday; the first one, cut short. */
	period_with("since", "working", "2026-12-01", "2026-11-28",
	    "2026-11-27", "2026-11-29");
	period_with("since", "working", "2026-12-01", "2026-11-27",
	    "2026-11-27", "2026-11-29");
	period_with("since", "working", "2026-12-01", "2026-11-30",
	    "2026-11-30", "2026-11-30");
	period_with("since", "working", "2026-12-01", "2027-01-05",
	    "2026-12-30", "2027-01-10");
	period_with("since", "week:1", "2026-11-25", "2026-11-28", "2026-11-25",
	    "2026-11-29");
	period_with("since", "week:1", "2026-11-25", "2026-11-25", "2026-11-25",
	    "2026-11-29");
	period_with("since", "week:1", "2026-11-25", "2026-12-02", "2026-11-30",
	    "2026-12-06");
	period_with("week", "working", "2026-11-23", "2026-11-05", "2026-11-02",
	    "2026-11-08");
	period_with("month", "working", "2026-11-01", "2028-02-29",
	    "2028-02-01", "2028-02-29");
	period_with("day", "every", "2026-11-01", "2026-10-31", "2026-10-31",
	    "2026-10-31");
}

static void
words_of_a_rule_are_read_and_written_the_same(void **state)
{
	static const char *const periods[] = { "day", "day:2", "day:31", "week",
		"month", "since" };
	static const char *const days[] = { "every", "working", "week:1",
		"week:7", "month:1", "month:31" };
	static const char *const times[] = { "00:00", "07:30", "23:59" };
	char word[SCHEDULE_WORD_SIZE], time[SCHEDULE_TIME_SIZE];

	(void)state;
	for (size_t i = 0; i < KV_COUNT(periods); i++) {
		struct schedule_rule r =
		    rule(periods[i], days[i], times[i % 3]);

		schedule_period_word(&r, word);
		assert_string_equal(word, periods[i]);
		schedule_days_word(&r, word);
		assert_string_equal(word, days[i]);
		schedule_time_word(&r, time);
		assert_string_equal(time, times[i % 3]);
	}
}

static void
refused(const char *period, const char *days, const char *time,
    const char *reason, const char *field)
{
	struct schedule_rule r;
	struct fault f;

	fault_init(&f);
	assert_int_equal(schedule_rule_of(str_of(period), str_of(days),
			     str_of(time), &r, &f),
	    ERR_INVALID);
	assert_string_equal(f.reason, reason);
	assert_string_equal(f.fields[0].pointer, field);
}

static void
other_words_are_refused_by_their_field(void **state)
{
	static const char *const periods[] = { "", "day:", "day:0", "day:32",
		"day:1x", "week:1", "Day", "year" };
	static const char *const days[] = { "", "week", "week:0", "week:8",
		"month", "month:0", "month:32", "monday" };
	static const char *const times[] = { "", "7:30", "07:3", "24:00",
		"07:60", "0730", "07:30:00", "-1:30" };

	(void)state;
	for (size_t i = 0; i < KV_COUNT(periods); i++)
		refused(
		    periods[i], "every", "07:30", "schedule_period", "period");
	for (size_t i = 0; i < KV_COUNT(days); i++)
		refused("day", days[i], "07:30", "schedule_days", "days");
	for (size_t i = 0; i < KV_COUNT(times); i++)
		refused("day", "every", times[i], "schedule_at", "at");
}

static void
a_name_is_small_letters_digits_and_dashes(void **state)
{
	char longest[SCHEDULE_NAME_MAX + 2];

	(void)state;
	memset(longest, 'a', sizeof(longest));
	assert_true(schedule_name_ok(STR("zhks-1")));
	assert_true(
	    schedule_name_ok((struct str){ longest, SCHEDULE_NAME_MAX }));
	assert_false(
	    schedule_name_ok((struct str){ longest, SCHEDULE_NAME_MAX + 1 }));
	assert_false(schedule_name_ok(STR("")));
	assert_false(schedule_name_ok(STR("1a")));
	assert_false(schedule_name_ok(STR("-a")));
	assert_false(schedule_name_ok(STR("A")));
	assert_false(schedule_name_ok(STR("a b")));
	assert_false(schedule_name_ok(STR("a\0b")));
	assert_false(schedule_name_ok(STR("жкс")));
}

static bool
path_ok(struct str pattern)
{
	struct fault f;

	fault_init(&f);
	if (schedule_path_check(pattern, &f) == ERR_OK)
		return true;
	assert_string_equal(f.reason, "schedule_path");
	assert_string_equal(f.fields[0].pointer, "folder");
	return false;
}

static void
no_path_leads_out_of_the_folder_or_over_another_period(void **state)
{
	static const char *const good[] = { "{from}", "{to}.csv",
		"zhks/2026/{report}_{from}-{to}.{format}",
		"{portal}/{supplier}/{name}-{to}", "a..b/{from}" };
	static const char *const bad[] = { "", "/{from}", "{from}/",
		"a//{from}", "../{from}", "a/../{from}", ".{from}", "a/.{from}",
		"./{from}", "{from}/a.csv", "report.csv", "{from", "{}{from}",
		"{day}{from}", "{from }", "a\\{from}", "a b{from}", "а{from}",
		"{from}\n" };
	char wide[SCHEDULE_PATH_MAX + 2];

	(void)state;
	for (size_t i = 0; i < KV_COUNT(good); i++)
		assert_true(path_ok(str_of(good[i])));
	for (size_t i = 0; i < KV_COUNT(bad); i++)
		assert_false(path_ok(str_of(bad[i])));
	assert_false(path_ok(STR("a\0{from}")));
	memset(wide, 'a', sizeof(wide));
	memcpy(wide, "{from}", 6);
	assert_true(path_ok((struct str){ wide, SCHEDULE_PATH_MAX }));
	assert_false(path_ok((struct str){ wide, SCHEDULE_PATH_MAX + 1 }));
}

static void
a_path_is_filled_with_what_the_report_is(void **state)
{
	struct arena *a = arena_new(1 << 16);
	struct report_query q = { .id = REPORT_PAYMENTS,
		.from_day = STR("2026-11-01"),
		.to_day = STR("2026-11-30") };
	struct buf b;

	(void)state;
	q.filter[REPORT_PORTAL] = STR("portalgkh");
	q.filter[REPORT_SUPPLIER] = STR("zhks");
	buf_init(&b, a, 200);
	schedule_path(&b,
	    STR("{portal}/{supplier}/{name}-{report}_{from}.{to}.{format}"),
	    STR("daily"), &q, REPORT_XLSX);
	assert_string_equal(
	    b.p, "portalgkh/zhks/daily-payments_2026-11-01.2026-11-30.xlsx");
	arena_free(a);
}

static void
addresses_are_parted_and_none_is_there_twice(void **state)
{
	struct arena *a = arena_new(1 << 16);
	struct fault f;
	struct buf many;
	struct str out;

	(void)state;
	fault_init(&f);
	assert_int_equal(
	    schedule_mails(a, STR("a@b.ru, c@d.ru,,A@b.ru e@f.ru"), &out, &f),
	    ERR_OK);
	assert_true(str_eq(out, STR("a@b.ru c@d.ru e@f.ru")));
	assert_int_equal(schedule_mails(a, STR(" , "), &out, &f), ERR_INVALID);
	assert_string_equal(f.reason, "schedule_mails");
	fault_init(&f);
	assert_int_equal(
	    schedule_mails(a, STR("a@b.ru,nobody"), &out, &f), ERR_INVALID);
	assert_string_equal(f.reason, "email_bad");
	assert_string_equal(f.fields[0].pointer, "mail");
	buf_init(&many, a, SCHEDULE_TARGET_MAX);
	for (int i = 0; i < SCHEDULE_MAILS_MAX; i++)
		buf_fmt(&many, "%d@b.ru,", i);
	fault_init(&f);
	assert_int_equal(schedule_mails(a, buf_str(&many), &out, &f), ERR_OK);
	buf_lit(&many, "z@b.ru");
	assert_int_equal(
	    schedule_mails(a, buf_str(&many), &out, &f), ERR_INVALID);
	assert_string_equal(f.reason, "schedule_mails");
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_day_falls_due_the_day_after_or_so_many_later),
		cmocka_unit_test(days_off_are_periods_of_the_first_working_day),
		cmocka_unit_test(since_the_last_time_holidays_are_one_period),
		cmocka_unit_test(a_week_without_a_working_day_loses_no_week),
		cmocka_unit_test(
		    a_month_falls_due_on_its_day_or_the_last_that_there_is),
		cmocka_unit_test(
		    no_report_is_made_before_its_last_day_is_over_in_moscow),
		cmocka_unit_test(
		    what_was_missed_is_made_up_in_order_to_a_bound),
		cmocka_unit_test(
		    days_after_the_last_one_take_no_period_of_those_before),
		cmocka_unit_test(a_day_in_the_middle_finds_the_whole_period),
		cmocka_unit_test(words_of_a_rule_are_read_and_written_the_same),
		cmocka_unit_test(other_words_are_refused_by_their_field),
		cmocka_unit_test(a_name_is_small_letters_digits_and_dashes),
		cmocka_unit_test(
		    no_path_leads_out_of_the_folder_or_over_another_period),
		cmocka_unit_test(a_path_is_filled_with_what_the_report_is),
		cmocka_unit_test(addresses_are_parted_and_none_is_there_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
