/* What suppliers tell of an account and its people: kept as a whole, forgotten
 * in time; and what becomes of an account that is closed. */
#include "exchange_world.h"

#include "kvitok/app/reading.h"
#include "kvitok/app/subscriber.h"
#include "kvitok/base/day.h"

#define OTHER "ИНЗБ12345678"
#define HEAD(number) "<account number='" number "' address='г. Иркутск, 1' "
#define OWNER "><owner last_name='А'/>"
#define WHOLE                                                                  \
	HEAD(EX_ACCOUNT)                                                       \
	"persons='3' area='54.30' closed_day='2027-01-01'" OWNER               \
	"<benefit kind='veteran' title='Ветеран &lt;труда&gt;' "   \
	"from_day='2020-01-01'/><benefit kind='many-children' "                \
	"title='Многодетная семья' from_day='2026-01-01' "     \
	"to_day='2026-12-31'/><email address='anna@example.org'/>"             \
	"<email address='b@example.org'/><phone number='+79021234567'/>"       \
	"</account>"

static int
make(void **state)
{
	int rc = ex_make(state);
	struct world *w = *state;
	char akey[PAY_AKEY_LEN + 1];

	w->p.subscribers = w->fx.st.subscribers;
	w->p.set.people_keep_days = 1095;
	(void)life_paid(w); /* what the audit at the end wants to see */
	assert_true(day_parse_rfc3339(STR("2026-12-05T10:00:00Z"), &w->now));
	pay_akey(STR(EX_PORTAL), STR(EX_ACCOUNT), akey);
	fixture_sql(&w->fx,
	    arena_fmt(w->fx.a,
		"INSERT INTO meter (akey, portal, supplier, account, meter, "
		"title, serial, unit, digits, last_value, last_day) VALUES "
		"('%s', '" EX_PORTAL "', '" EX_SUPPLIER "', '" EX_ACCOUNT
		"', 'M', 'Электроэнергия', '1', 'кВт·ч', 6, 100, "
		"'2026-10-24')",
		akey)
		.p);
	return rc;
}

static struct exchange_done
tell(struct world *w, int count, const char *records)
{
	return ex_next_is(w, arena_fmt(w->fx.a, "accounts count='%d'", count).p,
	    str_of(records), EXCHANGE_APPLIED);
}

static struct subscriber
told_of(struct world *w, const char *account)
{
	struct subscriber_seen out;

	fault_init(&w->fx.f);
	assert_done(&w->fx,
	    subscriber_of(&w->p, w->fx.a, STR(EX_PORTAL), STR(EX_SUPPLIER),
		str_of(account), &out, &w->fx.f));
	return out.told;
}

/* Nothing but its name, owner and address is kept of an account. */
static void
assert_bare(struct world *w, const char *account)
{
	struct subscriber s = told_of(w, account);

	assert_int_equal(s.persons, -1);
	assert_int_equal(s.area_micro, -1);
	assert_int_equal(
	    s.benefits_len + s.emails_len + s.phones_len + s.closed_day.len, 0);
}

static void
assert_whole(struct world *w)
{
	struct subscriber s = told_of(w, EX_ACCOUNT);

	assert_int_equal(s.persons, 3);
	assert_int_equal(s.area_micro, 54300000);
	assert_text(s.closed_day, "2027-01-01");
	assert_int_equal(s.benefits_len, 2);
	assert_text(s.benefits[0].kind, "veteran");
	assert_text(s.benefits[0].title, "Ветеран <труда>");
	assert_text(s.benefits[0].from_day, "2020-01-01");
	assert_text(s.benefits[0].to_day, "");
	assert_text(s.benefits[1].kind, "many-children");
	assert_text(s.benefits[1].to_day, "2026-12-31");
	assert_int_equal(s.emails_len, 2);
	assert_text(s.emails[0], "anna@example.org");
	assert_text(s.emails[1], "b@example.org");
	assert_int_equal(s.phones_len, 1);
	assert_text(s.phones[0], "+79021234567");
}

static void
what_is_told_is_kept_as_it_was_told(void **state)
{
	struct world *w = *state;

	(void)tell(w, 2, WHOLE HEAD(OTHER) OWNER "</account>");
	assert_whole(w);
	assert_bare(w, OTHER);
}

static void
the_same_document_again_changes_nothing(void **state)
{
	struct world *w = *state;
	struct exchange_done out;

	fixture_sql(&w->fx,
	    "UPDATE account_contact SET value = '+70000000000' "
	    "WHERE kind = 'phone'");
	out = ex_bring(w,
	    ex_doc(w, ex_next - 1, "accounts count='2'",
		STR(WHOLE HEAD(OTHER) OWNER "</account>")));
	assert_true(out.known);
	assert_text(told_of(w, EX_ACCOUNT).phones[0], "+70000000000");
	/* Under a number of its own it is a later telling. */
	(void)tell(w, 1, WHOLE);
	assert_whole(w);
}

