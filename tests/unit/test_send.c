#include "kvitok/domain/send.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static int64_t
at(const char *text)
{
	int64_t out = 0;

	assert_true(day_parse_rfc3339(str_of(text), &out));
	return out;
}

static void
names_are_those_of_the_schema(void **state)
{
	static const char *const kinds[SEND_KIND__COUNT] = { "payments",
		"refunds", "readings", "settlement", "requests" };
	static const char *const records[SEND_KIND__COUNT] = { "payment",
		"refund", "reading", "settlement", "request" };

	(void)state;
	for (int k = 0; k < SEND_KIND__COUNT; k++) {
		assert_string_equal(
		    send_kind_name((enum send_kind)k), kinds[k]);
		assert_string_equal(
		    send_record_name((enum send_kind)k), records[k]);
		assert_int_equal(send_kind_of(str_of(kinds[k])), k);
	}
	assert_int_equal(send_kind_of(STR("answers")), SEND_KIND__COUNT);
	for (int s = 0; s < SENT__COUNT; s++)
		assert_int_equal(
		    sent_state_of(str_of(sent_state_name((enum sent_state)s))),
		    s);
	assert_int_equal(sent_state_of(STR("lost")), SENT__COUNT);
	assert_int_equal(send_records(SEND_PAYMENTS, 3), 3);
	assert_int_equal(send_records(SEND_SETTLEMENT, 1), 0);
}

static void
a_day_is_over_ten_minutes_after_midnight_in_moscow(void **state)
{
	char day[DAY_TEXT_SIZE];

	(void)state;
	send_over_day(at("2026-11-29T00:09:59.999+03:00"), day);
	assert_string_equal(day, "2026-11-27");
	send_over_day(at("2026-11-29T00:10:00+03:00"), day);
	assert_string_equal(day, "2026-11-28");
}

static void
a_week_is_looked_back_but_not_before_sending_began(void **state)
{
	static const struct {
		const char *from, *look, *want;
	} list[] = {
		{ "2026-01-01", "", "2026-11-21" },
		{ "2026-11-21", "", "2026-11-21" },
		{ "2026-11-22", "", "2026-11-22" },
		{ "2026-01-01", "2026-11-22", "2026-11-21" },
		{ "2026-01-01", "2026-11-20", "2026-11-20" },
		{ "2026-11-28", "2026-11-20", "2026-11-28" },
	};
	char day[DAY_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < KV_COUNT(list); i++) {
		send_look_from(STR("2026-11-28"), str_of(list[i].from),
		    str_of(list[i].look), day);
		assert_string_equal(day, list[i].want);
	}
}

static void
the_gap_doubles_and_ends_to_grow(void **state)
{
	(void)state;
	assert_int_equal(send_next_at(1, 100, 1000), 1100);
	assert_int_equal(send_next_at(2, 100, 1000), 1200);
	assert_int_equal(send_next_at(3, 100, 1000), 1400);
	assert_int_equal(
	    send_next_at(9, 100, 1000), send_next_at(20, 100, 1000));
}

static void
an_answer_agrees_to_the_kopeck(void **state)
{
	static const struct {
		struct send_answer x;
		int64_t listed, listed_kop;
		const char *want;
	} list[] = {
		{ { true, 3, 300, 0 }, 0, 0, NULL },
		{ { true, 2, 200, 1 }, 1, 100, NULL },
		{ { true, 2, 300, 0 }, 0, 0, "count" },
		{ { true, 4, 300, 0 }, 0, 0, "count" },
		{ { true, 3, 299, 0 }, 0, 0, "sum_kop" },
		{ { true, 3, 301, 0 }, 0, 0, "sum_kop" },
		{ { true, 2, 200, 1 }, 0, 0, "refused_count" },
		{ { true, 2, 200, 1 }, 1, 99, "sum_kop" },
		/* Refused as a whole, it says nothing of sums. */
		{ { false, 0, 0, 0 }, 0, 0, NULL },
	};
	const struct send_answer many = { true, 0, 0, 1001 };

	(void)state;
	for (size_t i = 0; i < KV_COUNT(list); i++) {
		const char *is = send_answer_differs(
		    &list[i].x, 3, 300, list[i].listed, list[i].listed_kop);

		if (list[i].want == NULL)
			assert_null(is);
		else
			assert_string_equal(is, list[i].want);
	}
	/* An acknowledgement names a thousand at most. */
	assert_null(send_answer_differs(&many, 1001, 5000, 1000, 4000));
	assert_string_equal(
	    send_answer_differs(&many, 1001, 5000, 999, 4000), "refused_count");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_those_of_the_schema),
		cmocka_unit_test(
		    a_day_is_over_ten_minutes_after_midnight_in_moscow),
		cmocka_unit_test(
		    a_week_is_looked_back_but_not_before_sending_began),
		cmocka_unit_test(the_gap_doubles_and_ends_to_grow),
		cmocka_unit_test(an_answer_agrees_to_the_kopeck),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
