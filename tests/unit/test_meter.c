/* Unit tests of domain/meter. */
#include "kvitok/domain/meter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define RULE                                                                   \
	{                                                                      \
		.first_day = 15, .last_day = 25, .max_use = 300                \
	}

static const char *
taken(const struct meter_rule *rule, const struct meter_was *m, const char *day,
    int64_t value, struct meter_taken *out)
{
	static struct fault f;

	fault_init(&f);
	if (meter_take(rule, m, str_of(day), value, out, &f) == ERR_OK)
		return "";
	assert_int_equal(f.err, ERR_LIMIT);
	return f.reason;
}

static void
each_bound_is_inside_and_the_next_is_refused_by_its_own_name(void **state)
{
	static const struct {
		const char *day;
		int64_t value;
		const char *reason;
		int64_t use;
		bool rolled;
	} cases[] = {
		{ "2026-11-14", 1000, "reading_too_early", 0, false },
		{ "2026-11-15", 1000, "", 0, false },
		{ "2026-11-25", 1300, "", 300, false },
		{ "2026-11-26", 1000, "reading_too_late", 0, false },
		{ "2026-11-20", 1301, "reading_use", 0, false },
		{ "2026-11-20", 999, "reading_below", 0, false },
		{ "2026-11-20", 0, "reading_below", 0, false },
		{ "2026-11-20", -1, "reading_digits", 0, false },
		{ "2026-11-20", 99999, "reading_use", 0, false },
		{ "2026-11-20", 100000, "reading_digits", 0, false },
		{ "2026-11-20", INT64_MAX, "reading_digits", 0, false },
	};
	struct meter_rule rule = RULE;
	struct meter_was m = { .digits = 5, .last_value = 1000 };
	struct meter_taken out;

	(void)state;
	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		memset(&out, 0, sizeof(out));
		assert_string_equal(
		    taken(&rule, &m, cases[i].day, cases[i].value, &out),
		    cases[i].reason);
		assert_int_equal(out.use, cases[i].use);
		assert_int_equal(out.rolled, cases[i].rolled);
		assert_string_equal(
		    out.period, cases[i].reason[0] ? "" : "2026-11");
	}
}

static void
a_counter_that_begins_anew_is_told_from_a_slip_by_the_use(void **state)
{
	struct meter_rule rule = RULE;
	struct meter_was m = { .digits = 5, .last_value = 99900 };
	struct meter_taken out;

	(void)state;
	assert_string_equal(taken(&rule, &m, "2026-11-20", 199, &out), "");
	assert_int_equal(out.use, 299);
	assert_true(out.rolled);
	assert_string_equal(taken(&rule, &m, "2026-11-20", 200, &out), "");
	assert_int_equal(out.use, 300);
	assert_string_equal(
	    taken(&rule, &m, "2026-11-20", 201, &out), "reading_below");
	assert_string_equal(
	    taken(&rule, &m, "2026-11-20", 99899, &out), "reading_below");
	assert_string_equal(taken(&rule, &m, "2026-11-20", 99999, &out), "");
	assert_int_equal(out.use, 99);
	assert_false(out.rolled);
	/* The supplier's last value does not fit its own meter: a slip. */
	m.last_value = 250000;
	assert_string_equal(
	    taken(&rule, &m, "2026-11-20", 5, &out), "reading_below");
}

static void
a_meter_is_good_on_the_day_of_its_verification_and_not_after(void **state)
{
	struct meter_rule rule = RULE;
	struct meter_was m = {
		.digits = 12, .last_value = 1, .verify_day = STR("2026-11-20")
	};
	struct meter_taken out;

	(void)state;
	assert_string_equal(taken(&rule, &m, "2026-11-20", 1, &out), "");
	assert_int_equal(out.use, 0);
	assert_string_equal(
	    taken(&rule, &m, "2026-11-21", 1, &out), "reading_verification");
	m.verify_day = STR("");
	assert_string_equal(taken(&rule, &m, "2026-11-21", 1, &out), "");
}

static void
a_window_to_the_31st_is_open_to_the_end_of_every_month(void **state)
{
	struct meter_rule rule = { .first_day = 20, .last_day = 31 };

	(void)state;
	assert_true(meter_window_open(&rule, STR("2027-02-28")));
	assert_true(meter_window_open(&rule, STR("2026-12-31")));
	assert_true(meter_window_open(&rule, STR("2026-12-20")));
	assert_false(meter_window_open(&rule, STR("2026-12-19")));
}

static void
when_readings_are_handed_over_has_names(void **state)
{
	enum meter_hand h;

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_true(meter_hand_of(
		    str_of(meter_hand_name((enum meter_hand)i)), &h));
		assert_int_equal(h, i);
	}
	assert_false(meter_hand_of(STR("later"), &h));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    each_bound_is_inside_and_the_next_is_refused_by_its_own_name),
		cmocka_unit_test(
		    a_counter_that_begins_anew_is_told_from_a_slip_by_the_use),
		cmocka_unit_test(
		    a_meter_is_good_on_the_day_of_its_verification_and_not_after),
		cmocka_unit_test(
		    a_window_to_the_31st_is_open_to_the_end_of_every_month),
		cmocka_unit_test(when_readings_are_handed_over_has_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
