#include "fixture.h"

static struct job
job(struct fixture *fx, const char *kind, int64_t due_at)
{
	return (struct job){ .akey = STR("7K3M9QZT"),
		.id = fixture_ulid(fx->a, T0),
		.kind = str_of(kind),
		.ref = fixture_ulid(fx->a, T0),
		.due_at = due_at,
		.created_at = T0,
		.progress = STR("{}") };
}

static enum err
put_body(void *arg, struct fault *f)
{
	struct fixture *fx = ((void **)arg)[0];
	const struct job *j = ((void **)arg)[1];

	return fx->st.jobs.put(fx->db, j, f);
}

static void
put(struct fixture *fx, struct job *j)
{
	void *arg[2] = { fx, j };

	assert_done(fx, fx->st.tx.run(fx->db, "put", put_body, arg, &fx->f));
}

/* The one job of this id, or fail. */
static struct job
seen(struct fixture *fx, const struct job *j)
{
	const struct job *v;
	size_t len;

	assert_done(fx,
	    fx->st.jobs.list(fx->db, fx->a, STR(""), 200, &v, &len, &fx->f));
	for (size_t i = 0; i < len; i++)
		if (str_eq(v[i].ref, j->ref) && str_eq(v[i].kind, j->kind))
			return v[i];
	fixture_fail("no such job\n");
	return *j;
}

static size_t
claim(struct fixture *fx, int64_t now, int limit, const struct job **out)
{
	size_t len;

	assert_done(fx,
	    fx->st.jobs.claim(fx->db, fx->a, STR("w-1"), now, now + 60000,
		limit, out, &len, &fx->f));
	return len;
}

static int
clear(void **state)
{
	fixture_sql(*state, "DELETE FROM job");
	return 0;
}

static void
a_job_is_claimed_when_it_is_due_and_not_before(void **state)
{
	struct fixture *fx = *state;
	struct job j = job(fx, "ask", T0 + 10);
	const struct job *got;

	put(fx, &j);
	assert_int_equal(claim(fx, T0 + 9, 5, &got), 0);
	assert_int_equal(claim(fx, T0 + 10, 5, &got), 1);
	assert_true(str_eq(got[0].id, j.id));
	assert_text(got[0].kind, "ask");
	assert_text(got[0].progress, "{}");
	assert_int_equal(got[0].runs, 1);
	assert_int_equal(got[0].due_at, T0 + 10 + 60000);
	assert_int_equal(claim(fx, T0 + 11, 5, &got), 0);
}

static void
a_job_of_a_dead_worker_falls_due_at_the_end_of_its_lease(void **state)
{
	struct fixture *fx = *state;
	struct job j = job(fx, "ask", T0), dead;
	const struct job *got;

	put(fx, &j);
	assert_int_equal(claim(fx, T0, 1, &got), 1);
	dead = got[0];
	assert_int_equal(claim(fx, T0 + 59999, 1, &got), 0);
	assert_int_equal(claim(fx, T0 + 60000, 1, &got), 1);
	assert_int_equal(got[0].runs, 2);
	/* The dead one was only slow: its outcome is too late. */
	assert_rc(
	    fx, fx->st.jobs.done(fx->db, &dead, T0, &fx->f), ERR_CONFLICT);
	assert_string_equal(fx->f.reason, "lease_lost");
	assert_rc(fx,
	    fx->st.jobs.put_off(
		fx->db, &dead, T0, true, STR("x"), STR(""), &fx->f),
	    ERR_CONFLICT);
	assert_rc(fx, fx->st.jobs.fail(fx->db, &dead, T0, STR("x"), &fx->f),
	    ERR_CONFLICT);
	assert_done(fx, fx->st.jobs.done(fx->db, &got[0], T0, &fx->f));
	assert_text(seen(fx, &j).state, "done");
}

