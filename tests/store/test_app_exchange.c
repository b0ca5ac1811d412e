/* Documents of suppliers: applied once and in their turn, whatever happens. */
#include "exchange_world.h"

#include "kvitok/app/balance.h"

static struct statement_line
line_of(struct world *w, const char *month, struct charge *charge)
{
	struct balance_statement all, *s = &all;

	assert_done(&w->fx,
	    balance_statement_of(&w->p, w->fx.a, STR(EX_PORTAL),
		STR(EX_SUPPLIER), STR(EX_ACCOUNT), str_of(month), str_of(month),
		s, &w->fx.f));
	for (size_t i = 0; i < s->months[0].lines_len; i++)
		if (str_eq(s->months[0].lines[i].service, STR("elektro")) &&
		    s->months[0].lines[i].charge != NULL) {
			*charge = *s->months[0].lines[i].charge;
			return s->months[0].lines[i];
		}
	fixture_fail("no line\n");
	return (struct statement_line){ .charge = NULL };
}

static struct balance
balance_now(struct world *w)
{
	struct balance out;

	fault_init(&w->fx.f);
	assert_done(&w->fx,
	    balance_of(&w->p, w->fx.a, STR(EX_PORTAL), STR(EX_SUPPLIER),
		STR(EX_ACCOUNT), &out, &w->fx.f));
	return out;
}

static struct str
debt(struct world *w, const char *account, int64_t kop)
{
	return arena_fmt(w->fx.a,
	    "<balance account='%s' service='elektro' debt_kop='%lld'/>",
	    account, (long long)kop);
}

/* Balances that have one record. */
static struct str
debts(struct world *w, int64_t number, int64_t kop)
{
	struct str body = arena_fmt(w->fx.a,
	    "balances as_of_day='2026-11-01' count='1' sum_kop='%lld'",
	    (long long)kop);

	return ex_doc(w, number, body.p, debt(w, EX_ACCOUNT, kop));
}

static int64_t
debt_is(struct world *w)
{
	return balance_now(w).lines[0].debt_kop;
}

static void
a_document_is_applied_once(void **state)
{
	struct world *w = *state;
	struct str text = debts(w, ex_next, 12345);
	struct exchange_done out = ex_bring(w, text);

	assert_false(out.known);
	assert_int_equal(out.doc.state, EXCHANGE_APPLIED);
	assert_int_equal(out.doc.applied, 1);
	assert_int_equal(out.doc.applied_kop, 12345);
	assert_int_equal(debt_is(w), 12345);
	fixture_sql(&w->fx, "UPDATE debt SET debt_kop = 1");
	out = ex_bring(w, text);
	assert_true(out.known);
	assert_int_equal(out.doc.state, EXCHANGE_APPLIED);
	assert_int_equal(debt_is(w), 1);
	ex_next++;
}

static void
another_document_under_the_number_is_refused(void **state)
{
	struct world *w = *state;
	struct exchange_done out;

	(void)ex_bring(w, debts(w, ex_next, 100));
	assert_int_equal(ex_try(w, debts(w, ex_next, 200), &out), ERR_CONFLICT);
	assert_string_equal(w->fx.f.reason, "exchange_number_taken");
	assert_int_equal(debt_is(w), 100);
	ex_next++;
}

static void
a_gap_waits_and_is_shown(void **state)
{
	struct world *w = *state;
	const struct exchange_peer *v;
	struct exchange_done out = ex_bring(w, debts(w, ex_next + 1, 200));
	size_t len;

	assert_int_equal(out.gap, ex_next);
	assert_int_equal(debt_is(w), 100);
	w->now += 5000;
	(void)ex_bring(w, debts(w, ex_next + 1, 200));
	assert_done(&w->fx,
	    w->p.exchange_out.peers(
		w->p.exchange_out.self, w->fx.a, &v, &len, &w->fx.f));
	assert_int_equal(len, 1);
	assert_int_equal(v[0].next, ex_next);
	assert_int_equal(v[0].ahead, ex_next + 1);
	assert_int_equal(v[0].ahead_at, w->now - 5000);
	(void)ex_bring(w, debts(w, ex_next, 300));
	assert_int_equal(ex_bring(w, debts(w, ex_next + 1, 200)).gap, 0);
	assert_int_equal(debt_is(w), 200);
	ex_next += 2;
}

