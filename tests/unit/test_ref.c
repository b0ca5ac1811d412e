#include "kvitok/domain/ref.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#define S(literal)                                                             \
	{                                                                      \
		"" literal "", sizeof(literal) - 1                             \
	}
#define OPEN                                                                   \
	{                                                                      \
		0, 0                                                           \
	}
#define FEE(po, su, se, from, to, ppm)                                         \
	{                                                                      \
		S(po), S(su), S(se), S(from), to,                              \
		{                                                              \
			.rate_ppm = (ppm)                                      \
		}                                                              \
	}
#define LIMIT(po, su, se, from, to, whole, kop)                                \
	{                                                                      \
		S(po), S(su), S(se), S(from), to, whole,                       \
		{                                                              \
			{ 1 },                                                 \
			{                                                      \
				kop                                            \
			}                                                      \
		}                                                              \
	}

static const struct str hosts[] = { S("front.example") };

static const struct ref_portal portals[] = {
	{ .portal = S("a"), .zone_min = 180, .hosts = hosts, .hosts_len = 1 },
	{ .portal = S("b"), .zone_min = 480 },
};

static const struct ref_supplier suppliers[] = {
	{ .portal = S("a"),
	    .supplier = S("s1"),
	    .title = S("a s1"),
	    .from_day = S("2026-03-01"),
	    .to_day = S("2026-03-31") },
	{ .portal = S("b"),
	    .supplier = S("s1"),
	    .title = S("b s1"),
	    .from_day = S("2026-03-01") },
};

static const struct ref_service services[] = {
	{ .portal = S("a"),
	    .supplier = S("s1"),
	    .service = S("x"),
	    .title = S("a s1 x"),
	    .from_day = S("2026-03-01"),
	    .to_day = S("2026-03-31") },
	{ .portal = S("a"),
	    .supplier = S("s2"),
	    .service = S("x"),
	    .title = S("a s2 x"),
	    .from_day = S("2026-03-01") },
	{ .portal = S("b"),
	    .supplier = S("s1"),
	    .service = S("x"),
	    .title = S("b s1 x"),
	    .from_day = S("2026-03-01") },
};

static const struct ref_fee fees[] = {
	FEE("a", "s1", "x", "2026-01-01", S("2026-06-30"), 7),
	FEE("*", "*", "x", "2026-01-01", OPEN, 4),
	FEE("a", "s1", "*", "2026-01-01", OPEN, 3),
	FEE("a", "*", "*", "2026-01-01", S("2026-12-31"), 1),
	FEE("a", "*", "*", "2026-06-01", OPEN, 11),
	FEE("a", "*", "*", "2026-05-01", OPEN, 10),
	FEE("*", "*", "*", "2025-01-01", OPEN, 0),
};

static const struct ref_limit limits[] = {
	LIMIT("a", "*", "*", "2026-01-01", OPEN, true, 500),
	LIMIT("a", "*", "*", "2026-01-01", OPEN, false, 100),
	LIMIT("a", "s1", "*", "2026-01-01", OPEN, false, 200),
	LIMIT("a", "s1", "x", "2026-01-01", OPEN, true, 999),
};

static const struct ref_contract contracts[] = {
	{ .contract = S("one"),
	    .from_day = S("2026-01-01"),
	    .to_day = S("2026-06-30") },
	{ .contract = S("two"), .from_day = S("2026-01-01") },
	{ .contract = S("three"), .from_day = S("2026-01-01") },
};

#define ROUTE(su, se, c, from, to, pref)                                       \
	{                                                                      \
		S("a"), S(su), S(se), S(c), S(from), to, pref                  \
	}

