#include "kvitok/base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <setjmp.h>
#include <cmocka.h>

static void
memory_is_aligned_for_anything_and_does_not_overlap(void **state)
{
	struct arena *a = arena_new(1 << 20);
	unsigned char *all[200];

	(void)state;
	for (size_t i = 0; i < KV_COUNT(all); i++) {
		all[i] = arena_alloc(a, i * 7);
		assert_int_equal((uintptr_t)all[i] % alignof(max_align_t), 0);
		memset(all[i], (int)i, i * 7);
	}
	for (size_t i = 0; i < KV_COUNT(all); i++)
		for (size_t k = 0; k < i * 7; k++)
			assert_int_equal(all[i][k], i);
	arena_free(a);
}

static void
zeroed_memory_is_zero_after_a_reset_too(void **state)
{
	struct arena *a = arena_new(1 << 20);
	unsigned char *p = arena_alloc(a, 1000);

	(void)state;
	memset(p, 0xAA, 1000);
	arena_reset(a);
	p = arena_zalloc(a, 100, 10);
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(p[i], 0);
	arena_free(a);
}

static void
what_is_used_counts_from_the_last_reset(void **state)
{
	struct arena *a = arena_new(100000);

	(void)state;
	assert_int_equal(arena_used(a), 0);
	(void)arena_alloc(a, 100);   /* only counted here */
	(void)arena_alloc(a, 50000); /* the same */
	assert_int_equal(arena_used(a), 50100);
	arena_reset(a);
	assert_int_equal(arena_used(a), 0);
	(void)arena_alloc(a, 100000); /* the whole limit is there again */
	arena_free(a);
}

static void
growing_keeps_what_was_there(void **state)
{
	struct arena *a = arena_new(1 << 20);
	char *p = arena_alloc(a, 4), *between;

	(void)state;
	memcpy(p, "abc", 4);
	p = arena_grow(a, p, 4, 40);
	assert_string_equal(p, "abc");
	between = arena_alloc(a, 8);
	memset(between, 'x', 8);
	p = arena_grow(a, p, 40, 400);
	memset(p + 4, 'y', 396);
	assert_memory_equal(p, "abc\0yyyy", 8);
	assert_memory_equal(between, "xxxxxxxx", 8);
	p = arena_grow(a, p, 400, 100000);
	assert_string_equal(p, "abc");
	assert_ptr_equal(arena_grow(a, p, 100000, 10), p);
	assert_non_null(arena_grow(a, NULL, 0, 10));
	arena_free(a);
}

#ifndef ARENA_BLOCK
static void
the_last_block_grows_in_place(void **state)
{
	struct arena *a = arena_new(1 << 20);
	char *p = arena_alloc(a, 10);

	(void)state;
	assert_ptr_equal(arena_grow(a, p, 10, 1000), p);
	assert_int_equal(arena_used(a), 1000);
	(void)arena_alloc(a, 1); /* now something stands behind it */
	assert_ptr_not_equal(arena_grow(a, p, 1000, 1100), p);
	arena_free(a);
}

/* The first block is kept: what is handed out of it next is the same memory. */
static void
a_secret_is_wiped_by_the_next_reset_and_by_no_later_one(void **state)
{
	static const char none[64] = { 0 };
	struct arena *a = arena_new(1 << 20);
	char *p = arena_alloc(a, 64);

	(void)state;
	memset(p, 's', 64);
	arena_wipe_after(a);
	memset(arena_alloc(a, 50000), 's', 50000); /* a block of its own */
	arena_reset(a);
	assert_ptr_equal(arena_alloc(a, 64), p);
	assert_memory_equal(p, none, 64);
	memset(p, 'x', 64);
	arena_reset(a);
	assert_ptr_equal(arena_alloc(a, 64), p);
	assert_int_equal(p[63], 'x');
	arena_free(a);
}
#endif

static void
copies_end_in_nul_and_keep_nul_inside(void **state)
{
	struct arena *a = arena_new(1 << 20);
	struct str s = arena_str(a, STR("a\0b"));

	(void)state;
	assert_int_equal(s.len, 3);
	assert_memory_equal(s.p, "a\0b", 4);
	assert_string_equal(arena_z(a, STR_NONE), "");
	s = arena_fmt(a, "%s-%d", "x", 7);
	assert_int_equal(s.len, 3);
	assert_string_equal(s.p, "x-7");
	arena_free(a);
}

struct trail {
	char text[8];
	size_t len;
};

static struct trail trail;

static void
leave(void *object)
{
	trail.text[trail.len++] = *(const char *)object;
}

static void
deferred_calls_run_newest_first_and_once(void **state)
{
	struct arena *a = arena_new(1 << 20);
	char one = '1', two = '2', three = '3';

	(void)state;
	trail = (struct trail){ 0 };
	arena_defer(a, leave, &one);
	arena_defer(a, leave, &two);
	arena_reset(a);
	assert_string_equal(trail.text, "21");
	arena_defer(a, leave, &three);
	arena_free(a);
	assert_string_equal(trail.text, "213");
	arena_free(NULL);
}

/* Gives: exit status of a child that does what ends it. */
static int
status_of(void (*what)(struct arena *a))
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);

		if (null >= 0 && dup2(null, STDERR_FILENO) >= 0)
			what(arena_new(1000));
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
take_all(struct arena *a)
{
	(void)arena_alloc(a, 1000); /* must not end the process */
}

static void
take_one_more(struct arena *a)
{
	(void)arena_alloc(a, 1000); /* the limit itself */
	(void)arena_alloc(a, 1);    /* ends the process */
}

static void
take_an_array_that_overflows(struct arena *a)
{
	(void)arena_zalloc(a, SIZE_MAX / 2, 3); /* ends the process */
}

static void
grow_above_the_limit(struct arena *a)
{
	char *p = arena_alloc(a, 600);

	(void)arena_grow(a, p, 600, 1001); /* ends the process */
}

static void
take_nearly_everything_there_is(struct arena *a)
{
	(void)arena_alloc(a, SIZE_MAX - 3); /* ends the process */
}

static void
a_process_above_its_limit_ends_with_status_71(void **state)
{
	(void)state;
	assert_int_equal(status_of(take_all), 0);
	assert_int_equal(status_of(take_one_more), 71);
	assert_int_equal(status_of(take_an_array_that_overflows), 71);
	assert_int_equal(status_of(grow_above_the_limit), 71);
	assert_int_equal(status_of(take_nearly_everything_there_is), 71);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    memory_is_aligned_for_anything_and_does_not_overlap),
		cmocka_unit_test(zeroed_memory_is_zero_after_a_reset_too),
		cmocka_unit_test(what_is_used_counts_from_the_last_reset),
		cmocka_unit_test(growing_keeps_what_was_there),
#ifndef ARENA_BLOCK
		cmocka_unit_test(the_last_block_grows_in_place),
		cmocka_unit_test(
		    a_secret_is_wiped_by_the_next_reset_and_by_no_later_one),
#endif
		cmocka_unit_test(copies_end_in_nul_and_keep_nul_inside),
		cmocka_unit_test(deferred_calls_run_newest_first_and_once),
		cmocka_unit_test(a_process_above_its_limit_ends_with_status_71),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
