#include "kvitok/out/pdf.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#define PAID_AT INT64_C(1795227191000) /* 2026-11-21 02:13:11 UTC */

#define S(literal)                                                             \
	{                                                                      \
		literal, sizeof(literal) - 1                                   \
	}

struct fixture {
	struct arena *fonts, *a;
	struct printer printer;
	struct fault f;
};

static const struct receipt_line one_line[] = {
	{ .supplier = S("ООО «Южное ЖКС»"),
	    .inn = S("3811123456"),
	    .account = S("10019743"),
	    .service = S("ЖКУ"),
	    .sum_kop = 120000,
	    .fee_kop = 1800 },
};

static struct receipt
sample(void)
{
	return (struct receipt){ .number = STR("7K3M9QZT-4F8D2K1M0X"),
		.portal = STR("Портал ЖКХ"),
		.portal_url = STR("portalgkh.example"),
		.lines = one_line,
		.lines_len = 1,
		.sum_kop = 120000,
		.fee_kop = 1800,
		.total_kop = 121800,
		.paid_at = PAID_AT,
		.zone_min = 480,
		.zone_name = STR("иркутское время"),
		.bank = STR("АО «Газпромбанк»") };
}

static int
open_fonts(void **state)
{
	static struct fixture fx;
	struct sheet_kit *kit;

	fault_init(&fx.f);
	fx.fonts = arena_new(1 << 20);
	fx.a = arena_new(32 << 20);
	if (sheet_kit_open(fx.fonts, &kit, &fx.f) != ERR_OK)
		return -1;
	fx.printer = pdf_printer(kit);
	*state = &fx;
	return 0;
}

static int
close_fonts(void **state)
{
	struct fixture *fx = *state;

	arena_free(fx->a);
	arena_free(fx->fonts);
	return 0;
}

static enum err
print(struct fixture *fx, const struct receipt *r, struct bytes *pdf)
{
	fault_init(&fx->f);
	return fx->printer.receipt(fx->printer.self, fx->a, r, pdf, &fx->f);
}

static struct str
text_of(struct bytes b)
{
	return (struct str){ (const char *)b.p, b.len };
}

static bool
holds(struct bytes pdf, const char *what)
{
	return str_find(text_of(pdf), str_of(what)) < pdf.len;
}

static void
check_refused(struct fixture *fx, const struct receipt *r)
{
	struct bytes pdf = { NULL, 0 };

	assert_int_equal(print(fx, r, &pdf), ERR_BUG);
	assert_string_equal(fx->f.reason, "print_failed");
	assert_null(pdf.p);
}

static void
a_receipt_is_a_pdf_of_one_page(void **state)
{
	const struct receipt r = sample();
	struct bytes pdf;

	assert_int_equal(print(*state, &r, &pdf), ERR_OK);
	assert_true(str_starts(text_of(pdf), STR("%PDF-1.")));
	assert_true(holds(pdf, "/Count 1\n"));
	assert_true(pdf.len < 100000);
}

static void
its_date_is_that_of_the_payment_and_not_of_printing(void **state)
{
	const struct receipt r = sample();
	struct bytes pdf;

	assert_int_equal(print(*state, &r, &pdf), ERR_OK);
	assert_true(holds(pdf, "/CreationDate (20261121021311Z"));
	assert_false(holds(pdf, "/ModDate"));
}

static void
the_same_receipt_gives_the_same_bytes_on_other_fonts_too(void **state)
{
	const struct receipt r = sample();
	struct arena *fonts = arena_new(1 << 20);
	struct sheet_kit *kit;
	struct bytes one, two, three;
	struct fixture other = *(struct fixture *)*state;

	assert_int_equal(print(*state, &r, &one), ERR_OK);
	assert_int_equal(print(*state, &r, &two), ERR_OK);
	assert_true(str_eq(text_of(one), text_of(two)));
	assert_int_equal(sheet_kit_open(fonts, &kit, &other.f), ERR_OK);
	other.printer = pdf_printer(kit);
	assert_int_equal(print(&other, &r, &three), ERR_OK);
	assert_true(str_eq(text_of(one), text_of(three)));
	arena_free(fonts);
}

