/* Books of a supplier in the box, and Kvitok's documents, over a real database;
 * the test is Kvitok. */
#include "box_world.h"

#include "kvitok/box/box_take.h"

/* --- Kvitok --------------------------------------------------------------- */

#define PAYMENT(n, account, service, kop)                                      \
	"<payment number=\"" n "\" line=\"1\" account=\"" account              \
	"\" service=\"" service "\" sum_kop=\"" kop "\" supplier_fee_kop="     \
	"\"0\" paid_at=\"2026-11-28T09:41:07Z\" business_day="                 \
	"\"2026-11-28\"/>"
#define PAYMENTS(count, kop, lines)                                            \
	"<payments business_day=\"2026-11-28\" count=\"" count                 \
	"\" sum_kop=\"" kop "\">" lines "</payments>"
#define ONE PAYMENTS("1", "700", PAYMENT("P-1", "7700001", "hvs", "700"))

static void
take(struct world *x)
{
	assert_done(x, box_take(&x->w, x->schema, &x->faults));
}

/* --- founding and charging ------------------------------------------------ */

static void
accounts_are_opened_once(void **state)
{
	struct world *x = *state;

	assert_int_equal(documents(x), 2);
	assert_done(x, in_tx(x, box_books_found));
	assert_int_equal(documents(x), 2);
	assert_int_equal(
	    number(x, SQL_BOX_ACCOUNTS_COUNT, DB_IN_NONE, "i", 0), 2);
	assert_true(says(text_of(x, 1), "<account number=\"7700001\""));
	assert_true(says(text_of(x, 1), " persons=\""));
	assert_true(says(text_of(x, 1), "<email address=\"owner-"));
	assert_true(says(text_of(x, 1), "<phone number=\"+7900"));
	assert_true(says(text_of(x, 2), "id=\"M-7700002\""));
}

static enum err
charge_10(const struct box_work *w)
{
	return box_books_charge(w, STR("2026-10"), STR("2026-10-31"));
}

static enum err
charge_11_early(const struct box_work *w)
{
	return box_books_charge(w, STR("2026-11"), STR("2026-11-27"));
}

static void
a_month_is_charged_once_and_in_order(void **state)
{
	struct world *x = *state;
	int64_t told, owed;

	assert_done(x, in_tx(x, charge_11));
	assert_int_equal(documents(x), 4);
	owed = owes(x, "7700001", &told);
	assert_true(owed > 0);
	assert_int_equal(owed, told);
	assert_rc(x, in_tx(x, charge_11), ERR_CONFLICT);
	assert_rc(x, in_tx(x, charge_10), ERR_CONFLICT);
	assert_int_equal(documents(x), 4);
	assert_int_equal(owes(x, "7700001", &told), owed);
}

static void
a_bill_begins_where_the_last_one_ended(void **state)
{
	struct world *x = *state;
	int64_t told, october, november;
	struct str bill;

	assert_done(x, in_tx(x, charge_10));
	october = owes(x, "7700001", &told);
	hand(x, 1, "payments", ONE);
	take(x);
	assert_int_equal(owes(x, "7700001", &told), october - 700);
	assert_int_equal(told, october); /* no bill has counted it */
	assert_done(x, in_tx(x, charge_11));
	november = owes(x, "7700001", &told);
	assert_int_equal(november, told);
	bill = text_of(x, documents(x) - 1);
	assert_true(says(bill,
	    arena_fmt(x->a,
		"<charge account=\"7700001\" service=\"hvs\" "
		"opening_kop=\"%lld\"",
		(long long)october)
		.p));
	assert_true(says(bill,
	    arena_fmt(x->a, "paid_kop=\"700\" closing_kop=\"%lld\"",
		(long long)november)
		.p));
}

static void
what_was_paid_after_the_day_waits_for_the_next_bill(void **state)
{
	struct world *x = *state;
	int64_t told, owed;

	hand(x, 1, "payments", ONE);
	take(x);
	assert_done(x, in_tx(x, charge_11_early));
	owed = owes(x, "7700001", &told);
	assert_int_equal(owed, told - 700);
}

