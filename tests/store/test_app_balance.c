/* Balances and statements, over a real database. */
#include "world.h"

#include "kvitok/app/balance.h"
#include "kvitok/app/refund.h"

#define PORTAL STR("irkutskenergosbyt")
#define SUPPLIER STR("irkutskenergosbyt")
#define ACCOUNT STR("ИНЗБ17004717")
#define ELEKTRO STR("elektro")

/* In a table STR is no constant. */
#define TEXT(literal)                                                          \
	{                                                                      \
		literal, sizeof(literal) - 1                                   \
	}

static const struct charge charges[] = {
	{ TEXT("2026-09"), TEXT("elektro"), TEXT("кВт·ч"), 240000000, 1580000,
	    37920, -1000, TEXT("Перерасчёт"), 100, -1 },
	{ TEXT("2026-10"), TEXT("elektro"), TEXT("кВт·ч"), 250500000, 1580000,
	    39579, 0, TEXT(""), 0, 125 },
	{ TEXT("2026-10"), TEXT("servis"), TEXT(""), 0, 0, 5000, 0, TEXT(""), 0,
	    0 },
};
static const struct opening openings[] = {
	{ TEXT("2026-08"), TEXT("elektro"), 1000 },
	{ TEXT("2026-11"), TEXT("elektro"), 77524 },
};
static const struct statement_payment elsewhere[] = {
	{ TEXT("2026-09"), TEXT("elektro"), TEXT("2026-09-05"),
	    TEXT("Почта России"), TEXT("p-1"), TEXT(""), 1000 },
};
static const struct account_debt debts[] = {
	{ TEXT("elektro"), TEXT("2026-11-01"), 77524 },
};

static struct account
account(void)
{
	struct account acc = world_account(
	    "irkutskenergosbyt", "irkutskenergosbyt", "ИНЗБ17004717");

	acc.debts = debts;
	acc.debts_len = KV_COUNT(debts);
	return acc;
}

static void
load(struct world *w)
{
	struct account acc = account();
	struct loader_book book = { .account = &acc,
		.facts = { charges, KV_COUNT(charges), openings,
		    KV_COUNT(openings), elsewhere, KV_COUNT(elsewhere) } };

	assert_done(&w->fx, loader_accounts(w->fx.db, &acc, 1, &w->fx.f));
	assert_done(&w->fx, loader_books(w->fx.db, &book, 1, &w->fx.f));
}

static int
make(void **state)
{
	int rc = world_make(state);

	load(*state);
	return rc;
}

static struct balance
balance(struct world *w)
{
	struct balance out;

	fault_init(&w->fx.f);
	assert_done(&w->fx,
	    balance_of(&w->p, w->fx.a, PORTAL, SUPPLIER, STR("инзб 17004717"),
		&out, &w->fx.f));
	return out;
}

static enum err
try(struct world *w, const char *from, const char *to,
    struct balance_statement *out)
{
	fault_init(&w->fx.f);
	return balance_statement_of(&w->p, w->fx.a, PORTAL, SUPPLIER, ACCOUNT,
	    str_of(from), str_of(to), out, &w->fx.f);
}

static struct balance_statement
statement(struct world *w, const char *from, const char *to)
{
	struct balance_statement out;

	assert_done(&w->fx, try(w, from, to, &out));
	return out;
}

static const struct statement_line *
line(const struct balance_statement *s, size_t month, struct str service)
{
	for (size_t i = 0; i < s->months[month].lines_len; i++)
		if (str_eq(s->months[month].lines[i].service, service))
			return &s->months[month].lines[i];
	fixture_fail("no line\n");
	return NULL;
}