static const struct ref_route routes[] = {
	ROUTE("*", "*", "three", "2026-02-01", OPEN, 1),
	ROUTE("s1", "*", "two", "2026-01-01", OPEN, 2),
	ROUTE("s1", "*", "one", "2026-01-01", OPEN, 1),
	ROUTE("s2", "*", "one", "2026-01-01", OPEN, 1),
	ROUTE("s3", "*", "unheard", "2026-01-01", OPEN, 1),
	ROUTE("s4", "*", "two", "2026-01-01", OPEN, 1),
	ROUTE("s4", "*", "three", "2026-04-01", S("2026-04-30"), 1),
	ROUTE("s4", "*", "two", "2026-03-01", OPEN, 1),
	ROUTE("s5", "x", "two", "2026-05-01", OPEN, 1),
	ROUTE("s6", "*", "two", "2026-01-01", OPEN, 1),
	ROUTE("s6", "*", "three", "2026-01-01", OPEN, 2),
};

static const struct ref_own_account own_accounts[] = {
	{ .own_account = S("main") },
	{ .own_account = S("second") },
};

static const struct ref_key keys[] = {
	{ .key_id = S("1"), .key_hash = S("aa") },
	{ .key_id = S("2"), .key_hash = S("bb") },
	{ .key_id = S("3"), .key_hash = S("dd") },
};

static const struct ref ref = {
	.version = 1,
	.portals = portals,
	.portals_len = KV_COUNT(portals),
	.suppliers = suppliers,
	.suppliers_len = KV_COUNT(suppliers),
	.services = services,
	.services_len = KV_COUNT(services),
	.fees = fees,
	.fees_len = KV_COUNT(fees),
	.limits = limits,
	.limits_len = KV_COUNT(limits),
	.contracts = contracts,
	.contracts_len = KV_COUNT(contracts),
	.own_accounts = own_accounts,
	.own_accounts_len = KV_COUNT(own_accounts),
	.routes = routes,
	.routes_len = KV_COUNT(routes),
	.keys = keys,
	.keys_len = KV_COUNT(keys),
};

static const struct ref empty;

static void
portal_is_found_by_its_name(void **state)
{
	(void)state;
	assert_ptr_equal(ref_portal(&ref, STR("b")), &portals[1]);
	assert_null(ref_portal(&ref, STR("c")));
	assert_null(ref_portal(&empty, STR("a")));
}

static void
supplier_is_there_from_its_first_to_its_last_day(void **state)
{
	static const struct {
		const char *day;
		bool there;
	} cases[] = { { "2026-02-28", false }, { "2026-03-01", true },
		{ "2026-03-31", true }, { "2026-04-01", false } };

	(void)state;
	for (size_t i = 0; i < KV_COUNT(cases); i++)
		assert_ptr_equal(ref_supplier(&ref, STR("a"), STR("s1"),
				     str_of(cases[i].day)),
		    cases[i].there ? &suppliers[0] : NULL);
}

static void
supplier_without_a_last_day_stays(void **state)
{
	(void)state;
	assert_ptr_equal(
	    ref_supplier(&ref, STR("b"), STR("s1"), STR("2999-12-31")),
	    &suppliers[1]);
	assert_null(ref_supplier(&ref, STR("c"), STR("s1"), STR("2026-03-01")));
	assert_null(ref_supplier(&ref, STR("a"), STR("s9"), STR("2026-03-01")));
}

static void
service_is_found_by_all_three_names_and_the_day(void **state)
{
	struct str day = STR("2026-03-31"), after = STR("2026-04-01");
	struct str a = STR("a"), b = STR("b"), s1 = STR("s1"), x = STR("x");

	(void)state;
	assert_ptr_equal(ref_service(&ref, a, s1, x, day), &services[0]);
	assert_ptr_equal(ref_service(&ref, a, STR("s2"), x, day), &services[1]);
	assert_ptr_equal(ref_service(&ref, b, s1, x, day), &services[2]);
	assert_null(ref_service(&ref, a, s1, x, after));
	assert_null(ref_service(&ref, a, s1, STR("y"), day));
	assert_null(ref_service(&ref, STR("c"), s1, x, day));
}

static int32_t
fee_of(const char *portal, const char *supplier, const char *service,
    const char *day)
{
	const struct fee_rule *rule = ref_fee(&ref, str_of(portal),
	    str_of(supplier), str_of(service), str_of(day));

	return rule != NULL ? rule->rate_ppm : -1;
}

