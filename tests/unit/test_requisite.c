#include "kvitok/domain/requisite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#include "kvitok/base/attr.h"

static void
every_wrong_last_digit_of_an_inn_is_told(void **state)
{
	char inn[] = "7707083890";

	(void)state;
	for (; inn[9] <= '9'; inn[9]++)
		assert_int_equal(requisite_inn_ok(str_of(inn)), inn[9] == '3');
}

static void
inn_of_a_person_has_two_control_digits(void **state)
{
	(void)state;
	assert_true(requisite_inn_ok(STR("500100732259")));
	assert_false(requisite_inn_ok(STR("500100732249")));
	assert_false(requisite_inn_ok(STR("500100732258")));
}

/* A remainder of 10 is written as 0. */
static void
remainder_of_ten_is_zero(void **state)
{
	(void)state;
	assert_true(requisite_inn_ok(STR("0000000040")));
}

static void
inn_of_another_form_is_refused(void **state)
{
	static const char *const bad[] = { "", "770708389", "77070838933",
		"770708389a", "77070838 3", "7707083:93", "5001007322590" };

	(void)state;
	for (size_t i = 0; i < KV_COUNT(bad); i++)
		assert_false(requisite_inn_ok(str_of(bad[i])));
}

static void
account_belongs_to_its_bank(void **state)
{
	static const char right[] = "40702810910000001204";

	(void)state;
	assert_true(requisite_account_ok(str_of(right), STR("042520607")));
	assert_false(requisite_account_ok(str_of(right), STR("044525225")));
	assert_false(requisite_account_ok(
	    STR("40702810910000001205"), STR("042520607")));
}

static void
correspondent_account_belongs_to_its_bank(void **state)
{
	struct str right = STR("30101810400000000225");

	(void)state;
	assert_true(requisite_correspondent_ok(right, STR("044525225")));
	assert_false(requisite_correspondent_ok(right, STR("044030653")));
	assert_false(requisite_correspondent_ok(
	    STR("3010181040000000022"), STR("044525225")));
}

/* Clearing currencies: the letter counts as its place in the list. */
static void
letter_may_stand_in_the_sixth_place_only(void **state)
{
	struct str bic = STR("044525225");

	(void)state;
	assert_true(requisite_account_ok(STR("40702B10100000000225"), bic));
	assert_true(requisite_account_ok(STR("40702X10300000000225"), bic));
	assert_false(requisite_account_ok(STR("40702B10300000000225"), bic));
	assert_false(requisite_account_ok(STR("40702D10400000000225"), bic));
	assert_false(requisite_account_ok(STR("4070A810400000000225"), bic));
}

static void
account_or_bic_of_another_form_is_refused(void **state)
{
	struct str right = STR("40702810910000001204");

	(void)state;
	assert_false(requisite_account_ok(right, STR("04252060")));
	assert_false(requisite_account_ok(right, STR("0425206071")));
	assert_false(requisite_account_ok(right, STR("04252060x")));
	assert_false(requisite_account_ok(
	    STR("407028109100000012040"), STR("042520607")));
	assert_false(requisite_account_ok(
	    STR("40702 10300000000225"), STR("042520607")));
	assert_false(requisite_account_ok(STR(""), STR("042520607")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_wrong_last_digit_of_an_inn_is_told),
		cmocka_unit_test(inn_of_a_person_has_two_control_digits),
		cmocka_unit_test(remainder_of_ten_is_zero),
		cmocka_unit_test(inn_of_another_form_is_refused),
		cmocka_unit_test(account_belongs_to_its_bank),
		cmocka_unit_test(correspondent_account_belongs_to_its_bank),
		cmocka_unit_test(letter_may_stand_in_the_sixth_place_only),
		cmocka_unit_test(account_or_bic_of_another_form_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