/* What was written comes back, with the month before from rolled on. */
static void
a_statement_has_what_the_supplier_said(void **state)
{
	struct world *w = *state;
	struct balance_statement s = statement(w, "2026-09", "2026-11");
	const struct statement_line *l = line(&s, 0, ELEKTRO);

	assert_int_equal(s.months_len, 3);
	assert_int_equal(l->opening_kop, -1000);
	assert_text(l->charge->unit, "кВт·ч");
	assert_int_equal(l->charge->volume_micro, 240000000);
	assert_int_equal(l->charge->tariff_micro, 1580000);
	assert_int_equal(l->charge->accrued_kop, 37920);
	assert_int_equal(l->charge->recalculated_kop, -1000);
	assert_text(l->charge->recalculated_why, "Перерасчёт");
	assert_int_equal(l->charge->benefit_kop, 100);
	assert_int_equal(l->charge->penalty_kop, -1);
	assert_int_equal(l->charged_kop, 36820);
	assert_int_equal(l->paid_kop, 1000);
	assert_int_equal(l->closing_kop, -36820);
	assert_text(s.months[0].payments[0].place, "Почта России");
	assert_text(s.months[0].payments[0].day, "2026-09-05");

	l = line(&s, 1, ELEKTRO);
	assert_int_equal(l->charge->penalty_kop, 125);
	assert_int_equal(l->to_pay_kop, -36820 - 39704);
	/* The supplier's November begins with 10 roubles more. */
	assert_int_equal(l->closing_kop, -77524);
	assert_int_equal(l->other_kop, -1000);
	l = line(&s, 1, STR("servis"));
	assert_int_equal(l->opening_kop, 0);
	assert_int_equal(l->closing_kop, -5000);
	assert_text(
	    balance_title(&s, STR("servis")), "Услуги Сервисного центра");
	assert_text(balance_title(&s, STR("nothing")), "nothing");
	assert_false(s.months[2].closed);
}

static void
loading_books_twice_replaces_them(void **state)
{
	struct world *w = *state;

	load(w);
	a_statement_has_what_the_supplier_said(state);
}

static struct payment *
paid(struct world *w)
{
	struct payment *pm;

	world_reset(w);
	pm = world_pay(w, &sber_order);
	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
	world_bank_says_paid(w, pm->total_kop);
	w->now += w->p.set.ask_first_ms;
	(void)world_work(w);
	assert_state(w, pm, "paid");
	return pm;
}

static void
acknowledge(struct world *w, const struct payment *pm, const char *id,
    const char *month, const char *sum)
{
	struct account acc = account();

	fixture_sql(&w->fx,
	    arena_fmt(w->fx.a,
		"INSERT INTO payment_ack (akey, portal, supplier, account, "
		"month, id, number, n, service, day, sum_kop) VALUES "
		"('%.*s', '%.*s', '%.*s', '%.*s', '%s', '%s', '%.*s', 1, "
		"'elektro', '2026-11-21', %s)",
		STR_ARG(acc.akey), STR_ARG(acc.portal), STR_ARG(acc.supplier),
		STR_ARG(acc.account), month, id, STR_ARG(pm->number), sum)
		.p);
}

/* 500 roubles: on its way, then in the supplier's books, then given back. */
static void
a_payment_is_counted_once_from_the_click_to_the_books(void **state)
{
	struct world *w = *state;
	struct payment *pm = paid(w);
	struct balance b = balance(w);
	struct balance_statement s = statement(w, "2026-11", "2026-11");

	assert_int_equal(b.lines_len, 1);
	assert_int_equal(b.debt_kop, 77524);
	assert_int_equal(b.pending_kop, 50000);
	assert_int_equal(b.balance_kop, -27524);
	assert_int_equal(line(&s, 0, ELEKTRO)->to_pay_kop, -27524);
	assert_int_equal(s.months[0].payments_len, 1);
	assert_true(str_eq(s.months[0].payments[0].number, pm->number));
	assert_int_equal(s.months[0].payments[0].month.len, 0);

	/* Counted in October: the opening of November has it. */
	acknowledge(w, pm, "k-1", "2026-10", "50000");
	b = balance(w);
	assert_int_equal(b.pending_kop, 0);
	assert_int_equal(b.balance_kop, -77524);
	s = statement(w, "2026-10", "2026-11");
	assert_int_equal(line(&s, 0, ELEKTRO)->paid_kop, 50000);
	assert_int_equal(line(&s, 0, ELEKTRO)->closing_kop, -77524);
	assert_int_equal(line(&s, 1, ELEKTRO)->paid_kop, 0);

	/* Given back: owed again, until the supplier has counted that. */
	fixture_sql(&w->fx,
	    arena_fmt(w->fx.a,
		"INSERT INTO refund (akey, number, id, state, sum_kop, "
		"fee_kop, reason, actor, code, created_at, sent_at, ended_at) "
		"VALUES ('%.*s', '%.*s', 'R1', 'done', 20000, 0, 'why', 'x', "
		"'', 1, 1, 1)",
		STR_ARG(pm->akey), STR_ARG(pm->number))
		.p);
	fixture_sql(&w->fx,
	    arena_fmt(w->fx.a,
		"INSERT INTO refund_line (akey, number, refund, n, sum_kop, "
		"fee_kop, supplier_fee_kop) VALUES "
		"('%.*s', '%.*s', 'R1', 1, 20000, 0, 0)",
		STR_ARG(pm->akey), STR_ARG(pm->number))
		.p);
	b = balance(w);
	assert_int_equal(b.pending_kop, -20000);
	assert_int_equal(b.balance_kop, -97524);
	acknowledge(w, pm, "k-2", "2026-11", "-20000");
	b = balance(w);
	assert_int_equal(b.pending_kop, 0);
	s = statement(w, "2026-11", "2026-11");
	assert_int_equal(line(&s, 0, ELEKTRO)->paid_kop, -20000);

	/* As it was, for the audit at the end of these tests. */
	fixture_sql(&w->fx, "DELETE FROM refund_line");
	fixture_sql(&w->fx, "DELETE FROM refund");
	fixture_sql(&w->fx, "DELETE FROM payment_ack");
}

