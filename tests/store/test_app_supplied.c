/* Outages, contracts and acts: as documents bring them, and as an account is
 * told of them. */
#include "exchange_world.h"
#include "spoil.h"

#include "kvitok/app/supplied.h"
#include "kvitok/base/day.h"

#define OTHER "ИНЗБ12345678"
#define MINE "Г.Иркутск, улица Мира, дом 23"

static int64_t
instant(const char *text)
{
	int64_t at;

	assert_true(day_parse_rfc3339(str_of(text), &at));
	return at;
}

static int
make(void **state)
{
	int rc = ex_make(state);
	struct world *w = *state;

	(void)life_paid(w); /* what the audit at the end wants to see */
	w->now = instant("2026-12-05T10:00:00+08:00");
	(void)ex_next_is(w, "accounts count='2'",
	    STR("<account number='" EX_ACCOUNT
		"' address='г. Иркутск, ул. Мира, д. 23, кв. 32'>"
		"<owner last_name='А'/></account><account number='" OTHER
		"' address='Иркутск, Лермонтова, 81, 15'>"
		"<owner last_name='Б'/></account>"),
	    EXCHANGE_APPLIED);
	return rc;
}

/* --- outages ----------------------------------------------------------- */

/* One outage at a place; more: other attributes. */
static struct exchange_done
outage(struct world *w, const char *id, const char *from, const char *more,
    const char *place)
{
	return ex_next_is(w, "outages count='1'",
	    arena_fmt(w->fx.a,
		"<outage id='%s' kind='planned' service='elektro' from='%s' %s>"
		"<place address='Иркутск, Лермонтова'/><place address='%s'/>"
		"<reason>Замена опоры &lt;№ 5&gt;</reason></outage>",
		id, from, more, place),
	    EXCHANGE_APPLIED);
}

static struct supplied_outages
outages_of(struct world *w, const char *account)
{
	struct supplied_outages out;

	fault_init(&w->fx.f);
	assert_done(&w->fx,
	    supplied_outages_of(&w->p, w->fx.a, STR(EX_PORTAL),
		STR(EX_SUPPLIER), str_of(account), &out, &w->fx.f));
	return out;
}

static void
an_outage_is_told_to_accounts_of_its_places_only(void **state)
{
	struct world *w = *state;
	struct supplied_outages v;

	(void)outage(w, "А-1", "2026-12-05T09:00:00+08:00", "", MINE);
	v = outages_of(w, EX_ACCOUNT);
	assert_int_equal(v.len, 1);
	assert_text(v.v[0].outage.id, "А-1");
	assert_text(v.v[0].outage.kind, "planned");
	assert_text(v.v[0].outage.reason, "Замена опоры <№ 5>");
	assert_text(v.v[0].place, MINE);
	assert_true(
	    v.titles[0].len > 0 && !str_eq(v.titles[0], STR("elektro")));
	assert_int_equal(v.v[0].outage.to_at, 0);
	assert_text(outages_of(w, OTHER).v[0].place, "Иркутск, Лермонтова");
	/* Another house of the street is another house. */
	(void)outage(w, "А-2", "2026-12-05T09:00:00+08:00", "",
	    "г. Иркутск, ул. Мира, д. 2");
	assert_int_equal(outages_of(w, EX_ACCOUNT).len, 1);
	assert_int_equal(outages_of(w, OTHER).len, 2);
}

static void
the_same_id_replaces_outage_and_places(void **state)
{
	struct world *w = *state;

	(void)outage(w, "А-1", "2026-12-05T09:00:00+08:00",
	    "to='2026-12-05T10:00:00.001+08:00'", "Г ИРКУТСК");
	assert_text(outages_of(w, EX_ACCOUNT).v[0].place, "Г ИРКУТСК");
	w->now++;
	assert_int_equal(outages_of(w, EX_ACCOUNT).len, 0);
	w->now--;
	(void)outage(
	    w, "А-1", "2026-12-05T09:00:00+08:00", "", "Иркутск, Советская");
	assert_int_equal(outages_of(w, EX_ACCOUNT).len, 0);
}

