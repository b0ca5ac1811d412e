/* Unit tests of domain/route. */
#include "kvitok/domain/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define S(literal)                                                             \
	{                                                                      \
		"" literal "", sizeof(literal) - 1                             \
	}
#define ROUTE(su, c, pref)                                                     \
	{                                                                      \
		.portal = S("p"), .supplier = S(su), .service = S("*"),        \
		.contract = S(c), .from_day = S("2026-01-01"),                 \
		.preference = pref                                             \
	}
#define DAY STR("2026-05-01")

static const struct ref_contract contracts[] = {
	{ .contract = S("a"), .bank = S("sberbank"), .from_day = S("2026") },
	{ .contract = S("b"), .bank = S("gazprombank"), .from_day = S("2026") },
	{ .contract = S("c"), .bank = S("sberbank"), .from_day = S("2026") },
};

static const struct ref_route routes[] = {
	ROUTE("abc", "a", 1),
	ROUTE("abc", "b", 2),
	ROUTE("abc", "c", 3),
	ROUTE("ac", "a", 1),
	ROUTE("ac", "c", 2),
	ROUTE("ba", "b", 1),
	ROUTE("ba", "a", 2),
	ROUTE("a", "a", 1),
	ROUTE("b", "b", 1),
};

static const struct ref ref = { .contracts = contracts,
	.contracts_len = KV_COUNT(contracts),
	.routes = routes,
	.routes_len = KV_COUNT(routes) };

/* "abc": the contracts of the ways, in their order. */
static const char *
names(const struct route_ways *v)
{
	static char text[REF_ROUTES_MAX + 2];

	memset(text, 0, sizeof(text));
	for (size_t i = 0; i < v->len; i++)
		text[i] = v->way[i].contract.p[0];
	return text;
}

static void
a_bank_is_a_way_only_when_every_line_is_routed_to_it(void **state)
{
	static const struct {
		const char *one, *two, *ways;
	} cases[] = {
		{ "abc", NULL, "abc" },
		{ "abc", "abc", "abc" },
		{ "abc", "ac", "ac" },
		{ "abc", "a", "a" },
		/* In the order of the first line. */
		{ "abc", "ba", "ab" },
		{ "ba", "abc", "ba" },
		{ "a", "b", "" },
		{ "abc", "nobody", "" },
		{ "nobody", NULL, "" },
	};
	struct route_ways v;

	(void)state;
	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		struct route_line lines[2] = { { str_of(cases[i].one),
						   STR("x") },
			{ str_of(cases[i].two), STR("x") } };

		route_common(
		    &ref, STR("p"), lines, cases[i].two ? 2 : 1, DAY, &v);
		assert_string_equal(names(&v), cases[i].ways);
	}
}

static struct route_ways
all_ways(void)
{
	struct route_line line = { STR("abc"), STR("x") };
	struct route_ways v;

	route_common(&ref, STR("p"), &line, 1, DAY, &v);
	return v;
}

static struct attempt
refused_by(const char *contract)
{
	return (struct attempt){ .state = ATT_REFUSED,
		.contract = str_of(contract),
		.bank_id = STR(""),
		.reason = STR("bank_unavailable") };
}

static void
the_payments_own_bank_comes_first_before_its_first_attempt(void **state)
{
	struct route_ways common = all_ways(), v;
	struct payment pm = { .contract = STR("b"),
		.bank = STR("gazprombank") };

	(void)state;
	route_open(&pm, &common, &v);
	assert_string_equal(names(&v), "bac");
	assert_true(str_eq(v.way[0].bank, STR("gazprombank")));
	/* No route names it any more: it was promised all the same. */
	pm.contract = STR("z");
	route_open(&pm, &common, &v);
	assert_string_equal(names(&v), "zabc");
	common.len = 0;
	route_open(&pm, &common, &v);
	assert_string_equal(names(&v), "z");
}

static void
banks_that_were_tried_less_often_come_first(void **state)
{
	struct route_ways common = all_ways(), v;
	struct attempt all[4] = { refused_by("a"), refused_by("b"),
		refused_by("c"), refused_by("a") };
	static const char *const orders[] = { "abc", "bca", "cab", "abc",
		"bca" };
	struct payment pm = {
		.contract = STR("a"), .bank = STR("sberbank"), .attempts = all
	};

	(void)state;
	for (size_t n = 0; n <= KV_COUNT(all); n++) {
		pm.attempts_len = n;
		if (n > 0)
			pm.contract = all[n - 1].contract;
		route_open(&pm, &common, &v);
		assert_string_equal(names(&v), orders[n]);
	}
	/* Not routed to any more, it waits for its turn like the others. */
	pm.contract = all[0].contract = all[3].contract = STR("z");
	route_open(&pm, &common, &v);
	assert_string_equal(names(&v), "abcz");
}

static void
what_may_have_been_charged_stays_with_its_bank(void **state)
{
	struct route_ways common = all_ways(), v;
	struct attempt all[2] = { refused_by("a"), refused_by("b") };
	struct payment pm = { .contract = STR("b"),
		.bank = STR("gazprombank"),
		.attempts = all,
		.attempts_len = 2 };

	(void)state;
	all[1].state = ATT_UNKNOWN;
	route_open(&pm, &common, &v);
	assert_string_equal(names(&v), "b");
	assert_true(str_eq(v.way[0].bank, STR("gazprombank")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_bank_is_a_way_only_when_every_line_is_routed_to_it),
		cmocka_unit_test(
		    the_payments_own_bank_comes_first_before_its_first_attempt),
		cmocka_unit_test(banks_that_were_tried_less_often_come_first),
		cmocka_unit_test(
		    what_may_have_been_charged_stays_with_its_bank),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
