/* Meter readings that come with a payment (P8, M2). */
#include "life.h"

#include "kvitok/app/reading.h"

#define COLD "30817742-1"
#define HOT "30817756-2"
#define LIGHT "009730114-1"

static const struct reading_in cold_415 = { { "yuzhnoe-zhks", 12 },
	{ GUIDE_ACCOUNT, 8 }, { COLD, 10 }, 415 };

/* Meters of the guide's account and of the one in Irkutsk. */
static int
make(void **state)
{
	struct world *w;
	char akey[2][PAY_AKEY_LEN + 1];
	int rc = world_make(state);

	w = *state;
	pay_akey(STR("portalgkh"), STR(GUIDE_ACCOUNT), akey[0]);
	pay_akey(STR("irkutskenergosbyt"), STR("ИНЗБ17004717"), akey[1]);
	fixture_sql(&w->fx,
	    arena_fmt(w->fx.a,
		"INSERT INTO meter (akey, portal, supplier, account, meter, "
		"title, serial, unit, digits, last_value, last_day, verify_day)"
		" VALUES ('%s', 'portalgkh', 'yuzhnoe-zhks', '" GUIDE_ACCOUNT
		"', '" COLD "', 'ХВС', '30817742', 'м3', 5, 412, '2026-10-24', "
		"'2029-03-14'), ('%s', 'portalgkh', 'yuzhnoe-zhks', "
		"'" GUIDE_ACCOUNT "', '" HOT
		"', 'ГВС', '30817756', 'м3', 5, 265, "
		"'2026-10-24', '2026-08-30'), ('%s', 'irkutskenergosbyt', "
		"'irkutskenergosbyt', 'ИНЗБ17004717', '" LIGHT
		"', 'Электроэнергия', '009730114', 'кВт·ч', 6, 80455, "
		"'2026-10-24', NULL)",
		akey[0], akey[0], akey[1])
		.p);
	return rc;
}

static enum err
try(struct world *w, const struct world_order *o, const struct reading_in *in,
    size_t len, struct pay_created *out)
{
	struct caller who = world_caller(o->portal);
	struct pay_line_in line = { str_of(o->supplier), str_of(o->service),
		str_of(o->account), o->kop };
	struct pay_request req = { .lines = &line,
		.lines_len = 1,
		.readings = in,
		.readings_len = len,
		.payer = str_of(w->payer),
		.email = STR("payer@mail.example"),
		.return_url = STR(""),
		.ikey =
		    o->ikey ? str_of(o->ikey) : fixture_ulid(w->fx.a, w->now),
		.render = world_render };

	fault_init(&w->fx.f);
	secret_sha256_hex(STR("body"), req.body_hash);
	return pay_create(&w->p, w->fx.a, &who, &req, out, &w->fx.f);
}

static struct payment *
pay_with(
    struct world *w, const struct world_order *o, const struct reading_in *in)
{
	struct pay_created made;

	assert_done(&w->fx, try(w, o, in, 1, &made));
	return world_load(w, made.number);
}

/* Of the reading that came with pm: value, or its negative when it is only
 * kept; 0 none. */
static int64_t
kept(struct world *w, const struct payment *pm)
{
	const struct pay_reading *v;
	size_t len;

	assert_done(&w->fx,
	    w->p.readings.of_payment(w->p.readings.self, w->fx.a, pm->akey,
		pm->number, &v, &len, &w->fx.f));
	assert_true(len <= 1);
	if (len == 0)
		return 0;
	return v[0].given_at ? v[0].value : -v[0].value;
}

static void
pays(struct world *w, const struct payment *pm)
{
	struct asking one = { pm->number, 1, STR("job") };
	struct payment *out;

	world_bank_says_paid(w, pm->total_kop);
	for (int i = 0; i < 2; i++)
		assert_done(
		    &w->fx, confirm_ask(&w->p, w->fx.a, &one, &out, &w->fx.f));
}

static void
a_reading_is_handed_over_by_the_credit_and_once(void **state)
{
	struct world *w = *state;
	struct payment *pm = pay_with(w, &gpb_order, &cold_415);

	assert_int_equal(kept(w, pm), -415);
	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
	assert_int_equal(kept(w, pm), -415);
	w->proof = true;
	says(w, NOTICE_PAID, TRUST_SIGNED, "gpb-portalgkh", bank_no(w, pm, 1),
	    "T1", pm->total_kop);
	for (int i = 0; i < 2; i++)
		(void)registers(w);
	assert_state(w, pm, "paid");
	assert_int_equal(kept(w, pm), 415);
	assert_int_equal(world_told(w, pm, "readings_given"), 1);
}