static void
what_is_cancelled_or_over_is_not_told(void **state)
{
	struct world *w = *state;
	struct supplied_outages v;

	(void)outage(w, "Б-1", "2026-12-07T09:00:00+08:00",
	    "to='2026-12-07T12:00:00+08:00'", MINE);
	(void)outage(w, "Б-2", "2026-12-06T09:00:00+08:00",
	    "to='2026-12-06T12:00:00+08:00'", MINE);
	(void)outage(
	    w, "Б-3", "2026-12-06T09:00:00+08:00", "cancelled='1'", MINE);
	v = outages_of(w, EX_ACCOUNT);
	assert_int_equal(v.len, 2);
	assert_text(v.v[0].outage.id, "Б-2");
	assert_text(v.v[1].outage.id, "Б-1");
	w->now = instant("2026-12-06T12:00:00+08:00");
	assert_int_equal(outages_of(w, EX_ACCOUNT).len, 1);
	(void)outage(w, "Б-1", "2026-12-07T09:00:00+08:00",
	    "to='2026-12-07T12:00:00+08:00' cancelled='true'", MINE);
	assert_int_equal(outages_of(w, EX_ACCOUNT).len, 0);
}

/* Refused records are told by their reasons, in order. */
static void
refusals_are(
    struct world *w, const struct exchange_done *out, const char *reasons)
{
	const struct exchange_record *v;
	struct buf b;
	size_t len;

	assert_done(&w->fx,
	    w->p.exchange_out.refusals(w->p.exchange_out.self, w->fx.a,
		STR(EX_PORTAL), STR(EX_SUPPLIER), out->doc.number, &v, &len,
		&w->fx.f));
	buf_init(&b, w->fx.a, 4000);
	for (size_t i = 0; i < len; i++)
		buf_fmt(&b, "%lld %s\n", (long long)v[i].n, v[i].refused);
	buf_char(&b, '\0');
	assert_string_equal(b.p, reasons);
}

static void
an_outage_that_says_nothing_is_refused(void **state)
{
	struct world *w = *state;
	struct exchange_done out = ex_next_is(w, "outages count='4'",
	    STR("<outage id='1' kind='planned' service='elektro' "
		"from='2026-12-06T09:00:00Z' to='2026-12-06T09:00:00Z'>"
		"<place address='Иркутск'/><reason>А</reason></outage>"
		"<outage id='2' kind='planned' service='voda' "
		"from='2026-12-06T09:00:00Z'>"
		"<place address='Иркутск'/><reason>А</reason></outage>"
		"<outage id='3' kind='emergency' service='elektro' "
		"from='2026-12-06T09:00:00Z'>"
		"<place address=' - '/><reason>А</reason></outage>"
		"<outage id='4' kind='planned' service='elektro' "
		"from='0099-12-06T09:00:00Z'>"
		"<place address='Иркутск'/><reason>А</reason></outage>"),
	    EXCHANGE_APPLIED);

	refusals_are(w, &out,
	    "1 exchange_span\n2 exchange_service_unknown\n3 exchange_place\n"
	    "4 exchange_day\n");
	assert_int_equal(outages_of(w, EX_ACCOUNT).len, 0);
}

/* --- contracts --------------------------------------------------------- */

static struct str
contract(struct world *w, const char *account, int number, const char *more)
{
	return arena_fmt(w->fx.a,
	    "<contract account='%s' number='Д-%d' title='Договор &amp; счёт' "
	    "from_day='2020-01-01' %s/>",
	    account, number, more);
}

static struct supplied_contracts
contracts_of(struct world *w, const char *account, bool archive,
    const char *after, int limit)
{
	struct supplied_contracts out;

	fault_init(&w->fx.f);
	assert_done(&w->fx,
	    supplied_contracts_of(&w->p, w->fx.a, STR(EX_PORTAL),
		STR(EX_SUPPLIER), str_of(account), archive,
		&(struct supplied_page){
		    .after_number = str_of(after), .limit = limit },
		&out, &w->fx.f));
	return out;
}

static void
contracts_that_are_over_are_in_the_archive(void **state)
{
	struct world *w = *state;
	struct supplied_contracts v;

	w->now = instant("2026-12-05T10:00:00+08:00");
	(void)ex_next_is(w, "contracts count='3'",
	    arena_fmt(w->fx.a, "%.*s%.*s%.*s",
		STR_ARG(contract(w, EX_ACCOUNT, 1, "")),
		STR_ARG(contract(w, EX_ACCOUNT, 2, "to_day='2026-12-05'")),
		STR_ARG(contract(w, EX_ACCOUNT, 3, "to_day='2026-12-04'"))),
	    EXCHANGE_APPLIED);
	v = contracts_of(w, EX_ACCOUNT, false, "", 10);
	assert_int_equal(v.len, 2);
	assert_false(v.more);
	assert_text(v.v[0].number, "Д-1");
	assert_text(v.v[0].title, "Договор & счёт");
	assert_int_equal(v.v[0].to_day.len, 0);
	assert_text(v.v[1].to_day, "2026-12-05");
	v = contracts_of(w, EX_ACCOUNT, true, "", 10);
	assert_int_equal(v.len, 3);
	v = contracts_of(w, EX_ACCOUNT, true, "", 2);
	assert_int_equal(v.len, 2);
	assert_true(v.more);
	v = contracts_of(w, EX_ACCOUNT, true, "Д-2", 2);
	assert_int_equal(v.len, 1);
	assert_false(v.more);
	assert_text(v.v[0].number, "Д-3");
}