static void
a_bad_document_is_put_aside_with_line_path_and_words(void **state)
{
	struct world *w = *state;
	struct exchange_done out = ex_next_is(w,
	    "balances as_of_day='2026-11-01' count='2' sum_kop='300'",
	    arena_fmt(w->fx.a,
		"<balance account='" EX_ACCOUNT
		"' service='elektro' debt_kop='100'/>\n<balance account='1' "
		"service='elektro' debt_kop='2,00'/>"),
	    EXCHANGE_ASIDE);
	struct exchange_doc x = ex_find(w, out.doc.number);

	assert_int_equal(x.error_line, 4);
	assert_text(x.error_path, "/document/balances/balance[2]");
	assert_true(str_find(x.error_words, STR("2,00")) < x.error_words.len);
	assert_int_equal(debt_is(w), 200);
	assert_true(ex_bring(w,
	    ex_doc(w, ex_next - 1,
		"balances as_of_day='2026-11-01' count='2' sum_kop='300'",
		arena_fmt(w->fx.a,
		    "<balance account='" EX_ACCOUNT
		    "' service='elektro' debt_kop='100'/>\n<balance "
		    "account='1' service='elektro' debt_kop='2,00'/>")))
			.known);
	ex_settle(w);
}

/* What builds upon it waits; what does not goes on; corrected under its own
 * number it is applied, and then the others are. */
static void
who_builds_upon_a_bad_document_waits_and_others_go_on(void **state)
{
	struct world *w = *state;
	int64_t first = ex_next;
	struct str later = debts(w, first + 1, 500);
	struct exchange_done out = ex_next_is(w,
	    "balances as_of_day='2026-11-01' count='7' sum_kop='0'", STR(""),
	    EXCHANGE_ASIDE);

	out = ex_bring(w, later);
	assert_int_equal(out.doc.state, EXCHANGE_HELD);
	assert_int_equal(out.doc.waits_for, first);
	ex_next++;
	out = ex_next_is(w, "payments_elsewhere count='1' sum_kop='777'",
	    STR("<payment id='other-1' account='" EX_ACCOUNT
		"' service='elektro' sum_kop='777' paid_day='2026-11-03' "
		"place='Почта России'/>"),
	    EXCHANGE_APPLIED);
	assert_int_equal(ex_bring(w, later).doc.state, EXCHANGE_HELD);
	assert_int_equal(
	    ex_bring(w, debts(w, first, 400)).doc.state, EXCHANGE_APPLIED);
	assert_int_equal(debt_is(w), 400);
	assert_int_equal(ex_bring(w, later).doc.state, EXCHANGE_APPLIED);
	assert_int_equal(debt_is(w), 500);
}

static void
a_skipped_number_lets_others_go_on(void **state)
{
	struct world *w = *state;
	struct exchange_doc wish = { .portal = STR(EX_PORTAL),
		.supplier = STR(EX_SUPPLIER),
		.number = ex_next + 1,
		.error_words = STR("lost by the supplier"),
		.actor = STR("operator:test") };

	assert_int_equal(
	    exchange_skip(&w->p, w->fx.a, &wish, &w->fx.f), ERR_CONFLICT);
	assert_string_equal(w->fx.f.reason, "exchange_not_next");
	wish.number = ex_next;
	assert_done(&w->fx, exchange_skip(&w->p, w->fx.a, &wish, &w->fx.f));
	assert_int_equal(ex_find(w, ex_next).state, EXCHANGE_SKIPPED);
	assert_true(ex_bring(w, debts(w, ex_next, 1)).known);
	ex_next++;
	assert_int_equal(
	    ex_bring(w, debts(w, ex_next, 600)).doc.state, EXCHANGE_APPLIED);
	wish.number = ex_next++;
	assert_int_equal(
	    exchange_skip(&w->p, w->fx.a, &wish, &w->fx.f), ERR_CONFLICT);
	assert_string_equal(w->fx.f.reason, "exchange_done");
}

