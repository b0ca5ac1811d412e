/* What a supplier has counted of our payments: each row that is spoiled is
 * named by the audit. */
#include "exchange_world.h"
#include "spoil.h"

/* P: paid and counted.  R: counted, a part given back, and that counted.
 * N: never paid. */
static const char letters[] = "PRN";
static struct payment *counted[3];

/* The supplier has counted what came up to the day. */
static void
count_up_to(struct world *w, const char *month, const char *day)
{
	struct str body = arena_fmt(w->fx.a,
	    "charges month='%s' paid_to_day='%s' count='1' sum_kop='0'", month,
	    day);

	(void)ex_next_is(w, body.p,
	    STR("<charge account='" EX_ACCOUNT
		"' service='elektro' opening_kop='0' accrued_kop='0' "
		"paid_kop='0' closing_kop='0'/>"),
	    EXCHANGE_APPLIED);
}

static int
make(void **state)
{
	int rc = ex_make(state);
	struct world *w = *state;

	spoil_letters = letters;
	spoil_lived = counted;
	unlocked(&w->fx);
	return rc;
}

static void
what_was_counted_agrees_with_what_was_paid(void **state)
{
	struct world *w = *state;

	counted[0] = life_paid(w);
	counted[1] = life_paid(w);
	counted[2] = life_cancelled(w);
	count_up_to(w, "2026-11", "2026-12-31");
	assert_true(is_clean(w));

	/* Given back, and not yet counted: the books are right all the same. */
	life_give_back(w, counted[1], 20000);
	life_later(w);
	assert_true(is_clean(w));
	count_up_to(w, "2026-12", "2026-12-31");
	assert_true(is_clean(w));
}

#define OF_P "number = '{P}'"
#define GIVEN_BACK "number = '{R}' AND sum_kop < 0"

/* One row is made wrong at a time; the finding is read to its last word. */
static void
each_spoilt_row_is_named_with_what_it_must_be(void **state)
{
	static const struct {
		const char *spoil, *mend, *want;
	} list[] = {
		{ "UPDATE payment_ack SET sum_kop = sum_kop - 1 WHERE " OF_P,
		    "UPDATE payment_ack SET sum_kop = sum_kop + 1 WHERE " OF_P,
		    " sum_kop: is 49999, must be 50000\n" },
		{ "UPDATE payment_ack SET sum_kop = sum_kop + 1 "
		  "WHERE " GIVEN_BACK,
		    "UPDATE payment_ack SET sum_kop = sum_kop - 1 "
		    "WHERE " GIVEN_BACK,
		    " sum_kop: is -19999, must be -20000\n" },
		{ "UPDATE payment_ack SET service = 'heat' WHERE " OF_P,
		    "UPDATE payment_ack SET service = 'elektro' WHERE " OF_P,
		    " service: is heat, must be elektro\n" },
		{ "UPDATE payment_ack SET id = 'x' WHERE " OF_P,
		    "UPDATE payment_ack SET id = '{P}/1/1' WHERE " OF_P,
		    " id: is , must be a document of charges" },
		{ "UPDATE payment_ack SET id = '{P}/1/77' WHERE " OF_P,
		    "UPDATE payment_ack SET id = '{P}/1/1' WHERE " OF_P,
		    "{P}/1/77 id: is , must be a document of charges" },
		{ "UPDATE exchange_in SET kind = 'balances' WHERE number = 1",
		    "UPDATE exchange_in SET kind = 'charges' WHERE number = 1",
		    "{P}/1/1 id: is balances, must be a document of charges" },
		{ "UPDATE payment_ack SET n = 2 WHERE " OF_P,
		    "UPDATE payment_ack SET n = 1 WHERE " OF_P,
		    "{P}/1/1 row: is of nobody, must be a line of a payment" },
		{ "INSERT INTO payment_ack SELECT akey, portal, supplier, "
		  "account, month, '{P}/1/2', number, n, service, day, sum_kop "
		  "FROM payment_ack WHERE " OF_P,
		    "DELETE FROM payment_ack WHERE id = '{P}/1/2'",
		    "{P}/1/2 sum_kop: is 50000, must be 0\n" },
		{ "UPDATE payment_ack SET number = '{N}' WHERE " OF_P,
		    "UPDATE payment_ack SET number = '{P}' "
		    "WHERE number = '{N}'",
		    "{P}/1/1 number: is cancelled, must be a paid payment\n" },
		{ "UPDATE payment_ack SET day = '2020-01-01' WHERE " OF_P,
		    "UPDATE payment_ack SET day = (SELECT MAX(day) "
		    "FROM payment_ack WHERE number = '{R}') WHERE " OF_P,
		    "{P}/1/1 day: is 2020-01-01, must be 20" },
		{ "INSERT INTO payment_ack (akey, portal, supplier, account, "
		  "month, id, number, n, service, day, sum_kop) "
		  "SELECT c.akey, c.portal, c.supplier, c.account, k.month, "
		  "'{P}/1/1', k.number, k.n, k.service, k.day, k.sum_kop "
		  "FROM payment_ack k, (SELECT * FROM account "
		  "WHERE akey <> '{akey}' ORDER BY akey LIMIT 1) c "
		  "WHERE k.number = '{P}'",
		    "DELETE FROM payment_ack WHERE akey <> '{akey}'",
		    " account: is " },
	};
	struct world *w = *state;

	for (size_t i = 0; i < KV_COUNT(list); i++) {
		const char *text, *at;

		run(w, list[i].spoil);
		text = findings(w, &everything);
		at = strstr(text, "\npayment_ack ");
		if (!at || !strstr(at, filled(w, list[i].want)))
			print_error("%s: %s", list[i].spoil, text);
		assert_true(at && strstr(at, filled(w, list[i].want)));
		run(w, list[i].mend);
		assert_true(is_clean(w));
	}
}

/* More rows than a page of the audit has are all looked at. */
static void
rows_behind_the_first_page_are_looked_at(void **state)
{
	struct world *w = *state;
	struct audit_counts n;
	struct listing l;

	run(w,
	    "INSERT INTO payment_ack (akey, portal, supplier, account, month, "
	    "id, number, n, service, day, sum_kop) "
	    "WITH RECURSIVE i (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM i "
	    "WHERE x < 1000) "
	    "SELECT akey, portal, supplier, account, '2030-01', "
	    "CAST(x AS VARCHAR(10)), 'ZZZZZZZZ-0000000000', 1, service, day, 1 "
	    "FROM payment_ack CROSS JOIN i WHERE " OF_P);
	buf_init(&l.b, w->fx.a, LIST_MAX);
	assert_done(&w->fx,
	    audit_run(&w->p, &everything,
		&(struct audit_sink){ &l, spoil_list }, &n, &w->fx.f));
	assert_int_equal(n.acks, 1003);
	assert_int_equal(n.findings, 1000);
	run(w, "DELETE FROM payment_ack WHERE month = '2030-01'");
	assert_true(is_clean(w));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_counted_agrees_with_what_was_paid),
		cmocka_unit_test(each_spoilt_row_is_named_with_what_it_must_be),
		cmocka_unit_test(rows_behind_the_first_page_are_looked_at),
	};

	return cmocka_run_group_tests(tests, make, world_end);
}