static void
a_contract_leaves_the_account_that_was_not_its(void **state)
{
	struct world *w = *state;

	assert_int_equal(contracts_of(w, OTHER, true, "", 10).len, 0);
	(void)ex_next_is(w, "contracts count='1'", contract(w, OTHER, 2, ""),
	    EXCHANGE_APPLIED);
	assert_int_equal(contracts_of(w, OTHER, true, "", 10).len, 1);
	assert_int_equal(contracts_of(w, EX_ACCOUNT, true, "", 10).len, 2);
}

static void
a_contract_of_nobody_and_one_upside_down_are_refused(void **state)
{
	struct world *w = *state;
	struct exchange_done out = ex_next_is(w, "contracts count='4'",
	    arena_fmt(w->fx.a, "%.*s%.*s%.*s%.*s",
		STR_ARG(contract(w, "77777777", 1, "")),
		STR_ARG(contract(w, EX_ACCOUNT, 1, "to_day='2019-12-31'")),
		STR_ARG(contract(w, EX_ACCOUNT, 1, "to_day='9999-12-31'")),
		STR_ARG(contract(w, ".", 1, ""))),
	    EXCHANGE_APPLIED);

	refusals_are(w, &out,
	    "1 exchange_account_unknown\n2 exchange_span\n3 exchange_day\n"
	    "4 exchange_account_form\n");
	/* Nobody has lost the contract by it. */
	assert_int_equal(
	    contracts_of(w, EX_ACCOUNT, false, "", 10).v[0].to_day.len, 0);
}

/* --- acts -------------------------------------------------------------- */

static struct supplied_acts
acts_of(struct world *w, const char *account, const char *day,
    const char *number, int limit)
{
	struct supplied_acts out;

	fault_init(&w->fx.f);
	assert_done(&w->fx,
	    supplied_acts_of(&w->p, w->fx.a, STR(EX_PORTAL), STR(EX_SUPPLIER),
		str_of(account),
		&(struct supplied_page){ str_of(day), str_of(number), limit },
		&out, &w->fx.f));
	return out;
}

#define CRANE "<work title='Замена крана' quantity='1.5' sum_kop='90000'/>"
#define OFF "<work title='Скидка' quantity='1' sum_kop='-40000'/>"

static void
an_act_has_works_and_their_sum(void **state)
{
	struct world *w = *state;
	struct exchange_done out = ex_next_is(w,
	    "acts count='2' sum_kop='140000'",
	    STR("<act number='А-1' account='" EX_ACCOUNT
		"' day='2026-11-27' contract='Д-1' sum_kop='50000'>" CRANE OFF
		"</act><act number='А-2' account='" EX_ACCOUNT
		"' day='2026-11-28'>" CRANE "</act>"),
	    EXCHANGE_APPLIED);
	struct supplied_acts v = acts_of(w, EX_ACCOUNT, "", "", 10);

	assert_int_equal(out.doc.applied_kop, 140000);
	assert_int_equal(v.len, 2);
	assert_false(v.more);
	assert_text(v.v[0].number, "А-2");
	assert_text(v.v[0].contract, "");
	assert_int_equal(v.v[1].sum_kop, 50000);
	assert_text(v.v[1].contract, "Д-1");
	assert_int_equal(v.v[1].works_len, 2);
	assert_text(v.v[1].works[0].title, "Замена крана");
	assert_int_equal(v.v[1].works[0].quantity_micro, 1500000);
	assert_int_equal(v.v[1].works[1].sum_kop, -40000);
}

static void
acts_are_told_newest_first_and_page_by_page(void **state)
{
	struct world *w = *state;
	struct supplied_acts v = acts_of(w, EX_ACCOUNT, "", "", 1);

	assert_int_equal(v.len, 1);
	assert_true(v.more);
	assert_text(v.v[0].number, "А-2");
	v = acts_of(w, EX_ACCOUNT, "2026-11-28", "А-2", 1);
	assert_int_equal(v.len, 1);
	assert_false(v.more);
	assert_text(v.v[0].number, "А-1");
	v = acts_of(w, EX_ACCOUNT, "2026-11-27", "А-1", 1);
	assert_int_equal(v.len, 0);
}

