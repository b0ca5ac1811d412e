#include "fixture.h"

#include "kvitok/store/watch.h"

#include <time.h>

/* --- values --------------------------------------------------------- */

struct putting {
	struct fixture *fx;
	const struct job *job;
};

static enum err
put_body(void *arg, struct fault *f)
{
	const struct putting *p = arg;

	return p->fx->st.jobs.put(p->fx->db, p->job, f);
}

static enum err
put_job(struct fixture *fx, const struct job *j)
{
	struct putting p = { fx, j };

	return fx->st.tx.run(fx->db, "put", put_body, &p, &fx->f);
}

static struct job
job(struct fixture *fx, const char *kind)
{
	return (struct job){ .akey = STR("7K3M9QZT"),
		.id = fixture_ulid(fx->a, T0),
		.kind = str_of(kind),
		.ref = fixture_ulid(fx->a, T0),
		.due_at = T0,
		.created_at = T0,
		.progress = STR("") };
}

static const struct job *
job_read(struct fixture *fx, const struct job *j)
{
	const struct job *v;
	size_t len;

	assert_done(fx,
	    fx->st.jobs.list(fx->db, fx->a, STR(""), 500, &v, &len, &fx->f));
	for (size_t i = 0; i < len; i++)
		if (str_eq(v[i].id, j->id))
			return &v[i];
	return NULL;
}

static void
int64_is_exact_to_its_extremes(void **state)
{
	struct fixture *fx = *state;
	const int64_t values[] = { INT64_MIN, -1, 0, 9007199254740993,
		INT64_MAX };

	for (size_t i = 0; i < KV_COUNT(values); i++) {
		struct job j = job(fx, "values");

		j.due_at = values[i];
		assert_done(fx, put_job(fx, &j));
		assert_int_equal(job_read(fx, &j)->due_at, values[i]);
	}
}

static void
text_is_exact_at_every_length_in_any_order(void **state)
{
	struct fixture *fx = *state;
	/* The reading buffer is 512; drivers remember former lengths. */
	const size_t lens[] = { 1000000, 0, 3, 510, 511, 512, 513, 1, 70000,
		0 };

	for (size_t i = 0; i < KV_COUNT(lens); i++) {
		struct job j = job(fx, "values");
		char *p = arena_alloc(fx->a, lens[i] + 1);
		struct str got;

		for (size_t k = 0; k < lens[i]; k++)
			p[k] = (char)('a' + (k + i) % 26);
		j.progress = (struct str){ p, lens[i] };
		assert_done(fx, put_job(fx, &j));
		got = job_read(fx, &j)->progress;
		assert_int_equal(got.len, lens[i]);
		assert_true(str_eq(got, j.progress));
	}
}

static void
russian_and_emoji_and_quotes_are_exact(void **state)
{
	struct fixture *fx = *state;
	struct job j = job(fx, "values");

	j.progress = STR("Ёлка «№5» ₽ 🧾 ' \" \\ ? % \t\n {x}");
	assert_done(fx, put_job(fx, &j));
	assert_true(str_eq(job_read(fx, &j)->progress, j.progress));
}

static void
text_with_a_nul_is_refused_and_not_cut(void **state)
{
	struct fixture *fx = *state;
	struct job j = job(fx, "values");

	j.progress = STR("a\0b");
	assert_rc(fx, put_job(fx, &j), ERR_INVALID);
	assert_string_equal(fx->f.reason, "text_bad_utf8");
	assert_null(job_read(fx, &j));
}

static void
no_rows_changed_is_told_as_zero(void **state)
{
	struct fixture *fx = *state;
	int64_t changed = 7;

	assert_done(fx,
	    db_run(fx->db, SQL_REF_KEY_WITHDRAW,
		DB_IN(db_n(T0), db_t(STR("nobody"))), &changed, &fx->f));
	assert_int_equal(changed, 0);
	changed = 7;
	assert_done(
	    fx, db_run(fx->db, SQL_REF_RAISE, DB_IN_NONE, &changed, &fx->f));
	assert_int_equal(changed, 1);
}

