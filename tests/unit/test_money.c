#include "kvitok/domain/money.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#define M(k) ((struct money){ INT64_C(k) })

static void
money_ok(enum err rc, struct money got, int64_t want)
{
	assert_int_equal(rc, ERR_OK);
	assert_int_equal(got.kop, want);
}

static void
money_overflow(enum err rc, const struct fault *f, struct money got)
{
	assert_int_equal(rc, ERR_LIMIT);
	assert_string_equal(f->reason, "sum_overflow");
	assert_int_equal(got.kop, 77); /* untouched */
}

static void
addition_is_exact_up_to_the_last_kopeck_of_64_bits(void **state)
{
	struct money m = M(77);
	struct money top = { INT64_MAX }, low = { INT64_MIN };
	struct fault f;

	(void)state;
	money_overflow(money_add(top, M(1), &m, &f), &f, m);
	money_overflow(money_add(low, M(-1), &m, &f), &f, m);
	money_ok(money_add(top, M(0), &m, &f), m, INT64_MAX);
	money_ok(money_add(M(120000), M(1800), &m, &f), m, 121800);
}

static void
subtraction_is_exact_up_to_the_last_kopeck_of_64_bits(void **state)
{
	struct money m = M(77);
	struct money low = { INT64_MIN };
	struct fault f;

	(void)state;
	money_overflow(money_sub(low, M(1), &m, &f), &f, m);
	money_overflow(money_sub(M(0), low, &m, &f), &f, m);
	money_ok(money_sub(low, M(0), &m, &f), m, INT64_MIN);
	money_ok(money_sub(M(5), M(8), &m, &f), m, -3);
}

static void
a_share_in_millionths_is_rounded_half_up_to_the_kopeck(void **state)
{
	static const struct {
		int64_t kop;
		int32_t ppm;
		int64_t want;
	} rows[] = {
		{ 120000, 15000, 1800 },
		{ 0, 15000, 0 },
		{ 100, 0, 0 },
		{ 100, 1000000, 100 },
		{ 1, 500000, 1 },
		{ 1, 499999, 0 },
		{ 33, 15000, 0 },
		{ 34, 15000, 1 },
		{ 100, 4999, 0 },
		{ 100, 5000, 1 },
		{ -1, 500000, -1 },
		{ -1, 499999, 0 },
		{ -120000, 15000, -1800 },
		{ INT64_MAX, 1000000, INT64_MAX },
		{ INT64_MIN, 1000000, INT64_MIN },
	};

	(void)state;
	for (size_t i = 0; i < KV_COUNT(rows); i++) {
		struct money m;
		struct fault f;

		money_ok(money_ppm((struct money){ rows[i].kop }, rows[i].ppm,
			     &m, &f),
		    m, rows[i].want);
	}
}

static void
a_share_above_the_whole_may_overflow_and_says_so(void **state)
{
	struct money m = M(77);
	struct fault f;

	(void)state;
	money_overflow(
	    money_ppm((struct money){ INT64_MAX }, 1000001, &m, &f), &f, m);
	money_overflow(
	    money_ppm((struct money){ INT64_MIN }, 1000001, &m, &f), &f, m);
}

static void
parts_add_up_and_the_remainder_goes_to_the_named_line(void **state)
{
	const struct money weights[] = { M(1), M(1), M(1) };
	struct money parts[3];
	struct fault f;

	(void)state;
	assert_int_equal(money_share(M(100), weights, 3, 1, parts, &f), ERR_OK);
	assert_int_equal(parts[0].kop, 33);
	assert_int_equal(parts[1].kop, 34);
	assert_int_equal(parts[2].kop, 33);
	assert_int_equal(
	    money_share(M(-100), weights, 3, 2, parts, &f), ERR_OK);
	assert_int_equal(parts[0].kop, -33);
	assert_int_equal(parts[2].kop, -34);
}

static void
sharing_the_largest_sum_loses_no_kopeck(void **state)
{
	const struct money weights[] = { { INT64_MAX - 1 }, M(0), M(1) };
	struct money parts[3];
	struct fault f;

	(void)state;
	assert_int_equal(
	    money_share((struct money){ INT64_MAX }, weights, 3, 0, parts, &f),
	    ERR_OK);
	assert_int_equal(parts[0].kop, INT64_MAX - 1);
	assert_int_equal(parts[1].kop, 0);
	assert_int_equal(parts[2].kop, 1);
}

static void
weights_that_share_nothing_are_our_bug(void **state)
{
	const struct money zero[] = { M(0), M(0) };
	const struct money below[] = { M(1), M(-1) };
	const struct money huge[] = { { INT64_MAX }, M(1) };
	struct money parts[2];
	struct fault f;

	(void)state;
	assert_int_equal(money_share(M(1), zero, 2, 0, parts, &f), ERR_BUG);
	assert_string_equal(f.reason, "share_bad");
	assert_int_equal(money_share(M(1), below, 2, 0, parts, &f), ERR_BUG);
	assert_int_equal(money_share(M(1), huge, 1, 1, parts, &f), ERR_BUG);
	assert_int_equal(money_share(M(1), huge, 2, 0, parts, &f), ERR_LIMIT);
	assert_string_equal(f.reason, "sum_overflow");
}

static void
typed_roubles_become_kopecks_up_to_a_maximum(void **state)
{
	struct money m = M(77);
	struct fault f;

	(void)state;
	assert_int_equal(
	    money_parse(STR("14 000,01"), M(1400000), &m, &f), ERR_INVALID);
	assert_string_equal(f.reason, "field_form");
	assert_int_equal(m.kop, 77);
	money_ok(money_parse(STR("14 000"), M(1400000), &m, &f), m, 1400000);
}

static void
printed_money_has_two_decimals_and_groups(void **state)
{
	struct arena *a = arena_new(4096);
	struct buf b;

	(void)state;
	buf_init(&b, a, 100);
	money_print(&b, M(121800));
	assert_string_equal(b.p,
	    "1\xC2\xA0"
	    "218,00");
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    addition_is_exact_up_to_the_last_kopeck_of_64_bits),
		cmocka_unit_test(
		    subtraction_is_exact_up_to_the_last_kopeck_of_64_bits),
		cmocka_unit_test(
		    a_share_in_millionths_is_rounded_half_up_to_the_kopeck),
		cmocka_unit_test(
		    a_share_above_the_whole_may_overflow_and_says_so),
		cmocka_unit_test(
		    parts_add_up_and_the_remainder_goes_to_the_named_line),
		cmocka_unit_test(sharing_the_largest_sum_loses_no_kopeck),
		cmocka_unit_test(weights_that_share_nothing_are_our_bug),
		cmocka_unit_test(typed_roubles_become_kopecks_up_to_a_maximum),
		cmocka_unit_test(printed_money_has_two_decimals_and_groups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
