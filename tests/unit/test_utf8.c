#include "kvitok/base/utf8.h"
#include "kvitok/base/attr.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

static const struct {
	struct str s;
	bool valid;
	size_t len;
} forms[] = {
	{ { "", 0 }, true, 0 },
	{ { "abc", 3 }, true, 3 },
	{ { "Привет", 12 }, true, 6 },
	{ { "\xC2\x80", 2 }, true, 1 },
	{ { "\xDF\xBF", 2 }, true, 1 },
	{ { "\xE0\xA0\x80", 3 }, true, 1 },
	{ { "\xED\x9F\xBF", 3 }, true, 1 },
	{ { "\xEE\x80\x80", 3 }, true, 1 },
	{ { "\xF0\x90\x80\x80", 4 }, true, 1 },
	{ { "\xF4\x8F\xBF\xBF", 4 }, true, 1 },
	{ { "\x80", 1 }, false, 1 },             /* a tail alone */
	{ { "\xC1\xBF", 2 }, false, 2 },         /* too long for U+7F */
	{ { "\xE0\x9F\xBF", 3 }, false, 3 },     /* too long for U+7FF */
	{ { "\xF0\x8F\xBF\xBF", 4 }, false, 4 }, /* too long for U+FFFF */
	{ { "\xED\xA0\x80", 3 }, false, 3 },     /* half of a pair */
	{ { "\xF4\x90\x80\x80", 4 }, false, 4 }, /* above U+10FFFF */
	{ { "\xF5\x80\x80\x80", 4 }, false, 4 },
	{ { "\xFE", 1 }, false, 1 },
	{ { "\xD0", 1 }, false, 1 }, /* cut */
	{ { "\xE2\x82", 2 }, false, 2 },
	{ { "\xD0z", 2 }, false, 2 },
};

static void
only_well_formed_text_is_valid(void **state)
{
	(void)state;
	for (size_t i = 0; i < KV_COUNT(forms); i++)
		assert_int_equal(utf8_valid(forms[i].s), forms[i].valid);
}

static void
malformed_bytes_count_one_each(void **state)
{
	(void)state;
	for (size_t i = 0; i < KV_COUNT(forms); i++)
		assert_int_equal(utf8_len(forms[i].s), forms[i].len);
}

static void
text_has_no_controls_but_tab_and_line_ends(void **state)
{
	(void)state;
	assert_true(utf8_text(STR("a\tb\r\nё ~")));
	assert_true(utf8_text(STR("\xC2\xA0"))); /* U+A0 */
	assert_true(utf8_text(STR_NONE));
	assert_false(utf8_text(STR("a\0b")));
	assert_false(utf8_text(STR("\x1F")));
	assert_false(utf8_text(STR("\x7F")));
	assert_false(utf8_text(STR("\xC2\x80")));
	assert_false(utf8_text(STR("\xC2\x9F")));
	assert_false(utf8_text(STR("a\xD0")));
}

static void
characters_are_read_one_by_one(void **state)
{
	struct str s = STR("aё€\xF0\x9F\x98\x80\xFF");

	(void)state;
	assert_int_equal(utf8_next(&s), 'a');
	assert_int_equal(utf8_next(&s), 0x451);
	assert_int_equal(utf8_next(&s), 0x20AC);
	assert_int_equal(utf8_next(&s), 0x1F600);
	assert_int_equal(utf8_next(&s), 0xFFFD);
	assert_int_equal(s.len, 0);
}

static void
a_cut_never_splits_a_character(void **state)
{
	struct str s = STR("aё€b");

	(void)state;
	assert_int_equal(utf8_cut_bytes(s, 0).len, 0);
	assert_int_equal(utf8_cut_bytes(s, 1).len, 1);
	assert_int_equal(utf8_cut_bytes(s, 2).len, 1);
	assert_int_equal(utf8_cut_bytes(s, 3).len, 3);
	assert_int_equal(utf8_cut_bytes(s, 5).len, 3);
	assert_int_equal(utf8_cut_bytes(s, 6).len, 6);
	assert_int_equal(utf8_cut_bytes(s, 7).len, 7);
	assert_int_equal(utf8_cut_bytes(s, 100).len, 7);
	assert_int_equal(utf8_cut(s, 0).len, 0);
	assert_int_equal(utf8_cut(s, 2).len, 3);
	assert_int_equal(utf8_cut(s, 3).len, 6);
	assert_int_equal(utf8_cut(s, 4).len, 7);
	assert_int_equal(utf8_cut(s, 9).len, 7);
}

static void
folding_makes_upper_case_and_one_letter_of_two(void **state)
{
	static const struct {
		const char *in, *want;
	} rows[] = {
		{ "инзб17004717", "ИНЗБ17004717" },
		{ "Ёлка ёлка", "ЕЛКА ЕЛКА" },
		{ "йод", "ЙОД" },
		{ "и\xCC\x86од", "ЙОД" }, /* typed as two characters */
		{ "е\xCC\x88ж", "ЕЖ" },
		{ "abc-Z/9", "ABC-Z/9" },
		{ "\xFFz", "\xEF\xBF\xBDZ" },
		{ "\xF0\x90\x90\xA8", "\xF0\x90\x90\x80" },
		{ "", "" },
	};
	struct arena *a = arena_new(1 << 20);

	(void)state;
	for (size_t i = 0; i < KV_COUNT(rows); i++) {
		struct str got = utf8_fold(a, str_of(rows[i].in));

		assert_int_equal(got.len, strlen(rows[i].want));
		if (got.len > 0)
			assert_memory_equal(got.p, rows[i].want, got.len);
	}
	arena_free(a);
}

static void
folding_has_room_for_what_grows(void **state)
{
	struct arena *a = arena_new(1 << 20);
	char text[300];
	struct str got;

	(void)state;
	/* U+0958 is two characters in NFC; U+0250 needs a byte more above. */
	for (size_t i = 0; i < 300; i += 3)
		memcpy(text + i, "\xE0\xA5\x98", 3);
	got = utf8_fold(a, (struct str){ text, 300 });
	assert_int_equal(got.len, 600);
	for (size_t i = 0; i < 300; i += 2)
		memcpy(text + i, "\xC9\x90", 2);
	got = utf8_fold(a, (struct str){ text, 300 });
	assert_int_equal(got.len, 450);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_well_formed_text_is_valid),
		cmocka_unit_test(malformed_bytes_count_one_each),
		cmocka_unit_test(text_has_no_controls_but_tab_and_line_ends),
		cmocka_unit_test(characters_are_read_one_by_one),
		cmocka_unit_test(a_cut_never_splits_a_character),
		cmocka_unit_test(
		    folding_makes_upper_case_and_one_letter_of_two),
		cmocka_unit_test(folding_has_room_for_what_grows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
