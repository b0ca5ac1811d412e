/* Reports by schedule: one run of each period, whatever is missed or changes;
 * on both databases. */
#include "schedule_world.h"

static void
a_day_is_sent_once_when_its_time_has_come(void **state)
{
	struct world *w = *state;
	struct schedule_request r = daily("daily");

	(void)life_paid(w);
	post.n = 0; /* his receipt */
	go_to(w, 0, 60);
	assert_done(&w->fx, add(w, &r));
	work(w);
	assert_int_equal(post.n, 0);
	go_to(w, 1, -1);
	work(w);
	assert_int_equal(post.n, 0);
	go_to(w, 0, 0);
	work(w);
	work(w);
	assert_int_equal(post.n, 1);
	assert_string_equal(post.got[0].to, "buh@example.ru");
	assert_non_null(strstr(post.got[0].subject, "Отчёт «Платежи» за "));
	assert_int_equal(post.got[0].parts, 1);
	assert_true(post.got[0].bytes > 100);
	assert_int_equal(count(w, "done", STR("daily")), 1);
}

static void
an_empty_day_is_said_and_its_file_is_made(void **state)
{
	struct world *w = *state;
	struct schedule_request r = daily("empty");

	go_to(w, 20, 0); /* nobody has paid */
	assert_done(&w->fx, add(w, &r));
	go_to(w, 1, 0);
	work(w);
	assert_int_equal(post.n, 1);
	assert_non_null(strstr(post.got[0].subject, "строк нет"));
	assert_true(post.got[0].empty);
	assert_int_equal(post.got[0].parts, 1);
	assert_true(post.got[0].bytes > 100);
}

static void
what_was_missed_is_made_up_in_order_and_no_more_than_allowed(void **state)
{
	struct world *w = *state;
	struct schedule_request r = daily("off");
	struct schedule s;
	char days[5][DAY_TEXT_SIZE];

	go_to(w, 5, 0);
	assert_done(&w->fx, add(w, &r));
	go_to(w, 3, 0); /* off for three days */
	work(w);
	assert_int_equal(post.n, 3);
	for (int i = 0; i < 3; i++) {
		char word[40];

		day_of(w->now - (3 - i) * DAY_MS, DAY_ZONE_MOSCOW, days[i]);
		(void)snprintf(word, sizeof(word), "%.2s.%.2s.%.4s",
		    days[i] + 8, days[i] + 5, days[i]);
		assert_non_null(strstr(post.got[i].subject, word));
	}
	go_to(w, 9, 0); /* four more than are made up */
	work(w);
	assert_int_equal(post.n, 3 + 5);
	assert_done(&w->fx,
	    w->p.schedules.by_name(
		w->p.schedules.self, w->fx.a, STR("off"), &s, &w->fx.f));
	assert_int_equal(s.missed, 4);
	go_to(w, 1, 0);
	work(w);
	assert_int_equal(post.n, 3 + 5 + 1);
}

static void
by_hand_it_is_another_letter_and_never_of_days_to_come(void **state)
{
	struct world *w = *state;
	struct schedule_request r = daily("hand");
	struct schedule_run run;
	char today[DAY_TEXT_SIZE], before[DAY_TEXT_SIZE];

	go_to(w, 1, 0);
	assert_done(&w->fx, add(w, &r));
	assert_rc(&w->fx,
	    schedule_send_now(&w->p, w->fx.a, r.name, STR(""), &run, &w->fx.f),
	    ERR_CONFLICT);
	assert_string_equal(w->fx.f.reason, "schedule_not_over");
	fault_init(&w->fx.f);
	assert_rc(&w->fx,
	    schedule_send_now(
		&w->p, w->fx.a, r.name, STR("30.11"), &run, &w->fx.f),
	    ERR_INVALID);
	assert_string_equal(w->fx.f.reason, "report_day");
	day_of(w->now, DAY_ZONE_MOSCOW, today);
	fault_init(&w->fx.f);
	assert_rc(&w->fx,
	    schedule_send_now(
		&w->p, w->fx.a, r.name, str_of(today), &run, &w->fx.f),
	    ERR_CONFLICT);
	/* A day before it began. */
	day_of(w->now - DAY_MS, DAY_ZONE_MOSCOW, before);
	fault_init(&w->fx.f);
	assert_done(&w->fx,
	    schedule_send_now(
		&w->p, w->fx.a, r.name, str_of(before), &run, &w->fx.f));
	work(w);
	assert_int_equal(post.n, 1);
	assert_done(&w->fx,
	    schedule_send_now(
		&w->p, w->fx.a, r.name, str_of(before), &run, &w->fx.f));
	work(w);
	assert_int_equal(post.n, 2);
	assert_string_not_equal(post.got[0].id, post.got[1].id);
	assert_int_equal(post.got[0].bytes, post.got[1].bytes);
	/* After a week its file is gone, and is made again. */
	w->now += 8 * DAY_MS;
	fixture_sql(&w->fx, "UPDATE report_schedule SET next_at = 0");
	work(w);
	assert_done(&w->fx,
	    schedule_send_now(
		&w->p, w->fx.a, r.name, str_of(before), &run, &w->fx.f));
	work(w);
	w->now += 60000;
	work(w);
	assert_int_equal(post.n, 3);
}

