/* A second bank (P13): when it is tried, and when never. */
#include "life.h"

/* Contracts of the attempts, in order: "sber-irk gpb-two". */
static const char *
tried(struct world *w, const struct payment *pm)
{
	struct payment *now = world_load(w, pm->number);
	struct buf b;

	buf_init(&b, w->fx.a, 400);
	for (size_t i = 0; i < now->attempts_len; i++) {
		if (i > 0)
			buf_char(&b, ' ');
		buf_text(&b, now->attempts[i].contract);
	}
	return arena_z(w->fx.a, buf_str(&b));
}

static void
third_bank(struct world *w)
{
	fixture_sql(&w->fx,
	    "UPDATE route SET preference = 3 WHERE contract = 'gpb-two'");
	fixture_sql(&w->fx,
	    "INSERT INTO route (portal, supplier, service, preference, "
	    "contract, from_day) VALUES ('irkutskenergosbyt', '*', '*', 2, "
	    "'sber-three', '2020-01-01')");
	world_rules(w);
	w->now += 3600000;
}

static void
one_visit_leads_to_the_second_bank_when_the_first_is_not_reached(void **state)
{
	static const struct {
		enum err rc;
		bool refused;
		const char *reason;
	} cases[] = {
		{ ERR_AGAIN, false, "" },
		{ ERR_OK, true, "pay_order_refused" },
		{ ERR_OK, true, "pay_bank_down" },
	};
	struct world *w = *state;

	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		struct payment *pm;
		struct opened out;

		world_reset(w);
		pm = world_pay(w, &sber_order);
		w->start_rc = cases[i].rc;
		w->start_refused = cases[i].refused;
		w->start_reason = cases[i].reason;
		out = world_open(w, pm);
		assert_int_equal(out.answer, OPENED_BANK);
		assert_true(str_starts(out.url, STR("https://gpb.example/")));
		assert_string_equal(tried(w, pm), "sber-irk gpb-two");
		assert_state(w, pm, "pending");
		assert_int_equal(world_told(w, pm, "bank_switched"), 1);
		pm = world_load(w, pm->number);
		assert_text(pm->contract, "gpb-two");
		assert_text(pm->bank, "gazprombank");
		/* The page was seen: now it stays there. */
		w->now += 60000;
		assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
		assert_string_equal(tried(w, pm), "sber-irk gpb-two");
	}
}

static void
money_of_the_second_bank_is_its_own_and_goes_back_there(void **state)
{
	struct world *w = *state;
	struct payment *pm;

	w->proof = true;
	w->start_rc = ERR_AGAIN;
	pm = life_gazprom_second(w);
	assert_state(w, pm, "paid");
	assert_int_equal(
	    world_moved(w, pm, "receivable/gpb-two"), pm->total_kop);
	assert_int_equal(world_moved(w, pm, "receivable/sber-irk"), 0);
	life_give_back(w, pm, 10000);
	assert_text(w->refund_contract, "gpb-two");
	assert_int_equal(
	    world_moved(w, pm, "receivable/gpb-two"), pm->total_kop - 10000);
}

static void
an_unknown_outcome_never_leads_to_another_bank(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order);

	w->start_rc = ERR_UNSURE;
	assert_int_equal(world_open(w, pm).answer, OPENED_WAIT);
	w->down_contract = STR("sber-irk");
	w->now += w->p.set.patience_ms;
	assert_int_equal(world_open(w, pm).answer, OPENED_WAIT);
	assert_int_equal(w->asks, 0); /* nobody waits for a bank that is down */
	/* It was never there, says the bank at last; it stays its bank's. */
	w->down_contract = STR("");
	w->status.outcome = BANK_ABSENT;
	w->start_rc = ERR_AGAIN;
	assert_int_equal(world_open(w, pm).answer, OPENED_SORRY);
	assert_string_equal(tried(w, pm), "sber-irk sber-irk");
	w->down_contract = STR("sber-irk");
	assert_int_equal(world_open(w, pm).answer, OPENED_SORRY);
	assert_string_equal(tried(w, pm), "sber-irk sber-irk");
}

static void
a_payer_who_saw_a_banks_page_is_never_led_to_another_bank(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order);
	struct opened out;

	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
	w->status.outcome = BANK_DECLINED;
	w->status.reason = STR("pay_bank_down");
	life_later(w);
	assert_state(w, pm, "declined");
	w->down_contract = STR("sber-irk");
	out = world_open(w, pm);
	assert_int_equal(out.answer, OPENED_SORRY);
	assert_string_equal(out.why, "bank_unavailable");
	assert_string_equal(tried(w, pm), "sber-irk");
	w->down_contract = STR("");
	w->start_rc = ERR_AGAIN;
	assert_int_equal(world_open(w, pm).answer, OPENED_SORRY);
	assert_string_equal(tried(w, pm), "sber-irk sber-irk");
}

static void
a_refusal_for_the_payers_own_reason_leads_nowhere_else(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order);

	w->start_refused = true;
	assert_int_equal(world_open(w, pm).answer, OPENED_RESULT);
	assert_string_equal(tried(w, pm), "sber-irk");
}