static void
a_later_document_takes_the_place_of_all_that_was_told(void **state)
{
	struct world *w = *state;
	struct subscriber s;

	(void)tell(w, 1,
	    HEAD(EX_ACCOUNT) "persons='0' area='0'" OWNER
			     "<benefit kind='pensioner' title='П' "
			     "from_day='2026-02-01' to_day='2026-02-01'/>"
			     "<phone number='+79000000001'/>"
			     "<phone number='+79000000002'/></account>");
	s = told_of(w, EX_ACCOUNT);
	assert_int_equal(s.persons, 0);
	assert_int_equal(s.area_micro, 0);
	assert_int_equal(s.closed_day.len, 0);
	assert_int_equal(s.benefits_len, 1);
	assert_text(s.benefits[0].kind, "pensioner");
	assert_text(s.benefits[0].to_day, "2026-02-01");
	assert_int_equal(s.emails_len, 0);
	assert_int_equal(s.phones_len, 2);
	/* What is left out is no more; of others nothing was said. */
	(void)tell(w, 1, HEAD(OTHER) "persons='7'" OWNER "</account>");
	assert_int_equal(told_of(w, EX_ACCOUNT).phones_len, 2);
	(void)tell(w, 1, HEAD(EX_ACCOUNT) OWNER "</account>");
	assert_bare(w, EX_ACCOUNT);
	assert_int_equal(told_of(w, OTHER).persons, 7);
}

static void
of_two_records_of_an_account_the_last_one_counts(void **state)
{
	struct world *w = *state;

	(void)tell(w, 3,
	    HEAD(EX_ACCOUNT) "persons='9'" OWNER "<benefit kind='a' title='A' "
			     "from_day='2020-01-01'/><benefit kind='b' "
			     "title='B' from_day='2020-01-01'/><benefit "
			     "kind='c' title='C' from_day='2020-01-01'/>"
			     "<phone number='+79000000001'/>"
			     "<phone number='+79000000002'/></account>" WHOLE
				 HEAD(OTHER) OWNER "</account>");
	assert_whole(w);
}

static void
a_record_that_makes_no_sense_is_refused_and_changes_nothing(void **state)
{
	struct world *w = *state;
	const struct exchange_record *v;
	struct exchange_done out = tell(w, 5,
	    HEAD(EX_ACCOUNT) "area='-0.000001'" OWNER "</account>" HEAD(
		EX_ACCOUNT) OWNER "<benefit kind='a' title='A' "
				  "from_day='2020-01-02' to_day='2020-01-01'/>"
				  "</account>" HEAD(EX_ACCOUNT) OWNER
	    "<benefit kind='a' title='A' "
	    "from_day='1800-01-01'/></account>" HEAD(EX_ACCOUNT) OWNER
	    "<benefit kind='a' title='A' "
	    "from_day='2020-01-01' to_day='1800-01-01'/>"
	    "</account>" HEAD(EX_ACCOUNT) "closed_day='1800-"
					  "01-01'" OWNER "</account>");
	static const char *const reasons[] = { "exchange_area", "exchange_span",
		"exchange_day", "exchange_day", "exchange_day" };
	size_t len;

	assert_done(&w->fx,
	    w->p.exchange_out.refusals(w->p.exchange_out.self, w->fx.a,
		STR(EX_PORTAL), STR(EX_SUPPLIER), out.doc.number, &v, &len,
		&w->fx.f));
	assert_int_equal(len, KV_COUNT(reasons));
	for (size_t i = 0; i < len; i++)
		assert_string_equal(v[i].refused, reasons[i]);
	assert_whole(w);
}

/* As long as the schema lets them be, and each sign twice as long in JSON. */
static struct str
full_account(struct arena *a, int n, struct str title)
{
	struct buf b;

	buf_init(&b, a, (size_t)64 << 10);
	buf_fmt(&b, "<account number='Ф%d' address='А'" OWNER, n);
	for (int i = 0; i < SUBSCRIBER_BENEFITS_MAX; i++)
		buf_fmt(&b,
		    "<benefit kind='%032d' title='%.*s' from_day='2020-01-01' "
		    "to_day='2030-01-01'/>",
		    i, STR_ARG(title));
	for (int i = 0; i < SUBSCRIBER_CONTACTS_MAX; i++)
		buf_fmt(&b, "<email address='%0249d@a.ru'/>", i);
	for (int i = 0; i < SUBSCRIBER_CONTACTS_MAX; i++)
		buf_fmt(&b, "<phone number='+7%010d'/>", i);
	buf_lit(&b, "</account>\n");
	return buf_str(&b);
}

