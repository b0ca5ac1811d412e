/* What the tests of the bank layer share: an arena and a fault per test. */
#ifndef KVITOK_TEST_BANK_TEST_H
#define KVITOK_TEST_BANK_TEST_H

#include "kvitok/base/arena.h"
#include "kvitok/base/fault.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

struct fixture {
	struct arena *a;
	struct fault f;
};

static int
setup(void **state)
{
	static struct fixture fx;

	fx.a = arena_new(16 << 20);
	fault_init(&fx.f);
	*state = &fx;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *fx = *state;

	arena_free(fx->a);
	return 0;
}

static inline void
assert_text(struct str got, const char *want)
{
	if (!str_eq(got, str_of(want)))
		fail_msg("got \"%.*s\", want \"%s\"", STR_ARG(got), want);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
