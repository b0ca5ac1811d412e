/* Unit tests of domain/refund. */
#include "kvitok/domain/refund.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct pay_line lines[] = {
	{ .sum_kop = 120000, .fee_kop = 1800, .supplier_fee_kop = 0 },
	{ .sum_kop = 50001, .fee_kop = 0, .supplier_fee_kop = 401 },
	{ .sum_kop = 1, .fee_kop = 1, .supplier_fee_kop = 0 },
};
static const struct payment pm = { .lines = lines, .lines_len = 3 };

static struct refund_plan plan;
static struct fault f;

static enum err
share(const struct refund *list, size_t len, const struct refund_ask *ask)
{
	fault_init(&f);
	return refund_share(&pm, list, len, ask, &plan, &f);
}

static void
assert_refused(enum err rc, const char *reason, const char *pointer)
{
	assert_int_equal(rc, ERR_LIMIT);
	assert_string_equal(f.reason, reason);
	assert_int_equal(f.fields_len, 1);
	assert_string_equal(f.fields[0].pointer, pointer);
}

/* One refund that has taken kop of line n. */
static struct refund
gone(struct refund_line *l, int n, int64_t kop, int64_t fee,
    enum refund_state state)
{
	*l = (struct refund_line){ .n = n, .sum_kop = kop, .fee_kop = fee };
	return (struct refund){ .state = state,
		.sum_kop = kop,
		.fee_kop = fee,
		.lines = l,
		.lines_len = 1 };
}

static void
the_whole_goes_back_with_its_commission(void **state)
{
	struct refund_ask ask = { 0 };

	(void)state;
	assert_int_equal(share(NULL, 0, &ask), ERR_OK);
	assert_int_equal(plan.sum_kop, 170002);
	assert_int_equal(plan.fee_kop, 1801);
	assert_int_equal(plan.lines_len, 3);
	assert_int_equal(plan.lines[1].supplier_fee_kop, 401);
	ask.sum_kop = 170002;
	assert_int_equal(share(NULL, 0, &ask), ERR_OK);
	assert_int_equal(plan.fee_kop, 1801);
}

static void
the_whole_keeps_its_commission_when_told_so(void **state)
{
	struct refund_ask ask = { .fee = REFUND_FEE_KEEP };

	(void)state;
	assert_int_equal(share(NULL, 0, &ask), ERR_OK);
	assert_int_equal(plan.sum_kop, 170002);
	assert_int_equal(plan.fee_kop, 0);
	assert_int_equal(plan.lines[1].supplier_fee_kop, 0);
}

static void
a_part_keeps_its_commission_and_returns_it_when_told_so(void **state)
{
	struct refund_want want = { 1, 60000 };
	struct refund_ask ask = { .lines = &want, .lines_len = 1 };

	(void)state;
	assert_int_equal(share(NULL, 0, &ask), ERR_OK);
	assert_int_equal(plan.sum_kop, 60000);
	assert_int_equal(plan.fee_kop, 0);
	ask.fee = REFUND_FEE_RETURN;
	assert_int_equal(share(NULL, 0, &ask), ERR_OK);
	assert_int_equal(plan.fee_kop, 900);
	want.sum_kop = 100; /* 1.5 kopecks */
	assert_int_equal(share(NULL, 0, &ask), ERR_OK);
	assert_int_equal(plan.fee_kop, 2);
	want.sum_kop = 99; /* 1.485 */
	assert_int_equal(share(NULL, 0, &ask), ERR_OK);
	assert_int_equal(plan.fee_kop, 1);
}

static void
what_takes_the_rest_of_a_line_takes_the_rest_of_its_commission(void **state)
{
	struct refund_line l;
	struct refund was = gone(&l, 1, 119999, 1799, REFUND_DONE);
	struct refund_want want = { 1, 0 };
	struct refund_ask ask = {
		.lines = &want, .lines_len = 1, .fee = REFUND_FEE_RETURN
	};

	(void)state;
	assert_int_equal(share(&was, 1, &ask), ERR_OK);
	assert_int_equal(plan.sum_kop, 1);
	assert_int_equal(plan.fee_kop, 1);
}

static void
a_sum_is_shared_out_by_what_is_left_of_each_line(void **state)
{
	struct refund_ask ask = { .sum_kop = 17000 };

	(void)state;
	assert_int_equal(share(NULL, 0, &ask), ERR_OK);
	assert_int_equal(plan.sum_kop, 17000);
	assert_int_equal(plan.lines_len, 3);
	assert_int_equal(plan.lines[0].sum_kop, 11999);
	assert_int_equal(plan.lines[1].sum_kop, 5000);
	assert_int_equal(plan.lines[2].sum_kop, 1);
}

