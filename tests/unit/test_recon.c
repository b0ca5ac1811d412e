#include "kvitok/base/attr.h"
#include "kvitok/domain/ledger_register.h"
#include "kvitok/domain/recon.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#define DAY "2026-11-27"
#define POSTING(no, sum)                                                       \
	{                                                                      \
		.number = { "A", 1 }, .cause = { "A", 1 },                     \
		.bank_no = { no, 3 }, .day = { DAY, 10 }, .sum_kop = (sum)     \
	}

static struct reg_row
row_of(enum reg_kind kind, int64_t gross)
{
	return (struct reg_row){ .kind = kind,
		.order_no = STR("A-2"),
		.bank_id = STR(""),
		.op_id = STR(""),
		.day = DAY,
		.gross_kop = gross };
}

static void
a_row_finds_the_posting_of_its_attempt(void **state)
{
	struct recon_posting v[] = { POSTING("A-1", 100), POSTING("A-2", 70),
		POSTING("A-2", 100), POSTING("A-2", 100),
		POSTING("A-2", -100) };
	struct reg_row pay = row_of(REG_PAYMENT, 100);
	struct reg_row back = row_of(REG_REFUND, -100);

	(void)state;
	/* The same attempt and sum; of equals the oldest. */
	assert_int_equal(recon_by_number(&pay, v, 5), 2);
	v[2].taken = true;
	assert_int_equal(recon_by_number(&pay, v, 5), 3);
	v[3].taken = true;
	/* Its attempt counts more than the sum. */
	assert_int_equal(recon_by_number(&pay, v, 5), 1);
	v[1].taken = true;
	assert_int_equal(recon_by_number(&pay, v, 5), 0);
	v[0].taken = true;
	assert_int_equal(recon_by_number(&pay, v, 5), 5);
	assert_int_equal(recon_by_number(&back, v, 5), 4);
	back.kind = REG_REVERSAL;
	assert_int_equal(recon_by_number(&back, v, 5), 4);
	assert_int_equal(recon_by_number(&back, v, 0), 0);
}

static void
a_person_means_a_posting_of_the_sum_that_nobody_has(void **state)
{
	struct recon_posting v[] = { POSTING("A-1", 100), POSTING("A-2", 100),
		POSTING("A-1", -100), POSTING("A-1", 100) };
	struct reg_row r = row_of(REG_PAYMENT, 100);
	enum recon_hand why;

	(void)state;
	/* Of several the one that fits best, else the oldest. */
	assert_int_equal(recon_by_hand(&r, v, 4, &why), 1);
	assert_int_equal(why, RECON_HAND_OK);
	v[1].taken = true;
	assert_int_equal(recon_by_hand(&r, v, 4, &why), 0);
	assert_int_equal(why, RECON_HAND_OK);
	v[0].taken = true;
	assert_int_equal(recon_by_hand(&r, v, 4, &why), 3);
	v[3].taken = true;
	assert_int_equal(recon_by_hand(&r, v, 4, &why), 4);
	assert_int_equal(why, RECON_HAND_TAKEN);
	/* Taken by one who has let it be. */
	v[0].let_be = true;
	assert_int_equal(recon_by_hand(&r, v, 4, &why), 0);
	assert_int_equal(why, RECON_HAND_OK);
	/* The direction is the sum's. */
	r.gross_kop = -100;
	assert_int_equal(recon_by_hand(&r, v, 4, &why), 2);
	r.gross_kop = 99;
	assert_int_equal(recon_by_hand(&r, v, 4, &why), 4);
	assert_int_equal(why, RECON_HAND_SUM);
	assert_int_equal(recon_by_hand(&r, v, 0, &why), 0);
	assert_int_equal(why, RECON_HAND_NONE);
}