/* A payment that was not made counts nothing. */
static void
unpaid_payment_is_not_counted(void **state)
{
	struct world *w = *state;
	int64_t before = balance(w).pending_kop;

	world_reset(w);
	(void)world_pay(w, &sber_order);
	assert_int_equal(balance(w).pending_kop, before);
}

static void
a_wrong_span_is_refused_before_anything_is_read(void **state)
{
	struct world *w = *state;
	struct balance_statement s;

	assert_rc(&w->fx, try(w, "2026-11", "2026-10", &s), ERR_INVALID);
	assert_string_equal(w->fx.f.reason, "months_upside_down");
	assert_rc(&w->fx, try(w, "2016-11", "2026-11", &s), ERR_LIMIT);
	assert_rc(&w->fx, try(w, "2026-11", "2026-12", &s), ERR_INVALID);
	assert_rc(&w->fx, try(w, "2026/11", "2026-11", &s), ERR_INVALID);
	assert_done(&w->fx, try(w, "2023-12", "2026-11", &s));
	assert_int_equal(s.months_len, 36);
}

static void
another_portals_account_is_not_there(void **state)
{
	struct world *w = *state;
	struct balance out;

	fault_init(&w->fx.f);
	assert_rc(&w->fx,
	    balance_of(&w->p, w->fx.a, STR("portalgkh"), STR("yuzhnoe-zhks"),
		ACCOUNT, &out, &w->fx.f),
	    ERR_ABSENT);
	assert_string_equal(w->fx.f.reason, "account_unknown");
}

static void
a_text_too_long_for_its_column_is_refused_whole(void **state)
{
	struct world *w = *state;
	struct account acc = account();
	struct charge c = charges[0];
	struct loader_book book = { .account = &acc,
		.facts = { .charges = &c, .charges_len = 1 } };

	c.unit = STR("единица, длиннее нужного");
	c.accrued_kop = 1;
	fault_init(&w->fx.f);
	assert_rc(&w->fx, loader_books(w->fx.db, &book, 1, &w->fx.f), ERR_BUG);
	a_statement_has_what_the_supplier_said(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_statement_has_what_the_supplier_said),
		cmocka_unit_test(loading_books_twice_replaces_them),
		cmocka_unit_test(
		    a_payment_is_counted_once_from_the_click_to_the_books),
		cmocka_unit_test(unpaid_payment_is_not_counted),
		cmocka_unit_test(
		    a_wrong_span_is_refused_before_anything_is_read),
		cmocka_unit_test(another_portals_account_is_not_there),
		cmocka_unit_test(
		    a_text_too_long_for_its_column_is_refused_whole),
	};

	return cmocka_run_group_tests(tests, make, world_end);
}
