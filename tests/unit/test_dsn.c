#include "kvitok/store/dsn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

struct fixture {
	struct arena *a;
	struct buf b;
	struct fault f;
	struct store_settings s;
};

static int
setup(void **state)
{
	static struct fixture fx;

	fx.a = arena_new(1 << 16);
	buf_init(&fx.b, fx.a, 1000);
	fault_init(&fx.f);
	fx.s = (struct store_settings){ .driver = DB_POSTGRESQL,
		.host = STR("/run/postgresql"),
		.port = 5433,
		.name = STR("pay"),
		.user = STR("kv"),
		.tls = STR("require"),
		.connect_ms = 2001,
		.statement_ms = 3000,
		.lock_ms = 900 };
	*state = &fx;
	return 0;
}

static int
teardown(void **state)
{
	arena_free(((struct fixture *)*state)->a);
	return 0;
}

static bool
has(const struct fixture *fx, const char *part)
{
	struct str s = buf_str(&fx->b);

	return str_find(s, str_of(part)) < s.len;
}

static void
postgresql_gets_its_protocol_and_time_outs(void **state)
{
	struct fixture *fx = *state;

	fx->s.password = STR("a;b c");
	assert_int_equal(dsn_put(&fx->s, &fx->b, &fx->f), ERR_OK);
	assert_true(has(fx, "Server=/run/postgresql;Database=pay;Uid=kv;"));
	assert_true(has(fx, "Pwd={a;b c};Port=5433;SSLmode=require;"));
	assert_true(has(fx,
	    "UseServerSidePrepare=1;UseDeclareFetch=0;"
	    "Protocol=7.4-0;"));
	assert_true(has(fx, "statement_timeout=3000 -c lock_timeout=900"));
	assert_true(has(fx, "connect_timeout=3}")); /* whole seconds, up */
}

static void
no_password_is_no_part(void **state)
{
	struct fixture *fx = *state;

	assert_int_equal(dsn_put(&fx->s, &fx->b, &fx->f), ERR_OK);
	assert_false(has(fx, "Pwd"));
}

static void
sqlite_gets_its_journal_and_foreign_keys(void **state)
{
	struct fixture *fx = *state;

	fx->s.driver = DB_SQLITE;
	fx->s.file = STR("/var/lib/kvitok/Касса 1.db");
	assert_int_equal(dsn_put(&fx->s, &fx->b, &fx->f), ERR_OK);
	assert_true(has(fx, "Database=/var/lib/kvitok/Касса 1.db;"));
	assert_true(has(fx,
	    "Timeout=1;JournalMode=WAL;SyncPragma=FULL;"
	    "FKSupport=1;BigInt=1;"));
}

static void
a_value_that_would_add_a_part_is_refused(void **state)
{
	struct fixture *fx = *state;
	const struct str bad[] = { STR("x;Servername=evil"), STR("a{b"),
		STR("a}b"), STR("a\0b") };

	for (size_t i = 0; i < KV_COUNT(bad); i++) {
		struct store_settings s = fx->s;

		s.host = bad[i];
		assert_int_equal(dsn_put(&s, &fx->b, &fx->f), ERR_INVALID);
		assert_string_equal(fx->f.reason, "conf_bad");
		s = fx->s;
		s.driver = DB_SQLITE;
		s.file = bad[i];
		assert_int_equal(dsn_put(&s, &fx->b, &fx->f), ERR_INVALID);
		s = fx->s;
		s.password = bad[i];
		assert_int_equal(
		    dsn_put(&s, &fx->b, &fx->f), i == 0 ? ERR_OK : ERR_INVALID);
	}
}

static void
settings_that_are_too_long_are_refused_not_cut(void **state)
{
	struct fixture *fx = *state;
	char *p = arena_alloc(fx->a, 1200);

	memset(p, 'x', 1200);
	fx->s.password = (struct str){ p, 1200 };
	assert_int_equal(dsn_put(&fx->s, &fx->b, &fx->f), ERR_INVALID);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(postgresql_gets_its_protocol_and_time_outs),
		TEST(no_password_is_no_part),
		TEST(sqlite_gets_its_journal_and_foreign_keys),
		TEST(a_value_that_would_add_a_part_is_refused),
		TEST(settings_that_are_too_long_are_refused_not_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