static void
another_sum_gives_other_bytes(void **state)
{
	struct receipt_line line = one_line[0];
	struct receipt r = sample();
	struct bytes one, two;

	assert_int_equal(print(*state, &r, &one), ERR_OK);
	line.sum_kop = r.sum_kop = 120001;
	r.total_kop = 121801;
	r.lines = &line;
	assert_int_equal(print(*state, &r, &two), ERR_OK);
	assert_false(str_eq(text_of(one), text_of(two)));
}

static void
sums_that_do_not_add_up_are_not_printed(void **state)
{
	struct receipt_line line = one_line[0];
	struct receipt r = sample();

	r.total_kop++;
	check_refused(*state, &r);
	r = sample();
	r.sum_kop--;
	r.total_kop--;
	check_refused(*state, &r);
	r = sample();
	r.fee_kop++;
	r.total_kop++;
	check_refused(*state, &r);
	r = sample();
	r.lines = &line;
	line.sum_kop = r.sum_kop = -1;
	r.total_kop = 1799;
	check_refused(*state, &r);
	line.sum_kop = r.sum_kop = INT64_MAX;
	check_refused(*state, &r);
}

static void
up_to_fifty_lines_are_printed_and_no_more(void **state)
{
	struct fixture *fx = *state;
	struct receipt_line lines[PDF_LINES_MAX + 1];
	struct receipt r = sample();
	struct bytes pdf;

	for (size_t i = 0; i < KV_COUNT(lines); i++)
		lines[i] = one_line[0];
	r.lines = lines;
	r.lines_len = PDF_LINES_MAX;
	r.sum_kop = 120000 * PDF_LINES_MAX;
	r.fee_kop = 1800 * PDF_LINES_MAX;
	r.total_kop = 121800 * PDF_LINES_MAX;
	assert_int_equal(print(fx, &r, &pdf), ERR_OK);
	assert_true(holds(pdf, "/Count 3\n"));

	r.lines_len++;
	assert_int_equal(print(fx, &r, &pdf), ERR_LIMIT);
	assert_string_equal(fx->f.reason, "lines_too_many");
	r.lines_len = 0;
	assert_int_equal(print(fx, &r, &pdf), ERR_BUG);
}

static void
a_text_has_an_end_and_no_controls(void **state)
{
	static char name[PDF_TEXT_MAX + 1];
	struct receipt_line line = one_line[0];
	struct receipt r = sample();
	struct bytes pdf;

	r.lines = &line;
	memset(name, 'W', sizeof(name));
	line.supplier = line.address = line.service =
	    (struct str){ name, PDF_TEXT_MAX };
	assert_int_equal(print(*state, &r, &pdf), ERR_OK);
	line.address.len++;
	check_refused(*state, &r);
	line.address = STR("ул. Лермонтова\nд. 12");
	check_refused(*state, &r);
	line.address = STR("\xd0");
	check_refused(*state, &r);
	line.address = STR("");
	r.bank = STR("a\0b");
	check_refused(*state, &r);
}

static void
what_is_not_known_is_left_out(void **state)
{
	struct receipt_line line = one_line[0];
	struct receipt r = sample();
	struct bytes pdf;

	line.inn = line.account = line.address = STR_NONE;
	r.lines = &line;
	r.bank = r.zone_name = r.portal_url = STR_NONE;
	assert_int_equal(print(*state, &r, &pdf), ERR_OK);
	r.zone_min = 24 * 60;
	check_refused(*state, &r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_receipt_is_a_pdf_of_one_page),
		cmocka_unit_test(
		    its_date_is_that_of_the_payment_and_not_of_printing),
		cmocka_unit_test(
		    the_same_receipt_gives_the_same_bytes_on_other_fonts_too),
		cmocka_unit_test(another_sum_gives_other_bytes),
		cmocka_unit_test(sums_that_do_not_add_up_are_not_printed),
		cmocka_unit_test(up_to_fifty_lines_are_printed_and_no_more),
		cmocka_unit_test(a_text_has_an_end_and_no_controls),
		cmocka_unit_test(what_is_not_known_is_left_out),
	};

	return cmocka_run_group_tests(tests, open_fonts, close_fonts);
}
