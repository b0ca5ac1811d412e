#include "kvitok/base/attr.h"
#include "kvitok/domain/reg_layout.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <setjmp.h>
#include <cmocka.h>

/* What a layout must have; %s is more of it. */
#define HEAD                                                                   \
	"{\"layout\":\"x\",\"encoding\":\"utf-8\",\"separator\":\";\","        \
	"\"decimal\":\",\",\"sums\":\"signed\","
#define COLUMNS                                                                \
	"\"columns\":[{\"name\":\"d\",\"field\":\"at\","                       \
	"\"form\":\"DD.MM.YYYY hh:mm\"},{\"name\":\"n\",\"field\":"            \
	"\"order_no\"},{\"name\":\"g\",\"field\":\"gross\"}]"
#define WHOLE(more) HEAD COLUMNS more "}"
#define WITH_COLUMNS(list) HEAD "\"columns\":[" list "]}"
#define DAY "{\"name\":\"d\",\"field\":\"day\",\"form\":\"DD.MM.YY\"},"
#define NO "{\"name\":\"n\",\"field\":\"order_no\"},"
#define GROSS "{\"name\":\"g\",\"field\":\"gross\"}"

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

static void
a_layout_of_every_member_is_read(void **state)
{
	struct reg_layout l;

	(void)state;
	assert_int_equal(
	    reg_layout_read(a,
		STR(HEAD COLUMNS
		    ",\"title\":\"t\",\"quote\":\"'\",\"zone_min\":0,"
		    "\"thousands\":[\"space\",\"no-break\",\"narrow\"],"
		    "\"head\":{\"within\":3,\"skip\":2,\"day\":{\"after\":"
		    "\"за \",\"form\":\"DD.MM.YYYY\"}},"
		    "\"fees\":{\"vat\":\"none\",\"sign\":\"minus\"},"
		    "\"foot\":{\"begins\":\"Итого\",\"required\":true,"
		    "\"totals\":[{\"position\":2,\"what\":\"count\"}]}}"),
		&l, &f),
	    ERR_OK);
	assert_true(str_eq(l.layout, STR("x")));
	assert_true(str_eq(l.title, STR("t")));
	assert_int_equal(l.encoding, CODEPAGE_UTF8);
	assert_int_equal(l.separator, ';');
	assert_int_equal(l.quote, '\'');
	assert_int_equal(l.decimal, ',');
	assert_true(l.space && l.no_break && l.narrow);
	assert_int_equal(l.zone_min, 0);
	assert_int_equal(l.within, 3);
	assert_int_equal(l.skip, 2);
	assert_true(str_eq(l.day_after, STR("за ")));
	assert_int_equal(l.columns_len, 3);
	assert_true(l.named && l.signed_sums && l.fee_below);
	assert_true(l.foot_required);
	assert_int_equal(l.totals_len, 1);
	assert_int_equal(l.totals[0].what, REG_COUNT);
}

static void
positions_need_no_header(void **state)
{
	struct reg_layout l;

	(void)state;
	assert_int_equal(
	    reg_layout_read(a,
		STR("{\"layout\":\"p\",\"encoding\":\"cp866\",\"separator\":"
		    "\"tab\",\"decimal\":\".\",\"sums\":\"by_kind\","
		    "\"columns\":[{\"position\":2,\"field\":\"day\",\"form\":"
		    "\"YYYY-MM-DD\"},{\"position\":1,\"field\":[\"rrn\","
		    "\"auth_code\"],\"joined_by\":\"|\"},{\"position\":3,"
		    "\"field\":\"gross\"},{\"position\":4,\"field\":\"kind\"},"
		    "{\"position\":5,\"field\":\"fee\"},{\"position\":6,"
		    "\"field\":\"vat\"}],\"kinds\":{\"P\":\"payment\"},"
		    "\"fees\":{\"vat\":\"within\"}}"),
		&l, &f),
	    ERR_OK);
	assert_false(l.named);
	assert_int_equal(l.separator, '\t');
	assert_int_equal(l.columns[1].fields_len, 2);
	assert_int_equal(l.vat, REG_VAT_WITHIN);
	assert_int_equal(l.kinds[0].kind, REG_PAYMENT);
}