static void
the_same_act_replaces_its_works_and_may_change_hands(void **state)
{
	struct world *w = *state;
	struct supplied_acts v;

	(void)ex_next_is(w, "acts count='2' sum_kop='180000'",
	    STR("<act number='А-1' account='" EX_ACCOUNT
		"' day='2026-11-27'>" CRANE
		"</act><act number='А-2' account='" OTHER
		"' day='2026-11-28'>" CRANE "</act>"),
	    EXCHANGE_APPLIED);
	v = acts_of(w, EX_ACCOUNT, "", "", 10);
	assert_int_equal(v.len, 1);
	assert_text(v.v[0].number, "А-1");
	assert_int_equal(v.v[0].works_len, 1);
	assert_int_equal(v.v[0].sum_kop, 90000);
	v = acts_of(w, OTHER, "", "", 10);
	assert_int_equal(v.len, 1);
	assert_text(v.v[0].number, "А-2");
}

static void
an_act_whose_sum_is_another_is_refused(void **state)
{
	struct world *w = *state;
	struct exchange_done out =
	    ex_next_is(w, "acts count='3' sum_kop='270000'",
		STR("<act number='А-7' account='" EX_ACCOUNT
		    "' day='2026-11-27' sum_kop='89999'>" CRANE
		    "</act><act number='А-8' account='77777777' "
		    "day='2026-11-27'>" CRANE
		    "</act><act number='А-9' account='" EX_ACCOUNT
		    "' day='2026-11-27' sum_kop='90000'>" CRANE "</act>"),
		EXCHANGE_APPLIED);

	refusals_are(
	    w, &out, "1 exchange_act_sum\n2 exchange_account_unknown\n");
	assert_int_equal(out.doc.applied_kop, 90000);
	assert_int_equal(acts_of(w, EX_ACCOUNT, "", "", 10).len, 2);
}

/* Long papers end a page before it has all of them; none is lost or cut. */
static void
a_page_of_long_acts_is_shorter(void **state)
{
	struct world *w = *state;
	struct str day = STR(""), number = STR("");
	struct supplied_acts v = { .more = true };
	struct buf b;
	size_t acts = 0, pages = 0;

	buf_init(&b, w->fx.a, (size_t)1 << 20);
	for (int i = 0; i < 25; i++) {
		buf_fmt(&b, "<act number='Л-%02d' account='" OTHER "' ", i);
		buf_lit(&b, "day='2026-10-01'>");
		for (int n = 0; n < SUPPLIED_WORKS_MAX - i % 2; n++)
			buf_lit(
			    &b, "<work title='А' quantity='1' sum_kop='1'/>");
		buf_lit(&b, "</act>");
	}
	(void)ex_next_is(
	    w, "acts count='25' sum_kop='4988'", buf_str(&b), EXCHANGE_APPLIED);
	for (; v.more; pages++) {
		v = acts_of(w, OTHER, arena_z(w->fx.a, day),
		    arena_z(w->fx.a, number), 200);
		for (size_t i = 0; i < v.len; i++)
			assert_true(
			    v.v[i].sum_kop == (int64_t)v.v[i].works_len ||
			    str_eq(v.v[i].number, STR("А-2")));
		acts += v.len;
		day = v.v[v.len - 1].day;
		number = v.v[v.len - 1].number;
	}
	assert_int_equal(acts, 26);
	assert_int_equal(pages, 3);
}

/* --- documents --------------------------------------------------------- */

/* Records of many megabytes are written before memory is full of them. */
static void
large_outages_are_written_in_small_batches(void **state)
{
	struct world *w = *state;
	struct exchange_done out;
	char street[300 * 2 - 60];
	struct buf b;

	for (size_t i = 0; i < sizeof(street); i += 2)
		memcpy(street + i, "Ж", 2);
	buf_init(&b, w->fx.a, (size_t)32 << 20);
	for (int i = 0; i < 20; i++) {
		buf_fmt(&b, "<outage id='Ж-%d' kind='planned' ", i);
		buf_lit(&b,
		    "service='elektro' from='2026-12-09T09:00:00Z' "
		    "to='2026-12-09T10:00:00Z'>");
		for (int n = 0; n < SUPPLIED_PLACES_MAX; n++) {
			buf_fmt(&b, "<place address='%d ", n);
			buf_bytes(&b, street, sizeof(street));
			buf_lit(&b, "'/>");
		}
		buf_lit(&b, "<reason>А</reason></outage>");
	}
	out =
	    ex_next_is(w, "outages count='20'", buf_str(&b), EXCHANGE_APPLIED);
	assert_int_equal(out.doc.applied, 20);
	assert_int_equal(out.doc.refused, 0);
}