static void
the_banks_id_counts_more_than_all(void **state)
{
	struct recon_posting v[] = { POSTING("A-2", 100), POSTING("A-1", 50),
		POSTING("A-1", -20), POSTING("A-1", -20) };
	struct reg_row r = row_of(REG_PAYMENT, 100);

	(void)state;
	v[1].cause = STR("A-1/TRX9");
	r.bank_id = STR("TRX9");
	assert_int_equal(recon_by_number(&r, v, 4), 1);
	r = row_of(REG_REFUND, -20);
	v[3].cause = STR("REFUND2");
	r.op_id = STR("REFUND2");
	assert_int_equal(recon_by_number(&r, v, 4), 3);
	r.op_id = STR("REFUND3");
	assert_int_equal(recon_by_number(&r, v, 4), 2);
}

static void
only_payments_and_what_goes_back_are_looked_for(void **state)
{
	struct recon_posting v[] = { POSTING("A-2", 100),
		POSTING("A-2", -100) };

	(void)state;
	for (int k = 0; k < REG_KIND__COUNT; k++) {
		enum reg_kind kind = (enum reg_kind)k;
		struct reg_row r = row_of(kind, 100);
		bool looks = kind == REG_PAYMENT || kind == REG_REFUND ||
		    kind == REG_REVERSAL;

		assert_int_equal(recon_looks(kind), looks);
		assert_int_equal(recon_by_number(&r, v, 2), looks ? 0 : 2);
	}
}

static void
rrn_wants_the_sum_and_a_day_that_is_near(void **state)
{
	struct recon_posting v[] = { POSTING("A-1", 101), POSTING("A-1", 100),
		POSTING("A-1", 100), POSTING("A-1", 100) };
	struct reg_row r = row_of(REG_PAYMENT, 100);

	(void)state;
	assert_int_equal(recon_by_rrn(&r, v, 3), 1);
	v[1].day = STR("2026-11-26");
	v[2].day = STR("2026-11-28");
	assert_int_equal(recon_by_rrn(&r, v, 3), 1);
	v[1].day = STR("2026-11-25");
	assert_int_equal(recon_by_rrn(&r, v, 3), 2);
	v[2].day = STR("2026-11-29");
	assert_int_equal(recon_by_rrn(&r, v, 3), 3);
	v[2].day = STR("no day");
	assert_int_equal(recon_by_rrn(&r, v, 3), 3);
	v[2].day = STR(DAY);
	memcpy(r.day, "0000000000", sizeof(r.day));
	assert_int_equal(recon_by_rrn(&r, v, 3), 3);
	/* Two payments that fit are none. */
	r = row_of(REG_PAYMENT, 100);
	assert_int_equal(recon_by_rrn(&r, v, 4), 2);
	v[3].number = STR("B");
	assert_int_equal(recon_by_rrn(&r, v, 4), 4);
	v[2].taken = true;
	assert_int_equal(recon_by_rrn(&r, v, 4), 3);
}

static void
each_row_has_one_outcome(void **state)
{
	struct recon_posting p = POSTING("A-2", 100);
	enum recon_outcome o;
	static const struct {
		enum reg_kind kind;
		int64_t gross;
		bool found;
		enum recon_outcome outcome;
	} t[] = {
		{ REG_PAYMENT, 100, true, RECON_MATCHED },
		{ REG_PAYMENT, 99, true, RECON_SUM },
		{ REG_PAYMENT, 100, false, RECON_UNKNOWN },
		{ REG_CORRECTION, 100, false, RECON_UNKNOWN },
		{ REG_CHARGEBACK, -100, false, RECON_CHARGEBACK },
		{ REG_CHARGEBACK_REVERSAL, 100, false, RECON_CHARGEBACK },
		{ REG_FEE, 0, false, RECON_FEE },
	};

	(void)state;
	for (size_t i = 0; i < KV_COUNT(t); i++) {
		struct reg_row r = row_of(t[i].kind, t[i].gross);

		assert_int_equal(
		    recon_judge(&r, t[i].found ? &p : NULL), t[i].outcome);
	}
	for (int i = 0; i < RECON__COUNT; i++) {
		assert_true(recon_outcome_of(
		    str_of(recon_outcome_name((enum recon_outcome)i)), &o));
		assert_int_equal(o, i);
	}
	assert_false(recon_outcome_of(STR("new"), &o));
}