static enum err
elsewhere(const struct box_work *w)
{
	return box_books_elsewhere(w, 5);
}

static void
what_is_paid_elsewhere_is_told_at_once_and_never_twice(void **state)
{
	struct world *x = *state;

	assert_done(x, in_tx(x, elsewhere));
	assert_done(x, in_tx(x, elsewhere));
	assert_int_equal(
	    number(x, SQL_BOX_ELSEWHERE_COUNT, DB_IN_NONE, "i", 0), 10);
	assert_true(says(text_of(x, 3), "id=\"elsewhere/5\""));
	assert_true(says(text_of(x, 5), "id=\"elsewhere/6\""));
}

/* --- Kvitok's documents --------------------------------------------------- */

static void
a_document_is_booked_and_acknowledged(void **state)
{
	struct world *x = *state;
	int64_t told;
	struct str ack;

	hand(x, 1, "payments", ONE);
	take(x);
	assert_int_equal(owes(x, "7700001", &told), -700);
	ack = text_of(x, documents(x));
	assert_true(says(ack,
	    "<acknowledgement of=\"1\" state=\"applied\" count=\"1\" "
	    "sum_kop=\"700\" refused_count=\"0\">"));
	take(x);
	assert_int_equal(documents(x), 3);
}

static void
the_same_document_again_is_acknowledged_again_and_booked_once(void **state)
{
	struct world *x = *state;
	int64_t told;

	hand(x, 1, "payments", ONE);
	take(x);
	hand(x, 1, "payments", ONE);
	take(x);
	assert_int_equal(owes(x, "7700001", &told), -700);
	assert_int_equal(taken(x, 1).seen, 2);
	assert_int_equal(taken(x, 1).changed, 0);
	assert_int_equal(taken(x, 1).answer, 4);
	assert_true(says(text_of(x, 4), "of=\"1\" state=\"applied\""));
}

static void
another_content_under_a_booked_number_is_noted_and_not_booked(void **state)
{
	struct world *x = *state;
	int64_t told;

	hand(x, 1, "payments", ONE);
	take(x);
	hand(x, 1, "payments",
	    PAYMENTS("1", "9", PAYMENT("P-2", "7700001", "hvs", "9")));
	take(x);
	assert_int_equal(owes(x, "7700001", &told), -700);
	assert_int_equal(taken(x, 1).changed, 1);
}

/* By this the box finds a line that Kvitok has sent in two documents. */
static void
a_line_in_two_documents_is_booked_once(void **state)
{
	struct world *x = *state;
	int64_t told;

	hand(x, 1, "payments", ONE);
	hand(x, 2, "payments", ONE);
	take(x);
	assert_int_equal(owes(x, "7700001", &told), -700);
	assert_int_equal(
	    number(x, SQL_BOX_TAKEN_SUM, DB_IN_NONE, "iiiiiii", 3), 1400);
	assert_int_equal(
	    number(x, SQL_BOX_TAKEN_SUM, DB_IN_NONE, "iiiiiii", 4), 700);
}

static void
lines_that_cannot_be_booked_are_refused_alone(void **state)
{
	struct world *x = *state;
	int64_t told;
	struct str ack;

	hand(x, 1, "payments",
	    PAYMENTS("3", "1200",
		PAYMENT("P-1", "7709999", "hvs", "200")
		    PAYMENT("P-2", "7700001", "hvs", "700")
			PAYMENT("P-3", "7700001", "gaz", "300")));
	hand(x, 2, "refunds",
	    "<refunds business_day=\"2026-11-28\" count=\"2\" sum_kop=\"30\">"
	    "<refund id=\"R-1\" number=\"P-2\" line=\"1\" account=\"7700001\" "
	    "service=\"hvs\" sum_kop=\"10\" supplier_fee_kop=\"0\" "
	    "done_at=\"2026-11-28T11:02:30Z\" business_day=\"2026-11-28\"/>"
	    "<refund id=\"R-2\" number=\"P-9\" line=\"1\" account=\"7700001\" "
	    "service=\"hvs\" sum_kop=\"20\" supplier_fee_kop=\"0\" "
	    "done_at=\"2026-11-28T11:02:30Z\" business_day=\"2026-11-28\"/>"
	    "</refunds>");
	take(x);
	assert_int_equal(owes(x, "7700001", &told), -690);
	assert_int_equal(taken(x, 1).applied, 1);
	assert_int_equal(taken(x, 1).applied_kop, 700);
	assert_int_equal(taken(x, 1).refused, 2);
	assert_int_equal(taken(x, 2).applied_kop, 10);
	ack = text_of(x, 3);
	assert_true(says(ack, "<refused record=\"1\">"));
	assert_true(says(ack, "7709999"));
	assert_true(says(ack, "<refused record=\"3\">"));
	assert_true(says(text_of(x, 4), "<refused record=\"2\">"));
}

