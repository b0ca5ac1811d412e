/* Settlements with suppliers: prepared, held, confirmed, sent back; on both
 * databases. */
#include "settling.h"

#include <string.h>

/* What the supplier gets of a payment of 500; it pays 0.8 % itself. */
#define NET 49600

/* Cases are closed here without a person: for the audit they are open. */
static void
books(struct world *w)
{
	open_cases(w);
	world_books(w);
	close_cases(w);
}

static int
end(void **state)
{
	open_cases(*state);
	return world_end(state);
}

/* What the ledger has on an account. */
static int64_t
balance(struct world *w, const char *account)
{
	const struct ledger_turnover *v;
	size_t len;
	int64_t sum = 0;

	assert_done(&w->fx,
	    w->p.ledger.turnover(w->p.ledger.self, w->fx.a, STR("2000-01-01"),
		STR("2999-12-31"), STR(""), 500, &v, &len, &w->fx.f));
	for (size_t i = 0; i < len; i++)
		if (str_eq(v[i].account, str_of(account)))
			sum = v[i].debit_kop - v[i].credit_kop;
	return sum;
}

static void
refused(struct world *w, const struct settlement *s, int64_t kop,
    enum err wanted, const char *reason)
{
	struct settle_confirm_request req = confirmation(w, s);
	struct settle_confirmed out;

	req.sum_kop = kop;
	assert_rc(&w->fx, confirm(w, &req, &out), wanted);
	assert_string_equal(w->fx.f.reason, reason);
}

static void
a_day_is_transferred_once_and_the_books_say_so(void **state)
{
	struct world *w = *state;
	struct settlement s, next;
	int64_t before;

	settle_all(w, SBER);
	before = balance(w, "bank_account/irkutskenergosbyt");
	(void)life_paid(w);
	(void)life_paid(w);
	s = prepared(w, SBER, day_over(w));
	assert_int_equal(s.sums.items, 2);
	assert_int_equal(s.sums.taken_kop, 100000);
	assert_int_equal(s.sums.supplier_fee_kop, 800);
	assert_int_equal(s.sums.transfer_kop, 2 * NET);
	assert_text(s.payee.account, "40702810310000016640");
	assert_text(s.payer.account, "40702810200000009903");
	s = confirmed(w, &s);
	assert_int_equal(s.state, SETTLE_CONFIRMED);
	assert_true(s.order_no > 0);
	assert_int_equal(
	    balance(w, "payable/irkutskenergosbyt/irkutskenergosbyt"), 0);
	assert_int_equal(
	    balance(w, "bank_account/irkutskenergosbyt"), before - 2 * NET);
	next = prepared(w, SBER, day_over(w));
	assert_int_equal(next.sums.size, 0);
	refused(w, &next, 0, ERR_LIMIT, "settlement_nothing");
	books(w);
}

static void
commission_and_refunds_are_told_apart(void **state)
{
	struct world *w = *state;
	struct payment *pm;
	struct settlement s;

	settle_all(w, GPB);
	world_reset(w);
	pm = world_pay(w, &gpb_order); /* 1200 and a commission of 18 */
	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
	world_bank_says_paid(w, pm->total_kop);
	life_later(w);
	life_give_back(w, pm, 20000);
	s = prepared(w, GPB, day_over(w));
	assert_int_equal(s.sums.items, 2);
	assert_int_equal(s.sums.taken_kop, 120000);
	assert_int_equal(s.sums.refunded_kop, 20000);
	assert_int_equal(s.sums.fee_kop, 1800); /* kept at a refund of a part */
	assert_int_equal(s.sums.supplier_fee_kop, 0);
	assert_int_equal(s.sums.transfer_kop, 100000);
	(void)confirmed(w, &s);
	books(w);
}

static void
payments_with_an_open_case_wait_and_are_taken_later(void **state)
{
	struct world *w = *state;
	struct settlement s;

	settle_all(w, GPB);
	(void)life_openings(w); /* its second opening is a case */
	s = prepared(w, GPB, day_over(w));
	assert_int_equal(s.sums.items, 0);
	assert_int_equal(s.sums.held_items, 1);
	assert_int_equal(s.sums.held_kop, 120000);
	refused(w, &s, 0, ERR_LIMIT, "settlement_nothing");
	s = prepared(w, GPB, day_over(w));
	assert_int_equal(s.sums.held_kop, 120000);
	close_cases(w);
	s = prepared(w, GPB, day_over(w));
	assert_int_equal(s.sums.held_kop, 0);
	assert_int_equal(s.sums.transfer_kop, 120000);
	(void)confirmed(w, &s);
	books(w);
}

