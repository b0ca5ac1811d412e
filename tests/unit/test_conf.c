#include "kvitok/base/conf.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

static const struct conf_key keys[] = {
	{ "main", "name", CONF_TEXT, NULL, 1, 10, NULL },
	{ "main", "note", CONF_TEXT, "none", 0, 0, NULL },
	{ "main", "workers", CONF_INT, "4", 1, 64, NULL },
	{ "main", "debug", CONF_BOOL, "no", 0, 0, NULL },
	{ "main", "mode", CONF_CHOICE, "slow", 0, 0, "fast|slow|off" },
	{ "main", "url", CONF_URL, "", 0, 0, NULL },
	{ "main", "file", CONF_FILE, "", 0, 0, NULL },
	{ "main", "secret", CONF_SECRET, "", 0, 0, NULL },
	{ "main", "hosts", CONF_LIST, "", 0, 0, NULL },
	{ "contract *", "bank", CONF_CHOICE, NULL, 0, 0, "sber|gpb" },
	{ "contract *", "wait_s", CONF_INT, "10", 1, 60, NULL },
};

struct place {
	char dir[40], path[60], other[60];
	struct arena *a;
	struct buf report;
	struct fault f;
};

static int
setup(void **state)
{
	static struct place pl;

	memcpy(pl.dir, "/tmp/kvitok-conf-XXXXXX", 24);
	if (mkdtemp(pl.dir) == NULL)
		return -1;
	(void)snprintf(pl.path, sizeof(pl.path), "%s/c", pl.dir);
	(void)snprintf(pl.other, sizeof(pl.other), "%s/o", pl.dir);
	pl.a = arena_new(32 << 20);
	*state = &pl;
	return 0;
}

static int
teardown(void **state)
{
	struct place *pl = *state;

	(void)unlink(pl->path);  /* a test may have made none */
	(void)unlink(pl->other); /* the same */
	arena_free(pl->a);
	return rmdir(pl->dir);
}

static void
put_file(const char *path, struct str text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text.p, text.len), (ssize_t)text.len);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(close(fd), 0);
}

static enum err
load(struct place *pl, struct str text, struct conf **c)
{
	put_file(pl->path, text, 0600);
	buf_init(&pl->report, pl->a, 65536);
	buf_lit(&pl->report, "");
	return conf_load(
	    pl->a, pl->path, keys, KV_COUNT(keys), c, &pl->report, &pl->f);
}

static struct conf *
loaded(struct place *pl, const char *text)
{
	struct conf *c = NULL;
	enum err rc = load(pl, str_of(text), &c);

	assert_string_equal(pl->report.p, "");
	assert_int_equal(rc, ERR_OK);
	return c;
}

/* lines: "LINE: words" each, in any order; nothing else may be reported. */
static void
check_report(
    struct place *pl, struct str text, const char *const *lines, size_t n)
{
	struct conf *c = NULL;
	size_t ends = 0;

	assert_int_equal(load(pl, text, &c), ERR_INVALID);
	assert_string_equal(pl->f.reason, "conf_bad");
	assert_null(c);
	for (size_t i = 0; i < n; i++) {
		struct str want =
		    arena_fmt(pl->a, "%s:%s\n", pl->path, lines[i]);

		if (strstr(pl->report.p, want.p) == NULL)
			fail_msg("no \"%s\" in:\n%s", want.p, pl->report.p);
	}
	for (size_t i = 0; i < pl->report.len; i++)
		ends += pl->report.p[i] == '\n';
	if (ends != n)
		fail_msg("more than %zu lines:\n%s", n, pl->report.p);
}

#define REPORTS(pl, text, ...)                                                 \
	do {                                                                   \
		static const char *const want_[] = { __VA_ARGS__ };            \
		check_report((pl), STR(text), want_, KV_COUNT(want_));         \
	} while (0)

static void
what_is_set_is_read_and_the_rest_falls_back(void **state)
{
	struct conf *c = loaded(*state,
	    "# a comment\n; another\n\n[main]\n  name = Квиток \n"
	    "workers=64\ndebug = yes\nmode = fast\n");

	assert_true(str_eq(conf_text(c, "main", "name"), STR("Квиток")));
	assert_true(str_eq(conf_text(c, "main", "note"), STR("none")));
	assert_int_equal(conf_int(c, "main", "workers"), 64);
	assert_true(conf_yes(c, "main", "debug"));
	assert_int_equal(conf_choice(c, "main", "mode"), 0);
	c = loaded(*state, "[main]\r\nname = x\r\n");
	assert_true(str_eq(conf_text(c, "main", "name"), STR("x")));
	assert_int_equal(conf_int(c, "main", "workers"), 4);
	assert_false(conf_yes(c, "main", "debug"));
	assert_int_equal(conf_choice(c, "main", "mode"), 1);
	assert_int_equal(conf_text(c, "main", "url").len, 0);
}

