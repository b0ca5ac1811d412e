#include "kvitok/domain/penalty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#define TEXT(literal)                                                          \
	{                                                                      \
		literal, sizeof(literal) - 1                                   \
	}
#define HOUSING STR("housing")

static const struct penalty_rate rates[] = {
	{ TEXT("2025-10-27"), TEXT("2025-12-21"), 165000 },
	{ TEXT("2025-12-22"), TEXT(""), 160000 },
};
static const struct penalty_rate caps[] = {
	{ TEXT("2025-01-01"), TEXT("2026-12-31"), 95000 },
};
static const struct penalty_step steps[] = {
	{ TEXT("capital_repair"), 31, 300 },
	{ TEXT("housing"), 31, 300 },
	{ TEXT("housing"), 91, 130 },
};
static const struct penalty_rules law = { rates, caps, KV_COUNT(rates),
	KV_COUNT(caps), steps, KV_COUNT(steps) };

static int64_t
penalty(const struct penalty_rules *rules, const char *scale, int64_t base,
    const char *due, const char *until)
{
	const struct penalty_slice s = { base, str_of(due), str_of(until) };
	struct fault f;
	int64_t kop = -1;

	fault_init(&f);
	assert_int_equal(
	    penalty_of(rules, str_of(scale), &s, &kop, &f), ERR_OK);
	return kop;
}

/* Due on 15.04.2026: the first day is 16.05.2026. */
static void
nothing_is_added_for_the_first_thirty_days(void **state)
{
	(void)state;
	assert_int_equal(
	    penalty(&law, "housing", 800000, "2026-04-15", "2026-04-15"), 0);
	assert_int_equal(
	    penalty(&law, "housing", 800000, "2026-04-15", "2026-04-01"), 0);
	assert_int_equal(
	    penalty(&law, "housing", 800000, "2026-04-15", "2026-05-15"), 0);
	/* 8000 * 9.5 % / 300 = 2.5333 */
	assert_int_equal(
	    penalty(&law, "housing", 800000, "2026-04-15", "2026-05-16"), 253);
	assert_int_equal(
	    penalty(&law, "housing", 800000, "2026-04-15", "2026-05-17"), 507);
}

/* 8 000.00, days 31 to 90 at 9.5 %: 152.00; later 5.85 a day. */
static void
sixty_days_of_one_three_hundredth_then_one_hundred_and_thirtieth(void **state)
{
	(void)state;
	assert_int_equal(
	    penalty(&law, "housing", 800000, "2026-04-15", "2026-07-14"),
	    15200);
	/* 152.00 + 5.846... */
	assert_int_equal(
	    penalty(&law, "housing", 800000, "2026-04-15", "2026-07-15"),
	    15785);
	/* 152.00 + 10 * 5.84615... = 210.4615 */
	assert_int_equal(
	    penalty(&law, "housing", 800000, "2026-04-15", "2026-07-24"),
	    21046);
}

/* Part 14.1. */
static void
capital_repair_has_no_second_step(void **state)
{
	(void)state;
	assert_int_equal(
	    penalty(&law, "capital_repair", 800000, "2026-04-15", "2026-07-14"),
	    15200);
	assert_int_equal(
	    penalty(&law, "capital_repair", 800000, "2026-04-15", "2026-07-15"),
	    15453);
	assert_int_equal(
	    penalty(&law, "none", 800000, "2026-04-15", "2026-07-15"), 0);
}

/* 1300 kopecks at 9.5 % of 1/300: 0.41166 a day; of 1500: 0.475. */
static void
halves_are_rounded_up_once_for_the_whole_slice(void **state)
{
	static const struct penalty_step half[] = { { TEXT("h"), 1, 2 } };
	static const struct penalty_rate whole[] = {
		{ TEXT("2000-01-01"), TEXT(""), 1000000 },
	};
	const struct penalty_rules rules = { whole, NULL, 1, 0, half, 1 };

	(void)state;
	assert_int_equal(
	    penalty(&rules, "h", 1, "2026-01-01", "2026-01-02"), 1); /* 0.5 */
	assert_int_equal(
	    penalty(&rules, "h", 1, "2026-01-01", "2026-01-03"), 1); /* 1 */
	assert_int_equal(
	    penalty(&rules, "h", 1, "2026-01-01", "2026-01-04"), 2); /* 1.5 */
	/* By the day it would be 0 + 0. */
	assert_int_equal(
	    penalty(&law, "housing", 1500, "2026-04-15", "2026-05-17"), 1);
	assert_int_equal(
	    penalty(&law, "housing", 1300, "2026-04-15", "2026-05-16"), 0);
}