static void
a_supplier_gets_rows_of_its_own_alone(void **state)
{
	struct world *w = *state;
	struct schedule_request r = daily("supplier");
	struct caller own = { .key_id = STR("k1"),
		.portal = STR("irkutskenergosbyt"),
		.supplier = STR("ro-sever") };
	struct caller other = own, whole = own, elsewhere = own;
	const struct parcel_whole *v;
	struct report_order o;
	struct schedule s;
	size_t len;

	r.supplier = STR("ro-sever");
	r.q.id = REPORT_CASES; /* which have no supplier */
	assert_rc(&w->fx, add(w, &r), ERR_DENIED);
	assert_string_equal(w->fx.f.reason, "report_foreign");
	r.q.id = REPORT_PAYMENTS;
	r.q.filter[REPORT_SUPPLIER] = STR("irkutskenergosbyt");
	assert_rc(&w->fx, add(w, &r), ERR_DENIED);
	r.q.filter[REPORT_SUPPLIER] = STR("");
	r.supplier = STR("nobody");
	assert_rc(&w->fx, add(w, &r), ERR_INVALID);
	assert_string_equal(w->fx.f.reason, "supplier_unknown");
	r.supplier = STR("ro-sever");
	(void)life_paid(w); /* to irkutskenergosbyt */
	post.n = 0;
	go_to(w, 0, 60);
	assert_done(&w->fx, add(w, &r));
	go_to(w, 1, 0);
	work(w);
	assert_int_equal(post.n, 1);
	assert_true(post.got[0].empty);
	assert_done(&w->fx,
	    w->p.schedules.by_name(
		w->p.schedules.self, w->fx.a, r.name, &s, &w->fx.f));
	assert_done(&w->fx,
	    w->p.schedule_runs.parcels(w->p.schedule_runs.self, w->fx.a, s.id,
		true, 1, &v, &len, &w->fx.f));
	assert_int_equal(len, 1);
	/* Who may fetch the file that was made. */
	other.supplier = STR("irkutskenergosbyt");
	whole.supplier = STR("");
	elsewhere = whole;
	elsewhere.portal = STR("portalgkh");
	assert_done(&w->fx,
	    report_order_load(
		&w->p, w->fx.a, &own, v[0].r.order, &o, &w->fx.f));
	assert_text(o.q.filter[REPORT_SUPPLIER], "ro-sever");
	assert_done(&w->fx,
	    report_order_load(
		&w->p, w->fx.a, &whole, v[0].r.order, &o, &w->fx.f));
	assert_rc(&w->fx,
	    report_order_load(
		&w->p, w->fx.a, &other, v[0].r.order, &o, &w->fx.f),
	    ERR_ABSENT);
	assert_rc(&w->fx,
	    report_order_load(
		&w->p, w->fx.a, &elsewhere, v[0].r.order, &o, &w->fx.f),
	    ERR_ABSENT);
}

static void
a_portal_that_is_gone_fails_aloud(void **state)
{
	struct world *w = *state;
	struct schedule_request r = daily("gone");
	const struct parcel_whole *v;
	struct schedule s;
	size_t len;

	go_to(w, 1, 0);
	r.supplier = STR("ro-sever");
	assert_done(&w->fx, add(w, &r));
	fixture_sql(&w->fx,
	    "UPDATE report_schedule SET supplier = 'gone-away' "
	    "WHERE name = 'gone'");
	go_to(w, 1, 0);
	work(w);
	assert_done(&w->fx,
	    w->p.schedules.by_name(
		w->p.schedules.self, w->fx.a, r.name, &s, &w->fx.f));
	assert_done(&w->fx,
	    w->p.schedule_runs.parcels(w->p.schedule_runs.self, w->fx.a, s.id,
		true, 1, &v, &len, &w->fx.f));
	assert_int_equal(len, 1);
	assert_int_equal(v[0].p.state, PARCEL_FAILED);
	assert_text(v[0].p.reason, "supplier_unknown");
	assert_int_equal(v[0].r.order.len, 0);
	assert_int_equal(post.n, 0);
	/* Put right, it is sent by hand. */
	struct schedule_run run;

	fixture_sql(&w->fx,
	    "UPDATE report_schedule SET supplier = 'ro-sever' "
	    "WHERE name = 'gone'");
	assert_done(&w->fx,
	    schedule_send_now(&w->p, w->fx.a, r.name, STR(""), &run, &w->fx.f));
	work(w);
	assert_int_equal(post.n, 1);
}

