#include "proxy.h"

#include "kvitok/store/watch.h"

#include <fcntl.h>

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

static enum err
raise_body(void *arg, struct fault *f)
{
	struct fixture *fx = arg;

	return db_run(fx->db, SQL_REF_RAISE, DB_IN_NONE, NULL, f);
}

static void
open_through(struct fixture *via, const struct proxy *p)
{
	struct store_settings s = fixture_settings();

	s.host = p->dir;
	fixture_open_with(via, &s);
}

static void
a_connection_lost_at_commit_is_unsure_and_may_be_committed(void **state)
{
	struct fixture *fx = *state, via;
	struct putting put;
	struct proxy p;
	struct job j = job(fx, "lost");

	if (fixture_is_sqlite())
		skip(); /* there is no connection to lose */
	p = proxy_start(fx, STR("COMMIT\0"), PROXY_CUT);
	open_through(&via, &p);
	put = (struct putting){ &via, &j };
	assert_rc(&via, via.st.tx.run(via.db, "put", put_body, &put, &via.f),
	    ERR_UNSURE);
	assert_string_equal(via.f.reason, "commit_unsure");
	assert_false(db_in_tx(via.db));
	/* It was done, and only reading again can tell. */
	assert_non_null(job_read(&via, &j));
	fixture_close(&via);
	proxy_stop(&p);
}

static void
a_connection_lost_before_commit_is_run_afresh(void **state)
{
	struct fixture *fx = *state, via;
	struct putting put;
	struct proxy p;
	struct job j = job(fx, "lost");

	if (fixture_is_sqlite())
		skip();
	p = proxy_start(fx, STR("INSERT INTO job"), PROXY_CUT);
	open_through(&via, &p);
	put = (struct putting){ &via, &j };
	assert_done(&via, via.st.tx.run(via.db, "put", put_body, &put, &via.f));
	assert_non_null(job_read(fx, &j));
	fixture_close(&via);
	proxy_stop(&p);
}

static void
a_connection_lost_while_creating_makes_one_payment(void **state)
{
	struct fixture *fx = *state, via;
	struct payment *pm = fixture_payment(fx->a), *got;
	struct new_payment np = fixture_new(fx->a, pm, pm->number);
	struct idem found;
	struct proxy p;
	bool was = true;

	if (fixture_is_sqlite())
		skip();
	p = proxy_start(fx, STR("INSERT INTO idem"), PROXY_CUT);
	open_through(&via, &p);
	assert_done(
	    &via, via.st.pays.create(via.db, via.a, &np, &was, &found, &via.f));
	assert_false(was);
	assert_done(
	    fx, fx->st.pays.load(fx->db, fx->a, pm->number, &got, &fx->f));
	assert_int_equal(got->lines_len, 2);
	fixture_close(&via);
	proxy_stop(&p);
}

static void
a_single_write_that_was_lost_is_unsure(void **state)
{
	struct fixture *fx = *state, via;
	struct proxy p;

	if (fixture_is_sqlite())
		skip();
	p = proxy_start(fx, STR("UPDATE ref_version"), PROXY_CUT);
	open_through(&via, &p);
	assert_rc(&via, raise_body(&via, &via.f), ERR_UNSURE);
	fixture_close(&via);
	proxy_stop(&p);
}

static void
a_read_that_was_lost_is_repeated(void **state)
{
	struct fixture *fx = *state, via;
	struct proxy p;
	int64_t v;

	if (fixture_is_sqlite())
		skip();
	p = proxy_start(fx, STR("FROM ref_version"), PROXY_CUT);
	open_through(&via, &p);
	assert_done(&via, via.st.refs.version(via.db, &v, &via.f));
	fixture_close(&via);
	proxy_stop(&p);
}

static void
ask_the_silent(int i, void *arg)
{
	const struct proxy *p = arg;
	struct store_settings s = fixture_settings();
	struct fixture via;
	int64_t v;
	int null = open("/dev/null", O_WRONLY);

	(void)i; /* there is one of them */
	s.host = p->dir;
	s.statement_ms = 100;
	s.lock_ms = 50;
	fixture_open_with(&via, &s);
	if (null >= 0)
		dup2(null, STDERR_FILENO); /* the line is not for the test */
	if (via.st.refs.version(via.db, &v, &via.f) == ERR_OK)
		_exit(1); /* nobody has answered */
}

