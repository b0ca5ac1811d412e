/* Whatever is changed, added or removed after the closing is named. */
#include "books.h"
#include "unlocked.h"

/* SQL that spoils a closed ledger, SQL that puts it right again, and how the
 * check must begin to name it; {A}, {B}, {C} are transfers of the days 1 to 3.
 */
struct spoil {
	const char *spoil, *repair, *want;
};

static const char *ids[3];

#define OF(x) " WHERE id = '{" x "}'"
#define LINE(x, n) " WHERE transfer = '{" x "}' AND n = " n
#define DAY(n) " WHERE day = '2026-11-0" n "'"

static const struct spoil spoils[] = {
	{ "UPDATE ledger_transfer SET cause = 'x'" OF("A"),
	    "UPDATE ledger_transfer SET cause = 'a'" OF("A"),
	    "ledger_transfer 7K3M9QZT/{A} hash" },
	{ "UPDATE ledger_transfer SET kind = 'x'" OF("A"),
	    "UPDATE ledger_transfer SET kind = 'paid'" OF("A"),
	    "ledger_transfer 7K3M9QZT/{A} hash" },
	{ "UPDATE ledger_transfer SET number = ''" OF("B"),
	    "UPDATE ledger_transfer SET number = '7K3M9QZT-4F8D2K1M0X'" OF("B"),
	    "ledger_transfer 7K3M9QZT/{B} hash" },
	{ "UPDATE ledger_transfer SET at = at + 1" OF("C"),
	    "UPDATE ledger_transfer SET at = at - 1" OF("C"),
	    "ledger_transfer 7K3M9QZT/{C} hash" },
	{ "UPDATE ledger_transfer SET day = '2026-11-03'" OF("A"),
	    "UPDATE ledger_transfer SET day = '2026-11-01'" OF("A"),
	    "ledger_transfer 7K3M9QZT/{A} row: is missing" },
	{ "UPDATE ledger_transfer SET day = '2026-11-03'" OF("A"),
	    "UPDATE ledger_transfer SET day = '2026-11-01'" OF("A"),
	    "ledger_transfer 7K3M9QZT/{A} row: is added" },
	{ "UPDATE ledger_transfer SET day = '2026-10-01'" OF("B"),
	    "UPDATE ledger_transfer SET day = '2026-11-02'" OF("B"),
	    "ledger_transfer 7K3M9QZT/{B} row: is before" },
	{ "UPDATE ledger_transfer SET id = 'Z'" OF("B"),
	    "UPDATE ledger_transfer SET id = '{B}' WHERE id = 'Z'",
	    "ledger_transfer 7K3M9QZT/Z row: is added" },
	{ "UPDATE ledger_transfer SET akey = 'ZZZZZZZZ'" OF("B"),
	    "UPDATE ledger_transfer SET akey = '7K3M9QZT'" OF("B"),
	    "ledger_transfer 7K3M9QZT/{B} row: is missing" },
	{ "UPDATE ledger_line SET sum_kop = sum_kop + 1" LINE("A", "1"),
	    "UPDATE ledger_line SET sum_kop = sum_kop - 1" LINE("A", "1"),
	    "ledger_transfer 7K3M9QZT/{A} hash" },
	{ "UPDATE ledger_line SET account = 'x'" LINE("C", "2"),
	    "UPDATE ledger_line SET account = 'receivable/c'" LINE("C", "2"),
	    "ledger_transfer 7K3M9QZT/{C} hash" },
	{ "UPDATE ledger_line SET day = '2026-11-09'" LINE("C", "2"),
	    "UPDATE ledger_line SET day = '2026-11-03'" LINE("C", "2"),
	    "ledger_transfer 7K3M9QZT/{C} hash" },
	{ "UPDATE ledger_line SET n = 9" LINE("C", "2"),
	    "UPDATE ledger_line SET n = 2" LINE("C", "9"),
	    "ledger_transfer 7K3M9QZT/{C} hash" },
	{ "DELETE FROM ledger_line" LINE("A", "2"),
	    "INSERT INTO ledger_line VALUES ('7K3M9QZT', '{A}', 2, "
	    "'receivable/c', '2026-11-01', 10)",
	    "ledger_close 2026-11-01 lines: is 4, must be 3" },
	{ "INSERT INTO ledger_line VALUES ('7K3M9QZT', '{B}', 3, 'x', "
	  "'2026-11-02', 1)",
	    "DELETE FROM ledger_line" LINE("B", "3"),
	    "ledger_close 2026-11-02 lines: is 2, must be 3" },
	{ "INSERT INTO ledger_transfer VALUES ('7K3M9QZT', 'Z', 'z', 'paid', "
	  "'', '2026-11-01', 1)",
	    "DELETE FROM ledger_transfer WHERE id = 'Z'",
	    "ledger_transfer 7K3M9QZT/Z row: is added" },
	{ "INSERT INTO ledger_transfer VALUES ('00000000', 'Z', 'z', 'paid', "
	  "'', '2026-11-01', 1)",
	    "DELETE FROM ledger_transfer WHERE id = 'Z'",
	    "ledger_transfer 00000000/Z row: is added" },
	{ "INSERT INTO ledger_transfer VALUES ('7K3M9QZT', 'Z', 'z', 'paid', "
	  "'', '2026-11-04', 1)", /* an empty day */
	    "DELETE FROM ledger_transfer WHERE id = 'Z'",
	    "ledger_transfer 7K3M9QZT/Z row: is added" },
	{ "DELETE FROM ledger_transfer" OF("C"),
	    "INSERT INTO ledger_transfer VALUES ('7K3M9QZT', '{C}', 'c', "
	    "'paid', '7K3M9QZT-4F8D2K1M0X', '2026-11-03', 1795230000000)",
	    "ledger_transfer 7K3M9QZT/{C} row: is missing" },
	{ "UPDATE ledger_close SET hash = previous" DAY("2"),
	    "UPDATE ledger_close SET hash = (SELECT previous FROM ledger_close "
	    "WHERE day = '2026-11-03')" DAY("2"),
	    "ledger_close 2026-11-03 previous" },
	{ "UPDATE ledger_close SET previous = hash" DAY("2"),
	    "UPDATE ledger_close SET previous = (SELECT hash FROM ledger_close "
	    "WHERE day = '2026-11-01')" DAY("2"),
	    "ledger_close 2026-11-02 previous" },
	{ "UPDATE ledger_close SET previous = hash" DAY("1"),
	    "UPDATE ledger_close SET previous = ''" DAY("1"),
	    "ledger_close 2026-11-01 previous" },
	{ "UPDATE ledger_close SET transfers = 3" DAY("1"),
	    "UPDATE ledger_close SET transfers = 2" DAY("1"),
	    "ledger_close 2026-11-01 transfers: is 3, must be 2" },
	{ "UPDATE ledger_close SET debit_kop = 1, credit_kop = 1" DAY("3"),
	    "UPDATE ledger_close SET debit_kop = 30, credit_kop = 30" DAY("3"),
	    "ledger_close 2026-11-03 debit_kop: is 1, must be 30" },
	{ "DELETE FROM ledger_close" DAY("2"),
	    "INSERT INTO ledger_close SELECT '2026-11-02', c.previous, a.hash, "
	    "1, 2, 20, 20, 'operator:test', 0 FROM ledger_close c, "
	    "ledger_close a WHERE c.day = '2026-11-03' "
	    "AND a.day = '2026-11-01'",
	    "ledger_close 2026-11-02 row: is missing" },
	{ "UPDATE ledger_shut SET day = '2026-12-31'" DAY("2"),
	    "UPDATE ledger_shut SET day = '2026-11-02' "
	    "WHERE day = '2026-12-31'",
	    "ledger_shut 2026-11-02 row: is missing" },
	{ "UPDATE ledger_shut SET day = '2026-12-31'" DAY("2"),
	    "UPDATE ledger_shut SET day = '2026-11-02' "
	    "WHERE day = '2026-12-31'",
	    "ledger_shut 2026-12-31 row: is of a day that is not closed" },
	{ "UPDATE ledger_mark SET n = 2" DAY("1"),
	    "UPDATE ledger_mark SET n = 1" DAY("1"),
	    "ledger_mark 2026-11-01/1 row: is missing" },
	{ "UPDATE ledger_mark SET marks = 'x' || marks" DAY("3"),
	    "UPDATE ledger_mark SET marks = substr(marks, 2)" DAY("3"),
	    "ledger_transfer x7K3M9QZT/{C} row: is missing" },
	{ "UPDATE ledger_mark SET marks = 'x'" DAY("3"),
	    "UPDATE ledger_mark SET marks = '7K3M9QZT {C} {c}' || '\n'" DAY(
		"3"),
	    "ledger_mark 2026-11-03/1 marks: is no list" },
	{ "INSERT INTO ledger_mark VALUES ('2026-12-31', 1, '')",
	    "DELETE FROM ledger_mark WHERE day = '2026-12-31'",
	    "ledger_mark 2026-12-31 row: is of a day that is not closed" },
	{ "UPDATE ledger_balance SET balance_kop = balance_kop + 1" DAY("2"),
	    "UPDATE ledger_balance SET balance_kop = balance_kop - 1" DAY("2"),
	    "ledger_balance receivable/c/2026-11-02 balance_kop: is 36, "
	    "must be 35" },
	{ "UPDATE ledger_balance SET account = 'x' WHERE account = "
	  "'receivable/c' AND day = '2026-11-01'",
	    "UPDATE ledger_balance SET account = 'receivable/c' "
	    "WHERE account = 'x'",
	    "ledger_balance receivable/c/2026-11-01 row: is missing" },
	{ "INSERT INTO ledger_balance VALUES ('x', '2026-11-01', 5)",
	    "DELETE FROM ledger_balance WHERE account = 'x'",
	    "ledger_balance x/2026-11-01 row: is too much" },
	{ "UPDATE ledger_day SET debit_kop = debit_kop + 1" DAY("3"),
	    "UPDATE ledger_day SET debit_kop = debit_kop - 1" DAY("3"),
	    "ledger_balance receivable/c/2026-11-03 balance_kop" },
};

