#include "kvitok/sim/book.h"
#include "kvitok/sim/order.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>

#define NOON INT64_C(1795251600000) /* 2026-11-21 09:00 UTC, noon in Moscow */
#define HOUR INT64_C(3600000)

static const struct contract three_attempts = { .bank = BANK_SBER,
	.attempts = 3 };
static const struct contract one_attempt = { .bank = BANK_SBER, .attempts = 1 };

static struct order
fresh(const struct contract *c, bool new_dialect)
{
	return (struct order){ .c = c,
		.amount_kop = 121800,
		.attempts_left = c->attempts,
		.action = -100,
		.ext = "",
		.new_dialect = new_dialect };
}

static struct order
paid(void)
{
	struct order o = fresh(&three_attempts, false);

	assert_int_equal(order_pay(&o, NOON), ORDER_DONE);
	return o;
}

static void
a_paid_order_cannot_be_paid_again(void **state)
{
	struct order o = paid();

	(void)state;
	assert_int_equal(o.state, ORDER_PAID);
	assert_int_equal(o.deposited_kop, 121800);
	assert_int_equal(strlen(o.rrn), 12);
	assert_int_equal(order_pay(&o, NOON), ORDER_WRONG_STATE);
	assert_int_equal(order_refuse(&o, 116, ""), ORDER_WRONG_STATE);
	assert_int_equal(order_expire(&o), ORDER_WRONG_STATE);
	assert_int_equal(order_cancel(&o), ORDER_WRONG_STATE);
}

static void
two_refusals_leave_the_order_open_and_the_third_closes_it(void **state)
{
	struct order o = fresh(&three_attempts, false);

	(void)state;
	assert_int_equal(order_refuse(&o, 116, "X"), ORDER_DONE);
	assert_int_equal(o.state, ORDER_OPEN);
	assert_int_equal(order_refuse(&o, 116, "X"), ORDER_DONE);
	assert_int_equal(o.state, ORDER_OPEN);
	assert_int_equal(order_refuse(&o, 5, "X"), ORDER_DONE);
	assert_int_equal(o.state, ORDER_REFUSED);
	assert_int_equal(o.action, 5);
	assert_int_equal(order_pay(&o, NOON), ORDER_WRONG_STATE);
}

static void
the_new_gateway_says_that_attempts_are_over(void **state)
{
	struct order many = fresh(&three_attempts, true);
	struct order once = fresh(&one_attempt, true);

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_int_equal(order_refuse(&many, 116, "X"), ORDER_DONE);
	assert_int_equal(many.action, -2013);
	assert_int_equal(order_refuse(&once, 116, "X"), ORDER_DONE);
	assert_int_equal(once.state, ORDER_REFUSED);
	assert_int_equal(once.action, 116);
}

static void
a_refused_attempt_may_be_followed_by_payment(void **state)
{
	struct order o = fresh(&three_attempts, false);

	(void)state;
	order_to_acs(&o);
	assert_int_equal(o.state, ORDER_ACS);
	assert_int_equal(order_refuse(&o, -2006, "X"), ORDER_DONE);
	assert_int_equal(o.action, -2006);
	order_to_acs(&o);
	assert_int_equal(order_pay(&o, NOON), ORDER_DONE);
	assert_int_equal(o.action, 0);
}

static void
expiry_says_2007_and_cancelling_keeps_the_code(void **state)
{
	struct order late = fresh(&three_attempts, false);
	struct order given_up = fresh(&three_attempts, false);

	(void)state;
	assert_int_equal(order_expire(&late), ORDER_DONE);
	assert_int_equal(late.action, -2007);
	assert_int_equal(late.state, ORDER_REFUSED);
	assert_int_equal(order_cancel(&given_up), ORDER_DONE);
	assert_int_equal(given_up.action, -100);
	assert_int_equal(given_up.state, ORDER_REFUSED);
}

static void
a_hold_is_taken_up_to_its_sum(void **state)
{
	struct order o = fresh(&three_attempts, false);

	(void)state;
	o.two_stage = true;
	assert_int_equal(order_deposit(&o, 0, NOON), ORDER_WRONG_STATE);
	assert_int_equal(order_pay(&o, NOON), ORDER_DONE);
	assert_int_equal(o.state, ORDER_HELD);
	assert_int_equal(o.deposited_kop, 0);
	assert_int_equal(order_deposit(&o, 121801, NOON), ORDER_WRONG_SUM);
	assert_int_equal(order_deposit(&o, 99, NOON), ORDER_WRONG_SUM);
	assert_int_equal(order_deposit(&o, 100, NOON), ORDER_DONE);
	assert_int_equal(o.deposited_kop, 100);
	assert_int_equal(order_deposit(&o, 100, NOON), ORDER_WRONG_STATE);
}

static void
a_payment_is_reversed_on_its_day_in_moscow_only(void **state)
{
	struct order today = paid(), tomorrow = paid();

	(void)state;
	assert_int_equal(
	    order_reverse(&today, NOON + 12 * HOUR - 1), ORDER_DONE);
	assert_int_equal(today.state, ORDER_REVERSED);
	assert_int_equal(today.deposited_kop, 0);
	assert_int_equal(
	    order_reverse(&tomorrow, NOON + 12 * HOUR), ORDER_WRONG_STATE);
}

