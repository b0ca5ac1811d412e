#include "kvitok/domain/staff.h"

#include "kvitok/base/password.h"
#include "kvitok/domain/ref.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void
a_login_has_latin_letters_in_lower_case(void **state)
{
	static const struct {
		const char *typed, *login;
	} cases[] = {
		{ "anna", "anna" },
		{ " Anna.Petrova \r\n", "anna.petrova" },
		{ "BUH@tgk-1.ru", "buh@tgk-1.ru" },
		{ "a_1", "a_1" },
		{ "abc", "abc" },
		{ "1234567890123456789012345678901234567890",
		    "1234567890123456789012345678901234567890" },
	};
	char out[STAFF_LOGIN_MAX + 1];

	(void)state;
	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		assert_true(staff_login_fold(str_of(cases[i].typed), out));
		assert_string_equal(out, cases[i].login);
	}
}

static void
what_is_no_login_is_refused(void **state)
{
	static const char *const cases[] = { "", "ab", "анна", "аnna", ".anna",
		"anna-", "an na", "an\tna", "anna\x01", "an/na", "an%na",
		"12345678901234567890123456789012345678901" };
	char out[STAFF_LOGIN_MAX + 1];

	(void)state;
	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		assert_false(staff_login_fold(str_of(cases[i]), out));
		assert_string_equal(out, "");
	}
}

static void
a_password_is_long_enough_and_not_the_login(void **state)
{
	static const struct {
		const char *password, *reason;
	} cases[] = {
		{ "", "password_short" },
		{ "abcdefghijk", "password_short" },
		{ "abcdefghijkl", NULL },
		{ "пароль длинн", NULL },
		{ "пароль длин", "password_short" },
		{ "anna.petrova", "password_login" },
		{ "ANNA.Petrova", "password_login" },
		{ "anna.petrova1", NULL },
		{ "aaaaaaaaaaaa", "password_plain" },
		{ "123412341234", "password_plain" },
		{ "123451234512", NULL },
	};
	char text[PASSWORD_MAX + 2];

	(void)state;
	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		const char *wrong = staff_password_wrong(
		    STR("anna.petrova"), str_of(cases[i].password));

		if (cases[i].reason == NULL)
			assert_null(wrong);
		else
			assert_string_equal(wrong, cases[i].reason);
	}
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + i % 26);
	assert_null(staff_password_wrong(
	    STR("anna"), (struct str){ text, PASSWORD_MAX }));
	assert_string_equal(staff_password_wrong(STR("anna"),
				(struct str){ text, PASSWORD_MAX + 1 }),
	    "password_long");
}

static void
a_suppliers_accountant_looks_and_nobody_pays(void **state)
{
	(void)state;
	assert_null(staff_rights_wrong(STR(""), RIGHT_READ | RIGHT_ADMIN));
	assert_null(staff_rights_wrong(STR("voda"), RIGHT_READ | RIGHT_REPORT));
	assert_string_equal(
	    staff_rights_wrong(STR("voda"), RIGHT_READ | RIGHT_REFUND),
	    "staff_rights_supplier");
	assert_string_equal(staff_rights_wrong(STR("voda"), RIGHT_ADMIN),
	    "staff_rights_supplier");
	assert_string_equal(
	    staff_rights_wrong(STR(""), RIGHT_PAY), "staff_rights_pay");
	assert_string_equal(
	    staff_rights_wrong(STR(""), 0), "staff_rights_none");
}

static void
each_wrong_password_doubles_the_wait_up_to_a_quarter_of_an_hour(void **state)
{
	static const struct {
		int64_t fails, ms;
	} cases[] = { { 0, 0 }, { 1, 0 }, { 4, 0 }, { 5, 30000 }, { 6, 60000 },
		{ 9, 480000 }, { 10, 900000 }, { 11, 900000 },
		{ INT64_MAX, 900000 } };

	(void)state;
	for (size_t i = 0; i < KV_COUNT(cases); i++)
		assert_int_equal(staff_wait_ms(cases[i].fails), cases[i].ms);
}

static void
addresses_are_told_by_their_networks(void **state)
{
	static const struct {
		const char *remote, *door, *network;
	} cases[] = {
		{ "192.0.2.17", "192.0.2.17", "192.0.2.*" },
		{ "2001:db8:0:1:2:3:4:5", "2001:db8:0:1:*", "2001:db8:0:1:*" },
		{ "2001:db8::9", "2001:db8:0:0:*", "2001:db8:0:0:*" },
		{ "::1", "0:0:0:0:*", "0:0:0:0:*" },
		{ "", "", "" },
		{ "unix:", "", "" },
		{ "192.0.2.17\r\n", "", "" },
		{ "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb", "",
		    "" },
	};
	struct arena *a = arena_new(1 << 16);

	(void)state;
	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		struct str remote = str_of(cases[i].remote);

		assert_true(
		    str_eq(staff_door(a, remote), str_of(cases[i].door)));
		assert_true(
		    str_eq(staff_network(a, remote), str_of(cases[i].network)));
	}
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_login_has_latin_letters_in_lower_case),
		cmocka_unit_test(what_is_no_login_is_refused),
		cmocka_unit_test(a_password_is_long_enough_and_not_the_login),
		cmocka_unit_test(a_suppliers_accountant_looks_and_nobody_pays),
		cmocka_unit_test(
		    each_wrong_password_doubles_the_wait_up_to_a_quarter_of_an_hour),
		cmocka_unit_test(addresses_are_told_by_their_networks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
