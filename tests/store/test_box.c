/* Books of a supplier in the box, and its mailbox, over a real database; the
 * test is Kvitok. */
#include "fixture.h"

#include "kvitok/base/tpl.h"
#include "kvitok/box/box_post.h"
#include "kvitok/box/box_take.h"

struct world {
	struct arena *a;
	struct box_conf set;
	struct box_db db;
	struct box_faults faults;
	struct xml_schema *schema;
	struct box_work w;
	struct fault f;
};

static void
script(struct world *x, const char *name)
{
	struct bytes t = asset_get(str_of(name));

	assert_non_null(t.p);
	assert_done(x,
	    box_db_script(
		&x->db, x->a, (struct str){ (const char *)t.p, t.len }, &x->f));
}

static void
sql(struct world *x, const char *text)
{
	assert_done(x, box_db_script(&x->db, x->a, str_of(text), &x->f));
}

static void
empty(struct world *x)
{
	static const char *const tables[] = { "box_account", "box_meter",
		"box_entry", "box_reading", "box_month", "box_doc",
		"box_doc_part", "box_taken", "box_refused", "kvitok_in",
		"kvitok_in_part", "kvitok_out", "kvitok_out_part" };

	for (size_t i = 0; i < KV_COUNT(tables); i++)
		sql(x, arena_fmt(x->a, "DELETE FROM %s;", tables[i]).p);
}

static int
make_all(void **state)
{
	static struct world x;
	struct str dsn;

	x = (struct world){ .set = { .portal = STR("portalgkh"),
				.supplier = STR("vodokanal"),
				.prefix = STR("77"),
				.metered = STR("hvs"),
				.services = { STR("hvs"), STR("tko") },
				.services_len = 2,
				.accounts = 2,
				.seed = 5 } };
	x.a = arena_new((size_t)64 << 20);
	fault_init(&x.f);
	dsn = fixture_is_sqlite()
	    ? arena_fmt(x.a, "Driver=SQLite3;Database=%s;Timeout=2000;",
		  fixture_env("KVITOK_TEST_FILE"))
	    : arena_fmt(x.a,
		  "Driver={PostgreSQL Unicode};Server=%s;Database=%s;"
		  "Uid=kvitok;UseServerSidePrepare=1;",
		  fixture_env("KVITOK_TEST_HOST"),
		  fixture_env("KVITOK_TEST_NAME"));
	assert_done(&x, box_db_make(&x.db, dsn, &x.f));
	xml_init();
	assert_done(&x, xml_schema_exchange(x.a, &x.schema, &x.f));
	script(&x, "sql/box/books.sql");
	script(&x,
	    fixture_is_sqlite() ? "sql/mailbox/sqlite.sql"
				: "sql/mailbox/postgresql.sql");
	x.w = (struct box_work){
		.db = &x.db, .set = &x.set, .a = x.a, .now = T0, .f = &x.f
	};
	*state = &x;
	return 0;
}

static int
end_all(void **state)
{
	struct world *x = *state;

	box_db_free(&x->db);
	arena_free(x->a);
	return 0;
}

static enum err
in_tx(struct world *x, enum err (*body)(const struct box_work *w))
{
	enum err rc;

	assert_done(x, box_db_begin(&x->db, &x->f));
	rc = body(&x->w);
	if (rc == ERR_OK)
		return box_db_commit(&x->db, &x->f);
	box_db_rollback(&x->db);
	return rc;
}

static int
make(void **state)
{
	struct world *x = *state;

	empty(x);
	x->faults = (struct box_faults){ .seed = 5 };
	x->w.now = T0;
	assert_done(x, in_tx(x, box_books_found));
	return 0;
}

/* --- looking -------------------------------------------------------------- */

/* The first number of a statement of the box's own. */
static int64_t
number(struct world *x, enum sql_id id, const struct db_in *in, size_t in_len,
    const char *shape, size_t col)
{
	struct db_rows r;

	assert_done(x,
	    box_db_read(&x->db, x->a, id, in, in_len, shape, 100, &r, &x->f));
	assert_true(r.len > 0);
	return r.cells[col].n;
}

