#include "kvitok/base/jw.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

static struct arena *a;
static struct buf b;
static struct jw w;

static int
setup(void **state)
{
	(void)state;
	a = arena_new(1 << 20);
	buf_init(&b, a, 4096);
	jw_init(&w, &b);
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
commas_stand_between_members_and_items_only(void **state)
{
	(void)state;
	jw_object(&w);
	jw_kint(&w, "a", 1);
	jw_key(&w, "l");
	jw_list(&w);
	jw_int(&w, 1);
	jw_list(&w);
	jw_list_end(&w);
	jw_object(&w);
	jw_object_end(&w);
	jw_null(&w);
	jw_list_end(&w);
	jw_kbool(&w, "y", true);
	jw_kbool(&w, "n", false);
	jw_object_end(&w);
	assert_string_equal(
	    b.p, "{\"a\":1,\"l\":[1,[],{},null],\"y\":true,\"n\":false}");
}

static void
names_and_texts_are_escaped(void **state)
{
	(void)state;
	jw_object(&w);
	jw_name(&w, STR("a\"\n"));
	jw_text(&w, STR("\\ё"));
	jw_object_end(&w);
	assert_string_equal(b.p, "{\"a\\\"\\n\":\"\\\\ё\"}");
}

static void
an_empty_optional_text_is_null_and_an_empty_text_is_not(void **state)
{
	(void)state;
	jw_object(&w);
	jw_kopt(&w, "a", STR_NONE);
	jw_kopt(&w, "b", STR("x"));
	jw_ktext(&w, "c", STR_NONE);
	jw_object_end(&w);
	assert_string_equal(b.p, "{\"a\":null,\"b\":\"x\",\"c\":\"\"}");
}

static void
an_instant_is_written_in_utc_and_none_is_null(void **state)
{
	(void)state;
	jw_object(&w);
	jw_ktime(&w, "at", INT64_C(1795227191000));
	jw_ktime(&w, "never", 0);
	jw_object_end(&w);
	assert_string_equal(
	    b.p, "{\"at\":\"2026-11-21T02:13:11.000Z\",\"never\":null}");
}

static void
millionths_are_written_without_zeros_at_the_end(void **state)
{
	static const int64_t list[] = { 0, 1, 1500000, -12345000, 10000000,
		INT64_MIN, INT64_MAX };

	(void)state;
	jw_list(&w);
	for (size_t i = 0; i < KV_COUNT(list); i++) {
		jw_object(&w);
		jw_kmicro(&w, "n", list[i]);
		jw_object_end(&w);
	}
	jw_list_end(&w);
	assert_string_equal(b.p,
	    "[{\"n\":\"0\"},{\"n\":\"0.000001\"},{\"n\":\"1.5\"},"
	    "{\"n\":\"-12.345\"},{\"n\":\"10\"},"
	    "{\"n\":\"-9223372036854.775808\"},"
	    "{\"n\":\"9223372036854.775807\"}]");
}

static void
containers_nest_31_deep(void **state)
{
	(void)state;
	for (int i = 0; i < 31; i++) {
		jw_list(&w);
		jw_int(&w, 1);
	}
	for (int i = 0; i < 31; i++)
		jw_list_end(&w);
	assert_int_equal(b.len, 3 * 31 + 30);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    commas_stand_between_members_and_items_only, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    names_and_texts_are_escaped, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    an_empty_optional_text_is_null_and_an_empty_text_is_not,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(
		    an_instant_is_written_in_utc_and_none_is_null, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    millionths_are_written_without_zeros_at_the_end, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    containers_nest_31_deep, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