static void
most_specific_fee_wins(void **state)
{
	(void)state;
	assert_int_equal(fee_of("a", "s1", "x", "2026-06-30"), 7);
	/* The exact rule has ended: service goes before supplier. */
	assert_int_equal(fee_of("a", "s1", "x", "2026-07-01"), 4);
	assert_int_equal(fee_of("a", "s1", "y", "2026-04-01"), 3);
	assert_int_equal(fee_of("a", "s2", "y", "2026-04-01"), 1);
	assert_int_equal(fee_of("b", "s2", "y", "2026-04-01"), 0);
	assert_int_equal(fee_of("b", "s2", "x", "2026-04-01"), 4);
	assert_int_equal(fee_of("b", "s2", "y", "2024-12-31"), -1);
}

static void
of_equal_fees_the_one_that_began_last_wins(void **state)
{
	(void)state;
	assert_int_equal(fee_of("a", "s2", "y", "2026-04-30"), 1);
	assert_int_equal(fee_of("a", "s2", "y", "2026-05-01"), 10);
	assert_int_equal(fee_of("a", "s2", "y", "2026-06-01"), 11);
	assert_int_equal(fee_of("a", "s2", "y", "2027-01-01"), 11);
}

static void
limits_of_lines_and_of_the_total_are_apart(void **state)
{
	struct str a = STR("a"), x = STR("x"), day = STR("2026-04-01");
	const struct limit_rule *rule;

	(void)state;
	rule = ref_limit_line(&ref, a, STR("s1"), x, day);
	assert_int_equal(rule->max.kop, 200);
	rule = ref_limit_line(&ref, a, STR("s2"), x, day);
	assert_int_equal(rule->max.kop, 100);
	rule = ref_limit_total(&ref, a, day);
	assert_int_equal(rule->max.kop, 500);
	assert_null(ref_limit_line(&ref, STR("b"), STR("s1"), x, day));
	assert_null(ref_limit_total(&ref, STR("b"), day));
	assert_null(ref_limit_total(&ref, a, STR("2025-12-31")));
}

static const char *
routed(const char *supplier, const char *service, const char *day)
{
	const struct ref_contract *c = ref_route(
	    &ref, STR("a"), str_of(supplier), str_of(service), str_of(day));

	return c != NULL ? c->contract.p : NULL;
}

static void
route_of_lowest_preference_with_a_valid_contract_is_taken(void **state)
{
	(void)state;
	assert_string_equal(routed("s1", "x", "2026-06-30"), "one");
	assert_string_equal(routed("s1", "x", "2026-07-01"), "two");
	assert_string_equal(routed("s6", "x", "2026-07-01"), "two");
	assert_string_equal(routed("s9", "x", "2026-07-01"), "three");
	assert_null(routed("s9", "x", "2026-01-31"));
}

static void
general_route_never_stands_in_for_a_specific_one(void **state)
{
	(void)state;
	assert_string_equal(routed("s2", "x", "2026-06-30"), "one");
	assert_null(routed("s2", "x", "2026-07-01"));
	assert_null(routed("s3", "x", "2026-07-01"));
}

static void
of_equal_routes_the_one_that_began_last_is_taken(void **state)
{
	(void)state;
	assert_string_equal(routed("s4", "x", "2026-04-01"), "three");
	assert_string_equal(routed("s4", "x", "2026-05-01"), "two");
}

static void
route_of_the_service_begins_on_its_day(void **state)
{
	(void)state;
	assert_string_equal(routed("s5", "x", "2026-04-30"), "three");
	assert_string_equal(routed("s5", "x", "2026-05-01"), "two");
	assert_string_equal(routed("s5", "y", "2026-05-01"), "three");
	assert_null(
	    ref_route(&ref, STR("b"), STR("s1"), STR("x"), STR("2026-05-01")));
}

