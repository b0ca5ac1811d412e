#include "../../src/main/ctl_command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

static struct arena *arena;

static int
setup(void **state)
{
	(void)state;
	arena = arena_new(16 << 20);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

#define WORDS_MAX 12

/* Takes words parted by '|'. */
static enum err
parse(struct ctl *c, const char *line, const struct ctl_command **k)
{
	char *words[WORDS_MAX];
	struct str rest = str_of(line), word;
	size_t n = 0;
	bool more;

	*c = (struct ctl){ .a = arena };
	fault_init(&c->f);
	buf_init(&c->out, arena, 1 << 16);
	do {
		more = str_cut(&rest, '|', &word);
		words[n++] = arena_z(arena, word);
	} while (more && n < WORDS_MAX);
	return ctl_parse(c, words, line[0] != '\0' ? n : 0, k);
}

static void
command_is_found_with_its_words(void **state)
{
	const struct ctl_command *k;
	struct ctl c;

	(void)state;
	assert_int_equal(parse(&c, "account|tgk1|tgk-1|780041256", &k), ERR_OK);
	assert_string_equal(k->name, "account");
	assert_int_equal(c.words_len, 3);
	assert_true(str_eq(c.words[2], STR("780041256")));
	assert_int_equal(parse(&c, "portal|show|tgk1", &k), ERR_OK);
	assert_string_equal(k->name, "portal show");
	assert_int_equal(c.words_len, 1);
}

static void
options_are_taken_in_both_forms_and_any_order(void **state)
{
	const struct ctl_command *k;
	struct ctl c;

	(void)state;
	assert_int_equal(
	    parse(&c, "key|add|--title=a=b|--rights|pay|--portal|p", &k),
	    ERR_OK);
	assert_string_equal(k->name, "key add");
	assert_true(str_eq(ctl_option(&c, "portal"), STR("p")));
	assert_true(str_eq(ctl_option(&c, "rights"), STR("pay")));
	assert_true(str_eq(ctl_option(&c, "title"), STR("a=b")));
}

static void
words_after_two_dashes_are_no_options(void **state)
{
	const struct ctl_command *k;
	struct ctl c;

	(void)state;
	assert_int_equal(parse(&c, "why|--|--x", &k), ERR_OK);
	assert_true(str_eq(c.words[0], STR("--x")));
}

static void
wrong_use_is_told(void **state)
{
	static const char *const pairs[][2] = {
		{ "", "no such command" },
		{ "keys", "no such command" },
		{ "key", "no such command" },
		{ "key|adds", "no such command" },
		{ "why", "wanted: NUMBER" },
		{ "why|1|2", "too many words" },
		{ "demo|x", "too many words" },
		{ "account|a|b", "wanted: PORTAL SUPPLIER NUMBER" },
		{ "key|add|--portal|p|--rights|pay", "--title is missing" },
		{ "key|add|--portal", "--portal needs a value" },
		{ "key|add|--name|x", "--name: unknown option" },
		{ "why|--", "wanted: NUMBER" },
	};

	(void)state;
	for (size_t i = 0; i < KV_COUNT(pairs); i++) {
		const struct ctl_command *k;
		struct ctl c;

		assert_int_equal(parse(&c, pairs[i][0], &k), ERR_INVALID);
		assert_string_equal(c.f.reason, "usage");
		if (strstr(c.f.detail, pairs[i][1]) == NULL)
			fail_msg("%s: %s", pairs[i][0], c.f.detail);
	}
}

static void
help_names_every_command(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, arena, 1 << 16);
	ctl_help(&b);
	for (size_t i = 0; i < ctl_commands_len; i++)
		assert_non_null(strstr(b.p, ctl_commands[i].name));
}

/* A supplier's text must not steer the operator's terminal. */
static void
controls_are_not_shown(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, arena, 256);
	ctl_say(&b, "a: ", STR("ы\x1b[31m\n\x7f\xc2\x9b\xff."));
	assert_string_equal(b.p, "a: ы.[31m.....");
}

static void
cell_is_as_wide_as_its_characters(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, arena, 256);
	ctl_cell(&b, STR("ИНЗБ"), 6);
	ctl_cell(&b, STR("1234"), 4);
	ctl_cell(&b, STR("x"), 0);
	assert_string_equal(b.p, "ИНЗБ  1234 x ");
}

static void
time_is_told_in_utc(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, arena, 256);
	ctl_time(&b, INT64_C(1795230000000));
	assert_string_equal(b.p, "2026-11-21 03:00:00 UTC");
	ctl_time(&b, 0);
	assert_int_equal(b.len, 2 * strlen("2026-11-21 03:00:00 UTC"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(command_is_found_with_its_words),
		cmocka_unit_test(options_are_taken_in_both_forms_and_any_order),
		cmocka_unit_test(words_after_two_dashes_are_no_options),
		cmocka_unit_test(wrong_use_is_told),
		cmocka_unit_test(help_names_every_command),
		cmocka_unit_test(controls_are_not_shown),
		cmocka_unit_test(cell_is_as_wide_as_its_characters),
		cmocka_unit_test(time_is_told_in_utc),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
