#include "kvitok/bank/health.h"

#include "bank_test.h"

#define NOW INT64_C(1795000000000)
#define SECOND INT64_C(1000)

static struct health
make(struct fixture *fx)
{
	struct health h = { .first = 3,
		.window_s = 60,
		.min_calls = 4,
		.share_pct = 50,
		.slow_ms = 5000,
		.open_s = 30,
		.trial_ms = 11000 };

	assert_int_equal(
	    stats_open(NULL, "test", HEALTH_SLOTS + 3, &h.stats, &fx->f),
	    ERR_OK);
	return h;
}

static void
good(const struct health *h, int64_t now)
{
	health_note(h, HEALTH_STATUS, HEALTH_ANSWERED, 100, now);
}

static void
bad(const struct health *h, int64_t now)
{
	health_note(h, HEALTH_START, HEALTH_NOT_SENT, 100, now);
}

static void
half_of_enough_calls_failing_is_down_and_less_is_not(void **state)
{
	struct health h = make(*state);

	good(&h, NOW);
	good(&h, NOW);
	good(&h, NOW);
	bad(&h, NOW);
	bad(&h, NOW); /* 2 of 5 */
	assert_false(health_is_down(&h, NOW));
	bad(&h, NOW); /* 3 of 6 */
	assert_true(health_is_down(&h, NOW));
	stats_close(h.stats);
}

static void
too_few_calls_decide_nothing(void **state)
{
	struct health h = make(*state);

	bad(&h, NOW);
	bad(&h, NOW);
	bad(&h, NOW);
	assert_false(health_is_down(&h, NOW));
	bad(&h, NOW);
	assert_true(health_is_down(&h, NOW));
	stats_close(h.stats);
}

static void
every_end_but_an_answer_is_bad_and_so_is_a_slow_answer(void **state)
{
	static const struct {
		enum health_end end;
		int64_t took_ms;
		bool down;
	} cases[] = {
		{ HEALTH_ANSWERED, 4999, false },
		{ HEALTH_ANSWERED, 5000, true },
		{ HEALTH_HTTP_ERROR, 1, true },
		{ HEALTH_NOT_SENT, 1, true },
		{ HEALTH_UNSURE, 1, true },
	};

	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		struct health h = make(*state);

		for (int n = 0; n < 4; n++)
			health_note(&h, HEALTH_START, cases[i].end,
			    cases[i].took_ms, NOW);
		assert_int_equal(health_is_down(&h, NOW), cases[i].down);
		stats_close(h.stats);
	}
}

static void
failures_older_than_the_window_are_forgotten(void **state)
{
	struct health h = make(*state);

	bad(&h, NOW);
	bad(&h, NOW);
	bad(&h, NOW);
	bad(&h, NOW + 61 * SECOND);
	assert_false(health_is_down(&h, NOW + 61 * SECOND));
	bad(&h, NOW + 62 * SECOND);
	bad(&h, NOW + 63 * SECOND);
	bad(&h, NOW + 64 * SECOND);
	assert_true(health_is_down(&h, NOW + 64 * SECOND));
	stats_close(h.stats);
}

static struct health
make_down(struct fixture *fx)
{
	struct health h = make(fx);

	for (int n = 0; n < 4; n++)
		bad(&h, NOW);
	assert_true(health_is_down(&h, NOW));
	return h;
}

static void
after_the_pause_calls_are_let_through(void **state)
{
	struct health h = make_down(*state);

	assert_true(health_is_down(&h, NOW + 30 * SECOND - 1));
	assert_false(health_is_down(&h, NOW + 30 * SECOND));
	stats_close(h.stats);
}

static void
the_first_call_after_the_pause_decides(void **state)
{
	struct health h = make_down(*state);

	bad(&h, NOW + 31 * SECOND);
	assert_true(health_is_down(&h, NOW + 60 * SECOND));
	assert_false(health_is_down(&h, NOW + 61 * SECOND));
	good(&h, NOW + 62 * SECOND);
	/* The old failures do not count any more. */
	bad(&h, NOW + 62 * SECOND);
	bad(&h, NOW + 62 * SECOND);
	bad(&h, NOW + 62 * SECOND);
	assert_false(health_is_down(&h, NOW + 62 * SECOND));
	stats_close(h.stats);
}

static void
calls_that_end_during_the_pause_change_nothing(void **state)
{
	struct health h = make_down(*state);

	good(&h, NOW + 10 * SECOND);
	assert_true(health_is_down(&h, NOW + 10 * SECOND));
	bad(&h, NOW + 29 * SECOND);
	assert_false(health_is_down(&h, NOW + 30 * SECOND));
	stats_close(h.stats);
}

