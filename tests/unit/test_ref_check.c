#include "kvitok/app/ref_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#define S(literal)                                                             \
	{                                                                      \
		"" literal "", sizeof(literal) - 1                             \
	}

/* A whole world of one service, which each test spoils in one place. */
struct world {
	struct str hosts[1];
	struct ref_portal portal;
	struct ref_supplier supplier;
	struct ref_service service;
	struct ref_fee fee;
	struct ref_limit limits[2];
	struct ref_contract contract;
	struct ref_own_account own;
	struct ref_route route;
	struct ref_deal deal;
	struct ref ref;
	struct arena *a;
	struct buf report;
};

static int
setup(void **state)
{
	static struct world w;

	w = (struct world){
		.hosts = { S("front.example") },
		.portal = { .portal = S("p"), .hosts_len = 1 },
		.supplier = { .portal = S("p"),
		    .supplier = S("s"),
		    .title = S("ООО «Свет»"),
		    .inn = S("7707083893"),
		    .from_day = S("2026-01-01"),
		    .kpp = S("770701001"),
		    .settlement_account = S("40702810400000007701"),
		    .bic = S("044525823"),
		    .bank_title = S("Банк ГПБ (АО)"),
		    .correspondent_account = S("30101810200000000823") },
		.service = { .portal = S("p"),
		    .supplier = S("s"),
		    .service = S("x"),
		    .from_day = S("2026-01-01") },
		.fee = { .portal = S("p"),
		    .supplier = S("*"),
		    .service = S("*"),
		    .from_day = S("2026-01-01") },
		.limits = { { .portal = S("p"),
				.supplier = S("*"),
				.service = S("*"),
				.from_day = S("2026-01-01") },
		    { .portal = S("p"),
			.supplier = S("*"),
			.service = S("*"),
			.from_day = S("2026-01-01"),
			.total = true } },
		.contract = { .contract = S("c"),
		    .from_day = S("2026-01-01"),
		    .own_account = S("main") },
		.own = { .own_account = S("main"),
		    .inn = S("3812100773"),
		    .account = S("40702810400000007701"),
		    .bic = S("044525823"),
		    .correspondent_account = S("30101810200000000823") },
		.route = { .portal = S("p"),
		    .supplier = S("*"),
		    .service = S("*"),
		    .contract = S("c"),
		    .from_day = S("2026-01-01"),
		    .preference = 1 },
		.deal = { .portal = S("p"),
		    .supplier = S("s"),
		    .from_day = S("2026-01-01"),
		    .number = S("17/26"),
		    .signed_day = S("2025-12-20"),
		    .own_account = S("main"),
		    .purpose = S("По договору {contract} за {day}"),
		    .min_kop = 100 },
	};
	w.portal.hosts = w.hosts;
	w.ref = (struct ref){ .version = 1,
		.portals = &w.portal,
		.portals_len = 1,
		.suppliers = &w.supplier,
		.suppliers_len = 1,
		.services = &w.service,
		.services_len = 1,
		.fees = &w.fee,
		.fees_len = 1,
		.limits = w.limits,
		.limits_len = 2,
		.contracts = &w.contract,
		.contracts_len = 1,
		.own_accounts = &w.own,
		.own_accounts_len = 1,
		.routes = &w.route,
		.routes_len = 1,
		.deals = &w.deal,
		.deals_len = 1 };
	w.a = arena_new(1 << 20);
	buf_init(&w.report, w.a, 1 << 16);
	*state = &w;
	return 0;
}

static int
teardown(void **state)
{
	struct world *w = *state;

	arena_free(w->a);
	return 0;
}

static void
assert_finds(struct world *w, const char *report)
{
	size_t lines = 0;

	for (const char *p = report; *p != '\0'; p++)
		lines += *p == '\n';
	assert_int_equal(
	    ref_check(&w->ref, STR("2026-06-15"), &w->report), lines);
	if (lines == 0)
		assert_int_equal(w->report.len, 0);
	else
		assert_string_equal(w->report.p, report);
}

static void
whole_data_give_no_finding(void **state)
{
	assert_finds(*state, "");
}

