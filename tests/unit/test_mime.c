#include "kvitok/mail/mime.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

static const unsigned char pdf[] = { 0x25, 0x50, 0x44, 0x46, 0x00, 0xff };
static const struct mail_part part = { { "kvitok-7K3M.pdf", 15 },
	{ "application/pdf", 15 }, { pdf, sizeof(pdf) } };

struct fixture {
	struct arena *a;
	struct buf b;
	struct fault f;
};

static int
setup(void **state)
{
	static struct fixture fx;

	fx.a = arena_new(8 << 20);
	*state = &fx;
	return 0;
}

static int
teardown(void **state)
{
	arena_free(((struct fixture *)*state)->a);
	return 0;
}

static struct mail
sample(void)
{
	return (struct mail){ .from_name = STR("Портал ЖКХ"),
		.from = STR("pay@kvitok.example"),
		.to = STR("ivanova@example.ru"),
		.subject = STR("Оплата проведена: 1 218,00 ₽"),
		.text = STR("Здравствуйте!\nОплата проведена.\n"),
		.html = STR("<p>Оплата</p>"),
		.parts = &part,
		.parts_len = 1,
		.message_id = STR("receipt.7K3M@kvitok.example"),
		.date_at = INT64_C(1795227191000) };
}

static enum err
build(struct fixture *fx, const struct mail *m)
{
	fault_init(&fx->f);
	buf_init(&fx->b, fx->a, 2 << 20);
	return mime_build(m, &fx->b, &fx->f);
}

static bool
has(const struct fixture *fx, const char *what)
{
	return str_find(buf_str(&fx->b), str_of(what)) < fx->b.len;
}

static void
the_letter_has_the_expected_bytes(void **state)
{
	static const char want[] =
	    "Date: Sat, 21 Nov 2026 02:13:11 +0000\r\n"
	    "From: \"Kvitok\"\r\n <pay@kvitok.example>\r\n"
	    "To: <ivanova@example.ru>\r\n"
	    "Message-ID: <receipt.7K3M@kvitok.example>\r\n"
	    "Subject: Paid\r\n"
	    "MIME-Version: 1.0\r\n"
	    "Auto-Submitted: auto-generated\r\n"
	    "Content-Type: multipart/mixed;\r\n"
	    " boundary=\"=_m_receipt-7K3M-kvitok-example\"\r\n\r\n"
	    "--=_m_receipt-7K3M-kvitok-example\r\n"
	    "Content-Type: multipart/alternative;\r\n"
	    " boundary=\"=_a_receipt-7K3M-kvitok-example\"\r\n\r\n"
	    "--=_a_receipt-7K3M-kvitok-example\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: base64\r\n\r\n"
	    "0JTQsA0KIQ0K\r\n"
	    "--=_a_receipt-7K3M-kvitok-example\r\n"
	    "Content-Type: text/html; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: base64\r\n\r\n"
	    "PGI+\r\n"
	    "--=_a_receipt-7K3M-kvitok-example--\r\n"
	    "--=_m_receipt-7K3M-kvitok-example\r\n"
	    "Content-Type: application/pdf;\r\n name=\"kvitok-7K3M.pdf\"\r\n"
	    "Content-Disposition: attachment;\r\n"
	    " filename=\"kvitok-7K3M.pdf\"\r\n"
	    "Content-Transfer-Encoding: base64\r\n\r\n"
	    "JVBERgD/\r\n"
	    "--=_m_receipt-7K3M-kvitok-example--\r\n";
	struct fixture *fx = *state;
	struct mail m = sample();

	m.from_name = STR("Kvitok");
	m.subject = STR("Paid");
	m.text = STR("Да\n!\r\n");
	m.html = STR("<b>");
	assert_int_equal(build(fx, &m), ERR_OK);
	assert_string_equal(fx->b.p, want);
}

static void
russian_headers_are_encoded_words(void **state)
{
	struct fixture *fx = *state;
	const struct mail m = sample();

	assert_int_equal(build(fx, &m), ERR_OK);
	assert_true(has(fx,
	    "From: =?UTF-8?B?0J/QvtGA0YLQsNC7INCW0JrQpQ==?=\r\n "
	    "<pay@kvitok.example>\r\n"));
	assert_true(has(fx, "\r\nSubject: =?UTF-8?B?0J7Qv9C7"));
}

static void
every_line_is_ascii_of_at_most_76_and_ends_in_crlf(void **state)
{
	static unsigned char big[100000];
	const struct mail_part large = { part.name, part.type,
		{ big, sizeof(big) } };
	struct fixture *fx = *state;
	struct mail m = sample();
	size_t len = 0;

	for (size_t i = 0; i < sizeof(big); i++)
		big[i] = (unsigned char)(i * 7);
	m.parts = &large;
	assert_int_equal(build(fx, &m), ERR_OK);
	for (size_t i = 0; i < fx->b.len; i++) {
		char c = fx->b.p[i];

		assert_true(c == '\r' || c == '\n' || (c >= ' ' && c <= '~'));
		assert_int_equal(c == '\n', i > 0 && fx->b.p[i - 1] == '\r');
		len = c == '\n' ? 0 : len + 1;
		assert_true(len <= 77); /* with its CR */
	}
	assert_int_equal(len, 0);
}

static void
the_same_letter_gives_the_same_bytes(void **state)
{
	struct fixture *fx = *state;
	const struct mail m = sample();
	struct str one;

	assert_int_equal(build(fx, &m), ERR_OK);
	one = buf_str(&fx->b);
	assert_int_equal(build(fx, &m), ERR_OK);
	assert_true(str_eq(one, buf_str(&fx->b)));
}