static const struct {
	const char *record, *reason;
} refusals[] = {
	{ "<balance account='...' service='elektro' debt_kop='1'/>",
	    "exchange_account_form" },
	{ "<balance account='99999' service='elektro' debt_kop='1'/>",
	    "exchange_account_unknown" },
	{ "<balance account='" EX_ACCOUNT "' service='nothing' debt_kop='1'/>",
	    "exchange_service_unknown" },
};

static void
records_that_do_not_fit_are_refused_and_others_applied(void **state)
{
	struct world *w = *state;
	struct exchange_ack ack;
	struct exchange_done out;
	struct str text;
	int64_t ours = 0;

	out = ex_next_is(w,
	    "balances as_of_day='2026-11-02' count='4' sum_kop='703'",
	    arena_fmt(w->fx.a, "%s\n%s\n%.*s\n%s", refusals[0].record,
		refusals[1].record,
		STR_ARG(STR("<balance account=' инзб    17004717 ' "
			    "service=' elektro ' debt_kop='+700'/>")),
		refusals[2].record),
	    EXCHANGE_APPLIED);
	assert_int_equal(out.doc.applied, 1);
	assert_int_equal(out.doc.refused, 3);
	assert_int_equal(out.doc.applied_kop, 700);
	assert_int_equal(debt_is(w), 700);
	for (int64_t i = 1; ours == 0; i++) {
		assert_done(&w->fx,
		    w->p.exchange_out.find(w->p.exchange_out.self, w->fx.a,
			STR(EX_PORTAL), STR(EX_SUPPLIER), i, &ack, &w->fx.f));
		if (ack.of_number == out.doc.number)
			ours = i;
	}
	assert_done(
	    &w->fx, exchange_ack_text(&w->p, w->fx.a, &ack, &text, &w->fx.f));
	assert_true(str_find(text,
			STR("state=\"applied\" count=\"1\" sum_kop=\"700\" "
			    "refused_count=\"3\"")) < text.len);
	for (size_t i = 0; i < KV_COUNT(refusals); i++)
		assert_true(
		    str_find(text, str_of(reason_words(refusals[i].reason))) <
		    text.len);
	assert_true(str_find(text, STR("record=\"4\"")) < text.len);
	assert_false(str_find(text, STR("record=\"3\"")) < text.len);
}

static void
a_payment_elsewhere_counts_once_by_its_id(void **state)
{
	struct world *w = *state;
	static const char one[] =
	    "<payment id='once' account='" EX_ACCOUNT
	    "' service='elektro' sum_kop='500' paid_day='2026-11-03' "
	    "place='Почта России'/>";
	struct str other = STR("<payment id='once' account='" EX_ACCOUNT
			       "' service='elektro' sum_kop='600' "
			       "paid_day='2026-12-03' place='Почта'/>");
	struct exchange_done out =
	    ex_next_is(w, "payments_elsewhere count='2' sum_kop='1000'",
		arena_fmt(w->fx.a, "%s%s", one, one), EXCHANGE_APPLIED);

	assert_int_equal(out.doc.refused, 0);
	out = ex_next_is(w, "payments_elsewhere count='1' sum_kop='600'", other,
	    EXCHANGE_APPLIED);
	assert_int_equal(out.doc.refused, 1);
	assert_true(ex_refused(w, &out, "exchange_id_taken"));
	out = ex_next_is(w, "payments_elsewhere count='3' sum_kop='1000'",
	    STR("<payment id='a' account='" EX_ACCOUNT
		"' sum_kop='500' paid_day='2026-11-03' place='Почта'/>"
		"<payment id='b' account='" EX_ACCOUNT
		"' service='elektro' sum_kop='0' paid_day='2026-11-03' "
		"place='Почта'/><payment id='c' account='" EX_ACCOUNT
		"' service='elektro' sum_kop='500' paid_day='1800-11-03' "
		"place='Почта'/>"),
	    EXCHANGE_APPLIED);
	assert_int_equal(out.doc.applied, 0);
	assert_true(ex_refused(w, &out, "exchange_service_missing"));
}

