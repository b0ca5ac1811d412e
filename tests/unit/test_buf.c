#include "kvitok/base/buf.h"
#include "kvitok/base/num.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#define MAX 4096

static struct arena *a;
static struct buf b;

static int
setup(void **state)
{
	(void)state;
	a = arena_new(1 << 20);
	buf_init(&b, a, MAX);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

typedef void put_fn(struct buf *out, struct str s);

struct row {
	struct str in;
	const char *want;
};

static void
check_rows(put_fn *put, const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		buf_init(&b, a, MAX);
		buf_lit(&b, "");
		put(&b, rows[i].in);
		assert_false(b.full);
		assert_string_equal(b.p, rows[i].want);
		assert_int_equal(b.len, strlen(rows[i].want));
	}
}

#define S(literal)                                                             \
	{                                                                      \
		literal, sizeof(literal) - 1                                   \
	}
#define CHECK(put, rows) check_rows((put), (rows), KV_COUNT(rows))

static void
pieces_are_appended_in_order_and_end_in_nul(void **state)
{
	(void)state;
	buf_lit(&b, "a");
	buf_text(&b, STR("bc"));
	buf_char(&b, 'd');
	buf_i64(&b, INT64_MIN);
	buf_fmt(&b, "[%s]", "e");
	buf_bytes(&b, NULL, 0);
	assert_string_equal(b.p, "abcd-9223372036854775808[e]");
	assert_true(str_eq(buf_str(&b), STR("abcd-9223372036854775808[e]")));
}

static void
a_long_text_survives_every_growth(void **state)
{
	(void)state;
	buf_init(&b, a, 100000);
	for (int i = 0; i < 100000; i++)
		buf_char(&b, (char)('a' + i % 26));
	assert_false(b.full);
	for (int i = 0; i < 100000; i++)
		assert_int_equal(b.p[i], 'a' + i % 26);
}

static void
what_does_not_fit_is_left_out_and_said(void **state)
{
	(void)state;
	buf_init(&b, a, 4);
	buf_lit(&b, "abcd");
	assert_false(b.full);
	buf_char(&b, 'e');
	assert_true(b.full);
	assert_string_equal(b.p, "abcd");
	buf_init(&b, a, 4);
	buf_lit(&b, "abc");
	buf_fmt(&b, "%s", "de");
	assert_true(b.full);
	buf_char(&b, 'd'); /* would fit, but a hole must not be hidden */
	assert_string_equal(b.p, "abc");
}

static void
an_empty_buffer_is_empty_text(void **state)
{
	(void)state;
	assert_int_equal(buf_str(&b).len, 0);
	buf_init(&b, a, 0);
	buf_lit(&b, "");
	assert_false(b.full);
}

static void
html_escapes_the_five_characters(void **state)
{
	static const struct row rows[] = {
		{ S("<a href=\"x\">'&amp;'</a>"),
		    "&lt;a "
		    "href=&quot;x&quot;&gt;&#39;&amp;amp;&#39;&lt;/a&gt;" },
		{ S("Вода, 5 м³"), "Вода, 5 м³" },
		{ S(""), "" },
		{ S("a<"), "a&lt;" },
	};

	(void)state;
	CHECK(buf_html, rows);
}

static void
xml_escapes_and_replaces_what_xml_forbids(void **state)
{
	static const struct row rows[] = {
		{ S("<a b=\"'&"), "&lt;a b=&quot;&#39;&amp;" },
		{ S("a\tb\nc\rd"), "a&#9;b&#10;c&#13;d" },
		{ S("a\x01\0b\x1F"),
		    "a\xEF\xBF\xBD\xEF\xBF\xBD"
		    "b\xEF\xBF\xBD" },
		{ S("\xFF\xC3"), "\xEF\xBF\xBD\xEF\xBF\xBD" },
		{ S("\xEF\xBF\xBE"), "\xEF\xBF\xBD" }, /* U+FFFE */
		{ S("\xEF\xBF\xBD"), "\xEF\xBF\xBD" }, /* itself */
		{ S("ё€\xF0\x9F\x98\x80"), "ё€\xF0\x9F\x98\x80" },
	};

	(void)state;
	CHECK(buf_xml, rows);
}

