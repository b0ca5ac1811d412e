#include "kvitok/base/secret.h"
#include "kvitok/base/attr.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

static void
equal_secrets_are_equal_in_every_byte(void **state)
{
	(void)state;
	assert_true(secret_eq(STR("abc"), STR("abc")));
	assert_false(secret_eq(STR("abc"), STR("abd")));
	assert_false(secret_eq(STR("abc"), STR("xbc")));
	assert_false(secret_eq(STR("abc"), STR("ab")));
	assert_true(secret_eq(STR_NONE, STR("")));
	assert_false(secret_eq(STR("a\0b"), STR("a\0c")));
}

static void
wiped_memory_is_zero(void **state)
{
	char p[16] = "secret";

	(void)state;
	secret_wipe(p, sizeof(p));
	for (size_t i = 0; i < sizeof(p); i++)
		assert_int_equal(p[i], 0);
}

static void
sha256_is_that_of_fips_180(void **state)
{
	char hex[65];

	(void)state;
	secret_sha256_hex(STR("abc"), hex);
	assert_string_equal(hex,
	    "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad");
	secret_sha256_hex(STR_NONE, hex);
	assert_string_equal(hex,
	    "e3b0c44298fc1c149afbf4c8996fb924"
	    "27ae41e4649b934ca495991b7852b855");
}

static void
a_digest_of_pieces_is_that_of_the_whole(void **state)
{
	struct secret_sum s;
	char hex[65], want[65];

	(void)state;
	secret_sha256_hex(STR("abc"), want);
	secret_sum_begin(&s);
	secret_sum_add(&s, STR("a"));
	secret_sum_add(&s, STR_NONE);
	secret_sum_add(&s, STR("bc"));
	secret_sum_end(&s, hex);
	assert_string_equal(hex, want);
	secret_sha256_hex(STR_NONE, want);
	secret_sum_begin(&s);
	secret_sum_end(&s, hex);
	assert_string_equal(hex, want);
	secret_sum_begin(&s);
	secret_sum_end(&s, NULL);
	assert_null(s.ctx);
}

static void
random_text_has_32_digits_that_nobody_confuses(void **state)
{
	char text[2001], other[2001];

	(void)state;
	secret_random_text(text, 2000);
	secret_random_text(other, 2000);
	assert_int_equal(strlen(text), 2000);
	assert_string_not_equal(text, other);
	for (const char *p = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; *p; p++)
		assert_non_null(strchr(text, *p));
	assert_null(strpbrk(text, "ILOUabcdefghijklmnopqrstuvwxyz"));
}

static void
base32_takes_five_bits_for_each_character(void **state)
{
	static const uint8_t p[] = { 0x00, 0x44, 0x32, 0x14, 0xC7, 0xFF };
	char out[10];

	(void)state;
	secret_base32(p, 8, out);
	assert_string_equal(out, "01234567");
	secret_base32(p, 9, out);
	assert_string_equal(out, "01234567Z");
	secret_base32(p, 3, out);
	assert_string_equal(out, "012");
	secret_base32(p, 0, out);
	assert_string_equal(out, "");
}

static void
ulids_are_in_order_of_time_and_never_the_same(void **state)
{
	char a[SECRET_ULID_SIZE], b[SECRET_ULID_SIZE], c[SECRET_ULID_SIZE];

	(void)state;
	secret_ulid(INT64_C(1469918176385), a);
	assert_int_equal(strlen(a), 26);
	assert_memory_equal(a, "01ARYZ6S41", 10); /* of the ULID page */
	secret_ulid(INT64_C(1469918176385), b);
	assert_memory_equal(a, b, 10);
	assert_string_not_equal(a, b);
	secret_ulid(INT64_C(1469918176386), c);
	assert_true(strcmp(a, c) < 0 && strcmp(b, c) < 0);
	secret_ulid(0, a);
	assert_memory_equal(a, "0000000000", 10);
	secret_ulid((INT64_C(1) << 48) - 1, a);
	assert_memory_equal(a, "7ZZZZZZZZZ", 10);
}

struct place {
	char dir[40], path[60];
	struct arena *a;
};

static int
setup(void **state)
{
	static struct place pl;

	memcpy(pl.dir, "/tmp/kvitok-secret-XXXXXX", 26);
	if (mkdtemp(pl.dir) == NULL)
		return -1;
	(void)snprintf(pl.path, sizeof(pl.path), "%s/s", pl.dir);
	pl.a = arena_new(1 << 20);
	*state = &pl;
	return 0;
}