static void
all_routes_of_a_line_come_in_order_each_contract_once(void **state)
{
	static const struct {
		const char *supplier, *day, *to[3];
	} cases[] = {
		{ "s1", "2026-06-30", { "one", "two", NULL } },
		{ "s1", "2026-07-01", { "two", NULL } },
		{ "s4", "2026-04-01", { "three", "two", NULL } },
		{ "s6", "2026-07-01", { "two", "three", NULL } },
		{ "s2", "2026-07-01", { NULL } },
		{ "s9", "2026-01-31", { NULL } },
	};
	struct ref_routes v;

	(void)state;
	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		size_t n = 0;

		ref_routes(&ref, STR("a"), str_of(cases[i].supplier), STR("x"),
		    str_of(cases[i].day), &v);
		while (cases[i].to[n] != NULL)
			n++;
		assert_int_equal(v.len, n);
		for (size_t k = 0; k < n; k++)
			assert_string_equal(
			    v.to[k]->contract.p, cases[i].to[k]);
	}
}

static void
no_more_banks_are_listed_than_one_payment_may_have(void **state)
{
	static const struct ref_contract many[] = {
		{ .contract = S("1"), .from_day = S("2026-01-01") },
		{ .contract = S("2"), .from_day = S("2026-01-01") },
		{ .contract = S("3"), .from_day = S("2026-01-01") },
		{ .contract = S("4"), .from_day = S("2026-01-01") },
		{ .contract = S("5"), .from_day = S("2026-01-01") },
	};
	static const struct ref_route to_all[] = {
		ROUTE("*", "*", "5", "2026-01-01", OPEN, 5),
		ROUTE("*", "*", "4", "2026-01-01", OPEN, 4),
		ROUTE("*", "*", "3", "2026-01-01", OPEN, 3),
		ROUTE("*", "*", "2", "2026-01-01", OPEN, 2),
		ROUTE("*", "*", "1", "2026-01-01", OPEN, 1),
	};
	struct ref r = { .contracts = many,
		.contracts_len = KV_COUNT(many),
		.routes = to_all,
		.routes_len = KV_COUNT(to_all) };
	struct ref_routes v;

	(void)state;
	ref_routes(&r, STR("a"), STR("s"), STR("x"), STR("2026-02-01"), &v);
	assert_int_equal(v.len, REF_ROUTES_MAX);
	assert_string_equal(v.to[0]->contract.p, "1");
	assert_string_equal(v.to[REF_ROUTES_MAX - 1]->contract.p, "4");
}

static void
rule_of_readings_is_that_of_supplier_and_unit(void **state)
{
	static const struct ref_meter list[] = {
		{ .portal = S("a"),
		    .supplier = S("*"),
		    .unit = S("*"),
		    .from_day = S("2026-01-01"),
		    .rule = { .max_use = 1 } },
		{ .portal = S("a"),
		    .supplier = S("*"),
		    .unit = S("m3"),
		    .from_day = S("2026-01-01"),
		    .to_day = S("2026-06-30"),
		    .rule = { .max_use = 2 } },
		{ .portal = S("a"),
		    .supplier = S("s1"),
		    .unit = S("*"),
		    .from_day = S("2026-01-01"),
		    .rule = { .max_use = 3 } },
	};
	static const struct {
		const char *supplier, *unit, *day;
		int64_t max;
	} cases[] = {
		{ "s2", "m3", "2026-06-30", 2 },
		{ "s2", "m3", "2026-07-01", 1 },
		{ "s1", "m3", "2026-07-01", 3 },
		{ "s2", "kWh", "2026-03-01", 1 },
	};
	struct ref r = { .meters = list, .meters_len = KV_COUNT(list) };

	(void)state;
	for (size_t i = 0; i < KV_COUNT(cases); i++)
		assert_int_equal(
		    ref_meter_rule(&r, STR("a"), str_of(cases[i].supplier),
			str_of(cases[i].unit), str_of(cases[i].day))
			->max_use,
		    cases[i].max);
	assert_null(ref_meter_rule(
	    &r, STR("b"), STR("s1"), STR("m3"), STR("2026-07-01")));
	assert_null(ref_meter_rule(
	    &r, STR("a"), STR("s1"), STR("m3"), STR("2025-12-31")));
}

