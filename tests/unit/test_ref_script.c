#include "../../src/main/ref_script.h"

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

static const struct ref_statement *
taken(struct str text, size_t len)
{
	const struct ref_statement *list;
	struct fault f;
	size_t got;

	fault_init(&f);
	if (ref_script(arena, text, &list, &got, &f) != ERR_OK)
		fail_msg("%s", f.detail);
	assert_int_equal(got, len);
	return list;
}

static void
refused(struct str text, const char *words)
{
	const struct ref_statement *list;
	struct fault f;
	size_t len;

	fault_init(&f);
	assert_int_equal(ref_script(arena, text, &list, &len, &f), ERR_INVALID);
	assert_string_equal(f.reason, "statement_refused");
	if (strstr(f.detail, words) == NULL)
		fail_msg("%s: not %s", f.detail, words);
}

static void
statements_of_reference_tables_are_taken(void **state)
{
	static const char *const good[] = {
		"INSERT INTO portal (portal) VALUES ('x');",
		"insert into supplier (a, b) values (1, 2)\n\ton conflict do "
		"nothing;",
		"INSERT INTO route (a) VALUES (1) ON CONFLICT (a) DO UPDATE "
		"SET b = 2;",
		"UPDATE fee_rule SET rate_ppm = 15000 WHERE portal = 'p';",
		"DELETE FROM portal_host WHERE host = 'h';",
		"UPDATE service SET title = 'it''s; -- no /* comment';",
		"UPDATE route SET preference = 4 / 2 - 1 WHERE 1 = 1;",
		"UPDATE limit_rule SET to_day = NULL WHERE min_kop > 5;",
		"UPDATE bank_contract SET title = 'select from payment?';",
	};

	(void)state;
	for (size_t i = 0; i < KV_COUNT(good); i++)
		(void)taken(str_of(good[i]), 1); /* fails by itself */
}

static void
comments_are_left_out_and_lines_counted(void **state)
{
	const struct ref_statement *list = taken(
	    STR("-- ends; here\n\nUPDATE portal -- why?\nSET title = 'a';\n"
		"  DELETE FROM route WHERE portal = 'b' ; -- last"),
	    2);

	(void)state;
	assert_string_equal(list[0].text, "UPDATE portal \nSET title = 'a'");
	assert_int_equal(list[0].line, 3);
	assert_string_equal(
	    list[1].text, "DELETE FROM route WHERE portal = 'b' ");
	assert_int_equal(list[1].line, 5);
}

static void
other_tables_are_refused(void **state)
{
	static const char *const bad[] = {
		"UPDATE payment SET state = 'paid' WHERE 1 = 1;",
		"INSERT INTO frontend_key (key_id) VALUES ('x');",
		"DELETE FROM account WHERE 1 = 1;",
		"UPDATE ref_version SET version = 1;",
		"UPDATE portals SET a = 1;",
		"UPDATE public.payment SET a = 1;",
	};

	(void)state;
	for (size_t i = 0; i < KV_COUNT(bad); i++)
		refused(str_of(bad[i]), "not a table of reference data");
}

static void
other_statements_are_refused(void **state)
{
	static const char *const bad[] = {
		"DROP TABLE portal;",
		"SELECT 1 FROM portal;",
		"COMMIT;",
		"WITH q AS (DELETE FROM portal) SELECT 1;",
		"-- UPDATE\nPRAGMA foreign_keys = 0;",
		"1;",
	};

	(void)state;
	for (size_t i = 0; i < KV_COUNT(bad); i++)
		refused(str_of(bad[i]), "INSERT, UPDATE or DELETE wanted");
	refused(STR("INSERT OR REPLACE INTO portal (a) VALUES (1);"),
	    "INSERT INTO or DELETE FROM wanted");
	refused(STR("DELETE portal WHERE 1 = 1;"),
	    "INSERT INTO or DELETE FROM wanted");
}

