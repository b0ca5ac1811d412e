/* Files of appeals: what they are, and what they are called. */
#include "kvitok/domain/appeal_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define BYTES(s) ((struct str){ (s), sizeof(s) - 1 })

static void
bytes_tell_what_a_file_is(void **state)
{
	static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

	(void)state;
	assert_int_equal(appeal_media_judge(BYTES("%PDF-1.7\n")), APPEAL_PDF);
	assert_int_equal(
	    appeal_media_judge(BYTES("\xff\xd8\xff\xe0")), APPEAL_JPEG);
	assert_int_equal(appeal_media_judge(BYTES(png)), APPEAL_PNG);
	assert_int_equal(
	    appeal_media_judge((struct str){ png, sizeof(png) - 2 }),
	    APPEAL_MEDIA__COUNT);
	assert_int_equal(appeal_media_judge(STR("")), APPEAL_MEDIA__COUNT);
	assert_int_equal(
	    appeal_media_judge(BYTES("\xff\xd8")), APPEAL_MEDIA__COUNT);
	assert_int_equal(
	    appeal_media_judge(BYTES("MZ%PDF-1.7")), APPEAL_MEDIA__COUNT);
	assert_int_equal(
	    appeal_media_judge(BYTES("<svg xmlns=")), APPEAL_MEDIA__COUNT);
}

static void
each_kind_has_a_word_of_its_own(void **state)
{
	(void)state;
	for (int m = 0; m < APPEAL_MEDIA__COUNT; m++)
		assert_int_equal(appeal_media_of(str_of(
				     appeal_media_name((enum appeal_media)m))),
		    m);
	assert_int_equal(
	    appeal_media_of(STR("image/gif")), APPEAL_MEDIA__COUNT);
}

static const char *
name_of(struct arena *a, struct str given, enum appeal_media m)
{
	struct buf b;

	buf_init(&b, a, 4096);
	appeal_file_name(given, m, &b);
	assert_false(b.full);
	return arena_z(a, buf_str(&b));
}

static void
names_are_fit_for_any_disk(void **state)
{
	static const struct {
		const char *given;
		enum appeal_media m;
		const char *name;
	} cases[] = {
		{ "Справка о доходах.pdf", APPEAL_PDF,
		    "Справка о доходах.pdf" },
		{ "скан.PDF", APPEAL_PDF, "скан.PDF" },
		{ "photo.jpeg", APPEAL_JPEG, "photo.jpeg" },
		{ "photo.jpg", APPEAL_PNG, "photo.jpg.png" },
		{ "run.exe", APPEAL_PNG, "run.exe.png" },
		{ "", APPEAL_PDF, "file.pdf" },
		{ ".pdf", APPEAL_PDF, "pdf.pdf" },
		{ "../../etc/passwd", APPEAL_JPEG, "passwd.jpg" },
		{ "C:\\Users\\Пётр\\a.png", APPEAL_PNG, "a.png" },
		{ "dir/", APPEAL_PNG, "file.png" },
		{ " . a:b*c?\"<d>|e. . ", APPEAL_PNG, "a_b_c___d__e.png" },
		{ "a\nb\x7f"
		  "c\xc2\x85"
		  "d.png",
		    APPEAL_PNG, "abcd.png" },
		/* An override of direction, and a byte order mark. */
		{ "\xe2\x80\xae"
		  "gpj\xef\xbb\xbf.png",
		    APPEAL_PNG, "gpj.png" },
		{ "a\xe2\x81\xa6"
		  "b\xe2\x80\x8f"
		  "c\xe2\x80\xa9"
		  "d.png",
		    APPEAL_PNG, "abcd.png" },
		{ "\xef\xbf\xbe\xf0\x9f\x98\x80.png", APPEAL_PNG,
		    "\xf0\x9f\x98\x80.png" },
		{ "\xff.png", APPEAL_PNG, "file.png" },
	};
	struct arena *a = arena_new(65536);

	(void)state;
	for (size_t i = 0; i < KV_COUNT(cases); i++)
		assert_string_equal(
		    name_of(a, str_of(cases[i].given), cases[i].m),
		    cases[i].name);
	arena_free(a);
}

static void
a_long_name_keeps_its_ending(void **state)
{
	struct arena *a = arena_new(65536);
	char long_name[2 * 161 + 5];
	struct str got;

	(void)state;
	for (size_t i = 0; i < 161; i++)
		memcpy(long_name + 2 * i, "я", 2);
	memcpy(long_name + 2 * 161, ".pdf", 5);
	got = str_of(name_of(a, str_of(long_name), APPEAL_PDF));
	assert_int_equal(got.len, 2 * 156 + 4);
	assert_true(str_ends(got, STR("я.pdf")));
	/* One that just fits stays. */
	memcpy(long_name + 2 * 156, ".pdf", 5);
	got = str_of(name_of(a, str_of(long_name), APPEAL_PDF));
	assert_true(str_eq(got, str_of(long_name)));
	arena_free(a);
}

static void
parts_are_full_but_the_last_one(void **state)
{
	(void)state;
	assert_int_equal(appeal_file_parts(1), 1);
	assert_int_equal(appeal_file_parts(49152), 1);
	assert_int_equal(appeal_file_parts(49153), 2);
	assert_int_equal(appeal_file_parts(APPEAL_FILE_MAX), 107);
	/* So that base64 of parts is base64 of the whole. */
	assert_int_equal(APPEAL_FILE_PART % 3, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_tell_what_a_file_is),
		cmocka_unit_test(each_kind_has_a_word_of_its_own),
		cmocka_unit_test(names_are_fit_for_any_disk),
		cmocka_unit_test(a_long_name_keeps_its_ending),
		cmocka_unit_test(parts_are_full_but_the_last_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
