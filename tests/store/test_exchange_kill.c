/* Long documents: killed, changed and rivalled on their way. */
#include "exchange_world.h"
#include "killing.h"

#define MANY 2500 /* three batches */

static struct str
many_accounts(struct world *w)
{
	struct buf b;

	buf_init(&b, w->fx.a, (size_t)4 << 20);
	for (int i = 0; i < MANY; i++)
		buf_fmt(&b,
		    "<account number='K-%d' address='A'><owner "
		    "last_name='B'/></account>\n",
		    i);
	return buf_str(&b);
}

static struct str
many_charges(struct world *w, int64_t kop)
{
	struct buf b;

	buf_init(&b, w->fx.a, (size_t)4 << 20);
	for (int i = 0; i < MANY; i++)
		buf_fmt(&b,
		    "<charge account='K-%d' service='elektro' opening_kop='1' "
		    "accrued_kop='%lld' paid_kop='0' closing_kop='2'/>\n",
		    i % 10 == 9 ? i + MANY : i, (long long)kop);
	return buf_str(&b);
}

struct bringing {
	struct str text;
	struct exchange_done *out;
};

static void
bring(struct world *w, void *arg)
{
	const struct bringing *b = arg;

	assert_done(&w->fx, ex_try(w, b->text, b->out));
}

/* Bring a document, killed after so many steps; gives whether it was. */
static bool
bring_killed(
    struct world *w, struct str text, int steps, struct exchange_done *out)
{
	return was_killed(w, steps, bring, &(struct bringing){ text, out });
}

static void
whoever_is_killed_goes_on_where_it_was(void **state)
{
	struct world *w = *state;
	struct exchange_done out;
	struct str body = arena_fmt(w->fx.a,
	    "charges month='2026-06' paid_to_day='2026-06-25' count='%d' "
	    "sum_kop='%d'",
	    MANY, MANY * 7);
	struct str text;
	int kills = 0;

	out = ex_next_is(w, arena_fmt(w->fx.a, "accounts count='%d'", MANY).p,
	    many_accounts(w), EXCHANGE_APPLIED);
	assert_int_equal(out.doc.applied, MANY);
	text = ex_doc(w, ex_next, body.p, many_charges(w, 7));
	/* Begun, two batches, the last one: after each of the four steps. */
	while (bring_killed(w, text, 1, &out))
		kills++;
	assert_int_equal(kills, 4);
	assert_true(out.known);
	assert_int_equal(out.doc.state, EXCHANGE_APPLIED);
	assert_int_equal(out.doc.applied, MANY * 9 / 10);
	assert_int_equal(out.doc.refused, MANY / 10);
	assert_int_equal(out.doc.applied_kop, MANY * 9 / 10 * 7);
	ex_next++;
}

static void
a_document_that_changes_on_its_way_is_refused(void **state)
{
	struct world *w = *state;
	struct exchange_done out;
	struct str body = arena_fmt(w->fx.a,
	    "charges month='2026-05' paid_to_day='2026-05-25' count='%d' "
	    "sum_kop='%d'",
	    MANY, MANY * 7);
	struct str text = ex_doc(w, ex_next, body.p, many_charges(w, 7));

	assert_true(bring_killed(w, text, 2, &out));
	assert_int_equal(ex_find(w, ex_next).state, EXCHANGE_APPLYING);
	assert_int_equal(ex_find(w, ex_next).record, 1000);
	body = arena_fmt(w->fx.a,
	    "charges month='2026-05' paid_to_day='2026-05-25' count='%d' "
	    "sum_kop='%d'",
	    MANY, MANY * 8);
	assert_int_equal(
	    ex_try(w, ex_doc(w, ex_next, body.p, many_charges(w, 8)), &out),
	    ERR_CONFLICT);
	assert_string_equal(w->fx.f.reason, "exchange_changed");
	assert_done(&w->fx, ex_try(w, text, &out));
	assert_int_equal(out.doc.state, EXCHANGE_APPLIED);
	ex_next++;
}

