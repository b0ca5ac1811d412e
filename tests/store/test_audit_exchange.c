/* Documents of suppliers: each row that is spoiled is named by the audit. */
#include "exchange_world.h"
#include "spoil.h"

/* Documents by number: 1 payments made elsewhere, one of three refused; 2
 * charges; 3 balances that are put aside; 4 balances that wait for them; 5
 * never seen. */
#define PAYMENT(id, account, kop)                                              \
	"<payment id='" id "' account='" account "' service='elektro' "        \
	"paid_day='2026-11-03' sum_kop='" kop "' place='Почта'/>"

static const char letters[] = "P";
static struct payment *lived[1];

static void
skip_one(struct world *w)
{
	assert_done(&w->fx,
	    exchange_skip(&w->p, w->fx.a,
		&(struct exchange_doc){ .portal = STR(EX_PORTAL),
		    .supplier = STR(EX_SUPPLIER),
		    .number = ex_next++,
		    .error_words = STR("lost at the supplier's"),
		    .actor = STR("operator:test") },
		&w->fx.f));
}

static void
hand_over(struct world *w, int64_t number)
{
	struct exchange_ack ack;
	bool first;

	assert_done(&w->fx,
	    w->p.exchange_out.find(w->p.exchange_out.self, w->fx.a,
		STR(EX_PORTAL), STR(EX_SUPPLIER), number, &ack, &w->fx.f));
	assert_done(&w->fx,
	    w->p.exchange_out.handed(
		w->p.exchange_out.self, &ack, w->now, &first, &w->fx.f));
}

static int
make(void **state)
{
	int rc = ex_make(state);
	struct world *w = *state;

	spoil_letters = letters;
	spoil_lived = lived;
	lived[0] = life_paid(w);
	return rc;
}

static void
documents_of_every_state_agree_with_their_rows(void **state)
{
	struct world *w = *state;
	struct str aside = STR("<balance account='" EX_ACCOUNT
			       "' service='elektro' debt_kop='x'/>");

	(void)ex_next_is(w, "payments_elsewhere count='3' sum_kop='600'",
	    STR(PAYMENT("a", EX_ACCOUNT, "100") PAYMENT("b", EX_ACCOUNT, "200")
		    PAYMENT("c", "000", "300")),
	    EXCHANGE_APPLIED);
	(void)ex_next_is(w,
	    "charges month='2026-11' paid_to_day='2026-11-01' count='1' "
	    "sum_kop='500'",
	    STR("<charge account='" EX_ACCOUNT
		"' service='elektro' opening_kop='0' accrued_kop='500' "
		"paid_kop='0' closing_kop='500'/>"),
	    EXCHANGE_APPLIED);
	(void)ex_next_is(w,
	    "balances as_of_day='2026-11-01' count='1' sum_kop='0'", aside,
	    EXCHANGE_ASIDE);
	(void)ex_next_is(w,
	    "balances as_of_day='2026-11-02' count='1' sum_kop='700'",
	    STR("<balance account='" EX_ACCOUNT
		"' service='elektro' debt_kop='700'/>"),
	    EXCHANGE_HELD);
	skip_one(w);
	/* The payment comes again, with a new one: two records, one row. */
	(void)ex_next_is(w, "payments_elsewhere count='2' sum_kop='500'",
	    STR(PAYMENT("a", EX_ACCOUNT, "100")
		    PAYMENT("d", EX_ACCOUNT, "400")),
	    EXCHANGE_APPLIED);
	w->now += 1000;
	hand_over(w, 1);
	assert_true(is_clean(w));
}

#define IN(set, back, n, want)                                                 \
	{                                                                      \
		"UPDATE exchange_in SET " set " WHERE number = " n,            \
		    "UPDATE exchange_in SET " back " WHERE number = " n,       \
		    "exchange_in " EX_PORTAL "/" EX_SUPPLIER "/" want          \
	}
#define OUT(set, back, n, want)                                                \
	{                                                                      \
		"UPDATE exchange_out SET " set " WHERE number = " n,           \
		    "UPDATE exchange_out SET " back " WHERE number = " n,      \
		    "exchange_out " EX_PORTAL "/" EX_SUPPLIER "/" want         \
	}