static void
a_fee_may_differ_by_a_kopeck(void **state)
{
	/* 15.00 at 2.7 %: 0.405, half up 0.41, cut 0.40. */
	struct recon_terms t = { .known = true, .fee_ppm = 27000 };
	struct reg_row r = row_of(REG_PAYMENT, 1500);

	(void)state;
	assert_int_equal(recon_fee(&t, 1500), 41);
	t.cut = true;
	assert_int_equal(recon_fee(&t, 1500), 40);
	t.fee_ppm = 4000;
	assert_int_equal(recon_fee(&t, 937900), 3751);
	t = (struct recon_terms){
		.known = true, .fee_ppm = 15000, .vat_ppm = 220000
	};
	assert_int_equal(recon_fee(&t, 121800), 1827 + 402);
	r = row_of(REG_PAYMENT, 121800);
	r.vat_kop = 402;
	for (int64_t kop = -3; kop <= 3; kop++) {
		r.fee_kop = 1827 + kop;
		assert_int_equal(recon_fee_is_off(&t, &r), kop < -1 || kop > 1);
	}
	t.known = false;
	assert_false(recon_fee_is_off(&t, &r));
}

static void
of_what_went_back_the_fee_stays_or_comes_back(void **state)
{
	struct recon_terms t = {
		.known = true, .fee_ppm = 15000, .vat_ppm = 220000
	};
	struct reg_row r = row_of(REG_REFUND, -121800);

	(void)state;
	assert_false(recon_fee_is_off(&t, &r));
	r.fee_kop = -1827;
	r.vat_kop = -402;
	assert_false(recon_fee_is_off(&t, &r));
	r.fee_kop = -1000;
	assert_true(recon_fee_is_off(&t, &r));
	r.kind = REG_CHARGEBACK;
	assert_false(recon_fee_is_off(&t, &r));
}

static void
paid_and_reversed_on_one_day_is_nothing(void **state)
{
	struct recon_posting v[] = { POSTING("A-1", 100), POSTING("A-1", -40),
		POSTING("A-1", -100) };

	(void)state;
	assert_int_equal(recon_reversed(v, 3, 0), 2);
	assert_int_equal(recon_reversed(v, 3, 2), 0);
	assert_int_equal(recon_reversed(v, 3, 1), 3);
	v[2].day = STR("2026-11-28");
	assert_int_equal(recon_reversed(v, 3, 0), 3);
	v[2].day = STR(DAY);
	v[2].number = STR("B");
	assert_int_equal(recon_reversed(v, 3, 0), 3);
	v[2].number = STR("A");
	v[2].taken = true;
	assert_int_equal(recon_reversed(v, 3, 0), 3);
	v[2].taken = false;
	v[0].taken = true;
	assert_int_equal(recon_reversed(v, 3, 0), 3);
}

/* --- postings --------------------------------------------------------- */

static struct arena *a;
static struct fault f;

