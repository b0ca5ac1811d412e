/* Unit tests of domain/ledger. */
#include "kvitok/domain/ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct fixture {
	struct arena *a;
	struct fault f;
	struct ledger_transfer t;
	struct attempt at;
};

static int
begin(void **state)
{
	static struct fixture fx;

	fx.a = arena_new(1 << 20);
	fault_init(&fx.f);
	fx.t = (struct ledger_transfer){ .lines_len = 0 };
	fx.at = (struct attempt){ .n = 1, .contract = STR("gpb-x") };
	*state = &fx;
	return 0;
}

static int
end(void **state)
{
	arena_free(((struct fixture *)*state)->a);
	return 0;
}

static struct pay_line
line(const char *supplier, int64_t sum, int64_t fee, int64_t supplier_fee)
{
	return (struct pay_line){ .supplier = str_of(supplier),
		.sum_kop = sum,
		.fee_kop = fee,
		.supplier_fee_kop = supplier_fee };
}

static enum err
post(struct fixture *fx, const struct pay_line *lines, size_t len)
{
	struct payment pm = { .number = STR("N"),
		.portal = STR("p"),
		.lines = lines,
		.lines_len = len };

	for (size_t i = 0; i < len; i++) {
		pm.sum_kop += lines[i].sum_kop;
		pm.fee_kop += lines[i].fee_kop;
	}
	pm.total_kop = pm.sum_kop + pm.fee_kop;
	return ledger_for_paid(fx->a, &pm, &fx->at, &fx->t, &fx->f);
}

/* Gives: what the transfer moves to the account. */
static int64_t
moved(const struct fixture *fx, const char *account)
{
	for (size_t i = 0; i < fx->t.lines_len; i++)
		if (str_eq(fx->t.lines[i].account, str_of(account)))
			return fx->t.lines[i].sum_kop;
	return 0;
}

static void
assert_balanced(const struct fixture *fx)
{
	int64_t sum = 0;

	for (size_t i = 0; i < fx->t.lines_len; i++) {
		sum += fx->t.lines[i].sum_kop;
		assert_int_not_equal(fx->t.lines[i].sum_kop, 0);
		if (i > 0)
			assert_true(str_cmp(fx->t.lines[i - 1].account,
					fx->t.lines[i].account) < 0);
	}
	assert_int_equal(sum, 0);
}

static void
a_payment_owes_the_supplier_the_sum_and_earns_the_commission(void **state)
{
	struct fixture *fx = *state;
	struct pay_line l = line("a", 120000, 1800, 0);

	assert_int_equal(post(fx, &l, 1), ERR_OK);
	assert_balanced(fx);
	assert_int_equal(fx->t.lines_len, 3);
	assert_int_equal(moved(fx, "receivable/gpb-x"), 121800);
	assert_int_equal(moved(fx, "payable/p/a"), -120000);
	assert_int_equal(moved(fx, "commission/p"), -1800);
	assert_true(str_eq(fx->t.cause, STR("N")));
	assert_true(str_eq(fx->t.kind, STR("paid")));
}

static void
a_commission_that_the_supplier_pays_lessens_what_he_is_owed(void **state)
{
	struct fixture *fx = *state;
	struct pay_line l = line("a", 100000, 0, 1500);

	assert_int_equal(post(fx, &l, 1), ERR_OK);
	assert_balanced(fx);
	assert_int_equal(moved(fx, "payable/p/a"), -98500);
	assert_int_equal(moved(fx, "commission/p"), -1500);
}

static void
what_the_portal_bears_for_a_freed_payer_is_its_loss(void **state)
{
	struct fixture *fx = *state;
	struct pay_line l = line("a", 120000, 0, 0);

	l.loss_on = FEE_LOSS_PORTAL;
	l.loss_kop = 1800;
	assert_int_equal(post(fx, &l, 1), ERR_OK);
	assert_balanced(fx);
	assert_int_equal(moved(fx, "receivable/gpb-x"), 120000);
	assert_int_equal(moved(fx, "payable/p/a"), -120000);
	assert_int_equal(moved(fx, "commission/p"), -1800);
	assert_int_equal(moved(fx, "exempt_loss/p"), 1800);
}

static void
without_commission_there_is_no_line_of_it(void **state)
{
	struct fixture *fx = *state;
	struct pay_line l = line("a", 100, 0, 0);

	assert_int_equal(post(fx, &l, 1), ERR_OK);
	assert_balanced(fx);
	assert_int_equal(fx->t.lines_len, 2);
}

static void
lines_of_one_supplier_meet_in_one_account(void **state)
{
	struct fixture *fx = *state;
	struct pay_line l[] = { line("b", 100, 1, 0), line("a", 200, 2, 0),
		line("b", 300, 3, 4) };

	assert_int_equal(post(fx, l, 3), ERR_OK);
	assert_balanced(fx);
	assert_int_equal(fx->t.lines_len, 4);
	assert_int_equal(moved(fx, "payable/p/b"), -396);
	assert_int_equal(moved(fx, "payable/p/a"), -200);
	assert_int_equal(moved(fx, "commission/p"), -10);
	assert_int_equal(moved(fx, "receivable/gpb-x"), 606);
}

static void
fifty_suppliers_fit(void **state)
{
	struct fixture *fx = *state;
	struct pay_line l[PAY_LINES_MAX];

	for (size_t i = 0; i < PAY_LINES_MAX; i++)
		l[i] = line(arena_fmt(fx->a, "s%zu", i).p, 100, 1, 1);
	l[0].loss_kop = 1; /* and all other accounts that there may be */
	assert_int_equal(post(fx, l, PAY_LINES_MAX), ERR_OK);
	assert_balanced(fx);
	assert_int_equal(fx->t.lines_len, LEDGER_LINES_MAX);
}