static void
what_was_held_is_told_as_released_in_a_later_settlement(void **state)
{
	struct world *w = *state;
	struct payment *pm;
	struct settlement s;

	settle_all(w, SBER);
	pm = life_paid(w);
	(void)life_paid(w);
	(void)pm;
	fixture_sql(&w->fx,
	    arena_fmt(w->fx.a,
		"INSERT INTO pay_case (akey, id, portal, number, n, kind, "
		"subject, state, sum_kop, proposal, evidence, created_at) "
		"VALUES ('%.*s', 'HELD', 'irkutskenergosbyt', '%.*s', 1, "
		"'chargeback', 'x', 'open', 50000, 'refund', '{}', 1)",
		STR_ARG(pm->akey), STR_ARG(pm->number))
		.p);
	s = prepared(w, SBER, day_over(w));
	assert_int_equal(s.sums.held_kop, NET);
	assert_int_equal(s.sums.transfer_kop, NET);
	(void)confirmed(w, &s);
	(void)life_paid(w);
	fixture_sql(&w->fx, "DELETE FROM pay_case WHERE id = 'HELD'");
	s = prepared(w, SBER, day_over(w));
	assert_int_equal(s.sums.held_kop, 0);
	assert_int_equal(s.sums.released_kop, NET);
	assert_int_equal(s.sums.transfer_kop, 2 * NET);
	(void)confirmed(w, &s);
	books(w);
}

static void
a_day_that_is_not_over_or_is_settled_is_refused(void **state)
{
	struct world *w = *state;
	struct settlement s, out;
	char today[DAY_TEXT_SIZE];

	settle_all(w, SBER);
	day_of(w->now, DAY_ZONE_MOSCOW, today);
	assert_rc(&w->fx, prepare(w, SBER, str_of(today), &out), ERR_LIMIT);
	assert_string_equal(w->fx.f.reason, "settlement_day_open");
	assert_rc(
	    &w->fx, prepare(w, SBER, STR("2026-02-30"), &out), ERR_INVALID);
	assert_string_equal(w->fx.f.reason, "field_form");
	(void)life_paid(w);
	s = prepared(w, SBER, day_over(w));
	(void)confirmed(w, &s);
	assert_rc(&w->fx, prepare(w, SBER, s.day, &out), ERR_CONFLICT);
	assert_string_equal(w->fx.f.reason, "settlement_day_done");
	assert_rc(
	    &w->fx, prepare(w, SBER, STR("2020-01-01"), &out), ERR_CONFLICT);
	assert_string_equal(w->fx.f.reason, "settlement_day_done");
	assert_rc(
	    &w->fx, prepare(w, "portalgkh", "nobody", s.day, &out), ERR_LIMIT);
	assert_string_equal(w->fx.f.reason, "settlement_contract_missing");
}

static void
a_new_preparation_takes_the_place_of_the_old_one(void **state)
{
	struct world *w = *state;
	struct settlement old, s;
	struct str day;

	settle_all(w, SBER);
	(void)life_paid(w);
	day = day_over(w);
	old = prepared(w, SBER, day);
	s = prepared(w, SBER, day);
	assert_false(str_eq(old.id, s.id));
	assert_int_equal(s.sums.transfer_kop, NET);
	refused(w, &old, NET, ERR_CONFLICT, "settlement_replaced");
	old = s;
	(void)life_paid(w);
	s = prepared(w, SBER, day_over(w)); /* takes both days */
	assert_int_equal(s.sums.transfer_kop, 2 * NET);
	assert_int_equal(s.sums.released_kop, 0);
	refused(w, &old, NET, ERR_CONFLICT, "settlement_replaced");
	refused(w, &s, NET, ERR_CONFLICT, "settlement_sum_differs");
	assert_string_equal(w->fx.f.args[0].value, "992");
	(void)confirmed(w, &s);
	refused(w, &s, 2 * NET, ERR_CONFLICT, "settlement_confirmed");
	books(w);
}