static void
records_of_full_length_are_applied_in_batches_that_fit(void **state)
{
	struct world *w = *state;
	struct arena *a = arena_new((size_t)256 << 20);
	struct exchange_done out;
	struct buf title, b;
	struct subscriber s;
	int count = 600;

	buf_init(&title, a, 4096);
	buf_init(&b, a, (size_t)64 << 20);
	for (int i = 0; i < 160; i++)
		buf_lit(&title, "&quot;");
	for (int i = 0; i < count; i++)
		buf_text(&b, full_account(a, i, buf_str(&title)));
	out = tell(w, count, arena_z(a, buf_str(&b)));
	assert_int_equal(out.doc.applied, count);
	s = told_of(w, "Ф599");
	assert_int_equal(s.benefits_len, SUBSCRIBER_BENEFITS_MAX);
	assert_int_equal(s.benefits[19].title.len, 160);
	assert_int_equal(s.emails_len, SUBSCRIBER_CONTACTS_MAX);
	assert_int_equal(s.phones_len, SUBSCRIBER_CONTACTS_MAX);
	arena_free(a);
}

/* --- closed ------------------------------------------------------------- */

static enum err
quote(struct world *w, int64_t kop, struct quote *out)
{
	struct pay_line_in line = { STR(EX_SUPPLIER), STR("elektro"),
		STR(EX_ACCOUNT), kop };

	fault_init(&w->fx.f);
	return pay_quote(
	    &w->p, w->fx.a, STR(EX_PORTAL), STR(""), &line, 1, out, &w->fx.f);
}

/* Of the debt that the supplier tells, a part was paid here (make). */
static void
close_on(struct world *w, const char *day, int64_t owed_kop)
{
	int64_t debt_kop = owed_kop + sber_order.kop;

	(void)tell(w, 1,
	    arena_fmt(w->fx.a,
		HEAD(EX_ACCOUNT) "closed_day='%s'" OWNER "</account>", day)
		.p);
	(void)ex_next_is(w,
	    arena_fmt(w->fx.a,
		"balances as_of_day='2026-12-01' count='1' sum_kop='%lld'",
		(long long)debt_kop)
		.p,
	    arena_fmt(w->fx.a,
		"<balance account='" EX_ACCOUNT
		"' service='elektro' debt_kop='%lld'/>",
		(long long)debt_kop),
	    EXCHANGE_APPLIED);
}

static void
of_a_closed_account_no_more_than_its_debt_is_taken(void **state)
{
	struct world *w = *state;
	struct quote q;

	close_on(w, "2026-12-05", 150000);
	assert_done(&w->fx, quote(w, 150000, &q));
	assert_int_equal(quote(w, 150001, &q), ERR_LIMIT);
	assert_string_equal(w->fx.f.reason, "account_closed_sum");
	assert_string_equal(w->fx.f.fields[0].pointer, "/lines/0/sum_kop");
	assert_string_equal(w->fx.f.args[0].name, "owed");
	assert_string_equal(w->fx.f.args[0].value, "1500");
	close_on(w, "2026-12-05", 0);
	assert_int_equal(quote(w, 10000, &q), ERR_LIMIT);
	assert_string_equal(w->fx.f.reason, "account_closed");
	assert_string_equal(w->fx.f.fields[0].pointer, "/lines/0/account");
	close_on(w, "2026-12-05", -500);
	assert_int_equal(quote(w, 10000, &q), ERR_LIMIT);
	/* Until that day it is open, and whoever closed it may open it. */
	close_on(w, "2026-12-06", 0);
	assert_done(&w->fx, quote(w, 10000, &q));
	(void)tell(w, 1, HEAD(EX_ACCOUNT) OWNER "</account>");
	assert_done(&w->fx, quote(w, 10000, &q));
}

static void
what_was_paid_here_of_a_closed_account_is_not_taken_again(void **state)
{
	struct world *w = *state;
	struct world_order o = { .portal = EX_PORTAL,
		.supplier = EX_SUPPLIER,
		.service = "elektro",
		.account = EX_ACCOUNT,
		.kop = 100000 };
	struct payment *pm;
	struct quote q;

	close_on(w, "2026-12-01", 150000);
	pm = life_open(w, &o);
	world_bank_says_paid(w, pm->total_kop);
	life_later(w);
	assert_done(&w->fx, quote(w, 50000, &q));
	assert_int_equal(quote(w, 50001, &q), ERR_LIMIT);
	assert_string_equal(w->fx.f.args[0].value, "500");
}

