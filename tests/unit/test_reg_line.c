#include "kvitok/base/attr.h"
#include "kvitok/domain/reg_cell.h"
#include "kvitok/domain/reg_line.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <setjmp.h>
#include <cmocka.h>

#define HEAD "Дата;Время;Тип;Заказ;Код | RRN;Карта;Сумма;Комиссия;НДС;Итог"

static const char signed_json[] =
    "{\"layout\":\"s\",\"encoding\":\"utf-8\",\"separator\":\";\","
    "\"quote\":\"\\\"\",\"decimal\":\",\",\"sums\":\"signed\","
    "\"thousands\":[\"space\",\"no-break\",\"narrow\"],"
    "\"head\":{\"within\":4,\"day\":{\"after\":\"за \",\"form\":"
    "\"DD.MM.YYYY\"}},\"columns\":["
    "{\"name\":\"Дата\",\"field\":\"day\",\"form\":\"DD.MM.YYYY\"},"
    "{\"name\":\"Время\",\"field\":\"time\",\"form\":\"hh:mm:ss\"},"
    "{\"name\":\"Тип\",\"field\":\"kind\"},"
    "{\"name\":\"Заказ\",\"field\":\"order_no\"},"
    "{\"name\":\"Код | RRN\",\"field\":[\"auth_code\",\"rrn\"],"
    "\"joined_by\":\"|\",\"optional\":true},"
    "{\"name\":\"Карта\",\"field\":\"card\",\"optional\":true},"
    "{\"name\":\"Терминал\",\"field\":\"bank_id\",\"optional\":true},"
    "{\"name\":\"Сумма\",\"field\":\"gross\"},"
    "{\"name\":\"Комиссия\",\"field\":\"fee\"},"
    "{\"name\":\"НДС\",\"field\":\"vat\"},"
    "{\"name\":\"Итог\",\"field\":\"net\"}],"
    "\"kinds\":{\"Оплата\":\"payment\",\"Возврат\":\"refund\","
    "\"Отмена\":\"reversal\",\"Спор\":\"chargeback\",\"Спор снят\":"
    "\"chargeback_reversal\",\"Плата\":\"fee\",\"Правка\":\"correction\"},"
    "\"fees\":{\"vat\":\"apart\"},"
    "\"foot\":{\"begins\":\"Итого\",\"required\":true,\"totals\":["
    "{\"position\":2,\"what\":\"count\"},{\"position\":3,\"what\":\"gross\"},"
    "{\"position\":9,\"what\":\"net\"}]}}";

/* Positions, no header, sums without signs, VAT within a fee below zero. */
static const char plain_json[] =
    "{\"layout\":\"p\",\"encoding\":\"utf-8\",\"separator\":\",\","
    "\"decimal\":\".\",\"sums\":\"by_kind\",\"head\":{\"skip\":1},"
    "\"quote\":\"'\",\"columns\":["
    "{\"position\":1,\"field\":\"at\",\"form\":\"YYYY-MM-DD hh:mm\"},"
    "{\"position\":2,\"field\":\"kind\"},"
    "{\"position\":3,\"field\":\"rrn\"},"
    "{\"position\":4,\"field\":\"gross\"},"
    "{\"position\":5,\"field\":\"fee\"},"
    "{\"position\":6,\"field\":\"vat\"},"
    "{\"position\":7,\"field\":\"op_id\",\"optional\":true},"
    "{\"position\":8,\"field\":\"net\",\"optional\":true}],"
    "\"kinds\":{\"P\":\"payment\",\"R\":\"refund\",\"C\":\"correction\","
    "\"F\":\"fee\"},\"fees\":{\"vat\":\"within\",\"sign\":\"minus\"}}";

static struct arena *a;
static struct fault f;
static struct reg_layout layout;
static struct reg_reader r;
static struct reg_row row;
static struct reg_bad bad;

static void
with(const char *json)
{
	fault_init(&f);
	assert_int_equal(reg_layout_read(a, str_of(json), &layout, &f), ERR_OK);
	reg_reader_init(&r, &layout);
}

static enum reg_seen
line(const char *text)
{
	return reg_read(&r, a, str_of(text), &row, &bad);
}