/* What an account owes for hvs; *told is what Kvitok is told. */
static int64_t
owes(struct world *x, const char *account, int64_t *told)
{
	struct db_rows r;

	assert_done(x,
	    box_db_read(&x->db, x->a, SQL_BOX_BALANCES, DB_IN(db_n(100)),
		"ttii", 100, &r, &x->f));
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		if (!str_eq(c[0].t, str_of(account)) ||
		    !str_eq(c[1].t, STR("hvs")))
			continue;
		*told = c[3].n;
		return c[2].n;
	}
	*told = 0;
	return 0;
}

static struct str
text_of(struct world *x, int64_t document)
{
	struct db_rows r;

	assert_done(x,
	    box_db_read(&x->db, x->a, SQL_BOX_DOC_PART_GET,
		DB_IN(db_n(document), db_n(1)), "t", 1, &r, &x->f));
	assert_int_equal(r.len, 1);
	return r.cells[0].t;
}

static int64_t
documents(struct world *x)
{
	return number(x, SQL_BOX_DOC_NEXT, DB_IN_NONE, "i", 0) - 1;
}

static bool
says(struct str text, const char *words)
{
	return str_find(text, str_of(words)) < text.len;
}

/* Kvitok's document as we have taken it. */
struct taken {
	struct str state, words;
	int64_t applied, applied_kop, refused, seen, changed, answer;
};

static struct taken
taken(struct world *x, int64_t n)
{
	struct db_rows r;

	assert_done(x,
	    box_db_read(&x->db, x->a, SQL_BOX_TAKEN_LIST, DB_IN(db_n(100)),
		"tttiiiiiii", 100, &r, &x->f));
	for (size_t i = 0; i < r.len; i++) {
		const struct db_cell *c = db_row(&r, i);

		if (c[3].n == n)
			return (struct taken){ c[1].t, c[2].t, c[4].n, c[5].n,
				c[6].n, c[7].n, c[8].n, c[9].n };
	}
	fixture_fail("document %lld was not taken\n", (long long)n);
	return (struct taken){ .seen = 0 };
}

/* --- Kvitok --------------------------------------------------------------- */

static void
hand(struct world *x, int64_t n, const char *kind, const char *body)
{
	struct str text = arena_fmt(x->a,
	    "<document xmlns=\"urn:kvitok:exchange:1\" version=\"1.0\" "
	    "portal=\"portalgkh\" supplier=\"vodokanal\" number=\"%lld\" "
	    "made_at=\"2026-11-29T03:10:00Z\">%s</document>",
	    (long long)n, body);

	sql(x,
	    arena_fmt(x->a,
		"DELETE FROM kvitok_out WHERE number = %lld;"
		"DELETE FROM kvitok_out_part WHERE number = %lld;"
		"INSERT INTO kvitok_out_part VALUES (%lld, 1, '%.*s');"
		"INSERT INTO kvitok_out VALUES (%lld, '%s', 0, 1, 'new', '');",
		(long long)n, (long long)n, (long long)n, STR_ARG(text),
		(long long)n, kind)
		.p);
}

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

static void
arm(struct world *x, enum box_fault fault, int64_t ms)
{
	struct box_armed armed = { .fault = fault, .count = 1, .ms = ms };

	assert_true(box_fault_arm(&x->faults, &armed));
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
	assert_true(says(text_of(x, 2), "id=\"M-7700002\""));
}

static enum err
charge_10(const struct box_work *w)
{
	return box_books_charge(w, STR("2026-10"), STR("2026-10-31"));
}

