#include "kvitok/web/phrase.h"

#include "http_test.h"

#define NB "\xC2\xA0" /* no-break space */

static void
sums_and_rates_lose_only_zeros_that_say_nothing(void **state)
{
	struct http_fixture *fx = *state;

	assert_true(
	    str_eq(phrase_round_sum(fx->a, 1400000), STR("14" NB "000")));
	assert_true(str_eq(phrase_round_sum(fx->a, 999), STR("9,99")));
	assert_true(str_eq(phrase_round_sum(fx->a, 10), STR("0,10")));
	assert_true(str_eq(phrase_rate(fx->a, 15000), STR("1,5")));
	assert_true(str_eq(phrase_rate(fx->a, 30000), STR("3")));
	assert_true(str_eq(phrase_rate(fx->a, 100000), STR("10")));
	assert_true(str_eq(phrase_rate(fx->a, 1), STR("0,0001")));
}

static void
days_are_named_in_russian(void **state)
{
	struct http_fixture *fx = *state;

	assert_true(
	    str_eq(phrase_day(fx->a, STR("2026-11-01")), STR("1 ноября 2026")));
	assert_true(str_eq(
	    phrase_day(fx->a, STR("2026-01-31")), STR("31 января 2026")));
	assert_int_equal(phrase_day(fx->a, STR("2026-02-30")).len, 0);
	assert_int_equal(phrase_day(fx->a, STR_NONE).len, 0);
	/* The day of the zone, not of UTC. */
	assert_true(str_eq(phrase_time(fx->a, INT64_C(1795217400000), 480),
	    STR("21 ноября 2026, 07:30")));
	assert_true(str_eq(phrase_time(fx->a, INT64_C(1795217400000), 0),
	    STR("20 ноября 2026, 23:30")));
}

static void
a_commission_is_told_with_all_its_parts(void **state)
{
	static const struct {
		struct fee_rule rule;
		const char *words;
	} cases[] = {
		{ { FEE_ON_PAYER, 15000, { 0 }, { 0 }, { 0 } },
		    "комиссия 1,5" NB "%" },
		{ { FEE_ON_PAYER, 20000, { 0 }, { 1000 }, { 50000 } },
		    "комиссия 2" NB "%, не менее 10" NB
		    "₽, не более 500" NB "₽" },
		{ { FEE_ON_PAYER, 10000, { 550 }, { 0 }, { 0 } },
		    "комиссия 1" NB "% плюс 5,50" NB "₽" },
		{ { FEE_ON_PAYER, 0, { 3000 }, { 0 }, { 0 } },
		    "комиссия 30" NB "₽" },
		{ { FEE_ON_PAYER, 0, { 0 }, { 0 }, { 0 } }, "без комиссии" },
		{ { FEE_ON_SUPPLIER, 15000, { 0 }, { 0 }, { 0 } },
		    "без комиссии" },
	};
	struct http_fixture *fx = *state;
	struct str words;

	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		assert_int_equal(
		    phrase_fee(fx->a, &cases[i].rule, &words, &fx->f), ERR_OK);
		assert_true(str_eq(words, str_of(cases[i].words)));
	}
}

static void
limits_are_told_as_people_say_them(void **state)
{
	const struct limit_rule rule = { { 1000 }, { 1400000 } };
	struct http_fixture *fx = *state;
	struct str words;

	assert_int_equal(phrase_limits(fx->a, &rule, &words, &fx->f), ERR_OK);
	assert_true(str_eq(words, STR("от 10 до 14" NB "000" NB "₽")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    sums_and_rates_lose_only_zeros_that_say_nothing),
		cmocka_unit_test(days_are_named_in_russian),
		cmocka_unit_test(a_commission_is_told_with_all_its_parts),
		cmocka_unit_test(limits_are_told_as_people_say_them),
	};

	return cmocka_run_group_tests(tests, http_setup, http_teardown);
}
