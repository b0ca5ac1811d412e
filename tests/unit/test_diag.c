#include "kvitok/store/diag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void
postgresql_is_told_by_sqlstate(void **state)
{
	static const struct {
		const char *state;
		enum diag diag;
	} cases[] = {
		{ "40001", DIAG_AGAIN },
		{ "40P01", DIAG_AGAIN },
		{ "55P03", DIAG_AGAIN },
		{ "57014", DIAG_AGAIN },
		{ "23505", DIAG_CONFLICT },
		{ "23502", DIAG_CONFLICT },
		{ "23503", DIAG_CONFLICT },
		{ "23514", DIAG_CONFLICT },
		{ "08S01", DIAG_GONE },
		{ "08001", DIAG_GONE },
		{ "08006", DIAG_GONE },
		{ "57P01", DIAG_GONE },
		{ "57P02", DIAG_GONE },
		{ "57P03", DIAG_GONE },
		{ "25P03", DIAG_GONE },
		{ "53300", DIAG_GONE },
		{ "53100", DIAG_FULL },
		{ "53200", DIAG_FULL },
		{ "58030", DIAG_FULL },
		{ "25P02", DIAG_OTHER },
		{ "42601", DIAG_OTHER },
		{ "22001", DIAG_OTHER },
		{ "40002", DIAG_OTHER },
		{ "HY000", DIAG_OTHER },
		{ "", DIAG_OTHER },
	};

	(void)state; /* there is none */
	for (size_t i = 0; i < KV_COUNT(cases); i++)
		/* Its own number, which would mean "busy" to SQLite. */
		assert_int_equal(
		    diag_of(false, cases[i].state, 5), cases[i].diag);
}

static void
sqlite_is_told_by_the_low_byte_of_its_code(void **state)
{
	static const struct {
		int32_t native;
		enum diag diag;
	} cases[] = {
		{ 5, DIAG_AGAIN },
		{ 6, DIAG_AGAIN },
		{ 5 | 2 << 8, DIAG_AGAIN }, /* SQLITE_BUSY_SNAPSHOT */
		{ 19, DIAG_CONFLICT },
		{ 19 | 8 << 8, DIAG_CONFLICT }, /* SQLITE_CONSTRAINT_UNIQUE */
		{ 8, DIAG_FULL },
		{ 10, DIAG_FULL },
		{ 13, DIAG_FULL },
		{ 14, DIAG_FULL },
		{ 1, DIAG_OTHER },
		{ 0, DIAG_OTHER },
		{ 11, DIAG_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < KV_COUNT(cases); i++)
		assert_int_equal(
		    diag_of(true, "HY000", cases[i].native), cases[i].diag);
}

static void
every_meaning_has_a_class_and_a_known_reason(void **state)
{
	(void)state;
	for (int d = DIAG_OK + 1; d < DIAG__COUNT; d++) {
		assert_int_not_equal(diag_err((enum diag)d), ERR_OK);
		assert_true(reason_known(diag_reason((enum diag)d)));
	}
	assert_int_equal(diag_err(DIAG_OK), ERR_OK);
	assert_int_equal(diag_err(DIAG_GONE), ERR_AGAIN);
	assert_int_equal(diag_err(DIAG_OTHER), ERR_BUG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(postgresql_is_told_by_sqlstate),
		cmocka_unit_test(sqlite_is_told_by_the_low_byte_of_its_code),
		cmocka_unit_test(every_meaning_has_a_class_and_a_known_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
