#include "kvitok/mail/letter.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#define S(literal)                                                             \
	{                                                                      \
		literal, sizeof(literal) - 1                                   \
	}
#define PAID_AT INT64_C(1795227191000) /* 2026-11-21 02:13:11 UTC */

static const struct receipt_line two_lines[] = {
	{ .supplier = S("ООО «Южное ЖКС»"),
	    .inn = S("3811123456"),
	    .account = S("10019743"),
	    .address = S("г. Иркутск, ул. Лермонтова, д. 12"),
	    .service = S("ЖКУ"),
	    .sum_kop = 120000,
	    .fee_kop = 1800 },
	{ .supplier = S("АО «Тепло & Свет»"),
	    .account = S("42"),
	    .service = S("Отопление <1 этаж>"),
	    .sum_kop = 10000 },
};

static const struct receipt one = { .number = S("7K3M9QZT-4F8D2K1M0X"),
	.portal = S("Портал ЖКХ"),
	.lines = two_lines,
	.lines_len = 1,
	.sum_kop = 120000,
	.fee_kop = 1800,
	.total_kop = 121800,
	.paid_at = PAID_AT,
	.zone_min = 180,
	.zone_name = S("московское время"),
	.bank = S("АО «Газпромбанк»"),
	.card_mask = S("427638******1234") };

static int
setup(void **state)
{
	*state = arena_new(8 << 20);
	return 0;
}

static int
teardown(void **state)
{
	arena_free(*state);
	return 0;
}

static struct mail
write_one(struct arena *a, const struct receipt *r)
{
	const struct letters w = letter_writer();
	static const unsigned char pdf[] = "%PDF";
	struct mail m = { .parts_len = 0 };
	struct fault f;

	fault_init(&f);
	assert_int_equal(
	    w.receipt(w.self, a, r, (struct bytes){ pdf, 4 },
		STR("pay@kvitok.example"), STR("ivanova@example.ru"), 77,
		STR("receipt.1@kvitok.example"), &m, &f),
	    ERR_OK);
	return m;
}

static bool
has(struct str text, const char *what)
{
	return str_find(text, str_of(what)) < text.len;
}

static void
the_envelope_is_what_the_caller_said(void **state)
{
	const struct mail m = write_one(*state, &one);

	assert_true(str_eq(m.from, STR("pay@kvitok.example")));
	assert_true(str_eq(m.to, STR("ivanova@example.ru")));
	assert_true(str_eq(m.from_name, STR("Портал ЖКХ")));
	assert_true(str_eq(m.message_id, STR("receipt.1@kvitok.example")));
	assert_int_equal(m.date_at, 77);
	assert_int_equal(m.parts_len, 1);
	assert_true(
	    str_eq(m.parts[0].name, STR("kvitok-7K3M9QZT-4F8D2K1M0X.pdf")));
	assert_true(str_eq(m.parts[0].type, STR("application/pdf")));
	assert_int_equal(m.parts[0].data.len, 4);
}

static void
the_subject_says_the_sum_and_the_supplier(void **state)
{
	static const char want[] =
	    "Оплата проведена: 1\u00a0218,00\u00a0₽, "
	    "ООО «Южное ЖКС»";
	const struct mail m = write_one(*state, &one);

	assert_true(str_eq(m.subject, str_of(want)));
}

static void
several_suppliers_are_named_by_the_portal(void **state)
{
	struct receipt r = one;
	struct mail m;

	r.lines_len = 2;
	r.sum_kop = 130000;
	r.total_kop = 131800;
	m = write_one(*state, &r);
	assert_true(str_ends(m.subject, STR(", Портал ЖКХ")));
}

static void
a_refund_says_so_everywhere_and_nothing_of_a_payment(void **state)
{
	struct receipt r = one;
	struct mail m;

	r.refund = STR("01KAM0Q3ZC7XW5N9T3B7C0HVKQ");
	m = write_one(*state, &r);
	assert_true(str_starts(m.subject, STR("Деньги возвращены: 1")));
	assert_true(has(m.text, "Итого возвращено"));
	assert_true(has(m.html, "Итого возвращено"));
	assert_true(has(m.text, "01KAM0Q3ZC7XW5N9T3B7C0HVKQ"));
	assert_true(has(m.html, "01KAM0Q3ZC7XW5N9T3B7C0HVKQ"));
	assert_false(has(m.text, "Оплата проведена"));
	assert_false(has(m.html, "Оплата проведена"));
	assert_false(has(m.text, "Итого оплачено"));
	assert_false(has(m.html, "Итого оплачено"));
	assert_true(str_eq(
	    m.parts[0].name, STR("kvitok-7K3M9QZT-4F8D2K1M0X-refund.pdf")));
	m = write_one(*state, &one);
	assert_false(has(m.text, "возвра"));
	assert_false(has(m.html, "возвра"));
}

