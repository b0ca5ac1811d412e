#include "kvitok/domain/appeal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void
names_are_those_of_the_schema_and_titles_those_of_the_guides(void **state)
{
	static const char *const kinds[APPEAL_KIND__COUNT] = { "appeal",
		"maintenance", "recalculation", "contract_application" };
	static const char *const states[APPEAL_STATE__COUNT][2] = {
		{ "in_progress", "В обработке" },
		{ "needs_answer", "Требует уточнения" },
		{ "refused", "Не согласована" },
		{ "done", "Выполнена" },
		{ "closed", "Закрыта" },
	};

	(void)state;
	for (int i = 0; i < APPEAL_KIND__COUNT; i++) {
		assert_int_equal(appeal_kind_of(str_of(kinds[i])), i);
		assert_string_equal(
		    appeal_kind_name((enum appeal_kind)i), kinds[i]);
	}
	for (int i = 0; i < APPEAL_STATE__COUNT; i++) {
		enum appeal_state s = (enum appeal_state)i;

		assert_int_equal(appeal_state_of(str_of(states[i][0])), i);
		assert_string_equal(appeal_state_name(s), states[i][0]);
		assert_string_equal(appeal_state_title(s), states[i][1]);
		assert_int_equal(appeal_answer_may(s), s != APPEAL_CLOSED);
	}
	assert_int_equal(appeal_kind_of(STR("")), APPEAL_KIND__COUNT);
	assert_int_equal(appeal_state_of(STR("draft")), APPEAL_STATE__COUNT);
	assert_false(appeal_answer_may(APPEAL_STATE__COUNT));
}

static void
the_newest_answer_sets_the_state_until_the_payer_closes_it(void **state)
{
	struct appeal x = { .state = APPEAL_IN_PROGRESS, .answered_at = 10 };
	struct appeal_answer answer = { .state = APPEAL_DONE, .at = 10 };

	(void)state;
	assert_int_equal(appeal_after(&x, &answer), APPEAL_DONE);
	answer.at = 9;
	assert_int_equal(appeal_after(&x, &answer), APPEAL_IN_PROGRESS);
	answer.at = 11;
	x.state = APPEAL_CLOSED;
	assert_int_equal(appeal_after(&x, &answer), APPEAL_CLOSED);
}

static void
fields_have_names_of_the_exchange_each_once(void **state)
{
	static const struct {
		const char *name;
		size_t wrong;
	} list[] = {
		{ "month", 2 },
		{ "0-a", 2 },
		{ "abcdefghijklmnopqrstuvwxyz-01234", 2 },
		{ "abcdefghijklmnopqrstuvwxyz-012345", 1 },
		{ "", 1 },
		{ "-a", 1 },
		{ "A", 1 },
		{ "a_b", 1 },
		{ "месяц", 1 },
		{ "first", 1 },
		{ "{", 1 },
		{ "a:", 1 },
	};
	struct appeal_field v[2] = { { .name = STR("first") } };

	(void)state;
	for (size_t i = 0; i < KV_COUNT(list); i++) {
		v[1].name = str_of(list[i].name);
		assert_int_equal(appeal_field_wrong(v, 2), list[i].wrong);
	}
	assert_int_equal(appeal_field_wrong(NULL, 0), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    names_are_those_of_the_schema_and_titles_those_of_the_guides),
		cmocka_unit_test(
		    the_newest_answer_sets_the_state_until_the_payer_closes_it),
		cmocka_unit_test(fields_have_names_of_the_exchange_each_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