static void
a_run_ends_when_its_time_is_over(void **state)
{
	struct world *w = *state;
	struct exchange_ask as = { .until = w->now };
	struct exchange_done out;
	struct str body = arena_fmt(w->fx.a,
	    "charges month='2026-04' paid_to_day='2026-04-25' count='%d' "
	    "sum_kop='%d'",
	    MANY, MANY * 7);
	struct str text = ex_doc(w, ex_next, body.p, many_charges(w, 7));

	assert_done(&w->fx, ex_try_as(w, text, &as, &out));
	assert_true(out.more);
	assert_int_equal(out.doc.record, 1000);
	assert_done(&w->fx, ex_try_as(w, text, &as, &out));
	assert_int_equal(out.doc.record, 2000);
	assert_done(&w->fx, ex_try_as(w, text, &as, &out));
	assert_false(out.more);
	assert_int_equal(out.doc.state, EXCHANGE_APPLIED);
	assert_int_equal(out.doc.record, MANY);
	ex_next++;
}

static void
rival(int i, void *arg)
{
	struct str *text = arg;
	void *state;
	struct world *w;
	struct exchange_done out;
	enum err rc = ERR_AGAIN;

	(void)i; /* all do the same */
	(void)ex_make(&state);
	w = state;
	for (int n = 0; n < 50 && rc == ERR_AGAIN; n++)
		rc = ex_try(w, *text, &out);
	assert_done(&w->fx, rc);
	assert_int_equal(out.doc.state, EXCHANGE_APPLIED);
	fixture_close(&w->fx);
}

static void
of_many_at_once_each_record_is_applied_once(void **state)
{
	struct world *w = *state;
	struct str body = arena_fmt(w->fx.a,
	    "charges month='2026-03' paid_to_day='2026-03-25' count='%d' "
	    "sum_kop='%d'",
	    MANY, MANY * 7);
	struct str text = ex_doc(w, ex_next, body.p, many_charges(w, 7));
	struct exchange_doc x;

	fixture_crowd(4, rival, &text);
	x = ex_find(w, ex_next++);
	assert_int_equal(x.state, EXCHANGE_APPLIED);
	assert_int_equal(x.record, MANY);
	assert_int_equal(x.applied_kop, MANY * 9 / 10 * 7);
}

static int
end(void **state)
{
	struct world *w = *state;

	fixture_close(&w->fx);
	return 0;
}

/* A rival brings the same document when the next number is asked for. */
static struct {
	struct world *w;
	struct exchange_store real;
	struct str text;
} race;

static enum err
next_after_rival(void *self, struct arena *a, struct str portal,
    struct str supplier, int64_t *number, struct fault *f)
{
	struct exchange_done out;

	race.w->p.exchange = race.real;
	out = ex_bring(race.w, race.text);
	assert_int_equal(out.doc.state, EXCHANGE_APPLIED);
	return race.real.next(self, a, portal, supplier, number, f);
}

static void
who_loses_the_race_for_a_number_comes_again(void **state)
{
	struct world *w = *state;
	const struct exchange_peer *peers;
	struct exchange_done out;
	size_t len;

	race.w = w;
	race.real = w->p.exchange;
	race.text = ex_doc(w, ex_next,
	    "charges month='2026-02' "
	    "paid_to_day='2026-02-25' count='0' "
	    "sum_kop='0'",
	    STR(""));
	w->p.exchange.next = next_after_rival;
	assert_int_equal(ex_try(w, race.text, &out), ERR_AGAIN);
	assert_string_equal(w->fx.f.reason, "busy");
	assert_done(&w->fx, ex_try(w, race.text, &out));
	assert_true(out.known);
	assert_int_equal(out.doc.state, EXCHANGE_APPLIED);
	assert_int_equal(out.gap, 0);
	assert_done(&w->fx,
	    w->p.exchange_out.peers(
		w->p.exchange_out.self, w->fx.a, &peers, &len, &w->fx.f));
	for (size_t i = 0; i < len; i++)
		assert_int_equal(peers[i].ahead, 0);
	ex_next++;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whoever_is_killed_goes_on_where_it_was),
		cmocka_unit_test(a_document_that_changes_on_its_way_is_refused),
		cmocka_unit_test(a_run_ends_when_its_time_is_over),
		cmocka_unit_test(of_many_at_once_each_record_is_applied_once),
		cmocka_unit_test(who_loses_the_race_for_a_number_comes_again),
	};

	return cmocka_run_group_tests(tests, ex_make, end);
}