/* After the cap has ended the key rate counts; under it the lower of both. */
static void
the_rate_is_that_of_the_day_and_at_most_the_cap(void **state)
{
	static const struct penalty_rate low[] = {
		{ TEXT("2026-01-01"), TEXT(""), 80000 },
	};
	const struct penalty_rules cheap = { low, caps, 1, 1, steps,
		KV_COUNT(steps) };

	(void)state;
	assert_int_equal(
	    penalty(&law, "housing", 300000000, "2026-11-30", "2026-12-31"),
	    95000); /* one day */
	assert_int_equal(
	    penalty(&law, "housing", 300000000, "2026-12-01", "2027-01-01"),
	    160000);
	assert_int_equal(
	    penalty(&cheap, "housing", 300000000, "2026-11-30", "2026-12-31"),
	    80000);
}

static void
without_a_rate_nothing_is_told(void **state)
{
	const struct penalty_slice s = { 100, STR("2024-01-01"),
		STR("2025-10-26") };
	struct fault f;
	int64_t kop;

	(void)state;
	fault_init(&f);
	assert_int_equal(penalty_of(&law, HOUSING, &s, &kop, &f), ERR_ABSENT);
	assert_string_equal(f.reason, "penalty_rate_unknown");
	/* Of nothing there is none, whatever the rate. */
	assert_int_equal(
	    penalty(&law, "housing", 0, "2024-01-01", "2025-10-26"), 0);
}

static void
a_debt_that_nobody_has_is_refused(void **state)
{
	struct penalty_slice s = { PENALTY_BASE_MAX + 1, STR("2026-01-01"),
		STR("2026-11-01") };
	struct fault f;
	int64_t kop;

	(void)state;
	fault_init(&f);
	assert_int_equal(penalty_of(&law, HOUSING, &s, &kop, &f), ERR_LIMIT);
	s.base_kop = -1;
	assert_int_equal(penalty_of(&law, HOUSING, &s, &kop, &f), ERR_LIMIT);
	s.base_kop = PENALTY_BASE_MAX;
	assert_int_equal(penalty_of(&law, HOUSING, &s, &kop, &f), ERR_OK);
	assert_true(kop > 0);
}

/* More steps than a scale may have: the first ones count. */
static void
steps_of_a_scale_are_bounded(void **state)
{
	struct penalty_step many[PENALTY_STEPS_MAX + 1];
	struct penalty_rules rules = law;

	(void)state;
	for (size_t i = 0; i < KV_COUNT(many); i++)
		many[i] = (struct penalty_step){ STR("m"), (int64_t)i + 1,
			i < PENALTY_STEPS_MAX ? 1 : 1000 };
	rules.steps = many;
	rules.steps_len = KV_COUNT(many);
	/* 10 days of 9.5 % of 10 roubles. */
	assert_int_equal(
	    penalty(&rules, "m", 1000, "2026-01-01", "2026-01-11"), 950);
}

/* --- slices --- */

static const struct calendar no_holidays = { NULL, 0 };
static const struct due_rule dues[] = { { TEXT("2026-01-01"), TEXT(""), 15 } };

struct slices {
	const struct penalty_slice *v;
	size_t len;
};

static struct arena *arena;

static struct slices
slices(const struct charge *charges, size_t len, int64_t owed)
{
	struct slices s;

	penalty_slices(arena, &no_holidays, dues, 1, charges, len, owed,
	    STR("2026-10"), STR("2026-10-31"), &s.v, &s.len);
	return s;
}

static struct charge
charge(const char *month, int64_t kop, int64_t penalty_kop)
{
	return (struct charge){ .month = str_of(month),
		.accrued_kop = kop,
		.penalty_kop = penalty_kop };
}

static void
check_slice(const struct penalty_slice *s, int64_t base, const char *due)
{
	assert_int_equal(s->base_kop, base);
	assert_true(str_eq(s->due_day, str_of(due)));
	assert_true(str_eq(s->until_day, STR("2026-10-31")));
}