/* One row is made wrong at a time, then mended. */
static void
each_spoilt_row_is_named_with_what_it_must_be(void **state)
{
	static const struct {
		const char *spoil, *mend, *want;
	} list[] = {
		{ "UPDATE exchange_in SET number = 8 WHERE number = 6",
		    "UPDATE exchange_in SET number = 6 WHERE number = 8",
		    "exchange_in " EX_PORTAL "/" EX_SUPPLIER
		    "/8 number: is 8, must be the next one" },
		IN("kind = 'x'", "kind = 'charges'", "2",
		    "2 kind: is x, must be a kind that is applied"),
		IN("sha256 = ''",
		    "sha256 = (SELECT k.sha256 FROM kept k WHERE k.number = 2)",
		    "2", "2 sha256: is , must be a digest"),
		IN("state = 'applied'", "state = 'aside'", "3",
		    "3 acknowledgements: is 0, must be 1"),
		IN("state = 'aside'", "state = 'skipped'", "5",
		    "5 acknowledgements: is 0, must be one at least"),
		IN("state = 'skipped'", "state = 'applied'", "2",
		    "2 acknowledgements: is 1, must be 0"),
		IN("waits_for = 9", "waits_for = 3", "4",
		    "4 waits_for: is 9, must be an earlier document"),
		IN("waits_for = 1", "waits_for = 3", "4",
		    "4 waits_for: is 1, must be one that it builds upon"),
		IN("said = 2", "said = 1", "2", "2 record: is 1, must be 2"),
		IN("said = 0", "said = 1", "2",
		    "2 record: is 1, must be what the document says at most"),
		IN("said_kop = 1", "said_kop = 500", "2",
		    "2 applied_kop: is 500, must be 1"),
		IN("record = 1, applied = 1", "record = 0, applied = 0", "3",
		    "3 record: is 1, must be 0"),
		IN("applied_kop = 7", "applied_kop = 0", "3",
		    "3 applied_kop: is 7, must be 0"),
		IN("applied_kop = 301", "applied_kop = 300", "1",
		    "1 applied_kop: is 301, must be 300"),
		IN("applied = 1, refused = 2", "applied = 2, refused = 1", "1",
		    "1 refused: is 1, must be 2"),
		IN("applied = 1, refused = 2", "applied = 2, refused = 1", "1",
		    "1 applied: is 1, must be its payments at least"),
		IN("error_line = 3", "error_line = 0", "1",
		    "1 error_line: is 3, must be 0"),
		IN("error_path = '/x'", "error_path = ''", "1",
		    "1 error_path: is /x, must be empty"),
		IN("error_words = 'x'", "error_words = ''", "1",
		    "1 error_words: is x, must be empty"),
		IN("error_words = ''", "error_words = 'x'", "3",
		    "3 error_words: is , must be why"),
		IN("ended_at = received_at - 1", "ended_at = received_at", "3",
		    "3 ended_at: is "),
		{ "UPDATE exchange_out SET number = 9 WHERE number = 4",
		    "UPDATE exchange_out SET number = 4 WHERE number = 9",
		    "exchange_out " EX_PORTAL "/" EX_SUPPLIER
		    "/9 number: is 9, must be the next one" },
		OUT("of_number = 7", "of_number = 2", "2",
		    "2 of_number: is 7, must be a document"),
		OUT("of_kind = 'meters'", "of_kind = 'charges'", "2",
		    "2 of_kind: is meters, must be the document's"),
		OUT("of_state = 'applied'", "of_state = 'refused'", "3",
		    "3 of_state: is aside, must be of a document that was "
		    "applied"),
		OUT("applied = 0", "applied = 1", "2",
		    "2 applied: is 0, must be 1"),
		OUT("applied_kop = 501", "applied_kop = 500", "2",
		    "2 applied_kop: is 501, must be 500"),
		OUT("refused = 0", "refused = 1", "1",
		    "1 refused: is 0, must be 1"),
		OUT("refused = 1", "refused = 0", "3",
		    "3 refused: is 1, must be 0"),
		OUT("words = 'x'", "words = ''", "2",
		    "2 words: is x, must be empty"),
		OUT("words = ''", "words = 'x'", "3",
		    "3 words: is , must be why"),
		OUT("made_at = made_at + 1", "made_at = made_at - 1", "2",
		    "2 made_at: is "),
		OUT("handed_at = made_at - 1", "handed_at = made_at + 1000",
		    "1", "1 handed_at: is "),
		OUT("handed_at = 5", "handed_at = NULL", "2",
		    "2 handed_at: is 5, must be not yet"),
		{ "UPDATE exchange_refused SET record = 4",
		    "UPDATE exchange_refused SET record = 3",
		    "exchange_in " EX_PORTAL "/" EX_SUPPLIER
		    "/1 record: is 3, must be that of the last refusal" },
		{ "UPDATE exchange_refused SET reason = 'x'",
		    "UPDATE exchange_refused SET reason = "
		    "'exchange_account_unknown'",
		    "exchange_refused " EX_PORTAL "/" EX_SUPPLIER
		    "/1/3 reason: is x, must be a reason" },
		{ "UPDATE payment_elsewhere SET sum_kop = 101 WHERE id = 'a'",
		    "UPDATE payment_elsewhere SET sum_kop = 100 WHERE id = 'a'",
		    "exchange_in " EX_PORTAL "/" EX_SUPPLIER
		    "/1 applied_kop: is 300, must be 301" },
		{ "UPDATE payment_elsewhere SET document = 7 WHERE id = 'd'",
		    "UPDATE payment_elsewhere SET document = 6 WHERE id = 'd'",
		    "payment_elsewhere {akey}/" EX_PORTAL "/" EX_SUPPLIER
		    "/" EX_ACCOUNT "/2026-11/d document: is 7, must be the "
		    "document that brought it" },
		{ "UPDATE payment_elsewhere SET document = 2 WHERE id = 'd'",
		    "UPDATE payment_elsewhere SET document = 6 WHERE id = 'd'",
		    "/d document: is charges, must be the document" },
		{ "UPDATE charge SET document = 1 WHERE document = 2",
		    "UPDATE charge SET document = 2 WHERE document = 1",
		    "charge {akey}/" EX_PORTAL "/" EX_SUPPLIER "/" EX_ACCOUNT
		    "/2026-11/elektro document: is payments_elsewhere, must "
		    "be" },
		{ "UPDATE charge SET document = 77 WHERE document = 2",
		    "UPDATE charge SET document = 2 WHERE document = 77",
		    "/2026-11/elektro document: is 77, must be" },
	};
	struct world *w = *state;
	size_t bad = 0;

	run(w, "CREATE TABLE kept AS SELECT * FROM exchange_in");
	for (size_t i = 0; i < KV_COUNT(list); i++) {
		const char *text, *want = filled(w, list[i].want);

		run(w, list[i].spoil);
		text = findings(w, &everything);
		if (strstr(text, want) == NULL) {
			print_error("%s: %s", list[i].spoil, text);
			bad++;
		}
		run(w, list[i].mend);
		assert_true(is_clean(w));
	}
	run(w, "DROP TABLE kept");
	assert_int_equal(bad, 0);
}