static void
a_letter_without_html_or_parts_has_none(void **state)
{
	struct fixture *fx = *state;
	struct mail m = sample();

	m.html = STR_NONE;
	m.parts_len = 0;
	assert_int_equal(build(fx, &m), ERR_OK);
	assert_false(has(fx, "text/html"));
	assert_false(has(fx, "attachment"));
	assert_true(has(fx, "text/plain"));
}

static void
a_name_with_a_comma_or_quotes_stays_one_name(void **state)
{
	struct fixture *fx = *state;
	struct mail m = sample();

	m.from_name = STR("Pay, \"Inc\" \\");
	assert_int_equal(build(fx, &m), ERR_OK);
	assert_true(has(fx, "From: \"Pay, \\\"Inc\\\" \\\\\"\r\n <pay@"));
	m.from_name = STR_NONE;
	assert_int_equal(build(fx, &m), ERR_OK);
	assert_true(has(fx, "From: <pay@kvitok.example>\r\n"));
}

static void
addresses_are_checked(void **state)
{
	struct fixture *fx = *state;
	struct mail m = sample();

	m.to = STR("a@b.ru>\r\nBcc: <c@d.ru");
	assert_int_equal(build(fx, &m), ERR_INVALID);
	assert_string_equal(fx->f.reason, "email_bad");
	assert_int_equal(fx->b.len, 0);
	m = sample();
	m.from = STR("почта@пример.рф");
	assert_int_equal(build(fx, &m), ERR_INVALID);
	assert_string_equal(fx->f.reason, "email_not_ascii");
}

static void
check_bad(struct fixture *fx, const struct mail *m)
{
	assert_int_equal(build(fx, m), ERR_BUG);
	assert_string_equal(fx->f.reason, "mail_bad");
	assert_int_equal(fx->b.len, 0);
}

static void
nothing_can_add_a_header(void **state)
{
	struct mail m = sample();

	m.subject = STR("x\r\nBcc: c@d.ru");
	check_bad(*state, &m);
	m = sample();
	m.from_name = STR("x\nBcc: c@d.ru");
	check_bad(*state, &m);
	m = sample();
	m.message_id = STR("x@y>\r\nBcc: c@d.ru");
	check_bad(*state, &m);
	m.message_id = STR("no-at");
	check_bad(*state, &m);
	m.message_id = STR("@y");
	check_bad(*state, &m);
}

static void
parts_have_plain_names_and_types(void **state)
{
	static const char *const names[] = { "", ".hidden", "a/b.pdf",
		"a\"b.pdf", "чек.pdf", "a b.pdf" };
	static const char *const types[] = { "", "pdf", "a/b; x", "a/\r\nb" };
	struct mail m = sample();
	struct mail_part p = part;

	m.parts = &p;
	for (size_t i = 0; i < KV_COUNT(names); i++) {
		p.name = str_of(names[i]);
		check_bad(*state, &m);
	}
	p = part;
	for (size_t i = 0; i < KV_COUNT(types); i++) {
		p.type = str_of(types[i]);
		check_bad(*state, &m);
	}
}

static void
lengths_of_headers_are_bounded(void **state)
{
	static char text[MIME_SUBJECT_MAX + 1];
	struct fixture *fx = *state;
	struct mail m = sample();

	memset(text, 'x', sizeof(text));
	m.subject = (struct str){ text, MIME_SUBJECT_MAX };
	assert_int_equal(build(fx, &m), ERR_OK);
	m.subject.len++;
	check_bad(fx, &m);
}

static void
a_letter_that_does_not_fit_is_a_failure(void **state)
{
	struct fixture *fx = *state;
	const struct mail m = sample();

	fault_init(&fx->f);
	buf_init(&fx->b, fx->a, 1000);
	assert_int_equal(mime_build(&m, &fx->b, &fx->f), ERR_BUG);
	assert_string_equal(fx->f.reason, "mail_bad");
}

static void
a_letter_that_can_be_stopped_says_where_and_how(void **state)
{
	struct fixture *fx = *state;
	struct mail m = sample();

	assert_int_equal(build(fx, &m), ERR_OK);
	assert_false(has(fx, "List-Unsubscribe"));
	m.stop_url = STR("https://pay.example/mailing/7K3M9QZT");
	assert_int_equal(build(fx, &m), ERR_OK);
	assert_true(has(fx,
	    "\r\nList-Unsubscribe: <https://pay.example/mailing/7K3M9QZT>\r\n"
	    "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
}

static void
what_is_no_plain_address_of_the_web_stops_no_letter(void **state)
{
	struct fixture *fx = *state;
	struct mail m = sample();
	char longest[MIME_URL_MAX + 1];

	m.stop_url = STR("https://pay.example/a>\r\nBcc: <b@example.org");
	check_bad(fx, &m);
	m.stop_url = STR("mailto:a@example.org");
	check_bad(fx, &m);
	memset(longest, 'x', sizeof(longest));
	memcpy(longest, "https://", 8);
	m.stop_url = (struct str){ longest, MIME_URL_MAX };
	assert_int_equal(build(fx, &m), ERR_OK);
	m.stop_url.len++;
	check_bad(fx, &m);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(the_letter_has_the_expected_bytes),
		T(russian_headers_are_encoded_words),
		T(every_line_is_ascii_of_at_most_76_and_ends_in_crlf),
		T(the_same_letter_gives_the_same_bytes),
		T(a_letter_without_html_or_parts_has_none),
		T(a_name_with_a_comma_or_quotes_stays_one_name),
		T(addresses_are_checked),
		T(nothing_can_add_a_header),
		T(parts_have_plain_names_and_types),
		T(lengths_of_headers_are_bounded),
		T(a_letter_that_does_not_fit_is_a_failure),
		T(a_letter_that_can_be_stopped_says_where_and_how),
		T(what_is_no_plain_address_of_the_web_stops_no_letter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
