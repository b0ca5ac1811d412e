/* The ledger on both databases: posted once, kept for ever, added up. */
#include "fixture.h"

#include "kvitok/base/day.h"

struct posting {
	struct fixture *fx;
	struct ledger_transfer t;
};

static enum err
post_body(void *arg, struct fault *f)
{
	struct posting *p = arg;

	return p->fx->st.ledger.post(p->fx->st.ledger.self, p->fx->a, &p->t, f);
}

static struct posting
posting(struct fixture *fx, const char *cause, const char *day, int64_t kop)
{
	struct ledger_line *lines = ARENA_ARRAY(fx->a, 2, struct ledger_line);

	lines[0] = (struct ledger_line){ STR("payable/p/s"), -kop };
	lines[1] = (struct ledger_line){ STR("receivable/c"), kop };
	return (struct posting){ fx,
		{ .akey = STR("7K3M9QZT"),
		    .id = fixture_ulid(fx->a, T0),
		    .cause = arena_str(fx->a, str_of(cause)),
		    .kind = STR("paid"),
		    .number = STR("7K3M9QZT-4F8D2K1M0X"),
		    .day = str_of(day),
		    .at = T0,
		    .lines = lines,
		    .lines_len = 2 } };
}

static enum err
post(struct posting *p)
{
	fault_init(&p->fx->f);
	return p->fx->st.tx.run(
	    p->fx->st.tx.self, "post", post_body, p, &p->fx->f);
}

/* Gives: the turnover of an account, from the day sums and from the lines,
 * which must be equal. */
static struct ledger_turnover
turnover(struct fixture *fx, const char *account, const char *day)
{
	const struct ledger_turnover *sums, *lines;
	struct ledger_turnover found = { 0 };
	size_t sums_len, lines_len;

	assert_done(fx,
	    fx->st.ledger.turnover(fx->st.ledger.self, fx->a, str_of(day),
		str_of(day), STR(""), 100, &sums, &sums_len, &fx->f));
	assert_done(fx,
	    fx->st.ledger.turnover_of_lines(fx->st.ledger.self, fx->a,
		str_of(day), str_of(day), STR(""), 100, &lines, &lines_len,
		&fx->f));
	assert_int_equal(sums_len, lines_len);
	for (size_t i = 0; i < sums_len; i++) {
		assert_true(str_eq(sums[i].account, lines[i].account));
		assert_int_equal(sums[i].debit_kop, lines[i].debit_kop);
		assert_int_equal(sums[i].credit_kop, lines[i].credit_kop);
		if (str_eq(sums[i].account, str_of(account)))
			found = sums[i];
	}
	return found;
}

static void
a_transfer_is_kept_with_its_lines_and_adds_to_its_day(void **state)
{
	struct fixture *fx = *state;
	struct posting p = posting(fx, "kept", "2026-11-01", 12345);
	const struct ledger_transfer *t;
	size_t len;

	assert_done(fx, post(&p));
	assert_done(fx,
	    fx->st.ledger.of_payment(fx->st.ledger.self, fx->a, p.t.akey,
		p.t.number, 100, &t, &len, &fx->f));
	assert_int_equal(len, 1);
	assert_text(t[0].cause, "kept");
	assert_int_equal(t[0].lines_len, 2);
	assert_int_equal(t[0].lines[1].sum_kop, 12345);
	assert_int_equal(
	    turnover(fx, "receivable/c", "2026-11-01").debit_kop, 12345);
	assert_int_equal(
	    turnover(fx, "payable/p/s", "2026-11-01").credit_kop, 12345);
}

static void
the_same_cause_and_kind_is_posted_once(void **state)
{
	struct fixture *fx = *state;
	struct posting p = posting(fx, "once", "2026-11-02", 100);
	struct posting again = posting(fx, "once", "2026-11-02", 100);

	assert_done(fx, post(&p));
	assert_rc(fx, post(&again), ERR_CONFLICT);
	again.t.kind = STR("second_payment");
	assert_done(fx, post(&again));
	assert_int_equal(
	    turnover(fx, "receivable/c", "2026-11-02").debit_kop, 200);
}