static void
removed_it_sends_nothing_that_waits(void **state)
{
	struct world *w = *state;
	struct schedule_request r = daily("removed");

	go_to(w, 1, 0);
	assert_done(&w->fx, add(w, &r));
	assert_rc(&w->fx, add(w, &r), ERR_CONFLICT);
	assert_string_equal(w->fx.f.reason, "schedule_known");
	post.later = "buh@example.ru";
	go_to(w, 1, 0);
	work(w);
	assert_done(&w->fx,
	    schedule_remove(
		&w->p, w->fx.a, r.name, STR("operator:test"), &w->fx.f));
	post.later = NULL;
	go_to(w, 1, 0);
	work(w);
	assert_int_equal(post.n, 0);
	assert_rc(&w->fx,
	    schedule_remove(
		&w->p, w->fx.a, r.name, STR("operator:test"), &w->fx.f),
	    ERR_ABSENT);
	assert_string_equal(w->fx.f.reason, "schedule_unknown");
	fault_init(&w->fx.f);
	assert_done(&w->fx, add(w, &r)); /* its name is free */
}

static void
with_a_last_day_it_ends(void **state)
{
	struct world *w = *state;
	struct schedule_request r = daily("ends");
	char last[DAY_TEXT_SIZE];

	go_to(w, 1, 0);
	day_of(w->now + DAY_MS, DAY_ZONE_MOSCOW, last);
	r.to_day = str_of(last);
	assert_done(&w->fx, add(w, &r));
	for (int i = 0; i < 4; i++) {
		go_to(w, 1, 0);
		work(w);
	}
	assert_int_equal(post.n, 2);
}

/* The hosts were off; what was wanted is made up whole. */
static void
with_a_last_day_long_ago_its_days_are_made_up_all_the_same(void **state)
{
	struct world *w = *state;
	struct schedule_request r = daily("ended");
	struct schedule s;
	char last[DAY_TEXT_SIZE];

	go_to(w, 1, 0);
	day_of(w->now + 2 * DAY_MS, DAY_ZONE_MOSCOW, last);
	r.to_day = str_of(last);
	assert_done(&w->fx, add(w, &r));
	go_to(w, 20, 0);
	work(w);
	assert_int_equal(post.n, 3);
	assert_done(&w->fx,
	    w->p.schedules.by_name(
		w->p.schedules.self, w->fx.a, r.name, &s, &w->fx.f));
	assert_int_equal(s.missed, 0);
	assert_int_equal(s.next_at, 0);
}

/* A failure of long ago is not hidden by what went well since. */
static void
what_is_not_sent_is_listed_however_much_was_sent_since(void **state)
{
	struct world *w = *state;
	struct schedule_request r = daily("hidden");
	const struct parcel_whole *v;
	struct schedule s;
	char first[DAY_TEXT_SIZE];
	size_t len;

	go_to(w, 1, 0);
	day_of(w->now, DAY_ZONE_MOSCOW, first);
	assert_done(&w->fx, add(w, &r));
	post.refused = "buh@example.ru";
	go_to(w, 1, 0);
	work(w);
	post.refused = NULL;
	for (int i = 0; i < 3; i++) {
		go_to(w, 1, 0);
		work(w);
	}
	assert_int_equal(post.n, 3);
	assert_done(&w->fx,
	    w->p.schedules.by_name(
		w->p.schedules.self, w->fx.a, r.name, &s, &w->fx.f));
	assert_done(&w->fx,
	    w->p.schedule_runs.parcels(w->p.schedule_runs.self, w->fx.a, s.id,
		false, 2, &v, &len, &w->fx.f));
	assert_int_equal(len, 1);
	assert_int_equal(v[0].p.state, PARCEL_REFUSED);
	assert_text(v[0].r.from_day, first);
	assert_done(&w->fx,
	    w->p.schedule_runs.parcels(w->p.schedule_runs.self, w->fx.a, s.id,
		true, 3, &v, &len, &w->fx.f));
	assert_int_equal(len, 3);
	assert_int_equal(v[2].p.state, PARCEL_DONE);
}