static void
what_is_not_paid_hands_over_nothing_but_late_money_does(void **state)
{
	struct world *w = *state;
	struct caller who = world_caller("irkutskenergosbyt");
	struct reading_in light = { STR("irkutskenergosbyt"),
		STR("инзб17004717"), STR(LIGHT), 80500 };
	struct payment *pm, *out;

	fixture_sql(&w->fx,
	    "UPDATE meter_rule SET hand_over = 'paid' WHERE portal = "
	    "'irkutskenergosbyt'");
	world_rules(w);
	w->now += 3600000;
	pm = pay_with(w, &sber_order, &light);
	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
	assert_done(&w->fx,
	    pay_cancel(&w->p, w->fx.a, &who, pm->number, &out, &w->fx.f));
	assert_int_equal(kept(w, pm), -80500);
	pays(w, pm);
	assert_int_equal(kept(w, pm), 80500);
	assert_int_equal(world_told(w, pm, "readings_given"), 1);
	fixture_sql(&w->fx,
	    "UPDATE meter_rule SET hand_over = 'at_once' WHERE portal = "
	    "'irkutskenergosbyt'");
	world_rules(w);
}

static void
where_the_rule_says_so_it_is_handed_over_at_once(void **state)
{
	struct world *w = *state;
	struct reading_in light = { STR("irkutskenergosbyt"),
		STR("инзб17004717"), STR(LIGHT), 80501 };
	struct payment *pm = pay_with(w, &sber_order, &light);

	assert_int_equal(kept(w, pm), 80501);
	assert_int_equal(world_open(w, pm).answer, OPENED_BANK);
	pays(w, pm);
	assert_int_equal(world_told(w, pm, "readings_given"), 0);
}

static void
each_wrong_reading_is_refused_by_its_field_and_nothing_is_made(void **state)
{
	static const struct {
		const char *supplier, *account, *meter;
		int64_t value;
		enum err err;
		const char *reason, *pointer;
	} bad[] = {
		{ "yuzhnoe-zhks", GUIDE_ACCOUNT, COLD, 411, ERR_LIMIT,
		    "reading_below", "/readings/1/value" },
		{ "yuzhnoe-zhks", GUIDE_ACCOUNT, COLD, 473, ERR_LIMIT,
		    "reading_use", "/readings/1/value" },
		{ "yuzhnoe-zhks", GUIDE_ACCOUNT, COLD, 100000, ERR_LIMIT,
		    "reading_digits", "/readings/1/value" },
		{ "yuzhnoe-zhks", GUIDE_ACCOUNT, HOT, 266, ERR_LIMIT,
		    "reading_verification", "/readings/1/value" },
		{ "yuzhnoe-zhks", GUIDE_ACCOUNT, "x", 1, ERR_ABSENT,
		    "meter_unknown", "/readings/1/meter" },
		{ "yuzhnoe-zhks", OTHER_ACCOUNT, COLD, 413, ERR_LIMIT,
		    "reading_account", "/readings/1/account" },
		{ "irkutskenergo", GUIDE_ACCOUNT, COLD, 413, ERR_LIMIT,
		    "reading_account", "/readings/1/account" },
		{ "yuzhnoe-zhks", "; DROP", COLD, 413, ERR_INVALID,
		    "account_form", "/readings/1/account" },
	};
	struct world *w = *state;
	struct pay_created made;

	for (size_t i = 0; i < KV_COUNT(bad); i++) {
		/* The first one is right, so that the index tells. */
		struct reading_in two[2] = { cold_415,
			{ str_of(bad[i].supplier), str_of(bad[i].account),
			    str_of(bad[i].meter), bad[i].value } };

		if (strcmp(bad[i].meter, COLD) == 0 &&
		    strcmp(bad[i].pointer, "/readings/1/value") == 0) {
			/* The same meter twice is another slip. */
			assert_rc(&w->fx, try(w, &gpb_order, two, 2, &made),
			    ERR_LIMIT);
			assert_string_equal(w->fx.f.reason, "reading_repeat");
			assert_rc(&w->fx, try(w, &gpb_order, &two[1], 1, &made),
			    bad[i].err);
			assert_string_equal(w->fx.f.reason, bad[i].reason);
			assert_string_equal(
			    w->fx.f.fields[0].pointer, "/readings/0/value");
			continue;
		}
		assert_rc(
		    &w->fx, try(w, &gpb_order, two, 2, &made), bad[i].err);
		assert_string_equal(w->fx.f.reason, bad[i].reason);
		assert_string_equal(w->fx.f.fields[0].pointer, bad[i].pointer);
	}
}

