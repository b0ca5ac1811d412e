#include "kvitok/domain/statement.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#define GAZ STR("gaz")
#define TO STR("to-vdgo")

static struct arena *arena;
static struct fault fault;

static int
setup(void **state)
{
	(void)state;
	arena = arena_new((size_t)1 << 22);
	fault_init(&fault);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static const struct str services[] = { { "gaz", 3 }, { "to-vdgo", 7 } };

struct made {
	const struct statement_month *v;
	size_t len;
};

static enum err
try(const struct statement_facts *facts, const char *start, const char *from,
    const char *to, struct made *out)
{
	struct statement_span span = { .start = str_of(start),
		.from = str_of(from),
		.to = str_of(to),
		.running = STR("2026-11"),
		.services = services,
		.services_len = KV_COUNT(services) };

	fault_init(&fault);
	return statement_make(arena, facts, &span, &out->v, &out->len, &fault);
}

static struct made
make(const struct statement_facts *facts, const char *start, const char *from,
    const char *to)
{
	struct made m;

	assert_int_equal(try(facts, start, from, to, &m), ERR_OK);
	return m;
}

static struct charge
charge(const char *month, struct str service, int64_t kop)
{
	return (struct charge){ .month = str_of(month),
		.service = service,
		.accrued_kop = kop,
		.penalty_kop = -1 };
}

#define FACTS(c, o, p)                                                         \
	(struct statement_facts)                                               \
	{                                                                      \
		.charges = (c), .charges_len = KV_COUNT(c), .openings = (o),   \
		.openings_len = KV_COUNT(o), .payments = (p),                  \
		.payments_len = KV_COUNT(p)                                    \
	}

/* The guide of «Мой газ», 4.3.1.2. */
static void
to_pay_is_opening_less_charges_plus_payments(void **state)
{
	const struct charge c[] = { charge("2026-10", GAZ, 258043) };
	const struct opening o[] = { { STR("2026-10"), GAZ, 331952 } };
	const struct statement_facts facts = {
		.charges = c, .charges_len = 1, .openings = o, .openings_len = 1
	};
	struct made m = make(&facts, "2026-10", "2026-10", "2026-10");

	(void)state;
	assert_int_equal(m.len, 1);
	assert_int_equal(m.v[0].lines_len, 1);
	assert_int_equal(m.v[0].sums.opening_kop, -331952);
	assert_int_equal(m.v[0].sums.charged_kop, 258043);
	assert_int_equal(m.v[0].sums.paid_kop, 0);
	assert_int_equal(m.v[0].sums.to_pay_kop, -589995);
	assert_int_equal(m.v[0].sums.closing_kop, -589995);
	assert_int_equal(m.v[0].sums.other_kop, 0);
	assert_ptr_equal(m.v[0].lines[0].charge, &c[0]);
}

static void
closing_of_the_running_month_is_not_known(void **state)
{
	const struct statement_facts nothing = { 0 };
	struct made m = make(&nothing, "2026-10", "2026-10", "2026-11");

	(void)state;
	assert_true(m.v[0].closed);
	assert_false(m.v[1].closed);
	assert_true(str_eq(m.v[1].month, STR("2026-11")));
	assert_int_equal(m.v[0].lines_len, 0);
	assert_int_equal(m.v[0].payments_len, 0);
}

static void
charge_is_accrued_and_recalculated_less_benefit_and_with_penalty(void **state)
{
	struct charge c = { .accrued_kop = 100000,
		.recalculated_kop = -2500,
		.benefit_kop = 30000,
		.penalty_kop = 123 };
	int64_t kop;

	(void)state;
	assert_int_equal(statement_charged(&c, &kop, &fault), ERR_OK);
	assert_int_equal(kop, 67623);
	c.penalty_kop = -1;
	assert_int_equal(statement_charged(&c, &kop, &fault), ERR_OK);
	assert_int_equal(kop, 67500);
}

static void
sums_are_those_of_the_services(void **state)
{
	struct charge c[] = { charge("2026-09", GAZ, 1000),
		charge("2026-09", TO, 300) };
	const struct opening o[] = { { STR("2026-09"), GAZ, 500 },
		{ STR("2026-09"), TO, -40 } };
	const struct statement_payment p[] = {
		{ .month = STR("2026-09"),
		    .service = TO,
		    .day = STR("2026-09-05"),
		    .sum_kop = 70 },
	};
	const struct statement_facts facts = FACTS(c, o, p);
	struct made m;
	const struct statement_sums *s;

	(void)state;
	c[0].recalculated_kop = -100;
	c[0].benefit_kop = 10;
	c[1].penalty_kop = 5;
	m = make(&facts, "2026-09", "2026-09", "2026-09");
	s = &m.v[0].sums;
	assert_int_equal(m.v[0].lines_len, 2);
	assert_int_equal(s->opening_kop, -460);
	assert_int_equal(s->accrued_kop, 1300);
	assert_int_equal(s->recalculated_kop, -100);
	assert_int_equal(s->benefit_kop, 10);
	assert_int_equal(s->penalty_kop, 5);
	assert_int_equal(s->charged_kop, 1195);
	assert_int_equal(s->paid_kop, 70);
	assert_int_equal(s->to_pay_kop, -460 - 1195 + 70);
	assert_int_equal(s->closing_kop, s->to_pay_kop);
	assert_int_equal(m.v[0].lines[1].opening_kop, 40);
}

/* Without an opening of its own a month begins as the last one ended, from
 * the month with which the facts begin. */
static void
months_are_rolled_on(void **state)
{
	const struct charge c[] = { charge("2026-07", GAZ, 100),
		charge("2026-08", GAZ, 200), charge("2026-09", GAZ, 400) };
	const struct opening o[] = { { STR("2026-07"), GAZ, 1000 } };
	const struct statement_payment p[] = {
		{ .month = STR("2026-08"),
		    .service = GAZ,
		    .day = STR("2026-08-09"),
		    .sum_kop = 50 },
	};
	const struct statement_facts facts = FACTS(c, o, p);
	struct made m = make(&facts, "2026-07", "2026-08", "2026-10");

	(void)state;
	assert_int_equal(m.len, 3);
	assert_true(str_eq(m.v[0].month, STR("2026-08")));
	assert_int_equal(m.v[0].sums.opening_kop, -1100);
	assert_int_equal(m.v[0].sums.closing_kop, -1250);
	assert_int_equal(m.v[1].sums.opening_kop, -1250);
	/* Nothing happened in the last one, but something is owed. */
	assert_int_equal(m.v[2].lines_len, 1);
	assert_null(m.v[2].lines[0].charge);
	assert_int_equal(m.v[2].sums.to_pay_kop, -1650);
}

/* The supplier wrote a debt off: nothing that it sends explains it. */
static void
opening_of_the_next_month_is_how_this_one_ended(void **state)
{
	const struct charge c[] = { charge("2026-08", GAZ, 200) };
	const struct opening o[] = { { STR("2026-08"), GAZ, 1000 },
		{ STR("2026-09"), GAZ, 150 } };
	const struct statement_facts facts = {
		.charges = c, .charges_len = 1, .openings = o, .openings_len = 2
	};
	struct made m = make(&facts, "2026-08", "2026-08", "2026-08");

	(void)state;
	assert_int_equal(m.v[0].sums.to_pay_kop, -1200);
	assert_int_equal(m.v[0].sums.closing_kop, -150);
	assert_int_equal(m.v[0].sums.other_kop, 1050);
}

/* Paid in September, counted by the supplier in October: as it says. */
static void
acknowledged_payment_is_counted_where_the_supplier_counts_it(void **state)
{
	const struct statement_payment p[] = {
		{ .month = STR("2026-10"),
		    .service = GAZ,
		    .day = STR("2026-09-30"),
		    .number = STR("7K3M9QZT-1"),
		    .sum_kop = 500 },
	};
	const struct statement_facts facts = { .payments = p,
		.payments_len = 1 };
	struct made m = make(&facts, "2026-09", "2026-09", "2026-10");

	(void)state;
	assert_int_equal(m.v[0].sums.paid_kop, 0);
	assert_int_equal(m.v[0].payments_len, 0);
	assert_int_equal(m.v[1].sums.paid_kop, 500);
	assert_int_equal(m.v[1].payments_len, 1);
	assert_true(str_eq(m.v[1].payments[0].number, STR("7K3M9QZT-1")));
}

static struct made
with_pending(const char *opening_month, const char *day)
{
	struct opening *o = ARENA_NEW(arena, struct opening);
	struct statement_payment *p =
	    ARENA_NEW(arena, struct statement_payment);
	struct statement_facts facts = { .openings = o,
		.openings_len = 1,
		.payments = p,
		.payments_len = 1 };

	*o = (struct opening){ str_of(opening_month), GAZ, 1000 };
	*p = (struct statement_payment){ .service = GAZ,
		.day = str_of(day),
		.number = STR("7K3M9QZT-1"),
		.sum_kop = 300 };
	return make(&facts, "2026-08", "2026-08", "2026-11");
}

/* The opening of October knows nothing of it: in September it would be lost. */
static void
unacknowledged_payment_is_counted_once_after_the_last_opening(void **state)
{
	struct made m = with_pending("2026-10", "2026-09-30");

	(void)state;
	assert_int_equal(m.v[1].sums.paid_kop, 0);
	assert_int_equal(m.v[2].sums.paid_kop, 300);
	assert_int_equal(m.v[2].sums.to_pay_kop, -700);
	assert_int_equal(m.v[3].sums.paid_kop, 0);
	assert_int_equal(m.v[3].sums.opening_kop, -700);
	m = with_pending("2026-10", "2026-11-02");
	assert_int_equal(m.v[2].sums.paid_kop, 0);
	assert_int_equal(m.v[3].sums.paid_kop, 300);
	assert_int_equal(m.v[3].sums.to_pay_kop, -700);
}

/* Of a month before anything that was read. */
static void
old_unacknowledged_payment_is_counted_in_the_first_month(void **state)
{
	struct made m = with_pending("2026-08", "2024-01-15");

	(void)state;
	assert_int_equal(m.v[0].sums.paid_kop, 300);
}

/* An opening after the months that were asked for takes it out of them. */
static void
payment_after_a_later_opening_is_in_none_of_the_months(void **state)
{
	const struct opening o[] = { { STR("2026-11"), GAZ, 100 } };
	const struct statement_payment p[] = {
		{ .service = GAZ, .day = STR("2026-09-01"), .sum_kop = 70 },
	};
	const struct statement_facts facts = { .openings = o,
		.openings_len = 1,
		.payments = p,
		.payments_len = 1 };
	struct made m = make(&facts, "2026-09", "2026-09", "2026-09");

	(void)state;
	assert_int_equal(m.v[0].sums.paid_kop, 0);
}

static void
facts_of_services_that_are_not_listed_are_left_out(void **state)
{
	const struct charge c[] = { charge("2026-09", STR("lift"), 100) };
	const struct opening o[] = { { STR("2026-09"), STR("lift"), 100 } };
	const struct statement_payment p[] = {
		{ .service = STR("lift"),
		    .day = STR("2026-09-01"),
		    .sum_kop = 70 },
	};
	const struct statement_facts facts = FACTS(c, o, p);
	struct made m = make(&facts, "2026-09", "2026-09", "2026-09");

	(void)state;
	assert_int_equal(m.v[0].lines_len, 0);
	assert_int_equal(m.v[0].sums.charged_kop, 0);
}

/* A debt that was paid to nothing, and a service that nothing is owed for. */
static void
a_service_shows_when_anything_is_known_of_it(void **state)
{
	const struct opening o[] = { { STR("2026-09"), GAZ, 0 } };
	const struct statement_payment p[] = {
		{ .month = STR("2026-09"),
		    .service = TO,
		    .day = STR("2026-09-01"),
		    .sum_kop = 70 },
	};
	const struct statement_facts facts = { .openings = o,
		.openings_len = 1,
		.payments = p,
		.payments_len = 1 };
	struct made m = make(&facts, "2026-09", "2026-09", "2026-10");

	(void)state;
	assert_int_equal(m.v[0].lines_len, 2);
	assert_int_equal(m.v[1].lines_len, 1); /* 70 too much for TO */
	assert_true(str_eq(m.v[1].lines[0].service, TO));
}

/* The supplier's books end at nothing where ours have something left. */
static void
a_service_shows_for_what_it_ended_with(void **state)
{
	const struct opening o[] = { { STR("2026-10"), GAZ, 5 } };
	const struct statement_facts facts = { .openings = o,
		.openings_len = 1 };
	struct made m = make(&facts, "2026-09", "2026-09", "2026-09");

	(void)state;
	assert_int_equal(m.v[0].lines_len, 1);
	assert_int_equal(m.v[0].lines[0].other_kop, -5);
}

static void
sums_that_do_not_fit_are_refused(void **state)
{
	struct charge c[] = { charge("2026-09", GAZ, INT64_MAX) };
	struct opening o[] = { { STR("2026-09"), GAZ, INT64_MAX } };
	struct statement_payment p[] = {
		{ .month = STR("2026-09"),
		    .service = GAZ,
		    .day = STR("2026-09-01"),
		    .sum_kop = INT64_MAX },
		{ .month = STR("2026-09"),
		    .service = GAZ,
		    .day = STR("2026-09-02"),
		    .sum_kop = 1 },
	};
	struct statement_facts facts = FACTS(c, o, p);
	struct charge many[] = { charge("2026-09", GAZ, INT64_MAX),
		charge("2026-09", TO, 1) };
	struct statement_facts two = { .charges = many, .charges_len = 2 };
	struct made m;
	int64_t kop;

	(void)state;
	assert_int_equal(try(&facts, "2026-09", "2026-09", "2026-09", &m),
	    ERR_LIMIT); /* two payments */
	assert_string_equal(fault.reason, "sum_overflow");
	facts.payments_len = 0;
	assert_int_equal(try(&facts, "2026-09", "2026-09", "2026-09", &m),
	    ERR_LIMIT); /* -max - max */
	facts.openings_len = 0;
	facts.payments_len = 1;
	c[0].accrued_kop = INT64_MIN;
	assert_int_equal(try(&facts, "2026-09", "2026-09", "2026-09", &m),
	    ERR_LIMIT); /* 0 - min */
	c[0].accrued_kop = INT64_MIN + 10;
	assert_int_equal(try(&facts, "2026-09", "2026-09", "2026-09", &m),
	    ERR_LIMIT); /* + paid */
	c[0].recalculated_kop = -20;
	assert_int_equal(
	    try(&facts, "2026-09", "2026-09", "2026-09", &m), ERR_LIMIT);
	c[0].recalculated_kop = 0;
	c[0].benefit_kop = 20;
	assert_int_equal(statement_charged(&c[0], &kop, &fault), ERR_LIMIT);
	c[0].benefit_kop = 0;
	c[0].accrued_kop = INT64_MAX;
	c[0].penalty_kop = 1;
	assert_int_equal(statement_charged(&c[0], &kop, &fault), ERR_LIMIT);
	assert_int_equal(try(&two, "2026-09", "2026-09", "2026-09", &m),
	    ERR_LIMIT); /* of two services together */
	facts = (struct statement_facts){ .openings = o, .openings_len = 1 };
	o[0].owed_kop = INT64_MIN;
	assert_int_equal(
	    try(&facts, "2026-09", "2026-09", "2026-09", &m), ERR_LIMIT);
	assert_int_equal(statement_pending(p, 2, GAZ, &kop, &fault), ERR_OK);
	assert_int_equal(kop, 0); /* both are acknowledged */
	p[0].month = p[1].month = STR_NONE;
	assert_int_equal(statement_pending(p, 2, TO, &kop, &fault), ERR_OK);
	assert_int_equal(kop, 0);
	assert_int_equal(statement_pending(p, 1, GAZ, &kop, &fault), ERR_OK);
	assert_true(kop == INT64_MAX);
	assert_int_equal(statement_pending(p, 2, GAZ, &kop, &fault), ERR_LIMIT);
}

static void
check_span(const char *from, const char *to, enum err wanted,
    const char *reason, const char *field)
{
	fault_init(&fault);
	assert_int_equal(statement_span_check(
			     str_of(from), str_of(to), STR("2026-11"), &fault),
	    wanted);
	if (wanted == ERR_OK)
		return;
	assert_string_equal(fault.reason, reason);
	assert_int_equal(fault.fields_len, 1);
	assert_string_equal(fault.fields[0].pointer, field);
}

static void
each_wrong_span_has_its_own_words(void **state)
{
	(void)state;
	check_span("2026-11", "2026-11", ERR_OK, NULL, NULL);
	check_span("2023-12", "2026-11", ERR_OK, NULL, NULL); /* 36 */
	check_span(
	    "2023-11", "2026-11", ERR_LIMIT, "months_too_many", "to"); /* 37 */
	check_span("2016-11", "2026-11", ERR_LIMIT, "months_too_many", "to");
	check_span(
	    "2026-10", "2026-09", ERR_INVALID, "months_upside_down", "to");
	check_span("2026-10", "2026-12", ERR_INVALID, "month_ahead", "to");
	check_span("2026-13", "2026-11", ERR_INVALID, "month_form", "from");
	check_span("2026-10", "октябрь", ERR_INVALID, "month_form", "to");
	check_span("", "2026-11", ERR_INVALID, "month_form", "from");
	check_span("2026-10-01", "2026-11", ERR_INVALID, "month_form", "from");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(to_pay_is_opening_less_charges_plus_payments),
		cmocka_unit_test(closing_of_the_running_month_is_not_known),
		cmocka_unit_test(
		    charge_is_accrued_and_recalculated_less_benefit_and_with_penalty),
		cmocka_unit_test(sums_are_those_of_the_services),
		cmocka_unit_test(months_are_rolled_on),
		cmocka_unit_test(
		    opening_of_the_next_month_is_how_this_one_ended),
		cmocka_unit_test(
		    acknowledged_payment_is_counted_where_the_supplier_counts_it),
		cmocka_unit_test(
		    unacknowledged_payment_is_counted_once_after_the_last_opening),
		cmocka_unit_test(
		    old_unacknowledged_payment_is_counted_in_the_first_month),
		cmocka_unit_test(
		    payment_after_a_later_opening_is_in_none_of_the_months),
		cmocka_unit_test(
		    facts_of_services_that_are_not_listed_are_left_out),
		cmocka_unit_test(a_service_shows_when_anything_is_known_of_it),
		cmocka_unit_test(a_service_shows_for_what_it_ended_with),
		cmocka_unit_test(sums_that_do_not_fit_are_refused),
		cmocka_unit_test(each_wrong_span_has_its_own_words),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