static void
two_schedules_never_write_one_file(void **state)
{
	struct world *w = *state;
	struct schedule_request r = daily("first");

	go_to(w, 1, 0);
	r.mail = STR("");
	r.folder = STR("{portal}/{report}-{from}.{format}");
	assert_done(&w->fx, add(w, &r));
	r.name = STR("second");
	assert_rc(&w->fx, add(w, &r), ERR_CONFLICT);
	assert_string_equal(w->fx.f.reason, "schedule_folder_taken");
	assert_string_equal(w->fx.f.fields[0].pointer, "folder");
	/* The same place by another way. */
	r.folder = STR("irkutskenergosbyt/payments-{from}.csv");
	assert_rc(&w->fx, add(w, &r), ERR_CONFLICT);
	r.folder = STR("{portal}/{report}-{to}.{format}");
	assert_rc(&w->fx, add(w, &r), ERR_CONFLICT);
	r.folder = STR("{portal}/{report}-{from}-{to}.{format}");
	assert_done(&w->fx, add(w, &r));
	r.name = STR("third");
	r.folder = STR("{portal}/{name}-{from}.{format}");
	assert_done(&w->fx, add(w, &r));
	assert_done(&w->fx,
	    schedule_remove(
		&w->p, w->fx.a, STR("first"), STR("operator:test"), &w->fx.f));
	r.name = STR("fourth");
	r.folder = STR("{portal}/{report}-{from}.{format}");
	assert_done(&w->fx, add(w, &r));
}

static void
refused(struct world *w, const struct schedule_request *r, const char *reason,
    const char *field)
{
	assert_rc(&w->fx, add(w, r), ERR_INVALID);
	assert_string_equal(w->fx.f.reason, reason);
	assert_string_equal(w->fx.f.fields[0].pointer, field);
}

static void
what_is_asked_wrongly_is_refused_by_its_field(void **state)
{
	struct world *w = *state;
	struct schedule_request r = daily("Wrong");
	char day[DAY_TEXT_SIZE];

	refused(w, &r, "schedule_name", "name");
	r = daily("wrong");
	r.portal = STR("nobody");
	refused(w, &r, "portal_unknown", "portal");
	r = daily("wrong");
	r.mail = STR("");
	refused(w, &r, "schedule_target", "mail");
	r.mail = STR("a@b.ru");
	r.folder = STR("{from}");
	refused(w, &r, "schedule_target", "mail");
	r.mail = STR("");
	r.folder = STR("../{from}");
	refused(w, &r, "schedule_path", "folder");
	r.folder = STR("{portal}{portal}{portal}{portal}{portal}{portal}"
		       "{portal}{portal}{portal}{portal}{portal}{portal}"
		       "{portal}{portal}{portal}{portal}{portal}{portal}{to}");
	refused(w, &r, "schedule_path", "folder");
	r = daily("wrong");
	r.from_day = STR("28.11.2026");
	refused(w, &r, "report_day", "from");
	r.from_day = STR("2020-01-01");
	refused(w, &r, "schedule_from", "from");
	r.from_day = STR("2999-12-31");
	refused(w, &r, "schedule_from", "from");
	day_of(w->now, DAY_ZONE_MOSCOW, day);
	r.from_day = str_of(day);
	r.to_day = STR("2020-01-01");
	refused(w, &r, "report_upside_down", "to");
	r.to_day = STR("never");
	refused(w, &r, "report_day", "to");
	/* Its first month would end after its last day. */
	r.period = STR("month");
	r.from_day = STR("2027-03-01");
	r.to_day = STR("2027-03-30");
	refused(w, &r, "schedule_to", "to");
	r.name = STR("right");
	r.to_day = STR("2027-03-31");
	assert_done(&w->fx, add(w, &r));
	r = daily("wrong");
	r.format = REPORT_FORMAT__COUNT;
	refused(w, &r, "report_format", "format");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
		    a_day_is_sent_once_when_its_time_has_come, fresh),
		cmocka_unit_test_setup(
		    an_empty_day_is_said_and_its_file_is_made, fresh),
		cmocka_unit_test_setup(
		    what_was_missed_is_made_up_in_order_and_no_more_than_allowed,
		    fresh),
		cmocka_unit_test_setup(
		    by_hand_it_is_another_letter_and_never_of_days_to_come,
		    fresh),
		cmocka_unit_test_setup(
		    a_supplier_gets_rows_of_its_own_alone, fresh),
		cmocka_unit_test_setup(
		    a_portal_that_is_gone_fails_aloud, fresh),
		cmocka_unit_test_setup(
		    removed_it_sends_nothing_that_waits, fresh),
		cmocka_unit_test_setup(with_a_last_day_it_ends, fresh),
		cmocka_unit_test_setup(
		    with_a_last_day_long_ago_its_days_are_made_up_all_the_same,
		    fresh),
		cmocka_unit_test_setup(
		    what_is_not_sent_is_listed_however_much_was_sent_since,
		    fresh),
		cmocka_unit_test_setup(
		    two_schedules_never_write_one_file, fresh),
		cmocka_unit_test_setup(
		    what_is_asked_wrongly_is_refused_by_its_field, fresh),
	};

	return cmocka_run_group_tests(tests, make, end);
}
