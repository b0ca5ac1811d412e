#include "kvitok/domain/fee.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#define M(k) ((struct money){ INT64_C(k) })

static const struct fee_rule one_and_a_half = { .rate_ppm = 15000 };

static int64_t
fee_for(const struct fee_rule *r, int64_t sum)
{
	struct fee_quote q;
	struct fault f;

	assert_int_equal(fee_apply(r, (struct money){ sum }, &q, &f), ERR_OK);
	assert_int_equal(q.sum.kop, sum);
	assert_int_equal(q.total.kop, q.sum.kop + q.fee.kop);
	assert_int_equal(q.supplier_fee.kop, 0);
	return q.fee.kop;
}

static void
twelve_hundred_roubles_at_one_and_a_half_percent_are_1218(void **state)
{
	struct fee_quote q;
	struct fault f;

	(void)state;
	assert_int_equal(fee_apply(&one_and_a_half, M(120000), &q, &f), ERR_OK);
	assert_int_equal(q.fee.kop, 1800);
	assert_int_equal(q.total.kop, 121800);
}

static void
fee_is_rounded_half_up_to_the_kopeck(void **state)
{
	(void)state;
	assert_int_equal(fee_for(&one_and_a_half, 1), 0);
	assert_int_equal(fee_for(&one_and_a_half, 33), 0);
	assert_int_equal(fee_for(&one_and_a_half, 34), 1);
	assert_int_equal(fee_for(&one_and_a_half, 100), 2);
	assert_int_equal(fee_for(&one_and_a_half, 99), 1);
}

static void
the_fixed_part_is_added_to_the_rate_part(void **state)
{
	const struct fee_rule r = { .rate_ppm = 10000, .fixed = { 500 } };

	(void)state;
	assert_int_equal(fee_for(&r, 100000), 1500);
	assert_int_equal(fee_for(&r, 1), 500);
}

static void
the_fee_stays_between_minimum_and_maximum(void **state)
{
	const struct fee_rule r = {
		.rate_ppm = 10000, .min = { 1000 }, .max = { 2000 }
	};

	(void)state;
	assert_int_equal(fee_for(&r, 1), 1000);
	assert_int_equal(fee_for(&r, 100000), 1000);
	assert_int_equal(fee_for(&r, 100100), 1001);
	assert_int_equal(fee_for(&r, 199900), 1999);
	assert_int_equal(fee_for(&r, 200000), 2000);
	assert_int_equal(fee_for(&r, 9000000), 2000);
}

static void
a_maximum_of_zero_is_no_ceiling(void **state)
{
	const struct fee_rule r = { .rate_ppm = FEE_PPM_WHOLE };

	(void)state;
	assert_int_equal(fee_for(&r, 9000000), 9000000);
}

static void
a_fee_on_the_supplier_costs_the_payer_nothing(void **state)
{
	const struct fee_rule r = {
		.bearer = FEE_ON_SUPPLIER, .rate_ppm = 20000, .min = { 300 }
	};
	struct fee_quote q;
	struct fault f;

	(void)state;
	assert_int_equal(fee_apply(&r, M(120000), &q, &f), ERR_OK);
	assert_int_equal(q.fee.kop, 0);
	assert_int_equal(q.total.kop, 120000);
	assert_int_equal(q.supplier_fee.kop, 2400);
	assert_int_equal(fee_apply(&r, M(100), &q, &f), ERR_OK);
	assert_int_equal(q.supplier_fee.kop, 300);
}

static void
fee_refused(
    const struct fee_rule *r, int64_t sum, enum err err, const char *reason)
{
	struct fee_quote q = { .sum = { 77 } };
	struct fault f;

	assert_int_equal(fee_apply(r, (struct money){ sum }, &q, &f), err);
	assert_string_equal(f.reason, reason);
	assert_int_equal(q.sum.kop, 77);
}

