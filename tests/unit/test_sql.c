#include "kvitok/store/sql.h"

#include "kvitok/base/attr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static size_t
markers(const char *text)
{
	size_t n = 0;
	int quoted = 0;

	for (; *text != '\0'; text++) {
		quoted ^= *text == '\'';
		n += *text == '?' && !quoted;
	}
	return n;
}

static void
every_statement_has_a_text_with_its_markers(void **state)
{
	(void)state; /* there is none */
	for (size_t i = 0; i < SQL__COUNT; i++) {
		const struct sql_text *t = &sql_text[i];

		assert_non_null(t->name);
		assert_true(t->text != NULL || t->pg != NULL);
		if (t->text != NULL)
			assert_int_equal(markers(t->text), t->in_len);
		if (t->pg != NULL)
			assert_int_equal(markers(t->pg), t->in_len);
	}
}

static void
comments_do_not_reach_the_driver(void **state)
{
	(void)state;
	for (size_t i = 0; i < SQL__COUNT; i++) {
		if (sql_text[i].text != NULL)
			assert_null(strstr(sql_text[i].text, "--"));
		if (sql_text[i].pg != NULL)
			assert_null(strstr(sql_text[i].pg, "--"));
	}
	for (size_t i = 0; i < sql_migrations_len; i++)
		for (size_t k = 0; k < sql_migrations[i].stmts_len; k++)
			assert_null(strstr(sql_migrations[i].stmts[k], "--"));
}

static void
what_writes_is_known_as_writing(void **state)
{
	(void)state;
	assert_true(sql_text[SQL_PAY_CREATE_ALL].writes);
	assert_true(sql_text[SQL_PAY_MOVE].writes);
	assert_true(sql_text[SQL_JOB_CLAIM].writes);
	assert_true(sql_text[SQL_NOTICE_PUT].writes);
	assert_true(sql_text[SQL_DEBT_DROP].writes);
	assert_false(sql_text[SQL_PAY_LOAD].writes);
	assert_false(sql_text[SQL_REF_VERSION].writes);
	assert_false(sql_text[SQL_DB_COMMIT].writes);
}

static void
rows_after_writing_come_through_with(void **state)
{
	(void)state;
	/* SQLite's driver shows rows of such statements only. */
	for (size_t i = 0; i < SQL__COUNT; i++) {
		const char *text = sql_text[i].text;

		if (text != NULL && strstr(text, "RETURNING") != NULL)
			assert_memory_equal(text, "WITH ", 5);
	}
}

static void
migrations_are_whole_and_numbered(void **state)
{
	(void)state;
	assert_true(sql_migrations_len >= 4);
	for (size_t i = 0; i < sql_migrations_len; i++) {
		const struct sql_script *m = &sql_migrations[i];

		assert_int_equal(m->name[3] - '0', (i + 1) % 10);
		assert_true(m->stmts_len > 0);
		assert_null(m->stmts[m->stmts_len]);
	}
	assert_memory_equal(sql_migrations[0].stmts[0], "CREATE TABLE", 12);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_statement_has_a_text_with_its_markers),
		cmocka_unit_test(comments_do_not_reach_the_driver),
		cmocka_unit_test(what_writes_is_known_as_writing),
		cmocka_unit_test(rows_after_writing_come_through_with),
		cmocka_unit_test(migrations_are_whole_and_numbered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