static void
what_changed_after_preparation_is_not_confirmed(void **state)
{
	struct world *w = *state;
	struct settlement s;

	settle_all(w, GPB);
	(void)life_openings(w);
	close_cases(w);
	s = prepared(w, GPB, day_over(w));
	open_cases(w);
	refused(w, &s, 120000, ERR_CONFLICT, "settlement_changed");
	close_cases(w);
	fixture_sql(&w->fx,
	    "UPDATE supplier SET settlement_account = '40702810310740003311' "
	    "WHERE portal = 'portalgkh' AND supplier = 'yuzhnoe-zhks'");
	world_rules(w);
	w->now += 2000;
	refused(w, &s, 120000, ERR_CONFLICT, "settlement_changed");
	fixture_sql(&w->fx,
	    "UPDATE supplier SET settlement_account = '40702810910000001205' "
	    "WHERE portal = 'portalgkh' AND supplier = 'yuzhnoe-zhks'");
	world_rules(w);
	w->now += 2000;
	refused(w, &s, 120000, ERR_LIMIT, "settlement_requisite");
	assert_string_equal(w->fx.f.args[0].value, "payee.account");
	assert_rc(&w->fx, prepare(w, GPB, s.day, &s), ERR_LIMIT);
	assert_string_equal(w->fx.f.reason, "settlement_requisite");
	fixture_sql(&w->fx,
	    "UPDATE supplier SET settlement_account = '40702810910000001204' "
	    "WHERE portal = 'portalgkh' AND supplier = 'yuzhnoe-zhks'");
	fixture_sql(&w->fx,
	    "UPDATE supplier_contract SET purpose = 'по {unknown}' "
	    "WHERE portal = 'portalgkh' AND supplier = 'yuzhnoe-zhks'");
	world_rules(w);
	w->now += 2000;
	assert_rc(&w->fx, prepare(w, GPB, s.day, &s), ERR_LIMIT);
	assert_string_equal(w->fx.f.reason, "settlement_purpose");
	fixture_sql(&w->fx,
	    "UPDATE supplier_contract SET purpose = 'по {contract}' "
	    "WHERE portal = 'portalgkh' AND supplier = 'yuzhnoe-zhks'");
	world_rules(w);
	w->now += 2000;
}

static void
less_than_the_minimum_is_carried_over(void **state)
{
	struct world *w = *state;
	struct settlement s;

	settle_all(w, SBER);
	fixture_sql(&w->fx,
	    "UPDATE supplier_contract SET min_kop = 49601 "
	    "WHERE supplier = 'irkutskenergosbyt'");
	world_rules(w);
	(void)life_paid(w);
	s = prepared(w, SBER, day_over(w));
	assert_true(settle_carried(&s));
	refused(w, &s, NET, ERR_LIMIT, "settlement_nothing");
	fixture_sql(&w->fx,
	    "UPDATE supplier_contract SET min_kop = 49600 "
	    "WHERE supplier = 'irkutskenergosbyt'");
	world_rules(w);
	w->now += 2000;
	s = prepared(w, SBER, day_over(w));
	assert_int_equal(s.sums.transfer_kop, NET);
	(void)confirmed(w, &s);
	fixture_sql(&w->fx,
	    "UPDATE supplier_contract SET min_kop = 100 "
	    "WHERE supplier = 'irkutskenergosbyt'");
	world_rules(w);
	w->now += 2000;
}

static void
more_given_back_than_taken_is_carried_over(void **state)
{
	struct world *w = *state;
	struct payment *pm;
	struct settlement s;

	settle_all(w, SBER);
	pm = life_paid(w);
	s = prepared(w, SBER, day_over(w));
	(void)confirmed(w, &s);
	world_reset(w);
	life_give_back(w, pm, 10000);
	s = prepared(w, SBER, day_over(w));
	assert_int_equal(s.sums.transfer_kop, -10000);
	refused(w, &s, -10000, ERR_LIMIT, "settlement_nothing");
	(void)life_paid(w);
	s = prepared(w, SBER, day_over(w));
	assert_int_equal(s.sums.refunded_kop, 10000);
	assert_int_equal(s.sums.transfer_kop, NET - 10000);
	(void)confirmed(w, &s);
	books(w);
}

