#include "kvitok/base/fault.h"
#include "kvitok/base/utf8.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

static void
a_new_fault_is_no_failure(void **state)
{
	struct fault f;

	(void)state;
	fault_init(&f);
	assert_int_equal(f.err, ERR_OK);
	assert_string_equal(f.reason, "");
	assert_string_equal(f.detail, "");
	assert_int_equal(f.args_len + f.fields_len, 0);
	assert_int_equal(f.retry_after_s, 0);
}

static void
a_second_fault_replaces_the_first_as_a_whole(void **state)
{
	struct fault f;

	(void)state;
	assert_int_equal(
	    fault_set(&f, ERR_LIMIT, "sum_too_small", "%d", 1), ERR_LIMIT);
	fault_arg(&f, "min", STR("10"));
	fault_field(&f, "/a", "field_range");
	f.retry_after_s = 5;
	assert_int_equal(fault_set(&f, ERR_BUG, "internal", "%d", 2), ERR_BUG);
	assert_string_equal(f.reason, "internal");
	assert_string_equal(f.detail, "2");
	assert_int_equal(f.args_len + f.fields_len, 0);
	assert_int_equal(f.retry_after_s, 0);
}

static void
context_comes_before_the_detail_and_the_class_stays(void **state)
{
	struct fault f;

	(void)state;
	assert_int_equal(fault_set(&f, ERR_AGAIN, "busy", "locked"), ERR_AGAIN);
	assert_int_equal(fault_wrap(&f, "order %d", 7), ERR_AGAIN);
	assert_string_equal(f.detail, "order 7: locked");
	assert_string_equal(f.reason, "busy");
}

static void
a_long_detail_is_cut_between_characters(void **state)
{
	char text[601];
	struct fault f;

	(void)state;
	for (int shift = 0; shift < 4; shift++) {
		memset(text, 'x', 4);
		for (int i = shift; i + 4 <= 600; i += 4)
			memcpy(text + i, "\xF0\x9F\x98\x80", 4);
		text[400 + shift] = '\0';
		(void)fault_set(&f, ERR_BUG, "internal", "%s", text);
		assert_in_range(strlen(f.detail), 252, 255);
		assert_true(utf8_valid(str_of(f.detail)));
		(void)fault_wrap(&f, "%s", "и ещё");
		assert_in_range(strlen(f.detail), 252, 255);
		assert_true(utf8_valid(str_of(f.detail)));
		(void)fault_wrap(&f, "%s", text);
		assert_true(utf8_valid(str_of(f.detail)));
	}
	(void)fault_set(&f, ERR_BUG, "internal", "%0255d", 0);
	assert_int_equal(strlen(f.detail), 255);
}

static void
the_first_wrong_field_makes_the_input_invalid(void **state)
{
	struct fault f;

	(void)state;
	fault_init(&f);
	fault_field(&f, "/lines/0/sum_kop", "field_range");
	assert_int_equal(f.err, ERR_INVALID);
	assert_string_equal(f.reason, "input_invalid");
	assert_string_equal(f.fields[0].pointer, "/lines/0/sum_kop");
	assert_string_equal(f.fields[0].reason, "field_range");
}

static void
fields_keep_a_class_that_was_set_before(void **state)
{
	struct fault f;

	(void)state;
	(void)fault_set(&f, ERR_LIMIT, "sum_too_small", "x");
	fault_field(&f, "/sum", "sum_too_small");
	assert_int_equal(f.err, ERR_LIMIT);
	assert_string_equal(f.reason, "sum_too_small");
	assert_int_equal(f.fields_len, 1);
}

static void
sixteen_fields_are_kept_and_no_more(void **state)
{
	struct fault f;

	(void)state;
	fault_init(&f);
	for (int i = 0; i < 17; i++)
		fault_field(&f, i == 15 ? "last" : "x", "field_type");
	assert_int_equal(f.fields_len, FAULT_FIELDS_MAX);
	assert_string_equal(f.fields[15].pointer, "last");
}

static void
a_long_pointer_is_cut_between_characters(void **state)
{
	char pointer[200] = "";
	struct fault f;

	(void)state;
	for (size_t i = 0; i < 198; i += 2)
		memcpy(pointer + i, "я", 3);
	fault_init(&f);
	fault_field(&f, pointer, "field_unknown");
	assert_int_equal(strlen(f.fields[0].pointer), 94);
}

static void
check_words(const struct fault *f, const char *want)
{
	struct arena *a = arena_new(65536);
	struct buf b;

	buf_init(&b, a, 1000);
	fault_words(f, &b);
	assert_string_equal(b.p, want);
	arena_free(a);
}