static void
a_value_keeps_semicolons_equal_signs_and_length(void **state)
{
	struct place *pl = *state;
	struct buf b;
	struct conf *c;

	buf_init(&b, pl->a, 8192);
	buf_lit(&b, "[main]\nname = x\nnote = Driver=Q;A={b=c};");
	for (int i = 0; i < 3000; i++)
		buf_char(&b, 'z');
	c = loaded(pl, b.p);
	assert_int_equal(conf_text(c, "main", "note").len,
	    strlen("Driver=Q;A={b=c};") + 3000);
	assert_true(str_starts(
	    conf_text(c, "main", "note"), STR("Driver=Q;A={b=c};z")));
}

static void
named_sections_are_told_apart_and_listed_in_order(void **state)
{
	struct place *pl = *state;
	struct conf *c = loaded(pl,
	    "[main]\nname=x\n[contract sber-old]\nbank=sber\nwait_s=60\n"
	    "[contract gpb]\nbank = gpb\n");
	struct str *names;

	assert_int_equal(conf_names(pl->a, c, "contract", &names), 2);
	assert_true(str_eq(names[0], STR("sber-old")));
	assert_true(str_eq(names[1], STR("gpb")));
	assert_string_equal(
	    conf_section(pl->a, "contract", names[0]), "contract sber-old");
	assert_int_equal(conf_choice(c, "contract sber-old", "bank"), 0);
	assert_int_equal(conf_int(c, "contract sber-old", "wait_s"), 60);
	assert_int_equal(conf_choice(c, "contract gpb", "bank"), 1);
	assert_int_equal(conf_int(c, "contract gpb", "wait_s"), 10);
	assert_int_equal(conf_names(pl->a, c, "con", &names), 0);
}

static void
lists_lose_the_blanks_around_their_items(void **state)
{
	struct place *pl = *state;
	struct conf *c =
	    loaded(pl, "[main]\nname=x\nhosts = a.example , b.example,c\n");
	struct str *items;

	assert_int_equal(conf_list(pl->a, c, "main", "hosts", &items), 3);
	assert_true(str_eq(items[0], STR("a.example")));
	assert_true(str_eq(items[1], STR("b.example")));
	assert_true(str_eq(items[2], STR("c")));
	c = loaded(pl, "[main]\nname=x\n");
	assert_int_equal(conf_list(pl->a, c, "main", "hosts", &items), 0);
}

static void
every_error_is_reported_at_once_with_its_line(void **state)
{
	REPORTS(*state,
	    "loose = 1\n"     /* 1 */
	    "[main]\n"        /* 2 */
	    "workers = 65\n"  /* 3 */
	    "debug = true\n"  /* 4 */
	    "no equal sign\n" /* 5 */
	    "mode = faster\n" /* 6 */
	    "colour = red\n"  /* 7 */
	    "note = a\n"      /* 8 */
	    "note = b\n"      /* 9 */
	    "[elsewhere]\n"   /* 10 */
	    "skipped = without words\n"
	    "[contract x]\n" /* 12 */
	    "wait_s = 0\n"   /* 13 */
	    "[contract x]\n" /* 14 */
	    "bank = sber\n"
	    "[contract y] trailing\n" /* 16 */
	    "[]\n"                    /* 17 */
	    "[contract z]\n"          /* 18 */
	    "bank = gpb ; comment\n"  /* 19 */
	    "bank = gpb\n"
	    "last", /* 21 */
	    "1: loose stands in no section", "2: [main] name: must be set",
	    "3: [main] workers: must be a whole number from 1 to 64",
	    "4: [main] debug: must be yes or no", "5: expected: key = value",
	    "6: [main] mode: must be one of fast|slow|off",
	    "7: [main] has no key colour",
	    "9: [main] note stands in line 8 already",
	    "10: [elsewhere] is not a section",
	    "12: [contract x] bank: must be set",
	    "13: [contract x] wait_s: must be a whole number from 1 to 60",
	    "14: [contract x] stands in line 12 already",
	    "16: a section is written [name], and nothing after it",
	    "17: a section is written [name], and nothing after it",
	    "19: a comment needs a line of its own",
	    "21: expected: key = value");
}