static void
statements_that_read_other_rows_are_refused(void **state)
{
	static const char *const bad[] = {
		"UPDATE portal SET title = (SELECT secret FROM payment);",
		"INSERT INTO portal (a) select 1;",
		"DELETE FROM portal USING payment WHERE 1 = 1;",
		"DELETE FROM portal WHERE 1 = 1 RETURNING portal;",
		"UPDATE portal SET title = 'x' FROM payment;",
	};

	(void)state;
	for (size_t i = 0; i < KV_COUNT(bad); i++)
		refused(str_of(bad[i]), "reads other rows");
}

static void
signs_that_databases_read_differently_are_refused(void **state)
{
	static const char *const bad[] = {
		"UPDATE \"portal\" SET title = 'x';",
		"UPDATE `portal` SET title = 'x';",
		"UPDATE [portal] SET title = 'x';",
		"UPDATE portal SET title = $$x$$;",
		"UPDATE portal SET title = ?;",
		"UPDATE portal SET title = @x;",
		"UPDATE portal SET title = 1 # 2;",
		"UPDATE portal SET title = \\x;",
	};

	(void)state;
	for (size_t i = 0; i < KV_COUNT(bad); i++)
		refused(str_of(bad[i]), "line 1");
	refused(STR("UPDATE portal /* hidden */ SET title = 'x';"),
	    "only comments with two dashes");
	refused(STR("UPDATE portal SET title = 'a\\';"), "no backslash");
	refused(STR("UPDATE portal SET title = E'a';"), "prefix");
	refused(STR("UPDATE portal SET title = U&'a';"), "prefix");
}

static void
halves_of_statements_are_refused(void **state)
{
	(void)state;
	refused(STR(""), "no statement");
	refused(STR("-- nothing but words\n"), "no statement");
	refused(STR(";"), "an empty statement");
	refused(STR("UPDATE portal SET a = 1;;"), "an empty statement");
	refused(STR("DELETE FROM portal;"), "not whole");
	refused(STR("UPDATE portal;"), "not whole");
	refused(STR("UPDATE portal SET a = 1"), "has no \";\"");
	refused(STR("UPDATE portal SET a = 'x;"), "has no \";\"");
}

static void
wrong_line_is_named(void **state)
{
	(void)state;
	refused(STR("UPDATE portal SET a = 'b\nc';\n\nDROP x;"), "line 4:");
}

static void
what_is_no_text_is_refused(void **state)
{
	(void)state;
	refused(STR("UPDATE portal SET a = '\xff';"), "not UTF-8");
	refused((struct str){ "UPDATE\0portal", 13 }, "not UTF-8");
}

static void
script_has_bounds(void **state)
{
	static char text[REF_SCRIPT_MAX + 1];
	static const char one[] = "UPDATE portal SET a=1;";
	size_t n = 0;

	(void)state;
	memset(text, ' ', sizeof(text));
	memcpy(text, one, sizeof(one) - 1);
	(void)taken((struct str){ text, sizeof(text) - 1 }, 1);
	refused((struct str){ text, sizeof(text) }, "not UTF-8 text of");
	for (; n <= REF_STATEMENTS_MAX; n++)
		memcpy(text + n * (sizeof(one) - 1), one, sizeof(one) - 1);
	(void)taken(
	    (struct str){ text, REF_STATEMENTS_MAX * (sizeof(one) - 1) },
	    REF_STATEMENTS_MAX);
	refused(
	    (struct str){ text, n * (sizeof(one) - 1) }, "too many statements");
	refused(STR("UPDATE a2345678901234567890123456789012 SET a=1;"),
	    "a word is too long");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(statements_of_reference_tables_are_taken),
		cmocka_unit_test(comments_are_left_out_and_lines_counted),
		cmocka_unit_test(other_tables_are_refused),
		cmocka_unit_test(other_statements_are_refused),
		cmocka_unit_test(statements_that_read_other_rows_are_refused),
		cmocka_unit_test(
		    signs_that_databases_read_differently_are_refused),
		cmocka_unit_test(halves_of_statements_are_refused),
		cmocka_unit_test(wrong_line_is_named),
		cmocka_unit_test(what_is_no_text_is_refused),
		cmocka_unit_test(script_has_bounds),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