static void
a_payment_that_does_not_add_up_is_not_posted(void **state)
{
	struct fixture *fx = *state;
	struct pay_line l = line("a", 100, 1, 0);
	struct payment pm = { .number = STR("N"),
		.portal = STR("p"),
		.total_kop = 102,
		.lines = &l,
		.lines_len = 1 };

	assert_int_equal(
	    ledger_for_paid(fx->a, &pm, &fx->at, &fx->t, &fx->f), ERR_BUG);
	assert_string_equal(fx->f.reason, "ledger_unbalanced");
	l.sum_kop = INT64_MAX;
	assert_int_equal(
	    ledger_for_paid(fx->a, &pm, &fx->at, &fx->t, &fx->f), ERR_BUG);
}

static void
second_money_is_owed_back(void **state)
{
	struct fixture *fx = *state;
	struct payment pm = { .number = STR("N"), .portal = STR("p") };

	assert_int_equal(ledger_for_second(fx->a, &pm, &fx->at, STR("N-2"), 777,
			     &fx->t, &fx->f),
	    ERR_OK);
	assert_balanced(fx);
	assert_int_equal(moved(fx, "receivable/gpb-x"), 777);
	assert_int_equal(moved(fx, "refunds_due/gpb-x"), -777);
	assert_true(str_eq(fx->t.cause, STR("N-2")));
	assert_int_equal(ledger_for_second(fx->a, &pm, &fx->at, STR("N-2"), 0,
			     &fx->t, &fx->f),
	    ERR_BUG);
}

static void
slots_spread_accounts_and_stay_in_bounds(void **state)
{
	bool seen[LEDGER_SLOTS] = { false };
	int used = 0;

	(void)state;
	for (char c = 'A'; c <= 'Z'; c++) {
		char akey[9] = "AAAAAAAA";
		int slot;

		akey[7] = c;
		slot = ledger_slot(str_of(akey));
		assert_in_range(slot, 0, LEDGER_SLOTS - 1);
		used += !seen[slot];
		seen[slot] = true;
	}
	assert_true(used > LEDGER_SLOTS / 2);
}

#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)

static enum err
give_back(struct fixture *fx, const struct pay_line *lines, size_t lines_len,
    const struct refund_line *parts, size_t len)
{
	struct payment pm = { .number = STR("N"),
		.portal = STR("p"),
		.lines = lines,
		.lines_len = lines_len };
	struct refund r = { .id = STR("R"), .lines = parts, .lines_len = len };

	for (size_t i = 0; i < len; i++) {
		r.sum_kop += parts[i].sum_kop;
		r.fee_kop += parts[i].fee_kop;
	}
	return ledger_for_refund(fx->a, &pm, &fx->at, &r, &fx->t, &fx->f);
}

static void
a_whole_refund_takes_back_what_the_payment_has_posted(void **state)
{
	struct fixture *fx = *state;
	const struct pay_line lines[] = { line("s1", 120000, 1800, 0),
		line("s2", 50000, 0, 400) };
	const struct refund_line parts[] = { { 1, 120000, 1800, 0, 0 },
		{ 2, 50000, 0, 400, 0 } };

	assert_int_equal(give_back(fx, lines, 2, parts, 2), ERR_OK);
	assert_balanced(fx);
	assert_true(str_eq(fx->t.kind, STR("refund")));
	assert_true(str_eq(fx->t.cause, STR("R")));
	assert_true(str_eq(fx->t.number, STR("N")));
	assert_int_equal(moved(fx, "receivable/gpb-x"), -171800);
	assert_int_equal(moved(fx, "payable/p/s1"), 120000);
	assert_int_equal(moved(fx, "payable/p/s2"), 49600);
	assert_int_equal(moved(fx, "commission/p"), 2200);
}

static void
a_refund_that_keeps_the_commission_touches_the_supplier_alone(void **state)
{
	struct fixture *fx = *state;
	const struct pay_line lines[] = { line("s1", 120000, 1800, 0),
		line("s2", 50000, 0, 400) };
	const struct refund_line part = { 2, 10000, 0, 0, 0 };

	assert_int_equal(give_back(fx, lines, 2, &part, 1), ERR_OK);
	assert_balanced(fx);
	assert_int_equal(fx->t.lines_len, 2);
	assert_int_equal(moved(fx, "receivable/gpb-x"), -10000);
	assert_int_equal(moved(fx, "payable/p/s2"), 10000);
	assert_int_equal(moved(fx, "commission/p"), 0);
}

static void
a_refund_of_a_line_that_is_not_there_is_our_own_mistake(void **state)
{
	struct fixture *fx = *state;
	const struct pay_line lines[] = { line("s1", 120000, 1800, 0) };
	const struct refund_line part = { 2, 10000, 0, 0, 0 };

	assert_int_equal(give_back(fx, lines, 1, &part, 1), ERR_BUG);
	assert_string_equal(fx->f.reason, "ledger_unbalanced");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_payment_owes_the_supplier_the_sum_and_earns_the_commission),
		T(a_commission_that_the_supplier_pays_lessens_what_he_is_owed),
		T(what_the_portal_bears_for_a_freed_payer_is_its_loss),
		T(without_commission_there_is_no_line_of_it),
		T(lines_of_one_supplier_meet_in_one_account),
		T(fifty_suppliers_fit),
		T(a_payment_that_does_not_add_up_is_not_posted),
		T(second_money_is_owed_back),
		T(a_whole_refund_takes_back_what_the_payment_has_posted),
		T(a_refund_that_keeps_the_commission_touches_the_supplier_alone),
		T(a_refund_of_a_line_that_is_not_there_is_our_own_mistake),
		T(slots_spread_accounts_and_stay_in_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