static void
more_rows_than_the_limit_are_a_bug_and_harm_nothing(void **state)
{
	struct fixture *fx = *state;
	struct db_rows r;

	assert_rc(fx,
	    db_read(fx->db, fx->a, SQL_SCHEMA_LIST, DB_IN_NONE, "it", 1, &r,
		&fx->f),
	    ERR_BUG);
	assert_done(fx,
	    db_read(fx->db, fx->a, SQL_SCHEMA_LIST, DB_IN_NONE, "it", 100, &r,
		&fx->f));
	assert_int_equal(r.len, sql_migrations_len);
}

/* --- rules ---------------------------------------------------------- */

static void
the_same_key_twice_is_a_conflict(void **state)
{
	struct fixture *fx = *state;

	for (int i = 0; i < 2; i++)
		assert_rc(fx,
		    db_run(fx->db, SQL_SCHEMA_PUT,
			DB_IN(db_n(99999), db_t(STR("x")), db_t(STR("y")),
			    db_n(T0)),
			NULL, &fx->f),
		    i == 0 ? ERR_OK : ERR_CONFLICT);
	assert_string_equal(fx->f.reason, "row_conflict");
	fixture_sql(fx, "DELETE FROM schema_version WHERE version = 99999");
}

static void
a_reference_to_nothing_is_a_conflict(void **state)
{
	struct fixture *fx = *state;
	struct new_key k = { .key_id = STR("01X"),
		.portal = STR("no-portal"),
		.rights = STR("pay"),
		.title = STR("t"),
		.supplier = STR(""),
		.at = T0 };
	char hash[65];

	secret_sha256_hex(STR("x"), hash);
	k.key_hash = str_of(hash);
	assert_rc(fx, fx->st.refs.key_put(fx->db, &k, &fx->f), ERR_CONFLICT);
	assert_string_equal(fx->f.reason, "row_conflict");
}

static void
a_missing_or_wrong_value_is_a_conflict(void **state)
{
	struct fixture *fx = *state;

	assert_rc(fx,
	    db_run(fx->db, SQL_SCHEMA_PUT,
		DB_IN(db_n(99998), db_t0(STR_NONE), db_t(STR("y")), db_n(T0)),
		NULL, &fx->f),
	    ERR_CONFLICT);
}

/* --- transactions --------------------------------------------------- */

struct body {
	struct fixture *fx;
	struct job job;
	struct fault inner;
	int runs;
};

static enum err
swallowing_body(void *arg, struct fault *f)
{
	struct body *b = arg;
	enum err rc = b->fx->st.jobs.put(b->fx->db, &b->job, f);

	if (rc != ERR_OK)
		return rc;
	b->runs++;
	/* It fails, and nobody looks. */
	rc = db_run(b->fx->db, SQL_SCHEMA_PUT,
	    DB_IN(db_n(1), db_t(STR("x")), db_t(STR("y")), db_n(T0)), NULL,
	    &b->inner);
	assert_int_equal(rc, ERR_CONFLICT);
	return ERR_OK;
}

static void
a_transaction_with_a_failed_statement_is_never_committed(void **state)
{
	struct fixture *fx = *state;
	struct body b = { .fx = fx, .job = job(fx, "tx") };

	fault_init(&b.inner);
	assert_rc(fx,
	    fx->st.tx.run(fx->db, "swallow", swallowing_body, &b, &fx->f),
	    ERR_CONFLICT);
	assert_int_equal(b.runs, 1);
	assert_null(job_read(fx, &b.job));
	assert_false(db_in_tx(fx->db));
}

static enum err
failing_body(void *arg, struct fault *f)
{
	struct body *b = arg;
	enum err rc = b->fx->st.jobs.put(b->fx->db, &b->job, f);

	if (rc != ERR_OK)
		return rc;
	b->runs++;
	return b->runs < 4 ? fault_set(f, ERR_AGAIN, "busy", "once more")
			   : ERR_OK;
}

static void
again_runs_the_body_afresh_and_keeps_only_the_last_run(void **state)
{
	struct fixture *fx = *state;
	struct body b = { .fx = fx, .job = job(fx, "tx") };

	assert_done(
	    fx, fx->st.tx.run(fx->db, "again", failing_body, &b, &fx->f));
	assert_int_equal(b.runs, 4);
	assert_non_null(job_read(fx, &b.job));
	b.runs = -10;
	b.job = job(fx, "tx");
	assert_rc(fx, fx->st.tx.run(fx->db, "again", failing_body, &b, &fx->f),
	    ERR_AGAIN);
	assert_int_equal(b.runs, -5);
	assert_null(job_read(fx, &b.job));
}