static void
supplier_that_cannot_be_paid_is_found_by_the_field(void **state)
{
	static const struct {
		size_t at; /* of a text of the supplier */
		const char *value, *field;
	} bad[] = {
		{ offsetof(struct ref_supplier, settlement_account), "",
		    "account" },
		{ offsetof(struct ref_supplier, settlement_account),
		    "40702810500000007701", "account" },
		{ offsetof(struct ref_supplier, bic), "", "bic" },
		{ offsetof(struct ref_supplier, bank_title), "", "bank" },
		{ offsetof(struct ref_supplier, kpp), "", "kpp" },
		{ offsetof(struct ref_supplier, kpp), "77070100", "kpp" },
		{ offsetof(struct ref_supplier, title), "", "title" },
		{ offsetof(struct ref_supplier, correspondent_account),
		    "30101810300000000823", "correspondent" },
	};
	struct world *w = *state;
	struct ref_supplier good = w->supplier;

	for (size_t i = 0; i < KV_COUNT(bad); i++) {
		char line[100];

		w->supplier = good;
		*(struct str *)(void *)((char *)&w->supplier + bad[i].at) =
		    str_of(bad[i].value);
		buf_init(&w->report, w->a, 1 << 16);
		(void)snprintf(line, sizeof(line),
		    "p/s: cannot be paid, its requisites are wrong: %s\n",
		    bad[i].field);
		assert_finds(w, line);
	}
	/* Nobody pays it: nothing to find. */
	w->ref.deals_len = 0;
	buf_init(&w->report, w->a, 1 << 16);
	assert_finds(w, "");
}

static void
contract_with_a_supplier_is_looked_at_whole(void **state)
{
	struct world *w = *state;

	w->deal.signed_day = STR("2025-13-01");
	w->deal.own_account = STR("other");
	w->deal.purpose = STR("По договору {agreement}");
	assert_finds(w,
	    "p/s: no day: 2025-13-01\n"
	    "p/s: is paid from an account that is not there: other\n"
	    "p/s: purpose of the payment order: {agreement}\n");
}

static void
own_account_with_wrong_digits_is_found_by_each(void **state)
{
	struct world *w = *state;

	w->own.inn = STR("3812100774");
	w->own.account = STR("40702810500000007701");
	w->own.correspondent_account = STR("30101810300000000823");
	assert_finds(w,
	    "main: wrong control digit: INN 3812100774\n"
	    "main: wrong control digit: account 40702810500000007701\n"
	    "main: wrong control digit: correspondent 30101810300000000823\n");
	w->own.correspondent_account = STR("");
	w->own.inn = STR("3812100773");
	w->own.account = STR("40702810400000007701");
}

static void
contract_may_say_no_own_account_but_not_an_unknown_one(void **state)
{
	struct world *w = *state;

	w->ref.own_accounts_len = w->ref.deals_len = 0;
	assert_finds(w, "c: pays out to an account that is not there: main\n");
	w->contract.own_account = STR("");
	w->report.len = 0;
	assert_finds(w, "");
}

static void
service_without_any_rule_is_found_in_every_respect(void **state)
{
	struct world *w = *state;

	w->ref.suppliers_len = w->ref.fees_len = w->ref.limits_len = 0;
	w->ref.contracts_len = 0;
	assert_finds(w,
	    "p/s/x: its supplier is not there on 2026-06-15\n"
	    "p/s/x: no commission on 2026-06-15\n"
	    "p/s/x: no limits on 2026-06-15\n"
	    "p/s/x: no limits of the whole payment on 2026-06-15\n"
	    "p/s/x: no contract takes it on 2026-06-15\n");
}

static void
service_that_begins_later_is_checked_on_its_first_day(void **state)
{
	struct world *w = *state;

	w->service.from_day = STR("2026-06-16");
	w->route.to_day = STR("2026-06-15");
	assert_finds(w, "p/s/x: no contract takes it on 2026-06-16\n");
}

static void
service_that_is_over_is_not_checked(void **state)
{
	struct world *w = *state;

	w->service.to_day = STR("2026-06-14");
	w->ref.routes_len = 0;
	assert_finds(w, "");
}

static void
service_is_checked_on_its_last_day(void **state)
{
	struct world *w = *state;

	w->service.to_day = STR("2026-06-15");
	w->ref.routes_len = 0;
	assert_finds(w, "p/s/x: no contract takes it on 2026-06-15\n");
}

