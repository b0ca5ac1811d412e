/* The five demonstration portals, as they lie in a database. */
#include "fixture.h"

#include "../../src/main/demo.h"
#include "kvitok/app/ref_check.h"
#include "kvitok/domain/requisite.h"
#include "kvitok/store/loader.h"

#define TODAY STR("2026-11-21")

static void
load_all(struct fixture *fx)
{
	for (size_t i = 0; demo_portals[i] != NULL; i++) {
		struct str portal = str_of(demo_portals[i]);
		struct arena *a = arena_new(DEMO_MEMORY);
		const struct account *list;
		const struct loader_book *books;
		size_t len;

		assert_done(
		    fx, demo_accounts(a, portal, &list, &len, &books, &fx->f));
		assert_done(fx, loader_script(fx->db, portal, &fx->f));
		/* The guides' accounts stand first: they are enough here. */
		assert_done(fx,
		    loader_accounts(fx->db, list, len < 60 ? len : 60, &fx->f));
		arena_free(a);
	}
}

static int
make(void **state)
{
	int rc = fixture_make(state);

	load_all(*state);
	return rc;
}

static const struct ref *
reference_of(struct fixture *fx)
{
	const struct ref *ref;

	assert_done(
	    fx, fx->st.refs.load(fx->st.refs.self, fx->a, &ref, &fx->f));
	return ref;
}

static void
everything_on_offer_can_be_paid(void **state)
{
	struct fixture *fx = *state;
	static const char *const days[] = { "2026-11-21", "2027-01-01",
		"2020-01-01" };

	for (size_t i = 0; i < KV_COUNT(days); i++) {
		struct buf report;

		buf_init(&report, fx->a, 1 << 16);
		if (ref_check(reference_of(fx), str_of(days[i]), &report) > 0)
			fixture_fail("%s", report.p);
	}
}

static void
loading_twice_changes_nothing(void **state)
{
	struct fixture *fx = *state;
	const struct ref *before = reference_of(fx), *after;

	load_all(fx);
	after = reference_of(fx);
	assert_true(after->version > before->version);
	assert_int_equal(after->suppliers_len, before->suppliers_len);
	assert_int_equal(after->services_len, before->services_len);
	assert_int_equal(after->fees_len, before->fees_len);
	assert_int_equal(after->limits_len, before->limits_len);
	assert_int_equal(after->routes_len, before->routes_len);
}

static void
check_fee(const struct ref *ref, const char *portal, const char *supplier,
    const char *service, int64_t sum_kop, int64_t fee_kop)
{
	const struct fee_rule *rule = ref_fee(
	    ref, str_of(portal), str_of(supplier), str_of(service), TODAY);
	struct fee_quote q;
	struct fault f;

	fault_init(&f);
	assert_non_null(rule);
	assert_int_equal(
	    fee_apply(rule, (struct money){ sum_kop }, &q, &f), ERR_OK);
	assert_int_equal(q.fee.kop, fee_kop);
}

static void
commissions_are_those_of_the_portals(void **state)
{
	const struct ref *ref = reference_of(*state);

	check_fee(ref, "portalgkh", "yuzhnoe-zhks", "zhku", 120000, 1800);
	check_fee(ref, "portalgkh", "liftservis", "lift", 120000, 3600);
	check_fee(
	    ref, "irkutskenergosbyt", "irkutskenergo", "teplo", 264285, 0);
	check_fee(ref, "moygaz", "mrg", "gaz", 589995, 0);
	check_fee(ref, "novcheb", "ks-novcheb", "zhku", 10000, 300);
	check_fee(ref, "novcheb", "ks-novcheb", "zhku", 120000, 1200);
	check_fee(ref, "novcheb", "ks-novcheb", "zhku", 1500000, 10000);
	check_fee(ref, "novcheb", "uk-rassvet", "soderzhanie", 100000, 1300);
	check_fee(ref, "novcheb", "domofon-21", "domofon", 7500, 1500);
}

/* The guide: from 1.5 to 3 %, on top. */
static void
commission_of_portalgkh_is_from_one_and_a_half_to_three_percent(void **state)
{
	const struct ref *ref = reference_of(*state);

	for (size_t i = 0; i < ref->fees_len; i++) {
		const struct ref_fee *x = &ref->fees[i];

		if (!str_eq(x->portal, STR("portalgkh")))
			continue;
		assert_int_equal(x->rule.bearer, FEE_ON_PAYER);
		assert_in_range(x->rule.rate_ppm, 15000, 30000);
	}
}

static void
check_limit(const struct ref *ref, const char *portal, int64_t max_kop)
{
	const struct limit_rule *line =
	    ref_limit_line(ref, str_of(portal), STR("any"), STR("any"), TODAY);
	const struct limit_rule *total =
	    ref_limit_total(ref, str_of(portal), TODAY);

	assert_non_null(line);
	assert_non_null(total);
	assert_int_equal(line->min.kop, 1000);
	assert_int_equal(line->max.kop, max_kop);
	assert_int_equal(total->min.kop, 1000);
	assert_int_equal(total->max.kop, max_kop);
}