static void
charges_make_a_statement(void **state)
{
	struct world *w = *state;
	struct statement_line l;
	struct charge c = { .month = STR("") };

	(void)ex_next_is(w,
	    "charges month='2026-08' paid_to_day='2026-08-25' count='2' "
	    "sum_kop='2000'",
	    STR("<charge account='" EX_ACCOUNT
		"' service='elektro' opening_kop='1' accrued_kop='500' "
		"paid_kop='0' closing_kop='2'/>"
		"<charge account='" EX_ACCOUNT
		"' service='elektro' opening_kop='100' volume='-2.5' "
		"unit='кВт·ч' tariff='1.584' accrued_kop='1500' "
		"recalculated_kop='-200' benefit_kop='7' penalty_kop='3' "
		"paid_kop='0' closing_kop='1396'>"
		"<recalculation_reason>Жалоба</recalculation_reason>"
		"</charge>"),
	    EXCHANGE_APPLIED);
	l = line_of(w, "2026-08", &c);
	assert_int_equal(l.opening_kop, -100);
	assert_int_equal(c.volume_micro, -2500000);
	assert_int_equal(c.tariff_micro, 1584000);
	assert_int_equal(c.accrued_kop, 1500);
	assert_int_equal(c.recalculated_kop, -200);
	assert_text(c.recalculated_why, "Жалоба");
	assert_int_equal(c.benefit_kop, 7);
	assert_int_equal(c.penalty_kop, 3);
	assert_int_equal(l.closing_kop, -1396);
}

static void
charges_that_make_no_sense_are_refused(void **state)
{
	struct world *w = *state;
	struct exchange_done out = ex_next_is(w,
	    "charges month='2026-07' paid_to_day='2026-07-25' count='5' "
	    "sum_kop='0'",
	    STR("<charge account='" EX_ACCOUNT
		"' service='elektro' opening_kop='0' "
		"volume='1' accrued_kop='0' paid_kop='0' closing_kop='0'/>"
		"<charge account='" EX_ACCOUNT
		"' service='elektro' opening_kop='0' "
		"unit='м' tariff='-1' accrued_kop='0' paid_kop='0' "
		"closing_kop='0'/>"
		"<charge account='" EX_ACCOUNT
		"' service='elektro' opening_kop='0' "
		"accrued_kop='0' benefit_kop='-1' paid_kop='0' "
		"closing_kop='0'/>"
		"<charge account='" EX_ACCOUNT
		"' service='elektro' opening_kop='0' "
		"accrued_kop='0' recalculated_kop='-1' paid_kop='0' "
		"closing_kop='0'/>"
		"<charge account='" EX_ACCOUNT
		"' service='elektro' opening_kop='0' "
		"accrued_kop='0' penalty_kop='-1' paid_kop='0' "
		"closing_kop='0'/>"),
	    EXCHANGE_APPLIED);

	assert_int_equal(out.doc.refused, 5);
}

