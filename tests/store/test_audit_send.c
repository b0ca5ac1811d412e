/* Documents that go out: each row that is spoiled is named by the audit. */
#include "sending.h"
#include "spoil.h"

/* Payments of the first document by their records: P, refused and sent anew
 * in the third one; Q, a part of which was given back, in the second one.
 * Documents by number, for their ids. */
static const char letters[] = "PQ123";
static struct payment named[3];
static struct payment *lived[] = { NULL, NULL, &named[0], &named[1],
	&named[2] };

static int
make(void **state)
{
	int rc = sending_make(state);
	struct world *w = *state;

	spoil_letters = letters;
	spoil_lived = lived;
	unlocked(&w->fx);
	return rc;
}

/* A day ends, and goes out. */
static void
day_sent(struct world *w)
{
	(void)day_over(w);
	box_look(w);
}

static void
acknowledge(struct world *w, int64_t of, const char *rest, const char *children)
{
	(void)ex_next_is(w,
	    arena_fmt(
		w->fx.a, "acknowledgement of='%lld' %s", (long long)of, rest)
		.p,
	    str_of(children), EXCHANGE_APPLIED);
}

static struct sent_doc
sent(struct world *w, int64_t number)
{
	struct sent_doc x;

	assert_done(&w->fx,
	    w->p.send.find(w->p.send.self, w->fx.a, STR(EX_PORTAL),
		STR(EX_SUPPLIER), number, &x, &w->fx.f));
	return x;
}

/* The payment of a record of the first document. */
static struct payment *
paid_in(struct world *w, int64_t n)
{
	struct send_item item;
	bool found;

	assert_done(&w->fx,
	    w->p.send.item(w->p.send.self, w->fx.a, sent(w, 1).id, n, &item,
		&found, &w->fx.f));
	assert_true(found);
	return world_load(w, item.number);
}

static void
what_was_sent_agrees_with_what_was_paid(void **state)
{
	struct world *w = *state;

	(void)life_paid(w);
	(void)life_paid(w);
	day_sent(w);
	lived[0] = paid_in(w, 1);
	lived[1] = paid_in(w, 2);
	life_give_back(w, lived[1], 20000);
	day_sent(w);
	acknowledge(w, 1,
	    "state='applied' count='1' sum_kop='50000' refused_count='1'",
	    "<refused record='1'><words>Нет счёта</words></refused>");
	acknowledge(w, 2,
	    "state='refused' count='0' sum_kop='0' refused_count='0'",
	    "<words>Не читается</words>");
	assert_true(is_clean(w));
	/* As the resolution retry does it. */
	fixture_sql(&w->fx,
	    "UPDATE exchange_item SET live = 0 WHERE answer = 'refused'");
	for (int i = 0; i < 12; i++)
		day_sent(w);
	for (int i = 0; i < 3; i++)
		named[i].number = sent(w, i + 1).id;
	assert_true(is_clean(w));
}

#define ITEM(where, set, columns, want)                                        \
	{                                                                      \
		"exchange_item", where, set, columns, "exchange_item " want    \
	}
#define DOC(number, set, columns, want)                                        \
	{                                                                      \
		"exchange_sent", "id = '{" number "}'", set, columns,          \
		    "exchange_sent {" number "} " want                         \
	}
#define CURSOR(set, columns, want)                                             \
	{                                                                      \
		"exchange_send", "kind = 'payments'", set, columns, want       \
	}
#define OF_Q "document = '{1}' AND n = 2"
#define WHOSE EX_PORTAL "/" EX_SUPPLIER "/"