static struct str mark_of_c;

/* Put ids for letters in braces; {c} is the mark of the third. */
static const char *
filled(struct books *b, const char *text)
{
	struct buf out;

	buf_init(&out, b->fx.a, 4000);
	for (; *text != '\0'; text++) {
		if (text[0] != '{') {
			buf_char(&out, *text);
			continue;
		}
		if (text[1] == 'c')
			buf_text(&out, mark_of_c);
		else
			buf_text(&out, str_of(ids[text[1] - 'A']));
		text += 2;
	}
	return buf_str(&out).p;
}

static bool
names(struct books *b, const struct spoil *s)
{
	const char *text = books_check(b, "", "");
	struct str line = arena_fmt(b->fx.a, "\n%s", filled(b, s->want));

	if (strstr(text, line.p) != NULL)
		return true;
	print_error("%s: not named%s, but:%s", s->spoil, line.p, text);
	return false;
}

static void
every_spoiled_row_of_a_closed_day_is_named(void **state)
{
	struct books *b = *state;
	size_t bad = 0;

	for (size_t i = 0; i < KV_COUNT(spoils); i++) {
		fixture_sql(&b->fx, filled(b, spoils[i].spoil));
		bad += !names(b, &spoils[i]);
		fixture_sql(&b->fx, filled(b, spoils[i].repair));
	}
	assert_int_equal(bad, 0);
	assert_string_equal(books_check(b, "", ""), "\n");
}