/* Our payment up to the day that the supplier has counted is in its books. */
static void
our_payments_are_counted_by_the_day(void **state)
{
	struct world *w = *state;
	struct payment *pm = life_paid(w);
	int64_t pending = balance_now(w).pending_kop;
	struct str same = STR("<charge account='" EX_ACCOUNT
			      "' service='elektro' opening_kop='0' "
			      "accrued_kop='0' paid_kop='0' closing_kop='0'/>");

	assert_true(pending >= pm->sum_kop);
	(void)ex_next_is(w,
	    "charges month='2026-10' paid_to_day='2026-10-31' count='1' "
	    "sum_kop='0'",
	    same, EXCHANGE_APPLIED);
	assert_int_equal(balance_now(w).pending_kop, pending);
	(void)ex_next_is(w,
	    "charges month='2026-11' paid_to_day='2026-12-31' count='2' "
	    "sum_kop='0'",
	    arena_fmt(w->fx.a, "%.*s%.*s", STR_ARG(same), STR_ARG(same)),
	    EXCHANGE_APPLIED);
	assert_int_equal(balance_now(w).pending_kop, 0);
}

static void
a_foreign_document_is_put_aside_under_the_number_it_came_with(void **state)
{
	struct world *w = *state;
	struct exchange_ask as = { .portal = STR(EX_PORTAL),
		.supplier = STR(EX_SUPPLIER),
		.kind = STR("balances"),
		.number = ex_next };
	struct exchange_done out;

	assert_done(&w->fx, ex_try_as(w, debts(w, ex_next + 5, 1), &as, &out));
	assert_int_equal(out.doc.state, EXCHANGE_ASIDE);
	assert_int_equal(out.doc.number, ex_next);
	assert_text(out.doc.error_words, reason_words("exchange_foreign"));
	assert_done(&w->fx, ex_try_as(w, STR("garbage"), &as, &out));
	assert_int_equal(out.doc.state, EXCHANGE_ASIDE);
	assert_text(out.doc.kind, "balances");
	assert_int_equal(ex_try(w, STR("garbage"), &out), ERR_INVALID);
	assert_string_equal(w->fx.f.reason, "document_bad");
	assert_int_equal(out.problems_len, 1);
	ex_next++;
	ex_settle(w);
}

#define ACCOUNT(number, address)                                               \
	"<account number='" number "' address='" address                       \
	"'><owner last_name='О'/></account>"

/* Whether rows go one by one or as a batch. */
static void
of_what_a_document_says_twice_the_last_counts(void **state)
{
	struct world *w = *state;
	const struct account *x;
	struct exchange_done out;

	(void)ex_next_is(w, "accounts count='3'",
	    STR(ACCOUNT("7 001", "А") ACCOUNT("7002", "В Г \\")
		    ACCOUNT("7001", "Б")),
	    EXCHANGE_APPLIED);
	assert_done(&w->fx,
	    w->p.refs.account(w->p.refs.self, w->fx.a, STR(EX_PORTAL),
		STR(EX_SUPPLIER), STR("7001"), &x, &w->fx.f));
	assert_text(x->address, "Б");
	assert_done(&w->fx,
	    w->p.refs.account(w->p.refs.self, w->fx.a, STR(EX_PORTAL),
		STR(EX_SUPPLIER), STR("7002"), &x, &w->fx.f));
	assert_text(x->address, "В Г \\");
	out = ex_next_is(w,
	    "balances as_of_day='2026-11-01' count='3' sum_kop='1111'",
	    STR("<balance account='7001' service='elektro' debt_kop='1'/>"
		"<balance account='7404' service='elektro' debt_kop='1000'/>"
		"<balance account='7001' service='elektro' debt_kop='110'/>"),
	    EXCHANGE_APPLIED);
	assert_int_equal(out.doc.applied, 2);
	assert_int_equal(out.doc.applied_kop, 111);
	assert_int_equal(out.doc.refused, 1);
	assert_done(&w->fx,
	    w->p.refs.account(w->p.refs.self, w->fx.a, STR(EX_PORTAL),
		STR(EX_SUPPLIER), STR("7001"), &x, &w->fx.f));
	assert_int_equal(x->debts_len, 1);
	assert_int_equal(x->debts[0].debt_kop, 110);
}

