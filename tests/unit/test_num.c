#include "kvitok/base/attr.h"
#include "kvitok/base/num.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

static void
whole_numbers_are_taken_up_to_both_bounds(void **state)
{
	int64_t n = 77;

	(void)state;
	assert_false(num_parse(STR("4"), 5, 10, &n));
	assert_false(num_parse(STR("11"), 5, 10, &n));
	assert_int_equal(n, 77);
	assert_true(num_parse(STR("5"), 5, 10, &n));
	assert_int_equal(n, 5);
	assert_true(num_parse(STR("10"), 5, 10, &n));
	assert_int_equal(n, 10);
	assert_true(num_parse(STR("-3"), -3, 10, &n));
	assert_int_equal(n, -3);
	assert_false(num_parse(STR("-4"), -3, 10, &n));
}

static void
the_ends_of_64_bits_are_exact(void **state)
{
	int64_t n = 77;

	(void)state;
	assert_true(
	    num_parse(STR("9223372036854775807"), INT64_MIN, INT64_MAX, &n));
	assert_true(n == INT64_MAX);
	assert_true(
	    num_parse(STR("-9223372036854775808"), INT64_MIN, INT64_MAX, &n));
	assert_true(n == INT64_MIN);
	assert_false(
	    num_parse(STR("9223372036854775808"), INT64_MIN, INT64_MAX, &n));
	assert_false(
	    num_parse(STR("-9223372036854775809"), INT64_MIN, INT64_MAX, &n));
	assert_false(
	    num_parse(STR("99999999999999999999"), INT64_MIN, INT64_MAX, &n));
	assert_true(n == INT64_MIN);
}

static void
nothing_but_digits_is_a_whole_number(void **state)
{
	static const char *const bad[] = { "", "-", "+1", " 1", "1 ", "1.0",
		"0x1", "1e3", "--1", "1-", "٣", "1\n" };
	int64_t n = 77;

	(void)state;
	for (size_t i = 0; i < KV_COUNT(bad); i++)
		assert_false(
		    num_parse(str_of(bad[i]), INT64_MIN, INT64_MAX, &n));
	assert_false(num_parse(STR("1\0"), 0, 10, &n));
	assert_int_equal(n, 77);
	assert_true(num_parse(STR("007"), 0, 10, &n));
	assert_int_equal(n, 7);
}

static void
roubles_are_read_as_people_type_them(void **state)
{
	static const struct {
		const char *text;
		int64_t kop;
	} rows[] = {
		{ "0", 0 },
		{ "1200", 120000 },
		{ "1200,5", 120050 },
		{ "1200.50", 120050 },
		{ "1 200,05", 120005 },
		{ "1\xC2\xA0"
		  "234\xE2\x80\xAF"
		  "567",
		    123456700 },
		{ "0,01", 1 },
		{ "12 345", 1234500 },
		{ "123 456,7", 12345670 },
	};

	(void)state;
	for (size_t i = 0; i < KV_COUNT(rows); i++) {
		int64_t kop = 77;

		assert_true(
		    num_parse_roubles(str_of(rows[i].text), INT64_MAX, &kop));
		assert_int_equal(kop, rows[i].kop);
	}
}

static void
roubles_with_a_slip_of_the_finger_are_refused(void **state)
{
	static const char *const bad[] = { "", ",5", "5,", "5.", "1,234",
		"1,2,3", "-1", "+1", "1 2", "12 00", "1234 567", "1 2345",
		"1  234", " 1", "1 ", "1 ,5", "1,a", "1,5a", "1, 5", "a",
		"1\xC2", "1.2.3", "1 200 ", "12a" };
	int64_t kop = 77;

	(void)state;
	for (size_t i = 0; i < KV_COUNT(bad); i++)
		assert_false(
		    num_parse_roubles(str_of(bad[i]), INT64_MAX, &kop));
	assert_int_equal(kop, 77);
}

