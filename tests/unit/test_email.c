#include "kvitok/domain/email.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

static void
ordinary_addresses_are_taken(void **state)
{
	static const char *const good[] = { "a@b.ru", "ivanova@example.ru",
		"Ivan.Petrov+zhkh@mail.example.com", "o'neil_99@x-y.co",
		"0@1.name", "a@b.1-d", "user@xn--80ak6aa92e.xn--p1ai",
		"!#$%&'*+/=?^_`{|}~-@b.ru" };

	(void)state;
	for (size_t i = 0; i < KV_COUNT(good); i++)
		assert_null(email_wrong(str_of(good[i])));
}

static void
what_is_no_address_is_refused(void **state)
{
	static const char *const bad[] = { "", "@", "a", "a@", "@b.ru", "a@b",
		"a@@b.ru", "a@b@c.ru", ".a@b.ru", "a.@b.ru", "a..b@c.ru",
		"a@.b.ru", "a@b..ru", "a@b.ru.", "a@-b.ru", "a@b-.ru",
		"a@b_c.ru", "a@1.2.3.4", "a@[1.2.3.4]", "a@b.r", "a b@c.ru",
		"\"a\"@b.ru", "a(x)@b.ru", "a,b@c.ru", "a@b.ru,c@d.ru",
		"<a@b.ru>", "a:b@c.ru", "a;b@c.ru", "a\\b@c.ru", "a@b.22",
		"a@1.2.3.44" };

	(void)state;
	for (size_t i = 0; i < KV_COUNT(bad); i++)
		assert_string_equal(email_wrong(str_of(bad[i])), "email_bad");
}

static void
nothing_that_could_add_a_header_or_a_command_passes(void **state)
{
	static const char *const bad[] = { "a@b.ru\r\nBcc: c@d.ru",
		"a@b.ru\nBcc: c@d.ru", "a\r\n@b.ru", "a@b.ru\r", "a@b.ru\n",
		"\na@b.ru", "a@b.ru>\r\nRCPT TO:<c@d.ru", "a\t@b.ru",
		"a\x7f@b.ru", "a@b.ru " };

	(void)state;
	for (size_t i = 0; i < KV_COUNT(bad); i++)
		assert_false(email_ok(str_of(bad[i])));
	assert_false(email_ok((struct str){ "a\0@b.ru", 7 }));
	assert_false(email_ok((struct str){ "a@b.ru\0", 7 }));
}

static void
letters_outside_ascii_have_their_own_reason(void **state)
{
	(void)state;
	assert_string_equal(
	    email_wrong(STR("почта@example.ru")), "email_not_ascii");
	assert_string_equal(
	    email_wrong(STR("info@пример.рф")), "email_not_ascii");
	assert_string_equal(
	    email_wrong(STR("а@b.ru")), "email_not_ascii"); /* Cyrillic а */
}

/* local characters, '@', then labels of 60 and what is missing */
static struct str
made(char *to, size_t local, size_t whole)
{
	memset(to, 'a', whole);
	to[local] = '@';
	for (size_t i = local + 61; i + 3 < whole; i += 61)
		to[i] = '.';
	to[whole - 3] = '.';
	return (struct str){ to, whole };
}

static void
lengths_end_at_64_and_254_and_63(void **state)
{
	char text[300];

	(void)state;
	assert_true(email_ok(made(text, 64, 100)));
	assert_false(email_ok(made(text, 65, 100)));
	assert_true(email_ok(made(text, 64, 254)));
	assert_false(email_ok(made(text, 64, 255)));
	memset(text, 'b', sizeof(text));
	memcpy(text, "a@", 2);
	memcpy(text + 2 + 63, ".ru", 3);
	assert_true(email_ok((struct str){ text, 68 }));
	text[2 + 63] = 'b';
	memcpy(text + 2 + 64, ".ru", 3);
	assert_false(email_ok((struct str){ text, 69 }));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ordinary_addresses_are_taken),
		cmocka_unit_test(what_is_no_address_is_refused),
		cmocka_unit_test(
		    nothing_that_could_add_a_header_or_a_command_passes),
		cmocka_unit_test(letters_outside_ascii_have_their_own_reason),
		cmocka_unit_test(lengths_end_at_64_and_254_and_63),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