static void
the_same_job_is_owed_once_and_at_the_earlier_instant(void **state)
{
	struct fixture *fx = *state;
	struct job j = job(fx, "ask", T0 + 100), again = j;
	const struct job *got;

	put(fx, &j);
	again.id = fixture_ulid(fx->a, T0);
	again.due_at = T0 + 200;
	put(fx, &again);
	assert_int_equal(seen(fx, &j).due_at, T0 + 100);
	again.due_at = T0 + 50;
	put(fx, &again);
	assert_int_equal(seen(fx, &j).due_at, T0 + 50);
	assert_true(str_eq(seen(fx, &j).id, j.id));
	assert_int_equal(claim(fx, T0 + 50, 9, &got), 1);
	assert_done(fx, fx->st.jobs.done(fx->db, &got[0], T0, &fx->f));
	put(fx, &again);
	assert_text(seen(fx, &j).state, "done");
}

static void
a_woken_job_is_due_whatever_it_was(void **state)
{
	struct fixture *fx = *state;
	struct job j = job(fx, "ask", T0 + 500);
	const struct job *got;

	/* Not there. */
	assert_done(fx, fx->st.jobs.wake(fx->db, &j, &fx->f));
	assert_int_equal(seen(fx, &j).due_at, T0 + 500);
	/* Waiting: earlier, and never later. */
	j.due_at = T0 + 5;
	assert_done(fx, fx->st.jobs.wake(fx->db, &j, &fx->f));
	j.due_at = T0 + 900;
	assert_done(fx, fx->st.jobs.wake(fx->db, &j, &fx->f));
	assert_int_equal(seen(fx, &j).due_at, T0 + 5);
	/* Leased: the run loses its fence. */
	assert_int_equal(claim(fx, T0 + 10, 1, &got), 1);
	j.due_at = T0 + 20;
	assert_done(fx, fx->st.jobs.wake(fx->db, &j, &fx->f));
	assert_rc(fx,
	    fx->st.jobs.put_off(
		fx->db, &got[0], T0 + 9999, false, STR(""), STR(""), &fx->f),
	    ERR_CONFLICT);
	assert_int_equal(claim(fx, T0 + 20, 1, &got), 1);
	/* Failed. */
	assert_done(
	    fx, fx->st.jobs.fail(fx->db, &got[0], T0, STR("words"), &fx->f));
	assert_text(seen(fx, &j).state, "failed");
	assert_int_equal(seen(fx, &j).fails, 1);
	assert_done(fx, fx->st.jobs.wake(fx->db, &j, &fx->f));
	assert_int_equal(seen(fx, &j).fails, 0);
	assert_int_equal(claim(fx, T0 + 20, 1, &got), 1);
	/* Done. */
	assert_done(fx, fx->st.jobs.done(fx->db, &got[0], T0, &fx->f));
	assert_done(fx, fx->st.jobs.wake(fx->db, &j, &fx->f));
	assert_int_equal(claim(fx, T0 + 20, 1, &got), 1);
}

static void
put_off_counts_failures_in_a_row(void **state)
{
	struct fixture *fx = *state;
	struct job j = job(fx, "mail", T0);
	const struct job *got;

	put(fx, &j);
	for (int i = 1; i <= 3; i++) {
		assert_int_equal(claim(fx, T0 + i, 1, &got), 1);
		assert_done(fx,
		    fx->st.jobs.put_off(fx->db, &got[0], T0 + i + 1, true,
			STR("почта молчит"), STR("p"), &fx->f));
		assert_int_equal(seen(fx, &j).fails, i);
		assert_text(seen(fx, &j).last_error, "почта молчит");
		assert_text(seen(fx, &j).progress, "p");
	}
	assert_int_equal(claim(fx, T0 + 9, 1, &got), 1);
	assert_int_equal(got[0].fails, 3);
	assert_done(fx,
	    fx->st.jobs.put_off(
		fx->db, &got[0], T0 + 70, false, STR(""), STR("q"), &fx->f));
	assert_int_equal(seen(fx, &j).fails, 0);
	assert_text(seen(fx, &j).last_error, "почта молчит");
	assert_int_equal(seen(fx, &j).due_at, T0 + 70);
}