static void
a_supplier_that_is_not_ours_is_unknown(void **state)
{
	struct world *w = *state;
	struct exchange_done out;
	struct str text =
	    STR("<document xmlns='urn:kvitok:exchange:1' version='1.0' "
		"portal='" EX_PORTAL "' supplier='nobody' number='1' "
		"made_at='2026-12-01T06:00:00+03:00'><accounts count='0'/>"
		"</document>");

	assert_int_equal(ex_try(w, text, &out), ERR_ABSENT);
	assert_string_equal(w->fx.f.reason, "supplier_unknown");
}

static void
kinds_that_nothing_reads_are_put_aside(void **state)
{
	struct world *w = *state;
	struct exchange_done out = ex_next_is(w,
	    "settlement business_day='2026-11-01' taken_kop='0' "
	    "refunded_kop='0' supplier_fee_kop='0' held_kop='0' "
	    "released_kop='0' to_transfer_kop='0'",
	    STR(""), EXCHANGE_ASIDE);

	assert_text(out.doc.error_words, reason_words("exchange_kind"));
	out = ex_next_is(w,
	    "balances as_of_day='1800-11-02' count='0' sum_kop='0'", STR(""),
	    EXCHANGE_ASIDE);
	assert_text(out.doc.error_words, reason_words("exchange_day"));
	ex_settle(w);
}

static void
acknowledgements_are_numbered_without_gaps(void **state)
{
	struct world *w = *state;
	const struct exchange_ack *v;
	bool first;
	size_t len;

	assert_done(&w->fx,
	    w->p.exchange_out.ready(w->p.exchange_out.self, w->fx.a,
		STR(EX_PORTAL), STR(EX_SUPPLIER), 1000, &v, &len, &w->fx.f));
	assert_true(len > 10);
	for (size_t i = 0; i < len; i++)
		assert_int_equal(v[i].number, i + 1);
	assert_done(&w->fx,
	    w->p.exchange_out.handed(
		w->p.exchange_out.self, &v[0], w->now, &first, &w->fx.f));
	assert_true(first);
	assert_done(&w->fx,
	    w->p.exchange_out.handed(
		w->p.exchange_out.self, &v[0], w->now + 1, &first, &w->fx.f));
	assert_false(first);
	assert_done(&w->fx,
	    w->p.exchange_out.ready(w->p.exchange_out.self, w->fx.a,
		STR(EX_PORTAL), STR(EX_SUPPLIER), 1, &v, &len, &w->fx.f));
	assert_int_equal(v[0].number, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_document_is_applied_once),
		cmocka_unit_test(another_document_under_the_number_is_refused),
		cmocka_unit_test(a_gap_waits_and_is_shown),
		cmocka_unit_test(
		    a_bad_document_is_put_aside_with_line_path_and_words),
		cmocka_unit_test(
		    who_builds_upon_a_bad_document_waits_and_others_go_on),
		cmocka_unit_test(a_skipped_number_lets_others_go_on),
		cmocka_unit_test(
		    records_that_do_not_fit_are_refused_and_others_applied),
		cmocka_unit_test(a_payment_elsewhere_counts_once_by_its_id),
		cmocka_unit_test(charges_make_a_statement),
		cmocka_unit_test(charges_that_make_no_sense_are_refused),
		cmocka_unit_test(our_payments_are_counted_by_the_day),
		cmocka_unit_test(
		    a_foreign_document_is_put_aside_under_the_number_it_came_with),
		cmocka_unit_test(of_what_a_document_says_twice_the_last_counts),
		cmocka_unit_test(a_supplier_that_is_not_ours_is_unknown),
		cmocka_unit_test(kinds_that_nothing_reads_are_put_aside),
		cmocka_unit_test(acknowledgements_are_numbered_without_gaps),
	};

	return cmocka_run_group_tests(tests, ex_make, world_end);
}