static enum err
raise_body(void *arg, struct fault *f)
{
	struct fixture *fx = arg;

	return db_run(fx->db, SQL_REF_RAISE, DB_IN_NONE, NULL, f);
}

static void
a_lock_of_another_is_waited_for_and_then_busy(void **state)
{
	struct fixture *fx = *state, other;
	struct store_settings s = fixture_settings();
	int64_t began;

	s.lock_ms = 60;
	fixture_open_with(&other, &s);
	assert_done(fx, db_begin(fx->db, &fx->f));
	assert_done(fx, raise_body(fx, &fx->f));
	began = watch_now();
	assert_rc(&other,
	    other.st.tx.run(other.db, "raise", raise_body, &other, &other.f),
	    ERR_AGAIN);
	assert_string_equal(other.f.reason, "busy");
	/* Five runs of at least 60 ms each. */
	assert_in_range(watch_now() - began, 300, 1500);
	/* A single statement waits the same way. */
	assert_rc(&other, raise_body(&other, &other.f), ERR_AGAIN);
	db_rollback(fx->db);
	assert_done(&other, raise_body(&other, &other.f));
	fixture_close(&other);
}

static void
raise_in_crowd(int i, void *arg)
{
	struct store_settings s = fixture_settings();
	struct fixture fx;

	(void)i;
	(void)arg; /* all do the same */
	s.lock_ms = 10000;
	s.statement_ms = 10000;
	fixture_open_with(&fx, &s);
	for (int k = 0; k < 25; k++)
		if (fx.st.tx.run(fx.db, "raise", raise_body, &fx, &fx.f) !=
		    ERR_OK) {
			fprintf(stderr, "%s: %s\n", fx.f.reason, fx.f.detail);
			_exit(1);
		}
	fixture_close(&fx);
}

static void
of_eight_writers_none_is_lost(void **state)
{
	struct fixture *fx = *state;
	int64_t before, after;

	assert_done(fx, fx->st.refs.version(fx->db, &before, &fx->f));
	fixture_crowd(8, raise_in_crowd, NULL);
	assert_done(fx, fx->st.refs.version(fx->db, &after, &fx->f));
	assert_int_equal(after - before, 200);
}

static void
die_in_transaction(int i, void *arg)
{
	struct fixture fx;
	enum err rc;

	(void)i;
	(void)arg; /* there is one of them */
	fixture_open(&fx);
	rc = db_begin(fx.db, &fx.f);
	if (rc == ERR_OK && raise_body(&fx, &fx.f) == ERR_OK)
		_exit(0); /* without a word to the database */
	_exit(1);
}

static void
a_process_that_dies_in_a_transaction_leaves_nothing(void **state)
{
	struct fixture *fx = *state;
	int64_t before, after;

	assert_done(fx, fx->st.refs.version(fx->db, &before, &fx->f));
	fixture_crowd(1, die_in_transaction, NULL);
	assert_done(fx, fx->st.tx.run(fx->db, "raise", raise_body, fx, &fx->f));
	assert_done(fx, fx->st.refs.version(fx->db, &after, &fx->f));
	assert_int_equal(after - before, 1);
}

struct crossing {
	struct fixture *fx;
	struct str first, second; /* keys to withdraw, in this order */
	int go, wait;             /* pipes: begun, may go on */
	int runs;
};

static enum err
crossing_body(void *arg, struct fault *f)
{
	struct crossing *c = arg;
	char one = 'x';
	enum err rc;

	rc = db_run(c->fx->db, SQL_JOB_DONE,
	    DB_IN(db_n(T0), db_t(STR("7K3M9QZT")), db_t(c->first), db_n(0)),
	    NULL, f);
	/* Both hold their first row before either asks for its second; the
	 * second run of the one that lost waits for nobody. */
	if (rc == ERR_OK && c->runs++ == 0 &&
	    (write(c->go, &one, 1) != 1 || read(c->wait, &one, 1) != 1))
		return fault_set(f, ERR_BUG, "internal", "pipe");
	if (rc == ERR_OK)
		rc = db_run(c->fx->db, SQL_JOB_DONE,
		    DB_IN(db_n(T0), db_t(STR("7K3M9QZT")), db_t(c->second),
			db_n(0)),
		    NULL, f);
	return rc;
}

