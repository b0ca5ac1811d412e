#include "fixture.h"

#include "kvitok/store/loader.h"

static const struct ref *
load(struct fixture *fx)
{
	const struct ref *r;

	assert_done(fx, fx->st.refs.load(fx->db, fx->a, &r, &fx->f));
	return r;
}

static int64_t
version(struct fixture *fx)
{
	int64_t v;

	assert_done(fx, fx->st.refs.version(fx->db, &v, &fx->f));
	return v;
}

static void
no_reference_data_is_an_empty_snapshot(void **state)
{
	struct fixture *fx = *state;
	const struct ref *r = load(fx);

	assert_int_equal(r->version, 1);
	assert_int_equal(r->portals_len, 0);
	assert_int_equal(r->keys_len, 0);
	assert_null(ref_portal(r, STR("portalgkh")));
}

static void
every_script_loads_twice_and_raises_the_version(void **state)
{
	struct fixture *fx = *state;
	int64_t before = version(fx);
	const struct ref *r;

	assert_true(sql_scripts_len >= 5);
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < sql_scripts_len; i++)
			assert_done(fx,
			    loader_script(
				fx->db, str_of(sql_scripts[i].name), &fx->f));
	assert_int_equal(version(fx), before + 2 * (int64_t)sql_scripts_len);
	r = load(fx);
	assert_int_equal(r->portals_len, 5); /* and papers of one */
	assert_rc(
	    fx, loader_script(fx->db, STR("nothing"), &fx->f), ERR_ABSENT);
	assert_string_equal(fx->f.reason, "script_unknown");
}

static void
rules_come_out_as_they_were_loaded(void **state)
{
	struct fixture *fx = *state;
	const struct ref *r = load(fx);
	const struct ref_portal *p = ref_portal(r, STR("portalgkh"));
	const struct ref_supplier *s;
	const struct fee_rule *fee;
	const struct limit_rule *limit;
	const struct ref_contract *c;

	assert_non_null(p);
	assert_true(p->hosts_len >= 2);
	assert_true(p->payment_life_s > 0);
	s = ref_supplier(
	    r, STR("portalgkh"), STR("yuzhnoe-zhks"), STR("2026-11-21"));
	assert_non_null(s);
	assert_true(s->title.len > 0 && s->inn.len == 10);
	assert_int_equal(s->to_day.len, 0);
	fee = ref_fee(r, STR("portalgkh"), STR("yuzhnoe-zhks"), STR("zhku"),
	    STR("2026-11-21"));
	assert_non_null(fee);
	assert_int_equal(fee->rate_ppm, 15000);
	assert_int_equal(fee->bearer, FEE_ON_PAYER);
	limit = ref_limit_line(r, STR("portalgkh"), STR("yuzhnoe-zhks"),
	    STR("zhku"), STR("2026-11-21"));
	assert_non_null(limit);
	assert_int_equal(limit->min.kop, 1000);
	assert_int_equal(limit->max.kop, 1400000);
	c = ref_route(r, STR("portalgkh"), STR("yuzhnoe-zhks"), STR("zhku"),
	    STR("2026-11-21"));
	assert_non_null(c);
	assert_text(c->bank, "gazprombank");
}

static void
a_key_is_known_until_it_is_withdrawn(void **state)
{
	struct fixture *fx = *state;
	char hash[65];
	struct new_key k = { fixture_ulid(fx->a, T0), STR(""), STR("portalgkh"),
		STR("pay read"), STR("Витрина"), STR(""), T0 };
	const struct ref_key *got;
	int64_t before = version(fx);

	secret_sha256_hex(k.key_id, hash);
	k.key_hash = str_of(hash);
	assert_done(fx, fx->st.refs.key_put(fx->db, &k, &fx->f));
	assert_int_equal(version(fx), before + 1);
	got = ref_key(load(fx), k.key_hash);
	assert_non_null(got);
	assert_int_equal(got->rights, RIGHT_PAY | RIGHT_READ);
	assert_text(got->portal, "portalgkh");
	/* The same key again. */
	assert_rc(fx, fx->st.refs.key_put(fx->db, &k, &fx->f), ERR_CONFLICT);
	assert_int_equal(version(fx), before + 1);
	assert_done(
	    fx, fx->st.refs.key_withdraw(fx->db, k.key_id, T0 + 1, &fx->f));
	assert_null(ref_key(load(fx), k.key_hash));
	assert_rc(fx,
	    fx->st.refs.key_withdraw(fx->db, k.key_id, T0 + 2, &fx->f),
	    ERR_ABSENT);
	assert_string_equal(fx->f.reason, "key_unknown");
	assert_int_equal(version(fx), before + 2);
}