static void
after_the_pause_one_call_at_a_time_is_admitted(void **state)
{
	struct health h = make_down(*state);
	int64_t later = NOW + 30 * SECOND;

	assert_false(health_admits(&h, later - 1));
	assert_true(health_admits(&h, later));
	assert_false(health_admits(&h, later)); /* somebody tries it */
	/* Whoever was killed while trying is followed by another. */
	assert_false(health_admits(&h, later + h.trial_ms - 1));
	assert_true(health_admits(&h, later + h.trial_ms));
	bad(&h, later + 12 * SECOND);
	assert_false(health_admits(&h, later + 41 * SECOND));
	assert_true(health_admits(&h, later + 42 * SECOND));
	good(&h, later + 42 * SECOND);
	assert_true(health_admits(&h, later + 42 * SECOND));
	assert_true(health_admits(&h, later + 42 * SECOND));
	stats_close(h.stats);
}

static void
a_look_tells_state_since_when_and_what_the_window_saw(void **state)
{
	struct health h = make(*state);
	struct health_view v;

	health_look(&h, NOW, &v);
	assert_int_equal(v.state, HEALTH_CLOSED);
	assert_int_equal(v.since_at, 0);
	good(&h, NOW);
	bad(&h, NOW);
	health_note(&h, HEALTH_STATUS, HEALTH_ANSWERED, 5000, NOW);
	health_look(&h, NOW, &v);
	assert_int_equal(v.calls, 3);
	assert_int_equal(v.failed, 1);
	assert_int_equal(v.slow, 1); /* one that failed is not slow, too */
	health_note(&h, HEALTH_STATUS, HEALTH_UNSURE, 9000, NOW + 1);
	health_look(&h, NOW + 1, &v);
	assert_int_equal(v.failed, 2);
	assert_int_equal(v.slow, 1);
	assert_int_equal(v.state, HEALTH_OPEN);
	assert_int_equal(v.since_at, NOW + 1);
	bad(&h, NOW + 31 * SECOND); /* still down, and since then */
	health_look(&h, NOW + 60 * SECOND, &v);
	assert_int_equal(v.state, HEALTH_OPEN);
	assert_int_equal(v.since_at, NOW + 1);
	health_look(&h, NOW + 61 * SECOND, &v);
	assert_int_equal(v.state, HEALTH_HALF_OPEN);
	good(&h, NOW + 62 * SECOND);
	health_look(&h, NOW + 62 * SECOND, &v);
	assert_int_equal(v.state, HEALTH_CLOSED);
	assert_int_equal(v.since_at, NOW + 62 * SECOND);
	assert_int_equal(v.calls, 0);
	assert_string_equal(health_state_name(HEALTH_HALF_OPEN), "half_open");
	stats_close(h.stats);
	h.stats = NULL;
	health_look(&h, NOW, &v);
	assert_int_equal(v.state, HEALTH_CLOSED);
	assert_true(health_admits(&h, NOW));
}

static void
without_counters_nothing_is_down(void **state)
{
	struct health h = make(*state);

	stats_close(h.stats);
	h.stats = NULL;
	bad(&h, NOW);
	assert_false(health_is_down(&h, NOW));
}

static void
metrics_count_calls_and_add_up_latency(void **state)
{
	struct fixture *fx = *state;
	struct health h = make(fx);
	struct buf b;

	health_note(&h, HEALTH_START, HEALTH_ANSWERED, 50, NOW);
	health_note(&h, HEALTH_START, HEALTH_ANSWERED, 51, NOW);
	health_note(&h, HEALTH_STATUS, HEALTH_UNSURE, 10001, NOW);
	buf_init(&b, fx->a, 16384);
	health_calls_text(&h, STR("s-1"), &b);
	assert_non_null(strstr(b.p,
	    "kvitok_bank_calls_total{contract=\"s-1\",call=\"start\","
	    "end=\"answered\"} 2\n"));
	assert_non_null(strstr(b.p, "call=\"status\",end=\"unsure\"} 1\n"));
	health_latency_text(&h, STR("s-1"), &b);
	assert_non_null(strstr(b.p, "le=\"0.05\"} 1\n"));
	assert_non_null(strstr(b.p, "le=\"0.1\"} 2\n"));
	assert_non_null(strstr(b.p, "le=\"10\"} 2\n"));
	assert_non_null(strstr(b.p, "le=\"+Inf\"} 3\n"));
	assert_non_null(strstr(b.p, "_sum{contract=\"s-1\"} 10.102\n"));
	assert_non_null(strstr(b.p, "_count{contract=\"s-1\"} 3\n"));
	stats_close(h.stats);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(half_of_enough_calls_failing_is_down_and_less_is_not),
		T(too_few_calls_decide_nothing),
		T(every_end_but_an_answer_is_bad_and_so_is_a_slow_answer),
		T(failures_older_than_the_window_are_forgotten),
		T(after_the_pause_calls_are_let_through),
		T(the_first_call_after_the_pause_decides),
		T(calls_that_end_during_the_pause_change_nothing),
		T(after_the_pause_one_call_at_a_time_is_admitted),
		T(a_look_tells_state_since_when_and_what_the_window_saw),
		T(without_counters_nothing_is_down),
		T(metrics_count_calls_and_add_up_latency),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
