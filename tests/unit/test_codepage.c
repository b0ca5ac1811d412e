#include "kvitok/base/codepage.h"

#include <iconv.h>
#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

static struct buf
fresh(struct arena **a)
{
	struct buf b;

	*a = arena_new(1 << 20);
	buf_init(&b, *a, 4096);
	return b;
}

/* The C library's converter has its own tables: they must be ours. */
static size_t
by_iconv(iconv_t cd, const char *in, size_t in_len, char out[8])
{
	char copy[8];
	char *from = copy, *to = out;
	size_t left = 8;

	memcpy(copy, in, in_len);
	if (iconv(cd, &from, &in_len, &to, &left) == (size_t)-1) {
		(void)iconv(cd, NULL, NULL, NULL, NULL); /* begin anew */
		return 0;
	}
	return 8 - left;
}

static void
every_byte_is_read_as_iconv_reads_it(void **state)
{
	static const struct {
		enum codepage cp;
		const char *name;
	} pages[] = { { CODEPAGE_CP1251, "CP1251" },
		{ CODEPAGE_CP866, "IBM866" } };

	(void)state;
	for (size_t p = 0; p < 2; p++) {
		iconv_t cd = iconv_open("UTF-8", pages[p].name);

		assert_true(cd != (iconv_t)-1);
		for (int i = 0; i < 256; i++) {
			char byte = (char)i, want[8];
			size_t n = by_iconv(cd, &byte, 1, want);
			struct arena *a;
			struct buf b = fresh(&a);

			assert_int_equal(codepage_read(pages[p].cp,
					     (struct str){ &byte, 1 }, &b),
			    n > 0);
			assert_int_equal(b.len, n);
			assert_memory_equal(n ? b.p : "", want, n);
			arena_free(a);
		}
		iconv_close(cd);
	}
}

static void
every_character_is_written_to_the_byte_that_it_was_read_from(void **state)
{
	(void)state;
	for (int cp = CODEPAGE_CP1251; cp < CODEPAGE__COUNT; cp++)
		for (int i = 0; i < 256; i++) {
			char byte = (char)i;
			struct arena *a, *c;
			struct buf text = fresh(&a), back = fresh(&c);

			if (codepage_read((enum codepage)cp,
				(struct str){ &byte, 1 }, &text)) {
				assert_int_equal(
				    codepage_write((enum codepage)cp,
					buf_str(&text), 0, &back),
				    text.len);
				assert_int_equal(back.len, 1);
				assert_int_equal(back.p[0], byte);
			} else {
				/* 0x98 of Windows-1251 alone is nothing. */
				assert_int_equal(cp, CODEPAGE_CP1251);
				assert_int_equal(i, 0x98);
			}
			arena_free(a);
			arena_free(c);
		}
}

static void
words_between_words_of_ascii_come_whole(void **state)
{
	struct arena *a, *c;
	struct buf text = fresh(&a), back = fresh(&c);
	struct str in = STR("id;\xCF\xEB\xE0\xF2\xE5\xE6;1\xA0"
			    "200,00");

	(void)state;
	assert_int_equal(codepage_read(CODEPAGE_CP1251, in, &text), in.len);
	assert_true(str_eq(buf_str(&text),
	    STR("id;Платеж;1\xC2\xA0"
		"200,00")));
	assert_int_equal(
	    codepage_write(CODEPAGE_CP866, buf_str(&text), 0, &back), text.len);
	assert_true(str_eq(buf_str(&back),
	    STR("id;\x8F\xAB\xA0\xE2\xA5\xA6;1\xFF"
		"200,00")));
	arena_free(a);
	arena_free(c);
}

static void
a_byte_that_is_nothing_stops_where_it_stands(void **state)
{
	struct arena *a;
	struct buf b = fresh(&a);

	(void)state;
	assert_int_equal(codepage_read(CODEPAGE_CP1251,
			     STR("ab\x98"
				 "c"),
			     &b),
	    2);
	assert_true(str_eq(buf_str(&b), STR("ab")));
	assert_int_equal(codepage_read(CODEPAGE_UTF8, STR("ё\xD0 Ж"), &b), 2);
	assert_true(str_eq(buf_str(&b), STR("abё")));
	arena_free(a);
}

static void
a_replacement_character_is_a_character(void **state)
{
	struct arena *a;
	struct buf b = fresh(&a);

	(void)state;
	assert_int_equal(
	    codepage_read(CODEPAGE_UTF8, STR("\xEF\xBF\xBD"), &b), 3);
	assert_int_equal(
	    codepage_write(CODEPAGE_UTF8, STR("a\xEF\xBF\xBD"), 0, &b), 4);
	arena_free(a);
}

static void
a_character_without_a_place_stops_or_is_replaced(void **state)
{
	struct arena *a;
	struct buf b = fresh(&a);

	(void)state;
	assert_int_equal(codepage_write(CODEPAGE_CP1251, STR("Ж≈Ж"), 0, &b), 2);
	assert_int_equal(b.len, 1);
	assert_int_equal(
	    codepage_write(CODEPAGE_CP1251, STR("Ж≈Ж"), '?', &b), 7);
	assert_true(str_eq(buf_str(&b), STR("\xC6\xC6?\xC6")));
	/* What is no text at all is never replaced. */
	assert_int_equal(
	    codepage_write(CODEPAGE_CP866, STR("a\xD0"), '?', &b), 1);
	arena_free(a);
}

static void
the_names_are_read_back(void **state)
{
	enum codepage cp;

	(void)state;
	for (int i = 0; i < CODEPAGE__COUNT; i++) {
		assert_true(
		    codepage_of(str_of(codepage_name((enum codepage)i)), &cp));
		assert_int_equal(cp, i);
	}
	assert_true(codepage_of(STR("CP1251"), &cp));
	assert_false(codepage_of(STR("koi8-r"), &cp));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_is_read_as_iconv_reads_it),
		cmocka_unit_test(
		    every_character_is_written_to_the_byte_that_it_was_read_from),
		cmocka_unit_test(words_between_words_of_ascii_come_whole),
		cmocka_unit_test(a_byte_that_is_nothing_stops_where_it_stands),
		cmocka_unit_test(a_replacement_character_is_a_character),
		cmocka_unit_test(
		    a_character_without_a_place_stops_or_is_replaced),
		cmocka_unit_test(the_names_are_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
