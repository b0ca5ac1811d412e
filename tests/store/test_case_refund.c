/* Cases about refunds: tried again, paid by hand, accepted as the bank says. */
#include "case_life.h"

#include "kvitok/app/give_back.h"

static void
a_refund_that_failed_is_tried_again_with_the_same_lines(void **state)
{
	struct world *w = *state;
	struct payment *pm = refund_refused(w);

	resolve(w, pm, "refund_failed", "retry");
	assert_string_equal(state_of(w, pm, "refund_failed"), "resolved");
	assert_int_equal(world_load(w, pm->number)->refunded_kop, 10000);
	later(w, 1);
	assert_state(w, pm, "partly_refunded");
	assert_int_equal(w->refunded_kop, 10000);
}

static void
a_refund_of_what_is_gone_meanwhile_is_not_tried_again(void **state)
{
	struct world *w = *state;
	struct payment *pm = refund_refused(w);
	struct pay_case c = case_of(w, pm, "refund_failed");
	struct case_resolve req = case_request(w, &c, "retry");

	life_give_back(w, pm, 0); /* everything */
	refused(w, &req, ERR_LIMIT, "refund_too_large", NULL);
	resolve(w, pm, "refund_failed", "drop");
	assert_state(w, pm, "refunded");
}

static void
a_refund_paid_by_hand_leaves_our_bank_account(void **state)
{
	struct world *w = *state;
	struct payment *pm = refund_refused(w);

	resolve(w, pm, "refund_failed", "paid_by_hand");
	assert_state(w, pm, "partly_refunded");
	assert_int_equal(world_load(w, pm->number)->refunded_kop, 10000);
	assert_int_equal(
	    world_moved(w, pm, "bank_account/irkutskenergosbyt"), -10000);
	assert_int_equal(
	    world_moved(w, pm, "receivable/sber-irk"), pm->total_kop);
	later(w, 1);
	assert_int_equal(w->refunds, 1); /* the one that was refused */
	assert_int_equal(world_told(w, pm, "refund_receipt_sent"), 1);
}

/* A refund of 100 roubles of which the bank says that it gave kop. */
static struct payment *
refund_unclear(struct world *w, int64_t kop)
{
	struct payment *pm = life_paid(w);

	w->refund_rc = ERR_UNSURE;
	life_give_back(w, pm, 10000);
	w->refund_rc = ERR_OK;
	w->refunded_kop = kop;
	later(w, w->p.set.ask_first_ms);
	assert_string_equal(state_of(w, pm, "refund_unclear"), "open");
	return pm;
}

static void
what_the_bank_has_given_back_is_accepted_as_a_refund(void **state)
{
	static const int64_t sums[] = { 1, 9999, 10001, 50000 };
	struct world *w = *state;

	for (size_t i = 0; i < KV_COUNT(sums); i++) {
		struct payment *pm = refund_unclear(w, sums[i]);

		resolve(w, pm, "refund_unclear", "accept");
		assert_string_equal(
		    state_of(w, pm, "refund_unclear"), "under_way");
		later(w, 1);
		assert_string_equal(
		    state_of(w, pm, "refund_unclear"), "resolved");
		assert_int_equal(
		    world_load(w, pm->number)->refunded_kop, sums[i]);
		assert_state(
		    w, pm, sums[i] == 50000 ? "refunded" : "partly_refunded");
		assert_int_equal(world_moved(w, pm, "receivable/sber-irk"),
		    pm->total_kop - sums[i]);
	}
}

static void
more_than_was_paid_is_not_accepted_as_a_refund(void **state)
{
	struct world *w = *state;
	struct payment *pm = refund_unclear(w, 50001);

	resolve(w, pm, "refund_unclear", "accept");
	later(w, 1);
	assert_string_equal(state_of(w, pm, "refund_unclear"), "open");
	assert_int_equal(world_told(w, pm, "case_refused"), 1);
	assert_int_equal(world_load(w, pm->number)->refunded_kop, 10000);
	/* The bank has corrected itself. */
	w->refunded_kop = 10000;
	resolve(w, pm, "refund_unclear", "ask_again");
	later(w, 1);
	assert_state(w, pm, "partly_refunded");
	assert_string_equal(state_of(w, pm, "refund_unclear"), "resolved");
}

static void
an_unclear_refund_that_becomes_clear_settles_its_case(void **state)
{
	struct world *w = *state;
	struct payment *pm = refund_unclear(w, 5);

	w->refunded_kop = 10000;
	fixture_sql(&w->fx,
	    "UPDATE job SET state = 'due', due_at = 0, ended_at = NULL "
	    "WHERE kind = 'refund' AND state = 'failed'");
	later(w, 1);
	assert_state(w, pm, "partly_refunded");
	assert_text(case_of(w, pm, "refund_unclear").resolution, "settled");
}