/* The window is moved past today, before it, and taken away. */
static void
outside_the_window_and_without_a_rule_none_are_taken(void **state)
{
	static const struct {
		const char *set, *reason;
	} cases[] = {
		{ "first_day = 31", "reading_too_early" },
		{ "first_day = 1, last_day = 1", "reading_too_late" },
		{ "from_day = '2030-01-01'", "readings_not_taken" },
	};
	struct world *w = *state;
	struct pay_created made;

	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		fixture_sql(&w->fx,
		    arena_fmt(w->fx.a,
			"UPDATE meter_rule SET %s WHERE portal = 'portalgkh'",
			cases[i].set)
			.p);
		world_rules(w);
		w->now += 60000;
		assert_rc(
		    &w->fx, try(w, &gpb_order, &cold_415, 1, &made), ERR_LIMIT);
		assert_string_equal(w->fx.f.reason, cases[i].reason);
		fixture_sql(&w->fx,
		    "UPDATE meter_rule SET first_day = 1, last_day = 31, "
		    "from_day = '2020-01-01' WHERE portal = 'portalgkh'");
	}
	world_rules(w);
}

static void
of_several_readings_in_a_month_the_last_one_counts(void **state)
{
	struct world *w = *state;
	struct reading_meter key = { STR("irkutskenergosbyt"),
		STR("irkutskenergosbyt"), STR("ИНЗБ17004717"), STR(LIGHT) };
	struct reading_in light = { STR("irkutskenergosbyt"),
		STR("инзб17004717"), STR(LIGHT), 80600 };
	const struct pay_reading *v;
	const struct account *acc;
	struct reading_now look;
	size_t len;

	(void)pay_with(w, &sber_order, &light);
	w->now += 60000;
	light.value = 80590; /* a slip is mended: less than before is right */
	(void)pay_with(w, &sber_order, &light);
	assert_done(&w->fx,
	    w->p.readings.history(
		w->p.readings.self, w->fx.a, &key, 10, &v, &len, &w->fx.f));
	assert_true(len >= 2);
	assert_int_equal(v[0].value, 80590);
	assert_int_equal(v[0].before, 80455);
	assert_int_equal(v[0].use, 135);
	assert_text(v[0].period, "2026-11");
	assert_int_equal(v[1].value, 80600);
	assert_done(&w->fx,
	    reference_account(&w->p, w->fx.a, key.portal, key.supplier,
		key.account, &acc, &w->fx.f));
	assert_done(&w->fx,
	    reading_look(
		&w->p, w->fx.a, acc, &acc->meters[0], &look, &w->fx.f));
	assert_non_null(look.rule);
	assert_null(look.barred);
	assert_non_null(look.sent);
	assert_int_equal(look.sent->value, 80590);
}

static void
a_repeat_by_the_same_key_keeps_one_reading(void **state)
{
	struct world *w = *state;
	struct world_order o = gpb_order;
	struct pay_created one, two;

	o.ikey = "reading-key";
	assert_done(&w->fx, try(w, &o, &cold_415, 1, &one));
	assert_done(&w->fx, try(w, &o, &cold_415, 1, &two));
	assert_true(two.replay);
	assert_true(str_eq(one.number, two.number));
	assert_int_equal(kept(w, world_load(w, one.number)), -415);
}

static int
before(void **state)
{
	world_reset(*state);
	return 0;
}

#define T(name) cmocka_unit_test_setup(name, before)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_reading_is_handed_over_by_the_credit_and_once),
		T(what_is_not_paid_hands_over_nothing_but_late_money_does),
		T(where_the_rule_says_so_it_is_handed_over_at_once),
		T(each_wrong_reading_is_refused_by_its_field_and_nothing_is_made),
		T(outside_the_window_and_without_a_rule_none_are_taken),
		T(of_several_readings_in_a_month_the_last_one_counts),
		T(a_repeat_by_the_same_key_keeps_one_reading),
	};

	return cmocka_run_group_tests(tests, make, world_end);
}