static void
limits_are_those_of_the_guides(void **state)
{
	const struct ref *ref = reference_of(*state);

	check_limit(ref, "portalgkh", 1400000);
	check_limit(ref, "moygaz", 1500000);
}

static void
check_route(const struct ref *ref, const char *portal, const char *supplier,
    const char *service, const char *contract)
{
	const struct ref_contract *c = ref_route(
	    ref, str_of(portal), str_of(supplier), str_of(service), TODAY);

	assert_non_null(c);
	assert_text(c->contract, contract);
}

static void
check_second(const struct ref *ref, const char *supplier, const char *service,
    const char *contract)
{
	struct ref_routes v;

	ref_routes(
	    ref, STR("novcheb"), str_of(supplier), str_of(service), TODAY, &v);
	assert_int_equal(v.len, 2);
	assert_text(v.to[1]->contract, contract);
}

static void
each_portal_has_its_bank_and_novcheb_two(void **state)
{
	const struct ref *ref = reference_of(*state);

	check_route(ref, "portalgkh", "yuzhnoe-zhks", "zhku", "gpb-portalgkh");
	check_route(ref, "tgk1", "tgk-1", "gvs", "gpb-tgk1");
	check_route(
	    ref, "irkutskenergosbyt", "irkutskenergo", "teplo", "sber-irk");
	check_route(ref, "moygaz", "mrg", "gaz", "sber-moygaz");
	check_route(ref, "novcheb", "ks-novcheb", "zhku", "sber-novcheb");
	check_route(ref, "novcheb", "fond-kapremonta", "vznos", "gpb-novcheb");
	check_second(ref, "ks-novcheb", "zhku", "gpb-novcheb");
	check_second(ref, "fond-kapremonta", "vznos", "sber-novcheb");
}

/* Debts and hints of what is not there would be shown and not be payable. */
static void
examples_and_debts_belong_to_services_that_are_there(void **state)
{
	struct fixture *fx = *state;
	const struct ref *ref = reference_of(fx);

	for (size_t i = 0; i < ref->suppliers_len; i++) {
		const struct ref_supplier *s = &ref->suppliers[i];
		const struct account *acc;

		assert_done(fx,
		    fx->st.refs.account(fx->st.refs.self, fx->a, s->portal,
			s->supplier, s->account_example, &acc, &fx->f));
		assert_true(acc->debts_len > 0);
		for (size_t k = 0; k < acc->debts_len; k++)
			assert_non_null(ref_service(ref, s->portal, s->supplier,
			    acc->debts[k].service,
			    s->to_day.len > 0 ? s->to_day : TODAY));
	}
}

/* Gives: the literals of a script's statements, one after another. */
static bool
next_literal(struct str *text, struct str *out)
{
	struct str head;

	if (!str_cut(text, '\'', &head))
		return false;
	return str_cut(text, '\'', out);
}

static bool
has_digits(struct str s, size_t len)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.len == len;
}

/* Settlement account, BIC, bank, correspondent account: in this order. */
static void
bank_accounts_have_right_control_digits(void **state)
{
	size_t seen = 0;

	(void)state;
	for (size_t i = 0; i < sql_scripts_len; i++) {
		for (size_t k = 0; k < sql_scripts[i].stmts_len; k++) {
			struct str text = str_of(sql_scripts[i].stmts[k]);
			struct str account, bic, bank, correspondent;

			while (next_literal(&text, &account)) {
				if (!has_digits(account, 20))
					continue;
				assert_true(next_literal(&text, &bic));
				assert_true(next_literal(&text, &bank));
				assert_true(
				    next_literal(&text, &correspondent));
				assert_true(requisite_account_ok(account, bic));
				assert_true(requisite_correspondent_ok(
				    correspondent, bic));
				seen++;
			}
		}
	}
	assert_int_equal(seen, 27 + 5); /* of suppliers, our own */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_on_offer_can_be_paid),
		cmocka_unit_test(loading_twice_changes_nothing),
		cmocka_unit_test(commissions_are_those_of_the_portals),
		cmocka_unit_test(
		    commission_of_portalgkh_is_from_one_and_a_half_to_three_percent),
		cmocka_unit_test(limits_are_those_of_the_guides),
		cmocka_unit_test(each_portal_has_its_bank_and_novcheb_two),
		cmocka_unit_test(
		    examples_and_debts_belong_to_services_that_are_there),
		cmocka_unit_test(bank_accounts_have_right_control_digits),
	};

	return cmocka_run_group_tests(tests, make, fixture_end);
}
