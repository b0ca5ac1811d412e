/* Outages: the closest place is shown, and what is over is removed. */
#include "exchange_world.h"

#include "kvitok/app/supplied.h"
#include "kvitok/base/day.h"

#define MINE "Г.Иркутск, улица Мира, дом 23"

static int64_t
instant(const char *text)
{
	int64_t at;

	assert_true(day_parse_rfc3339(str_of(text), &at));
	return at;
}

static int
make(void **state)
{
	int rc = ex_make(state);
	struct world *w = *state;

	(void)life_paid(w); /* what the audit at the end wants to see */
	(void)ex_next_is(w, "accounts count='1'",
	    STR("<account number='" EX_ACCOUNT
		"' address='г. Иркутск, ул. Мира, д. 23, кв. 32'>"
		"<owner last_name='А'/></account>"),
	    EXCHANGE_APPLIED);
	w->p.set.outage_keep_ms = 31 * DAY_MS;
	return rc;
}

static void
outage(struct world *w, const char *id, const char *more, const char *places)
{
	(void)ex_next_is(w, "outages count='1'",
	    arena_fmt(w->fx.a,
		"<outage id='%s' kind='planned' service='elektro' "
		"from='2027-03-01T09:00:00Z' %s>%s<reason>А</reason></outage>",
		id, more, places),
	    EXCHANGE_APPLIED);
}

static void
ends(struct world *w, const char *id, const char *more)
{
	outage(
	    w, id, more, "<place address='" MINE "'/><place address='Чита'/>");
}

static struct supplied_outages
told(struct world *w)
{
	struct supplied_outages out;

	fault_init(&w->fx.f);
	assert_done(&w->fx,
	    supplied_outages_of(&w->p, w->fx.a, STR(EX_PORTAL),
		STR(EX_SUPPLIER), STR(EX_ACCOUNT), &out, &w->fx.f));
	return out;
}

/* Of outages that have an end, or were called off, how many are there whose id
 * begins so. */
static int
kept(struct world *w, const char *ids)
{
	const struct outage_key *v;
	size_t len;
	int n = 0;

	assert_done(&w->fx,
	    w->p.supplied.over(w->p.supplied.self, w->fx.a, INT64_MAX, 1000, &v,
		&len, &w->fx.f));
	for (size_t i = 0; i < len; i++)
		n += str_starts(v[i].id, str_of(ids));
	return n;
}

static void
sweep(struct world *w, const char *now, int limit)
{
	w->now = instant(now);
	fault_init(&w->fx.f);
	assert_done(&w->fx, supplied_sweep(&w->p, w->fx.a, limit, &w->fx.f));
}

static void
of_several_places_the_closest_is_shown_once(void **state)
{
	struct world *w = *state;

	outage(w, "А", "to='2027-03-02T09:00:00Z'",
	    "<place address='Иркутск'/><place address='" MINE "'/>"
	    "<place address='г. Иркутск, ул. Мира'/>");
	assert_int_equal(told(w).len, 1);
	assert_text(told(w).v[0].place, MINE);
	/* The beginning of a word is no beginning of an address. */
	outage(w, "А", "to='2027-03-02T09:00:00Z'",
	    "<place address='г. Иркутск, ул. Мир'/><place address='Ирк'/>"
	    "<place address='г. Иркутск, ул. Мира, д. 23, кв. 32, к. 1'/>");
	assert_int_equal(told(w).len, 0);
	outage(w, "А", "to='2027-03-02T09:00:00Z'",
	    "<place address='г. Иркутск, ул. Мира, д. 23, кв. 32'/>");
	assert_int_equal(told(w).len, 1);
}

static void
what_is_over_is_removed_when_it_was_kept_long_enough(void **state)
{
	struct world *w = *state;

	ends(w, "Б-1", "to='2027-03-01T12:00:00Z'");
	ends(w, "Б-2", "cancelled='1'");
	ends(w, "Б-3", "");
	ends(w, "Б-4", "to='2027-05-01T12:00:00Z' cancelled='1'");
	sweep(w, "2027-04-01T09:00:00.000Z", 100);
	assert_int_equal(kept(w, "Б-2"), 1);
	sweep(w, "2027-04-01T09:00:00.001Z", 100);
	assert_int_equal(kept(w, "Б-2"), 0);
	sweep(w, "2027-04-01T12:00:00.000Z", 100);
	assert_int_equal(kept(w, "Б-1"), 1);
	sweep(w, "2027-04-01T12:00:00.001Z", 100);
	assert_int_equal(kept(w, "Б-1"), 0);
	assert_int_equal(kept(w, "Б-4"), 1);
	/* It goes on until its end is told. */
	sweep(w, "2028-01-01T12:00:00Z", 100);
	assert_int_equal(kept(w, "Б-"), 0);
	assert_int_equal(told(w).len, 1);
	assert_text(told(w).v[0].outage.id, "Б-3");
}

static void
so_many_are_removed_at_once_and_no_more(void **state)
{
	struct world *w = *state;

	for (int i = 0; i < 3; i++)
		ends(w, arena_fmt(w->fx.a, "В-%d", i).p,
		    "to='2027-03-01T12:00:00Z'");
	sweep(w, "2028-01-01T12:00:00Z", 2);
	assert_int_equal(kept(w, "В-"), 1);
	sweep(w, "2028-01-01T12:00:00Z", 2);
	assert_int_equal(kept(w, "В-"), 0);
}

struct dropping {
	struct world *w;
	struct outage_key key;
};

static enum err
drop_body(void *arg, struct fault *f)
{
	const struct dropping *d = arg;
	struct world *w = d->w;

	return w->p.supplied.drop(
	    w->p.supplied.self, &d->key, w->now - w->p.set.outage_keep_ms, f);
}

/* It was found to be over, and the supplier has told of it anew since. */
static void
what_was_told_anew_meanwhile_stays(void **state)
{
	struct world *w = *state;
	struct dropping d = { w,
		{ STR(EX_PORTAL), STR(EX_SUPPLIER), STR("Г") } };

	ends(w, "Г", "to='2028-03-01T12:00:00Z'");
	assert_done(
	    &w->fx, w->p.tx.run(w->p.tx.self, "drop", drop_body, &d, &w->fx.f));
	assert_int_equal(kept(w, "Г"), 1);
	assert_int_equal(told(w).len, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_several_places_the_closest_is_shown_once),
		cmocka_unit_test(
		    what_is_over_is_removed_when_it_was_kept_long_enough),
		cmocka_unit_test(so_many_are_removed_at_once_and_no_more),
		cmocka_unit_test(what_was_told_anew_meanwhile_stays),
	};

	return cmocka_run_group_tests(tests, make, world_end);
}
