/* Who may sit at the desk, and the trail of what was done there. */
#include "login_world.h"

#include <time.h>

static void
rights_that_do_not_fit_are_refused(void **state)
{
	struct world *w = *state;
	struct str login = somebody(w, STR("yuzhnoe-zhks"), RIGHT_READ);
	struct staff_act act = { login, STR("operator:test") };

	refused(w,
	    staff_set_rights(&w->p, w->fx.a, &act, RIGHT_REFUND, &w->fx.f),
	    "staff_rights_supplier");
	refused(w, staff_set_rights(&w->p, w->fx.a, &act, RIGHT_PAY, &w->fx.f),
	    "staff_rights_pay");
	refused(w, staff_set_rights(&w->p, w->fx.a, &act, 0, &w->fx.f),
	    "staff_rights_none");
}

/* Who was blocked by one operator is not let in by another's old look. */
static void
of_two_who_change_a_person_at_once_one_succeeds(void **state)
{
	struct world *w = *state;
	struct str login = accountant(w);
	struct staff_act act = { login, STR("operator:test") };
	struct staff was, to;

	assert_done(&w->fx,
	    w->p.staff.by_login(
		w->p.staff.self, w->fx.a, login, &was, &w->fx.f));
	to = was;
	to.rights = RIGHT_ADMIN;
	assert_done(
	    &w->fx, staff_set_blocked(&w->p, w->fx.a, &act, true, &w->fx.f));
	assert_rc(&w->fx, w->p.staff.may(w->p.staff.self, &to, &was, &w->fx.f),
	    ERR_CONFLICT);
	assert_done(&w->fx,
	    w->p.staff.by_login(
		w->p.staff.self, w->fx.a, login, &was, &w->fx.f));
	assert_true(was.blocked);
	to = was;
	to.rights = RIGHT_ADMIN;
	assert_done(
	    &w->fx, w->p.staff.may(w->p.staff.self, &to, &was, &w->fx.f));
}

static void
a_login_is_taken_once_whatever_its_case(void **state)
{
	struct world *w = *state;
	struct staff_new in = { .login = accountant(w),
		.name = STR("Б"),
		.portal = STR("portalgkh"),
		.rights = RIGHT_READ,
		.password = PASSWORD,
		.actor = STR("operator:test") };
	struct staff s;

	refused(w, staff_add(&w->p, w->fx.a, &in, &s, &w->fx.f),
	    "staff_login_taken");
	in.login = arena_fmt(
	    w->fx.a, "BUH.%.*s", (int)in.login.len - 4, in.login.p + 4);
	refused(w, staff_add(&w->p, w->fx.a, &in, &s, &w->fx.f),
	    "staff_login_taken");
	in.login = STR("бухгалтер");
	refused(w, staff_add(&w->p, w->fx.a, &in, &s, &w->fx.f),
	    "staff_login_form");
	in.login = STR("new.one");
	in.portal = STR("nowhere");
	refused(
	    w, staff_add(&w->p, w->fx.a, &in, &s, &w->fx.f), "portal_unknown");
	in.portal = STR("portalgkh");
	in.supplier = STR("nobody");
	refused(w, staff_add(&w->p, w->fx.a, &in, &s, &w->fx.f),
	    "supplier_unknown");
	in.supplier = STR("");
	in.name = STR("");
	refused(
	    w, staff_add(&w->p, w->fx.a, &in, &s, &w->fx.f), "field_length");
	in.name = STR("\xff");
	refused(
	    w, staff_add(&w->p, w->fx.a, &in, &s, &w->fx.f), "text_bad_utf8");
}

/* --- the trail --------------------------------------------------------- */

static enum err
do_it(void *arg, struct fault *f)
{
	enum err *rc = arg;

	return *rc == ERR_OK ? ERR_OK
			     : fault_set(f, *rc, "internal", "it was not done");
}

static void
what_is_done_is_noted_with_it_or_not_at_all_and_once(void **state)
{
	struct world *w = *state;
	struct str login = accountant(w);
	struct staff_event e;
	const struct ports *p;
	enum err how = ERR_BUG;
	struct staff s;

	assert_done(&w->fx,
	    w->p.staff.by_login(w->p.staff.self, w->fx.a, login, &s, &w->fx.f));
	e = noted_event(&w->p, w->fx.a, &s, "settlement_confirm");
	e.object = STR("01SETTLEMENT");
	p = noted_ports(&w->p, w->fx.a, &e);
	assert_rc(&w->fx, p->tx.run(p->tx.self, "it", do_it, &how, &w->fx.f),
	    ERR_BUG);
	assert_text(trail(w, login, 9), "staff_added");
	how = ERR_OK;
	assert_done(&w->fx, p->tx.run(p->tx.self, "it", do_it, &how, &w->fx.f));
	assert_done(&w->fx, p->tx.run(p->tx.self, "it", do_it, &how, &w->fx.f));
	assert_text(trail(w, login, 9), "settlement_confirm staff_added");
}

