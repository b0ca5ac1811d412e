/* Files on their way out, in folders that others may write to. */
#include "kvitok/out/report_outbox.h"
#include "kvitok/out/report_spool.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char root[] = "/tmp/kvitok-outbox.XXXXXX";
static struct arena *a;
static struct fault f;
static struct report_outbox out;

static const char *
in(const char *name)
{
	return arena_fmt(a, "%s/%s", root, name).p;
}

static void
write_file(const char *name, const char *text)
{
	FILE *to = fopen(in(name), "we");

	assert_non_null(to);
	assert_true(fputs(text, to) >= 0);
	assert_int_equal(fclose(to), 0);
}

static void
has(const char *name, const char *text)
{
	char got[100] = "";
	FILE *from = fopen(in(name), "re");

	assert_non_null(from);
	assert_true(fread(got, 1, sizeof(got) - 1, from) > 0);
	assert_int_equal(fclose(from), 0);
	assert_string_equal(got, text);
}

static bool
is_there(const char *name)
{
	struct stat st;

	return lstat(in(name), &st) == 0;
}

/* The report that is to go out. */
static enum err
put(const char *path)
{
	int fd = open(in("report"), O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	fault_init(&f);
	return out.put(out.self, a, fd, str_of(path), &f);
}

static void
refused(const char *path)
{
	assert_int_equal(put(path), ERR_AGAIN);
	assert_string_equal(f.reason, "file_not_written");
}

static int
begin(void **state)
{
	(void)state;
	a = arena_new((size_t)1 << 20);
	(void)strcpy(root, "/tmp/kvitok-outbox.XXXXXX");
	if (mkdtemp(root) == NULL || mkdir(in("out"), 0700) != 0)
		return -1;
	out = report_outbox_of(a, str_of(in("out")));
	write_file("report", "the report");
	return 0;
}

static int
end(void **state)
{
	int rc = system(arena_fmt(a, "rm -r '%s'", root).p);

	(void)state;
	arena_free(a);
	return rc;
}

static void
folders_on_its_way_are_made_and_the_old_file_is_replaced(void **state)
{
	(void)state;
	assert_int_equal(put("a/b/x.csv"), ERR_OK);
	has("out/a/b/x.csv", "the report");
	write_file("report", "another");
	assert_int_equal(put("a/b/x.csv"), ERR_OK);
	has("out/a/b/x.csv", "another");
	assert_false(is_there("out/a/b/.x.csv.part"));
}

static void
what_a_killed_one_has_left_is_written_over(void **state)
{
	(void)state;
	write_file("out/.x.csv.part", "longer than the report by far");
	assert_int_equal(put("x.csv"), ERR_OK);
	has("out/x.csv", "the report");
	assert_false(is_there("out/.x.csv.part"));
}

static void
no_name_leads_out_of_the_folder(void **state)
{
	static const char *const paths[] = { "", "../x", "a/../x", "/x", "a//x",
		"a/", ".x", "a/.b/x" };

	(void)state;
	for (size_t i = 0; i < KV_COUNT(paths); i++) {
		assert_int_equal(put(paths[i]), ERR_BUG);
		assert_string_equal(f.reason, "internal");
	}
	assert_false(is_there("x"));
}

static void
links_are_not_followed(void **state)
{
	(void)state;
	write_file("other", "of somebody else");
	assert_int_equal(mkdir(in("elsewhere"), 0700), 0);
	assert_int_equal(symlink(in("elsewhere"), in("out/a")), 0);
	refused("a/x.csv");
	assert_false(is_there("elsewhere/x.csv"));
	assert_int_equal(symlink(in("other"), in("out/.x.csv.part")), 0);
	refused("x.csv");
	has("other", "of somebody else");
}

/* An open of a pipe waits for a reader, for ever. */
static void
a_pipe_in_its_way_is_not_waited_for(void **state)
{
	int reader;

	(void)state;
	(void)alarm(20);
	assert_int_equal(mkfifo(in("out/.x.csv.part"), 0600), 0);
	refused("x.csv");
	reader = open(in("out/.x.csv.part"), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_true(reader >= 0);
	refused("x.csv");
	(void)close(reader);
	assert_false(is_there("out/x.csv"));
	assert_int_equal(mkfifo(in("out/a"), 0600), 0);
	refused("a/x.csv");
	(void)alarm(0);
}

static void
another_name_of_a_file_that_is_kept_is_not_written_to(void **state)
{
	(void)state;
	write_file("other", "of somebody else");
	assert_int_equal(link(in("other"), in("out/.x.csv.part")), 0);
	refused("x.csv");
	has("other", "of somebody else");
}

static void
of_two_at_once_one_writes(void **state)
{
	int fd;

	(void)state;
	write_file("out/.x.csv.part", "by another process");
	fd = open(in("out/.x.csv.part"), O_WRONLY | O_CLOEXEC);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
	refused("x.csv");
	has("out/.x.csv.part", "by another process");
	(void)close(fd);
	assert_int_equal(put("x.csv"), ERR_OK);
	has("out/x.csv", "the report");
}

static void
a_folder_in_its_place_stays_and_nothing_is_left_beside_it(void **state)
{
	(void)state;
	assert_int_equal(mkdir(in("out/x.csv"), 0700), 0);
	refused("x.csv");
	assert_false(is_there("out/.x.csv.part"));
	assert_int_equal(rmdir(in("out/x.csv")), 0);
	assert_int_equal(rename(in("out"), in("away")), 0);
	refused("x.csv");
}

/* A file that is not there is gone; what cannot be opened is there. */
static void
only_what_is_absent_is_gone(void **state)
{
	struct report_spool s = report_spool_of(a, str_of(root));
	int64_t size;
	int fd;

	(void)state;
	fault_init(&f);
	assert_int_equal(
	    s.open(s.self, a, STR("none"), &fd, &size, &f), ERR_ABSENT);
	assert_string_equal(f.reason, "report_gone");
	assert_int_equal(symlink(in("report"), in("link")), 0);
	fault_init(&f);
	assert_int_equal(
	    s.open(s.self, a, STR("link"), &fd, &size, &f), ERR_AGAIN);
	assert_string_equal(f.reason, "busy");
	fault_init(&f);
	assert_int_equal(
	    s.open(s.self, a, STR("report"), &fd, &size, &f), ERR_OK);
	assert_int_equal(size, 10);
	out.close(fd);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(folders_on_its_way_are_made_and_the_old_file_is_replaced),
		TEST(what_a_killed_one_has_left_is_written_over),
		TEST(no_name_leads_out_of_the_folder),
		TEST(links_are_not_followed),
		TEST(a_pipe_in_its_way_is_not_waited_for),
		TEST(another_name_of_a_file_that_is_kept_is_not_written_to),
		TEST(of_two_at_once_one_writes),
		TEST(a_folder_in_its_place_stays_and_nothing_is_left_beside_it),
		TEST(only_what_is_absent_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
