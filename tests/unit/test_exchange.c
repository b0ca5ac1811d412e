#include "kvitok/domain/exchange.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static struct arena *a;

static const char *const kinds[EXCHANGE_KIND__COUNT] = {
	[EXCHANGE_ACCOUNTS] = "accounts",
	[EXCHANGE_METERS] = "meters",
	[EXCHANGE_CHARGES] = "charges",
	[EXCHANGE_BALANCES] = "balances",
	[EXCHANGE_ELSEWHERE] = "payments_elsewhere",
	[EXCHANGE_OUTAGES] = "outages",
	[EXCHANGE_CONTRACTS] = "contracts",
	[EXCHANGE_ACTS] = "acts",
	[EXCHANGE_ANSWERS] = "answers",
	[EXCHANGE_ACK] = "acknowledgement",
	[EXCHANGE_READING_ANSWERS] = "reading_answers",
};

/* A row for each later kind, a column for each earlier one. */
static const char waits[EXCHANGE_KIND__COUNT][EXCHANGE_KIND__COUNT + 1] = {
	[EXCHANGE_ACCOUNTS] = "y..........",
	[EXCHANGE_METERS] = "yy.........",
	[EXCHANGE_CHARGES] = "y.y........",
	[EXCHANGE_BALANCES] = "y..y.......",
	[EXCHANGE_ELSEWHERE] = "y..........",
	[EXCHANGE_OUTAGES] = ".....y.....",
	[EXCHANGE_CONTRACTS] = "y.....y....",
	[EXCHANGE_ACTS] = "y......y...",
	[EXCHANGE_ANSWERS] = "...........",
	[EXCHANGE_ACK] = "...........",
	[EXCHANGE_READING_ANSWERS] = "...........",
};

static void
a_document_waits_for_what_it_builds_upon_and_for_no_other(void **state)
{
	(void)state;
	for (size_t l = 0; l < EXCHANGE_KIND__COUNT; l++) {
		for (size_t e = 0; e < EXCHANGE_KIND__COUNT; e++)
			assert_int_equal(exchange_builds_upon(str_of(kinds[l]),
					     str_of(kinds[e])),
			    waits[l][e] == 'y');
		/* One that could not be read may have been anything. */
		assert_true(exchange_builds_upon(str_of(kinds[l]), STR("")));
		assert_false(
		    exchange_builds_upon(str_of(kinds[l]), STR("settlement")));
		assert_false(
		    exchange_builds_upon(STR("settlement"), str_of(kinds[l])));
	}
	assert_false(exchange_builds_upon(STR("settlement"), STR("")));
}

static void
names_are_those_of_the_schema(void **state)
{
	(void)state;
	for (size_t i = 0; i < EXCHANGE_KIND__COUNT; i++)
		assert_int_equal(exchange_kind_of(str_of(kinds[i])), i);
	assert_int_equal(
	    exchange_kind_of(STR("settlement")), EXCHANGE_KIND__COUNT);
	assert_string_equal(exchange_element(STR("charges")), "charge");
	assert_string_equal(
	    exchange_element(STR("payments_elsewhere")), "payment");
	assert_string_equal(exchange_element(STR("settlement")), "");
	for (int k = 0; k < EXCHANGE_KIND__COUNT; k++)
		assert_int_equal(exchange_is_answer((enum exchange_kind)k),
		    k == EXCHANGE_ACK || k == EXCHANGE_READING_ANSWERS);
	for (int i = 0; i < EXCHANGE_STATE__COUNT; i++)
		assert_int_equal(exchange_state_of(str_of(exchange_state_name(
				     (enum exchange_state)i))),
		    i);
	assert_int_equal(
	    exchange_state_of(STR("nothing")), EXCHANGE_STATE__COUNT);
}

static const char *
charge(struct charge c)
{
	struct exchange_record r = { .charge = c };

	return exchange_judge(a, EXCHANGE_CHARGES, &r);
}

static void
charges_are_judged_as_the_tables_want_them(void **state)
{
	struct str m = STR("м"), why = STR("why");

	(void)state;
	assert_null(charge((struct charge){ .penalty_kop = -1 }));
	assert_null(charge((struct charge){ .unit = m,
	    .volume_micro = -1,
	    .tariff_micro = 0,
	    .recalculated_kop = -1,
	    .recalculated_why = why }));
	assert_string_equal(
	    charge((struct charge){ .volume_micro = 1 }), "exchange_unit");
	assert_string_equal(
	    charge((struct charge){ .tariff_micro = 1 }), "exchange_unit");
	assert_string_equal(
	    charge((struct charge){ .unit = m, .tariff_micro = -1 }),
	    "exchange_negative");
	assert_string_equal(
	    charge((struct charge){ .benefit_kop = -1 }), "exchange_negative");
	assert_string_equal(
	    charge((struct charge){ .penalty_kop = -2 }), "exchange_negative");
	assert_string_equal(charge((struct charge){ .recalculated_kop = 1 }),
	    "exchange_recalculated");
}

