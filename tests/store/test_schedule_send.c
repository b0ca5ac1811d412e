/* Parcels of scheduled reports: who gets one, what fails, and how often it is
 * tried; on both databases, with real files. */
#include "schedule_world.h"

static void
each_address_gets_its_own_letter_and_fails_alone(void **state)
{
	struct world *w = *state;
	struct schedule_request r = daily("three");
	struct schedule_health h;

	(void)life_paid(w);
	post.n = 0; /* his receipt */
	go_to(w, 1, 0);
	r.mail = STR("a@example.ru,b@example.ru,c@example.ru");
	assert_done(&w->fx, add(w, &r));
	post.refused = "b@example.ru";
	post.later = "c@example.ru";
	go_to(w, 1, 0);
	work(w);
	assert_int_equal(post.n, 1);
	assert_int_equal(count(w, "done", r.name), 1);
	assert_int_equal(count(w, "refused", r.name), 1);
	assert_int_equal(count(w, "waiting", r.name), 1);
	assert_done(&w->fx,
	    w->p.schedules.health(w->p.schedules.self, w->now, &h, &w->fx.f));
	assert_int_equal(h.n[PARCEL_WAITING], 1);
	assert_int_equal(h.n[PARCEL_REFUSED], 1);
	assert_true(h.oldest_due_at == w->now);
	for (int i = 1; i < 4; i++) {
		assert_int_equal(count(w, "waiting", r.name), 1);
		w->now += 60000;
		work(w);
	}
	assert_int_equal(count(w, "failed", r.name), 1);
	assert_int_equal(post.n, 1);
	w->now += 3600000;
	work(w);
	assert_int_equal(post.n, 1);
	assert_done(&w->fx,
	    w->p.schedules.health(w->p.schedules.self, w->now, &h, &w->fx.f));
	assert_int_equal(h.n[PARCEL_FAILED], 1);
	assert_true(h.oldest_due_at == 0);
}

/* There is no room on the disk so many times; each report is tried five
 * times at once. */
static int full;

static enum err
full_press(void *self, struct arena *a, const struct report_head *head,
    enum report_format format, struct str path, struct report_writer *out,
    struct fault *f)
{
	if (full-- > 0)
		return fault_set(
		    f, ERR_AGAIN, "file_not_written", "as the test says");
	(void)self;
	return press.open(press.self, a, head, format, path, out, f);
}

static void
a_report_that_failed_is_made_again_and_sent(void **state)
{
	struct world *w = *state;
	struct schedule_request r = daily("full");

	go_to(w, 1, 0);
	r.mail = STR("a@example.ru,b@example.ru");
	assert_done(&w->fx, add(w, &r));
	full = 5;
	w->p.press = (struct report_press){ NULL, full_press };
	go_to(w, 1, 0);
	work(w);
	/* The first parcel has met the failure; the other one has not. */
	assert_int_equal(count(w, "waiting", r.name), 1);
	assert_int_equal(count(w, "done", r.name), 1);
	w->now += 60000;
	work(w);
	w->p.press = press;
	assert_int_equal(post.n, 2);
	assert_int_equal(count(w, "done", r.name), 2);
}

static void
a_report_that_always_fails_has_an_end_and_says_why(void **state)
{
	struct world *w = *state;
	struct schedule_request r = daily("never");
	const struct parcel_whole *v;
	struct schedule s;
	size_t len;

	go_to(w, 1, 0);
	assert_done(&w->fx, add(w, &r));
	full = 1000;
	w->p.press = (struct report_press){ NULL, full_press };
	go_to(w, 1, 0);
	for (int i = 0; i < 6; i++) {
		work(w);
		w->now += 60000;
	}
	w->p.press = press;
	assert_int_equal(full, 1000 - 5 * 4); /* four times it was ordered */
	assert_done(&w->fx,
	    w->p.schedules.by_name(
		w->p.schedules.self, w->fx.a, r.name, &s, &w->fx.f));
	assert_done(&w->fx,
	    w->p.schedule_runs.parcels(w->p.schedule_runs.self, w->fx.a, s.id,
		true, 100, &v, &len, &w->fx.f));
	assert_int_equal(len, 1);
	assert_int_equal(v[0].p.state, PARCEL_FAILED);
	assert_text(v[0].p.reason, "file_not_written");
	/* By hand, when there is room: the same period, once more. */
	struct schedule_run run;

	assert_done(&w->fx,
	    schedule_send_now(&w->p, w->fx.a, r.name, STR(""), &run, &w->fx.f));
	work(w);
	w->now += 60000; /* the order that failed is seen first */
	work(w);
	assert_int_equal(post.n, 1);
	assert_int_equal(count(w, "done", r.name), 1);
}

static void
a_file_too_large_for_a_letter_is_named_and_not_attached(void **state)
{
	struct world *w = *state;
	struct schedule_request r = daily("large");

	go_to(w, 1, 0);
	assert_done(&w->fx, add(w, &r));
	w->p.set.report_letter_max = 10;
	go_to(w, 1, 0);
	work(w);
	assert_int_equal(post.n, 1);
	assert_int_equal(post.got[0].parts, 0);
}

static void
into_a_folder_it_comes_whole_under_its_name(void **state)
{
	struct world *w = *state;
	struct schedule_request r = daily("folder");
	char day[DAY_TEXT_SIZE];
	struct stat st;
	struct str path;

	go_to(w, 1, 0);
	r.mail = STR("");
	r.folder = STR("{portal}/{name}-{from}.{format}");
	w->p.outbox.self = NULL;
	assert_rc(&w->fx, add(w, &r), ERR_LIMIT);
	assert_string_equal(w->fx.f.reason, "schedule_no_folder");
	w->p.outbox = outbox;
	assert_done(&w->fx, add(w, &r));
	go_to(w, 1, 0);
	w->p.outbox.self = NULL; /* the setting is gone for a while */
	work(w);
	assert_int_equal(count(w, "waiting", r.name), 1);
	w->p.outbox = outbox;
	w->now += 60000;
	work(w);
	assert_int_equal(count(w, "done", r.name), 1);
	day_of(w->now - DAY_MS, DAY_ZONE_MOSCOW, day);
	path = arena_fmt(
	    w->fx.a, "%s/out/irkutskenergosbyt/folder-%s.csv", folder, day);
	assert_int_equal(stat(path.p, &st), 0);
	assert_true(st.st_size > 100);
	path = arena_fmt(w->fx.a,
	    "%s/out/irkutskenergosbyt/.folder-%s.csv.part", folder, day);
	assert_int_equal(stat(path.p, &st), -1);
	assert_int_equal(post.n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
		    each_address_gets_its_own_letter_and_fails_alone, fresh),
		cmocka_unit_test_setup(
		    a_report_that_failed_is_made_again_and_sent, fresh),
		cmocka_unit_test_setup(
		    a_report_that_always_fails_has_an_end_and_says_why, fresh),
		cmocka_unit_test_setup(
		    a_file_too_large_for_a_letter_is_named_and_not_attached,
		    fresh),
		cmocka_unit_test_setup(
		    into_a_folder_it_comes_whole_under_its_name, fresh),
	};

	return cmocka_run_group_tests(tests, make, end);
}