/* A payment is gone; another one is too much; so is an acknowledgement. */
static void
rows_that_are_missing_or_too_many_are_named(void **state)
{
	static const struct extra list[] = {
		{ "DELETE FROM exchange_refused",
		    "INSERT INTO exchange_refused (portal, supplier, number, "
		    "record, reason) VALUES ('" EX_PORTAL "', '" EX_SUPPLIER
		    "', 1, 3, 'exchange_account_unknown')",
		    "exchange_in " EX_PORTAL "/" EX_SUPPLIER
		    "/1 refused: is 0, must be 1" },
		{ "INSERT INTO payment_elsewhere (akey, portal, supplier, "
		  "account, month, id, service, day, sum_kop, place, document) "
		  "SELECT akey, portal, supplier, account, '2026-12', id, "
		  "service, day, sum_kop, place, document "
		  "FROM payment_elsewhere WHERE id = 'a'",
		    "DELETE FROM payment_elsewhere WHERE month = '2026-12'",
		    "exchange_in " EX_PORTAL "/" EX_SUPPLIER
		    "/1 applied: is 2, must be its payments at least" },
		{ "INSERT INTO exchange_out (portal, supplier, number, "
		  "of_number, of_kind, of_state, applied, applied_kop, "
		  "refused, "
		  "words, state, made_at) SELECT portal, supplier, 5, "
		  "of_number, of_kind, of_state, applied, applied_kop, "
		  "refused, "
		  "words, state, made_at FROM exchange_out WHERE number = 2",
		    "DELETE FROM exchange_out WHERE number = 5",
		    "exchange_in " EX_PORTAL "/" EX_SUPPLIER
		    "/2 acknowledgements: is 2, must be 1" },
	};

	spoil_extras(*state, list, KV_COUNT(list));
}

/* Charges behind a whole page are looked at, too. */
static void
rows_behind_the_first_page_are_looked_at(void **state)
{
	struct world *w = *state;

	run(w,
	    "INSERT INTO charge (akey, portal, supplier, account, month, "
	    "service, unit, volume_micro, tariff_micro, accrued_kop, "
	    "recalculated_kop, recalculated_why, benefit_kop, document) "
	    "WITH RECURSIVE i (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM i "
	    "WHERE x < 1200) "
	    "SELECT akey, portal, supplier, account, month, "
	    "'z' || CAST(100000 + x AS VARCHAR(10)), '', 0, 0, 0, 0, '', 0, "
	    "CASE WHEN x = 1200 THEN 99 ELSE 2 END "
	    "FROM charge CROSS JOIN i WHERE document = 2");
	assert_true(names(w, "the last of many",
	    "charge {akey}/" EX_PORTAL "/" EX_SUPPLIER "/" EX_ACCOUNT
	    "/2026-11/z101200 document: is 99, must be"));
	run(w, "DELETE FROM charge WHERE service LIKE 'z%'");
	assert_true(is_clean(w));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    documents_of_every_state_agree_with_their_rows),
		cmocka_unit_test(each_spoilt_row_is_named_with_what_it_must_be),
		cmocka_unit_test(rows_that_are_missing_or_too_many_are_named),
		cmocka_unit_test(rows_behind_the_first_page_are_looked_at),
	};

	return cmocka_run_group_tests(tests, make, world_end);
}
