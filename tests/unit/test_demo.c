#include "../../src/main/demo.h"
#include "../../src/main/demo_charge.h"
#include "../../src/main/demo_person.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#include "kvitok/base/day.h"
#include "kvitok/base/num.h"
#include "kvitok/domain/payment.h"

static struct arena *arena;

static int
setup(void **state)
{
	(void)state;
	arena = arena_new((size_t)8 * DEMO_MEMORY);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

struct accounts {
	const struct account *v;
	const struct loader_book *books;
	size_t len;
};

static struct accounts
accounts_of(const char *portal)
{
	struct accounts all;
	struct fault f;

	fault_init(&f);
	assert_int_equal(demo_accounts(arena, str_of(portal), &all.v, &all.len,
			     &all.books, &f),
	    ERR_OK);
	return all;
}

static const struct account *
find(struct accounts all, const char *supplier, const char *account)
{
	for (size_t i = 0; i < all.len; i++)
		if (str_eq(all.v[i].supplier, str_of(supplier)) &&
		    str_eq(all.v[i].account, str_of(account)))
			return &all.v[i];
	return NULL;
}

static int64_t
debt_of(const struct account *acc, const char *service)
{
	for (size_t i = 0; i < acc->debts_len; i++)
		if (str_eq(acc->debts[i].service, str_of(service)))
			return acc->debts[i].debt_kop;
	return INT64_MIN;
}

static void
accounts_of_the_guides_are_there(void **state)
{
	static const struct {
		const char *portal, *supplier, *account, *service;
		int64_t debt_kop;
	} want[] = {
		{ "portalgkh", "yuzhnoe-zhks", "10019743", "zhku", 171425 },
		{ "irkutskenergosbyt", "irkutskenergo", "ИНЗБ17004717", "teplo",
		    264285 },
		{ "moygaz", "mrg", "060005123456", "gaz", 589995 },
		{ "moygaz", "mrg", "060005123456", "to-vdgo", 31472 },
	};

	(void)state;
	for (size_t i = 0; i < KV_COUNT(want); i++) {
		const struct account *acc = find(accounts_of(want[i].portal),
		    want[i].supplier, want[i].account);

		assert_non_null(acc);
		assert_int_equal(
		    debt_of(acc, want[i].service), want[i].debt_kop);
	}
}

static void
one_number_is_there_at_several_suppliers(void **state)
{
	struct accounts all = accounts_of("irkutskenergosbyt");
	const struct account *a = find(all, "irkutskenergo", "ИНЗБ17004717");
	const struct account *b =
	    find(all, "irkutskenergosbyt", "ИНЗБ17004717");

	(void)state;
	assert_non_null(a);
	assert_non_null(b);
	assert_true(str_eq(a->akey, b->akey));
	assert_true(str_eq(a->owner, STR("Иванова М А")));
	assert_true(str_eq(b->owner, a->owner));
}

static void
made_up_number_has_one_owner_at_all_suppliers(void **state)
{
	struct accounts all = accounts_of("portalgkh");
	const struct account *a = find(all, "yuzhnoe-zhks", "10020001");
	const struct account *b = find(all, "irkutskenergo", "10020001");

	(void)state;
	assert_non_null(a);
	assert_non_null(b);
	assert_true(str_eq(a->owner, b->owner));
	assert_true(str_eq(a->address, b->address));
}

static void
meters_of_the_guides_are_there(void **state)
{
	const struct account *acc =
	    find(accounts_of("tgk1"), "tgk-1", "780041256");

	(void)state;
	assert_non_null(acc);
	assert_int_equal(acc->meters_len, 1);
	assert_true(str_eq(acc->meters[0].serial, STR("1710051")));
	assert_int_equal(acc->meters[0].last_value, 56578);
	assert_true(str_eq(acc->meters[0].last_day, STR("2019-12-03")));
}

static void
check_meter(const struct account_meter *m)
{
	static const int64_t above[] = { 1, 10, 100, 1000, 10000, 100000,
		1000000 };

	assert_in_range(m->digits, 1, 6);
	assert_true(m->last_value < above[m->digits]);
	assert_true(day_valid(m->last_day));
	assert_true(m->verify_day.len == 0 || day_valid(m->verify_day));
}

static void
check_account(const struct account *acc, const char *portal)
{
	char akey[PAY_AKEY_LEN + 1];

	pay_akey(acc->portal, acc->account, akey);
	assert_true(str_eq(acc->akey, str_of(akey)));
	assert_true(str_eq(acc->portal, str_of(portal)));
	assert_true(acc->owner.len > 0 && acc->address.len > 0);
	assert_true(acc->debts_len > 0);
	for (size_t i = 0; i < acc->debts_len; i++)
		assert_true(day_valid(acc->debts[i].as_of_day));
	for (size_t i = 0; i < acc->meters_len; i++)
		check_meter(&acc->meters[i]);
}

static void
every_account_is_whole(void **state)
{
	size_t sum = 0;

	(void)state;
	for (size_t i = 0; demo_portals[i] != NULL; i++) {
		struct accounts all = accounts_of(demo_portals[i]);

		for (size_t k = 0; k < all.len; k++)
			check_account(&all.v[k], demo_portals[i]);
		sum += all.len;
	}
	assert_in_range(sum, 4000, 10000);
}

/* The demo must show every kind of debt that a front-end has to tell. */
static void
debts_of_every_kind_are_there(void **state)
{
	struct accounts all = accounts_of("portalgkh");
	size_t none = 0, paid_too_much = 0, too_small = 0, too_large = 0;

	(void)state;
	for (size_t i = 0; i < all.len; i++) {
		int64_t kop = all.v[i].debts[0].debt_kop;

		none += kop == 0;
		paid_too_much += kop < 0;
		too_small += kop > 0 && kop < 1000;
		too_large += kop > 1400000;
	}
	assert_true(none > 0 && paid_too_much > 0);
	assert_true(too_small > 0 && too_large > 0);
}

/* Screenshots, tests and guides name what they saw. */
static void
made_up_accounts_are_the_same_for_ever(void **state)
{
	const struct account *acc =
	    find(accounts_of("portalgkh"), "yuzhnoe-zhks", "10020001");

	(void)state;
	assert_non_null(acc);
	assert_true(
	    demo_seed(STR("a"), STR("b")) == UINT64_C(0x94b66a1a4d0df31f) ||
	    demo_seed(STR("a"), STR("b")) != demo_seed(STR("ab"), STR("")));
	assert_string_equal(
	    arena_z(arena, acc->owner), "Белая Галина Ивановна");
	assert_string_equal(arena_z(arena, acc->address),
	    "г. Саянск, ул. Школьная, д. 106, кв. 47");
	assert_int_equal(debt_of(acc, "zhku"), 0);
}

/* Gives: the only statement of a service's last charged month. */
static struct statement_line
last_month(const struct account *acc, const struct loader_book *book,
    const struct account_debt *d)
{
	const struct statement_month *months;
	struct statement_span span = { .running = STR("2999-12"),
		.services = &d->service,
		.services_len = 1 };
	char first[DAY_MONTH_SIZE], last[DAY_MONTH_SIZE];
	struct str as_of = { d->as_of_day.p, DAY_MONTH_SIZE - 1 };
	struct fault f;
	size_t len;

	fault_init(&f);
	assert_ptr_equal(book->account, acc);
	day_month_text(day_month_number(as_of) -
		(int)(book->facts.openings_len / acc->debts_len - 1),
	    first);
	day_month_text(day_month_number(as_of) - 1, last);
	span.start = span.from = str_of(first);
	span.to = str_of(last);
	assert_int_equal(
	    statement_make(arena, &book->facts, &span, &months, &len, &f),
	    ERR_OK);
	for (size_t i = 0; i < len; i++) {
		assert_int_equal(months[i].lines_len, 1);
		/* Openings, charges and payments explain each other. */
		assert_int_equal(months[i].lines[0].other_kop, 0);
	}
	return months[len - 1].lines[0];
}

static void
a_year_ends_in_the_debt_that_is_shown(void **state)
{
	(void)state;
	for (size_t i = 0; demo_portals[i] != NULL; i++) {
		struct accounts all = accounts_of(demo_portals[i]);

		/* Those of the guides stand first; some of the others. */
		for (size_t k = 0; k < all.len; k += k < 20 ? 1 : 37)
			for (size_t n = 0; n < all.v[k].debts_len; n++) {
				const struct account_debt *d =
				    &all.v[k].debts[n];

				assert_int_equal(
				    last_month(&all.v[k], &all.books[k], d)
					.closing_kop,
				    -d->debt_kop);
			}
	}
}

/* «-3319,52 - 2580,43 + 0 = -5899,95руб.» */
static void
moygaz_has_the_month_of_its_guide(void **state)
{
	struct accounts all = accounts_of("moygaz");
	struct statement_line l =
	    last_month(&all.v[0], &all.books[0], &all.v[0].debts[0]);

	(void)state;
	assert_int_equal(l.opening_kop, -331952);
	assert_int_equal(l.charged_kop, 258043);
	assert_int_equal(l.paid_kop, 0);
	assert_int_equal(l.to_pay_kop, -589995);
}

static void
unknown_portal_is_our_bug(void **state)
{
	const struct loader_book *books;
	const struct account *all;
	struct fault f;
	size_t len;

	(void)state;
	fault_init(&f);
	assert_int_equal(
	    demo_accounts(arena, STR("nowhere"), &all, &len, &books, &f),
	    ERR_BUG);
	assert_non_null(strstr(f.detail, "demo/nowhere.tsv"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accounts_of_the_guides_are_there),
		cmocka_unit_test(one_number_is_there_at_several_suppliers),
		cmocka_unit_test(made_up_number_has_one_owner_at_all_suppliers),
		cmocka_unit_test(meters_of_the_guides_are_there),
		cmocka_unit_test(every_account_is_whole),
		cmocka_unit_test(debts_of_every_kind_are_there),
		cmocka_unit_test(made_up_accounts_are_the_same_for_ever),
		cmocka_unit_test(a_year_ends_in_the_debt_that_is_shown),
		cmocka_unit_test(moygaz_has_the_month_of_its_guide),
		cmocka_unit_test(unknown_portal_is_our_bug),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