static void
a_server_that_never_answers_ends_the_process(void **state)
{
	struct fixture *fx = *state;
	struct proxy p;
	int64_t began = watch_now();
	int status;
	pid_t pid;

	if (fixture_is_sqlite())
		skip();
	p = proxy_start(fx, STR("FROM ref_version"), PROXY_SILENT);
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		ask_the_silent(0, &p);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), WATCH_EXIT);
	assert_in_range(watch_now() - began, 4000, 9000);
	proxy_stop(&p);
}

static void
restart(const char *how)
{
	const char *script = fixture_env("KVITOK_TEST_RESTART");
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		execl(script, script, how, (char *)NULL);
		_exit(1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void
a_restarted_server_is_found_again(void **state)
{
	struct fixture *fx = *state;
	static const char *const hows[] = { "fast", "immediate" };
	struct payment *pm, *got;
	int64_t v;

	if (fixture_is_sqlite())
		skip();
	for (size_t i = 0; i < KV_COUNT(hows); i++) {
		/* A read, a transaction, a creation: each is the first. */
		restart(hows[i]);
		assert_done(fx, fx->st.refs.version(fx->db, &v, &fx->f));
		restart(hows[i]);
		assert_done(
		    fx, fx->st.tx.run(fx->db, "raise", raise_body, fx, &fx->f));
		restart(hows[i]);
		pm = fixture_put(fx);
		assert_done(fx,
		    fx->st.pays.load(fx->db, fx->a, pm->number, &got, &fx->f));
	}
}

static void
a_server_that_is_away_is_unavailable_at_once(void **state)
{
	struct fixture *fx = *state, other;
	struct store_settings s = fixture_settings();
	int64_t began = watch_now();

	fault_init(&other.f);
	other.a = fx->a;
	if (fixture_is_sqlite())
		s.file = STR("/nonexistent/folder/x.db");
	else
		s.host = STR("/nonexistent");
	assert_rc(&other, db_open(fx->a, &s, &other.db, &other.f), ERR_AGAIN);
	assert_string_equal(other.f.reason, "database_unavailable");
	assert_in_range(watch_now() - began, 0, 1000);
}

static void
a_password_is_taken_with_all_its_signs(void **state)
{
	struct fixture *fx = *state, other;
	struct store_settings s = fixture_settings();

	if (fixture_is_sqlite())
		skip(); /* whoever may read the file may read it */
	fixture_sql(fx,
	    "CREATE ROLE guarded LOGIN"
	    " PASSWORD 'a;b c=%25+ж\"@'");
	s.user = STR("guarded");
	s.password = STR("a;b c=%25+ж\"@");
	fixture_open_with(&other, &s);
	fixture_close(&other);
	fault_init(&other.f);
	s.password = STR("a;b c=%25+ж\"");
	assert_rc(&other, db_open(fx->a, &s, &other.db, &other.f), ERR_AGAIN);
	assert_null(strstr(other.f.detail, "a;b"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_connection_lost_at_commit_is_unsure_and_may_be_committed),
		cmocka_unit_test(a_connection_lost_before_commit_is_run_afresh),
		cmocka_unit_test(
		    a_connection_lost_while_creating_makes_one_payment),
		cmocka_unit_test(a_single_write_that_was_lost_is_unsure),
		cmocka_unit_test(a_read_that_was_lost_is_repeated),
		cmocka_unit_test(a_server_that_never_answers_ends_the_process),
		cmocka_unit_test(a_restarted_server_is_found_again),
		cmocka_unit_test(a_server_that_is_away_is_unavailable_at_once),
		cmocka_unit_test(a_password_is_taken_with_all_its_signs),
	};

	return cmocka_run_group_tests(tests, fixture_make, fixture_end);
}
