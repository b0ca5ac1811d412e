#include "kvitok/base/stats.h"
#include "kvitok/base/attr.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

struct place {
	char dir[40], path[60], lock[70];
};

static int
setup(void **state)
{
	static struct place pl;

	memcpy(pl.dir, "/tmp/kvitok-stats-XXXXXX", 25);
	if (mkdtemp(pl.dir) == NULL)
		return -1;
	(void)snprintf(pl.path, sizeof(pl.path), "%s/s", pl.dir);
	(void)snprintf(pl.lock, sizeof(pl.lock), "%s.lock", pl.path);
	*state = &pl;
	return 0;
}

static int
teardown(void **state)
{
	struct place *pl = *state;

	(void)unlink(pl->path); /* a test may have made none */
	(void)unlink(pl->lock); /* the same */
	return rmdir(pl->dir);
}

static struct stats *
opened(const char *path, const char *layout, size_t n)
{
	struct stats *s = NULL;
	struct fault f;

	assert_int_equal(stats_open(path, layout, n, &s, &f), ERR_OK);
	return s;
}

static void
counters_begin_at_zero_and_count(void **state)
{
	struct stats *s = opened(NULL, "a b", 2);

	(void)state;
	assert_int_equal(stats_get(s, 0), 0);
	assert_int_equal(stats_get(s, 1), 0);
	stats_add(s, 1, 5);
	stats_add(s, 1, -2);
	assert_int_equal(stats_get(s, 1), 3);
	stats_set(s, 0, INT64_MIN);
	assert_true(stats_get(s, 0) == INT64_MIN);
	stats_close(s);
}

static void
no_counters_count_nothing(void **state)
{
	(void)state;
	stats_add(NULL, 3, 1);
	stats_set(NULL, 3, 1);
	assert_int_equal(stats_get(NULL, 3), 0);
	stats_close(NULL);
}

static void
processes_share_one_table_and_lose_no_addition(void **state)
{
	struct place *pl = *state;
	struct stats *s = opened(pl->path, "x", 3);
	pid_t pids[4];
	int status;

	for (size_t i = 0; i < 4; i++) {
		pids[i] = fork();
		assert_true(pids[i] >= 0);
		if (pids[i] == 0) {
			struct stats *mine = opened(pl->path, "x", 3);

			for (int k = 0; k < 10000; k++)
				stats_add(mine, 2, 1);
			_exit(0);
		}
	}
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(stats_get(s, 2), 40000);
	stats_close(s);
	s = opened(pl->path, "x", 3);
	assert_int_equal(stats_get(s, 2), 40000);
	stats_close(s);
}

static void
a_file_of_another_layout_is_replaced_and_not_written(void **state)
{
	struct place *pl = *state;
	struct stats *old = opened(pl->path, "old", 3), *now;

	stats_set(old, 0, 7);
	now = opened(pl->path, "new", 3);
	assert_int_equal(stats_get(now, 0), 0);
	stats_add(old, 0, 1); /* a worker of the former release */
	assert_int_equal(stats_get(old, 0), 8);
	assert_int_equal(stats_get(now, 0), 0);
	stats_close(now);
	now = opened(pl->path, "new", 4);
	stats_set(now, 3, 1);
	stats_close(now);
	stats_close(old);
}

static void
a_file_that_is_no_table_is_replaced(void **state)
{
	struct place *pl = *state;
	int fd = open(pl->path, O_WRONLY | O_CREAT, 0600);
	struct stats *s;

	assert_int_equal(write(fd, "nonsense", 8), 8);
	assert_int_equal(close(fd), 0);
	s = opened(pl->path, "x", 2);
	assert_int_equal(stats_get(s, 1), 0);
	stats_close(s);
}

static void
of_all_that_swap_the_same_value_one_succeeds(void **state)
{
	struct place *pl = *state;
	struct stats *s = opened(pl->path, "x", 2);

	assert_true(stats_swap(s, 1, 0, 5));
	assert_false(stats_swap(s, 1, 0, 6));
	assert_int_equal(stats_get(s, 1), 5);
	assert_true(stats_swap(s, 1, 5, 6));
	assert_int_equal(stats_get(s, 1), 6);
	assert_true(stats_swap(NULL, 1, 5, 6));
	stats_close(s);
}

static void
a_place_where_nothing_can_be_made_is_a_fault(void **state)
{
	struct stats *s = NULL;
	struct fault f;

	(void)state;
	assert_int_equal(
	    stats_open("/nowhere/at/all", "x", 2, &s, &f), ERR_BUG);
	assert_string_equal(f.reason, "stats_file");
	assert_non_null(strstr(f.detail, "/nowhere/at/all"));
	assert_null(s);
}

static void
a_path_that_is_a_folder_is_a_fault(void **state)
{
	struct place *pl = *state;
	struct stats *s = NULL;
	struct fault f;

	assert_int_equal(mkdir(pl->path, 0700), 0);
	assert_int_equal(stats_open(pl->path, "x", 2, &s, &f), ERR_BUG);
	assert_string_equal(f.reason, "stats_file");
	assert_int_equal(rmdir(pl->path), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    counters_begin_at_zero_and_count, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    no_counters_count_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    processes_share_one_table_and_lose_no_addition, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    a_file_of_another_layout_is_replaced_and_not_written, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    a_file_that_is_no_table_is_replaced, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    of_all_that_swap_the_same_value_one_succeeds, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    a_place_where_nothing_can_be_made_is_a_fault, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    a_path_that_is_a_folder_is_a_fault, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
