/* What accountants see of settlements: by supplier, by state, what waits; on
 * both databases. */
#include "settling.h"

#include "kvitok/app/settle_files.h"

static size_t
listed(struct world *w, const char *supplier, enum settle_state state,
    const struct settlement **out)
{
	const struct settle_reader *rd = &w->p.settlements;
	struct settle_query q = { .portal = STR("irkutskenergosbyt"),
		.supplier = str_of(supplier),
		.has_state = true,
		.state = state,
		.limit = 1000 };
	size_t len;

	assert_done(
	    &w->fx, rd->list(rd->self, w->fx.a, &q, out, &len, &w->fx.f));
	return len;
}

static struct settle_waiting
waiting(struct world *w, const char *supplier)
{
	const struct settle_reader *rd = &w->p.settlements;
	struct settle_waiting out;

	assert_done(&w->fx,
	    rd->waiting(rd->self, w->fx.a, STR("irkutskenergosbyt"),
		str_of(supplier), &out, &w->fx.f));
	return out;
}

static void
what_waits_is_listed_and_summed_by_supplier(void **state)
{
	struct world *w = *state;
	const struct settlement *v;
	struct settlement s;
	size_t done;

	settle_all(w, SBER);
	(void)life_paid(w);
	s = prepared(w, SBER, day_over(w));
	assert_int_equal(
	    listed(w, "irkutskenergosbyt", SETTLE_PREPARED, &v), 1);
	assert_true(str_eq(v[0].id, s.id));
	assert_int_equal(listed(w, "", SETTLE_PREPARED, &v), 1);
	assert_int_equal(listed(w, "irkutskenergo", SETTLE_PREPARED, &v), 0);
	assert_int_equal(waiting(w, "").count, 1);
	assert_int_equal(waiting(w, "").sum_kop, s.sums.transfer_kop);
	assert_true(str_eq(waiting(w, "").day, s.day));
	assert_int_equal(waiting(w, "irkutskenergo").count, 0);
	done = listed(w, "irkutskenergosbyt", SETTLE_CONFIRMED, &v);
	s = confirmed(w, &s);
	assert_int_equal(listed(w, "irkutskenergosbyt", SETTLE_CONFIRMED, &v),
	    (int)done + 1);
	assert_int_equal(waiting(w, "").count, 0);
	assert_int_equal(waiting(w, "").day.len, 0);
}

static void
a_register_without_a_layout_is_refused_by_its_reason(void **state)
{
	struct world *w = *state;
	struct pay_layout l;

	fault_init(&w->fx.f);
	assert_rc(&w->fx,
	    settle_layout(&w->p, w->fx.a, STR("none"), &l, &w->fx.f),
	    ERR_LIMIT);
	assert_string_equal(w->fx.f.reason, "settlement_no_layout");
	fault_init(&w->fx.f);
	assert_done(&w->fx,
	    settle_layout(
		&w->p, w->fx.a, STR("sber-positional"), &l, &w->fx.f));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_waits_is_listed_and_summed_by_supplier),
		cmocka_unit_test(
		    a_register_without_a_layout_is_refused_by_its_reason),
	};

	return cmocka_run_group_tests(tests, settling_make, world_end);
}
