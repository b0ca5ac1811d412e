/* Unit tests of domain/exempt and of what its audit says. */
#include "kvitok/domain/audit_exempt.h"
#include "kvitok/domain/payment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static struct arena *a;

static int
begin(void **state)
{
	(void)state;
	a = arena_new(1 << 20);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

static struct exempt
some(void)
{
	return (struct exempt){ .akey = STR("7K3M9QZT"),
		.id = STR("01J00000000000000000000000"),
		.key = { STR("p"), EXEMPT_PAYER, STR(""), STR("u-1") },
		.kind = STR("pensioner"),
		.document = STR("удостоверение"),
		.document_number = STR("1234567890"),
		.from_day = STR("2026-03-01"),
		.to_day = STR("2026-03-31") };
}

static void
an_exemption_holds_from_its_first_day_to_its_last(void **state)
{
	struct exempt x = some();

	(void)state;
	assert_false(exempt_holds(&x, STR("2026-02-28")));
	assert_true(exempt_holds(&x, STR("2026-03-01")));
	assert_true(exempt_holds(&x, STR("2026-03-31")));
	assert_false(exempt_holds(&x, STR("2026-04-01")));
	x.to_day = STR("");
	assert_true(exempt_holds(&x, STR("2999-04-01")));
	x.ended_at = 1;
	assert_false(exempt_holds(&x, STR("2026-03-15")));
}

static void
a_repeat_says_the_same_in_every_word(void **state)
{
	const struct exempt x = some();
	struct str *const members[] = { NULL, NULL, NULL, NULL, NULL, NULL,
		NULL, NULL };

	(void)state;
	for (size_t i = 0; i <= KV_COUNT(members); i++) {
		struct exempt y = some();
		struct str *const m[] = { &y.key.portal, &y.key.supplier,
			&y.key.subject, &y.kind, &y.document,
			&y.document_number, &y.from_day, &y.to_day };

		if (i == KV_COUNT(m)) {
			assert_true(exempt_same(&x, &y));
			y.key.holder = EXEMPT_ACCOUNT;
		} else {
			*m[i] = STR("another");
		}
		assert_false(exempt_same(&x, &y));
	}
}

static void
its_name_is_split_as_it_was_put_together(void **state)
{
	struct exempt x = some();
	struct str name = exempt_name(a, &x), akey, id;

	(void)state;
	assert_int_equal(name.len, EXEMPT_ID_LEN);
	assert_true(exempt_name_split(name, &akey, &id));
	assert_true(str_eq(akey, x.akey));
	assert_true(str_eq(id, x.id));
	assert_false(exempt_name_split(STR("7K3M9QZT"), &akey, &id));
	assert_false(exempt_name_split(
	    STR("7K3M9QZTx01J00000000000000000000000"), &akey, &id));
}

static void
of_a_documents_number_only_its_end_is_shown(void **state)
{
	static const struct {
		const char *number, *shown;
	} t[] = { { "1234567890", "*******890" }, { "1234567", "****567" },
		{ "123456", "******" }, { "12", "**" },
		{ "МСЭ-2019 № 0012345", "***************345" },
		{ "серия АБВ", "******АБВ" } };

	(void)state;
	for (size_t i = 0; i < KV_COUNT(t); i++) {
		struct str got = exempt_mask(a, str_of(t[i].number));

		assert_true(str_eq(got, str_of(t[i].shown)));
	}
}

static void
holders_have_words(void **state)
{
	enum exempt_holder h;

	(void)state;
	assert_true(
	    exempt_holder_of(str_of(exempt_holder_name(EXEMPT_PAYER)), &h));
	assert_int_equal(h, EXEMPT_PAYER);
	assert_true(
	    exempt_holder_of(str_of(exempt_holder_name(EXEMPT_ACCOUNT)), &h));
	assert_int_equal(h, EXEMPT_ACCOUNT);
	assert_false(exempt_holder_of(STR("supplier"), &h));
}

/* --- the audit ------------------------------------------------------- */

static size_t findings;

static void
count(void *self, const struct audit_finding *x)
{
	(void)self, (void)x;
	findings++;
}

static const struct audit_sink sink = { NULL, count };

static size_t
wrong(const struct pay_line *l)
{
	static const int ns[] = { 1 };
	struct audit_payment x = {
		.pm = { .number = STR("N"), .lines = l, .lines_len = 1 },
		.line_ns = ns
	};
	struct audit u = { .a = a, .x = &x, .pm = &x.pm, .to = &sink };

	findings = 0;
	audit_exempt(&u);
	return findings;
}

static void
a_line_must_say_who_bears_its_commission(void **state)
{
	static const struct {
		int64_t fee, supplier_fee, loss;
		enum fee_loss on;
		const char *exempt;
		size_t wrong;
	} t[] = {
		{ 10, 0, 0, FEE_LOSS_NONE, "", 0 },
		{ 0, 10, 0, FEE_LOSS_NONE, "", 0 },
		{ 10, 0, 1, FEE_LOSS_NONE, "", 1 },
		{ 10, 0, 0, FEE_LOSS_NONE, "X", 1 },
		{ 0, 0, 0, FEE_LOSS_NOBODY, "X", 0 },
		{ 0, 0, 0, FEE_LOSS_NOBODY, "", 1 },
		{ 1, 0, 0, FEE_LOSS_NOBODY, "X", 1 },
		{ 0, 1, 0, FEE_LOSS_NOBODY, "X", 1 },
		{ 0, 0, 1, FEE_LOSS_NOBODY, "X", 1 },
		{ 0, 0, 1, FEE_LOSS_PORTAL, "X", 0 },
		{ 0, 0, 1, FEE_LOSS_PORTAL, "", 1 },
		{ 1, 0, 1, FEE_LOSS_PORTAL, "X", 1 },
		{ 0, 1, 1, FEE_LOSS_PORTAL, "X", 1 },
		{ 0, 0, 0, FEE_LOSS_PORTAL, "X", 1 },
		{ 0, 1, 0, FEE_LOSS_SUPPLIER, "X", 0 },
		{ 0, 1, 0, FEE_LOSS_SUPPLIER, "", 1 },
		{ 1, 1, 0, FEE_LOSS_SUPPLIER, "X", 1 },
		{ 0, 0, 0, FEE_LOSS_SUPPLIER, "X", 1 },
		{ 0, 1, 1, FEE_LOSS_SUPPLIER, "X", 1 },
	};

	(void)state;
	for (size_t i = 0; i < KV_COUNT(t); i++) {
		struct pay_line l = { .sum_kop = 100,
			.fee_kop = t[i].fee,
			.supplier_fee_kop = t[i].supplier_fee,
			.loss_kop = t[i].loss,
			.loss_on = t[i].on,
			.exempt = str_of(t[i].exempt) };

		assert_int_equal(wrong(&l), t[i].wrong);
	}
}

static size_t
row_wrong(const struct exempt *x, const char *payer, const char *day)
{
	static const int ns[] = { 1 };
	struct pay_line l = { .supplier = STR("s"),
		.account = STR("1"),
		.exempt = STR("X"),
		.loss_on = FEE_LOSS_NOBODY };
	struct audit_payment p = { .pm = { .number = STR("N"),
				       .portal = STR("p"),
				       .payer = str_of(payer),
				       .created_at = 1000,
				       .lines = &l,
				       .lines_len = 1 },
		.line_ns = ns };
	struct audit u = { .a = a, .x = &p, .pm = &p.pm, .to = &sink };

	findings = 0;
	audit_exempt_row(&u, 0, x, str_of(day));
	return findings;
}

static void
a_payment_names_an_exemption_that_freed_its_payer_that_day(void **state)
{
	struct exempt x = some();

	(void)state;
	assert_int_equal(row_wrong(NULL, "u-1", "2026-03-02"), 1);
	assert_int_equal(row_wrong(&x, "u-1", "2026-03-02"), 0);
	assert_int_equal(row_wrong(&x, "u-2", "2026-03-02"), 2);
	assert_int_equal(row_wrong(&x, "u-1", "2026-04-02"), 2);
	x.ended_at = 999; /* before the payment was made */
	assert_int_equal(row_wrong(&x, "u-1", "2026-03-02"), 2);
	x.ended_at = 1001;
	assert_int_equal(row_wrong(&x, "u-1", "2026-03-02"), 0);
	x.key =
	    (struct exempt_key){ STR("p"), EXEMPT_ACCOUNT, STR("s"), STR("1") };
	assert_int_equal(row_wrong(&x, "", "2026-03-02"), 0);
	x.key.subject = STR("2");
	assert_int_equal(row_wrong(&x, "", "2026-03-02"), 2);
	x.key.subject = STR("1");
	x.key.supplier = STR("t");
	assert_int_equal(row_wrong(&x, "", "2026-03-02"), 2);
	x.key.supplier = STR("s");
	x.key.portal = STR("q");
	assert_int_equal(row_wrong(&x, "", "2026-03-02"), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    an_exemption_holds_from_its_first_day_to_its_last),
		cmocka_unit_test(a_repeat_says_the_same_in_every_word),
		cmocka_unit_test(its_name_is_split_as_it_was_put_together),
		cmocka_unit_test(of_a_documents_number_only_its_end_is_shown),
		cmocka_unit_test(holders_have_words),
		cmocka_unit_test(a_line_must_say_who_bears_its_commission),
		cmocka_unit_test(
		    a_payment_names_an_exemption_that_freed_its_payer_that_day),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