static void
keys_are_found_among_many(void **state)
{
	struct fixture *fx = *state;
	char hash[40][65];
	const struct ref *r;

	for (int i = 0; i < 40; i++) {
		struct new_key k = { fixture_ulid(fx->a, T0), STR(""),
			STR("tgk1"), STR("pay"), STR("t"), STR(""), T0 };

		secret_sha256_hex(k.key_id, hash[i]);
		k.key_hash = str_of(hash[i]);
		assert_done(fx, fx->st.refs.key_put(fx->db, &k, &fx->f));
	}
	r = load(fx);
	for (int i = 0; i < 40; i++)
		assert_non_null(ref_key(r, str_of(hash[i])));
}

static struct account
account(struct fixture *fx, int i)
{
	static const struct account_debt debts[] = {
		{ { "teplo", 5 }, { "2026-11-01", 10 }, 123456 },
		{ { "gvs", 3 }, { "2026-11-01", 10 }, -100 },
	};
	static const struct account_meter meters[] = {
		{ { "m1", 2 }, { "Электроэнергия (ДЕНЬ)", 39 }, { "77", 2 },
		    { "кВт·ч", 10 }, { "2026-10-20", 10 }, { "", 0 }, 6, 1234 },
		{ { "m2", 2 }, { "Я", 2 }, { "78", 2 }, { "м³", 4 },
		    { "2026-10-20", 10 }, { "2027-01-01", 10 }, 5, 0 },
	};
	struct account acc = { .portal = STR("portalgkh"),
		.supplier = STR("yuzhnoe-zhks"),
		.shown = STR("инзб 1"),
		.owner = STR("Иванова Мария Петровна"),
		.address = STR("г. Иркутск, ул. Лермонтова, д. 12"),
		.debts = debts,
		.debts_len = 2,
		.meters = meters,
		.meters_len = 2 };
	char akey[PAY_AKEY_LEN + 1];

	acc.account = arena_fmt(fx->a, "ИНЗБ%d", i);
	pay_akey(acc.portal, acc.account, akey);
	acc.akey = arena_str(fx->a, str_of(akey));
	return acc;
}

static void
accounts_are_loaded_and_replaced(void **state)
{
	struct fixture *fx = *state;
	struct account list[LOADER_BATCH + 1];
	const struct account *got;

	for (int i = 0; i < LOADER_BATCH + 1; i++)
		list[i] = account(fx, i);
	assert_done(
	    fx, loader_accounts(fx->db, list, LOADER_BATCH + 1, &fx->f));
	assert_done(fx,
	    fx->st.refs.account(fx->db, fx->a, STR("portalgkh"),
		STR("yuzhnoe-zhks"), list[LOADER_BATCH].account, &got, &fx->f));
	assert_text(got->owner, "Иванова Мария Петровна");
	assert_int_equal(got->debts_len, 2);
	assert_text(got->debts[0].service, "gvs");
	assert_int_equal(got->debts[0].debt_kop, -100);
	assert_int_equal(got->meters_len, 2);
	assert_text(got->meters[0].verify_day, "");
	assert_text(got->meters[1].verify_day, "2027-01-01");
	assert_text(got->meters[0].title, "Электроэнергия (ДЕНЬ)");
	list[0].debts_len = 1;
	list[0].meters_len = 0;
	list[0].owner = STR("Другой");
	assert_done(fx, loader_accounts(fx->db, list, 1, &fx->f));
	assert_done(fx,
	    fx->st.refs.account(fx->db, fx->a, STR("portalgkh"),
		STR("yuzhnoe-zhks"), list[0].account, &got, &fx->f));
	assert_text(got->owner, "Другой");
	assert_int_equal(got->debts_len, 1);
	assert_int_equal(got->meters_len, 0);
}

static void
an_unknown_account_is_absent(void **state)
{
	struct fixture *fx = *state;
	const struct account *got;

	assert_rc(fx,
	    fx->st.refs.account(fx->db, fx->a, STR("portalgkh"),
		STR("yuzhnoe-zhks"), STR("000"), &got, &fx->f),
	    ERR_ABSENT);
	assert_string_equal(fx->f.reason, "account_unknown");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_reference_data_is_an_empty_snapshot),
		cmocka_unit_test(
		    every_script_loads_twice_and_raises_the_version),
		cmocka_unit_test(rules_come_out_as_they_were_loaded),
		cmocka_unit_test(a_key_is_known_until_it_is_withdrawn),
		cmocka_unit_test(keys_are_found_among_many),
		cmocka_unit_test(accounts_are_loaded_and_replaced),
		cmocka_unit_test(an_unknown_account_is_absent),
	};

	return cmocka_run_group_tests(tests, fixture_make, fixture_end);
}