static void
of_a_closed_account_no_readings_are_taken(void **state)
{
	struct world *w = *state;
	const struct reading_in in = { STR(EX_SUPPLIER), STR(EX_ACCOUNT),
		STR("M"), 101 };
	const struct pay_reading *taken;
	const struct account *acc;
	struct reading_now now;
	struct quote q;

	close_on(w, "2026-12-01", 150000);
	assert_done(&w->fx, quote(w, 10000, &q));
	assert_int_equal(reading_judge(&w->p, w->fx.a, STR(EX_PORTAL), &q, &in,
			     1, &taken, &w->fx.f),
	    ERR_LIMIT);
	assert_string_equal(w->fx.f.reason, "reading_closed");
	assert_string_equal(w->fx.f.fields[0].pointer, "/readings/0/account");
	assert_done(&w->fx,
	    w->p.refs.account(w->p.refs.self, w->fx.a, STR(EX_PORTAL),
		STR(EX_SUPPLIER), STR(EX_ACCOUNT), &acc, &w->fx.f));
	assert_text(acc->closed_day, "2026-12-01");
	assert_done(&w->fx,
	    reading_look(&w->p, w->fx.a, acc, &acc->meters[0], &now, &w->fx.f));
	assert_string_equal(now.barred, "reading_closed");
}

/* --- forgotten ---------------------------------------------------------- */

static void
sweep(struct world *w, int limit)
{
	assert_done(&w->fx, subscriber_sweep(&w->p, w->fx.a, limit, &w->fx.f));
}

static void
people_of_accounts_closed_long_ago_are_forgotten(void **state)
{
	struct world *w = *state;
	int64_t now = w->now;

	(void)tell(w, 2, WHOLE HEAD(OTHER) "persons='7'" OWNER "</account>");
	/* 1095 days after the first day of 2027, by the clock of Moscow. */
	assert_true(day_parse_rfc3339(STR("2029-12-31T20:59:59Z"), &w->now));
	sweep(w, 100);
	assert_whole(w);
	w->now += 1000;
	sweep(w, 0);
	assert_whole(w);
	sweep(w, 100);
	assert_text(told_of(w, EX_ACCOUNT).closed_day, "2027-01-01");
	fixture_sql(&w->fx,
	    "UPDATE account SET closed_day = NULL "
	    "WHERE closed_day = '2027-01-01'");
	assert_bare(w, EX_ACCOUNT);
	assert_int_equal(told_of(w, OTHER).persons, 7);
	/* Told anew, it is known anew. */
	(void)tell(w, 1, WHOLE);
	assert_whole(w);
	w->now = now;
}

struct forgetting {
	struct world *w;
	const struct account *whose;
};

static enum err
forget_body(void *arg, struct fault *f)
{
	const struct forgetting *x = arg;

	return x->w->p.subscribers.forget(
	    x->w->p.subscribers.self, x->whose, STR("2027-01-01"), f);
}

static void
an_account_that_was_told_anew_meanwhile_is_not_forgotten(void **state)
{
	struct world *w = *state;
	const struct account *v;
	size_t len;

	(void)tell(w, 1, WHOLE);
	assert_done(&w->fx,
	    w->p.subscribers.over(w->p.subscribers.self, w->fx.a,
		STR("2027-01-01"), 10, &v, &len, &w->fx.f));
	assert_int_equal(len, 0);
	assert_done(&w->fx,
	    w->p.subscribers.over(w->p.subscribers.self, w->fx.a,
		STR("2027-01-02"), 10, &v, &len, &w->fx.f));
	assert_int_equal(len, 1);
	assert_text(v[0].account, EX_ACCOUNT);
	/* It was closed before the second day, and is not before the first. */
	assert_done(&w->fx,
	    w->p.tx.run(w->p.tx.self, "forget", forget_body,
		&(struct forgetting){ w, &v[0] }, &w->fx.f));
	assert_whole(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_told_is_kept_as_it_was_told),
		cmocka_unit_test(the_same_document_again_changes_nothing),
		cmocka_unit_test(
		    a_later_document_takes_the_place_of_all_that_was_told),
		cmocka_unit_test(
		    of_two_records_of_an_account_the_last_one_counts),
		cmocka_unit_test(
		    a_record_that_makes_no_sense_is_refused_and_changes_nothing),
		cmocka_unit_test(
		    records_of_full_length_are_applied_in_batches_that_fit),
		cmocka_unit_test(
		    of_a_closed_account_no_more_than_its_debt_is_taken),
		cmocka_unit_test(
		    what_was_paid_here_of_a_closed_account_is_not_taken_again),
		cmocka_unit_test(of_a_closed_account_no_readings_are_taken),
		cmocka_unit_test(
		    people_of_accounts_closed_long_ago_are_forgotten),
		cmocka_unit_test(
		    an_account_that_was_told_anew_meanwhile_is_not_forgotten),
	};

	return cmocka_run_group_tests(tests, make, world_end);
}