static void
a_sum_of_nothing_or_less_has_no_fee(void **state)
{
	(void)state;
	fee_refused(&one_and_a_half, 0, ERR_LIMIT, "sum_not_positive");
	fee_refused(&one_and_a_half, -1, ERR_LIMIT, "sum_not_positive");
	fee_refused(&one_and_a_half, INT64_MIN, ERR_LIMIT, "sum_not_positive");
}

static void
a_total_that_does_not_fit_is_refused(void **state)
{
	const struct fee_rule fixed = { .rate_ppm = FEE_PPM_WHOLE,
		.fixed = { 1 } };
	const struct fee_rule one = { .fixed = { 1 } };

	(void)state;
	fee_refused(&fixed, INT64_MAX, ERR_LIMIT, "sum_overflow");
	fee_refused(&one, INT64_MAX, ERR_LIMIT, "sum_overflow");
	assert_int_equal(fee_for(&one, INT64_MAX - 1), 1);
}

static void
rules_without_sense_are_our_bug(void **state)
{
	const struct fee_rule bad[] = {
		{ .bearer = (enum fee_bearer)2 },
		{ .rate_ppm = -1 },
		{ .rate_ppm = FEE_PPM_WHOLE + 1 },
		{ .fixed = { -1 } },
		{ .min = { -1 } },
		{ .max = { -1 } },
		{ .min = { 2 }, .max = { 1 } },
	};

	(void)state;
	for (size_t i = 0; i < KV_COUNT(bad); i++)
		fee_refused(&bad[i], 100, ERR_BUG, "fee_rule_bad");
}

static void
a_freed_payer_pays_no_fee_and_who_bears_it_does(void **state)
{
	struct fee_quote q, by;
	struct fault f;

	(void)state;
	assert_int_equal(fee_apply(&one_and_a_half, M(120000), &q, &f), ERR_OK);
	by = fee_free(&q, FEE_LOSS_NONE);
	assert_int_equal(by.fee.kop, 1800);
	by = fee_free(&q, FEE_LOSS_PORTAL);
	assert_int_equal(by.fee.kop, 0);
	assert_int_equal(by.total.kop, 120000);
	assert_int_equal(by.loss.kop, 1800);
	assert_int_equal(by.supplier_fee.kop, 0);
	by = fee_free(&q, FEE_LOSS_SUPPLIER);
	assert_int_equal(by.fee.kop, 0);
	assert_int_equal(by.total.kop, 120000);
	assert_int_equal(by.loss.kop, 0);
	assert_int_equal(by.supplier_fee.kop, 1800);
	by = fee_free(&q, FEE_LOSS_NOBODY);
	assert_int_equal(by.total.kop, 120000);
	assert_int_equal(by.loss.kop + by.supplier_fee.kop + by.fee.kop, 0);
}

static void
who_bears_a_loss_has_a_word(void **state)
{
	enum fee_loss who;

	(void)state;
	for (int i = FEE_LOSS_NONE; i <= FEE_LOSS_SUPPLIER; i++) {
		assert_true(
		    fee_loss_of(str_of(fee_loss_name((enum fee_loss)i)), &who));
		assert_int_equal(who, i);
	}
	assert_false(fee_loss_of(STR("payer"), &who));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    twelve_hundred_roubles_at_one_and_a_half_percent_are_1218),
		cmocka_unit_test(fee_is_rounded_half_up_to_the_kopeck),
		cmocka_unit_test(the_fixed_part_is_added_to_the_rate_part),
		cmocka_unit_test(the_fee_stays_between_minimum_and_maximum),
		cmocka_unit_test(a_maximum_of_zero_is_no_ceiling),
		cmocka_unit_test(a_fee_on_the_supplier_costs_the_payer_nothing),
		cmocka_unit_test(a_sum_of_nothing_or_less_has_no_fee),
		cmocka_unit_test(a_total_that_does_not_fit_is_refused),
		cmocka_unit_test(rules_without_sense_are_our_bug),
		cmocka_unit_test(
		    a_freed_payer_pays_no_fee_and_who_bears_it_does),
		cmocka_unit_test(who_bears_a_loss_has_a_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