static void
what_is_no_document_is_refused_until_it_is_put_right(void **state)
{
	struct world *x = *state;
	int64_t told;

	hand(x, 1, "payments",
	    PAYMENTS("2", "700", PAYMENT("P-1", "7700001", "hvs", "700")));
	hand(x, 2, "refunds", ONE); /* another kind than it is said to be */
	take(x);
	assert_int_equal(owes(x, "7700001", &told), 0);
	assert_text(taken(x, 1).state, "refused");
	assert_text(taken(x, 2).state, "refused");
	assert_true(says(text_of(x, 3), "state=\"refused\" count=\"0\""));
	hand(x, 1, "payments", ONE);
	take(x);
	assert_int_equal(owes(x, "7700001", &told), -700);
	assert_text(taken(x, 1).state, "applied");
	assert_int_equal(taken(x, 1).seen, 2);
}

static void
a_refused_document_is_taken_when_it_comes_again(void **state)
{
	struct world *x = *state;
	int64_t told;

	arm(x, BOX_REFUSE_DOCUMENT, 0);
	hand(x, 1, "payments", ONE);
	take(x);
	assert_text(taken(x, 1).state, "refused");
	assert_int_equal(owes(x, "7700001", &told), 0);
	hand(x, 1, "payments", ONE);
	take(x);
	assert_text(taken(x, 1).state, "applied");
	assert_int_equal(owes(x, "7700001", &told), -700);
}

static void
a_refused_line_is_booked_when_another_document_has_it(void **state)
{
	struct world *x = *state;
	int64_t told;

	arm(x, BOX_REFUSE_LINE, 0);
	hand(x, 1, "payments", ONE);
	take(x);
	assert_int_equal(taken(x, 1).refused, 1);
	assert_int_equal(owes(x, "7700001", &told), 0);
	hand(x, 2, "payments", ONE);
	take(x);
	assert_int_equal(owes(x, "7700001", &told), -700);
}

static void
an_answer_may_be_late_or_wait_until_it_is_asked_for(void **state)
{
	struct world *x = *state;
	int64_t told;

	arm(x, BOX_LATE_ANSWER, 5000);
	hand(x, 1, "payments", ONE);
	take(x);
	assert_int_equal(owes(x, "7700001", &told), -700);
	x->w.now += 4999;
	take(x);
	assert_int_equal(documents(x), 2);
	x->w.now++;
	take(x);
	assert_int_equal(documents(x), 3);
	arm(x, BOX_LOST_ANSWER, 0);
	hand(x, 2, "payments",
	    PAYMENTS("1", "9", PAYMENT("P-2", "7700001", "hvs", "9")));
	take(x);
	x->w.now += INT64_C(86400000) * 365;
	take(x);
	assert_int_equal(documents(x), 3);
	hand(x, 2, "payments",
	    PAYMENTS("1", "9", PAYMENT("P-2", "7700001", "hvs", "9")));
	take(x);
	assert_int_equal(documents(x), 4);
	assert_int_equal(owes(x, "7700001", &told), -709);
}