struct pair {
	struct str a, b;
	int pipes[2][2];
};

static void
cross(int i, void *arg)
{
	const struct pair *p = arg;
	struct fixture fx;
	struct crossing c = { &fx, i ? p->a : p->b, i ? p->b : p->a,
		p->pipes[i][1], p->pipes[!i][0], 0 };

	fixture_open(&fx);
	if (fx.st.tx.run(fx.db, "cross", crossing_body, &c, &fx.f) != ERR_OK) {
		fprintf(stderr, "%s: %s\n", fx.f.reason, fx.f.detail);
		_exit(1);
	}
	fixture_close(&fx);
}

static void
of_two_that_lock_each_other_out_both_get_through(void **state)
{
	struct fixture *fx = *state;
	struct job a = job(fx, "cross"), b = job(fx, "cross");
	struct pair p = { a.id, b.id, { { -1, -1 }, { -1, -1 } } };

	if (fixture_is_sqlite())
		skip(); /* one writer at a time: it cannot happen */
	assert_done(fx, put_job(fx, &a));
	assert_done(fx, put_job(fx, &b));
	for (int i = 0; i < 2; i++)
		assert_int_equal(pipe(p.pipes[i]), 0);
	fixture_crowd(2, cross, &p);
	assert_text(job_read(fx, &a)->state, "done");
	assert_text(job_read(fx, &b)->state, "done");
	for (int i = 0; i < 2; i++) {
		close(p.pipes[i][0]);
		close(p.pipes[i][1]);
	}
}

static enum err
slow_body(void *arg, struct fault *f)
{
	struct timespec t = { 0, 120000000 };

	(void)f;
	(void)nanosleep(&t, NULL);
	++*(int *)arg;
	return ERR_OK;
}

static void
a_transaction_older_than_its_life_is_not_committed(void **state)
{
	struct store_settings s = fixture_settings();
	struct fixture own;
	int runs = 0;

	(void)state;
	s.life_ms = 100;
	fixture_open_with(&own, &s);
	assert_rc(&own,
	    own.st.tx.run(own.st.tx.self, "slow", slow_body, &runs, &own.f),
	    ERR_AGAIN);
	assert_string_equal(own.f.reason, "busy");
	assert_int_equal(runs, 5);
	assert_false(db_in_tx(own.db));
	fixture_close(&own);
	s.life_ms = 5000;
	fixture_open_with(&own, &s);
	assert_done(&own,
	    own.st.tx.run(own.st.tx.self, "slow", slow_body, &runs, &own.f));
	fixture_close(&own);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(int64_is_exact_to_its_extremes),
		cmocka_unit_test(text_is_exact_at_every_length_in_any_order),
		cmocka_unit_test(russian_and_emoji_and_quotes_are_exact),
		cmocka_unit_test(text_with_a_nul_is_refused_and_not_cut),
		cmocka_unit_test(no_rows_changed_is_told_as_zero),
		cmocka_unit_test(
		    more_rows_than_the_limit_are_a_bug_and_harm_nothing),
		cmocka_unit_test(the_same_key_twice_is_a_conflict),
		cmocka_unit_test(a_reference_to_nothing_is_a_conflict),
		cmocka_unit_test(a_missing_or_wrong_value_is_a_conflict),
		cmocka_unit_test(
		    a_transaction_with_a_failed_statement_is_never_committed),
		cmocka_unit_test(
		    again_runs_the_body_afresh_and_keeps_only_the_last_run),
		cmocka_unit_test(a_lock_of_another_is_waited_for_and_then_busy),
		cmocka_unit_test(of_eight_writers_none_is_lost),
		cmocka_unit_test(
		    a_process_that_dies_in_a_transaction_leaves_nothing),
		cmocka_unit_test(
		    of_two_that_lock_each_other_out_both_get_through),
		cmocka_unit_test(
		    a_transaction_older_than_its_life_is_not_committed),
	};

	return cmocka_run_group_tests(tests, fixture_make, fixture_end);
}
