#include "kvitok/domain/bankqr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

static struct arena *arena;
static struct fault fault;

static int
setup(void **state)
{
	(void)state;
	arena = arena_new((size_t)1 << 20);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static struct bankqr
sample(void)
{
	return (struct bankqr){ .name = STR("ООО «Южное ЖКС»"),
		.account = STR("40702810910000001204"),
		.bank = STR("Байкальский банк ПАО Сбербанк"),
		.bic = STR("042520607"),
		.correspondent = STR("30101810900000000607"),
		.sum_kop = 171425,
		.purpose = STR("Квитанция за октябрь 2026, л/с 10019743"),
		.payee_inn = STR("7707083893"),
		.payee_kpp = STR("380001001"),
		.last_name = STR("Соколова"),
		.payer_address = STR("г. Саянск"),
		.pers_acc = STR("10019743"),
		.month = STR("2026-10"),
		.bill = STR("1"),
		.tech_code = STR(BANKQR_TECH_HOUSING) };
}

static enum err
try(const struct bankqr *q, enum codepage cp, struct str *out)
{
	struct buf *b = ARENA_NEW(arena, struct buf);
	enum err rc;

	buf_init(b, arena, 8192);
	fault_init(&fault);
	rc = bankqr_write(q, cp, arena, b, &fault);
	*out = buf_str(b);
	return rc;
}

static struct str
made(const struct bankqr *q)
{
	struct str out;

	assert_int_equal(try(q, CODEPAGE_UTF8, &out), ERR_OK);
	return out;
}

#define assert_bad(q, wanted, reason_, key)                                    \
	do {                                                                   \
		struct str out_;                                               \
		assert_int_equal(try((q), CODEPAGE_UTF8, &out_), (wanted));    \
		assert_string_equal(fault.reason, (reason_));                  \
		assert_non_null(strstr(fault.detail, (key)));                  \
	} while (0)

static bool
holds(struct str s, struct str part)
{
	return str_find(s, part) < s.len;
}

static void
five_pairs_come_first_in_the_order_of_the_standard(void **state)
{
	struct bankqr q = sample();

	(void)state;
	assert_true(str_eq(made(&q),
	    STR("ST00012|Name=ООО «Южное ЖКС»|PersonalAcc=40702810910000001204"
		"|BankName=Байкальский банк ПАО Сбербанк|BIC=042520607"
		"|CorrespAcc=30101810900000000607|PayeeINN=7707083893"
		"|KPP=380001001|Sum=171425"
		"|Purpose=Квитанция за октябрь 2026, л/с 10019743"
		"|LastName=Соколова|PayerAddress=г. Саянск|PersAcc=10019743"
		"|PaymPeriod=102026|QuittId=1|TechCode=02")));
}

static void
what_is_empty_is_left_out_and_no_correspondent_is_zero(void **state)
{
	struct bankqr q = { .name = STR("П"),
		.account = STR("40702810910000001204"),
		.bank = STR("Б"),
		.bic = STR("042520607") };

	(void)state;
	assert_true(str_eq(made(&q),
	    STR("ST00012|Name=П|PersonalAcc=40702810910000001204|BankName=Б"
		"|BIC=042520607|CorrespAcc=0")));
}

static void
windows_1251_says_so_and_takes_one_byte_a_letter(void **state)
{
	struct bankqr q = sample();
	struct str out;

	(void)state;
	assert_int_equal(try(&q, CODEPAGE_CP1251, &out), ERR_OK);
	assert_true(str_starts(out, STR("ST00011|Name=\xCE\xCE\xCE \xAB")));
	q.purpose = STR("₽");
	assert_int_equal(try(&q, CODEPAGE_CP1251, &out), ERR_INVALID);
	assert_non_null(strstr(fault.detail, "Purpose"));
	assert_true(holds(made(&q), STR("Purpose=₽")));
}

/* A value that holds the bar takes it out of the list. */
static void
the_separator_stands_in_no_value(void **state)
{
	struct bankqr q = sample();

	(void)state;
	q.purpose = STR("а|б");
	assert_true(str_starts(made(&q), STR("ST00012#Name=")));
	assert_true(holds(made(&q), STR("#Purpose=а|б#")));
	q.purpose = STR("|#;:^_~{}!$%&[]*+,/");
	assert_true(str_starts(made(&q), STR("ST00012@Name=")));
	q.purpose = STR("|#;:^_~{}!$%&[]*+,/@");
	assert_bad(&q, ERR_LIMIT, "qr_long", "separator");
}

static void
control_keys_are_checked(void **state)
{
	struct bankqr q = sample();

	(void)state;
	q.account = STR("40702810910000001205");
	assert_bad(&q, ERR_INVALID, "qr_field", "PersonalAcc");
	q = sample();
	q.bic = STR("044525225");
	assert_bad(&q, ERR_INVALID, "qr_field", "PersonalAcc");
	q = sample();
	q.correspondent = STR("30101810900000000608");
	assert_bad(&q, ERR_INVALID, "qr_field", "CorrespAcc");
	q = sample();
	q.payee_inn = STR("7707083894");
	assert_bad(&q, ERR_INVALID, "qr_field", "PayeeINN");
}

static struct str
letters(size_t n)
{
	struct buf *b = ARENA_NEW(arena, struct buf);

	buf_init(b, arena, 4096);
	for (size_t i = 0; i < n; i++)
		buf_text(b, STR("я"));
	return buf_str(b);
}

static void
limits_of_the_standard_are_kept_on_both_sides(void **state)
{
	struct bankqr q = sample();
	struct str out;

	(void)state;
	q.bank = letters(45);
	(void)made(&q);
	q.bank = letters(46);
	assert_bad(&q, ERR_INVALID, "qr_field", "BankName");
	q = sample();
	q.bank = STR("");
	assert_bad(&q, ERR_INVALID, "qr_field", "BankName");
	q = sample();
	q.purpose = letters(160);
	(void)made(&q);
	q.purpose = letters(161);
	assert_bad(&q, ERR_INVALID, "qr_field", "Purpose");
	q = sample();
	q.payee_kpp = STR("3800010011");
	assert_bad(&q, ERR_INVALID, "qr_field", "KPP");
	q = sample();
	q.name = letters(161);
	assert_bad(&q, ERR_INVALID, "qr_field", "Name");
	/* 160 and 45 letters are too much in UTF-8, and just fit in 1251. */
	q = sample();
	q.name = letters(160);
	q.bank = letters(45);
	assert_bad(&q, ERR_LIMIT, "qr_long", "payee and bank");
	assert_int_equal(try(&q, CODEPAGE_CP1251, &out), ERR_OK);
}

/* Pairs of 300 bytes with their separators are taken, of 301 not. */
static void
the_head_has_at_most_300_bytes(void **state)
{
	struct bankqr q = sample();
	size_t len;

	(void)state;
	q.bank = letters(45);
	/* Name=, PersonalAcc=, BankName=, BIC=, CorrespAcc=, four bars. */
	len = 300 - 90 - (5 + 12 + 9 + 4 + 11) - 4 - 20 - 9 - 20;
	q.name = letters(len / 2);
	if (len % 2 == 1)
		q.name = arena_fmt(arena, "%.*sz", STR_ARG(q.name));
	(void)made(&q);
	q.name = arena_fmt(arena, "%.*sz", STR_ARG(q.name));
	assert_bad(&q, ERR_LIMIT, "qr_long", "301");
}

static void
all_of_it_must_still_be_read_from_paper(void **state)
{
	struct bankqr q = sample();

	(void)state;
	q.last_name = q.payer_address = q.pers_acc = letters(300);
	assert_bad(&q, ERR_LIMIT, "qr_long", "bytes");
	q.last_name = letters(301);
	assert_bad(&q, ERR_INVALID, "qr_field", "LastName");
}

static void
what_is_no_text_no_month_or_below_zero_is_refused(void **state)
{
	struct bankqr q = sample();

	(void)state;
	q.purpose = STR("а\nб");
	assert_bad(&q, ERR_INVALID, "qr_field", "Purpose");
	q.purpose = STR("\xff");
	assert_bad(&q, ERR_INVALID, "qr_field", "Purpose");
	q = sample();
	q.sum_kop = -1;
	assert_bad(&q, ERR_INVALID, "qr_field", "Sum");
	q = sample();
	q.month = STR("2026-13");
	assert_bad(&q, ERR_INVALID, "qr_field", "PaymPeriod");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    five_pairs_come_first_in_the_order_of_the_standard),
		cmocka_unit_test(
		    what_is_empty_is_left_out_and_no_correspondent_is_zero),
		cmocka_unit_test(
		    windows_1251_says_so_and_takes_one_byte_a_letter),
		cmocka_unit_test(the_separator_stands_in_no_value),
		cmocka_unit_test(control_keys_are_checked),
		cmocka_unit_test(limits_of_the_standard_are_kept_on_both_sides),
		cmocka_unit_test(the_head_has_at_most_300_bytes),
		cmocka_unit_test(all_of_it_must_still_be_read_from_paper),
		cmocka_unit_test(
		    what_is_no_text_no_month_or_below_zero_is_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