static void
readings_are_noted_once_and_answered(void **state)
{
	struct world *x = *state;
	const char *body =
	    "<readings month=\"2026-11\" count=\"3\">"
	    "<reading id=\"A\" account=\"7700001\" meter=\"M-7700001\" "
	    "value=\"999999\" taken_at=\"2026-11-24T08:15:00Z\"/>"
	    "<reading id=\"B\" account=\"7700002\" meter=\"M-7700002\" "
	    "value=\"0\" taken_at=\"2026-11-24T08:15:00Z\"/>"
	    "<reading id=\"C\" account=\"7700002\" meter=\"M-1\" "
	    "value=\"0\" taken_at=\"2026-11-24T08:15:00Z\"/></readings>";
	struct str answers;

	hand(x, 1, "readings", body);
	take(x);
	hand(x, 2, "readings", body);
	take(x);
	assert_int_equal(taken(x, 1).refused, 1);
	assert_done(x, in_tx(x, box_books_answer_readings));
	answers = text_of(x, documents(x));
	assert_true(says(answers, "reading=\"A\" accepted=\"true\""));
	assert_true(says(answers, "reading=\"B\" accepted=\"false\""));
	assert_false(says(answers, "reading=\"C\""));
	assert_int_equal(number(x, SQL_BOX_METER_GET,
			     DB_IN(db_t(STR("M-7700001"))), "ti", 1),
	    999999);
	assert_done(x, in_tx(x, box_books_answer_readings));
	assert_true(says(text_of(x, documents(x)), "reading=\"A\""));
}

static void
of_two_readings_the_second_is_judged_by_the_first(void **state)
{
	struct world *x = *state;
	struct db_rows meters;
	struct str answers;

	hand(x, 1, "readings",
	    "<readings month=\"2026-11\" count=\"3\">"
	    "<reading id=\"A\" account=\"7700001\" meter=\"M-7700001\" "
	    "value=\"900000\" taken_at=\"2026-11-24T20:59:59Z\"/>"
	    "<reading id=\"B\" account=\"7700001\" meter=\"M-7700001\" "
	    "value=\"899999\" taken_at=\"2026-11-24T20:59:59Z\"/>"
	    "<reading id=\"C\" account=\"7700001\" meter=\"M-7700001\" "
	    "value=\"900000\" taken_at=\"2026-11-24T21:00:00Z\"/>"
	    "</readings>");
	take(x);
	assert_done(x, in_tx(x, box_books_answer_readings));
	answers = text_of(x, documents(x));
	assert_true(says(answers, "reading=\"A\" accepted=\"true\""));
	assert_true(says(answers, "reading=\"B\" accepted=\"false\""));
	assert_true(says(answers, "reading=\"C\" accepted=\"true\""));
	assert_done(x,
	    box_db_read(&x->db, x->a, SQL_BOX_METERS, DB_IN(db_n(1)), "tttti",
		1, &meters, &x->f));
	assert_string_equal(meters.cells[0].t.p, "M-7700001");
	assert_int_equal(meters.cells[4].n, 900000);
	/* Midnight of Moscow had come. */
	assert_string_equal(meters.cells[3].t.p, "2026-11-25");
}

#define T(test) cmocka_unit_test_setup(test, make)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(accounts_are_opened_once),
		T(a_month_is_charged_once_and_in_order),
		T(a_bill_begins_where_the_last_one_ended),
		T(what_was_paid_after_the_day_waits_for_the_next_bill),
		T(what_is_paid_elsewhere_is_told_at_once_and_never_twice),
		T(a_document_is_booked_and_acknowledged),
		T(the_same_document_again_is_acknowledged_again_and_booked_once),
		T(another_content_under_a_booked_number_is_noted_and_not_booked),
		T(a_line_in_two_documents_is_booked_once),
		T(lines_that_cannot_be_booked_are_refused_alone),
		T(what_is_no_document_is_refused_until_it_is_put_right),
		T(a_refused_document_is_taken_when_it_comes_again),
		T(a_refused_line_is_booked_when_another_document_has_it),
		T(an_answer_may_be_late_or_wait_until_it_is_asked_for),
		T(readings_are_noted_once_and_answered),
		T(of_two_readings_the_second_is_judged_by_the_first),
	};

	return cmocka_run_group_tests(tests, make_all, end_all);
}
