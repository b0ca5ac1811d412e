#include "kvitok/domain/limit.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#define M(k) ((struct money){ INT64_C(k) })

static const struct limit_rule ten_to_14000 = { { 1000 }, { 1400000 } };

static void
limits_hold_both_ends(void **state)
{
	struct fault f;

	(void)state;
	assert_int_equal(
	    limit_check_line(&ten_to_14000, M(999), &f), ERR_LIMIT);
	assert_string_equal(f.reason, "sum_too_small");
	assert_int_equal(limit_check_line(&ten_to_14000, M(1000), &f), ERR_OK);
	assert_int_equal(
	    limit_check_line(&ten_to_14000, M(1400000), &f), ERR_OK);
	assert_int_equal(
	    limit_check_line(&ten_to_14000, M(1400001), &f), ERR_LIMIT);
	assert_string_equal(f.reason, "sum_too_large");
	assert_int_equal(
	    limit_check_line(&ten_to_14000, M(-1000), &f), ERR_LIMIT);
	assert_string_equal(f.reason, "sum_too_small");
}

static void
totals_have_reasons_of_their_own(void **state)
{
	struct fault f;

	(void)state;
	assert_int_equal(
	    limit_check_total(&ten_to_14000, M(999), &f), ERR_LIMIT);
	assert_string_equal(f.reason, "total_too_small");
	assert_int_equal(limit_check_total(&ten_to_14000, M(1000), &f), ERR_OK);
	assert_int_equal(
	    limit_check_total(&ten_to_14000, M(1400000), &f), ERR_OK);
	assert_int_equal(
	    limit_check_total(&ten_to_14000, M(1400001), &f), ERR_LIMIT);
	assert_string_equal(f.reason, "total_too_large");
}

static void
the_refusal_tells_the_payer_both_ends(void **state)
{
	struct arena *a = arena_new(4096);
	struct fault f;
	struct buf b;

	(void)state;
	assert_int_equal(
	    limit_check_line(&ten_to_14000, M(999), &f), ERR_LIMIT);
	buf_init(&b, a, 1000);
	fault_words(&f, &b);
	assert_non_null(strstr(
	    b.p, "минимальная сумма: 10 руб., максимальная: 14000 руб."));
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limits_hold_both_ends),
		cmocka_unit_test(totals_have_reasons_of_their_own),
		cmocka_unit_test(the_refusal_tells_the_payer_both_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
