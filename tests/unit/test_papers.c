/* Orders and registers as text: limits, likenesses, cells. */
#include "kvitok/domain/settle.h"
#include "kvitok/out/legacy.h"
#include "kvitok/out/orders.h"
#include "kvitok/out/registers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

struct bench {
	struct arena *a;
	struct fault f;
	struct settlement s;
};

static int
setup(void **state)
{
	static struct bench b;

	b = (struct bench){ .a = arena_new((size_t)16 << 20) };
	fault_init(&b.f);
	b.s = (struct settlement){ .id = STR("01KAM0Q3ZC7XW5N9T3B7C0HVKQ"),
		.portal = STR("p"),
		.supplier = STR("s"),
		.day = STR("2026-11-20"),
		.state = SETTLE_PREPARED,
		.sums = { .size = 2,
		    .items = 2,
		    .taken_kop = 130000,
		    .transfer_kop = 130000 },
		.min_kop = 100,
		.contract = STR("17/26"),
		.contract_day = STR("2025-12-20"),
		.payer = { STR("ООО «Портал»"), STR("3812100773"),
		    STR("381201001"), STR("40702810400000007701"),
		    STR("044525823"), STR("Банк ГПБ (АО)"),
		    STR("30101810200000000823") },
		.payee = { STR("ООО «Свет»"), STR("3811090113"),
		    STR("381101001"), STR("40702810910000001204"),
		    STR("042520607"), STR("ПАО Сбербанк"),
		    STR("30101810900000000607") },
		.purpose = STR("По договору 17/26"),
		.order_no = 17,
		.order_day = STR("2026-11-21"),
		.confirmed_at = INT64_C(1795230000000) };
	*state = &b;
	return 0;
}

static int
teardown(void **state)
{
	arena_free(((struct bench *)*state)->a);
	return 0;
}

static void
a_requisite_that_is_wrong_is_named(void **state)
{
	struct bench *b = *state;
	struct settle_party p = b->s.payee;

	assert_null(settle_party_wrong(&p));
	assert_null(settle_party_wrong(&b->s.payer));
	p.account = STR("40702810910000001205"); /* its key is of ...204 */
	assert_string_equal(settle_party_wrong(&p), "account");
	p.account = b->s.payee.account;
	p.bic = STR("04252060");
	assert_string_equal(settle_party_wrong(&p), "bic");
	p.bic = STR("044525823"); /* another bank's */
	assert_string_equal(settle_party_wrong(&p), "account");
	p = b->s.payee;
	p.kpp = STR("");
	assert_string_equal(settle_party_wrong(&p), "kpp");
	p.inn = STR("500100732259"); /* a person has none */
	assert_null(settle_party_wrong(&p));
	p.correspondent = STR("30101810900000000608");
	assert_string_equal(settle_party_wrong(&p), "correspondent");
	p.correspondent = STR("");
	assert_null(settle_party_wrong(&p));
}

static void
a_purpose_is_filled_and_has_210_characters_at_most(void **state)
{
	struct bench *b = *state;
	struct str out;
	char words[300];

	assert_int_equal(
	    settle_purpose(b->a,
		STR("{contract} {contract_day} {day} {count} {sum} {fee}"),
		&b->s, &out, &b->f),
	    ERR_OK);
	assert_string_equal(
	    out.p, "17/26 20.12.2025 20.11.2026 2 1300.00 0.00");
	memset(words, 'x', sizeof(words));
	assert_int_equal(settle_purpose(b->a, (struct str){ words, 210 }, &b->s,
			     &out, &b->f),
	    ERR_OK);
	assert_int_equal(settle_purpose(b->a, (struct str){ words, 211 }, &b->s,
			     &out, &b->f),
	    ERR_LIMIT);
	assert_string_equal(b->f.reason, "settlement_purpose");
	assert_int_equal(
	    settle_purpose(b->a, STR("{x}"), &b->s, &out, &b->f), ERR_LIMIT);
	assert_int_equal(
	    settle_purpose(b->a, STR("{sum"), &b->s, &out, &b->f), ERR_LIMIT);
	assert_int_equal(
	    settle_purpose(b->a, STR(""), &b->s, &out, &b->f), ERR_LIMIT);
	assert_int_equal(
	    settle_purpose(b->a, STR("a\nb"), &b->s, &out, &b->f), ERR_LIMIT);
}