static int
setup(void **state)
{
	(void)state;
	a = arena_new((size_t)64 << 20);
	with(signed_json);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

static void
begin(void)
{
	assert_int_equal(line(HEAD), REG_SEEN_NOTHING);
	assert_true(r.headed);
}

static void
a_payment_of_a_register_is_read(void **state)
{
	(void)state;
	assert_int_equal(
	    line("\xEF\xBB\xBFРеестр за 27.11.2026\r"), REG_SEEN_NOTHING);
	assert_string_equal(r.day, "2026-11-27");
	assert_int_equal(line("\r"), REG_SEEN_NOTHING);
	begin();
	assert_int_equal(line("27.11.2026;00:30:05;Оплата;N-1;"
			      "\"A12|0012\"; 2200**1111 ;1\xC2\xA0"
			      "218,00;18,27;4,02;1 195,71\r"),
	    REG_SEEN_ROW);
	assert_int_equal(row.line, 4);
	assert_int_equal(row.kind, REG_PAYMENT);
	assert_true(str_eq(row.order_no, STR("N-1")));
	assert_true(str_eq(row.auth_code, STR("A12")));
	assert_true(str_eq(row.rrn, STR("0012")));
	assert_true(str_eq(row.card, STR("2200**1111")));
	assert_true(str_eq(row.bank_id, STR("")));
	assert_int_equal(row.gross_kop, 121800);
	assert_int_equal(row.fee_kop, 1827);
	assert_int_equal(row.vat_kop, 402);
	assert_int_equal(row.net_kop, 119571);
	assert_string_equal(row.day, "2026-11-27");
	assert_int_equal(row.at, INT64_C(1795728605000));
	assert_int_equal(line(";;;;;;;;;"), REG_SEEN_NOTHING);
	assert_false(r.footed);
	assert_int_equal(line("\"Итого\";1;1 218,00;;;;;;1"), REG_SEEN_FOOT);
	assert_true(r.footed && r.declares[REG_COUNT]);
	assert_int_equal(r.declared[REG_COUNT], 1);
	assert_int_equal(r.declared[REG_SUM_GROSS], 121800);
	assert_int_equal(r.declared[REG_SUM_NET], 100);
	assert_false(r.declares[REG_SUM_FEE]);
	assert_int_equal(line(""), REG_SEEN_NOTHING);
	assert_true(r.footed);
}

static const struct {
	const char *text;
	enum reg_kind kind;
	int64_t gross, fee, vat;
} good[] = {
	{ "Возврат;N;;;-10,5;0;0;-10,50", REG_REFUND, -1050, 0, 0 },
	{ "Возврат;N;;;\xE2\x88\x92"
	  "10;-0,15;-0,03;-9,82",
	    REG_REFUND, -1000, -15, -3 },
	{ "Отмена;N;;;-10;0;0;-10", REG_REVERSAL, -1000, 0, 0 },
	{ "Спор;N;;;-10;0;0;-10", REG_CHARGEBACK, -1000, 0, 0 },
	{ "Спор снят;N;;;+10;0;0;10", REG_CHARGEBACK_REVERSAL, 1000, 0, 0 },
	{ "Плата;N;;;0;5;1,1;-6,10", REG_FEE, 0, 500, 110 },
	{ "Плата;N;;;0;0;1,1;-1,10", REG_FEE, 0, 0, 110 },
	{ "Правка;N;;;-7;0;0;-7", REG_CORRECTION, -700, 0, 0 },
	{ "Правка;N;;;7;0;0;7", REG_CORRECTION, 700, 0, 0 },
};

static void
kinds_and_their_signs_are_read(void **state)
{
	(void)state;
	begin();
	for (size_t i = 0; i < KV_COUNT(good); i++) {
		struct str s =
		    arena_fmt(a, "27.11.2026;10:00:00;%s", good[i].text);

		if (line(s.p) != REG_SEEN_ROW) {
			print_error("%s: %s\n", s.p, bad.reason);
			fail();
		}
		assert_int_equal(row.kind, good[i].kind);
		assert_int_equal(row.gross_kop, good[i].gross);
		assert_int_equal(row.fee_kop, good[i].fee);
		assert_int_equal(row.vat_kop, good[i].vat);
		assert_int_equal(
		    row.net_kop, good[i].gross - good[i].fee - good[i].vat);
	}
}

#define D "27.11.2026;10:00:00;"
static const struct {
	const char *text, *reason;
	int column;
} spoiled[] = {
	{ "27.13.2026;10:00:00;Оплата;N;;;1;0;0;1", "reg_time", 1 },
	{ "30.02.2026;10:00:00;Оплата;N;;;1;0;0;1", "reg_time", 1 },
	{ "27.11.26;10:00:00;Оплата;N;;;1;0;0;1", "reg_time", 1 },
	{ "27-11-2026;10:00:00;Оплата;N;;;1;0;0;1", "reg_time", 1 },
	{ "2a.11.2026;10:00:00;Оплата;N;;;1;0;0;1", "reg_time", 1 },
	{ "27.11.2026;24:00:00;Оплата;N;;;1;0;0;1", "reg_time", 2 },
	{ "27.11.2026;10:60:00;Оплата;N;;;1;0;0;1", "reg_time", 2 },
	{ "27.11.2026;10:00:60;Оплата;N;;;1;0;0;1", "reg_time", 2 },
	{ ";10:00:00;Оплата;N;;;1;0;0;1", "reg_empty", 1 },
	{ D "Подарок;N;;;1;0;0;1", "reg_kind", 3 },
	{ D "Оплата;;;;1;0;0;1", "reg_empty", 4 },
	{ D "Оплата;12345678901234567890123456789012345678901;;;1;0;0;1",
	    "reg_text_long", 4 },
	{ D "Оплата;N;12345678901234567|1;;1;0;0;1", "reg_text_long", 5 },
	{ D "Оплата;N;1|12345678901234567890123456789012345678901;;1;0;0;1",
	    "reg_text_long", 5 },
	{ D "Оплата;N;;1234567890123456789012345;1;0;0;1", "reg_text_long", 6 },
	{ D "Оплата;N;;;1,234;0;0;1", "reg_sum", 7 },
	{ D "Оплата;N;;;1,;0;0;1", "reg_sum", 7 },
	{ D "Оплата;N;;;1.5;0;0;1", "reg_sum", 7 },
	{ D "Оплата;N;;;,5;0;0;1", "reg_sum", 7 },
	{ D "Оплата;N;;;12 34;0;0;1", "reg_sum", 7 },
	{ D "Оплата;N;;;1234 567;0;0;1", "reg_sum", 7 },
	{ D "Оплата;N;;;1 23 456;0;0;1", "reg_sum", 7 },
	{ D "Оплата;N;;;- 1;0;0;1", "reg_sum", 7 },
	{ D "Оплата;N;;;99999999999999999999;0;0;1", "reg_sum", 7 },
	{ D "Оплата;N;;;10000000000,01;0;0;1", "reg_sum", 7 },
	{ D "Оплата;N;;;x;0;0;1", "reg_sum", 7 },
	{ D "Оплата;N;;;1;x;0;1", "reg_sum", 8 },
	{ D "Оплата;N;;;1;0;x;1", "reg_sum", 9 },
	{ D "Оплата;N;;;1;0;0;x", "reg_sum", 10 },
	{ D "Оплата;N;;;-1;0;0;-1", "reg_sign", 7 },
	{ D "Оплата;N;;;0;0;0;0", "reg_sign", 7 },
	{ D "Возврат;N;;;1;0;0;1", "reg_sign", 7 },
	{ D "Правка;N;;;0;0;0;0", "reg_sign", 7 },
	{ D "Плата;N;;;1;1;0;0", "reg_sign", 7 },
	{ D "Плата;N;;;0;0;0;0", "reg_empty", 8 },
	{ D "Оплата;N;;;10;1;0;10", "reg_net", 10 },
	{ D "Оплата;N;;;10;1;0", "reg_cells", 10 },
	{ D "Оплата;N;;;10;0;0;10;;x", "reg_cells", 12 },
	{ D "Оплата;\"N;;;10;0;0;10", "reg_quote", 4 },
	{ D "Оплата;\"N\"x;;;10;0;0;10", "reg_quote", 4 },
	{ D "Оплата;N\x01;;;10;0;0;10", "reg_text", 0 },
	{ D "Оплата;N\xD0;;;10;0;0;10", "reg_text", 0 },
};

static void
a_bad_cell_is_named_by_line_and_column(void **state)
{
	(void)state;
	begin();
	for (size_t i = 0; i < KV_COUNT(spoiled); i++) {
		enum reg_seen seen = line(spoiled[i].text);

		if (seen != REG_SEEN_BAD ||
		    strcmp(bad.reason, spoiled[i].reason) != 0 ||
		    bad.column != spoiled[i].column) {
			print_error("%s: %d %s column %d\n", spoiled[i].text,
			    seen, seen == REG_SEEN_BAD ? bad.reason : "",
			    seen == REG_SEEN_BAD ? bad.column : -1);
			fail();
		}
		assert_int_equal(bad.line, (int64_t)i + 2);
		assert_true(reason_known(bad.reason));
		/* It does no harm to the next line. */
		assert_true(r.headed);
	}
	assert_int_equal(line(D "Оплата;N;;;10;0;0;10"), REG_SEEN_ROW);
}

static void
too_many_cells_are_not_kept(void **state)
{
	char text[300];

	(void)state;
	begin();
	memset(text, ';', sizeof(text));
	text[0] = 'x';
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(line(text), REG_SEEN_BAD);
	assert_string_equal(bad.reason, "reg_cells");
}

static void
quotes_hold_separators_and_quotes(void **state)
{
	(void)state;
	begin();
	assert_int_equal(
	    line(D "Оплата;\"N;\"\"1\"\"\";;;10;0;0;\"10\""), REG_SEEN_ROW);
	assert_true(str_eq(row.order_no, STR("N;\"1\"")));
}

static void
a_file_without_the_header_is_foreign(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(line("Дата;Сумма"), REG_SEEN_NOTHING);
		assert_false(reg_is_foreign(&r));
	}
	assert_int_equal(line("\"not ended"), REG_SEEN_NOTHING);
	assert_true(reg_is_foreign(&r));
	/* Past the first lines a header row is one no more. */
	assert_int_equal(line(HEAD), REG_SEEN_NOTHING);
	assert_false(r.headed);
}