static void
a_check_of_days_names_what_is_wrong_on_them_alone(void **state)
{
	struct books *b = *state;

	fixture_sql(
	    &b->fx, filled(b, "UPDATE ledger_transfer SET at = 1" OF("B")));
	assert_string_equal(books_check(b, "2026-11-01", "2026-11-01"), "\n");
	assert_string_equal(books_check(b, "2026-11-03", "2026-11-04"), "\n");
	assert_non_null(strstr(books_check(b, "2026-11-02", "2026-11-03"),
	    filled(b, "ledger_transfer 7K3M9QZT/{B} hash")));
	fixture_sql(&b->fx,
	    filled(b, "UPDATE ledger_transfer SET at = 1795230000000" OF("B")));
	assert_string_equal(books_check(b, "2026-11-02", "2026-11-02"), "\n");
}

static struct str
id_of(struct books *b, const char *day)
{
	const struct seal_transfer *t;
	size_t len;

	assert_done(&b->fx,
	    b->p.close.transfers(b->p.close.self, b->fx.a, str_of(day), STR(""),
		STR(""), 1, &t, &len, &b->fx.f));
	assert_int_equal(len, 1);
	return t[0].id;
}

static int
make(void **state)
{
	struct books *b;
	struct str marks, line;

	(void)books_make(state);
	b = *state;
	assert_done(&b->fx, books_post(b, "a", "2026-11-01", 10));
	assert_done(&b->fx, books_post(b, "b", "2026-11-02", 20));
	assert_done(&b->fx, books_post(b, "c", "2026-11-03", 30));
	ids[0] = id_of(b, "2026-11-01").p;
	ids[1] = id_of(b, "2026-11-02").p;
	ids[2] = id_of(b, "2026-11-03").p;
	assert_done(&b->fx, books_post(b, "a 2", "2026-11-01", 5));
	(void)books_closed(b, "2026-11-01");
	(void)books_closed(b, "2026-11-02");
	(void)books_closed(b, "2026-11-03");
	(void)books_closed(b, "2026-11-04");
	assert_done(&b->fx,
	    b->p.close.mark(b->p.close.self, b->fx.a, STR("2026-11-03"), 1,
		&marks, &b->fx.f));
	assert_true(str_cut(&marks, ' ', &line));
	assert_true(str_cut(&marks, ' ', &line));
	assert_true(str_cut(&marks, '\n', &mark_of_c));
	unlocked(&b->fx);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_spoiled_row_of_a_closed_day_is_named),
		cmocka_unit_test(
		    a_check_of_days_names_what_is_wrong_on_them_alone),
	};

	return cmocka_run_group_tests(tests, make, books_end);
}