static void
a_sum_at_the_minimum_is_transferred_and_one_below_is_not(void **state)
{
	struct bench *b = *state;

	b->s.sums.taken_kop = b->s.sums.transfer_kop = 100;
	assert_int_equal(settle_may_confirm(&b->s, 100, &b->f), ERR_OK);
	assert_int_equal(settle_may_confirm(&b->s, 99, &b->f), ERR_CONFLICT);
	b->s.sums.taken_kop = b->s.sums.transfer_kop = 99;
	assert_int_equal(settle_may_confirm(&b->s, 99, &b->f), ERR_LIMIT);
	b->s.sums.taken_kop = 100;
	assert_int_equal(settle_may_confirm(&b->s, 99, &b->f), ERR_BUG);
	assert_string_equal(b->f.reason, "settlement_differs");
}

static void
a_character_has_a_likeness_or_is_refused_by_its_field(void **state)
{
	struct bench *b = *state;
	struct buf out;

	buf_init(&out, b->a, 1000);
	assert_int_equal(legacy_text(&out, CODEPAGE_CP866, "f",
			     STR("«1 ₽» — 2…"), &b->f),
	    ERR_OK);
	assert_memory_equal(out.p, "\"1 \xE0\xE3\xA1.\" - 2...", out.len);
	assert_int_equal(
	    legacy_text(&out, CODEPAGE_CP1251, "f", STR("日"), &b->f),
	    ERR_LIMIT);
	assert_string_equal(b->f.reason, "order_text");
	assert_string_equal(b->f.args[0].value, "f");
	assert_int_equal(
	    legacy_text(&out, CODEPAGE_CP1251, "f", STR("a\nb"), &b->f),
	    ERR_LIMIT);
}

static void
an_order_refuses_a_name_that_its_format_cannot_hold(void **state)
{
	struct bench *b = *state;
	char name[161];
	struct buf out;

	memset(name, 'x', sizeof(name));
	b->s.payee.title = (struct str){ name, 160 };
	buf_init(&out, b->a, 1 << 20);
	assert_int_equal(orders_1c(&b->s, 1, &out, &b->f), ERR_OK);
	assert_int_equal(orders_pain001(&b->s, 1, &out, &b->f), ERR_LIMIT);
	assert_string_equal(b->f.args[0].value, "payee.title");
	b->s.payee.title.len = 140;
	assert_int_equal(orders_pain001(&b->s, 1, &out, &b->f), ERR_OK);
	b->s.payee.title.len = 161;
	assert_int_equal(orders_1c(&b->s, 1, &out, &b->f), ERR_LIMIT);
	assert_string_equal(b->f.reason, "order_text");
}

#define CSV                                                                    \
	"{\"layout\":\"t\",\"kind\":\"csv\",\"encoding\":\"utf-8\","           \
	"\"file\":\"{contract}_{day:DDMMYY}.txt\",\"separator\":\";\","        \
	"\"decimal\":\",\",\"foot\":[\"={count};{sum}\"],"

static const struct pay_row row = { .n = 1,
	.kind = { "refund", 6 },
	.number = { "7K3M9QZT-4F8D2K1M0X", 19 },
	.id = { "ID", 2 },
	.account = { "00;1\"2", 6 },
	.service = { "zhku", 4 },
	.day = { "2026-11-20", 10 },
	.at = INT64_C(1795294800000), /* 22.11.2026 00:00:00 of Moscow */
	.sum_kop = -1205,
	.supplier_fee_kop = -5 };

static const char *
written(struct bench *b, const char *json)
{
	struct pay_layout *l = ARENA_NEW(b->a, struct pay_layout);
	struct pay_totals totals = { 1, -1205, 0, -5 };
	struct pay_register r = { l, &b->s, &totals };
	struct papers p = papers_of();
	struct buf out;

	buf_init(&out, b->a, 1 << 16);
	assert_int_equal(pay_layout_read(b->a, str_of(json), l, &b->f), ERR_OK);
	assert_int_equal(p.register_begin(NULL, &r, &out, &b->f), ERR_OK);
	assert_int_equal(p.register_row(NULL, &r, &row, &out, &b->f), ERR_OK);
	assert_int_equal(p.register_end(NULL, &r, &out, &b->f), ERR_OK);
	assert_string_equal(
	    pay_file_name(b->a, l, &b->s, &totals).p, "17_26_201126.txt");
	return out.p;
}

