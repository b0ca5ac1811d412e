#include "kvitok/base/log.h"

#include <unistd.h>
#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

static int64_t
fixed_now(void)
{
	return INT64_C(1795227191000);
}

struct pipe_log {
	struct log l;
	int from;
	char text[4096];
	size_t len;
};

#define START "2026-11-21T02:13:11.000Z "

static int
setup(void **state)
{
	static struct pipe_log pl;
	int ends[2];

	if (pipe(ends) != 0)
		return -1;
	pl = (struct pipe_log){ .from = ends[0] };
	pl.l =
	    (struct log){ .fd = ends[1], .level = LOG_INFO, .now = fixed_now };
	*state = &pl;
	return 0;
}

static int
teardown(void **state)
{
	struct pipe_log *pl = *state;

	return close(pl->from) + (pl->l.fd >= 0 ? close(pl->l.fd) : 0);
}

/* What was written; the log's end of the pipe is closed. */
static const char *
written(struct pipe_log *pl)
{
	ssize_t n;

	assert_int_equal(close(pl->l.fd), 0);
	pl->l.fd = -1;
	n = read(pl->from, pl->text, sizeof(pl->text) - 1);
	assert_true(n >= 0);
	pl->len = (size_t)n;
	pl->text[pl->len] = '\0';
	return pl->text;
}

static void
an_event_is_one_line_of_names_and_values(void **state)
{
	struct pipe_log *pl = *state;

	log_event(&pl->l, LOG_INFO, "payment_paid", LOG_TEXT, "number",
	    STR("7K3M"), LOG_INT, "total_kop", INT64_C(121800), LOG_END);
	assert_string_equal(written(pl),
	    START "info event=payment_paid number=7K3M total_kop=121800\n");
}

static void
program_and_request_come_before_the_event(void **state)
{
	struct pipe_log *pl = *state;

	pl->l.program = "kvitokd";
	memcpy(pl->l.context, "01J", 4);
	log_event(&pl->l, LOG_ERROR, "x", LOG_END);
	assert_string_equal(
	    written(pl), START "error program=kvitokd req=01J event=x\n");
}

static void
lines_below_the_level_are_not_written(void **state)
{
	struct pipe_log *pl = *state;

	log_event(&pl->l, LOG_DEBUG, "no", LOG_END);
	log_event(&pl->l, LOG_NOTICE, "yes", LOG_END);
	log_event(&pl->l, LOG_WARN, "yes", LOG_END);
	assert_string_equal(
	    written(pl), START "notice event=yes\n" START "warn event=yes\n");
}

static void
foreign_text_forges_neither_line_nor_name(void **state)
{
	struct pipe_log *pl = *state;

	log_event(&pl->l, LOG_INFO, "x", LOG_TEXT, "a", STR("b\nc=d \"\\"),
	    LOG_TEXT, "e", STR(""), LOG_TEXT, "f", STR("g=h"), LOG_TEXT, "i",
	    STR("\x1B[0m\xC2\x85\xE2\x80\xA8"), LOG_TEXT, "j", STR("\xFF"),
	    LOG_TEXT, "k", STR("ё-Я"), LOG_END);
	assert_string_equal(written(pl),
	    START "info event=x a=\"b\\u000ac=d \\\"\\\\\" e=\"\" f=\"g=h\""
		  " i=\"\\u001b[0m\\u0085\\u2028\""
		  " j=\"\xEF\xBF\xBD\" k=ё-Я\n");
}

static void
a_line_has_2000_bytes_at_most_and_one_end(void **state)
{
	struct pipe_log *pl = *state;
	static char big[3000];

	memset(big, 'x', sizeof(big));
	log_event(&pl->l, LOG_INFO, "x", LOG_TEXT, "big",
	    (struct str){ big, sizeof(big) }, LOG_TEXT, "after", STR("y"),
	    LOG_END);
	(void)written(pl);
	assert_int_equal(pl->len, 2000);
	assert_int_equal(pl->text[1999], '\n');
	assert_null(memchr(pl->text, '\n', 1999));
	assert_null(strstr(pl->text, "after"));
}

static void
a_fault_has_class_reason_and_detail(void **state)
{
	struct pipe_log *pl = *state;
	struct fault f;

	assert_int_equal(
	    fault_set(&f, ERR_AGAIN, "busy", "row is locked"), ERR_AGAIN);
	log_fault(&pl->l, LOG_WARN, "failed", &f);
	assert_string_equal(written(pl),
	    START "warn event=failed class=AGAIN reason=busy"
		  " detail=\"row is locked\"\n");
}

static void
people_are_masked(void **state)
{
	static const struct {
		const char *in, *want;
	} rows[] = {
		{ "anna@d.ru", "a***@d.ru" },
		{ "ё@d.ru", "ё***@d.ru" },
		{ "a@b@d.ru", "a***@d.ru" },
		{ "@d.ru", "@***" },
		{ "+7 (900) 123-45-12", "+7***12" },
		{ "89001234512", "***12" },
		{ "+380441234512", "***12" },
		{ "Иванова", "И***" },
		{ "123456", "1***" },
		{ "1234567", "***67" },
		{ "", "" },
	};
	struct arena *a = arena_new(65536);
	struct buf b;

	(void)state;
	for (size_t i = 0; i < KV_COUNT(rows); i++) {
		buf_init(&b, a, 1000);
		buf_lit(&b, "");
		log_mask(&b, str_of(rows[i].in));
		assert_string_equal(b.p, rows[i].want);
	}
	arena_free(a);
}

static void
a_masked_value_is_quoted_like_any_other(void **state)
{
	struct pipe_log *pl = *state;

	log_event(&pl->l, LOG_INFO, "x", LOG_MASK, "to", STR("anna@d.ru"),
	    LOG_MASK, "bad", STR("x@\n"), LOG_END);
	assert_string_equal(written(pl),
	    START "info event=x to=a***@d.ru bad=\"x***@\\u000a\"\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    an_event_is_one_line_of_names_and_values, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    program_and_request_come_before_the_event, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    lines_below_the_level_are_not_written, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    foreign_text_forges_neither_line_nor_name, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_line_has_2000_bytes_at_most_and_one_end, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_fault_has_class_reason_and_detail, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    people_are_masked, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_masked_value_is_quoted_like_any_other, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