static void
text_and_html_say_the_same_facts(void **state)
{
	static const char *const facts[] = { "1\u00a0218,00", "1\u00a0200,00",
		"18,00", "7K3M9QZT-4F8D2K1M0X",
		"21.11.2026 05:13 (московское время)", "АО «Газпромбанк»",
		"427638******1234", "ООО «Южное ЖКС»", "3811123456", "10019743",
		"г. Иркутск, ул. Лермонтова, д. 12", "ЖКУ",
		"Одна тысяча двести восемнадцать рублей 00 копеек" };
	const struct mail m = write_one(*state, &one);

	for (size_t i = 0; i < KV_COUNT(facts); i++) {
		assert_true(has(m.text, facts[i]));
		assert_true(has(m.html, facts[i]));
	}
}

static void
foreign_text_is_escaped_in_html_alone(void **state)
{
	struct receipt r = one;
	struct mail m;

	r.lines = two_lines + 1;
	m = write_one(*state, &r);
	assert_true(has(m.html, "Отопление &lt;1 этаж&gt;"));
	assert_true(has(m.html, "«Тепло &amp; Свет»"));
	assert_true(has(m.text, "Отопление <1 этаж>"));
	assert_true(has(m.subject, "«Тепло & Свет»"));
}

static void
what_is_not_known_is_left_out(void **state)
{
	struct receipt r = one;
	struct mail m;

	assert_false(has(write_one(*state, &r).text, "RRN"));
	r.rrn = STR("632512345678");
	r.fee_kop = 0;
	m = write_one(*state, &r);
	assert_true(has(m.text, "RRN"));
	assert_true(has(m.html, "RRN"));
	assert_true(has(m.text, "не взимается"));
	assert_true(has(m.html, "не взимается"));
}

static void
a_receipt_without_lines_is_our_bug(void **state)
{
	const struct letters w = letter_writer();
	struct receipt r = one;
	struct fault f;
	struct mail m;

	r.lines_len = 0;
	fault_init(&f);
	assert_int_equal(
	    w.receipt(w.self, *state, &r, (struct bytes){ NULL, 0 },
		STR("a@b.ru"), STR("a@b.ru"), 0, STR("a@b"), &m, &f),
	    ERR_BUG);
	assert_string_equal(f.reason, "tpl_bad");
}

static struct mail
write_bill(struct arena *a, const struct invoice *i, struct str link)
{
	const struct letters w = letter_writer();
	struct bill_letter l = { .bill = i,
		.from = STR("pay@kvitok.example"),
		.to = STR("ivanova@example.ru"),
		.message_id = STR("bill.1@kvitok.example"),
		.date_at = PAID_AT,
		.pay_url = link,
		.stop_url = STR("https://pay.example/mailing/7K3M") };
	struct mail m = { .parts_len = 0 };
	struct fault f;

	fault_init(&f);
	assert_int_equal(w.bill(w.self, a, &l, &m, &f), ERR_OK);
	return m;
}

static void
a_bill_says_what_is_owed_until_when_and_how_to_get_no_more(void **state)
{
	const struct invoice i = { .portal = STR("Портал ЖКХ"),
		.supplier = STR("АО «Тепло & Свет»"),
		.account = STR("10019743"),
		.month = STR("2026-10"),
		.due_day = STR("2026-11-16"),
		.to_pay_kop = -621467 };
	struct mail m =
	    write_bill(*state, &i, STR("https://pay.example/p/?account=1"));

	assert_true(has(m.subject, "октябрь 2026 г."));
	assert_true(has(m.text, "Оплатить до: 16.11.2026 включительно"));
	assert_true(has(m.text, "https://pay.example/p/?account=1"));
	assert_true(has(m.text, "https://pay.example/mailing/7K3M"));
	assert_true(has(m.html, "https://pay.example/mailing/7K3M"));
	assert_true(has(m.html, "Тепло &amp; Свет"));
	assert_true(
	    str_eq(m.stop_url, STR("https://pay.example/mailing/7K3M")));
	assert_int_equal(m.parts_len, 1);
	assert_true(str_eq(m.parts[0].name, STR("kvitok-2026-10.pdf")));
}

static void
a_bill_of_nothing_asks_for_nothing(void **state)
{
	const struct invoice i = { .portal = STR("Портал ЖКХ"),
		.supplier = STR("АО"),
		.account = STR("1"),
		.month = STR("2026-10"),
		.due_day = STR("2026-11-16"),
		.to_pay_kop = 500 };
	struct mail m = write_bill(*state, &i, STR("https://pay.example/p/"));

	assert_false(has(m.subject, "к оплате"));
	assert_true(has(m.text, "Платить ничего не нужно"));
	assert_true(has(m.html, "переплата"));
	assert_false(has(m.text, "https://pay.example/p/"));
	assert_false(has(m.text, "16.11.2026"));
}