/* What is left is of the newest charges, for the oldest are paid first. */
static void
an_unpaid_debt_is_of_the_newest_charges(void **state)
{
	const struct charge c[] = { charge("2026-07", 1000, -1),
		charge("2026-08", 2000, 0), charge("2026-09", 300, -1),
		charge("2026-10", 9000, -1) };
	struct slices s = slices(c, 4, 1500);

	(void)state;
	assert_int_equal(s.len, 2);
	check_slice(&s.v[0], 300, "2026-10-15");
	check_slice(&s.v[1], 1200, "2026-09-15");
	assert_int_equal(slices(c, 4, 0).len, 0);
	assert_int_equal(slices(c, 4, -10).len, 0);
}

static void
what_is_older_than_all_charges_is_one_month_older(void **state)
{
	const struct charge c[] = { charge("2026-09", 300, -1) };
	struct slices s = slices(c, 1, 1000);

	(void)state;
	assert_int_equal(s.len, 2);
	check_slice(&s.v[1], 700, "2026-09-15");
	s = slices(NULL, 0, 1000);
	assert_int_equal(s.len, 1);
	check_slice(&s.v[0], 1000, "2026-10-15");
}

/* Principal is paid first: what is left of a charge is its penalty first. */
static void
there_is_no_penalty_on_penalties(void **state)
{
	const struct charge c[] = { charge("2026-08", 2000, 100),
		charge("2026-09", 300, 40) };
	struct slices s = slices(c, 2, 340 + 60);

	(void)state;
	assert_int_equal(s.len, 1);
	check_slice(&s.v[0], 300, "2026-10-15");
	s = slices(c, 2, 340 + 150);
	assert_int_equal(s.len, 2);
	check_slice(&s.v[1], 50, "2026-09-15");
}

/* A recalculation that gives back has paid for what was oldest then. */
static void
a_month_with_a_credit_has_no_slice(void **state)
{
	struct charge c[] = { charge("2026-08", 2000, -1),
		charge("2026-09", 300, -1) };
	struct slices s;

	(void)state;
	c[1].recalculated_kop = -500;
	s = slices(c, 2, 700);
	assert_int_equal(s.len, 1);
	check_slice(&s.v[0], 700, "2026-09-15");
	c[1].recalculated_kop = 0;
	c[1].accrued_kop = INT64_MIN;
	c[1].benefit_kop = INT64_MAX; /* a charge that nobody can have */
	assert_int_equal(slices(c, 2, 700).len, 1);
}

/* Due days of no rule, and those that are not over yet, are no delay. */
static void
what_is_not_overdue_is_no_slice(void **state)
{
	const struct charge c[] = { charge("2025-11", 100, -1),
		charge("2026-09", 300, -1) };
	struct slices s;

	(void)state;
	penalty_slices(arena, &no_holidays, dues, 1, c, 2, 400, STR("2026-10"),
	    STR("2026-10-15"), &s.v, &s.len);
	assert_int_equal(s.len, 0);
	penalty_slices(arena, &no_holidays, dues, 1, c, 2, 400, STR("2026-10"),
	    STR("2026-10-16"), &s.v, &s.len);
	assert_int_equal(s.len, 1);
}

static int
setup(void **state)
{
	(void)state;
	arena = arena_new((size_t)1 << 20);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_added_for_the_first_thirty_days),
		cmocka_unit_test(
		    sixty_days_of_one_three_hundredth_then_one_hundred_and_thirtieth),
		cmocka_unit_test(capital_repair_has_no_second_step),
		cmocka_unit_test(
		    halves_are_rounded_up_once_for_the_whole_slice),
		cmocka_unit_test(
		    the_rate_is_that_of_the_day_and_at_most_the_cap),
		cmocka_unit_test(without_a_rate_nothing_is_told),
		cmocka_unit_test(a_debt_that_nobody_has_is_refused),
		cmocka_unit_test(steps_of_a_scale_are_bounded),
		cmocka_unit_test(an_unpaid_debt_is_of_the_newest_charges),
		cmocka_unit_test(
		    what_is_older_than_all_charges_is_one_month_older),
		cmocka_unit_test(there_is_no_penalty_on_penalties),
		cmocka_unit_test(a_month_with_a_credit_has_no_slice),
		cmocka_unit_test(what_is_not_overdue_is_no_slice),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
