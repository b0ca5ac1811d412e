#include "kvitok/domain/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static struct arena *a;

static struct str
folded(const char *address)
{
	struct str out;

	assert_true(address_fold(a, str_of(address), &out));
	return out;
}

static void
spellings_of_one_address_are_one(void **state)
{
	static const struct {
		const char *address, *want;
	} list[] = {
		{ "г. Иркутск, ул. Ленина, д. 1, кв. 7",
		    "Г ИРКУТСК УЛ ЛЕНИНА Д 1 КВ 7 " },
		{ "город Иркутск улица ленина дом 1 квартира 7",
		    "Г ИРКУТСК УЛ ЛЕНИНА Д 1 КВ 7 " },
		{ " г.Иркутск,ул.Ленина,д1,кв7 ;",
		    "Г ИРКУТСК УЛ ЛЕНИНА Д 1 КВ 7 " },
		{ "пр-кт Королёва, 12/3", "ПР-КТ КОРОЛЕВА 12/3 " },
		{ "проспект Королева , 12/3", "ПР-КТ КОРОЛЕВА 12/3 " },
		{ "пр. 60-летия Октября – 5а -", "ПР-КТ 60-ЛЕТИЯ ОКТЯБРЯ 5А " },
		{ "Бородинский б-р, корпус 2", "БОРОДИНСКИЙ Б-Р К 2 " },
		{ "1-/", "1 " },
	};

	(void)state;
	for (size_t i = 0; i < KV_COUNT(list); i++)
		assert_string_equal(
		    arena_z(a, folded(list[i].address)), list[i].want);
}

static void
a_place_holds_what_begins_with_all_of_its_words(void **state)
{
	static const struct {
		const char *address, *place;
		bool within;
	} list[] = {
		{ "г. Чебоксары, ул. Мира, д. 1, кв. 5", "г. Чебоксары", true },
		{ "г. Чебоксары, ул. Мира, д. 1, кв. 5",
		    "г. Чебоксары, улица Мира, 1", false },
		{ "г. Чебоксары, ул. Мира, д. 1, кв. 5",
		    "г. Чебоксары, улица Мира, дом 1", true },
		{ "г. Чебоксары, ул. Мира, д. 1",
		    "г. Чебоксары, ул. Мира, д. 1", true },
		{ "г. Чебоксары, ул. Мира, д. 10",
		    "г. Чебоксары, ул. Мира, д. 1", false },
		{ "г. Чебоксары, ул. Мира, д. 1а",
		    "г. Чебоксары, ул. Мира, д. 1", false },
		{ "г. Чебоксары, ул. Мира, д. 1/2",
		    "г. Чебоксары, ул. Мира, д. 1", false },
		{ "г. Чебоксары, ул. Мира, д. 1-2",
		    "г. Чебоксары, ул. Мира, д. 1", false },
		{ "г. Чебоксары, ул. Мира", "г. Чебоксары, ул. Мира, д. 1",
		    false },
		{ "г. Чебоксары, ул. Мирная, д. 1", "г. Чебоксары, ул. Мир",
		    false },
	};

	(void)state;
	for (size_t i = 0; i < KV_COUNT(list); i++)
		assert_int_equal(address_within(folded(list[i].address),
				     folded(list[i].place)),
		    list[i].within);
	assert_false(address_within(folded("г. Чебоксары"), STR("")));
}

static void
what_has_no_word_is_no_address(void **state)
{
	struct str out;

	(void)state;
	assert_false(address_fold(a, STR(""), &out));
	assert_false(address_fold(a, STR(" -, /. №"), &out));
}

static void
an_address_is_bounded(void **state)
{
	char text[ADDRESS_FOLDED_MAX + 1];
	struct str out;

	(void)state;
	memset(text, 'A', sizeof(text));
	/* Of a word one space is added. */
	assert_true(address_fold(
	    a, (struct str){ text, ADDRESS_FOLDED_MAX - 1 }, &out));
	assert_false(
	    address_fold(a, (struct str){ text, ADDRESS_FOLDED_MAX }, &out));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spellings_of_one_address_are_one),
		cmocka_unit_test(
		    a_place_holds_what_begins_with_all_of_its_words),
		cmocka_unit_test(what_has_no_word_is_no_address),
		cmocka_unit_test(an_address_is_bounded),
	};
	int failed;

	a = arena_new((size_t)16 << 20);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(a);
	return failed;
}
