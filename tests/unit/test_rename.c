/* A file that was written whole gets its name. */
#include "kvitok/base/rename.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <setjmp.h>
#include <cmocka.h>

static char folder[] = "/tmp/kvitok-rename.XXXXXX";

static const char *
path(const char *name)
{
	static char paths[4][128];
	static size_t n;
	char *p = paths[n++ % 4];

	(void)snprintf(p, sizeof(paths[0]), "%s/%s", folder, name);
	return p;
}

static void
put(const char *name, const char *text)
{
	FILE *out = fopen(path(name), "w");

	assert_non_null(out);
	assert_true(fputs(text, out) >= 0);
	assert_int_equal(fclose(out), 0);
}

static void
has(const char *name, const char *text)
{
	char have[64] = "";
	FILE *in = fopen(path(name), "r");

	assert_non_null(in);
	assert_non_null(fgets(have, sizeof(have), in));
	assert_int_equal(fclose(in), 0);
	assert_string_equal(have, text);
}

static void
the_new_file_stands_in_the_place_of_the_old_one(void **state)
{
	(void)state;
	put("a.part", "new");
	put("a", "old");
	assert_int_equal(rename_for_good(path("a.part"), path("a")), 0);
	has("a", "new");
	assert_int_equal(access(path("a.part"), F_OK), -1);
}

static void
a_name_without_a_folder_lies_here(void **state)
{
	(void)state;
	put("b.part", "here");
	assert_int_equal(chdir(folder), 0);
	assert_int_equal(rename_for_good("b.part", "b"), 0);
	has("b", "here");
}

static void
what_cannot_be_renamed_says_why_and_stays(void **state)
{
	(void)state;
	assert_int_equal(rename_for_good(path("none"), path("c")), -1);
	assert_int_equal(errno, ENOENT);
	put("d.part", "kept");
	assert_int_equal(rename_for_good(path("d.part"), path("no/d")), -1);
	assert_int_equal(errno, ENOENT);
	has("d.part", "kept");
}

static int
set_up(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int
tear_down(void **state)
{
	static const char *const all[] = { "a", "b", "d.part" };

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (unlink(path(all[i])) != 0)
			return -1;
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    the_new_file_stands_in_the_place_of_the_old_one),
		cmocka_unit_test(a_name_without_a_folder_lies_here),
		cmocka_unit_test(what_cannot_be_renamed_says_why_and_stays),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