static const struct {
	const char *json, *pointer, *reason;
} wrong[] = {
	{ "[]", "", "field_type" },
	{ WHOLE(",\"colour\":1"), "/colour", "field_unknown" },
	{ "{\"layout\":1}", "/layout", "field_type" },
	{ "{\"layout\":\"\"}", "/layout", "field_length" },
	{ "{}", "/layout", "field_missing" },
	{ "{\"layout\":\"X\"}", "/layout", "field_form" },
	{ "{\"layout\":\"123456789012345678901234567890123\"}", "/layout",
	    "field_length" },
	{ "{\"layout\":\"a\\u0001\"}", "/layout", "text_bad_utf8" },
	{ "{\"layout\":\"x\",\"title\":2}", "/title", "field_type" },
	{ "{\"layout\":\"x\"}", "/encoding", "field_missing" },
	{ "{\"layout\":\"x\",\"encoding\":\"koi8-r\"}", "/encoding",
	    "field_form" },
	{ "{\"layout\":\"x\",\"encoding\":1}", "/encoding", "field_type" },
	{ "{\"layout\":\"x\",\"encoding\":\"utf-8\",\"sums\":\"signed\"}",
	    "/separator", "field_missing" },
	{ "{\"layout\":\"x\",\"encoding\":\"utf-8\"}", "/sums",
	    "field_missing" },
	{ "{\"layout\":\"x\",\"encoding\":\"utf-8\",\"sums\":\"odd\"}", "/sums",
	    "field_form" },
	{ "{\"layout\":\"x\",\"encoding\":\"utf-8\",\"sums\":1}", "/sums",
	    "field_type" },
	{ "{\"layout\":\"x\",\"encoding\":\"utf-8\",\"sums\":\"signed\","
	  "\"separator\":\"ab\"}",
	    "/separator", "field_form" },
	{ "{\"layout\":\"x\",\"encoding\":\"utf-8\",\"sums\":\"signed\","
	  "\"separator\":\"7\"}",
	    "/separator", "field_form" },
	{ "{\"layout\":\"x\",\"encoding\":\"utf-8\",\"sums\":\"signed\","
	  "\"separator\":\"a\"}",
	    "/separator", "field_form" },
	{ "{\"layout\":\"x\",\"encoding\":\"utf-8\",\"sums\":\"signed\","
	  "\"separator\":\"A\"}",
	    "/separator", "field_form" },
	{ "{\"layout\":\"x\",\"encoding\":\"utf-8\",\"sums\":\"signed\","
	  "\"separator\":\" \"}",
	    "/separator", "field_form" },
	{ "{\"layout\":\"x\",\"encoding\":\"utf-8\",\"sums\":\"signed\","
	  "\"separator\":\"\xC2\xA7\"}",
	    "/separator", "field_form" },
	{ "{\"layout\":\"x\",\"encoding\":\"utf-8\",\"sums\":\"signed\","
	  "\"separator\":5}",
	    "/separator", "field_type" },
	{ "{\"layout\":\"x\",\"encoding\":\"utf-8\",\"sums\":\"signed\","
	  "\"separator\":\";\"}",
	    "/decimal", "field_missing" },
	{ "{\"layout\":\"x\",\"encoding\":\"utf-8\",\"sums\":\"signed\","
	  "\"separator\":\";\",\"decimal\":\":\"}",
	    "/decimal", "field_form" },
	{ "{\"layout\":\"x\",\"encoding\":\"utf-8\",\"sums\":\"signed\","
	  "\"separator\":\",\",\"decimal\":\",\"}",
	    "/decimal", "field_repeated" },
	{ "{\"layout\":\"x\",\"encoding\":\"utf-8\",\"sums\":\"signed\","
	  "\"separator\":\",\",\"decimal\":1}",
	    "/decimal", "field_type" },
	{ WHOLE(",\"quote\":\";\""), "/quote", "field_repeated" },
	{ WHOLE(",\"quote\":1"), "/quote", "field_type" },
	{ WHOLE(",\"zone_min\":841"), "/zone_min", "field_range" },
	{ WHOLE(",\"zone_min\":\"3\""), "/zone_min", "field_type" },
	{ WHOLE(",\"open_end\":1"), "/open_end", "field_type" },
	{ WHOLE(",\"thousands\":1"), "/thousands", "field_type" },
	{ WHOLE(",\"thousands\":[1]"), "/thousands", "field_type" },
	{ WHOLE(",\"thousands\":[\"dot\"]"), "/thousands", "field_form" },
	{ WHOLE(",\"head\":1"), "/head", "field_type" },
	{ WHOLE(",\"head\":{\"x\":1}"), "/head/x", "field_unknown" },
	{ WHOLE(",\"head\":{\"within\":0}"), "/head/within", "field_range" },
	{ WHOLE(",\"head\":{\"skip\":101}"), "/head/skip", "field_range" },
	{ WHOLE(",\"head\":{\"day\":1}"), "/head/day", "field_type" },
	{ WHOLE(",\"head\":{\"day\":{}}"), "/head/day/after", "field_missing" },
	{ WHOLE(",\"head\":{\"day\":{\"after\":1}}"), "/head/day/after",
	    "field_type" },
	{ WHOLE(",\"head\":{\"day\":{\"after\":\"a\"}}"), "/head/day/form",
	    "field_missing" },
	{ WHOLE(",\"head\":{\"day\":{\"after\":\"a\",\"form\":1}}"),
	    "/head/day/form", "field_type" },
	{ WHOLE(",\"head\":{\"day\":{\"after\":\"a\",\"form\":\"hh:mm\"}}"),
	    "/head/day/form", "field_form" },
	{ WHOLE(",\"head\":{\"day\":{\"after\":\"a\",\"x\":1}}"), "/head/day/x",
	    "field_unknown" },
	{ HEAD "\"title\":\"x\"}", "/columns", "field_missing" },
	{ HEAD "\"columns\":1}", "/columns", "field_type" },
	{ WITH_COLUMNS(""), "/columns", "field_length" },
	{ WITH_COLUMNS("1"), "/columns/0", "field_type" },
	{ WITH_COLUMNS("{\"x\":1}"), "/columns/0/x", "field_unknown" },
	{ WITH_COLUMNS("{\"name\":1}"), "/columns/0/name", "field_type" },
	{ WITH_COLUMNS("{\"field\":\"gross\"}"), "/columns/0/name",
	    "field_missing" },
	{ WITH_COLUMNS("{\"name\":\"a\",\"position\":1}"),
	    "/columns/0/position", "field_unknown" },
	{ WITH_COLUMNS("{\"position\":65}"), "/columns/0/position",
	    "field_range" },
	{ WITH_COLUMNS("{\"name\":\"a\",\"optional\":1}"),
	    "/columns/0/optional", "field_type" },
	{ WITH_COLUMNS("{\"name\":\"a\"}"), "/columns/0/field",
	    "field_missing" },
	{ WITH_COLUMNS("{\"name\":\"a\",\"field\":1}"), "/columns/0/field",
	    "field_type" },
	{ WITH_COLUMNS("{\"name\":\"a\",\"field\":\"sum\"}"),
	    "/columns/0/field", "field_form" },
	{ WITH_COLUMNS("{\"name\":\"a\",\"field\":[\"rrn\"]}"),
	    "/columns/0/field", "field_length" },
	{ WITH_COLUMNS("{\"name\":\"a\",\"field\":[\"rrn\",1]}"),
	    "/columns/0/field", "field_type" },
	{ WITH_COLUMNS("{\"name\":\"a\",\"field\":[\"rrn\",\"card\"]}"),
	    "/columns/0/joined_by", "field_missing" },
	{ WITH_COLUMNS("{\"name\":\"a\",\"field\":\"rrn\",\"joined_by\":"
		       "\"|\"}"),
	    "/columns/0/joined_by", "field_unknown" },
	{ WITH_COLUMNS("{\"name\":\"a\",\"joined_by\":1}"),
	    "/columns/0/joined_by", "field_type" },
	{ WITH_COLUMNS("{\"name\":\"a\",\"field\":\"at\"}"), "/columns/0/form",
	    "field_missing" },
	{ WITH_COLUMNS("{\"name\":\"a\",\"field\":\"at\",\"form\":1}"),
	    "/columns/0/form", "field_type" },
	{ WITH_COLUMNS("{\"name\":\"a\",\"field\":\"at\",\"form\":"
		       "\"DD.MM.YYYY\"}"),
	    "/columns/0/form", "field_form" },
	{ WITH_COLUMNS("{\"name\":\"a\",\"field\":\"time\",\"form\":"
		       "\"DD.MM.YYYY\"}"),
	    "/columns/0/form", "field_form" },
	{ WITH_COLUMNS("{\"name\":\"a\",\"field\":[\"day\",\"time\"],"
		       "\"joined_by\":\"|\",\"form\":\"DD.MM.YYYY hh:mm\"}"),
	    "/columns/0/form", "field_form" },
	{ WITH_COLUMNS("{\"name\":\"a\",\"field\":\"rrn\",\"form\":\"DD\"}"),
	    "/columns/0/form", "field_unknown" },
	{ WITH_COLUMNS(NO NO GROSS), "/columns/1/field", "field_repeated" },
	{ WITH_COLUMNS(NO "{\"position\":2,\"field\":\"gross\"}"),
	    "/columns/1/position", "field_form" },
	{ WITH_COLUMNS(NO GROSS), "/columns", "field_missing" },
	{ WITH_COLUMNS(DAY "{\"name\":\"a\",\"field\":\"at\",\"form\":\"DD.MM."
			   "YY hh:mm\"}," NO GROSS),
	    "/columns", "field_missing" },
	{ WITH_COLUMNS("{\"name\":\"a\",\"field\":\"at\",\"form\":"
		       "\"DD.MM.YY hh:mm\"},{\"name\":\"t\",\"field\":"
		       "\"time\",\"form\":\"hh:mm\"}," NO GROSS),
	    "/columns", "field_missing" },
	{ WITH_COLUMNS(DAY NO "{\"name\":\"f\",\"field\":\"fee\"}"), "/columns",
	    "field_missing" },
	{ WITH_COLUMNS(DAY GROSS), "/columns", "field_missing" },
	{ WITH_COLUMNS(DAY NO GROSS ",{\"name\":\"k\",\"field\":\"kind\"}"),
	    "/columns", "field_missing" },
	{ WHOLE(",\"kinds\":{\"a\":\"payment\"}"), "/columns",
	    "field_missing" },
	{ WITH_COLUMNS(DAY NO GROSS ",{\"name\":\"v\",\"field\":\"vat\"}"),
	    "/columns", "field_missing" },
	{ WHOLE(",\"fees\":{\"vat\":\"apart\"}"), "/columns", "field_missing" },
	{ HEAD "\"fees\":{\"vat\":\"apart\"},\"columns\":[" DAY NO GROSS
	       ",{\"name\":\"v\",\"field\":\"vat\"}]}",
	    "/columns", "field_missing" },
	{ WHOLE(",\"kinds\":1"), "/kinds", "field_type" },
	{ WHOLE(",\"kinds\":{}"), "/kinds", "field_length" },
	{ WHOLE(",\"kinds\":{\"a\":1}"), "/kinds/a", "field_type" },
	{ WHOLE(",\"kinds\":{\"a\":\"gift\"}"), "/kinds/a", "field_form" },
	{ WHOLE(",\"fees\":1"), "/fees", "field_type" },
	{ WHOLE(",\"fees\":{\"vat\":\"half\"}"), "/fees/vat", "field_form" },
	{ WHOLE(",\"fees\":{\"sign\":\"odd\"}"), "/fees/sign", "field_form" },
	{ WHOLE(",\"foot\":1"), "/foot", "field_type" },
	{ WHOLE(",\"foot\":{}"), "/foot/begins", "field_missing" },
	{ WHOLE(",\"foot\":{\"begins\":1}"), "/foot/begins", "field_type" },
	{ WHOLE(",\"foot\":{\"begins\":\"=\",\"required\":1}"),
	    "/foot/required", "field_type" },
	{ WHOLE(",\"foot\":{\"begins\":\"=\",\"totals\":1}"), "/foot/totals",
	    "field_type" },
	{ WHOLE(",\"foot\":{\"begins\":\"=\",\"totals\":[1,1,1,1,1,1,1,1,1]}"),
	    "/foot/totals", "field_length" },
	{ WHOLE(",\"foot\":{\"begins\":\"=\",\"totals\":[1]}"),
	    "/foot/totals/0", "field_type" },
	{ WHOLE(",\"foot\":{\"begins\":\"=\",\"totals\":[{\"what\":"
		"\"net\"}]}"),
	    "/foot/totals/0/position", "field_missing" },
	{ WHOLE(",\"foot\":{\"begins\":\"=\",\"totals\":[{\"position\":1}]}"),
	    "/foot/totals/0/what", "field_missing" },
	{ WHOLE(",\"foot\":{\"begins\":\"=\",\"totals\":[{\"position\":1,"
		"\"what\":\"sum\"}]}"),
	    "/foot/totals/0/what", "field_form" },
	{ WHOLE(",\"foot\":{\"begins\":\"=\",\"totals\":[{\"position\":0}]}"),
	    "/foot/totals/0/position", "field_range" },
};