static void
above_the_rest_is_refused_and_the_rest_itself_is_not(void **state)
{
	struct refund_line l;
	struct refund was = gone(&l, 1, 20000, 0, REFUND_INTENDED);
	struct refund_want want = { 1, 100001 };
	struct refund_ask by_line = { .lines = &want, .lines_len = 1 };
	struct refund_ask by_sum = { .sum_kop = 150003 };

	(void)state;
	assert_refused(
	    share(&was, 1, &by_line), "refund_too_large", "/lines/0/sum_kop");
	assert_refused(share(&was, 1, &by_sum), "refund_too_large", "/sum_kop");
	want.sum_kop = 100000;
	by_sum.sum_kop = 150002;
	assert_int_equal(share(&was, 1, &by_line), ERR_OK);
	assert_int_equal(share(&was, 1, &by_sum), ERR_OK);
}

static void
what_failed_is_free_again(void **state)
{
	struct refund_line l;
	struct refund was = gone(&l, 1, 120000, 0, REFUND_FAILED);
	struct refund_want want = { 1, 0 };
	struct refund_ask ask = { .lines = &want, .lines_len = 1 };

	(void)state;
	assert_int_equal(share(&was, 1, &ask), ERR_OK);
	was.state = REFUND_UNKNOWN;
	assert_refused(
	    share(&was, 1, &ask), "refund_too_large", "/lines/0/sum_kop");
}

static void
lines_that_are_not_there_or_twice_are_refused(void **state)
{
	struct refund_want want[] = { { 1, 1 }, { 4, 1 } };
	struct refund_ask ask = { .lines = want, .lines_len = 2 };

	(void)state;
	assert_refused(
	    share(NULL, 0, &ask), "refund_line_unknown", "/lines/1/n");
	want[1].n = 0;
	assert_refused(
	    share(NULL, 0, &ask), "refund_line_unknown", "/lines/1/n");
	want[1].n = 1;
	assert_refused(
	    share(NULL, 0, &ask), "refund_line_repeat", "/lines/1/n");
	want[1].n = 3;
	assert_int_equal(share(NULL, 0, &ask), ERR_OK);
}

static void
sums_below_zero_or_unlike_their_lines_are_refused(void **state)
{
	struct refund_want want = { 1, -1 };
	struct refund_ask by_sum = { .sum_kop = -1 };
	struct refund_ask by_line = { .lines = &want, .lines_len = 1 };

	(void)state;
	assert_refused(share(NULL, 0, &by_sum), "sum_not_positive", "/sum_kop");
	assert_refused(
	    share(NULL, 0, &by_line), "sum_not_positive", "/lines/0/sum_kop");
	want.sum_kop = 10;
	by_line.sum_kop = 11;
	assert_refused(
	    share(NULL, 0, &by_line), "refund_sum_differs", "/sum_kop");
	by_line.sum_kop = 10;
	assert_int_equal(share(NULL, 0, &by_line), ERR_OK);
}

static void
states_move_only_as_the_table_says(void **state)
{
	enum refund_state s;

	(void)state;
	assert_true(refund_may_move(REFUND_INTENDED, REFUND_SENT));
	assert_false(refund_may_move(REFUND_INTENDED, REFUND_DONE));
	assert_true(refund_may_move(REFUND_UNKNOWN, REFUND_INTENDED));
	assert_false(refund_may_move(REFUND_DONE, REFUND_FAILED));
	assert_false(refund_may_move(REFUND_FAILED, REFUND_SENT));
	for (unsigned i = 0; i < REFUND__COUNT; i++) {
		enum refund_state one = (enum refund_state)i;

		assert_true(
		    refund_state_of(str_of(refund_state_name(one)), &s));
		assert_int_equal(s, one);
	}
	assert_false(refund_state_of(STR("gone"), &s));
}

/* --- any order of refunds -------------------------------------------- */

static uint64_t dice = 88172645463325252u;

static int64_t
below(int64_t n)
{
	dice ^= dice << 13;
	dice ^= dice >> 7;
	dice ^= dice << 17;
	return (int64_t)(dice % (uint64_t)n);
}

#define STEPS 12

struct walk {
	struct pay_line lines[5];
	struct payment pm;
	struct refund list[STEPS + 1];
	struct refund_line kept[STEPS + 1][5];
	size_t len;
};

static void
walk_begin(struct walk *w)
{
	w->len = 0;
	w->pm = (struct payment){ .lines = w->lines,
		.lines_len = (size_t)below(5) + 1 };
	for (size_t i = 0; i < w->pm.lines_len; i++) {
		w->lines[i] = (struct pay_line){ .sum_kop = below(3) == 0
			    ? below(5) + 1
			    : below(10000000) + 1,
			.fee_kop = below(3) == 0 ? 0 : below(100000),
			.supplier_fee_kop = below(2) == 0 ? 0 : below(1000),
			.loss_kop = below(2) == 0 ? 0 : below(1000) };
		w->pm.sum_kop += w->lines[i].sum_kop;
		w->pm.fee_kop += w->lines[i].fee_kop;
	}
}