static void
words_get_their_arguments(void **state)
{
	struct fault f;

	(void)state;
	(void)fault_set(&f, ERR_LIMIT, "sum_too_small", "x");
	fault_arg_kop(&f, "min", 1000);
	fault_arg_kop(&f, "max", 1400000);
	check_words(&f,
	    "Сумма меньше допустимой: минимальная сумма: 10 руб., "
	    "максимальная: 14000 руб.");
	fault_arg_kop(&f, "min", 999); /* the same name: replaced */
	assert_int_equal(f.args_len, 2);
	check_words(&f,
	    "Сумма меньше допустимой: минимальная сумма: 9,99 руб., "
	    "максимальная: 14000 руб.");
}

static void
an_argument_that_was_not_set_stays_in_braces(void **state)
{
	struct fault f;

	(void)state;
	(void)fault_set(&f, ERR_LIMIT, "sum_too_small", "x");
	fault_arg(&f, "mi", STR("{max}"));
	fault_arg(&f, "max", STR("{min}"));
	check_words(&f,
	    "Сумма меньше допустимой: минимальная сумма: {min} руб., "
	    "максимальная: {min} руб.");
}

static void
sums_in_words_have_decimals_only_if_any(void **state)
{
	static const struct {
		int64_t kop;
		const char *want;
	} rows[] = {
		{ 1400000, "14000" },
		{ 1400001, "14000,01" },
		{ 5, "0,05" },
		{ 0, "0" },
		{ -250, "-2,50" },
		{ INT64_MIN, "-92233720368547758,08" },
	};
	struct fault f;

	(void)state;
	for (size_t i = 0; i < KV_COUNT(rows); i++) {
		fault_init(&f);
		fault_arg_kop(&f, "min", rows[i].kop);
		assert_string_equal(f.args[0].value, rows[i].want);
	}
}

static void
reasons_have_status_and_words(void **state)
{
	(void)state;
	assert_int_equal(reason_status("sum_too_small"), 422);
	assert_int_equal(reason_status("bank_unsure"), 202);
	assert_int_equal(reason_status("no such reason"), 500);
	assert_true(reason_known("input_invalid"));
	assert_false(reason_known("input_invali"));
	assert_false(reason_known(""));
	assert_string_equal(
	    reason_words("payment_unknown"), "Платёж не найден.");
	assert_string_equal(
	    reason_words("no such reason"), reason_words("internal"));
}

struct reason_row {
	const char *id;
	int status;
	const char *words;
};

static const struct reason_row reason_rows[] = {
#define REASON(id, status, words) { #id, status, words },
#include "kvitok/base/reason.def"
#undef REASON
};

static void
every_reason_is_there_once_with_words_for_people(void **state)
{
	(void)state;
	for (size_t i = 0; i < KV_COUNT(reason_rows); i++) {
		const struct reason_row *r = &reason_rows[i];

		assert_in_range(r->status, 200, 599);
		assert_true(utf8_text(str_of(r->words)));
		assert_true(utf8_len(str_of(r->words)) >= 10);
		assert_true(strlen(r->words) < 512);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(r->id, reason_rows[k].id);
	}
}

static void
every_class_has_a_name(void **state)
{
	(void)state;
	for (int e = ERR_OK; e < ERR__COUNT; e++)
		assert_non_null(err_name((enum err)e));
	assert_string_equal(err_name(ERR_UNSURE), "UNSURE");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_fault_is_no_failure),
		cmocka_unit_test(a_second_fault_replaces_the_first_as_a_whole),
		cmocka_unit_test(
		    context_comes_before_the_detail_and_the_class_stays),
		cmocka_unit_test(a_long_detail_is_cut_between_characters),
		cmocka_unit_test(the_first_wrong_field_makes_the_input_invalid),
		cmocka_unit_test(fields_keep_a_class_that_was_set_before),
		cmocka_unit_test(sixteen_fields_are_kept_and_no_more),
		cmocka_unit_test(a_long_pointer_is_cut_between_characters),
		cmocka_unit_test(words_get_their_arguments),
		cmocka_unit_test(an_argument_that_was_not_set_stays_in_braces),
		cmocka_unit_test(sums_in_words_have_decimals_only_if_any),
		cmocka_unit_test(reasons_have_status_and_words),
		cmocka_unit_test(
		    every_reason_is_there_once_with_words_for_people),
		cmocka_unit_test(every_class_has_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
