#include "kvitok/base/tpl.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

static const struct tpl_var row_one[] = {
	{ .name = "service", .text = { "Вода", 8 } },
	{ .name = "n", .text = { "1", 1 } },
};
static const struct tpl_var row_two[] = {
	{ .name = "service", .text = { "Газ", 6 } },
	{ .name = "n", .text = { "", 0 } },
};
static const struct tpl_vars rows[] = { { row_one, 2 }, { row_two, 2 } };
static const struct tpl_var vars_v[] = {
	{ .name = "name", .text = { "<b>\"&'{{n}}", 11 } },
	{ .name = "empty", .text = { NULL, 0 } },
	{ .name = "n", .text = { "outer", 5 } },
	{ .name = "rows", .rows = rows, .rows_len = 2 },
	{ .name = "none", .rows = rows, .rows_len = 0 },
};
static const struct tpl_vars vars = { vars_v, KV_COUNT(vars_v) };

struct fixture {
	struct arena *a;
	struct buf b;
	struct fault f;
};

static int
setup(void **state)
{
	static struct fixture fx;

	fx.a = arena_new(1 << 20);
	*state = &fx;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *fx = *state;

	arena_free(fx->a);
	return 0;
}

static enum err
render(struct fixture *fx, enum tpl_dest dest, const char *text)
{
	fault_init(&fx->f);
	buf_init(&fx->b, fx->a, 4096);
	return tpl_render(&fx->b, dest, str_of(text), &vars, &fx->f);
}

static void
check(
    struct fixture *fx, enum tpl_dest dest, const char *text, const char *want)
{
	struct str got;

	assert_int_equal(render(fx, dest, text), ERR_OK);
	got = buf_str(&fx->b);
	assert_int_equal(got.len, strlen(want));
	assert_memory_equal(got.p, want, got.len);
}

static void
check_bad(struct fixture *fx, const char *text)
{
	assert_int_equal(render(fx, TPL_HTML, text), ERR_BUG);
	assert_string_equal(fx->f.reason, "tpl_bad");
}

static void
text_without_tags_is_copied(void **state)
{
	check(*state, TPL_HTML, "a <b> } { }} \n", "a <b> } { }} \n");
	check(*state, TPL_HTML, "", "");
}

static void
values_are_escaped_for_html_and_left_alone_in_text(void **state)
{
	check(
	    *state, TPL_HTML, "[{{name}}]", "[&lt;b&gt;&quot;&amp;&#39;{{n}}]");
	check(*state, TPL_TEXT, "[{{name}}]", "[<b>\"&'{{n}}]");
}

static void
a_list_is_rendered_once_per_row_with_outer_names_visible(void **state)
{
	check(*state, TPL_TEXT, "{{#rows}}{{service}} {{n}}{{empty}};{{/rows}}",
	    "Вода 1;Газ ;");
	check(*state, TPL_TEXT, "{{#none}}{{service}}{{/none}}.", ".");
}

static void
lists_nest(void **state)
{
	check(*state, TPL_TEXT,
	    "{{#rows}}{{n}}({{#rows}}{{service}},{{/rows}}){{/rows}}{{n}}",
	    "1(Вода,Газ,)(Вода,Газ,)outer");
}

static void
conditions_follow_emptiness(void **state)
{
	check(*state, TPL_TEXT,
	    "{{?n}}a{{/n}}{{?empty}}b{{/empty}}{{?rows}}c{{/rows}}"
	    "{{?none}}d{{/none}}",
	    "ac");
	check(*state, TPL_TEXT,
	    "{{!n}}a{{/n}}{{!empty}}b{{/empty}}{{!rows}}c{{/rows}}"
	    "{{!none}}d{{/none}}",
	    "bd");
	check(*state, TPL_TEXT,
	    "{{#rows}}{{?n}}{{n}}{{/n}}{{!n}}-{{/n}}{{/rows}}", "1-");
}

static void
skipped_blocks_look_up_nothing_but_must_balance(void **state)
{
	check(*state, TPL_TEXT,
	    "{{#none}}{{ghost}}{{#ghost}}{{?ghost}}x{{/ghost}}{{/ghost}}"
	    "{{/none}}y",
	    "y");
	check_bad(*state, "{{#none}}{{#ghost}}{{/none}}");
}

