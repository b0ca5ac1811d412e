#include "kvitok/out/invoice.h"
#include "kvitok/out/pdf.h"
#include "kvitok/out/qr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

static struct arena *arena;
static struct printer printer;
static struct fault fault;
static struct invoice_line lines[2];

static int
setup(void **state)
{
	struct sheet_kit *kit;

	(void)state;
	arena = arena_new((size_t)128 << 20);
	fault_init(&fault);
	if (sheet_kit_open(arena, &kit, &fault) != ERR_OK)
		return -1;
	printer = pdf_printer(kit);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static struct invoice
sample(void)
{
	lines[0] = (struct invoice_line){ .service = STR("Газ"),
		.unit = STR("м³"),
		.volume_micro = 1500000,
		.tariff_micro = 7980000,
		.accrued_kop = 1000,
		.recalculated_kop = -100,
		.recalculated_why = STR("Перерасчёт"),
		.benefit_kop = 50,
		.penalty_kop = 7,
		.charged_kop = 857,
		.opening_kop = -300,
		.paid_kop = 200,
		.to_pay_kop = -957 };
	lines[1] = (struct invoice_line){ .service = STR("ТО"),
		.accrued_kop = 10,
		.penalty_kop = -1,
		.charged_kop = 10,
		.to_pay_kop = -10 };
	return (struct invoice){ .number = STR("1-202610"),
		.portal = STR("Портал"),
		.portal_url = STR("example.org"),
		.supplier = STR("Поставщик"),
		.inn = STR("7707083893"),
		.account = STR("1"),
		.month = STR("2026-10"),
		.due_day = STR("2026-11-16"),
		.paid_until_day = STR("2026-10-31"),
		.lines = lines,
		.lines_len = 2,
		.opening_kop = -300,
		.charged_kop = 867,
		.paid_kop = 200,
		.to_pay_kop = -967,
		.penalty_kop = -1 };
}

static enum err
print(const struct invoice *i)
{
	struct bytes pdf = { NULL, 0 };
	enum err rc;

	fault_init(&fault);
	rc = printer.invoice(printer.self, arena, i, &pdf, &fault);
	if (rc == ERR_OK)
		assert_memory_equal(pdf.p, "%PDF-", 5);
	return rc;
}

static void
a_bill_that_adds_up_is_printed(void **state)
{
	struct invoice i = sample();

	(void)state;
	assert_int_equal(print(&i), ERR_OK);
	i.lines_len = 0;
	i.opening_kop = i.charged_kop = i.paid_kop = i.to_pay_kop = 0;
	i.due_day = STR("");
	assert_int_equal(print(&i), ERR_OK);
}

#define assert_bad(spoil, words)                                               \
	do {                                                                   \
		struct invoice i = sample();                                   \
		spoil;                                                         \
		assert_int_equal(print(&i), ERR_BUG);                          \
		assert_string_equal(fault.reason, "print_failed");             \
		assert_non_null(strstr(fault.detail, (words)));                \
	} while (0)

/* One kopeck in any of the sums, and nobody is told it. */
static void
a_bill_that_does_not_add_up_is_not_printed(void **state)
{
	(void)state;
	assert_bad(lines[0].accrued_kop++, "line");
	assert_bad(lines[0].recalculated_kop++, "line");
	assert_bad(lines[0].benefit_kop++, "line");
	assert_bad(lines[0].benefit_kop = -1, "line");
	assert_bad(lines[0].penalty_kop++, "line");
	assert_bad(lines[1].charged_kop++, "line");
	assert_bad(lines[1].opening_kop++, "line");
	assert_bad(lines[1].paid_kop++, "line");
	assert_bad(lines[1].to_pay_kop++, "line");
	assert_bad(i.opening_kop++, "sums");
	assert_bad(i.charged_kop++, "sums");
	assert_bad(i.paid_kop++, "sums");
	assert_bad(i.to_pay_kop++, "sums");
	assert_bad(i.lines_len = 1, "sums");
	assert_bad(lines[0].accrued_kop = INT64_MAX, "line");
}

static void
a_sum_that_has_no_opposite_is_not_printed(void **state)
{
	(void)state;
	assert_bad((lines[0] = (struct invoice_line){ .penalty_kop = -1,
			.opening_kop = INT64_MIN,
			.to_pay_kop = INT64_MIN },
		       i.lines_len = 1, i.charged_kop = i.paid_kop = 0,
		       i.opening_kop = i.to_pay_kop = INT64_MIN),
	    "sums");
}

static void
texts_that_are_no_texts_are_not_printed(void **state)
{
	char *wide;

	(void)state;
	wide = arena_alloc(arena, INVOICE_TEXT_MAX + 1);
	memset(wide, 'a', INVOICE_TEXT_MAX + 1);
	assert_bad(i.owner = STR("\xff"), "text");
	assert_bad(i.address = STR("а\nб"), "text");
	assert_bad(
	    i.bank = ((struct str){ wide, INVOICE_TEXT_MAX + 1 }), "text");
	assert_bad(lines[1].service = STR("\x01"), "line");
	assert_bad(lines[1].unit = STR("\xff"), "line");
	assert_bad(lines[1].recalculated_why = STR("\xff"), "line");
	assert_bad(i.month = STR("2026-13"), "month");
	assert_bad(i.paid_until_day = STR(""), "day");
	assert_bad(i.due_day = STR("2026-02-30"), "day");
}

static void
a_bill_has_at_most_200_lines(void **state)
{
	struct invoice_line *many =
	    ARENA_ARRAY(arena, INVOICE_LINES_MAX + 1, struct invoice_line);
	struct invoice i = sample();

	(void)state;
	i.lines = many;
	i.lines_len = INVOICE_LINES_MAX;
	i.opening_kop = i.charged_kop = i.paid_kop = i.to_pay_kop = 0;
	assert_int_equal(print(&i), ERR_OK);
	i.lines_len++;
	assert_int_equal(print(&i), ERR_LIMIT);
	assert_string_equal(fault.reason, "lines_too_many");
}

static bool
to_nobody(void *self, const void *p, size_t len)
{
	size_t *left = self;

	(void)p;
	if (len > *left)
		return false;
	*left -= len;
	return true;
}

/* A disk that is full fails the document, whenever that shows. */
static void
a_book_whose_sink_is_full_fails(void **state)
{
	struct invoice i = sample();
	struct printer_book *book;
	size_t left = 1000000;

	(void)state;
	fault_init(&fault);
	assert_int_equal(
	    printer.book_begin(printer.self, arena, STR("К"), 1,
		(struct printer_sink){ &left, to_nobody }, &book, &fault),
	    ERR_OK);
	assert_int_equal(printer.book_add(book, arena, &i, &fault), ERR_OK);
	assert_int_equal(printer.book_end(book, &fault), ERR_OK);
	left = 100;
	assert_int_equal(
	    printer.book_begin(printer.self, arena, STR("К"), 1,
		(struct printer_sink){ &left, to_nobody }, &book, &fault),
	    ERR_OK);
	assert_int_equal(printer.book_add(book, arena, &i, &fault), ERR_OK);
	i.to_pay_kop++;
	assert_int_equal(printer.book_add(book, arena, &i, &fault), ERR_BUG);
	assert_int_equal(printer.book_end(book, &fault), ERR_BUG);
	assert_string_equal(fault.reason, "print_failed");
}

static void
a_square_holds_what_it_can_and_no_more(void **state)
{
	static const unsigned char bytes[2332];
	struct invoice i = sample();
	struct qr qr;

	(void)state;
	fault_init(&fault);
	assert_int_equal(
	    qr_encode(arena, (struct bytes){ bytes, 2331 }, &qr, &fault),
	    ERR_OK);
	assert_int_equal(qr.side, 177);
	assert_int_equal(
	    qr_encode(arena, (struct bytes){ bytes, 1 }, &qr, &fault), ERR_OK);
	assert_int_equal(qr.side, 21);
	assert_int_equal(qr.modules[0], 1); /* a corner of the finder */
	assert_int_equal(qr.modules[7], 0);
	assert_int_equal(
	    qr_encode(arena, (struct bytes){ bytes, 0 }, &qr, &fault),
	    ERR_LIMIT);
	i.qr = (struct bytes){ bytes, 2332 };
	assert_int_equal(print(&i), ERR_LIMIT);
	assert_string_equal(fault.reason, "qr_long");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bill_that_adds_up_is_printed),
		cmocka_unit_test(a_bill_that_does_not_add_up_is_not_printed),
		cmocka_unit_test(a_sum_that_has_no_opposite_is_not_printed),
		cmocka_unit_test(texts_that_are_no_texts_are_not_printed),
		cmocka_unit_test(a_bill_has_at_most_200_lines),
		cmocka_unit_test(a_book_whose_sink_is_full_fails),
		cmocka_unit_test(a_square_holds_what_it_can_and_no_more),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