static int
setup(void **state)
{
	(void)state;
	a = arena_new(1 << 20);
	fault_init(&f);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

static struct ledger_register
booked(int64_t gross, int64_t found)
{
	return (struct ledger_register){ .contract = STR("c"),
		.own_account = STR("own"),
		.key = STR("k"),
		.gross_kop = gross,
		.fee_kop = 15,
		.vat_kop = 3,
		.net_kop = gross - 18,
		.receivable_kop = found };
}

static void
lines_are(const struct ledger_transfer *t, const char *want)
{
	struct buf b;

	buf_init(&b, a, 1000);
	for (size_t i = 0; i < t->lines_len; i++)
		buf_fmt(&b, "%.*s %lld;", STR_ARG(t->lines[i].account),
		    (long long)t->lines[i].sum_kop);
	assert_string_equal(b.p, want);
}

static void
a_row_moves_receivable_to_the_account_and_the_fee(void **state)
{
	struct ledger_register r = booked(1000, 1000);
	struct ledger_transfer t;

	(void)state;
	assert_int_equal(ledger_for_register(a, &r, &t, &f), ERR_OK);
	lines_are(&t,
	    "bank_account/own 982;bank_fee/c 15;bank_fee_vat/c 3;"
	    "receivable/c -1000;");
	assert_true(str_eq(t.cause, STR("c/k")));
	assert_true(str_eq(t.kind, STR("register")));
	assert_true(str_eq(t.number, STR("")));
}

static void
what_we_do_not_know_stands_against_differences(void **state)
{
	struct ledger_register r = booked(1000, 0);
	struct ledger_transfer t;

	(void)state;
	assert_int_equal(ledger_for_register(a, &r, &t, &f), ERR_OK);
	lines_are(&t,
	    "bank_account/own 982;bank_fee/c 15;bank_fee_vat/c 3;"
	    "differences/c -1000;");
	r = booked(1000, 990);
	assert_int_equal(ledger_for_register(a, &r, &t, &f), ERR_OK);
	lines_are(&t,
	    "bank_account/own 982;bank_fee/c 15;bank_fee_vat/c 3;"
	    "differences/c -10;receivable/c -990;");
	r = booked(-1000, -1000);
	assert_int_equal(ledger_for_register(a, &r, &t, &f), ERR_OK);
	lines_are(&t,
	    "bank_account/own -1018;bank_fee/c 15;bank_fee_vat/c 3;"
	    "receivable/c 1000;");
}

static void
a_row_that_is_found_later_leaves_differences(void **state)
{
	struct ledger_register r = booked(1000, 990);
	struct ledger_transfer t;

	(void)state;
	assert_int_equal(ledger_for_register_matched(a, &r, &t, &f), ERR_OK);
	lines_are(&t, "differences/c 990;receivable/c -990;");
	assert_true(str_eq(t.kind, STR("register_matched")));
	assert_int_equal(ledger_for_assign(a, &r, &t, &f), ERR_OK);
	assert_int_equal(t.lines_len, 2);
	assert_true(str_eq(t.kind, STR("assign")));
	assert_true(str_eq(t.lines[0].account, STR("differences/c")));
	assert_int_equal(t.lines[0].sum_kop, r.receivable_kop);
	r = booked(-1000, -1000);
	assert_int_equal(ledger_for_register_matched(a, &r, &t, &f), ERR_OK);
	lines_are(&t, "differences/c -1000;receivable/c 1000;");
}

static void
what_does_not_add_up_is_not_posted(void **state)
{
	struct ledger_register r = booked(1000, 1000);
	struct ledger_transfer t;

	(void)state;
	r.net_kop++;
	assert_int_equal(ledger_for_register(a, &r, &t, &f), ERR_BUG);
	assert_string_equal(f.reason, "ledger_unbalanced");
	r = booked(INT64_MAX, -2);
	assert_int_equal(ledger_for_register(a, &r, &t, &f), ERR_BUG);
	r = booked(0, 0);
	r.net_kop = INT64_MAX;
	assert_int_equal(ledger_for_register(a, &r, &t, &f), ERR_BUG);
	r = (struct ledger_register){ .contract = STR("c"), .key = STR("k") };
	assert_int_equal(ledger_for_register(a, &r, &t, &f), ERR_OK);
	assert_int_equal(t.lines_len, 0);
}

int
main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
	static const struct CMUnitTest tests[] = {
		TEST(a_row_finds_the_posting_of_its_attempt),
		TEST(a_person_means_a_posting_of_the_sum_that_nobody_has),
		TEST(the_banks_id_counts_more_than_all),
		TEST(only_payments_and_what_goes_back_are_looked_for),
		TEST(rrn_wants_the_sum_and_a_day_that_is_near),
		TEST(each_row_has_one_outcome),
		TEST(a_fee_may_differ_by_a_kopeck),
		TEST(of_what_went_back_the_fee_stays_or_comes_back),
		TEST(paid_and_reversed_on_one_day_is_nothing),
		TEST(a_row_moves_receivable_to_the_account_and_the_fee),
		TEST(what_we_do_not_know_stands_against_differences),
		TEST(a_row_that_is_found_later_leaves_differences),
		TEST(what_does_not_add_up_is_not_posted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