/* Changes are refused by force, not by good manners. */
static enum err
spoil(void *arg, struct fault *f)
{
	struct world *w = arg;

	return db_script(
	    w->fx.db, "UPDATE staff_event SET what = 'nothing'", f);
}

static enum err
remove_all(void *arg, struct fault *f)
{
	struct world *w = arg;

	return db_script(w->fx.db, "DELETE FROM staff_event", f);
}

static void
the_trail_of_the_last_ninety_days_cannot_be_changed(void **state)
{
	struct world *w = *state;
	int64_t was = w->now;
	struct str login;
	struct fault f;
	enum err rc;

	/* The database goes by its own clock. */
	w->now = (int64_t)time(NULL) * 1000;
	login = accountant(w);
	w->now = was;
	fault_init(&f);
	assert_true(w->p.tx.run(w->p.tx.self, "spoil", spoil, w, &f) != ERR_OK);
	/* One database refuses, the other does nothing. */
	fault_init(&f);
	rc = w->p.tx.run(w->p.tx.self, "remove", remove_all, w, &f);
	assert_true((rc == ERR_OK) == !fixture_is_sqlite());
	assert_text(trail(w, login, 9), "staff_added");
}

static void
what_is_over_is_swept_away(void **state)
{
	struct world *w = *state;
	struct str login = accountant(w), token = enter(w, login).token, live;
	struct login_done done;
	struct login_who who;
	struct db_rows r;
	int64_t n;

	refused(
	    w, knock(w, login, OTHER, THERE, STR(""), &done), "login_wrong");
	/* Of 2001, so that it is old whatever day it is. */
	fixture_sql(&w->fx,
	    "INSERT INTO staff_event (id, at, actor, staff, portal, what, "
	    "object, detail, address) VALUES ('00OLD', 1000000000000, '', '', "
	    "'', 'login_wrong', '', '', '')");
	/* The same day, but somebody's: of the age that nobody's is swept at.
	 */
	fixture_sql(&w->fx,
	    "INSERT INTO staff_event (id, at, actor, staff, portal, what, "
	    "object, detail, address) VALUES ('00OPS', 1000000000000, "
	    "'operator:test', '', '', 'key_add', '', '', '')");
	assert_done(&w->fx,
	    w->p.trail.sweep(
		w->p.trail.self, 1000000000000, 1000000000001, 9, &w->fx.f));
	assert_done(&w->fx,
	    db_read(w->fx.db, w->fx.a, SQL_STAFF_EVENT_LIST,
		DB_IN(db_t(STR("00Z")), db_n(9)), "tttttttti", 9, &r,
		&w->fx.f));
	assert_int_equal(r.len, 1);
	assert_text(db_row(&r, 0)[0].t, "00OPS");
	w->now += DAY_MS;
	live = enter(w, login).token;
	w->now += 1;
	assert_done(&w->fx, login_sweep(&w->p, &w->fx.f));
	over(w, token);
	assert_done(&w->fx, find(w, live, &who));
	assert_done(&w->fx,
	    w->p.sessions.count(
		w->p.sessions.self, w->now, w->now - HOUR / 2, &n, &w->fx.f));
	assert_int_equal(n, 1);
	assert_done(&w->fx,
	    db_read(w->fx.db, w->fx.a, SQL_STAFF_EVENT_LIST,
		DB_IN(db_t(STR("00Z")), db_n(9)), "tttttttti", 9, &r,
		&w->fx.f));
	assert_int_equal(r.len, 0);
	/* The wrong one of a day ago counts no more. */
	for (int i = 0; i < STAFF_TRIES_FREE; i++)
		refused(w, knock(w, login, OTHER, THERE, STR(""), &done),
		    "login_wrong");
	assert_done(&w->fx, knock(w, login, PASSWORD, THERE, STR(""), &done));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rights_that_do_not_fit_are_refused),
		cmocka_unit_test(
		    of_two_who_change_a_person_at_once_one_succeeds),
		cmocka_unit_test(a_login_is_taken_once_whatever_its_case),
		cmocka_unit_test(
		    what_is_done_is_noted_with_it_or_not_at_all_and_once),
		cmocka_unit_test(
		    the_trail_of_the_last_ninety_days_cannot_be_changed),
		cmocka_unit_test(what_is_over_is_swept_away),
	};

	return cmocka_run_group_tests(tests, make, end);
}