static void
meters_have_real_days(void **state)
{
	struct exchange_record r = { .meter = { .last_day = STR("2026-02-28"),
					 .verify_day = STR_NONE } };

	(void)state;
	assert_null(exchange_judge(a, EXCHANGE_METERS, &r));
	r.meter.verify_day = STR("2031-05-31");
	assert_null(exchange_judge(a, EXCHANGE_METERS, &r));
	r.meter.verify_day = STR("0031-05-31");
	assert_string_equal(
	    exchange_judge(a, EXCHANGE_METERS, &r), "exchange_day");
	r.meter.verify_day = STR_NONE;
	r.meter.last_day = STR("2026-02-30");
	assert_string_equal(
	    exchange_judge(a, EXCHANGE_METERS, &r), "exchange_day");
}

static void
an_owner_has_at_most_160_characters(void **state)
{
	char name[2 * 161 + 1];
	struct exchange_record r = { .owner = { name, (size_t)2 * 160 } };

	(void)state;
	for (size_t i = 0; i < 161; i++)
		memcpy(name + 2 * i, "Я", 2);
	assert_null(exchange_judge(a, EXCHANGE_ACCOUNTS, &r));
	r.owner.len += 2;
	assert_string_equal(
	    exchange_judge(a, EXCHANGE_ACCOUNTS, &r), "exchange_owner");
}

static void
a_payment_elsewhere_has_a_sum_and_a_day(void **state)
{
	struct exchange_record r = { .sum_kop = -1, .day = STR("2026-11-03") };

	(void)state;
	assert_null(exchange_judge(a, EXCHANGE_ELSEWHERE, &r));
	r.day = STR("1899-11-03");
	assert_string_equal(
	    exchange_judge(a, EXCHANGE_ELSEWHERE, &r), "exchange_day");
	r.sum_kop = 0;
	assert_string_equal(
	    exchange_judge(a, EXCHANGE_ELSEWHERE, &r), "exchange_zero");
	assert_null(exchange_judge(a, EXCHANGE_BALANCES, &r));
	assert_null(exchange_judge(a, EXCHANGE_ACK, &r));
	assert_null(exchange_judge(a, EXCHANGE_READING_ANSWERS, &r));
	assert_null(exchange_judge(a, EXCHANGE_KIND__COUNT, &r));
}

static void
records_of_each_kind_are_judged_by_it(void **state)
{
	struct outage_place place = { .address = STR("?") };
	struct act_work work = { .sum_kop = 5 };
	struct exchange_record r = { .outage = { .from_at = 2, .to_at = 1 },
		.contract = { .from_day = STR("2026-02-30") },
		.act = { .day = STR("2026-02-28"),
		    .works = &work,
		    .works_len = 1 } };

	(void)state;
	assert_string_equal(
	    exchange_judge(a, EXCHANGE_OUTAGES, &r), "exchange_span");
	r.outage =
	    (struct outage){ .from_at = 1, .places = &place, .places_len = 1 };
	assert_string_equal(
	    exchange_judge(a, EXCHANGE_OUTAGES, &r), "exchange_place");
	assert_string_equal(
	    exchange_judge(a, EXCHANGE_CONTRACTS, &r), "exchange_day");
	assert_null(exchange_judge(a, EXCHANGE_ACTS, &r));
	assert_int_equal(r.act.sum_kop, 5);
	r.answer.at = 1;
	assert_null(exchange_judge(a, EXCHANGE_ANSWERS, &r));
	r.answer.at = 0;
	assert_string_equal(
	    exchange_judge(a, EXCHANGE_ANSWERS, &r), "exchange_day");
}

static void
outages_and_answers_name_no_account(void **state)
{
	(void)state;
	for (size_t i = 0; i < EXCHANGE_KIND__COUNT; i++)
		assert_int_equal(exchange_names_account((enum exchange_kind)i),
		    i != EXCHANGE_OUTAGES && i != EXCHANGE_ANSWERS &&
			!exchange_is_answer((enum exchange_kind)i));
}

static void
accounts_papers_and_answers_name_no_service(void **state)
{
	(void)state;
	for (size_t i = 0; i < EXCHANGE_KIND__COUNT; i++)
		assert_int_equal(exchange_names_service((enum exchange_kind)i),
		    i != EXCHANGE_ACCOUNTS && i != EXCHANGE_CONTRACTS &&
			i != EXCHANGE_ACTS && i != EXCHANGE_ANSWERS &&
			!exchange_is_answer((enum exchange_kind)i));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_document_waits_for_what_it_builds_upon_and_for_no_other),
		cmocka_unit_test(names_are_those_of_the_schema),
		cmocka_unit_test(charges_are_judged_as_the_tables_want_them),
		cmocka_unit_test(meters_have_real_days),
		cmocka_unit_test(an_owner_has_at_most_160_characters),
		cmocka_unit_test(a_payment_elsewhere_has_a_sum_and_a_day),
		cmocka_unit_test(records_of_each_kind_are_judged_by_it),
		cmocka_unit_test(outages_and_answers_name_no_account),
		cmocka_unit_test(accounts_papers_and_answers_name_no_service),
	};

	int failed;

	a = arena_new((size_t)1 << 20);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(a);
	return failed;
}
