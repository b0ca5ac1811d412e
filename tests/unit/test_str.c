#include "kvitok/base/str.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

static void
text_is_equal_only_with_the_same_bytes_and_length(void **state)
{
	(void)state;
	assert_true(str_eq(STR("abc"), STR("abc")));
	assert_false(str_eq(STR("abc"), STR("abd")));
	assert_false(str_eq(STR("abc"), STR("ab")));
	assert_true(str_eq(STR_NONE, STR("")));
	assert_true(str_eq(STR("a\0b"), STR("a\0b")));
	assert_false(str_eq(STR("a\0b"), STR("a\0c")));
}

static void
nothing_looks_empty(void **state)
{
	(void)state;
	assert_int_equal(str_of(NULL).len, 0);
	assert_int_equal(str_of("abc").len, 3);
}

static void
order_is_by_bytes_and_a_prefix_comes_first(void **state)
{
	(void)state;
	assert_true(str_cmp(STR("a"), STR("b")) < 0);
	assert_true(str_cmp(STR("b"), STR("a")) > 0);
	assert_true(str_cmp(STR("a"), STR("ab")) < 0);
	assert_true(str_cmp(STR("ab"), STR("a")) > 0);
	assert_int_equal(str_cmp(STR("ab"), STR("ab")), 0);
	assert_int_equal(str_cmp(STR_NONE, STR("")), 0);
	assert_true(str_cmp(STR("\xFF"), STR("a")) > 0);
}

static void
case_is_folded_for_ascii_letters_only(void **state)
{
	(void)state;
	assert_true(str_eq_nocase(STR("Content-TYPE"), STR("content-type")));
	assert_true(str_eq_nocase(STR("aZ"), STR("Az")));
	assert_false(str_eq_nocase(STR("a"), STR("ab")));
	assert_false(str_eq_nocase(STR("@"), STR("`")));
	assert_false(str_eq_nocase(STR("["), STR("{")));
	assert_false(str_eq_nocase(STR("Я"), STR("я")));
}

static void
text_starts_and_ends_with_its_own_parts(void **state)
{
	(void)state;
	assert_true(str_starts(STR("abc"), STR("ab")));
	assert_true(str_starts(STR("abc"), STR("abc")));
	assert_false(str_starts(STR("abc"), STR("abcd")));
	assert_false(str_starts(STR("abc"), STR("b")));
	assert_true(str_starts(STR_NONE, STR_NONE));
	assert_true(str_ends(STR("abc"), STR("bc")));
	assert_true(str_ends(STR("abc"), STR("")));
	assert_true(str_ends(STR_NONE, STR_NONE));
	assert_false(str_ends(STR("abc"), STR("ab")));
	assert_false(str_ends(STR("bc"), STR("abc")));
}

static void
a_needle_is_found_at_its_first_place(void **state)
{
	(void)state;
	assert_int_equal(str_find(STR("abcabc"), STR("bc")), 1);
	assert_int_equal(str_find(STR("aab"), STR("ab")), 1);
	assert_int_equal(str_find(STR("abc"), STR("c")), 2);
	assert_int_equal(str_find(STR("abc"), STR("cd")), 3);
	assert_int_equal(str_find(STR("abc"), STR("abcd")), 3);
	assert_int_equal(str_find(STR("abc"), STR("")), 0);
	assert_int_equal(str_find(STR_NONE, STR("a")), 0);
}

static void
trim_takes_blanks_off_both_ends_and_none_inside(void **state)
{
	(void)state;
	assert_true(str_eq(str_trim(STR(" \t\r\na b \n")), STR("a b")));
	assert_true(str_eq(str_trim(STR(" \n")), STR("")));
	assert_true(str_eq(str_trim(STR_NONE), STR("")));
	assert_true(str_eq(str_trim(STR("\va\v")), STR("\va\v")));
}

static void
cut_gives_every_piece_between_separators(void **state)
{
	struct str s = STR("a,,b"), head;

	(void)state;
	assert_true(str_cut(&s, ',', &head));
	assert_true(str_eq(head, STR("a")));
	assert_true(str_cut(&s, ',', &head));
	assert_true(str_eq(head, STR("")));
	assert_false(str_cut(&s, ',', &head));
	assert_true(str_eq(head, STR("b")));
	assert_false(str_cut(&s, ',', &head));
	assert_int_equal(head.len, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    text_is_equal_only_with_the_same_bytes_and_length),
		cmocka_unit_test(nothing_looks_empty),
		cmocka_unit_test(order_is_by_bytes_and_a_prefix_comes_first),
		cmocka_unit_test(case_is_folded_for_ascii_letters_only),
		cmocka_unit_test(text_starts_and_ends_with_its_own_parts),
		cmocka_unit_test(a_needle_is_found_at_its_first_place),
		cmocka_unit_test(
		    trim_takes_blanks_off_both_ends_and_none_inside),
		cmocka_unit_test(cut_gives_every_piece_between_separators),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
