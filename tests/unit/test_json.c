#include "kvitok/base/json.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

static struct arena *a;

static int
setup(void **state)
{
	(void)state;
	a = arena_new(8 << 20);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

static const struct json *
parsed(const char *text)
{
	const struct json *j = NULL;
	struct fault f;

	assert_int_equal(
	    json_parse(a, str_of(text), JSON_STRICT, &j, &f), ERR_OK);
	assert_non_null(j);
	return j;
}

static void
refused(struct str text, const char *reason)
{
	const struct json *j = NULL;
	struct fault f;

	fault_init(&f);
	assert_int_equal(json_parse(a, text, JSON_STRICT, &j, &f), ERR_INVALID);
	assert_string_equal(f.reason, reason);
	assert_null(j);
}

static void
check_canonical(const struct json *j, const char *want)
{
	struct buf b;

	buf_init(&b, a, 1 << 20);
	json_canonical(j, &b);
	assert_string_equal(b.p, want);
}

static void
every_kind_is_read(void **state)
{
	const struct json *j = parsed("{\"t\":\"ё\\u0451\\n\",\"i\":-5,"
				      "\"y\":true,\"n\":null,\"l\":[1,[]],"
				      "\"o\":{}}");
	struct str s;
	int64_t n;
	bool yes = false;

	(void)state;
	assert_int_equal(json_kind(j), JSON_OBJECT);
	assert_true(json_text(json_get(j, "t"), &s));
	assert_true(str_eq(s, STR("ёё\n")));
	assert_true(json_int(json_get(j, "i"), &n));
	assert_int_equal(n, -5);
	assert_true(json_bool(json_get(j, "y"), &yes));
	assert_true(yes);
	assert_int_equal(json_kind(json_get(j, "n")), JSON_NULL);
	assert_non_null(json_get(j, "n"));
	assert_int_equal(json_count(json_get(j, "l")), 2);
	assert_true(json_int(json_at(json_get(j, "l"), 0), &n));
	assert_int_equal(n, 1);
	assert_int_equal(json_kind(json_at(json_get(j, "l"), 1)), JSON_LIST);
	assert_int_equal(json_count(json_get(j, "o")), 0);
	assert_int_equal(json_kind(json_get(j, "o")), JSON_OBJECT);
}

static void
members_come_in_order_of_appearance(void **state)
{
	const struct json *j = parsed("{\"b\":1,\"a\":2,\"c\":3}");

	(void)state;
	assert_int_equal(json_count(j), 3);
	assert_true(str_eq(json_name(j, 0), STR("b")));
	assert_true(str_eq(json_name(j, 1), STR("a")));
	assert_true(str_eq(json_name(j, 2), STR("c")));
	assert_ptr_equal(json_value(j, 1), json_get(j, "a"));
	assert_null(json_value(j, 3));
	assert_int_equal(json_name(j, 3).len, 0);
}

static void
readers_of_another_kind_find_nothing(void **state)
{
	const struct json *list = parsed("[\"a\"]"), *n = parsed("5");
	struct str s = STR("as it was");
	int64_t i = 77;
	bool yes = true;

	(void)state;
	assert_false(json_text(n, &s));
	assert_false(json_text(NULL, &s));
	assert_false(json_int(list, &i));
	assert_false(json_int(NULL, &i));
	assert_false(json_bool(n, &yes));
	assert_null(json_get(list, "a"));
	assert_null(json_get(NULL, "a"));
	assert_null(json_at(list, 1));
	assert_null(json_at(n, 0));
	assert_null(json_at(parsed("{\"a\":1}"), 0));
	assert_null(json_value(list, 0));
	assert_int_equal(json_name(list, 0).len, 0);
	assert_int_equal(json_count(n), 0);
	assert_int_equal(json_count(NULL), 0);
	assert_int_equal(json_kind(NULL), JSON_NULL);
	assert_true(str_eq(s, STR("as it was")));
	assert_int_equal(i, 77);
}

static void
sums_of_19_digits_are_exact_and_of_20_refused(void **state)
{
	int64_t n;

	(void)state;
	assert_true(json_int(
	    json_get(parsed("{\"sum_kop\":9223372036854775807}"), "sum_kop"),
	    &n));
	assert_true(n == INT64_MAX);
	assert_true(json_int(parsed("1234567890123456789"), &n));
	assert_true(n == INT64_C(1234567890123456789));
	assert_true(json_int(parsed("-9223372036854775808"), &n));
	assert_true(n == INT64_MIN);
	refused(STR("9223372036854775808"), "json_number");
	refused(STR("{\"a\":12345678901234567890}"), "json_number");
	refused(STR("-9223372036854775809"), "json_number");
}

static void
fractions_are_refused_unless_they_are_let_through(void **state)
{
	const struct json *j;
	struct fault f;
	int64_t n = 77;

	(void)state;
	refused(STR("[1.0]"), "json_bad");
	refused(STR("1e3"), "json_bad");
	refused(STR("-0.5"), "json_bad");
	assert_int_equal(
	    json_parse(a, STR("{\"a\":1.5,\"b\":2}"), JSON_REALS, &j, &f),
	    ERR_OK);
	assert_int_equal(json_kind(json_get(j, "a")), JSON_REAL);
	assert_false(json_int(json_get(j, "a"), &n));
	assert_true(json_int(json_get(j, "b"), &n));
	check_canonical(j, "{\"a\":null,\"b\":2}");
}

static void
a_name_twice_is_refused_at_any_depth(void **state)
{
	(void)state;
	refused(STR("{\"a\":1,\"a\":1}"), "json_duplicate");
	refused(STR("{\"x\":[{\"a\":1,\"b\":2,\"a\":3}]}"), "json_duplicate");
	refused(STR("{\"a\":1,\"\\u0061\":2}"), "json_duplicate");
	(void)parsed("{\"a\":{\"a\":1}}"); /* only that it is taken */
}

static struct str
nested(size_t depth, char open, char close)
{
	struct buf b;

	buf_init(&b, a, 1 << 20);
	for (size_t i = 0; i < depth; i++)
		buf_text(&b, open == '[' ? STR("[") : STR("{\"a\":"));
	buf_lit(&b, "1");
	for (size_t i = 0; i < depth; i++)
		buf_char(&b, close);
	return buf_str(&b);
}

static void
nesting_of_16_is_taken_and_of_17_refused(void **state)
{
	const struct json *j;
	struct fault f;

	(void)state;
	assert_int_equal(
	    json_parse(a, nested(16, '[', ']'), JSON_STRICT, &j, &f), ERR_OK);
	assert_int_equal(
	    json_parse(a, nested(16, '{', '}'), JSON_STRICT, &j, &f), ERR_OK);
	for (int i = 0; i < 16; i++)
		j = json_get(j, "a");
	assert_int_equal(json_kind(j), JSON_INT);
	refused(nested(17, '[', ']'), "json_deep");
	refused(nested(17, '{', '}'), "json_deep");
	refused(nested(100000, '[', ']'), "json_deep");
}

static void
brackets_in_texts_are_no_nesting(void **state)
{
	const struct json *j = parsed("[\"[[[[[[[[[[[[[[[[[[[[\\\"[[[[\","
				      "\"\\\\\",[[]],[],[],[],[],[],[],[],[],"
				      "[],[],[],[],[],[],[],[],[]]");

	(void)state;
	assert_int_equal(json_count(j), 20);
}

static void
what_is_no_json_is_refused(void **state)
{
	static const char *const bad[] = { "", " ", "{", "}", "[1,]", "{a:1}",
		"{\"a\" 1}", "[1 2]", "nul", "[1]x", "{} {}", "'a'", "01", "+1",
		".5", "\"a", "\"\\x\"", "[\"a\nb\"]", "\xEF\xBB\xBF{}", "NaN",
		"Infinity", "// c\n1", "\"\\ud800\"" };

	(void)state;
	for (size_t i = 0; i < KV_COUNT(bad); i++)
		refused(str_of(bad[i]), "json_bad");
	refused(STR_NONE, "json_bad");
	refused(STR("1e999"), "json_number");
}

static void
broken_utf8_and_nul_are_refused_by_name(void **state)
{
	(void)state;
	refused(STR("\"\xD0\""), "text_bad_utf8");
	refused(STR("\"\xED\xA0\x80\""), "text_bad_utf8");
	refused(STR("{}\0"), "text_bad_utf8");
	refused(STR("\"a\0b\""), "text_bad_utf8");
	refused(STR("\"a\\u0000b\""), "text_bad_utf8");
	refused(STR("{\"a\\u0000b\":1}"), "text_bad_utf8");
}

static void
the_fault_says_where_and_quotes_nothing(void **state)
{
	const struct json *j;
	struct fault f;

	(void)state;
	assert_int_equal(json_parse(a, STR("{\n \"secret\": mail@d.ru}"),
			     JSON_STRICT, &j, &f),
	    ERR_INVALID);
	assert_non_null(strstr(f.detail, "line 2"));
	assert_null(strstr(f.detail, "mail"));
}

static void
loose_integers_may_be_texts(void **state)
{
	int64_t n = 77;

	(void)state;
	assert_true(json_loose_int(parsed("\"0\""), &n));
	assert_int_equal(n, 0);
	assert_true(json_loose_int(parsed("-12"), &n));
	assert_int_equal(n, -12);
	assert_false(json_loose_int(parsed("\"1x\""), &n));
	assert_false(json_loose_int(parsed("\"\""), &n));
	assert_false(json_loose_int(parsed("true"), &n));
	assert_false(json_loose_int(NULL, &n));
	assert_int_equal(n, -12);
	assert_true(str_eq(json_loose_text(a, parsed("-12")), STR("-12")));
	assert_true(str_eq(json_loose_text(a, parsed("\"a\"")), STR("a")));
	assert_int_equal(json_loose_text(a, parsed("[]")).len, 0);
	assert_int_equal(json_loose_text(a, NULL).len, 0);
}

static void
equal_values_have_one_canonical_form(void **state)
{
	(void)state;
	check_canonical(
	    parsed("{ \"b\" : [1, {\"y\":null,\"x\":\"\\u0451\\/\"} , []],"
		   "\"a\":true, \"\":{} }"),
	    "{\"\":{},\"a\":true,\"b\":[1,{\"x\":\"ё/\",\"y\":null},[]]}");
	check_canonical(parsed("[[],[[]],[false,0]]"), "[[],[[]],[false,0]]");
	check_canonical(parsed("\"a\\\"\""), "\"a\\\"\"");
	check_canonical(NULL, "null");
	check_canonical(
	    parsed("{\"ab\":1,\"a\":2,\"B\":3}"), "{\"B\":3,\"a\":2,\"ab\":1}");
}

static void
the_deepest_value_can_be_written_too(void **state)
{
	struct str text = nested(16, '{', '}');
	const struct json *j;
	struct fault f;

	(void)state;
	assert_int_equal(json_parse(a, text, JSON_STRICT, &j, &f), ERR_OK);
	check_canonical(j, text.p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    every_kind_is_read, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    members_come_in_order_of_appearance, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    readers_of_another_kind_find_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    sums_of_19_digits_are_exact_and_of_20_refused, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    fractions_are_refused_unless_they_are_let_through, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    a_name_twice_is_refused_at_any_depth, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    nesting_of_16_is_taken_and_of_17_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    brackets_in_texts_are_no_nesting, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    what_is_no_json_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    broken_utf8_and_nul_are_refused_by_name, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    the_fault_says_where_and_quotes_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    loose_integers_may_be_texts, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    equal_values_have_one_canonical_form, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    the_deepest_value_can_be_written_too, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