static void
a_line_too_long_is_passed_over(void **state)
{
	(void)state;
	begin();
	r.footed = true;
	reg_pass_over(&r, &bad);
	assert_int_equal(bad.line, 2);
	assert_string_equal(bad.reason, "reg_line_long");
	assert_false(r.footed);
}

static void
the_last_line_of_totals_counts(void **state)
{
	(void)state;
	begin();
	assert_int_equal(line("Итого;1;2"), REG_SEEN_FOOT);
	assert_int_equal(line(D "Оплата;N;;;10;0;0;10"), REG_SEEN_ROW);
	assert_false(r.footed);
	assert_int_equal(line("Итого;5;x"), REG_SEEN_FOOT);
	assert_int_equal(r.declared[REG_COUNT], 5);
	assert_false(r.declares[REG_SUM_GROSS]);
	assert_int_equal(line("Итого;\"5"), REG_SEEN_FOOT);
	assert_int_equal(line("Итого;-5;0"), REG_SEEN_FOOT);
	assert_false(r.declares[REG_COUNT]);
}

static void
positions_and_sums_without_signs_are_read(void **state)
{
	(void)state;
	with(plain_json);
	assert_int_equal(line("anything at all"), REG_SEEN_NOTHING);
	assert_int_equal(
	    line("2026-11-27 23:59,P,77,1218.00,-22.29,-4.02,OP,1195.71"),
	    REG_SEEN_ROW);
	assert_int_equal(row.gross_kop, 121800);
	assert_int_equal(row.fee_kop, 1827);
	assert_int_equal(row.vat_kop, 402);
	assert_int_equal(row.net_kop, 119571);
	assert_int_equal(
	    line("2026-11-27 23:59,R,77,10,0,0,,10"), REG_SEEN_ROW);
	assert_int_equal(row.gross_kop, -1000);
	assert_int_equal(row.net_kop, -1000);
	assert_int_equal(line("2026-11-27 23:59,C,77,-10,0,0"), REG_SEEN_ROW);
	assert_int_equal(row.gross_kop, -1000);
	assert_int_equal(line("2026-11-27 23:59,R,77,-10,0,0"), REG_SEEN_BAD);
	assert_string_equal(bad.reason, "reg_sign");
	assert_int_equal(line("2026-11-27 23:59,P,77,1 000,0,0"), REG_SEEN_BAD);
	assert_string_equal(bad.reason, "reg_sum");
	assert_int_equal(line("2026-11-27 23:59,P,77,1\xC2\xA0"
			      "000,0,0"),
	    REG_SEEN_BAD);
	assert_int_equal(line("2026-11-27 23:59,P,77,1\xE2\x80\xAF"
			      "000,0,0"),
	    REG_SEEN_BAD);
	assert_int_equal(line("2026-11-27 23:59,P,77"), REG_SEEN_BAD);
	assert_string_equal(bad.reason, "reg_cells");
	assert_false(reg_is_foreign(&r));
}