static void
a_bank_that_is_down_is_not_called_and_not_named(void **state)
{
	struct world *w = *state;
	struct pay_line_in line = { STR("irkutskenergosbyt"), STR("elektro"),
		STR("инзб17004717"), 50000 };
	struct payment *early = world_pay(w, &sber_order), *pm;
	struct quote q;

	w->down_contract = STR("sber-irk");
	assert_done(&w->fx,
	    pay_quote(&w->p, w->fx.a, STR("irkutskenergosbyt"), STR(""), &line,
		1, &q, &w->fx.f));
	assert_text(q.contract, "gpb-two");
	assert_text(q.bank, "gazprombank");
	assert_false(q.down);
	pm = world_pay(w,
	    &(struct world_order){ "irkutskenergosbyt", "irkutskenergosbyt",
		"elektro", "инзб17004717", 50001, 0, 0, 0, 0, 0, 0 });
	assert_text(pm->contract, "gpb-two");
	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
	assert_int_equal(world_told(w, pm, "bank_switched"), 0);
	/* Made while it was up, opened while it is down. */
	assert_int_equal(world_open(w, early).answer, OPENED_BANK);
	assert_string_equal(tried(w, early), "gpb-two");
	assert_int_equal(world_told(w, early, "bank_switched"), 1);
	assert_text(w->started[0], "gpb-two");
	assert_text(w->started[1], "gpb-two");
}

static void
when_all_banks_are_down_that_is_said_and_nothing_begins(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order);
	struct pay_created made;
	struct opened out;

	w->down = true;
	out = world_open(w, pm);
	assert_int_equal(out.answer, OPENED_SORRY);
	assert_string_equal(out.why, "bank_unavailable");
	assert_int_equal(w->starts, 0);
	assert_state(w, pm, "created");
	assert_rc(&w->fx, world_try(w, &sber_order, &made), ERR_AGAIN);
	assert_string_equal(w->fx.f.reason, "bank_unavailable");
}

static void
one_visit_tries_each_bank_once_and_the_next_begins_with_the_first(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order);

	third_bank(w);
	w->start_rc = ERR_AGAIN;
	w->down_contract = STR("gpb-two");
	assert_int_equal(world_open(w, pm).answer, OPENED_SORRY);
	assert_string_equal(tried(w, pm), "sber-irk sber-three");
	assert_state(w, pm, "declined");
	assert_int_equal(world_open(w, pm).answer, OPENED_SORRY);
	assert_string_equal(
	    tried(w, pm), "sber-irk sber-three sber-irk sber-three");
	w->start_rc = ERR_OK;
	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
	assert_text(world_load(w, pm->number)->contract, "sber-irk");
}

static void
a_late_payment_at_the_first_bank_makes_it_the_payments_bank(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order), *out;
	struct asking one = { pm->number, 1, STR("job") };

	third_bank(w);
	w->start_refused = true;
	w->start_reason = "pay_bank_down";
	w->start_contract = STR("sber-irk");
	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
	assert_string_equal(tried(w, pm), "sber-irk sber-three");
	world_bank_says_paid(w, pm->total_kop);
	assert_done(&w->fx, confirm_ask(&w->p, w->fx.a, &one, &out, &w->fx.f));
	assert_text(out->contract, "sber-irk");
	assert_int_equal(out->paid_attempt, 1);
	assert_int_equal(
	    world_moved(w, pm, "receivable/sber-irk"), pm->total_kop);
	one.n = 2;
	assert_done(&w->fx, confirm_ask(&w->p, w->fx.a, &one, &out, &w->fx.f));
	assert_text(out->contract, "sber-irk");
	assert_int_equal(world_cases(w, pm, "second_payment"), 1);
	assert_int_equal(
	    world_moved(w, pm, "refunds_due/sber-three"), -pm->total_kop);
}

static struct str cancelled;

static void
cancel_while_the_first_bank_thinks(struct world *w)
{
	struct caller who = world_caller("irkutskenergosbyt");
	struct payment *out;

	assert_done(&w->fx,
	    pay_cancel(&w->p, w->fx.a, &who, cancelled, &out, &w->fx.f));
}

static void
what_was_cancelled_meanwhile_is_brought_to_no_second_bank(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order);

	cancelled = pm->number;
	w->start_rc = ERR_AGAIN;
	w->at_start = cancel_while_the_first_bank_thinks;
	assert_int_equal(world_open(w, pm).answer, OPENED_RESULT);
	assert_string_equal(tried(w, pm), "sber-irk");
	assert_state(w, pm, "cancelled");
}

static void
a_line_that_the_second_bank_does_not_take_keeps_the_payment_here(void **state)
{
	struct world *w = *state;
	struct payment *pm = world_pay(w, &sber_order);

	fixture_sql(&w->fx,
	    "UPDATE route SET supplier = 'ro-sever' WHERE contract = "
	    "'gpb-two'");
	world_rules(w);
	w->now += 3600000;
	w->start_rc = ERR_AGAIN;
	assert_int_equal(world_open(w, pm).answer, OPENED_SORRY);
	assert_string_equal(tried(w, pm), "sber-irk");
}

static int
before(void **state)
{
	world_routes(*state, true);
	world_reset(*state);
	return 0;
}

static int
after(void **state)
{
	world_routes(*state, false);
	return 0;
}

#define T(name) cmocka_unit_test_setup_teardown(name, before, after)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(one_visit_leads_to_the_second_bank_when_the_first_is_not_reached),
		T(money_of_the_second_bank_is_its_own_and_goes_back_there),
		T(an_unknown_outcome_never_leads_to_another_bank),
		T(a_payer_who_saw_a_banks_page_is_never_led_to_another_bank),
		T(a_refusal_for_the_payers_own_reason_leads_nowhere_else),
		T(a_bank_that_is_down_is_not_called_and_not_named),
		T(when_all_banks_are_down_that_is_said_and_nothing_begins),
		T(one_visit_tries_each_bank_once_and_the_next_begins_with_the_first),
		T(a_late_payment_at_the_first_bank_makes_it_the_payments_bank),
		T(what_was_cancelled_meanwhile_is_brought_to_no_second_bank),
		T(a_line_that_the_second_bank_does_not_take_keeps_the_payment_here),
	};

	return cmocka_run_group_tests(tests, world_make, world_end);
}
