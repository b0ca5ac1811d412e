/* Documents of a supplier in the box, on their way to Kvitok, which is the
 * test. */
#include "box_world.h"

#include "kvitok/box/box_post.h"

/* --- sending -------------------------------------------------------------- */

static void
post(struct world *x)
{
	assert_done(x, box_post(&x->w, &x->faults));
}

static struct str
doc_state(struct world *x, int64_t n)
{
	struct db_rows r;

	assert_done(x,
	    box_db_read(&x->db, x->a, SQL_BOX_DOCS, DB_IN(db_n(100)),
		"ttttiiiiiii", 100, &r, &x->f));
	for (size_t i = 0; i < r.len; i++)
		if (db_row(&r, i)[4].n == n)
			return db_row(&r, i)[1].t;
	return STR("");
}

static void
answer(struct world *x, int64_t n, const char *state)
{
	sql(x,
	    arena_fmt(x->a,
		"UPDATE kvitok_in SET state = '%s' WHERE number = %lld;", state,
		(long long)n)
		.p);
}

static struct str
in_state(struct world *x, int64_t n)
{
	struct db_rows r;

	assert_done(x,
	    box_db_read(&x->db, x->a, SQL_BOX_IN_GET, DB_IN(db_n(n)), "t", 1,
		&r, &x->f));
	return r.len == 1 ? r.cells[0].t : STR("");
}

static void
a_document_is_sent_until_it_is_applied(void **state)
{
	struct world *x = *state;

	post(x);
	assert_text(in_state(x, 1), "new");
	answer(x, 1, "held");
	post(x);
	assert_text(doc_state(x, 1), "sent");
	answer(x, 1, "applied");
	post(x);
	assert_text(doc_state(x, 1), "done");
	assert_text(doc_state(x, 2), "sent");
}

static void
what_is_refused_though_it_is_right_ends_after_some_tries(void **state)
{
	struct world *x = *state;

	post(x);
	for (int i = 0; i < BOX_TRIES_MAX; i++) {
		answer(x, 1, "aside");
		post(x);
		assert_text(in_state(x, 1), "new");
	}
	answer(x, 1, "aside");
	post(x);
	assert_text(doc_state(x, 1), "stuck");
}

static void
one_that_comes_twice_must_be_applied_twice(void **state)
{
	struct world *x = *state;

	arm(x, BOX_TWICE, 0);
	post(x);
	answer(x, 1, "applied");
	post(x);
	assert_text(doc_state(x, 1), "again");
	assert_text(in_state(x, 1), "new");
	answer(x, 1, "refused");
	post(x);
	assert_text(doc_state(x, 1), "stuck");
}

static void
another_content_must_be_refused(void **state)
{
	struct world *x = *state;

	arm(x, BOX_OTHER_CONTENT, 0);
	arm(x, BOX_OTHER_CONTENT, 0);
	post(x);
	answer(x, 1, "applied");
	answer(x, 2, "applied");
	post(x);
	answer(x, 1, "refused");
	answer(x, 2, "applied"); /* which is wrong */
	post(x);
	assert_text(doc_state(x, 1), "again");
	assert_text(in_state(x, 1), "new");
	assert_text(doc_state(x, 2), "stuck");
	answer(x, 1, "applied");
	post(x);
	assert_text(doc_state(x, 1), "done");
}

static void
a_gap_ends_with_its_time_and_disorder_with_the_next_one(void **state)
{
	struct world *x = *state;

	arm(x, BOX_GAP, 100);
	post(x);
	assert_text(in_state(x, 1), "");
	assert_text(in_state(x, 2), "new");
	x->w.now += 99;
	post(x);
	assert_text(in_state(x, 1), "");
	x->w.now++;
	post(x);
	assert_text(in_state(x, 1), "new");
	assert_done(x, in_tx(x, charge_11)); /* documents 3 and 4 */
	arm(x, BOX_OUT_OF_ORDER, 1000000);
	post(x);
	assert_text(in_state(x, 3), "");
	post(x);
	assert_text(in_state(x, 3), "new");
}

#define T(test) cmocka_unit_test_setup(test, make)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_document_is_sent_until_it_is_applied),
		T(what_is_refused_though_it_is_right_ends_after_some_tries),
		T(one_that_comes_twice_must_be_applied_twice),
		T(another_content_must_be_refused),
		T(a_gap_ends_with_its_time_and_disorder_with_the_next_one),
	};

	return cmocka_run_group_tests(tests, make_all, end_all);
}