static void
without_a_kind_the_sign_tells_it(void **state)
{
	(void)state;
	with("{\"layout\":\"k\",\"encoding\":\"utf-8\",\"separator\":\";\","
	     "\"decimal\":\",\",\"sums\":\"signed\",\"columns\":["
	     "{\"position\":1,\"field\":\"day\",\"form\":\"DD.MM.YY\"},"
	     "{\"position\":2,\"field\":\"rrn\"},"
	     "{\"position\":3,\"field\":\"gross\"}]}");
	assert_int_equal(line("27.11.26;1;10"), REG_SEEN_ROW);
	assert_int_equal(row.kind, REG_PAYMENT);
	assert_string_equal(row.day, "2026-11-27");
	assert_int_equal(line("27.11.26;1;-10"), REG_SEEN_ROW);
	assert_int_equal(row.kind, REG_REFUND);
	assert_int_equal(row.net_kop, -1000);
}

static void
an_optional_day_that_is_empty_is_told(void **state)
{
	(void)state;
	with("{\"layout\":\"k\",\"encoding\":\"utf-8\",\"separator\":\";\","
	     "\"decimal\":\",\",\"sums\":\"signed\",\"columns\":["
	     "{\"position\":1,\"field\":\"day\",\"form\":\"DD.MM.YY\","
	     "\"optional\":true},{\"position\":2,\"field\":\"rrn\"},"
	     "{\"position\":3,\"field\":\"gross\"}]}");
	assert_int_equal(line(";1;10"), REG_SEEN_BAD);
	assert_string_equal(bad.reason, "reg_time");
}