static int
teardown(void **state)
{
	struct place *pl = *state;

	(void)unlink(pl->path); /* a test may have made none */
	arena_free(pl->a);
	return rmdir(pl->dir);
}

static enum err
read_back(struct place *pl, struct str content, mode_t mode, struct str *out)
{
	int fd = open(pl->path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	struct fault f;
	enum err rc;

	assert_true(fd >= 0);
	assert_int_equal(
	    write(fd, content.len > 0 ? content.p : "", content.len),
	    (ssize_t)content.len);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(close(fd), 0);
	fault_init(&f);
	rc = secret_file(pl->a, pl->path, out, &f);
	if (rc != ERR_OK) {
		assert_int_equal(rc, ERR_INVALID);
		assert_string_equal(f.reason, "secret_file");
		assert_non_null(strstr(f.detail, pl->path));
	}
	return rc;
}

static void
a_secret_loses_its_last_line_end_only(void **state)
{
	struct str s;

	assert_int_equal(
	    read_back(*state, STR("pass word\n"), 0600, &s), ERR_OK);
	assert_true(str_eq(s, STR("pass word")));
	assert_int_equal(read_back(*state, STR("a\n\r\n"), 0400, &s), ERR_OK);
	assert_true(str_eq(s, STR("a\n")));
	assert_int_equal(read_back(*state, STR(" a "), 0600, &s), ERR_OK);
	assert_true(str_eq(s, STR(" a ")));
}

static void
a_secret_that_others_may_see_is_refused(void **state)
{
	static const mode_t open_modes[] = { 0644, 0604, 0602, 0601, 0660, 0620,
		0610, 0666 };
	struct str s = STR("x");

	for (size_t i = 0; i < KV_COUNT(open_modes); i++)
		assert_int_equal(read_back(*state, STR("p"), open_modes[i], &s),
		    ERR_INVALID);
	assert_true(str_eq(s, STR("x")));
}

static void
a_group_may_read_what_root_has_lent_it(void **state)
{
	struct str s;

	/* Of another owner the group is as foreign as anybody. */
	assert_int_equal(read_back(*state, STR("p"), 0640, &s),
	    geteuid() == 0 ? ERR_OK : ERR_INVALID);
}

static void
an_empty_or_absent_secret_is_refused(void **state)
{
	struct place *pl = *state;
	struct str s;
	struct fault f;

	assert_int_equal(read_back(pl, STR_NONE, 0600, &s), ERR_INVALID);
	assert_int_equal(read_back(pl, STR("\n"), 0600, &s), ERR_INVALID);
	assert_int_equal(read_back(pl, STR("\r\n"), 0600, &s), ERR_INVALID);
	assert_int_equal(unlink(pl->path), 0);
	assert_int_equal(secret_file(pl->a, pl->path, &s, &f), ERR_INVALID);
	assert_non_null(strstr(f.detail, "is not there"));
	assert_int_equal(secret_file(pl->a, pl->dir, &s, &f), ERR_INVALID);
	assert_non_null(strstr(f.detail, "not a file"));
	assert_int_equal(mkfifo(pl->path, 0600), 0);
	assert_int_equal(secret_file(pl->a, pl->path, &s, &f), ERR_INVALID);
}

static void
a_secret_has_64_kib_at_most(void **state)
{
	static char big[64 * 1024 + 1];
	struct str s;

	memset(big, 'x', sizeof(big));
	assert_int_equal(
	    read_back(*state, (struct str){ big, sizeof(big) }, 0600, &s),
	    ERR_INVALID);
	assert_int_equal(
	    read_back(*state, (struct str){ big, sizeof(big) - 1 }, 0600, &s),
	    ERR_OK);
	assert_int_equal(s.len, 64 * 1024);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    equal_secrets_are_equal_in_every_byte, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    wiped_memory_is_zero, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    sha256_is_that_of_fips_180, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    random_text_has_32_digits_that_nobody_confuses, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    base32_takes_five_bits_for_each_character, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    ulids_are_in_order_of_time_and_never_the_same, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    a_secret_loses_its_last_line_end_only, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_secret_that_others_may_see_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_group_may_read_what_root_has_lent_it, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    an_empty_or_absent_secret_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_secret_has_64_kib_at_most, setup, teardown),
		cmocka_unit_test(a_digest_of_pieces_is_that_of_the_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
