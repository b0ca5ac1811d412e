/* Unit tests of domain/csv. */
#include "kvitok/domain/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MAX 4

static struct arena *a;
static struct str fields[MAX];
static size_t len;

static int
begin(void **state)
{
	(void)state;
	a = arena_new(1 << 16);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

static bool
split(const char *line)
{
	return csv_split(a, str_of(line), ';', fields, MAX, &len);
}

static void
fields_are_parted_and_trimmed(void **state)
{
	(void)state;
	assert_true(split("один; два ;\tthree"));
	assert_int_equal(len, 3);
	assert_true(str_eq(fields[0], STR("один")));
	assert_true(str_eq(fields[1], STR("два")));
	assert_true(str_eq(fields[2], STR("three")));
}

static void
empty_fields_count(void **state)
{
	(void)state;
	assert_true(split(""));
	assert_int_equal(len, 1);
	assert_int_equal(fields[0].len, 0);
	assert_true(split(";"));
	assert_int_equal(len, 2);
	assert_true(split("a;;b;"));
	assert_int_equal(len, 4);
	assert_int_equal(fields[3].len, 0);
}

static void
a_quoted_field_may_hold_separator_quote_and_spaces(void **state)
{
	(void)state;
	assert_true(split(" \" a;b \" ;\"say \"\"yes\"\"\";\"\""));
	assert_int_equal(len, 3);
	assert_true(str_eq(fields[0], STR(" a;b ")));
	assert_true(str_eq(fields[1], STR("say \"yes\"")));
	assert_int_equal(fields[2].len, 0);
}

static void
what_is_quoted_badly_or_too_much_is_refused(void **state)
{
	(void)state;
	assert_false(split("\"a"));
	assert_false(split("\"a\"\""));
	assert_false(split("a\"b"));
	assert_false(split("\"a\"b"));
	assert_true(split("1;2;3;4"));
	assert_false(split("1;2;3;4;5"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_parted_and_trimmed),
		cmocka_unit_test(empty_fields_count),
		cmocka_unit_test(
		    a_quoted_field_may_hold_separator_quote_and_spaces),
		cmocka_unit_test(what_is_quoted_badly_or_too_much_is_refused),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
