/* What is done is told in the trail, once. */
#include "case_life.h"
#include "settling.h"

static void
what_was_done_with_a_case_before_is_not_noted_again(void **state)
{
	struct world *w = *state;
	const struct ports was = w->p;
	struct payment *pm = life_held(w);
	struct pay_case c = case_of(w, pm, "wrong_sum");
	struct case_resolve req = case_request(w, &c, "give_back");
	struct case_resolved made;

	for (int i = 0; i < 2; i++) {
		w->p = *world_noting(w, &was, "taken_once");
		assert_done(&w->fx, take(w, &c, ANNA));
		w->p = was;
		assert_int_equal(world_noted(w, "taken_once"), 1);
	}
	for (int i = 0; i < 2; i++) {
		w->p = *world_noting(w, &was, "resolved_once");
		assert_done(&w->fx, case_try(w, &req, &made));
		w->p = was;
		assert_int_equal(made.replay, i > 0);
		assert_int_equal(world_noted(w, "resolved_once"), 1);
	}
	later(w, 1);
}

/* Two clicks, two requests, one settlement: one line of the trail. */
static void
what_was_confirmed_before_is_not_noted_again(void **state)
{
	struct world *w = *state;
	const struct ports was = w->p;
	struct settle_confirm_request req;
	struct settle_confirmed out;
	struct settlement s;

	settle_all(w, SBER);
	(void)life_paid(w);
	s = prepared(w, SBER, day_over(w));
	req = confirmation(w, &s);
	for (int i = 0; i < 2; i++) {
		w->p = *world_noting(w, &was, "confirmed_once");
		assert_done(&w->fx, confirm(w, &req, &out));
		w->p = was;
		assert_int_equal(out.replay, i > 0);
		assert_int_equal(world_noted(w, "confirmed_once"), 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    what_was_done_with_a_case_before_is_not_noted_again),
		cmocka_unit_test(what_was_confirmed_before_is_not_noted_again),
	};

	return cmocka_run_group_tests(tests, world_make, world_end);
}
