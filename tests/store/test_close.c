/* Days are closed in order, once, whole; and take nothing more. */
#include "books.h"

#include <time.h>

#define MINUTE INT64_C(60000)

static void
assert_refused(struct books *b, const char *day, const char *reason)
{
	struct closing c;

	assert_int_equal(books_close(b, day, &c), ERR_CONFLICT);
	assert_string_equal(b->fx.f.reason, reason);
}

/* What an outsider makes of the tables. */
static void
outsider(struct books *b, const char *day, const char *previous, char out[65])
{
	const char *sqlite = fixture_is_sqlite() ? "sqlite" : "postgresql";
	struct str db = fixture_is_sqlite()
	    ? str_of(fixture_env("KVITOK_TEST_FILE"))
	    : arena_fmt(b->fx.a, "host=%s dbname=%s user=kvitok",
		  fixture_env("KVITOK_TEST_HOST"),
		  fixture_env("KVITOK_TEST_NAME"));
	int ends[2], status;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)dup2(ends[1], STDOUT_FILENO);
		(void)close(ends[0]);
		(void)close(ends[1]);
		execl("tests/day-hash.sh", "day-hash.sh", sqlite, db.p, day,
		    previous, (char *)NULL);
		_exit(127);
	}
	(void)close(ends[1]);
	assert_int_equal(read(ends[0], out, 64), 64);
	out[64] = '\0';
	(void)close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void
nothing_is_due_before_anything_was_posted(void **state)
{
	struct books *b = *state;
	struct str day;

	b->now = T0;
	assert_done(&b->fx, close_due(&b->p, b->fx.a, &day, &b->fx.f));
	assert_int_equal(day.len, 0);
}

static void
a_day_is_due_ten_minutes_after_its_midnight(void **state)
{
	struct books *b = *state;
	struct str day;

	assert_done(&b->fx, books_post(b, "first", "2026-11-01", 12345));
	assert_done(&b->fx, books_post(b, "second", "2026-11-01", 100));
	books_after(b, "2026-11-01", 10 * MINUTE - 1);
	assert_done(&b->fx, close_due(&b->p, b->fx.a, &day, &b->fx.f));
	assert_int_equal(day.len, 0);
	assert_refused(b, "2026-11-01", "day_not_over");
	books_after(b, "2026-11-01", 10 * MINUTE);
	assert_done(&b->fx, close_due(&b->p, b->fx.a, &day, &b->fx.f));
	assert_text(day, "2026-11-01");
}

static void
the_hash_is_what_an_outsider_makes_of_the_tables(void **state)
{
	struct books *b = *state;
	struct closing c = books_closed(b, "2026-11-01"), next;
	char want[65];

	outsider(b, "2026-11-01", "", want);
	assert_text(c.hash, want);
	assert_int_equal(c.transfers, 2);
	assert_int_equal(c.lines, 4);
	assert_int_equal(c.debit_kop, 12445);
	assert_int_equal(c.credit_kop, 12445);
	/* An empty day behind it. */
	next = books_closed(b, "2026-11-02");
	outsider(b, "2026-11-02", want, want);
	assert_text(next.hash, want);
	assert_text(next.previous, c.hash.p);
	assert_int_equal(next.transfers, 0);
	assert_string_equal(books_check(b, "", ""), "\n");
}

static void
a_closed_day_is_not_closed_again(void **state)
{
	struct books *b = *state;

	books_after(b, "2026-11-02", 30 * MINUTE);
	assert_refused(b, "2026-11-01", "day_closed");
	assert_refused(b, "2026-11-02", "day_closed");
	assert_string_equal(books_check(b, "", ""), "\n");
}

static void
days_are_closed_in_order_and_without_gaps(void **state)
{
	struct books *b = *state;

	books_after(b, "2026-11-09", 30 * MINUTE);
	assert_refused(b, "2026-11-04", "day_order");
	assert_refused(b, "2026-10-31", "day_order");
	(void)books_closed(b, "2026-11-03");
}

