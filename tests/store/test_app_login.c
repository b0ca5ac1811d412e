/* Who sits at the desk, over a real database; the test holds the clock. */
#include "login_world.h"

#include <argon2.h>

static void
a_password_opens_a_session_of_which_only_the_digest_is_kept(void **state)
{
	struct world *w = *state;
	struct str login = somebody(w, STR("yuzhnoe-zhks"), RIGHT_REPORT);
	struct login_done done = enter(w, STR(" BUH.1 "));
	struct login_who who;
	char hex[65];

	assert_done(&w->fx, find(w, done.token, &who));
	assert_true(str_eq(who.staff.login, login));
	assert_text(who.staff.supplier, "yuzhnoe-zhks");
	assert_int_equal(who.staff.rights, RIGHT_REPORT);
	assert_false(done.must_change);
	assert_text(who.session.address, "192.0.2.*");
	secret_sha256_hex(done.token, hex);
	assert_text(who.session.digest, hex);
	assert_true(
	    str_starts(who.staff.hash, STR("$argon2id$v=19$m=19456,t=2,p=1$")));
	assert_text(trail(w, login, 9), "login staff_added");
	over(w, STR("0123456789ABCDEFGHJKMNPQRSTVWXYZ"));
	over(w, STR("short"));
	over(w, STR(""));
	assert_false(str_eq(
	    login_csrf(w->fx.a, done.token), login_csrf(w->fx.a, done.device)));
}

static void
a_wrong_password_is_told_as_a_login_that_is_none(void **state)
{
	struct world *w = *state;
	struct str login = accountant(w);
	struct login_done done;

	refused(w, knock(w, login, OTHER, HERE, STR(""), &done), "login_wrong");
	refused(w, knock(w, STR("nobody"), OTHER, HERE, STR(""), &done),
	    "login_wrong");
	refused(w, knock(w, STR("бухгалтер"), OTHER, HERE, STR(""), &done),
	    "login_wrong");
	refused(
	    w, knock(w, login, STR(""), HERE, STR(""), &done), "login_wrong");
	assert_text(trail(w, login, 9), "login_wrong login_wrong staff_added");
}

static void
the_fifth_wrong_password_locks_its_address_for_a_time(void **state)
{
	static const int64_t waits[] = { 30000, 60000, 120000, 240000, 480000,
		900000, 900000 };
	struct world *w = *state;
	struct str login = accountant(w);
	struct login_done done;

	for (int i = 0; i < STAFF_TRIES_FREE; i++)
		refused(w, knock(w, login, OTHER, HERE, STR(""), &done),
		    "login_wrong");
	for (size_t i = 0; i < KV_COUNT(waits); i++) {
		refused(w, knock(w, login, OTHER, HERE, STR(""), &done),
		    "login_wrong");
		w->now += waits[i] - 1;
		refused(w, knock(w, login, PASSWORD, HERE, STR(""), &done),
		    "login_locked");
		assert_int_equal(w->fx.f.retry_after_s, 1);
		w->now += 1;
	}
	assert_text(trail(w, login, 1), "login_locked");
	/* Elsewhere it is free, and stays so. */
	assert_done(&w->fx, knock(w, login, PASSWORD, THERE, STR(""), &done));
	/* A right one makes all of that forgotten. */
	assert_done(&w->fx, knock(w, login, PASSWORD, HERE, STR(""), &done));
	refused(w, knock(w, login, OTHER, HERE, STR(""), &done), "login_wrong");
	assert_done(&w->fx, knock(w, login, PASSWORD, HERE, STR(""), &done));
}

static void
wrong_passwords_of_another_day_are_forgotten(void **state)
{
	struct world *w = *state;
	struct str login = accountant(w);
	struct login_done done;

	for (int i = 0; i < STAFF_TRIES_FREE; i++)
		refused(w, knock(w, login, OTHER, HERE, STR(""), &done),
		    "login_wrong");
	w->now += STAFF_TRY_MS;
	refused(w, knock(w, login, OTHER, HERE, STR(""), &done), "login_wrong");
	assert_done(&w->fx, knock(w, login, PASSWORD, HERE, STR(""), &done));
}