static void
papers_wait_for_accounts_and_outages_do_not(void **state)
{
	struct world *w = *state;

	(void)ex_next_is(w, "accounts count='5'", STR(""), EXCHANGE_ASIDE);
	(void)ex_next_is(w, "outages count='0'", STR(""), EXCHANGE_APPLIED);
	(void)ex_next_is(w, "contracts count='0'", STR(""), EXCHANGE_HELD);
	(void)ex_next_is(
	    w, "acts count='0' sum_kop='0'", STR(""), EXCHANGE_HELD);
	ex_settle(w);
}

static void
an_act_that_is_spoilt_is_named_by_the_audit(void **state)
{
	static const struct {
		const char *spoil, *mend, *want;
	} list[] = {
		{ "UPDATE account_act SET sum_kop = sum_kop + 1 "
		  "WHERE number = 'А-9'",
		    "UPDATE account_act SET sum_kop = sum_kop - 1 "
		    "WHERE number = 'А-9'",
		    "/А-9 sum_kop: is 90001, must be 90000\n" },
		{ "UPDATE account_act SET works = 2 WHERE number = 'А-9'",
		    "UPDATE account_act SET works = 1 WHERE number = 'А-9'",
		    "/А-9 works: is 2, must be 1\n" },
		{ "UPDATE act_work SET sum_kop = 0 WHERE number = 'А-9'",
		    "UPDATE act_work SET sum_kop = 90000 "
		    "WHERE number = 'А-9'",
		    "/А-9 sum_kop: is 90000, must be 0\n" },
	};
	struct world *w = *state;

	assert_true(is_clean(w));
	for (size_t i = 0; i < KV_COUNT(list); i++) {
		fixture_sql(&w->fx, list[i].spoil);
		assert_non_null(strstr(findings(w, &everything), list[i].want));
		fixture_sql(&w->fx, list[i].mend);
		assert_true(is_clean(w));
	}
}

/* More than a page of the audit has are all looked at. */
static void
acts_behind_the_first_page_are_looked_at(void **state)
{
	struct world *w = *state;
	struct audit_counts n;
	struct listing l;

	fixture_sql(&w->fx,
	    "INSERT INTO account_act (akey, portal, supplier, account, number, "
	    "contract, day, sum_kop, works) WITH RECURSIVE i (x) AS (SELECT 1 "
	    "UNION ALL SELECT x + 1 FROM i WHERE x < 1000) "
	    "SELECT akey, portal, supplier, account, 'Ю' || CAST(x AS "
	    "VARCHAR(10)), '', day, 1, 1 FROM account_act CROSS JOIN i "
	    "WHERE number = 'А-9'");
	buf_init(&l.b, w->fx.a, LIST_MAX);
	assert_done(&w->fx,
	    audit_run(&w->p, &everything,
		&(struct audit_sink){ &l, spoil_list }, &n, &w->fx.f));
	assert_int_equal(n.acts, 1028);
	assert_int_equal(n.findings, 2000);
	fixture_sql(&w->fx, "DELETE FROM account_act WHERE number LIKE 'Ю%'");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    an_outage_is_told_to_accounts_of_its_places_only),
		cmocka_unit_test(the_same_id_replaces_outage_and_places),
		cmocka_unit_test(what_is_cancelled_or_over_is_not_told),
		cmocka_unit_test(an_outage_that_says_nothing_is_refused),
		cmocka_unit_test(contracts_that_are_over_are_in_the_archive),
		cmocka_unit_test(
		    a_contract_leaves_the_account_that_was_not_its),
		cmocka_unit_test(
		    a_contract_of_nobody_and_one_upside_down_are_refused),
		cmocka_unit_test(an_act_has_works_and_their_sum),
		cmocka_unit_test(acts_are_told_newest_first_and_page_by_page),
		cmocka_unit_test(
		    the_same_act_replaces_its_works_and_may_change_hands),
		cmocka_unit_test(an_act_whose_sum_is_another_is_refused),
		cmocka_unit_test(a_page_of_long_acts_is_shorter),
		cmocka_unit_test(large_outages_are_written_in_small_batches),
		cmocka_unit_test(papers_wait_for_accounts_and_outages_do_not),
		cmocka_unit_test(an_act_that_is_spoilt_is_named_by_the_audit),
		cmocka_unit_test(acts_behind_the_first_page_are_looked_at),
	};

	return cmocka_run_group_tests(tests, make, world_end);
}