static void
a_closed_day_takes_no_posting(void **state)
{
	static const char *const bad[] = {
		"INSERT INTO ledger_transfer VALUES ('7K3M9QZT', 'Z', 'c', "
		"'paid', '', '2026-11-03', 1)",
		"INSERT INTO ledger_transfer VALUES ('7K3M9QZT', 'Z', 'c', "
		"'paid', '', '2026-10-31', 1)",
		"INSERT INTO ledger_line VALUES ('7K3M9QZT', 'Z', 1, 'x', "
		"'2026-11-03', 1)",
	};
	struct books *b = *state;

	assert_int_equal(books_post(b, "late", "2026-11-03", 1), ERR_AGAIN);
	assert_string_equal(b->fx.f.reason, "posting_day_closed");
	assert_int_equal(books_post(b, "later", "2026-10-31", 1), ERR_AGAIN);
	for (size_t i = 0; i < KV_COUNT(bad); i++) {
		struct fixture_script s = { b->fx.db, bad[i] };

		assert_int_not_equal(b->p.tx.run(b->p.tx.self, "forge",
					 fixture_script_body, &s, &b->fx.f),
		    ERR_OK);
		fault_init(&b->fx.f);
	}
	assert_done(&b->fx, books_post(b, "in time", "2026-11-04", 50));
	assert_string_equal(books_check(b, "", ""), "\n");
}

static void
nobody_changes_or_removes_what_a_closing_has_written(void **state)
{
	static const char *const bad[] = {
		"UPDATE ledger_close SET hash = previous",
		"DELETE FROM ledger_close",
		"UPDATE ledger_mark SET marks = ''",
		"DELETE FROM ledger_mark",
		"UPDATE ledger_balance SET balance_kop = 0",
		"DELETE FROM ledger_balance",
		"UPDATE ledger_shut SET at = 0",
		"DELETE FROM ledger_shut",
	};
	struct books *b = *state;

	for (size_t i = 0; i < KV_COUNT(bad); i++) {
		struct fixture_script s = { b->fx.db, bad[i] };

		assert_int_not_equal(b->p.tx.run(b->p.tx.self, "spoil",
					 fixture_script_body, &s, &b->fx.f),
		    ERR_OK);
		fault_init(&b->fx.f);
	}
}