static void
who_guesses_from_the_same_office_keeps_nobody_out_of_his_browser(void **state)
{
	struct world *w = *state;
	struct str login = accountant(w), known = enter(w, login).device;
	struct login_done done;

	for (int i = 0; i <= STAFF_TRIES_FREE; i++)
		refused(w, knock(w, login, OTHER, HERE, STR(""), &done),
		    "login_wrong");
	refused(
	    w, knock(w, login, PASSWORD, HERE, STR(""), &done), "login_locked");
	/* What was made up is no browser that is known. */
	refused(w,
	    knock(w, login, PASSWORD, HERE,
		STR("0123456789ABCDEFGHJKMNPQRSTVWXYZ"), &done),
	    "login_locked");
	assert_done(&w->fx, knock(w, login, PASSWORD, HERE, known, &done));
	assert_true(str_eq(done.device, known));
	/* That browser may guess no more than another. */
	for (int i = 0; i <= STAFF_TRIES_FREE; i++)
		refused(w, knock(w, login, OTHER, HERE, known, &done),
		    "login_wrong");
	refused(
	    w, knock(w, login, PASSWORD, THERE, known, &done), "login_locked");
}

struct guessing {
	struct str login;
};

static void
guess(int i, void *arg)
{
	const struct guessing *g = arg;
	struct world *w = ARENA_NEW(arena_new(1 << 24), struct world);
	struct store_settings s = fixture_settings();
	struct login_done done;
	enum err rc;

	(void)i;
	fault_init(&w->fx.f);
	w->fx.a = arena_new(1 << 24);
	do
		rc = store_open(w->fx.a, &s, &w->fx.st, &w->fx.db, &w->fx.f);
	while (rc == ERR_AGAIN);
	if (rc != ERR_OK)
		_exit(1);
	w->now = T0;
	world_ports(w);
	w->p.staff = w->fx.st.staff;
	w->p.sessions = w->fx.st.sessions;
	w->p.devices = w->fx.st.devices;
	w->p.tries = w->fx.st.tries;
	w->p.trail = w->fx.st.trail;
	do
		rc = knock(w, g->login, OTHER, HERE, STR(""), &done);
	while (rc == ERR_AGAIN);
	_exit(rc == ERR_DENIED || rc == ERR_LIMIT ? 0 : 1);
}

static void
of_many_guesses_at_once_none_is_free(void **state)
{
	struct world *w = *state;
	struct guessing g = { accountant(w) };
	struct db_rows r;

	fixture_crowd(8, guess, &g);
	assert_done(&w->fx,
	    db_read(w->fx.db, w->fx.a, SQL_STAFF_TRY_LOCKED, DB_IN(db_n(T0)),
		"i", 1, &r, &w->fx.f));
	assert_true(r.cells[0].n >= 1);
	/* Five were judged, each of them is in the trail. */
	assert_int_equal(trail(w, g.login, 20).len,
	    sizeof("login_locked login_wrong login_wrong login_wrong "
		   "login_wrong staff_added") -
		1);
}

static void
a_session_ends_when_nobody_is_there_and_when_its_time_is_over(void **state)
{
	struct world *w = *state;
	struct str login = accountant(w), token = enter(w, login).token;
	struct login_who who;
	int64_t began = w->now;

	/* A script that asks by itself is nobody. */
	w->now += HOUR / 4;
	assert_done(
	    &w->fx, login_find(&w->p, w->fx.a, token, false, &who, &w->fx.f));
	assert_int_equal(who.session.seen_at, began);
	w->now = began + HOUR / 2 - 1;
	assert_done(&w->fx, find(w, token, &who));
	w->now += HOUR / 2 - 1;
	assert_done(&w->fx, find(w, token, &who));
	assert_int_equal(who.session.seen_at, began + HOUR / 2 - 1);
	w->now += HOUR / 2;
	over(w, token);
	token = enter(w, login).token;
	began = w->now;
	while (w->now < began + 12 * HOUR - HOUR / 4) {
		assert_done(&w->fx, find(w, token, &who));
		w->now += HOUR / 4;
	}
	w->now = began + 12 * HOUR - 1;
	assert_done(&w->fx, find(w, token, &who));
	w->now++;
	over(w, token);
}

static void
of_one_person_the_oldest_sessions_end(void **state)
{
	struct world *w = *state;
	struct str login = accountant(w), first = enter(w, login).token, last;
	struct login_who who;

	last = first;
	for (int i = 1; i < STAFF_SESSIONS_MAX; i++) {
		w->now += 1000;
		last = enter(w, login).token;
	}
	assert_done(&w->fx, find(w, first, &who));
	w->now += 1000;
	(void)enter(w, login);
	over(w, first);
	assert_done(&w->fx, find(w, last, &who));
}