static enum err
charge_11(const struct box_work *w)
{
	return box_books_charge(w, STR("2026-11"), STR("2026-11-28"));
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

/* --- sending -------------------------------------------------------------- */

static void
post(struct world *x)
{
	assert_done(x, box_post(&x->w, &x->faults));
}

static struct str
doc_state(struct world *x, int64_t n)
{
	struct db_rows r;

	assert_done(x,
	    box_db_read(&x->db, x->a, SQL_BOX_DOCS, DB_IN(db_n(100)),
		"ttttiiiiiii", 100, &r, &x->f));
	for (size_t i = 0; i < r.len; i++)
		if (db_row(&r, i)[4].n == n)
			return db_row(&r, i)[1].t;
	return STR("");
}

static void
answer(struct world *x, int64_t n, const char *state)
{
	sql(x,
	    arena_fmt(x->a,
		"UPDATE kvitok_in SET state = '%s' WHERE number = %lld;", state,
		(long long)n)
		.p);
}

static struct str
in_state(struct world *x, int64_t n)
{
	struct db_rows r;

	assert_done(x,
	    box_db_read(&x->db, x->a, SQL_BOX_IN_GET, DB_IN(db_n(n)), "t", 1,
		&r, &x->f));
	return r.len == 1 ? r.cells[0].t : STR("");
}

static void
a_document_is_sent_until_it_is_applied(void **state)
{
	struct world *x = *state;

	post(x);
	assert_text(in_state(x, 1), "new");
	answer(x, 1, "held");
	post(x);
	assert_text(doc_state(x, 1), "sent");
	answer(x, 1, "applied");
	post(x);
	assert_text(doc_state(x, 1), "done");
	assert_text(doc_state(x, 2), "sent");
}

static void
what_is_refused_though_it_is_right_ends_after_some_tries(void **state)
{
	struct world *x = *state;

	post(x);
	for (int i = 0; i < BOX_TRIES_MAX; i++) {
		answer(x, 1, "aside");
		post(x);
		assert_text(in_state(x, 1), "new");
	}
	answer(x, 1, "aside");
	post(x);
	assert_text(doc_state(x, 1), "stuck");
}

static void
one_that_comes_twice_must_be_applied_twice(void **state)
{
	struct world *x = *state;

	arm(x, BOX_TWICE, 0);
	post(x);
	answer(x, 1, "applied");
	post(x);
	assert_text(doc_state(x, 1), "again");
	assert_text(in_state(x, 1), "new");
	answer(x, 1, "refused");
	post(x);
	assert_text(doc_state(x, 1), "stuck");
}

static void
another_content_must_be_refused(void **state)
{
	struct world *x = *state;

	arm(x, BOX_OTHER_CONTENT, 0);
	arm(x, BOX_OTHER_CONTENT, 0);
	post(x);
	answer(x, 1, "applied");
	answer(x, 2, "applied");
	post(x);
	answer(x, 1, "refused");
	answer(x, 2, "applied"); /* which is wrong */
	post(x);
	assert_text(doc_state(x, 1), "again");
	assert_text(in_state(x, 1), "new");
	assert_text(doc_state(x, 2), "stuck");
	answer(x, 1, "applied");
	post(x);
	assert_text(doc_state(x, 1), "done");
}

static void
a_gap_ends_with_its_time_and_disorder_with_the_next_one(void **state)
{
	struct world *x = *state;

	arm(x, BOX_GAP, 100);
	post(x);
	assert_text(in_state(x, 1), "");
	assert_text(in_state(x, 2), "new");
	x->w.now += 99;
	post(x);
	assert_text(in_state(x, 1), "");
	x->w.now++;
	post(x);
	assert_text(in_state(x, 1), "new");
	assert_done(x, in_tx(x, charge_11)); /* documents 3 and 4 */
	arm(x, BOX_OUT_OF_ORDER, 1000000);
	post(x);
	assert_text(in_state(x, 3), "");
	post(x);
	assert_text(in_state(x, 3), "new");
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
		T(a_document_is_sent_until_it_is_applied),
		T(what_is_refused_though_it_is_right_ends_after_some_tries),
		T(one_that_comes_twice_must_be_applied_twice),
		T(another_content_must_be_refused),
		T(a_gap_ends_with_its_time_and_disorder_with_the_next_one),
	};

	return cmocka_run_group_tests(tests, make_all, end_all);
}