static void
contract_is_found_by_its_name(void **state)
{
	(void)state;
	assert_ptr_equal(ref_contract(&ref, STR("two")), &contracts[1]);
	assert_null(ref_contract(&ref, STR("four")));
}

static void
own_account_is_found_by_its_name(void **state)
{
	(void)state;
	assert_ptr_equal(
	    ref_own_account(&ref, STR("second")), &own_accounts[1]);
	assert_null(ref_own_account(&ref, STR("third")));
}

static void
key_is_found_by_its_hash(void **state)
{
	(void)state;
	for (size_t i = 0; i < KV_COUNT(keys); i++)
		assert_ptr_equal(ref_key(&ref, keys[i].key_hash), &keys[i]);
	assert_null(ref_key(&ref, STR("a")));
	assert_null(ref_key(&ref, STR("cc")));
	assert_null(ref_key(&ref, STR("ee")));
	assert_null(ref_key(&empty, STR("aa")));
}

static void
rights_are_read_from_their_words(void **state)
{
	unsigned rights = 77;

	(void)state;
	assert_true(ref_rights(STR("pay"), &rights));
	assert_int_equal(rights, RIGHT_PAY);
	assert_true(ref_rights(STR("pay read refund report admin"), &rights));
	assert_int_equal(rights, 31);
	assert_true(ref_rights(STR("read read"), &rights));
	assert_int_equal(rights, RIGHT_READ);
}

static void
unknown_rights_are_refused(void **state)
{
	static const char *const bad[] = { "", " ", "pay ", " pay", "pay  read",
		"Pay", "pay,read", "paying", "pa", "read\tpay" };
	unsigned rights = 77;

	(void)state;
	for (size_t i = 0; i < KV_COUNT(bad); i++)
		assert_false(ref_rights(str_of(bad[i]), &rights));
	assert_int_equal(rights, 77);
}

static void
rights_are_told_in_words(void **state)
{
	static const char *const words[] = { "pay", "read report",
		"pay read refund report admin" };
	char out[REF_RIGHTS_SIZE];
	unsigned rights;

	(void)state;
	for (size_t i = 0; i < KV_COUNT(words); i++) {
		assert_true(ref_rights(str_of(words[i]), &rights));
		assert_true(
		    str_eq(ref_rights_words(rights, out), str_of(words[i])));
		assert_string_equal(out, words[i]);
	}
	assert_int_equal(ref_rights_words(0, out).len, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(portal_is_found_by_its_name),
		cmocka_unit_test(
		    supplier_is_there_from_its_first_to_its_last_day),
		cmocka_unit_test(supplier_without_a_last_day_stays),
		cmocka_unit_test(
		    service_is_found_by_all_three_names_and_the_day),
		cmocka_unit_test(most_specific_fee_wins),
		cmocka_unit_test(of_equal_fees_the_one_that_began_last_wins),
		cmocka_unit_test(limits_of_lines_and_of_the_total_are_apart),
		cmocka_unit_test(
		    route_of_lowest_preference_with_a_valid_contract_is_taken),
		cmocka_unit_test(
		    general_route_never_stands_in_for_a_specific_one),
		cmocka_unit_test(
		    of_equal_routes_the_one_that_began_last_is_taken),
		cmocka_unit_test(route_of_the_service_begins_on_its_day),
		cmocka_unit_test(
		    all_routes_of_a_line_come_in_order_each_contract_once),
		cmocka_unit_test(
		    no_more_banks_are_listed_than_one_payment_may_have),
		cmocka_unit_test(rule_of_readings_is_that_of_supplier_and_unit),
		cmocka_unit_test(contract_is_found_by_its_name),
		cmocka_unit_test(key_is_found_by_its_hash),
		cmocka_unit_test(rights_are_read_from_their_words),
		cmocka_unit_test(own_account_is_found_by_its_name),
		cmocka_unit_test(unknown_rights_are_refused),
		cmocka_unit_test(rights_are_told_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
