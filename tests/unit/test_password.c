#include "kvitok/base/password.h"

#include <argon2.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void
check(const char *hash, struct str password, bool fits, bool stale)
{
	bool got_fits, got_stale;
	struct fault f;

	fault_init(&f);
	assert_int_equal(
	    password_check(str_of(hash), password, &got_fits, &got_stale, &f),
	    ERR_OK);
	assert_int_equal(got_fits, fits);
	assert_int_equal(got_stale, stale);
}

static void
a_password_fits_its_own_hash_alone(void **state)
{
	char one[PASSWORD_HASH_SIZE], two[PASSWORD_HASH_SIZE];
	struct fault f;

	(void)state;
	fault_init(&f);
	assert_int_equal(password_hash(STR("мост"), one, &f), ERR_OK);
	assert_int_equal(password_hash(STR("мост"), two, &f), ERR_OK);
	assert_string_not_equal(one, two);
	assert_int_equal(
	    strncmp(one, "$argon2id$v=19$m=19456,t=2,p=1$", 31), 0);
	check(one, STR("мост"), true, false);
	check(two, STR("мост"), true, false);
	check(one, STR("Мост"), false, false);
	check(one, STR(""), false, false);
}

/* Another program's hash is read, too, and known to be weaker. */
static void
a_hash_that_took_less_is_stale(void **state)
{
	static const char salt[] = "0123456789abcdef";
	char weak[200];

	(void)state;
	assert_int_equal(argon2id_hash_encoded(2, 4096, 1, "x", 1, salt, 16, 32,
			     weak, sizeof(weak)),
	    ARGON2_OK);
	check(weak, STR("x"), true, true);
	check(weak, STR("y"), false, true);
}

static void
what_is_too_long_is_never_hashed(void **state)
{
	char text[PASSWORD_MAX + 1], out[PASSWORD_HASH_SIZE];
	struct fault f;

	(void)state;
	memset(text, 'a', sizeof(text));
	fault_init(&f);
	assert_int_equal(
	    password_hash((struct str){ text, PASSWORD_MAX + 1 }, out, &f),
	    ERR_INVALID);
	assert_string_equal(f.reason, "password_long");
	assert_int_equal(
	    password_hash((struct str){ text, PASSWORD_MAX }, out, &f), ERR_OK);
	check(out, (struct str){ text, PASSWORD_MAX }, true, false);
	check(out, (struct str){ text, PASSWORD_MAX + 1 }, false, false);
}

/* A row that was tampered with must not take all memory. */
static void
a_hash_that_is_none_of_ours_is_refused(void **state)
{
#define REST                                                                   \
	"$MDEyMzQ1Njc4OWFiY2RlZg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	static const char *const cases[] = {
		"",
		"x",
		"$argon2i$v=19$m=19456,t=2,p=1" REST,
		"$argon2id$v=16$m=19456,t=2,p=1" REST,
		"$argon2id$v=19$m=4194304,t=2,p=1" REST,
		"$argon2id$v=19$m=19456,t=1000,p=1" REST,
		"$argon2id$v=19$m=19456,t=2,p=64" REST,
		"$argon2id$v=19$m=,t=2,p=1" REST,
		"$argon2id$v=19$t=2,m=19456,p=1" REST,
		"$argon2id$v=19$m=19456,t=2,p=1",
		"$argon2id$v=19$m=19456,t=2,p=1$!!$!!",
	};
	bool fits, stale;
	struct fault f;

	(void)state;
	for (size_t i = 0; i < KV_COUNT(cases); i++) {
		fault_init(&f);
		assert_int_equal(password_check(str_of(cases[i]), STR("x"),
				     &fits, &stale, &f),
		    ERR_BUG);
		assert_false(fits);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_password_fits_its_own_hash_alone),
		cmocka_unit_test(a_hash_that_took_less_is_stale),
		cmocka_unit_test(what_is_too_long_is_never_hashed),
		cmocka_unit_test(a_hash_that_is_none_of_ours_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