/* Nothing was asked of the bank: somebody must decide anew. */
static void
decided_anew(struct world *w, struct payment *pm, const char *evidence)
{
	const struct case_event *v;
	struct pay_case c = case_of(w, pm, "wrong_sum");
	size_t len;

	assert_int_equal(w->refunds, 0);
	assert_int_equal(world_told(w, pm, "give_back_refused"), 1);
	assert_string_equal(state_of(w, pm, "wrong_sum"), "open");
	assert_done(&w->fx,
	    w->p.cases.events(
		w->p.cases.self, w->fx.a, c.akey, c.id, &v, &len, &w->fx.f));
	assert_text(v[len - 1].kind, "refused");
	assert_non_null(strstr(v[len - 1].evidence.p, evidence));
	later(w, w->p.set.ask_first_ms);
	assert_int_equal(world_told(w, pm, "give_back_refused"), 1);
	assert_int_equal(
	    world_moved(w, pm, "refunds_due/sber-irk"), -(pm->total_kop - 1));
	resolve(w, pm, "wrong_sum", "paid_by_hand");
	assert_string_equal(state_of(w, pm, "wrong_sum"), "resolved");
	assert_int_equal(world_moved(w, pm, "refunds_due/sber-irk"), 0);
}

static void
more_than_was_taken_at_the_bank_is_for_a_person(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_held(w);

	w->refunded_kop = pm->total_kop;
	resolve(w, pm, "wrong_sum", "give_back");
	later(w, 1);
	decided_anew(w, pm, "more_is_back");
}

static void
another_sum_in_the_banks_history_is_for_a_person(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_held(w);

	w->refunded_rc = ERR_CONFLICT;
	resolve(w, pm, "wrong_sum", "give_back");
	later(w, 1);
	decided_anew(w, pm, "bank_says");
}

static void
another_sum_of_a_refund_is_a_case_and_not_asked_for_ever(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_paid(w);

	w->refunded_rc = ERR_CONFLICT;
	w->refunds = 0;
	life_give_back(w, pm, 10000);
	assert_int_equal(w->refunds, 0);
	assert_string_equal(state_of(w, pm, "refund_unclear"), "open");
	/* Nothing was given back, so that there is nothing to accept. */
	resolve(w, pm, "refund_unclear", "accept");
	later(w, 1);
	assert_string_equal(state_of(w, pm, "refund_unclear"), "open");
	w->refunded_rc = ERR_OK;
	w->refunded_kop = 0;
	resolve(w, pm, "refund_unclear", "ask_again");
	later(w, 1);
	assert_int_equal(w->refunds, 1);
	assert_state(w, pm, "partly_refunded");
}

struct owing {
	struct world *w;
	struct give_back_ask ask;
};

static enum err
owe(void *arg, struct fault *f)
{
	struct owing *o = arg;

	return give_back_owe(&o->w->p, o->w->fx.a, &o->ask, f);
}

/* Whoever reads the case a moment too late. */
static void
money_that_is_going_back_is_not_owed_once_more(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_held(w);
	struct pay_case c = case_of(w, pm, "wrong_sum");
	struct owing o = { w,
		{ .pm = world_load(w, pm->number),
		    .c = &c,
		    .reason = STR("по заявлению"),
		    .actor = STR(ANNA),
		    .own_account = STR("") } };

	resolve(w, pm, "wrong_sum", "give_back");
	fault_init(&w->fx.f);
	assert_rc(&w->fx, w->p.tx.run(w->p.tx.self, "test", owe, &o, &w->fx.f),
	    ERR_CONFLICT);
	assert_string_equal(w->fx.f.reason, "case_money_back");
	later(w, 1);
	assert_int_equal(w->refunds, 1);
	assert_int_equal(world_moved(w, pm, "refunds_due/sber-irk"), 0);
}

static void
set_sum(struct world *w, const struct pay_case *c, int64_t kop)
{
	fixture_sql(&w->fx,
	    arena_fmt(w->fx.a,
		"UPDATE pay_case SET sum_kop = %lld WHERE id = '%.*s'",
		(long long)kop, STR_ARG(c->id))
		.p);
}

static void
money_that_nobody_can_name_is_not_given_back_by_the_bank(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_held(w);
	struct pay_case c = case_of(w, pm, "wrong_sum");
	struct case_resolve req = case_request(w, &c, "give_back");

	set_sum(w, &c, 0);
	refused(w, &req, ERR_CONFLICT, "case_money_unnamed", NULL);
	assert_string_equal(state_of(w, pm, "wrong_sum"), "open");
	later(w, 1);
	assert_int_equal(w->refunds, 0);
	set_sum(w, &c, c.sum_kop); /* for the audit */
}

static int
fresh(void **state)
{
	world_reset(*state);
	return 0;
}

#define T(name) cmocka_unit_test_setup(name, fresh)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_refund_that_failed_is_tried_again_with_the_same_lines),
		T(a_refund_of_what_is_gone_meanwhile_is_not_tried_again),
		T(a_refund_paid_by_hand_leaves_our_bank_account),
		T(what_the_bank_has_given_back_is_accepted_as_a_refund),
		T(more_than_was_paid_is_not_accepted_as_a_refund),
		T(an_unclear_refund_that_becomes_clear_settles_its_case),
		T(more_than_was_taken_at_the_bank_is_for_a_person),
		T(another_sum_in_the_banks_history_is_for_a_person),
		T(another_sum_of_a_refund_is_a_case_and_not_asked_for_ever),
		T(money_that_is_going_back_is_not_owed_once_more),
		T(money_that_nobody_can_name_is_not_given_back_by_the_bank),
	};

	return cmocka_run_group_tests(tests, world_make, world_end);
}