static void
lengths_and_numbers_hold_both_ends(void **state)
{
	struct place *pl = *state;

	(void)loaded(pl, "[main]\nname = 1234567890\nworkers = 1\n");
	(void)loaded(pl, "[main]\nname = ёёёёёёёёёё\nworkers = 64\n");
	REPORTS(pl, "[main]\nname = 12345678901\nworkers = 0\n",
	    "2: [main] name: must have 1 to 10 characters",
	    "3: [main] workers: must be a whole number from 1 to 64");
	REPORTS(pl, "[main]\nname =\n",
	    "2: [main] name: must have 1 to 10 characters");
}

static void
addresses_are_https_or_of_this_host(void **state)
{
	static const char *const good[] = { "https://securepayments.ru/x",
		"http://127.0.0.1:8080", "http://localhost/x",
		"http://[::1]:9/", "https://h:8443?a=b" };
	static const char *const bad[] = { "http://example.org",
		"ftp://localhost", "securepayments.ru", "https://",
		"https:///x", "http://127.example/", "http://127.0.0.1.a/",
		"https://u:p@h/", "http://localhost.example/", "https://a b/",
		"http://127.example@evil.example/", "https://хост/",
		"http://u@localhost/" };
	struct place *pl = *state;

	for (size_t i = 0; i < KV_COUNT(good); i++)
		(void)loaded(pl,
		    arena_fmt(pl->a, "[main]\nname=x\nurl=%s\n", good[i]).p);
	for (size_t i = 0; i < KV_COUNT(bad); i++) {
		struct conf *c;

		if (load(pl,
			arena_fmt(pl->a, "[main]\nname=x\nurl=%s\n", bad[i]),
			&c) == ERR_OK)
			fail_msg("%s was taken", bad[i]);
		assert_non_null(strstr(pl->report.p, ":3: [main] url: "));
	}
}

static void
a_file_must_be_there_and_named_from_the_root(void **state)
{
	struct place *pl = *state;

	put_file(pl->other, STR("x"), 0600);
	(void)loaded(
	    pl, arena_fmt(pl->a, "[main]\nname=x\nfile=%s\n", pl->other).p);
	REPORTS(pl, "[main]\nname=x\nfile=relative\n",
	    "3: [main] file: must be a path from /");
	REPORTS(pl, "[main]\nname=x\nfile=/nowhere/at/all\n",
	    "3: [main] file: the file cannot be read");
}

static void
a_secret_is_read_and_kept_from_others(void **state)
{
	struct place *pl = *state;
	struct conf *c;
	struct str s;
	const char *text =
	    arena_fmt(pl->a, "[main]\nname=x\nsecret=%s\n", pl->other).p;

	put_file(pl->other, STR("pass\n"), 0600);
	c = loaded(pl, text);
	assert_int_equal(
	    conf_secret(pl->a, c, "main", "secret", &s, &pl->f), ERR_OK);
	assert_true(str_eq(s, STR("pass")));
	put_file(pl->other, STR("pass\n"), 0644);
	assert_int_equal(load(pl, str_of(text), &c), ERR_INVALID);
	assert_non_null(strstr(pl->report.p, "others can read"));
	assert_null(strstr(pl->report.p, "pass"));
	/* Beside kvitok.conf. */
	put_file(pl->other, STR("near"), 0600);
	c = loaded(pl, "[main]\nname=x\nsecret=o\n");
	assert_int_equal(
	    conf_secret(pl->a, c, "main", "secret", &s, &pl->f), ERR_OK);
	assert_true(str_eq(s, STR("near")));
	c = loaded(pl, "[main]\nname=x\n");
	assert_int_equal(
	    conf_secret(pl->a, c, "main", "secret", &s, &pl->f), ERR_OK);
	assert_int_equal(s.len, 0);
}

static void
a_service_of_systemd_has_its_secrets_in_its_own_folder(void **state)
{
	struct place *pl = *state;
	struct conf *c;
	struct str s;

	(void)snprintf(pl->other, sizeof(pl->other), "%s/o_bank", pl->dir);
	put_file(pl->other, STR("lent"), 0600);
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", pl->dir, 1), 0);
	c = loaded(pl, "[main]\nname=x\nsecret=o/bank\n");
	assert_int_equal(
	    conf_secret(pl->a, c, "main", "secret", &s, &pl->f), ERR_OK);
	assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
	assert_true(str_eq(s, STR("lent")));
}