static void
a_key_that_comes_again_gets_its_first_answer(void **state)
{
	struct world *w = *state;
	struct settlement s;
	struct settle_confirm_request req;
	struct settle_confirmed out, again;

	settle_all(w, SBER);
	(void)life_paid(w);
	s = prepared(w, SBER, day_over(w));
	req = confirmation(w, &s);
	assert_done(&w->fx, confirm(w, &req, &out));
	assert_done(&w->fx, confirm(w, &req, &again));
	assert_true(again.replay);
	assert_true(str_eq(out.answer, again.answer));
	secret_sha256_hex(STR("other"), req.body_hash);
	assert_rc(&w->fx, confirm(w, &req, &again), ERR_LIMIT);
	assert_string_equal(w->fx.f.reason, "idempotency_key_reused");
	req.portal = STR("portalgkh");
	assert_rc(&w->fx, confirm(w, &req, &again), ERR_ABSENT);
	assert_string_equal(w->fx.f.reason, "settlement_unknown");
}

static enum err
send_back(
    struct world *w, struct str id, const char *why, struct settlement *out)
{
	fault_init(&w->fx.f);
	return settle_return(&w->p, w->fx.a, id, str_of(why),
	    STR("operator:test"), out, &w->fx.f);
}

static void
what_the_bank_sends_back_is_transferred_by_another_order(void **state)
{
	struct world *w = *state;
	struct settlement s, later, out, again;
	int64_t before;

	settle_all(w, SBER);
	before = balance(w, "bank_account/irkutskenergosbyt");
	(void)life_paid(w);
	s = prepared(w, SBER, day_over(w));
	assert_rc(
	    &w->fx, send_back(w, s.id, "счёт закрыт", &out), ERR_CONFLICT);
	assert_string_equal(w->fx.f.reason, "settlement_not_confirmed");
	(void)confirmed(w, &s);
	/* The bank takes its time: a later day is settled meanwhile. */
	(void)life_paid(w);
	later = prepared(w, SBER, day_over(w));
	assert_int_equal(later.sums.transfer_kop, NET);
	(void)confirmed(w, &later);
	assert_rc(&w->fx, send_back(w, s.id, "нет", &out), ERR_OK);
	assert_rc(&w->fx, send_back(w, s.id, "ой", &out), ERR_INVALID);
	assert_rc(
	    &w->fx, send_back(w, s.id, "счёт закрыт", &out), ERR_CONFLICT);
	assert_string_equal(w->fx.f.reason, "settlement_returned");
	refused(w, &s, NET, ERR_CONFLICT, "settlement_returned");
	assert_int_equal(
	    balance(w, "payable/irkutskenergosbyt/irkutskenergosbyt"), -NET);
	books(w);
	again = prepared(w, SBER, day_over(w));
	assert_int_equal(again.sums.items, 1);
	assert_int_equal(again.sums.transfer_kop, NET);
	assert_int_equal(again.sums.released_kop, NET);
	again = confirmed(w, &again);
	assert_true(again.order_no > settle_loaded(w, later.id).order_no);
	assert_int_equal(
	    balance(w, "bank_account/irkutskenergosbyt"), before - 2 * NET);
	books(w);
}

static void
a_preparation_that_died_is_taken_over(void **state)
{
	struct world *w = *state;
	struct settlement s, next;

	settle_all(w, SBER);
	(void)life_paid(w);
	s = prepared(w, SBER, day_over(w));
	fixture_sql(&w->fx,
	    arena_fmt(w->fx.a,
		"UPDATE settlement SET state = 'preparing' WHERE id = '%.*s'",
		STR_ARG(s.id))
		.p);
	fixture_sql(&w->fx,
	    "DELETE FROM settlement_event WHERE kind = 'prepared' AND "
	    "settlement IN (SELECT id FROM settlement "
	    "WHERE state = 'preparing')");
	refused(w, &s, NET, ERR_CONFLICT, "settlement_preparing");
	books(w);
	next = prepared(w, SBER, s.day);
	assert_int_equal(next.sums.transfer_kop, NET);
	(void)confirmed(w, &next);
	books(w);
}

static void
a_payment_that_differs_from_its_posting_stops_it(void **state)
{
	struct world *w = *state;
	struct payment *pm;
	struct settlement s;

	settle_all(w, SBER);
	pm = life_paid(w);
	fixture_sql(&w->fx,
	    arena_fmt(w->fx.a,
		"UPDATE pay_line SET sum_kop = sum_kop + 1 "
		"WHERE number = '%.*s'",
		STR_ARG(pm->number))
		.p);
	assert_rc(&w->fx, prepare(w, SBER, day_over(w), &s), ERR_BUG);
	assert_string_equal(w->fx.f.reason, "settlement_differs");
	assert_non_null(strstr(w->fx.f.detail, pm->number.p));
	fixture_sql(&w->fx,
	    arena_fmt(w->fx.a,
		"UPDATE pay_line SET sum_kop = sum_kop - 1 "
		"WHERE number = '%.*s'",
		STR_ARG(pm->number))
		.p);
	settle_all(w, SBER);
	books(w);
}