static enum err
walk_step(struct walk *w, const struct refund_ask *ask)
{
	struct refund *r = &w->list[w->len];
	enum err rc;

	fault_init(&f);
	rc = refund_share(&w->pm, w->list, w->len, ask, &plan, &f);
	if (rc != ERR_OK)
		return rc;
	*r = (struct refund){ .state =
				  below(4) == 0 ? REFUND_FAILED : REFUND_DONE,
		.sum_kop = plan.sum_kop,
		.fee_kop = plan.fee_kop,
		.lines = w->kept[w->len],
		.lines_len = plan.lines_len };
	for (size_t i = 0; i < plan.lines_len; i++)
		w->kept[w->len][i] = plan.lines[i];
	w->len++;
	return ERR_OK;
}

/* What went back of each line is never above it. */
static void
walk_judge(const struct walk *w, bool over)
{
	int64_t sum[5] = { 0 }, fee[5] = { 0 }, sup[5] = { 0 };
	int64_t loss[5] = { 0 };

	for (size_t i = 0; i < w->len; i++) {
		int64_t one_sum = 0, one_fee = 0;

		for (size_t k = 0; k < w->list[i].lines_len; k++) {
			const struct refund_line *l = &w->list[i].lines[k];

			assert_true(l->sum_kop > 0);
			assert_true(l->fee_kop >= 0);
			assert_true(l->supplier_fee_kop >= 0);
			assert_true(l->loss_kop >= 0);
			one_sum += l->sum_kop;
			one_fee += l->fee_kop;
			if (w->list[i].state == REFUND_FAILED)
				continue;
			sum[l->n - 1] += l->sum_kop;
			fee[l->n - 1] += l->fee_kop;
			sup[l->n - 1] += l->supplier_fee_kop;
			loss[l->n - 1] += l->loss_kop;
		}
		assert_int_equal(one_sum, w->list[i].sum_kop);
		assert_int_equal(one_fee, w->list[i].fee_kop);
	}
	for (size_t i = 0; i < w->pm.lines_len; i++) {
		const struct pay_line *l = &w->lines[i];

		assert_true(sum[i] <= l->sum_kop);
		assert_true(fee[i] <= l->fee_kop);
		assert_true(sup[i] <= l->supplier_fee_kop);
		assert_true(loss[i] <= l->loss_kop);
		if (!over)
			continue;
		assert_int_equal(sum[i], l->sum_kop);
		assert_int_equal(fee[i], l->fee_kop);
		assert_int_equal(sup[i], l->supplier_fee_kop);
		assert_int_equal(loss[i], l->loss_kop);
	}
}

static void
ten_thousand_sequences_add_up_to_the_kopeck(void **state)
{
	(void)state;
	for (int round = 0; round < 10000; round++) {
		struct walk w;
		struct refund_ask ask = { .fee = REFUND_FEE_RETURN };
		int64_t most;

		walk_begin(&w);
		most = w.pm.sum_kop;
		for (int i = 0; i < STEPS - 1; i++) {
			struct refund_want want = {
				(int)below((int64_t)w.pm.lines_len) + 1,
				below(most) + 1
			};
			struct refund_ask one = {
				.fee = REFUND_FEE_RETURN,
				.sum_kop = below(2) ? want.sum_kop : 0,
			};

			if (one.sum_kop == 0) {
				one.lines = &want;
				one.lines_len = 1;
			}
			most = most / 2 + 1;
			(void)!walk_step(&w, &one);
			walk_judge(&w, false);
		}
		/* The last one takes the rest, until one of it succeeds. */
		w.len -= w.len == STEPS ? 1 : 0;
		if (walk_step(&w, &ask) == ERR_OK)
			w.list[w.len - 1].state = REFUND_DONE;
		walk_judge(&w, true);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_whole_goes_back_with_its_commission),
		cmocka_unit_test(the_whole_keeps_its_commission_when_told_so),
		cmocka_unit_test(
		    a_part_keeps_its_commission_and_returns_it_when_told_so),
		cmocka_unit_test(
		    what_takes_the_rest_of_a_line_takes_the_rest_of_its_commission),
		cmocka_unit_test(
		    a_sum_is_shared_out_by_what_is_left_of_each_line),
		cmocka_unit_test(
		    above_the_rest_is_refused_and_the_rest_itself_is_not),
		cmocka_unit_test(what_failed_is_free_again),
		cmocka_unit_test(lines_that_are_not_there_or_twice_are_refused),
		cmocka_unit_test(
		    sums_below_zero_or_unlike_their_lines_are_refused),
		cmocka_unit_test(states_move_only_as_the_table_says),
		cmocka_unit_test(ten_thousand_sequences_add_up_to_the_kopeck),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