static void
an_empty_item_of_a_list_is_an_error(void **state)
{
	REPORTS(*state, "[main]\nname=x\nhosts=a,,b\n",
	    "3: [main] hosts: an item between the commas is empty");
	REPORTS(*state, "[main]\nname=x\nhosts=a,\n",
	    "3: [main] hosts: an item between the commas is empty");
}

static void
bytes_that_are_no_text_are_reported(void **state)
{
	REPORTS(*state, "[main]\nname=x\nnote=\xD0\nhosts=a\0b\n",
	    "3: not UTF-8, or control characters",
	    "4: not UTF-8, or control characters");
}

static void
a_byte_order_mark_is_passed_over_at_the_begin_only(void **state)
{
	(void)loaded(*state, "\xEF\xBB\xBF[main]\nname=x\n");
	REPORTS(*state, "[main]\nname=x\n\xEF\xBB\xBF[contract a]\n",
	    "3: expected: key = value");
}

static void
lines_and_names_too_long_are_reported_not_cut(void **state)
{
	struct place *pl = *state;
	static const char *const want[] = { "3: the line is above 4094 bytes",
		"4: the section's name is above 49 bytes" };
	struct buf b;

	buf_init(&b, pl->a, 8192);
	buf_lit(&b, "[main]\nname = x\nnote = ");
	for (int i = 0; i < 4094 - 6; i++)
		buf_char(&b, 'z');
	buf_lit(&b, "\n[contract ");
	for (int i = 0; i < 41; i++)
		buf_char(&b, 'c');
	buf_lit(&b, "]\n");
	check_report(pl, buf_str(&b), want, 2);
}

static void
a_file_that_is_absent_or_too_large_is_an_error(void **state)
{
	static char big[256 * 1024 + 1];
	struct place *pl = *state;
	struct conf *c = NULL;

	buf_init(&pl->report, pl->a, 65536);
	assert_int_equal(conf_load(pl->a, "/nowhere/c", keys, KV_COUNT(keys),
			     &c, &pl->report, &pl->f),
	    ERR_INVALID);
	assert_string_equal(
	    pl->report.p, "/nowhere/c:1: cannot be read: it is not there\n");
	memset(big, '\n', sizeof(big));
	assert_int_equal(
	    load(pl, (struct str){ big, sizeof(big) }, &c), ERR_INVALID);
	assert_non_null(strstr(pl->report.p, "above 256 KiB"));
	assert_int_equal(
	    load(pl, (struct str){ big, sizeof(big) - 1 }, &c), ERR_INVALID);
	assert_null(strstr(pl->report.p, "above 256 KiB"));
}

static void
programs_may_complain_of_a_key_in_its_line(void **state)
{
	struct place *pl = *state;
	struct conf *c = loaded(pl, "[main]\nname=x\n");

	conf_complain(c, "main", "name", &pl->report, "is taken");
	conf_complain(c, "main", "note", &pl->report, "is dull");
	assert_string_equal(pl->report.p,
	    arena_fmt(pl->a,
		"%s:2: [main] name: is taken\n%s:1: [main] note: is dull\n",
		pl->path, pl->path)
		.p);
}

static void
a_report_that_is_full_is_still_a_failure(void **state)
{
	struct place *pl = *state;
	struct conf *c = NULL;

	put_file(pl->path, STR("bad\n"), 0600);
	buf_init(&pl->report, pl->a, 3);
	assert_int_equal(conf_load(pl->a, pl->path, keys, KV_COUNT(keys), &c,
			     &pl->report, &pl->f),
	    ERR_INVALID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    what_is_set_is_read_and_the_rest_falls_back, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    a_value_keeps_semicolons_equal_signs_and_length, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    named_sections_are_told_apart_and_listed_in_order, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    lists_lose_the_blanks_around_their_items, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    every_error_is_reported_at_once_with_its_line, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    lengths_and_numbers_hold_both_ends, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    addresses_are_https_or_of_this_host, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_file_must_be_there_and_named_from_the_root, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    a_secret_is_read_and_kept_from_others, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_service_of_systemd_has_its_secrets_in_its_own_folder,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(
		    an_empty_item_of_a_list_is_an_error, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    bytes_that_are_no_text_are_reported, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_byte_order_mark_is_passed_over_at_the_begin_only, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    lines_and_names_too_long_are_reported_not_cut, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    a_file_that_is_absent_or_too_large_is_an_error, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    programs_may_complain_of_a_key_in_its_line, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    a_report_that_is_full_is_still_a_failure, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