/* Several processes, each with a connection of its own. */
struct rivals {
	struct str id, day;
	int64_t now;
};

static void
rival_world(struct world *w, const struct rivals *r)
{
	memset(w, 0, sizeof(*w));
	fixture_open(&w->fx);
	w->now = r->now;
	world_ports(w);
	fault_init(&w->fx.f);
}

static void
confirms(int i, void *arg)
{
	const struct rivals *r = arg;
	struct world w;
	struct settlement s;
	struct settle_confirm_request req;
	struct settle_confirmed out;
	enum err rc;

	rival_world(&w, r);
	s = settle_loaded(&w, r->id);
	req = confirmation(&w, &s);
	req.ikey = arena_fmt(w.fx.a, "rival-%.*s-%d", STR_ARG(r->id), i);
	do
		rc = confirm(&w, &req, &out);
	while (rc == ERR_AGAIN);
	_exit(rc == ERR_OK ||
		    (rc == ERR_CONFLICT &&
			strcmp(w.fx.f.reason, "settlement_confirmed") == 0)
		? 0
		: 1);
}

static void
of_many_confirmations_at_once_one_transfers(void **state)
{
	struct world *w = *state;
	struct settlement s;
	struct rivals r;
	int64_t before;

	settle_all(w, SBER);
	(void)life_paid(w);
	s = prepared(w, SBER, day_over(w));
	before = balance(w, "bank_account/irkutskenergosbyt");
	r = (struct rivals){ s.id, s.day, w->now };
	fixture_crowd(6, confirms, &r);
	assert_int_equal(
	    balance(w, "bank_account/irkutskenergosbyt"), before - NET);
	books(w);
}

static void
prepares(int i, void *arg)
{
	const struct rivals *r = arg;
	struct world w;
	struct settlement s;
	enum err rc;

	(void)i;
	rival_world(&w, r);
	do
		rc = prepare(&w, SBER, r->day, &s);
	while (rc == ERR_AGAIN);
	_exit(rc == ERR_OK ||
		    (rc == ERR_CONFLICT &&
			strcmp(w.fx.f.reason, "settlement_replaced") == 0)
		? 0
		: 1);
}

static void
of_many_preparations_at_once_the_last_one_stands(void **state)
{
	struct world *w = *state;
	struct settlement s;
	struct rivals r;

	settle_all(w, SBER);
	(void)life_paid(w);
	r = (struct rivals){ STR_NONE, day_over(w), w->now };
	fixture_crowd(4, prepares, &r);
	books(w);
	s = prepared(w, SBER, r.day);
	assert_int_equal(s.sums.transfer_kop, NET);
	(void)confirmed(w, &s);
	books(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_day_is_transferred_once_and_the_books_say_so),
		cmocka_unit_test(commission_and_refunds_are_told_apart),
		cmocka_unit_test(
		    payments_with_an_open_case_wait_and_are_taken_later),
		cmocka_unit_test(
		    what_was_held_is_told_as_released_in_a_later_settlement),
		cmocka_unit_test(
		    a_day_that_is_not_over_or_is_settled_is_refused),
		cmocka_unit_test(
		    a_new_preparation_takes_the_place_of_the_old_one),
		cmocka_unit_test(
		    what_changed_after_preparation_is_not_confirmed),
		cmocka_unit_test(less_than_the_minimum_is_carried_over),
		cmocka_unit_test(more_given_back_than_taken_is_carried_over),
		cmocka_unit_test(a_key_that_comes_again_gets_its_first_answer),
		cmocka_unit_test(
		    what_the_bank_sends_back_is_transferred_by_another_order),
		cmocka_unit_test(a_preparation_that_died_is_taken_over),
		cmocka_unit_test(
		    a_payment_that_differs_from_its_posting_stops_it),
		cmocka_unit_test(of_many_confirmations_at_once_one_transfers),
		cmocka_unit_test(
		    of_many_preparations_at_once_the_last_one_stands),
	};

	return cmocka_run_group_tests(tests, settling_make, end);
}