static void
narrow_and_thin_spaces_are_spaces(void **state)
{
	int64_t kop;

	(void)state;
	assert_true(reg_cell_sum(STR("\xE2\x80\x89"
				     "1\xE2\x80\xAF"
				     "218,5\xE2\x80\xAF"),
	    &layout, &kop));
	assert_int_equal(kop, 121850);
	assert_true(reg_cell_sum(STR("\t1\xE2\x80\x89"
				     "000\t\xC2\xA0"),
	    &layout, &kop));
	assert_int_equal(kop, 100000);
	assert_false(reg_cell_sum(STR(" 1 "), &layout, &kop) && kop != 100);
	assert_false(reg_cell_sum(STR(""), &layout, &kop));
	assert_true(reg_cell_count(STR("1 000"), &layout, &kop));
	assert_int_equal(kop, 1000);
	assert_false(reg_cell_count(STR("1,5"), &layout, &kop));
}

static void
a_form_takes_at_most_four_digits_of_a_part(void **state)
{
	struct reg_moment m;

	(void)state;
	assert_false(
	    reg_cell_moment(STR("12345-01-01"), STR("YYYYY-MM-DD"), &m));
	assert_true(reg_cell_moment(STR("10:05"), STR("hh:mm"), &m));
	assert_string_equal(m.day, "");
	assert_int_equal(m.ms, 36300000);
}

static void
a_key_is_of_the_ids(void **state)
{
	struct reg_row x = { .kind = REG_PAYMENT,
		.order_no = STR("N-1"),
		.bank_id = STR("B"),
		.op_id = STR(""),
		.rrn = STR("1"),
		.auth_code = STR("2"),
		.at = 5,
		.gross_kop = 100 };
	struct reg_row y = x;
	char one[REG_KEY_SIZE], two[REG_KEY_SIZE];

	(void)state;
	reg_key(a, STR("c"), &x, one);
	y.fee_kop = 7; /* is no id */
	reg_key(a, STR("c"), &y, two);
	assert_string_equal(one, two);
	y.gross_kop = 101;
	reg_key(a, STR("c"), &y, two);
	assert_string_not_equal(one, two);
	y = x;
	reg_key(a, STR("d"), &y, two);
	assert_string_not_equal(one, two);
	y.kind = REG_REFUND;
	reg_key(a, STR("c"), &y, two);
	assert_string_not_equal(one, two);
	/* The bank's own id of an operation is enough. */
	x.op_id = y.op_id = STR("OP");
	y.kind = REG_PAYMENT;
	y.gross_kop = 500;
	reg_key(a, STR("c"), &x, one);
	reg_key(a, STR("c"), &y, two);
	assert_string_equal(one, two);
}

int
main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
	static const struct CMUnitTest tests[] = {
		TEST(a_payment_of_a_register_is_read),
		TEST(kinds_and_their_signs_are_read),
		TEST(a_bad_cell_is_named_by_line_and_column),
		TEST(too_many_cells_are_not_kept),
		TEST(quotes_hold_separators_and_quotes),
		TEST(a_file_without_the_header_is_foreign),
		TEST(a_line_too_long_is_passed_over),
		TEST(the_last_line_of_totals_counts),
		TEST(positions_and_sums_without_signs_are_read),
		TEST(without_a_kind_the_sign_tells_it),
		TEST(an_optional_day_that_is_empty_is_told),
		TEST(narrow_and_thin_spaces_are_spaces),
		TEST(a_form_takes_at_most_four_digits_of_a_part),
		TEST(a_key_is_of_the_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