static void
cells_are_quoted_or_their_marks_become_spaces(void **state)
{
	struct bench *b = *state;

	assert_string_equal(
	    written(b,
		CSV "\"columns\":[{\"field\":\"account\"},"
		    "{\"field\":\"sum\"},{\"field\":\"net\"}]}"),
	    "00 1\"2;-12,05;-12,00\r\n=1;-12,05\r\n");
	assert_string_equal(written(b,
				CSV "\"quote\":\"\\\"\",\"line_end\":\"lf\","
				    "\"columns\":[{\"field\":\"account\"}]}"),
	    "\"00;1\"\"2\"\n=1;-12,05\n");
	assert_string_equal(
	    written(b,
		CSV "\"kinds\":{\"refund\":\"R\"},\"columns\":["
		    "{\"field\":\"kind\"},{\"field\":\"day\",\"form\":"
		    "\"YYYYMMDD\"},{\"field\":\"time\"},{\"text\":\"x\"},"
		    "{\"field\":\"period\"}]}"),
	    "R;20261122;00:00:00;x;1126\r\n=1;-12,05\r\n");
}

static void
xml_is_escaped_and_loses_no_character(void **state)
{
	struct bench *b = *state;

	assert_string_equal(
	    written(b,
		"{\"layout\":\"t\",\"kind\":\"xml\",\"encoding\":\"cp866\","
		"\"file\":\"{contract}_{day:DDMMYY}.txt\",\"root\":\"r\","
		"\"row\":\"p\",\"attributes\":true,\"totals\":[],\"columns\":["
		"{\"name\":\"a\",\"field\":\"account\"},"
		"{\"name\":\"b\",\"text\":\"«\"}]}"),
	    "<?xml version=\"1.0\" encoding=\"cp866\"?>\n<r>\n"
	    "<p a=\"00;1&quot;2\" b=\"&#171;\"/>\n</r>\n");
}

/* What does not fit into an answer is refused, not cut. */
static void
a_file_that_is_too_large_is_refused_whole(void **state)
{
	struct bench *b = *state;
	struct papers p = papers_of();
	struct buf out;

	for (int i = ORDER_1C; i <= ORDER_PAIN001; i++) {
		enum order_format format = (enum order_format)i;
		size_t len;

		buf_init(&out, b->a, 1 << 16);
		fault_init(&b->f);
		assert_int_equal(
		    p.orders(p.self, format, &b->s, 1, &out, &b->f), ERR_OK);
		len = out.len;
		buf_init(&out, b->a, len);
		assert_int_equal(
		    p.orders(p.self, format, &b->s, 1, &out, &b->f), ERR_OK);
		buf_init(&out, b->a, len - 1);
		assert_int_equal(
		    p.orders(p.self, format, &b->s, 1, &out, &b->f), ERR_LIMIT);
		assert_string_equal(b->f.reason, "file_too_large");
	}
}

static void
a_layout_that_is_wrong_is_refused_by_its_member(void **state)
{
	static const struct {
		const char *json, *member;
	} bad[] = {
		{ CSV "\"columns\":[{\"field\":\"owner\"}]}",
		    "/columns/0/field" },
		{ CSV "\"columns\":[]}", "/columns" },
		{ CSV "\"root\":\"r\",\"columns\":[{\"field\":\"sum\"}]}",
		    "/root" },
		{ CSV "\"head\":[\"{x}\"],\"columns\":[{\"field\":\"sum\"}]}",
		    "/head" },
		{ CSV "\"columns\":[{\"field\":\"sum\",\"length\":9}]}",
		    "/columns/0/length" },
		{ CSV "\"colour\":1,\"columns\":[{\"field\":\"sum\"}]}",
		    "/colour" },
	};
	struct bench *b = *state;
	struct pay_layout l;

	for (size_t i = 0; i < KV_COUNT(bad); i++) {
		assert_int_equal(
		    pay_layout_read(b->a, str_of(bad[i].json), &l, &b->f),
		    ERR_INVALID);
		assert_string_equal(b->f.reason, "layout_bad");
		assert_string_equal(b->f.fields[0].pointer, bad[i].member);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_requisite_that_is_wrong_is_named),
		TEST(a_purpose_is_filled_and_has_210_characters_at_most),
		TEST(a_sum_at_the_minimum_is_transferred_and_one_below_is_not),
		TEST(a_character_has_a_likeness_or_is_refused_by_its_field),
		TEST(an_order_refuses_a_name_that_its_format_cannot_hold),
		TEST(cells_are_quoted_or_their_marks_become_spaces),
		TEST(xml_is_escaped_and_loses_no_character),
		TEST(a_file_that_is_too_large_is_refused_whole),
		TEST(a_layout_that_is_wrong_is_refused_by_its_member),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
