#include "kvitok/domain/supplied.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static struct arena *a;

static const char *
outage(int64_t from_at, int64_t to_at, const char *address)
{
	struct outage_place place = { .address = str_of(address) };
	struct outage x = { .from_at = from_at,
		.to_at = to_at,
		.places = &place,
		.places_len = 1 };

	return supplied_outage(a, &x);
}

static void
an_outage_ends_after_it_began_or_is_not_known_to_end(void **state)
{
	(void)state;
	assert_null(outage(1000, 0, "г. Чебоксары"));
	assert_null(outage(1000, 1001, "г. Чебоксары"));
	assert_string_equal(
	    outage(1000, 1000, "г. Чебоксары"), "exchange_span");
	assert_string_equal(outage(1000, 999, "г. Чебоксары"), "exchange_span");
	assert_string_equal(outage(0, 0, "г. Чебоксары"), "exchange_day");
	assert_string_equal(outage(-1, 0, "г. Чебоксары"), "exchange_day");
	assert_string_equal(outage(1000, -1, "г. Чебоксары"), "exchange_day");
}

static void
each_place_of_an_outage_is_folded_and_has_words(void **state)
{
	struct outage_place places[] = { { .address = STR("г. Чебоксары") },
		{ .address = STR("ул. Мира") } };
	struct outage x = { .from_at = 1, .places = places, .places_len = 2 };

	(void)state;
	assert_null(supplied_outage(a, &x));
	assert_true(str_eq(places[0].folded, STR("Г ЧЕБОКСАРЫ ")));
	assert_true(str_eq(places[1].folded, STR("УЛ МИРА ")));
	places[1].address = STR("---");
	assert_string_equal(supplied_outage(a, &x), "exchange_place");
}

static const char *
contract(const char *from_day, const char *to_day)
{
	return supplied_contract(&(struct agreement){
	    .from_day = str_of(from_day), .to_day = str_of(to_day) });
}

static void
a_contract_has_real_days_in_their_order(void **state)
{
	(void)state;
	assert_null(contract("2020-01-01", ""));
	assert_null(contract("2020-01-01", "2020-01-01"));
	assert_string_equal(
	    contract("2020-01-02", "2020-01-01"), "exchange_span");
	assert_string_equal(contract("2020-02-30", ""), "exchange_day");
	assert_string_equal(
	    contract("2020-01-01", "9999-01-01"), "exchange_day");
}

static void
a_contract_is_archived_the_day_after_its_last(void **state)
{
	struct agreement x = { .to_day = STR("2026-11-28") };

	(void)state;
	assert_false(supplied_archived(&x, STR("2026-11-27")));
	assert_false(supplied_archived(&x, STR("2026-11-28")));
	assert_true(supplied_archived(&x, STR("2026-11-29")));
	x.to_day = STR_NONE;
	assert_false(supplied_archived(&x, STR("2999-12-31")));
}

static void
the_works_of_an_act_make_its_sum(void **state)
{
	struct act_work works[] = { { .sum_kop = 90000 },
		{ .sum_kop = -60000 } };
	struct act x = {
		.day = STR("2026-11-27"), .works = works, .works_len = 2
	};

	(void)state;
	assert_null(supplied_act(&x));
	assert_int_equal(x.sum_kop, 30000);
	x.said = true;
	x.said_kop = 30000;
	assert_null(supplied_act(&x));
	x.said_kop = 30001;
	assert_string_equal(supplied_act(&x), "exchange_act_sum");
	x.said_kop = 29999;
	assert_string_equal(supplied_act(&x), "exchange_act_sum");
	x.said = false;
	works[1].sum_kop = INT64_MAX;
	assert_string_equal(supplied_act(&x), "exchange_act_sum");
	x.day = STR("2026-02-30");
	assert_string_equal(supplied_act(&x), "exchange_day");
}

static void
an_outage_has_begun_from_its_first_moment(void **state)
{
	struct outage x = { .from_at = 1000 };

	(void)state;
	assert_false(supplied_begun(&x, 999));
	assert_true(supplied_begun(&x, 1000));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    an_outage_ends_after_it_began_or_is_not_known_to_end),
		cmocka_unit_test(
		    each_place_of_an_outage_is_folded_and_has_words),
		cmocka_unit_test(a_contract_has_real_days_in_their_order),
		cmocka_unit_test(a_contract_is_archived_the_day_after_its_last),
		cmocka_unit_test(the_works_of_an_act_make_its_sum),
		cmocka_unit_test(an_outage_has_begun_from_its_first_moment),
	};
	int failed;

	a = arena_new((size_t)1 << 20);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(a);
	return failed;
}