static void
roubles_are_bounded(void **state)
{
	int64_t kop = 77;

	(void)state;
	assert_false(num_parse_roubles(STR("14000.01"), 1400000, &kop));
	assert_true(num_parse_roubles(STR("14000"), 1400000, &kop));
	assert_int_equal(kop, 1400000);
	assert_true(
	    num_parse_roubles(STR("92233720368547758,07"), INT64_MAX, &kop));
	assert_true(kop == INT64_MAX);
	assert_false(
	    num_parse_roubles(STR("92233720368547758,08"), INT64_MAX, &kop));
	assert_false(
	    num_parse_roubles(STR("92233720368547759"), INT64_MAX, &kop));
	assert_false(
	    num_parse_roubles(STR("99999999999999999999"), INT64_MAX, &kop));
	assert_false(
	    num_parse_roubles(STR("92233720368547759,1"), INT64_MAX, &kop));
}

static void
hex_has_two_digits_for_each_byte(void **state)
{
	unsigned char p[3] = { 7, 7, 7 };

	(void)state;
	assert_false(num_parse_hex(STR("00ff"), p, 3));
	assert_false(num_parse_hex(STR("00ffa"), p, 3));
	assert_false(num_parse_hex(STR("00ff0g"), p, 3));
	assert_false(num_parse_hex(STR("00ff0a00"), p, 3));
	assert_false(num_parse_hex(STR("0x00ff"), p, 3));
	assert_int_equal(p[0], 7);
	assert_true(num_parse_hex(STR("00fFA9"), p, 3));
	assert_memory_equal(p, "\x00\xFF\xA9", 3);
	assert_true(num_parse_hex(STR_NONE, p, 0));
}

static void
base64_is_read_back(void **state)
{
	static const struct {
		const char *text;
		struct str want;
	} rows[] = {
		{ "", { "", 0 } },
		{ "Zg==", { "f", 1 } },
		{ "Zm8=", { "fo", 2 } },
		{ "Zm9v", { "foo", 3 } },
		{ "Zm9vYg==", { "foob", 4 } },
		{ "+/+/", { "\xFB\xFF\xBF", 3 } },
		{ "AAAA", { "\0\0\0", 3 } },
	};

	(void)state;
	for (size_t i = 0; i < KV_COUNT(rows); i++) {
		char out[8];
		size_t len = sizeof(out);

		assert_true(num_parse_base64(str_of(rows[i].text), out, &len));
		assert_int_equal(len, rows[i].want.len);
		assert_memory_equal(out, rows[i].want.p, len);
	}
}

static void
base64_of_another_form_is_refused(void **state)
{
	static const char *const bad[] = { "Z", "Zg", "Zg=", "Zg===", "=",
		"====", "Zh==", "Zm9=", "Zm 9", "Zm9v\n", "-_-_",
		"Z===", "Zg==Zg==", "Zm9vZ" };
	char out[16];
	size_t len = sizeof(out);

	(void)state;
	for (size_t i = 0; i < KV_COUNT(bad); i++)
		assert_false(num_parse_base64(str_of(bad[i]), out, &len));
	len = 2;
	assert_false(num_parse_base64(STR("Zm9v"), out, &len));
	assert_int_equal(len, 2);
	assert_true(num_parse_base64(STR("Zm8="), out, &len));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_numbers_are_taken_up_to_both_bounds),
		cmocka_unit_test(the_ends_of_64_bits_are_exact),
		cmocka_unit_test(nothing_but_digits_is_a_whole_number),
		cmocka_unit_test(roubles_are_read_as_people_type_them),
		cmocka_unit_test(roubles_with_a_slip_of_the_finger_are_refused),
		cmocka_unit_test(roubles_are_bounded),
		cmocka_unit_test(hex_has_two_digits_for_each_byte),
		cmocka_unit_test(base64_is_read_back),
		cmocka_unit_test(base64_of_another_form_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