static void
refunds_never_exceed_what_is_left(void **state)
{
	struct order o = paid();

	(void)state;
	assert_int_equal(
	    order_refund(&o, 121801, STR_NONE, NOON), ORDER_WRONG_SUM);
	assert_int_equal(order_refund(&o, 100000, STR_NONE, NOON), ORDER_DONE);
	assert_int_equal(
	    order_refund(&o, 21801, STR_NONE, NOON), ORDER_WRONG_SUM);
	assert_int_equal(order_refund(&o, 0, STR_NONE, NOON), ORDER_DONE);
	assert_int_equal(o.refunded_kop, 121800);
	assert_int_equal(o.deposited_kop, 0);
	assert_int_equal(order_refund(&o, 1, STR_NONE, NOON), ORDER_WRONG_SUM);
}

static void
a_refund_with_a_known_id_is_not_made_twice(void **state)
{
	struct order o = paid();

	(void)state;
	assert_int_equal(order_refund(&o, 100, STR("r-1"), NOON), ORDER_DONE);
	assert_int_equal(
	    order_refund(&o, 100, STR("r-1"), NOON), ORDER_REPEATED);
	assert_int_equal(
	    order_refund(&o, 200, STR("r-1"), NOON), ORDER_WRONG_REPEAT);
	assert_int_equal(o.refunded_kop, 100);
}

struct fixture {
	struct arena *a;
	struct timers t;
	struct book *b;
};

static int
book_setup(void **state)
{
	static struct fixture fx;

	fx.a = arena_new((size_t)64 << 20);
	timers_init(&fx.t, fx.a);
	fx.b = book_new(fx.a, &fx.t);
	*state = &fx;
	return 0;
}

static int
book_teardown(void **state)
{
	struct fixture *fx = *state;

	arena_free(fx->a);
	return 0;
}

static struct order *
add(struct fixture *fx, const struct contract *c, unsigned n)
{
	char id[24], number[24];

	(void)snprintf(id, sizeof(id), "id-%u", n);
	(void)snprintf(number, sizeof(number), "N-%u", n % 1000);
	return book_add(fx->b, c, str_of(id), str_of(number), NOON);
}

static void
orders_are_found_by_id_and_newest_by_number(void **state)
{
	struct fixture *fx = *state;
	struct order *first = add(fx, &three_attempts, 1);
	struct order *again = add(fx, &three_attempts, 1001);
	struct order *other = add(fx, &one_attempt, 2001);

	assert_ptr_equal(book_by_id(fx->b, STR("id-1")), first);
	assert_ptr_equal(book_by_number(fx->b, NULL, STR("N-1")), other);
	assert_ptr_equal(
	    book_by_number(fx->b, &three_attempts, STR("N-1")), again);
	assert_null(book_by_number(fx->b, NULL, STR("N-2")));
	assert_ptr_equal(book_by_serial(fx->b, first->serial), first);
	assert_null(book_by_serial(fx->b, other->serial + 1));
}

static void
never(void *owner)
{
	(void)owner;
	fail_msg("the timer of a forgotten order fired");
}

static void
the_oldest_orders_are_forgotten_with_their_timers(void **state)
{
	struct fixture *fx = *state;
	uint64_t first = add(fx, &one_attempt, 0)->serial;

	assert_true(timers_set(
	    &fx->t, &book_by_serial(fx->b, first)->expiry, NOON, never, NULL));
	for (unsigned i = 1; i < BOOK_MAX + 2 * BOOK_PAGE; i++)
		assert_non_null(add(fx, &one_attempt, i));
	assert_null(book_by_serial(fx->b, first));
	assert_null(book_by_id(fx->b, STR("id-0")));
	assert_in_range(book_count(fx->b), BOOK_MAX, BOOK_MAX + BOOK_PAGE);
	timers_run(&fx->t, NOON + HOUR);
	book_clear(fx->b);
	assert_int_equal(book_count(fx->b), 0);
	assert_null(book_newest(fx->b));
	assert_non_null(add(fx, &one_attempt, 7));
	assert_int_equal(book_count(fx->b), 1);
}

static int fired[8];
static size_t fired_len;

static void
note(void *owner)
{
	fired[fired_len++] = *(const int *)owner;
}

static void
timers_fire_in_order_of_time_once(void **state)
{
	struct fixture *fx = *state;
	static int names[] = { 0, 1, 2, 3, 4 };
	static const int64_t at[] = { 50, 10, 40, 20, 30 };
	struct timer t[5] = { 0 };

	fired_len = 0;
	for (size_t i = 0; i < 5; i++)
		assert_true(timers_set(&fx->t, &t[i], at[i], note, &names[i]));
	timers_cancel(&fx->t, &t[2]);
	assert_int_equal(timers_next(&fx->t), 10);
	timers_run(&fx->t, 30);
	assert_int_equal(fired_len, 3);
	assert_int_equal(fired[0], 1);
	assert_int_equal(fired[1], 3);
	assert_int_equal(fired[2], 4);
	timers_run(&fx->t, 100);
	assert_int_equal(fired_len, 4);
	assert_int_equal(timers_next(&fx->t), -1);
}

#define T(f) cmocka_unit_test(f)
#define B(f) cmocka_unit_test_setup_teardown(f, book_setup, book_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_paid_order_cannot_be_paid_again),
		T(two_refusals_leave_the_order_open_and_the_third_closes_it),
		T(the_new_gateway_says_that_attempts_are_over),
		T(a_refused_attempt_may_be_followed_by_payment),
		T(expiry_says_2007_and_cancelling_keeps_the_code),
		T(a_hold_is_taken_up_to_its_sum),
		T(a_payment_is_reversed_on_its_day_in_moscow_only),
		T(refunds_never_exceed_what_is_left),
		T(a_refund_with_a_known_id_is_not_made_twice),
		B(orders_are_found_by_id_and_newest_by_number),
		B(the_oldest_orders_are_forgotten_with_their_timers),
		B(timers_fire_in_order_of_time_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