static void
json_escapes_quotes_backslashes_and_controls(void **state)
{
	static const struct row rows[] = {
		{ S("\"\\/"), "\\\"\\\\/" },
		{ S("\n\r\t\b"), "\\n\\r\\t\\u0008" },
		{ S("\0\x1F\x7F"), "\\u0000\\u001f\x7F" },
		{ S("Привет"), "Привет" },
		{ S("a\xD0z"), "a\xEF\xBF\xBDz" },
	};

	(void)state;
	CHECK(buf_json, rows);
}

static void
urls_escape_all_but_the_unreserved(void **state)
{
	static const struct row rows[] = {
		{ S("AZaz09-._~"), "AZaz09-._~" },
		{ S(" +&=/?#%"), "%20%2B%26%3D%2F%3F%23%25" },
		{ S("ё\0"), "%D1%91%00" },
	};
	static const struct row form[] = {
		{ S("a b+c"), "a+b%2Bc" },
	};

	(void)state;
	CHECK(buf_url, rows);
	CHECK(buf_form, form);
}

static void
put_base64(struct buf *out, struct str s)
{
	buf_base64(out, s.p, s.len);
}

static void
put_base64url(struct buf *out, struct str s)
{
	buf_base64url(out, s.p, s.len);
}

static void
put_hex(struct buf *out, struct str s)
{
	buf_hex(out, s.p, s.len);
}

static void
base64_is_that_of_rfc_4648(void **state)
{
	static const struct row rows[] = {
		{ S(""), "" },
		{ S("f"), "Zg==" },
		{ S("fo"), "Zm8=" },
		{ S("foo"), "Zm9v" },
		{ S("foob"), "Zm9vYg==" },
		{ S("fooba"), "Zm9vYmE=" },
		{ S("foobar"), "Zm9vYmFy" },
		{ S("\xFB\xFF\xBF"), "+/+/" },
	};
	static const struct row url[] = {
		{ S("f"), "Zg" },
		{ S("fo"), "Zm8" },
		{ S("foo"), "Zm9v" },
		{ S("\xFB\xFF\xBF"), "-_-_" },
	};
	static const struct row hex[] = { { S("\0\x7F\xFF"), "007fff" } };

	(void)state;
	CHECK(put_base64, rows);
	CHECK(put_base64url, url);
	CHECK(put_hex, hex);
}

static void
an_ascii_header_stays_as_it_is_on_one_line(void **state)
{
	static const struct row rows[] = {
		{ S("Receipt 5"), "Receipt 5" },
		{ S("a\r\nBcc: x@y.ru"), "a  Bcc: x@y.ru" },
		{ S(""), "" },
		{ S("a ~"), "a ~" },
	};

	(void)state;
	CHECK(buf_header, rows);
}

static void
a_header_with_other_letters_becomes_encoded_words(void **state)
{
	static const struct row rows[] = {
		{ S("Чек"), "=?UTF-8?B?0KfQtdC6?=" },
		{ S("=?UTF-8?B?QQ==?="),
		    "=?UTF-8?B?PT9VVEYtOD9CP1FRPT0/PQ==?=" },
		{ S("\xD0\r\n"), "=?UTF-8?B?77+9ICA=?=" },
		{ S("a\x01"), "=?UTF-8?B?YSA=?=" },
	};

	(void)state;
	CHECK(buf_header, rows);
}

/* Undo RFC 2047, checking every line and word on the way. */
static size_t
decode_header(struct str s, char *out, size_t out_size)
{
	struct str line;
	size_t len = 0, first = strlen("X-Some-Long-Header-Name: ");

	while (s.len > 0) {
		size_t room = out_size - len;

		(void)str_cut(&s, '\n', &line);
		if (s.len > 0) {
			assert_true(str_ends(line, STR("\r")));
			line.len--;
		}
		assert_true(line.len + first <= 76);
		if (first == 0) {
			assert_true(str_starts(line, STR(" ")));
			line = (struct str){ line.p + 1, line.len - 1 };
		}
		first = 0;
		assert_true(str_starts(line, STR("=?UTF-8?B?")));
		assert_true(str_ends(line, STR("?=")));
		line = (struct str){ line.p + 10, line.len - 12 };
		assert_true(num_parse_base64(line, out + len, &room));
		/* No character is split between two words. */
		assert_true((out[len] & 0xC0) != 0x80);
		len += room;
	}
	return len;
}