static void
nobody_changes_or_removes_what_was_posted(void **state)
{
	static const char *const bad[] = {
		"UPDATE ledger_transfer SET day = '2026-01-01'",
		"DELETE FROM ledger_transfer",
		"UPDATE ledger_line SET sum_kop = 1",
		"DELETE FROM ledger_line",
	};
	struct fixture *fx = *state;
	struct posting p = posting(fx, "for ever", "2026-11-03", 100);

	assert_done(fx, post(&p));
	for (size_t i = 0; i < KV_COUNT(bad); i++) {
		struct fixture_script s = { fx->db, bad[i] };

		assert_int_not_equal(fx->st.tx.run(fx->st.tx.self, "spoil",
					 fixture_script_body, &s, &fx->f),
		    ERR_OK);
		fault_init(&fx->f);
	}
	assert_int_equal(
	    turnover(fx, "receivable/c", "2026-11-03").debit_kop, 100);
}

#define CROWD 6
#define EACH 20

static void
post_many(int i, void *arg)
{
	struct fixture own;

	(void)arg;
	fixture_open(&own);
	for (int k = 0; k < EACH; k++) {
		struct posting p = posting(&own,
		    arena_fmt(own.a, "crowd %d %d", i, k).p, "2026-11-04", 7);

		if (post(&p) != ERR_OK)
			_exit(1);
	}
	fixture_close(&own);
}

static void
postings_at_once_lose_no_kopeck(void **state)
{
	struct fixture *fx = *state;

	fixture_crowd(CROWD, post_many, NULL);
	assert_int_equal(turnover(fx, "receivable/c", "2026-11-04").debit_kop,
	    7 * CROWD * EACH);
	assert_int_equal(turnover(fx, "payable/p/s", "2026-11-04").credit_kop,
	    7 * CROWD * EACH);
}

#define MANY 45000 /* more than two pages of the audit */

static void
a_day_of_many_lines_is_summed_up_whole(void **state)
{
	struct fixture *fx = *state;
	const struct audit_span span = { .from_day = STR("2026-11-07"),
		.to_day = STR("2026-11-07") };
	struct audit_day d;
	int64_t debit = 0, credit = 0;

	fixture_sql(fx,
	    arena_fmt(fx->a,
		"INSERT INTO ledger_line (akey, transfer, n, account, day, "
		"sum_kop) WITH RECURSIVE s (i) AS (SELECT 0 UNION ALL "
		"SELECT i + 1 FROM s WHERE i < %d) SELECT '7K3M9QZ' || "
		"substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + i %% 32, 1), "
		"CAST(1000000 + i / 2 AS VARCHAR(26)), 1 + i %% 2, "
		"'receivable/many', '2026-11-07', "
		"CASE WHEN i %% 2 = 0 THEN 3 ELSE -2 END FROM s",
		MANY - 1)
		.p);
	assert_done(fx,
	    fx->st.audit.day(fx->st.audit.self, fx->a, &span,
		STR("receivable/l"), STR(""), &d, &fx->f));
	assert_text(d.account, "receivable/many");
	/* That many slots have the last letters. */
	assert_int_equal(d.slots_len, 14);
	for (size_t i = 0; i < d.slots_len; i++) {
		assert_int_equal(d.slots[i].debit_kop, 0);
		debit += d.slots[i].lines_debit_kop;
		credit += d.slots[i].lines_credit_kop;
	}
	assert_int_equal(debit, MANY / 2 * 3);
	assert_int_equal(credit, MANY / 2 * 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_transfer_is_kept_with_its_lines_and_adds_to_its_day),
		cmocka_unit_test(the_same_cause_and_kind_is_posted_once),
		cmocka_unit_test(nobody_changes_or_removes_what_was_posted),
		cmocka_unit_test(postings_at_once_lose_no_kopeck),
		cmocka_unit_test(a_day_of_many_lines_is_summed_up_whole),
	};

	return cmocka_run_group_tests(tests, fixture_make, fixture_end);
}