static void
days_in_wrong_order_are_found(void **state)
{
	static const struct ref_meter meter = { .portal = S("p"),
		.supplier = S("*"),
		.unit = S("m3"),
		.from_day = S("2026-01-01"),
		.to_day = S("2025-12-31") };
	struct world *w = *state;

	w->ref.meters = &meter;
	w->ref.meters_len = 1;

	w->fee.to_day = STR("2025-12-31");
	w->limits[1].to_day = STR("2025-12-31");
	w->service.to_day = STR("2025-12-31");
	assert_finds(w,
	    "p/s/x: ends before it begins: 2025-12-31\n"
	    "p/*/*: ends before it begins: 2025-12-31\n"
	    "p/*/*: ends before it begins: 2025-12-31\n"
	    "p/*/m3: ends before it begins: 2025-12-31\n");
}

static void
what_is_no_day_is_found(void **state)
{
	struct world *w = *state;

	w->supplier.from_day = STR("2026-02-30");
	w->route.to_day = STR("2027-13-01");
	assert_finds(w,
	    "p/s: no day: 2026-02-30\n"
	    "p/*/*: no day: 2027-13-01\n");
}

static void
slip_in_an_inn_is_found(void **state)
{
	struct world *w = *state;

	w->supplier.inn = STR("7707083894");
	assert_finds(w, "p/s: wrong control digit: INN 7707083894\n");
}

static void
maximum_below_the_minimum_is_found(void **state)
{
	struct world *w = *state;

	w->fee.rule.min.kop = 500;
	w->fee.rule.max.kop = 500;
	assert_finds(w, "");
	w->fee.rule.max.kop = 499;
	assert_finds(w, "p/*/*: commission: maximum below minimum\n");
}

static void
portal_without_a_host_is_found(void **state)
{
	struct world *w = *state;

	w->portal.hosts_len = 0;
	assert_finds(w, "p: no host may be returned to\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* 46 characters of a bank's name are one too many for the square. */
static void
supplier_whose_bills_would_have_no_square_is_found(void **state)
{
	struct world *w = *state;

	w->supplier.bank_title =
	    STR("Очень Важный Банк Очень Важного Города, филиал");
	assert_finds(
	    w, "p/s: bills have no QR code: BankName: not of its length\n");
}

static void
bank_of_45_characters_has_a_square(void **state)
{
	struct world *w = *state;

	w->supplier.bank_title =
	    STR("Очень Важный Банк Очень Важного Города, филиа");
	assert_finds(w, "");
}

static void
days_of_bill_rules_are_looked_at(void **state)
{
	struct world *w = *state;
	struct ref_scale scale = { .portal = STR("p"),
		.supplier = STR("s"),
		.service = STR("*"),
		.from_day = STR("2026-13-01") };
	struct ref_bill bill = { .portal = STR("p"),
		.supplier = STR("*"),
		.from_day = STR("2026-01-01"),
		.to_day = STR("2025-01-01") };

	w->ref.scales = &scale;
	w->ref.scales_len = 1;
	w->ref.bills = &bill;
	w->ref.bills_len = 1;
	assert_finds(w,
	    "p/s/*: no day: 2026-13-01\n"
	    "p/*: ends before it begins: 2025-01-01\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(whole_data_give_no_finding),
		TEST(supplier_whose_bills_would_have_no_square_is_found),
		TEST(bank_of_45_characters_has_a_square),
		TEST(days_of_bill_rules_are_looked_at),
		TEST(supplier_that_cannot_be_paid_is_found_by_the_field),
		TEST(contract_with_a_supplier_is_looked_at_whole),
		TEST(own_account_with_wrong_digits_is_found_by_each),
		TEST(contract_may_say_no_own_account_but_not_an_unknown_one),
		TEST(service_without_any_rule_is_found_in_every_respect),
		TEST(service_that_begins_later_is_checked_on_its_first_day),
		TEST(service_that_is_over_is_not_checked),
		TEST(service_is_checked_on_its_last_day),
		TEST(days_in_wrong_order_are_found),
		TEST(what_is_no_day_is_found),
		TEST(slip_in_an_inn_is_found),
		TEST(maximum_below_the_minimum_is_found),
		TEST(portal_without_a_host_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