static void
each_spoilt_column_is_named(void **state)
{
	static const struct spoil list[] = {
		ITEM(OF_Q, "sum_kop = 50001", "sum_kop",
		    "{1}/2 sum_kop: is 50001, must be 50000"),
		ITEM("document = '{2}'", "sum_kop = 19999", "sum_kop",
		    "{2}/1 sum_kop: is 19999, must be 20000"),
		ITEM(OF_Q, "day = '2020-01-01'", "day",
		    "{1}/2 day: is 2020-01-01, must be 20"),
		ITEM("document = '{2}'", "day = '2099-01-01'", "day",
		    "{2}/1 day: is 2099-01-01, must be 20"),
		ITEM(OF_Q, "number = 'X'", "number",
		    "{1}/2 ref: is {akey}/X/{Q}/1, must be a row that is "
		    "there"),
		ITEM(OF_Q, "ref = 'X'", "ref",
		    "{1}/2 number: is {Q}, must be X"),
		ITEM(OF_Q, "line = 2", "line",
		    "{1}/2 ref: is {akey}/{Q}/{Q}/2, must be a row"),
		ITEM(OF_Q, "akey = '00000000'", "akey",
		    "{1}/2 ref: is 00000000/{Q}/{Q}/1, must be a row"),
		ITEM(OF_Q, "kind = 'refund'", "kind",
		    "{1}/2 kind: is refund, must be payment"),
		ITEM(OF_Q, "answer = 'refused'", "answer",
		    "{1}/2 answer: is refused, must be told by a case"),
		ITEM(OF_Q, "answer = 'accepted'", "answer",
		    "{1}/2 answer: is accepted, must be that of a reading"),
		ITEM(OF_Q, "words = 'x'", "words",
		    "{1}/2 words: is x, must be empty"),
		/* Nobody looks for it any more. */
		{ "exchange_item", "document = '{3}'",
		    "live = 0, answer = 'refused'", "live, answer",
		    "pay_line {akey}/{P}/1 document: is none, must be one" },
		{ "exchange_item", OF_Q, NULL, NULL,
		    "pay_line {akey}/{Q}/1 document: is none, must be one" },
		{ "exchange_item", OF_Q, NULL, NULL,
		    "exchange_sent {1} items: is 2, must be 1" },
		{ "exchange_item", "document = '{2}'", NULL, NULL,
		    "refund_line {akey}/{Q}/" },
		DOC("1", "supplier = 'x'", "supplier",
		    "number: is 1, must be that of one that is handed over"),
		DOC("1", "portal = 'x'", "portal", "number: is 1, must be"),
		DOC("1", "kind = 'x'", "kind",
		    "kind: is x, must be one that is sent"),
		DOC("1", "kind = 'refunds'", "kind", "number: is 1, must be"),
		DOC("1", "period = '2099-01-01'", "period",
		    "period: is 2099-01-01, must be a day that is done"),
		{ "exchange_sent", "id = '{1}'", "period = '2020-01-01'",
		    "period", "exchange_item {1}/2 day: is 20" },
		DOC("1", "state = 'sent', ended_at = NULL, of_number = NULL",
		    "state, ended_at, of_number", "applied: is 1, must be 0"),
		DOC("1", "state = 'sent', ended_at = NULL, of_number = NULL",
		    "state, ended_at, of_number",
		    "applied_kop: is 50000, must be 0"),
		DOC("1", "state = 'sent', ended_at = NULL, of_number = NULL",
		    "state, ended_at, of_number", "refused: is 1, must be 0"),
		DOC("3", "number = 99", "number",
		    "number: is 99, must be that of one that is handed over"),
		{ "exchange_sent", "id = '{3}'", "number = 99", "number",
		    "exchange_out " WHOSE "3 row: is of nobody, must be a "
		    "document" },
		DOC("1", "items = 3", "items", "items: is 3, must be 2"),
		DOC("1", "sum_kop = 100001", "sum_kop",
		    "sum_kop: is 100001, must be 100000"),
		DOC("1", "sha256 = ''", "sha256",
		    "sha256: is , must be the digest of its text"),
		DOC("1", "sha256 = 'x'", "sha256", "sha256: is x, must be"),
		DOC("1", "size = 0", "size", "size: is 0, must be that of"),
		DOC("1", "tries = 0", "tries", "tries: is 0, must be one"),
		DOC("3", "tries = tries + 1", "tries",
		    "next_at: is 0, must be a time, or told by a case"),
		DOC("1", "next_at = 5", "next_at", "next_at: is 5, must be 0"),
		DOC("1", "begun_at = made_at + 1", "begun_at", "begun_at: is "),
		DOC("1", "made_at = made_at + 1", "made_at", "made_at: is "),
		DOC("1", "ended_at = made_at - 1", "ended_at", "ended_at: is "),
		DOC("1", "of_number = 77", "of_number",
		    "of_number: is 77, must be an acknowledgement"),
		DOC("1", "applied = 2", "applied",
		    "acknowledgement: is count, must be as the document, or "
		    "told by a case"),
		DOC("1", "applied_kop = 50001", "applied_kop",
		    "acknowledgement: is sum_kop, must be as"),
		DOC("1", "applied = 2, refused = 0", "applied, refused",
		    "acknowledgement: is refused_count, must be as"),
		DOC("1", "words = 'x'", "words", "words: is x, must be empty"),
		CURSOR("day = '2099-01-01'", "day",
		    "exchange_send " WHOSE "payments day: is 2099-01-01, must "
		    "be one that is over"),
		CURSOR("day = ''", "day", "exchange_sent {1} period: is 20"),
		CURSOR("from_day = 'xxxxxxxxxx'", "from_day",
		    "exchange_send " WHOSE "payments from_day: is xxxxxxxxxx"),
		CURSOR("from_day = '2099-01-01'", "from_day",
		    "exchange_item {1}/2 day: is 20"),
		CURSOR("look_day = 'x'", "look_day",
		    "exchange_send " WHOSE "payments look_day: is x, must be "
		    "a day, or empty"),
		CURSOR(NULL, NULL,
		    "exchange_sent {1} kind: is payments, must be one that is "
		    "sent to the supplier"),
	};

	spoil_all(*state, list, KV_COUNT(list));
}

