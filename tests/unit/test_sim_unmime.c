#include "kvitok/sim/cpa.h"
#include "kvitok/sim/unmime.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

static struct arena *a;

static int
setup(void **state)
{
	(void)state;
	a = arena_new(1 << 20);
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
text_is(struct str got, const char *wanted)
{
	if (got.len != strlen(wanted) ||
	    (got.len > 0 && memcmp(got.p, wanted, got.len) != 0))
		fail_msg("got \"%.*s\", wanted \"%s\"", STR_ARG(got), wanted);
}

static void
encoded_words_are_decoded_and_joined(void **state)
{
	(void)state;
	text_is(unmime_decode_words(a, STR("=?UTF-8?B?0KfQtdC6?=")), "Чек");
	text_is(
	    unmime_decode_words(a, STR("a =?utf-8?q?b=5F_c?= =?UTF-8?Q?d?= e")),
	    "a b_ cd e");
	text_is(unmime_decode_words(a, STR("=?UTF-8?B?broken")),
	    "=?UTF-8?B?broken");
	text_is(unmime_decode_words(a, STR("")), "");
}

static void
folded_headers_are_joined(void **state)
{
	struct str raw = STR("X: 1\r\nSubject: one\r\n two\r\n\tthree\r\n"
			     "Y: 2\r\n\r\nSubject: body\r\n");

	(void)state;
	text_is(unmime_header(a, raw, "subject"), "one two three");
	text_is(unmime_header(a, raw, "y"), "2");
	text_is(unmime_header(a, raw, "z"), "");
}

static const char nested[] =
    "From: =?UTF-8?B?0JrQstC40YLQvtC6?= <a@b.ru>\r\n"
    "Content-Type: multipart/mixed; boundary=\"B\"\r\n"
    "\r\n"
    "preamble\r\n"
    "--B\r\n"
    "Content-Type: multipart/alternative;\r\n boundary=\"B;C\"\r\n"
    "\r\n"
    "--B;C\r\n"
    "Content-Type: Text/Plain; charset=\"UTF-8\"\r\n"
    "Content-Transfer-Encoding: base64\r\n"
    "\r\n"
    "0J/RgNC4\r\n0LLQtdGC\r\n"
    "--B;C\r\n"
    "Content-Type: text/html\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n"
    "\r\n"
    "a=3Db=\r\nc\r\nd\r\n"
    "--B;C--\r\n"
    "--B\r\n"
    "Content-Type: application/pdf; name=\"x.pdf\"\r\n"
    "Content-Disposition: attachment;"
    " filename*=UTF-8''%D0%A7%D0%B5%D0%BA.pdf\r\n"
    "Content-Transfer-Encoding: base64\r\n"
    "\r\n"
    "JVBERi0=\r\n"
    "--B--\r\n"
    "epilogue\r\n";

static void
nested_parts_come_in_order_and_decoded(void **state)
{
	struct unmime *m = ARENA_NEW(a, struct unmime);

	(void)state;
	unmime_parse(a, str_of(nested), m);
	text_is(m->from, "Квиток <a@b.ru>");
	assert_int_equal(m->parts_len, 3);
	text_is(m->parts[0].type, "text/plain");
	text_is(m->parts[0].charset, "utf-8");
	text_is(m->parts[0].body, "Привет");
	text_is(m->parts[1].type, "text/html");
	text_is(m->parts[1].body, "a=bc\r\nd");
	text_is(m->parts[2].type, "application/pdf");
	text_is(m->parts[2].name, "Чек.pdf");
	text_is(m->parts[2].body, "%PDF-");
}

static void
a_letter_without_headers_is_one_text(void **state)
{
	struct unmime *m = ARENA_NEW(a, struct unmime);

	(void)state;
	unmime_parse(a, STR("\r\nhello\r\n"), m);
	assert_int_equal(m->parts_len, 1);
	text_is(m->parts[0].type, "text/plain");
	text_is(m->parts[0].body, "hello\r\n");
}

static void
endless_nesting_ends(void **state)
{
	struct buf b;
	struct unmime *m = ARENA_NEW(a, struct unmime);

	(void)state;
	buf_init(&b, a, 1 << 18);
	for (int i = 0; i < 2000; i++)
		buf_lit(&b,
		    "Content-Type: multipart/mixed; boundary=B\r\n\r\n"
		    "--B\r\n");
	unmime_parse(a, buf_str(&b), m);
	assert_true(m->parts_len <= UNMIME_PARTS_MAX);
}

#define GOOD_HEAD                                                              \
	"<payment-avail-response><result><code>1</code><desc>OK</desc>"        \
	"</result><merchant-trx>P-1</merchant-trx>"
#define SUM(amount, currency, exponent)                                            \
	"<purchase><longDesc>Оплата заказа</longDesc><account-amount>" \
	"<id>MAIN</id><amount>" amount "</amount><currency>" currency              \
	"</currency><exponent>" exponent                                           \
	"</exponent></account-amount></purchase>"
#define TAIL "</payment-avail-response>"

static void
a_good_answer_to_cpa_is_read_by_name(void **state)
{
	struct cpa x;

	(void)state;
	assert_null(cpa_read(a,
	    STR(GOOD_HEAD "<card><id>C1</id><present>N</present></card>" SUM(
		"100000", "643", "2") "<order-params><param><name>n</name>"
				      "<value>v</value></param>"
				      "</order-params>" TAIL),
	    &x));
	assert_int_equal(x.code, 1);
	assert_int_equal(x.amount_kop, 100000);
	text_is(x.account, "MAIN");
	text_is(x.card_id, "C1");
	assert_true(x.absent);
	text_is(x.short_desc, "Оплата заказа");
	text_is(pairs_get(&x.params, "n"), "v");
}

static const char *const bad_answers[] = {
	"",
	"not xml",
	"<a/>",
	"<payment-avail-response/>",
	GOOD_HEAD TAIL,
	GOOD_HEAD SUM("0", "643", "2") TAIL,
	GOOD_HEAD SUM("10.5", "643", "2") TAIL,
	GOOD_HEAD SUM("100", "810", "2") TAIL,
	GOOD_HEAD SUM("100", "643", "0") TAIL,
	GOOD_HEAD SUM("1000000000000000000", "643", "2") TAIL,
	"<payment-avail-response><result><code>3</code></result>" TAIL,
};

static void
bad_answers_to_cpa_are_told_apart(void **state)
{
	struct cpa x;

	(void)state;
	for (size_t i = 0; i < KV_COUNT(bad_answers); i++)
		if (!cpa_read(a, str_of(bad_answers[i]), &x))
			fail_msg("taken: %s", bad_answers[i]);
}

static void
a_refusal_needs_no_purchase(void **state)
{
	struct cpa x;

	(void)state;
	assert_null(cpa_read(a,
	    STR("<payment-avail-response><result><code>2</code>"
		"<desc>no</desc></result></payment-avail-response>"),
	    &x));
	assert_int_equal(x.code, 2);
}

static void
only_code_1_says_that_rp_is_recorded(void **state)
{
	(void)state;
	assert_int_equal(
	    cpa_read_code(a,
		STR("<?xml version=\"1.0\"?><register-payment-response>"
		    "<result><code>1</code><desc>OK</desc></result>"
		    "</register-payment-response>")),
	    1);
	assert_int_equal(
	    cpa_read_code(a,
		STR("<register-payment-response><result><code>2</code>"
		    "</result></register-payment-response>")),
	    2);
	assert_int_equal(cpa_read_code(a, STR("OK")), 0);
	assert_int_equal(cpa_read_code(a, STR("")), 0);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(encoded_words_are_decoded_and_joined),
		T(folded_headers_are_joined),
		T(nested_parts_come_in_order_and_decoded),
		T(a_letter_without_headers_is_one_text),
		T(endless_nesting_ends),
		T(a_good_answer_to_cpa_is_read_by_name),
		T(bad_answers_to_cpa_are_told_apart),
		T(a_refusal_needs_no_purchase),
		T(only_code_1_says_that_rp_is_recorded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