static void
who_is_blocked_is_out_and_is_told_so_with_the_right_password_alone(void **state)
{
	struct world *w = *state;
	struct str login = accountant(w), token = enter(w, login).token;
	struct staff_act act = { login, STR("operator:test") };
	struct login_done done;
	struct login_who who;

	assert_done(
	    &w->fx, staff_set_blocked(&w->p, w->fx.a, &act, true, &w->fx.f));
	over(w, token);
	refused(w, knock(w, login, OTHER, HERE, STR(""), &done), "login_wrong");
	refused(w, knock(w, login, PASSWORD, HERE, STR(""), &done),
	    "login_blocked");
	assert_done(
	    &w->fx, staff_set_blocked(&w->p, w->fx.a, &act, false, &w->fx.f));
	token = enter(w, login).token;
	/* Rights are those of now. */
	assert_done(&w->fx,
	    staff_set_rights(&w->p, w->fx.a, &act, RIGHT_ADMIN, &w->fx.f));
	assert_done(&w->fx, find(w, token, &who));
	assert_int_equal(who.staff.rights, RIGHT_ADMIN);
	assert_done(&w->fx, staff_log_out(&w->p, w->fx.a, &act, &w->fx.f));
	over(w, token);
	assert_text(trail(w, login, 5),
	    "staff_logged_out staff_rights login staff_unblocked "
	    "login_blocked");
	act.login = STR("nobody");
	refused(
	    w, staff_log_out(&w->p, w->fx.a, &act, &w->fx.f), "staff_unknown");
	act.login = STR("никто");
	refused(
	    w, staff_log_out(&w->p, w->fx.a, &act, &w->fx.f), "staff_unknown");
}

static enum err
change(struct world *w, const struct login_who *who, struct str old,
    struct str password, struct str again, struct str *token)
{
	struct login_change in = { .who = who,
		.old_password = old,
		.password = password,
		.again = again,
		.remote = HERE };

	return login_change(&w->p, w->fx.a, &in, token, &w->fx.f);
}

static void
another_password_ends_every_session_but_a_new_one(void **state)
{
	struct world *w = *state;
	struct str login = accountant(w), other = enter(w, login).token, own,
		   token;
	struct login_who who;
	struct login_done done;

	own = enter(w, login).token;
	assert_done(&w->fx, find(w, own, &who));
	refused(w, change(w, &who, OTHER, OTHER, PASSWORD, &token),
	    "password_same");
	refused(w, change(w, &who, PASSWORD, OTHER, PASSWORD, &token),
	    "password_differs");
	assert_string_equal(w->fx.f.fields[0].pointer, "again");
	refused(w, change(w, &who, PASSWORD, STR("кот"), STR("кот"), &token),
	    "password_short");
	assert_string_equal(w->fx.f.fields[0].pointer, "password");
	refused(w, change(w, &who, STR("не тот пароль"), OTHER, OTHER, &token),
	    "password_wrong");
	assert_string_equal(w->fx.f.fields[0].pointer, "old");
	assert_done(&w->fx, find(w, own, &who));
	assert_done(&w->fx, change(w, &who, PASSWORD, OTHER, OTHER, &token));
	over(w, own);
	over(w, other);
	assert_done(&w->fx, find(w, token, &who));
	refused(
	    w, knock(w, login, PASSWORD, HERE, STR(""), &done), "login_wrong");
	assert_done(&w->fx, knock(w, login, OTHER, HERE, STR(""), &done));
	assert_text(trail(w, login, 4),
	    "login login_wrong password_changed password_wrong");
}

static void
who_found_a_browser_open_may_not_guess_its_password(void **state)
{
	struct world *w = *state;
	struct str login = accountant(w), own = enter(w, login).token, token;
	struct login_who who;

	assert_done(&w->fx, find(w, own, &who));
	for (int i = 0; i <= STAFF_TRIES_FREE; i++)
		refused(w,
		    change(w, &who, STR("не тот пароль"), OTHER, OTHER, &token),
		    "password_wrong");
	refused(
	    w, change(w, &who, PASSWORD, OTHER, OTHER, &token), "login_locked");
}

static void
a_password_that_was_set_meanwhile_is_not_overwritten(void **state)
{
	struct world *w = *state;
	struct str login = accountant(w), token = enter(w, login).token;
	struct staff_act act = { login, STR("operator:test") };
	struct login_done done;
	struct login_who who;
	struct staff stale;

	assert_done(&w->fx, find(w, token, &who));
	stale = who.staff;
	assert_done(&w->fx,
	    staff_set_password(&w->p, w->fx.a, &act, OTHER, true, &w->fx.f));
	over(w, token);
	assert_rc(&w->fx,
	    w->p.staff.password(w->p.staff.self, &stale, stale.hash, &w->fx.f),
	    ERR_CONFLICT);
	assert_done(&w->fx, knock(w, login, OTHER, HERE, STR(""), &done));
	assert_true(done.must_change);
	assert_done(&w->fx, find(w, done.token, &who));
	assert_done(&w->fx, change(w, &who, OTHER, PASSWORD, PASSWORD, &token));
	assert_done(&w->fx, find(w, token, &who));
	assert_false(who.staff.must_change);
}