static void
a_long_header_is_folded_without_splitting_a_character(void **state)
{
	char text[600], back[700];
	size_t len = 0, got;

	(void)state;
	while (len < 590) {
		memcpy(text + len, len % 3 == 0 ? "€" : "я", 3);
		len += len % 3 == 0 ? 3 : 2;
	}
	buf_header(&b, (struct str){ text, len });
	got = decode_header(buf_str(&b), back, sizeof(back));
	assert_int_equal(got, len);
	assert_memory_equal(back, text, len);
}

static void
an_ascii_header_too_long_for_a_line_is_folded(void **state)
{
	char text[901], back[1000];

	(void)state;
	memset(text, 'x', sizeof(text));
	buf_header(&b, (struct str){ text, 900 });
	assert_int_equal(b.len, 900);
	buf_init(&b, a, MAX);
	buf_header(&b, (struct str){ text, 901 });
	assert_int_equal(decode_header(buf_str(&b), back, sizeof(back)), 901);
}

static void
roubles_have_groups_comma_and_two_decimals(void **state)
{
	static const struct {
		int64_t kop;
		const char *people, *machines;
	} rows[] = {
		{ 0, "0,00", "0.00" },
		{ 5, "0,05", "0.05" },
		{ 121800,
		    "1\xC2\xA0"
		    "218,00",
		    "1218.00" },
		{ 99999, "999,99", "999.99" },
		{ 100000000,
		    "1\xC2\xA0"
		    "000\xC2\xA0"
		    "000,00",
		    "1000000.00" },
		{ -150, "-1,50", "-1.50" },
		{ INT64_MIN,
		    "-92\xC2\xA0"
		    "233\xC2\xA0"
		    "720\xC2\xA0"
		    "368\xC2\xA0"
		    "547\xC2\xA0"
		    "758,08",
		    "-92233720368547758.08" },
	};

	(void)state;
	for (size_t i = 0; i < KV_COUNT(rows); i++) {
		buf_init(&b, a, MAX);
		buf_roubles(&b, rows[i].kop);
		assert_string_equal(b.p, rows[i].people);
		buf_init(&b, a, MAX);
		buf_decimal(&b, rows[i].kop);
		assert_string_equal(b.p, rows[i].machines);
	}
}

static void
a_fill_is_one_character_many_times_and_keeps_to_the_limit(void **state)
{
	(void)state;
	buf_fill(&b, 'x', 0);
	assert_int_equal(b.len, 0);
	buf_fill(&b, 'x', 3);
	assert_string_equal(b.p, "xxx");
	buf_fill(&b, ' ', MAX - 3);
	assert_int_equal(b.len, MAX);
	assert_false(b.full);
	buf_fill(&b, ' ', 1);
	assert_true(b.full);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    pieces_are_appended_in_order_and_end_in_nul, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    a_long_text_survives_every_growth, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    what_does_not_fit_is_left_out_and_said, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    an_empty_buffer_is_empty_text, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    html_escapes_the_five_characters, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    xml_escapes_and_replaces_what_xml_forbids, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    json_escapes_quotes_backslashes_and_controls, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    urls_escape_all_but_the_unreserved, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    base64_is_that_of_rfc_4648, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    an_ascii_header_stays_as_it_is_on_one_line, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    a_header_with_other_letters_becomes_encoded_words, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    a_long_header_is_folded_without_splitting_a_character,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(
		    an_ascii_header_too_long_for_a_line_is_folded, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    roubles_have_groups_comma_and_two_decimals, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    a_fill_is_one_character_many_times_and_keeps_to_the_limit,
		    setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