static void
a_block_tag_alone_on_its_line_takes_the_line_away(void **state)
{
	check(*state, TPL_TEXT,
	    "a\n  {{#rows}}\n- {{service}}\n\t{{/rows}} \nb\n",
	    "a\n- Вода\n- Газ\nb\n");
	check(*state, TPL_TEXT, "{{?n}}\nx\n{{/n}}", "x\n");
	check(*state, TPL_TEXT, "a {{?n}}\nx{{/n}}\n", "a \nx\n");
	check(*state, TPL_TEXT, "{{n}}\n{{n}}\n", "outer\nouter\n");
}

static void
a_name_that_is_missing_is_our_bug(void **state)
{
	check_bad(*state, "{{ghost}}");
	check_bad(*state, "{{#ghost}}{{/ghost}}");
	check_bad(*state, "{{service}}");
	check_bad(*state, "{{#rows}}{{/rows}}{{service}}");
}

static void
a_block_must_be_closed_by_its_own_name(void **state)
{
	check_bad(*state, "{{#rows}}");
	check_bad(*state, "{{?n}}{{#rows}}{{/n}}{{/rows}}");
	check_bad(*state, "{{/rows}}");
	check_bad(*state, "{{n");
	check_bad(*state, "{{?n}}x{{/n");
}

static void
a_tag_holds_a_plain_name_only(void **state)
{
	check_bad(*state, "{{}}");
	check_bad(*state, "{{ n }}");
	check_bad(*state, "{{{n}}}");
	check_bad(*state, "{{N}}");
	check_bad(*state, "{{&n}}");
}

static void
a_list_is_no_value_and_a_value_is_no_list(void **state)
{
	check_bad(*state, "{{rows}}");
	check_bad(*state, "{{#n}}{{/n}}");
}

#define OPEN4 "{{?n}}{{?n}}{{?n}}{{?n}}"
#define CLOSE4 "{{/n}}{{/n}}{{/n}}{{/n}}"

static void
blocks_nest_eight_deep_and_not_nine(void **state)
{
	check(*state, TPL_TEXT, OPEN4 OPEN4 "x" CLOSE4 CLOSE4, "x");
	check_bad(*state, OPEN4 OPEN4 "{{?n}}x{{/n}}" CLOSE4 CLOSE4);
}

static void
what_does_not_fit_the_buffer_is_a_failure(void **state)
{
	struct fixture *fx = *state;

	fault_init(&fx->f);
	buf_init(&fx->b, fx->a, 5);
	assert_int_equal(
	    tpl_render(&fx->b, TPL_TEXT, STR("{{n}}"), &vars, &fx->f), ERR_OK);
	assert_int_equal(
	    tpl_render(&fx->b, TPL_TEXT, STR("x"), &vars, &fx->f), ERR_BUG);
	assert_string_equal(fx->f.reason, "tpl_bad");
}

static void
the_fault_names_line_and_tag(void **state)
{
	struct fixture *fx = *state;

	check_bad(fx, "one\ntwo {{ghost}}");
	assert_non_null(strstr(fx->f.detail, "line 2: ghost"));
}

static void
an_asset_is_found_by_its_whole_path_only(void **state)
{
	struct bytes got = asset_get(STR("tpl/mail/receipt_subject.txt"));

	(void)state;
	assert_non_null(got.p);
	assert_true(got.len > 10);
	assert_int_equal(got.p[got.len - 1], '\n');
	assert_int_equal(got.p[got.len], 0);
	assert_null(asset_get(STR("tpl/mail/receipt_subject.tx")).p);
	assert_null(asset_get(STR("tpl/mail/receipt_subject.txtx")).p);
	assert_null(asset_get(STR("")).p);
	assert_null(asset_get(STR_NONE).p);
	assert_null(asset_get(STR("zzz")).p);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(text_without_tags_is_copied),
		T(values_are_escaped_for_html_and_left_alone_in_text),
		T(a_list_is_rendered_once_per_row_with_outer_names_visible),
		T(lists_nest),
		T(conditions_follow_emptiness),
		T(skipped_blocks_look_up_nothing_but_must_balance),
		T(a_block_tag_alone_on_its_line_takes_the_line_away),
		T(a_name_that_is_missing_is_our_bug),
		T(a_block_must_be_closed_by_its_own_name),
		T(a_tag_holds_a_plain_name_only),
		T(a_list_is_no_value_and_a_value_is_no_list),
		T(blocks_nest_eight_deep_and_not_nine),
		T(what_does_not_fit_the_buffer_is_a_failure),
		T(the_fault_names_line_and_tag),
		T(an_asset_is_found_by_its_whole_path_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