/* A process that dies at each step; then the day is closed after all. */
static void
a_closing_killed_at_any_step_closes_nothing_and_is_made_anew(void **state)
{
	static const char *const steps[] = { "day_shut", "day_marked",
		"day_balanced" };
	struct books *b = *state;
	char want[65];
	struct closing c;

	outsider(
	    b, "2026-11-04", books_closed(b, "2026-11-04").previous.p, want);
	for (size_t i = 0; i < KV_COUNT(steps); i++) {
		struct str day = arena_fmt(b->fx.a, "2026-11-0%zu", i + 5);
		struct close_state s;
		int status;
		pid_t pid;

		assert_done(&b->fx, books_post(b, day.p, day.p, 7));
		books_after(b, day.p, 30 * MINUTE);
		fflush(NULL);
		pid = fork();
		assert_true(pid >= 0);
		if (pid == 0) {
			struct books own = *b;

			books_open(&own);
			own.die_at = steps[i];
			(void)books_close(&own, day.p, &c);
			_exit(0);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(WEXITSTATUS(status), 3);
		assert_done(&b->fx,
		    b->p.close.state(b->p.close.self, b->fx.a, &s, &b->fx.f));
		assert_int_not_equal(str_cmp(s.last.day, day), 0);
		assert_string_equal(books_check(b, "", ""), "\n");
		c = books_closed(b, day.p);
		outsider(b, day.p, c.previous.p, want);
		assert_text(c.hash, want);
	}
	assert_string_equal(books_check(b, "", ""), "\n");
}

static void
close_once(int i, void *arg)
{
	const char *day = arg;
	struct books own = { .now = 0 };
	struct closing c;
	enum err rc;

	(void)i;
	books_open(&own);
	books_after(&own, day, 30 * MINUTE);
	rc = books_close(&own, day, &c);
	if (rc != ERR_OK &&
	    (rc != ERR_CONFLICT || strcmp(own.fx.f.reason, "day_closed") != 0))
		_exit(1);
	fixture_close(&own.fx);
}

static void
of_closings_at_once_one_wins(void **state)
{
	struct books *b = *state;
	static char day[] = "2026-11-08";

	for (int i = 0; i < 20; i++)
		assert_done(&b->fx,
		    books_post(b, arena_fmt(b->fx.a, "crowd %d", i).p, day, 3));
	fixture_crowd(5, close_once, day);
	books_after(b, day, 30 * MINUTE);
	assert_refused(b, day, "day_closed");
	assert_string_equal(books_check(b, "", ""), "\n");
}

static int posted[2];
static int slow_ms = 300;
static const char *slow_day = "2026-11-09";

/* Its transaction has begun, and posted, before the day is shut. */
static enum err
slow_body(void *arg, struct fault *f)
{
	enum err rc = books_post_body(arg, f);
	struct timespec t = { slow_ms / 1000, slow_ms % 1000 * 1000000L };

	assert_int_equal(write(posted[1], "p", 1), 1);
	(void)nanosleep(&t, NULL);
	return rc;
}

static void
post_slowly(const struct books *b)
{
	struct books own = *b;
	struct ledger_line lines[2] = { { STR("a"), -9 }, { STR("b"), 9 } };
	struct books_posting p = { &own,
		{ .akey = STR("7K3M9QZT"),
		    .cause = arena_str(b->fx.a, str_of(slow_day)),
		    .kind = STR("paid"),
		    .number = STR(""),
		    .day = str_of(slow_day),
		    .lines = lines,
		    .lines_len = 2 } };

	books_open(&own);
	p.t.id = fixture_ulid(own.fx.a, T0);
	_exit(own.p.tx.run(own.p.tx.self, "slow", slow_body, &p, &own.fx.f) !=
	    ERR_OK);
}

/* Gives: the process that posts, once it has. */
static pid_t
posts_slowly(const struct books *b)
{
	char byte;
	pid_t pid;

	assert_int_equal(pipe(posted), 0);
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		post_slowly(b);
	assert_int_equal(read(posted[0], &byte, 1), 1);
	return pid;
}

static void
a_posting_that_is_under_way_is_waited_for(void **state)
{
	struct books *b = *state;
	int status;
	pid_t pid = posts_slowly(b);

	assert_int_equal(books_closed(b, "2026-11-09").transfers, 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_string_equal(books_check(b, "", ""), "\n");
}

/* More than one page of transfers, and of marks. */
static void
a_day_of_many_pages_is_closed(void **state)
{
	struct books *b = *state;
	const char *pg =
	    "INSERT INTO ledger_transfer SELECT '7K3M9QZT', "
	    "lpad(CAST(i AS TEXT), 26, '0'), 'many ' || i, 'paid', '', "
	    "'2026-11-10', i FROM generate_series(1, 2500) i";
	const char *sqlite =
	    "INSERT INTO ledger_transfer WITH RECURSIVE s (i) AS (SELECT 1 "
	    "UNION ALL SELECT i + 1 FROM s WHERE i < 2500) SELECT '7K3M9QZT', "
	    "printf('%026d', i), 'many ' || i, 'paid', '', '2026-11-10', i "
	    "FROM s";
	struct closing c;
	char want[65];

	fixture_sql(&b->fx, fixture_is_sqlite() ? sqlite : pg);
	fixture_sql(&b->fx,
	    "INSERT INTO ledger_line SELECT akey, id, 1, 'a', day, 5 "
	    "FROM ledger_transfer WHERE day = '2026-11-10'");
	fixture_sql(&b->fx,
	    "INSERT INTO ledger_line SELECT akey, id, 2, 'b', day, -5 "
	    "FROM ledger_transfer WHERE day = '2026-11-10'");
	books_after(b, "2026-11-10", 30 * MINUTE);
	/* The turnover does not say so yet. */
	assert_refused(b, "2026-11-10", "day_unbalanced");
	fixture_sql(&b->fx,
	    "INSERT INTO ledger_day VALUES ('a', '2026-11-10', 0, 12500, 0)");
	fixture_sql(&b->fx,
	    "INSERT INTO ledger_day VALUES ('b', '2026-11-10', 0, 0, 12500)");
	c = books_closed(b, "2026-11-10");
	assert_int_equal(c.transfers, 2500);
	outsider(b, "2026-11-10", c.previous.p, want);
	assert_text(c.hash, want);
	assert_string_equal(books_check(b, "", ""), "\n");
	assert_string_equal(books_check(b, "2026-11-10", "2026-11-10"), "\n");
}

/* Closed by one who waits for others hardly longer than half a second. */
static void
assert_busy(const struct books *b, const char *day)
{
	struct books own = *b;
	struct store_settings s = fixture_settings();
	struct closing c;

	s.life_ms = 600;
	fixture_open_with(&own.fx, &s);
	books_wire(&own);
	books_after(&own, day, 30 * MINUTE);
	assert_int_equal(books_close(&own, day, &c), ERR_AGAIN);
	assert_string_equal(own.fx.f.reason, "day_busy");
	fixture_close(&own.fx);
}

/* Whoever does not end may still post into it.  SQLite has one writer, who is
 * waited for as for any lock. */
static void
a_transaction_that_does_not_end_keeps_the_day_open(void **state)
{
	struct books *b = *state;
	int status;
	pid_t pid;

	slow_day = "2026-11-11";
	slow_ms = fixture_is_sqlite() ? 100 : 2500;
	pid = posts_slowly(b);
	if (!fixture_is_sqlite())
		assert_busy(b, slow_day);
	books_wire(b);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_int_equal(books_closed(b, slow_day).transfers, 1);
}

/* Somebody has changed the day between a closing that was killed and this. */
static void
a_closing_that_had_begun_with_other_transfers_is_refused(void **state)
{
	struct books *b = *state;

	assert_done(&b->fx, books_post(b, "other", "2026-11-12", 5));
	fixture_sql(&b->fx,
	    "INSERT INTO ledger_mark VALUES ('2026-11-12', 1, 'another')");
	books_after(b, "2026-11-12", 30 * MINUTE);
	assert_refused(b, "2026-11-12", "marks_differ");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_due_before_anything_was_posted),
		cmocka_unit_test(a_day_is_due_ten_minutes_after_its_midnight),
		cmocka_unit_test(
		    the_hash_is_what_an_outsider_makes_of_the_tables),
		cmocka_unit_test(a_closed_day_is_not_closed_again),
		cmocka_unit_test(days_are_closed_in_order_and_without_gaps),
		cmocka_unit_test(a_closed_day_takes_no_posting),
		cmocka_unit_test(
		    nobody_changes_or_removes_what_a_closing_has_written),
		cmocka_unit_test(
		    a_closing_killed_at_any_step_closes_nothing_and_is_made_anew),
		cmocka_unit_test(of_closings_at_once_one_wins),
		cmocka_unit_test(a_posting_that_is_under_way_is_waited_for),
		cmocka_unit_test(a_day_of_many_pages_is_closed),
		cmocka_unit_test(
		    a_transaction_that_does_not_end_keeps_the_day_open),
		cmocka_unit_test(
		    a_closing_that_had_begun_with_other_transfers_is_refused),
	};

	return cmocka_run_group_tests(tests, books_make, books_end);
}
