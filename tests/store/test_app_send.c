/* Documents that go out: each line once, whoever is killed; on both
 * databases. */
#include "sending.h"

static jmp_buf killed;
static int steps_left;

static void
step(const char *name)
{
	(void)name; /* any of them */
	if (steps_left > 0 && --steps_left == 0)
		longjmp(killed, 1);
}

static struct str
number_attr(struct world *w, const struct payment *pm)
{
	return arena_fmt(w->fx.a, " number=\"%.*s\"", STR_ARG(pm->number));
}

static int64_t
sum_attr(struct world *w, const char *kind, size_t from)
{
	int64_t sum = 0;

	for (size_t i = from; i < handed_len; i++)
		if (str_eq(handed[i].kind, str_of(kind)) && !came_before(i))
			sum += seen_in(w, handed[i].text).said_kop;
	return sum;
}

static void
a_day_goes_out_when_it_is_over_and_once(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_paid(w);
	size_t from = handed_len;

	box_look(w);
	assert_int_equal(times_sent("payments", from, number_attr(w, pm)), 0);
	(void)day_over(w);
	box_look(w);
	assert_int_equal(times_sent("payments", from, number_attr(w, pm)), 1);
	assert_int_equal(sum_attr(w, "payments", from), 50000);
	box_look(w);
	(void)day_over(w);
	box_look(w);
	assert_int_equal(times_sent("payments", from, number_attr(w, pm)), 1);
}

static void
refunds_go_out_with_what_was_given_back(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_paid(w);
	size_t from;

	(void)day_over(w);
	box_look(w);
	from = handed_len;
	life_give_back(w, pm, 12300);
	(void)day_over(w);
	box_look(w);
	assert_int_equal(times_sent("refunds", from, number_attr(w, pm)), 1);
	assert_int_equal(times_sent("payments", from, number_attr(w, pm)), 0);
	assert_int_equal(sum_attr(w, "refunds", from), 12300);
}

/* Numbers of all kinds are one sequence, without gaps. */
static void
numbers_are_one_sequence(void **state)
{
	struct world *w = *state;
	int64_t last = 0;

	(void)ex_next_is(w,
	    "balances as_of_day='2026-11-01' count='0' sum_kop='0'", STR(""),
	    EXCHANGE_APPLIED);
	(void)life_paid(w);
	(void)day_over(w);
	box_look(w);
	for (size_t i = 0; i < handed_len; i++) {
		if (came_before(i))
			continue;
		assert_int_equal(handed[i].number, last + 1);
		last = handed[i].number;
	}
	assert_true(last >= 3);
}

/* Look, killed after so many steps; gives whether it was. */
static bool
was_killed(struct world *w, int steps)
{
	w->p.step = step;
	steps_left = steps;
	if (setjmp(killed) != 0) {
		w->p.step = NULL;
		return true;
	}
	box_look(w);
	w->p.step = NULL;
	return false;
}

static void
whoever_is_killed_each_line_goes_out_once_and_unchanged(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_paid(w), *other = life_paid(w);
	size_t from = handed_len;
	int kills = 0;

	life_give_back(w, pm, 700);
	(void)day_over(w);
	/* At a later step each time: some of them are done again. */
	while (was_killed(w, kills + 1))
		kills++;
	assert_true(kills >= 4); /* begun, taken, made, handed */
	assert_int_equal(times_sent("payments", from, number_attr(w, pm)), 1);
	assert_int_equal(
	    times_sent("payments", from, number_attr(w, other)), 1);
	assert_int_equal(times_sent("refunds", from, number_attr(w, pm)), 1);
	assert_int_equal(sum_attr(w, "payments", from), 100000);
}

static int
fresh_from(size_t from)
{
	int n = 0;

	for (size_t i = from; i < handed_len; i++)
		n += !came_before(i);
	return n;
}

static void
an_empty_day_goes_out_only_to_who_wants_it(void **state)
{
	struct world *w = *state;
	size_t from;

	(void)day_over(w);
	box_look(w);
	from = handed_len;
	(void)day_over(w);
	box_look(w);
	assert_int_equal(fresh_from(from), 0);
	box_owner.send_empty = true;
	(void)day_over(w);
	box_look(w);
	box_owner.send_empty = false;
	/* Payments, refunds and readings. */
	assert_int_equal(fresh_from(from), 3);
	assert_int_equal(seen_in(w, handed[handed_len - 1].text).said, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_day_goes_out_when_it_is_over_and_once),
		cmocka_unit_test(refunds_go_out_with_what_was_given_back),
		cmocka_unit_test(numbers_are_one_sequence),
		cmocka_unit_test(
		    whoever_is_killed_each_line_goes_out_once_and_unchanged),
		cmocka_unit_test(an_empty_day_goes_out_only_to_who_wants_it),
	};

	return cmocka_run_group_tests(tests, sending_make, world_end);
}