static void
each_wrong_member_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < KV_COUNT(wrong); i++) {
		struct reg_layout l;

		fault_init(&f);
		assert_int_equal(
		    reg_layout_read(a, str_of(wrong[i].json), &l, &f),
		    ERR_INVALID);
		if (strcmp(f.reason, "layout_bad") != 0 ||
		    strcmp(f.fields[0].pointer, wrong[i].pointer) != 0 ||
		    strcmp(f.fields[0].reason, wrong[i].reason) != 0) {
			print_error("%s\n  %s: %s, not %s: %s (%s)\n",
			    wrong[i].json, f.fields[0].pointer,
			    f.fields[0].reason, wrong[i].pointer,
			    wrong[i].reason, f.detail);
			fail();
		}
		assert_non_null(strstr(f.detail, wrong[i].pointer));
	}
}

static void
what_is_no_json_is_refused(void **state)
{
	struct reg_layout l;

	(void)state;
	assert_int_equal(reg_layout_read(a, STR("{"), &l, &f), ERR_INVALID);
	assert_string_equal(f.reason, "json_bad");
}

static void
the_shipped_layouts_are_right(void **state)
{
	static const char *const names[] = { "conf/layouts/sberbank.json",
		"conf/layouts/gazprombank.json" };

	(void)state;
	for (size_t i = 0; i < KV_COUNT(names); i++) {
		char *text = arena_alloc(a, REG_LAYOUT_MAX);
		struct reg_layout l;
		FILE *x = fopen(names[i], "r");
		size_t len;

		assert_non_null(x);
		len = fread(text, 1, REG_LAYOUT_MAX, x);
		assert_int_equal(fclose(x), 0);
		if (reg_layout_read(a, (struct str){ text, len }, &l, &f) !=
		    ERR_OK) {
			print_error("%s: %s\n", names[i], f.detail);
			fail();
		}
	}
}

static void
kinds_are_read_back(void **state)
{
	enum reg_kind k;

	(void)state;
	for (int i = 0; i < REG_KIND__COUNT; i++) {
		assert_true(
		    reg_kind_of(str_of(reg_kind_name((enum reg_kind)i)), &k));
		assert_int_equal(k, i);
	}
	assert_false(reg_kind_of(STR("gift"), &k));
}

int
main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
	static const struct CMUnitTest tests[] = {
		TEST(a_layout_of_every_member_is_read),
		TEST(positions_need_no_header),
		TEST(each_wrong_member_is_named),
		TEST(what_is_no_json_is_refused),
		TEST(the_shipped_layouts_are_right),
		TEST(kinds_are_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
