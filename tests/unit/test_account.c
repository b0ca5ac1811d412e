#include "kvitok/domain/account.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

static struct arena *arena;

static int
setup(void **state)
{
	(void)state;
	arena = arena_new(1 << 20);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void
assert_text(struct str got, const char *want)
{
	const char *z = arena_z(arena, got);

	assert_string_equal(z, want);
}

static void
number_is_folded_to_its_key(void **state)
{
	static const char *const pairs[][2] = {
		{ "10019743", "10019743" },
		{ "0000216228", "0000216228" },
		{ "инзб17004717", "ИНЗБ17004717" },
		{ "ИНЗБ17004717", "ИНЗБ17004717" },
		{ " инЗб 1700-4717 ", "ИНЗБ17004717" },
		{ "ёж-1", "ЕЖ1" },
		{ "12\u00a034\u200956\u202f78", "12345678" },
		{ "12\u201034\u201356\u221278", "12345678" },
		{ "\ufeff1\u00ad2\u20603\t4\r\n", "1234" },
		{ "ab12/3", "AB12/3" },
		{ "аЯ09/", "АЯ09/" },
		{ "zZ", "ZZ" },
	};

	(void)state;
	for (size_t i = 0; i < KV_COUNT(pairs); i++) {
		struct str out;

		assert_true(account_fold(arena, str_of(pairs[i][0]), &out));
		assert_text(out, pairs[i][1]);
	}
}

/* «ИHЗБ» typed with a Latin H is the same account. */
static void
latin_twins_become_russian_only_beside_russian_letters(void **state)
{
	struct str out;

	(void)state;
	assert_true(account_fold(arena, str_of("иhзб17"), &out));
	assert_text(out, "ИНЗБ17");
	assert_true(account_fold(arena, str_of("яabcehkmoptxy"), &out));
	assert_text(out, "ЯАВСЕНКМОРТХУ");
	assert_true(account_fold(arena, str_of("ah17"), &out));
	assert_text(out, "AH17");
	assert_true(account_fold(arena, str_of("дz1"), &out));
	assert_text(out, "ДZ1");
}

static void
what_is_no_number_is_refused(void **state)
{
	static const char *const bad[] = { "", " ", "--", "12.3", "12_3", "№12",
		"12*", "0;", ":9", "@A", "[A", "ѐ1", "Ђ1", "12\xff" };
	struct str out = STR("untouched");

	(void)state;
	for (size_t i = 0; i < KV_COUNT(bad); i++)
		assert_false(account_fold(arena, str_of(bad[i]), &out));
	assert_false(account_fold(arena, (struct str){ "1\0002", 3 }, &out));
	assert_false(account_fold(arena, STR_NONE, &out));
	assert_text(out, "untouched");
}

static void
number_has_forty_characters_at_most(void **state)
{
	struct str forty = STR("ЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖЖ");
	struct str more = STR("1234567890123456789012345678901234567890-1");
	struct str out;

	(void)state;
	assert_true(account_fold(arena, forty, &out));
	assert_int_equal(out.len, 80);
	assert_false(account_fold(arena, more, &out));
	more.len--;
	assert_true(account_fold(arena, more, &out));
	assert_int_equal(out.len, 40);
}

static void
typed_text_has_512_bytes_at_most(void **state)
{
	static char spaces[513];
	struct str out;

	(void)state;
	memset(spaces, ' ', sizeof(spaces));
	spaces[0] = '7';
	assert_true(account_fold(arena, (struct str){ spaces, 512 }, &out));
	assert_text(out, "7");
	assert_false(account_fold(arena, (struct str){ spaces, 513 }, &out));
}

static void
owner_is_masked_to_initials(void **state)
{
	static const char *const pairs[][2] = {
		{ "Иванова Мария Петровна", "И*** М. П." },
		{ "Иванова М А", "И*** М. А." },
		{ "Иванова М.А.", "И*** М." },
		{ "Петрова-Водкина  Анна", "П*** А." },
		{ " Ли ", "Л***" },
		{ "ООО «Ромашка»", "О*** Р." },
		{ "Smith john 3", "S*** j." },
		{ "[x] {y}", "x*** y." },
		{ "« 12 \u201ej\u201c »", "j***" },
		{ "« 12 »", "" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < KV_COUNT(pairs); i++)
		assert_text(account_mask_owner(arena, str_of(pairs[i][0])),
		    pairs[i][1]);
}

static void
last_number_of_the_address_is_hidden(void **state)
{
	static const char *const pairs[][2] = {
		{ "г. Иркутск, ул. Лермонтова, д. 12, кв. 45",
		    "г. Иркутск, ул. Лермонтова, д. 12, кв. ***" },
		{ "Иркутск, Мира, 23, 32", "Иркутск, Мира, 23, ***" },
		{ "Иркутск, Мира, 23,32", "Иркутск, Мира, 23,***" },
		{ "с. Лесное, д. 12/3а; дом", "с. Лесное, д. ***; дом" },
		{ "кв.45А", "кв.***" },
		{ "кв.45 (вход со двора)", "кв.*** (вход со двора)" },
		{ "7", "***" },
		{ "с. Лесное", "с. Лесное" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < KV_COUNT(pairs); i++)
		assert_text(account_mask_address(arena, str_of(pairs[i][0])),
		    pairs[i][1]);
}

static void
an_account_is_closed_from_its_day_on(void **state)
{
	(void)state;
	assert_false(account_closed(STR(""), STR("2026-11-01")));
	assert_false(account_closed(STR("2026-11-02"), STR("2026-11-01")));
	assert_true(account_closed(STR("2026-11-01"), STR("2026-11-01")));
	assert_true(account_closed(STR("2026-11-01"), STR("2026-11-02")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(number_is_folded_to_its_key),
		cmocka_unit_test(
		    latin_twins_become_russian_only_beside_russian_letters),
		cmocka_unit_test(what_is_no_number_is_refused),
		cmocka_unit_test(number_has_forty_characters_at_most),
		cmocka_unit_test(typed_text_has_512_bytes_at_most),
		cmocka_unit_test(owner_is_masked_to_initials),
		cmocka_unit_test(last_number_of_the_address_is_hidden),
		cmocka_unit_test(an_account_is_closed_from_its_day_on),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
