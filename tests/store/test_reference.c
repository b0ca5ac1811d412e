/* Reference data that is renewed while somebody looks at it; on both
 * databases. */
#include "kvitok/app/reference.h"
#include "world.h"

static const struct ref *
look(struct world *w)
{
	const struct ref *r = NULL;

	assert_done(&w->fx, reference(&w->p, &r, &w->fx.f));
	return r;
}

static const struct ref *
renewed(struct world *w)
{
	fixture_sql(&w->fx, "UPDATE ref_version SET version = version + 1");
	w->now += 1000;
	return look(w);
}

static void
what_is_looked_at_outlives_its_renewal(void **state)
{
	struct world *w = *state;
	const struct ref *held = look(w);
	int64_t version = held->version;
	const struct ref *next = renewed(w);

	assert_ptr_not_equal(next, held);
	assert_int_equal(next->version, version + 1);
	assert_int_equal(held->version, version);
	assert_non_null(ref_portal(held, STR("portalgkh")));
	ref_cache_settle(w->p.cache);
	assert_int_equal(look(w)->version, version + 1);
}

static void
renewals_within_one_request_have_an_end(void **state)
{
	struct world *w = *state;
	int64_t version = look(w)->version;
	const struct ref *last;

	for (int i = 1; i <= 4; i++)
		assert_int_equal(renewed(w)->version, version + i);
	last = look(w);
	assert_ptr_equal(renewed(w), last);
	ref_cache_settle(w->p.cache);
	assert_int_equal(renewed(w)->version, version + 6);
}

/* Nobody paid: there are no books to audit. */
static int
end(void **state)
{
	struct world *w = *state;

	fixture_close(&w->fx);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_looked_at_outlives_its_renewal),
		cmocka_unit_test(renewals_within_one_request_have_an_end),
	};

	return cmocka_run_group_tests(tests, world_make, end);
}