/* A report of payments: so many rows; too large for a letter, or not. */
static struct mail
write_scheduled(struct arena *a, int64_t lines, bool large)
{
	const struct letters w = letter_writer();
	const struct schedule s = { .name = STR("daily") };
	struct report_order o = { .id = STR("01J"),
		.q = { .id = REPORT_PAYMENTS,
		    .from_day = STR("2026-11-20"),
		    .to_day = STR("2026-11-20") },
		.format = REPORT_CSV,
		.state = REPORT_ORDER_DONE,
		.lines = lines,
		.size = large ? INT64_C(11) << 20 : 1025,
		.hash = STR("9f86d0"),
		.ended_at = PAID_AT,
		.expires_at = PAID_AT };
	struct report_totals totals = { .rows = lines };
	struct schedule_letter l = { .s = &s,
		.o = &o,
		.totals = &totals,
		.from_name = STR("Портал ЖКХ"),
		.from = STR("pay@kvitok.example"),
		.supplier = STR("АО «Тепло & Свет»"),
		.name = STR("payments-2026-11-20-2026-11-20.csv"),
		.file = { (const unsigned char *)"x", 1 },
		.url = STR("https://pay.example/cabinet/reports/01J"),
		.to = STR("buh@example.ru"),
		.message_id = STR("schedule.1@kvitok.example") };
	struct mail m = { .parts_len = 0 };
	struct fault f;

	for (int i = 0; i < REPORT_COLUMNS_MAX; i++)
		totals.sum[i] = lines * 121800;
	if (large)
		l.file.p = NULL;
	fault_init(&f);
	assert_int_equal(w.scheduled(w.self, a, &l, &m, &f), ERR_OK);
	return m;
}

static void
a_scheduled_report_brings_its_file_and_says_its_sums(void **state)
{
	struct mail m = write_scheduled(*state, 1, false);

	assert_true(str_eq(m.subject, STR("Отчёт «Платежи» за 20.11.2026")));
	assert_true(has(m.text, "Строк: 1\n"));
	assert_true(has(m.text, "Принято: 1\u00a0218,00\u00a0₽"));
	assert_true(has(m.html, "1\u00a0218,00\u00a0₽"));
	assert_true(has(m.text, "Поставщик: АО «Тепло & Свет»"));
	assert_true(has(m.html, "Тепло &amp; Свет"));
	assert_true(has(m.text, "9f86d0"));
	assert_true(has(m.text, ", 2 КБ."));
	assert_false(has(m.text, "https://pay.example/"));
	assert_int_equal(m.parts_len, 1);
	assert_true(str_eq(m.parts[0].type, STR("text/csv")));
	assert_true(
	    str_eq(m.parts[0].name, STR("payments-2026-11-20-2026-11-20.csv")));
}

static void
a_report_without_rows_says_so_and_no_sums(void **state)
{
	struct mail m = write_scheduled(*state, 0, false);

	assert_true(has(m.subject, ": строк нет"));
	assert_true(has(m.text, "нет ни одной строки, все итоги равны нулю"));
	assert_true(has(m.html, "нет ни одной строки, все итоги равны нулю"));
	assert_false(has(m.text, "Принято"));
	assert_int_equal(m.parts_len, 1);
}

static void
a_report_too_large_is_behind_the_door_of_the_cabinet(void **state)
{
	struct mail m = write_scheduled(*state, 7, true);

	assert_int_equal(m.parts_len, 0);
	assert_true(has(m.text, "слишком велик для письма: 11,0 МБ"));
	assert_true(has(m.text, "https://pay.example/cabinet/reports/01J"));
	assert_true(has(m.html, "https://pay.example/cabinet/reports/01J"));
	assert_true(has(m.text, "до 21.11.2026 05:13 (МСК)"));
	assert_false(has(m.html, "Файл приложен"));
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(the_envelope_is_what_the_caller_said),
		T(the_subject_says_the_sum_and_the_supplier),
		T(several_suppliers_are_named_by_the_portal),
		T(a_refund_says_so_everywhere_and_nothing_of_a_payment),
		T(text_and_html_say_the_same_facts),
		T(foreign_text_is_escaped_in_html_alone),
		T(what_is_not_known_is_left_out),
		T(a_receipt_without_lines_is_our_bug),
		T(a_bill_says_what_is_owed_until_when_and_how_to_get_no_more),
		T(a_bill_of_nothing_asks_for_nothing),
		T(a_scheduled_report_brings_its_file_and_says_its_sums),
		T(a_report_without_rows_says_so_and_no_sums),
		T(a_report_too_large_is_behind_the_door_of_the_cabinet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
