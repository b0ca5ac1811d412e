#include "kvitok/bank/form.h"

#include "bank_test.h"

static enum err
parse(struct fixture *fx, const char *text, struct form *form)
{
	fault_init(&fx->f);
	return form_parse(fx->a, str_of(text), form, &fx->f);
}

static void
pairs_are_split_and_decoded(void **state)
{
	struct fixture *fx = *state;
	struct form form;

	assert_int_equal(
	    parse(fx, "a=1&o.x=%D0%B0+b%2B&empty=&bare&&c=x=y", &form), ERR_OK);
	assert_int_equal(form.len, 5);
	assert_text(form_get(&form, "a"), "1");
	assert_text(form_get(&form, "o.x"), "а b+");
	assert_text(form_get(&form, "c"), "x=y");
	assert_true(form_has(&form, "empty"));
	assert_true(form_has(&form, "bare"));
	assert_false(form_has(&form, "A"));
	assert_int_equal(parse(fx, "", &form), ERR_OK);
	assert_int_equal(form.len, 0);
}

static void
what_two_readers_could_read_differently_is_refused(void **state)
{
	static const char *const bad[] = { "a=1&a=1", "a=1&b=2&%61=1", "=1",
		"a=%", "a=%1", "a=%g1", "a=%00", "%zz=1" };
	struct fixture *fx = *state;
	struct form form;

	for (size_t i = 0; i < KV_COUNT(bad); i++) {
		assert_int_equal(parse(fx, bad[i], &form), ERR_INVALID);
		assert_string_equal(fx->f.reason, "notice_bad");
	}
}

static void
sixty_four_parameters_fit_and_sixty_five_do_not(void **state)
{
	struct fixture *fx = *state;
	struct form form;
	struct buf b;

	buf_init(&b, fx->a, 4096);
	for (int i = 0; i < FORM_PAIRS_MAX; i++)
		buf_fmt(&b, "n%d=%d&", i, i);
	assert_int_equal(parse(fx, b.p, &form), ERR_OK);
	assert_int_equal(form.len, FORM_PAIRS_MAX);
	buf_lit(&b, "one=more");
	assert_int_equal(parse(fx, b.p, &form), ERR_INVALID);
}

static void
sixteen_kilobytes_fit_and_a_byte_more_does_not(void **state)
{
	struct fixture *fx = *state;
	struct form form;
	char *p = arena_alloc(fx->a, FORM_TEXT_MAX + 2);

	memset(p, 'x', FORM_TEXT_MAX + 1);
	p[FORM_TEXT_MAX + 1] = '\0';
	assert_int_equal(parse(fx, p + 1, &form), ERR_OK);
	assert_int_equal(parse(fx, p, &form), ERR_INVALID);
}

static void
a_word_has_no_space_control_or_foreign_letter(void **state)
{
	(void)state;
	assert_text(form_word(STR("aZ-9~!"), 6), "aZ-9~!");
	assert_text(form_word(STR("aZ-9~!"), 5), "");
	assert_text(form_word(STR("a b"), 9), "");
	assert_text(form_word(STR("a\n"), 9), "");
	assert_text(form_word(STR("а"), 9), "");
	assert_text(form_word(STR("\x7f"), 9), "");
	assert_text(form_word(STR(""), 9), "");
}

static void
a_card_keeps_its_mask_and_a_bare_number_gets_one(void **state)
{
	struct fixture *fx = *state;

	assert_text(form_card(fx->a, STR("411111**1111")), "411111**1111");
	assert_text(
	    form_card(fx->a, STR("545454xxxxxx5454")), "545454******5454");
	assert_text(form_card(fx->a, STR("900000xxxxxxxxx0001")),
	    "900000*********0001");
	assert_text(
	    form_card(fx->a, STR("4111111111111111")), "411111******1111");
	assert_text(
	    form_card(fx->a, STR("411111111x111111")), "411111******1111");
	assert_text(form_card(fx->a, STR("2202201")), "");
	assert_text(form_card(fx->a, STR("IVAN IVANOV")), "");
	assert_text(form_card(fx->a, STR("")), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(pairs_are_split_and_decoded),
		T(what_two_readers_could_read_differently_is_refused),
		T(sixty_four_parameters_fit_and_sixty_five_do_not),
		T(sixteen_kilobytes_fit_and_a_byte_more_does_not),
		T(a_word_has_no_space_control_or_foreign_letter),
		T(a_card_keeps_its_mask_and_a_bare_number_gets_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