#define GATHERED                                                               \
	"INSERT INTO exchange_sent (id, portal, supplier, kind, period, "      \
	"state, items, sum_kop, sha256, size, tries, begun_at, applied, "      \
	"applied_kop, refused, words) SELECT 'GATHERING', portal, supplier, "  \
	"kind, period, 'gathering', 0, 0, '', 0, 0, begun_at, 0, 0, 0, '' "    \
	"FROM exchange_sent WHERE id = '{1}'"

static void
rows_that_moved_or_are_too_many_are_named(void **state)
{
	static const struct extra list[] = {
		{ "UPDATE exchange_item SET n = 9 WHERE " OF_Q,
		    "UPDATE exchange_item SET n = 2 WHERE n = 9",
		    "exchange_item {1}/9 n: is 9, must be 2" },
		{ "UPDATE exchange_item SET document = '{3}', n = 2 "
		  "WHERE " OF_Q,
		    "UPDATE exchange_item SET document = '{1}' WHERE n = 2",
		    "exchange_sent {3} items: is 1, must be 2" },
		{ GATHERED, "DELETE FROM exchange_sent WHERE id = 'GATHERING'",
		    "exchange_sent GATHERING begun_at: is " },
	};

	spoil_extras(*state, list, KV_COUNT(list));
}

/* --- readings and settlements ------------------------------------------- */

static void
readings_and_settlements_agree_with_their_rows(void **state)
{
	static const struct spoil list[] = {
		ITEM("document = '{1}'", "day = '2020-01'", "day",
		    "{1}/1 day: is 2020-01, must be 20"),
		ITEM("document = '{1}'", "ref = 'X'", "ref", "{1}/1 ref: is "),
		ITEM("document = '{2}'", "day = '2020-01-01'", "day",
		    "{2}/1 day: is 2020-01-01, must be 20"),
		ITEM("document = '{2}'", "line = 1", "line",
		    "{2}/1 line: is 1, must be what became of the settlement"),
		ITEM("document = '{2}'", "ref = 'X'", "ref", "{2}/1 ref: is "),
		ITEM("document = '{2}'", "sum_kop = 1", "sum_kop",
		    "{2}/1 sum_kop: is 1, must be 0"),
		{ "reading", "supplier = '" EX_SUPPLIER "'", "supplier = 'x'",
		    "supplier",
		    "exchange_item {1}/1 document: is {1}, must be one of the "
		    "row's supplier" },
		{ "reading", "supplier = '" EX_SUPPLIER "'",
		    "state = 'kept', given_at = NULL", "state, given_at",
		    "exchange_item {1}/1 ref: is " },
	};
	struct world *w = *state;
	struct settlement s;
	size_t from;

	sending_meter(w);
	(void)life_reading(w, 80500);
	(void)life_paid(w);
	s = prepared(w, SBER, day_over(w));
	(void)confirmed(w, &s);
	from = handed_len;
	box_look(w);
	named[0].number = sent(w, sent_number("readings", from)).id;
	named[1].number = sent(w, sent_number("settlement", from)).id;
	spoil_all(w, list, KV_COUNT(list));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_sent_agrees_with_what_was_paid),
		cmocka_unit_test(each_spoilt_column_is_named),
		cmocka_unit_test(rows_that_moved_or_are_too_many_are_named),
		cmocka_unit_test(
		    readings_and_settlements_agree_with_their_rows),
	};

	return cmocka_run_group_tests(tests, make, world_end);
}