static void
ages_and_lists_tell_what_waits(void **state)
{
	struct fixture *fx = *state;
	struct job_ages ages;
	const struct job *got;
	size_t len;

	assert_done(fx, fx->st.jobs.ages(fx->db, T0, &ages, &fx->f));
	assert_int_equal(ages.due, 0);
	assert_int_equal(ages.oldest_due_at, 0);
	assert_int_equal(ages.failed, 0);
	for (int i = 0; i < 5; i++) {
		struct job j = job(fx, "ask", T0 + i);

		put(fx, &j);
	}
	assert_int_equal(claim(fx, T0, 1, &got), 1);
	assert_done(
	    fx, fx->st.jobs.fail(fx->db, &got[0], T0, STR("x"), &fx->f));
	assert_done(fx, fx->st.jobs.ages(fx->db, T0 + 3, &ages, &fx->f));
	assert_int_equal(ages.due, 3);
	assert_int_equal(ages.oldest_due_at, T0 + 1);
	assert_int_equal(ages.failed, 1);
	assert_done(fx,
	    fx->st.jobs.list(fx->db, fx->a, STR("due"), 3, &got, &len, &fx->f));
	assert_int_equal(len, 3);
	assert_done(fx,
	    fx->st.jobs.list(
		fx->db, fx->a, STR("failed"), 3, &got, &len, &fx->f));
	assert_int_equal(len, 1);
}

#define CROWD 8
#define OWED 120

static void
claim_in_crowd(int i, void *arg)
{
	struct store_settings s = fixture_settings();
	struct fixture fx;
	const struct job *got;
	size_t len = 1, all = 0;
	int out = *(int *)arg, idle = 0;

	(void)i;
	s.lock_ms = 10000;
	s.statement_ms = 10000;
	fixture_open_with(&fx, &s);
	/* With SKIP LOCKED a round may find nothing while others claim. */
	while (idle < 3) {
		if (fx.st.jobs.claim(fx.db, fx.a, STR("w"), T0, T0 + 60000, 3,
			&got, &len, &fx.f) != ERR_OK)
			_exit(1);
		idle = len == 0 ? idle + 1 : 0;
		for (size_t k = 0; k < len; k++)
			if (got[k].runs != 1 ||
			    fx.st.jobs.done(fx.db, &got[k], T0, &fx.f) !=
				ERR_OK)
				_exit(1);
		all += len;
	}
	if (write(out, &all, sizeof(all)) != sizeof(all))
		_exit(1);
	fixture_close(&fx);
}

static void
eight_workers_do_each_job_once(void **state)
{
	struct fixture *fx = *state;
	struct job_ages ages;
	size_t all = 0, one;
	int fd[2];

	for (int i = 0; i < OWED; i++) {
		struct job j = job(fx, "crowd", T0 - i);

		put(fx, &j);
	}
	assert_int_equal(pipe(fd), 0);
	fixture_crowd(CROWD, claim_in_crowd, &fd[1]);
	for (int i = 0; i < CROWD; i++) {
		assert_int_equal(read(fd[0], &one, sizeof(one)), sizeof(one));
		all += one;
	}
	assert_int_equal(all, OWED);
	assert_done(fx, fx->st.jobs.ages(fx->db, T0 + 99999999, &ages, &fx->f));
	assert_int_equal(ages.due, 0);
	close(fd[0]);
	close(fd[1]);
}

#define TEST(name) cmocka_unit_test_setup(name, clear)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_job_is_claimed_when_it_is_due_and_not_before),
		TEST(a_job_of_a_dead_worker_falls_due_at_the_end_of_its_lease),
		TEST(the_same_job_is_owed_once_and_at_the_earlier_instant),
		TEST(a_woken_job_is_due_whatever_it_was),
		TEST(put_off_counts_failures_in_a_row),
		TEST(ages_and_lists_tell_what_waits),
		TEST(eight_workers_do_each_job_once),
	};

	return cmocka_run_group_tests(tests, fixture_make, fixture_end);
}