/* The world's tx, before whose transaction "login" somebody does something. */
struct meanwhile {
	struct world *w;
	struct tx tx;
	void (*act)(struct meanwhile *m);
	struct staff_act who;
	int times;
};

static enum err
run_after(void *self, const char *name,
    enum err (*body)(void *arg, struct fault *f), void *arg, struct fault *f)
{
	struct meanwhile *m = self;

	if (strcmp(name, "login") == 0 && m->times-- > 0) {
		m->w->p.tx = m->tx;
		m->act(m);
		m->w->p.tx = (struct tx){ .self = m, .run = run_after };
	}
	return m->tx.run(m->tx.self, name, body, arg, f);
}

static void
set_other(struct meanwhile *m)
{
	assert_done(&m->w->fx,
	    staff_set_password(
		&m->w->p, m->w->fx.a, &m->who, OTHER, false, &m->w->fx.f));
}

static void
block(struct meanwhile *m)
{
	assert_done(&m->w->fx,
	    staff_set_blocked(
		&m->w->p, m->w->fx.a, &m->who, true, &m->w->fx.f));
}

/* Open sessions were ended with the old password: none begins after that. */
static void
who_is_changed_while_his_password_is_judged_is_judged_anew(void **state)
{
	static const struct {
		void (*act)(struct meanwhile *m);
		const char *reason;
	} cases[] = { { set_other, "login_wrong" },
		{ block, "login_blocked" } };
	struct world *w = *state;

	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		struct meanwhile m = { .w = w,
			.act = cases[i].act,
			.who = { accountant(w), STR("operator:test") },
			.times = 1 };
		const struct staff_present *v;
		struct login_done done;
		enum err rc;
		size_t len;

		m.tx = w->p.tx;
		w->p.tx = (struct tx){ .self = &m, .run = run_after };
		rc = knock(w, m.who.login, PASSWORD, HERE, STR(""), &done);
		w->p.tx = m.tx;
		refused(w, rc, cases[i].reason);
		assert_done(&w->fx,
		    w->p.sessions.list(w->p.sessions.self, w->fx.a, m.who.login,
			w->now, 0, 9, &v, &len, &w->fx.f));
		assert_int_equal(len, 0);
	}
}

static void
a_hash_that_was_made_with_less_is_made_anew(void **state)
{
	static const char salt[] = "0123456789abcdef";
	struct world *w = *state;
	struct str login = accountant(w), password = PASSWORD, token;
	struct login_who who;
	char weak[200];

	assert_int_equal(
	    argon2id_hash_encoded(1, 1024, 1, password.p, password.len, salt,
		sizeof(salt) - 1, 32, weak, sizeof(weak)),
	    ARGON2_OK);
	fixture_sql(&w->fx,
	    arena_fmt(w->fx.a,
		"UPDATE staff SET hash = '%s' WHERE login = '%.*s'", weak,
		STR_ARG(login))
		.p);
	token = enter(w, login).token;
	assert_done(&w->fx, find(w, token, &who));
	assert_true(
	    str_starts(who.staff.hash, STR("$argon2id$v=19$m=19456,t=2,p=1$")));
	(void)enter(w, login);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_password_opens_a_session_of_which_only_the_digest_is_kept),
		cmocka_unit_test(
		    a_wrong_password_is_told_as_a_login_that_is_none),
		cmocka_unit_test(
		    the_fifth_wrong_password_locks_its_address_for_a_time),
		cmocka_unit_test(wrong_passwords_of_another_day_are_forgotten),
		cmocka_unit_test(
		    who_guesses_from_the_same_office_keeps_nobody_out_of_his_browser),
		cmocka_unit_test(of_many_guesses_at_once_none_is_free),
		cmocka_unit_test(
		    a_session_ends_when_nobody_is_there_and_when_its_time_is_over),
		cmocka_unit_test(of_one_person_the_oldest_sessions_end),
		cmocka_unit_test(
		    who_is_blocked_is_out_and_is_told_so_with_the_right_password_alone),
		cmocka_unit_test(
		    another_password_ends_every_session_but_a_new_one),
		cmocka_unit_test(
		    who_found_a_browser_open_may_not_guess_its_password),
		cmocka_unit_test(
		    a_password_that_was_set_meanwhile_is_not_overwritten),
		cmocka_unit_test(
		    who_is_changed_while_his_password_is_judged_is_judged_anew),
		cmocka_unit_test(a_hash_that_was_made_with_less_is_made_anew),
	};

	return cmocka_run_group_tests(tests, make, end);
}
