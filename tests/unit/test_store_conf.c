#define _XOPEN_SOURCE 700 /* mkdtemp */

#include "kvitok/store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

struct fixture {
	struct arena *a;
	struct fault f;
	char dir[64], conf[96], secret[96];
};

static void
put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, 0600), 0);
}

static int
setup(void **state)
{
	static struct fixture fx;

	fx.a = arena_new(1 << 20);
	fault_init(&fx.f);
	(void)snprintf(fx.dir, sizeof(fx.dir), "/tmp/kvitok-conf.XXXXXX");
	assert_non_null(mkdtemp(fx.dir));
	(void)snprintf(fx.conf, sizeof(fx.conf), "%s/c", fx.dir);
	(void)snprintf(fx.secret, sizeof(fx.secret), "%s/s", fx.dir);
	put(fx.secret, "pa ss\n");
	*state = &fx;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *fx = *state;

	(void)unlink(fx->conf); /* a test may not have made it */
	(void)unlink(fx->secret);
	arena_free(fx->a);
	return rmdir(fx->dir);
}

static enum err
settings(struct fixture *fx, const char *text, struct store_settings *s)
{
	struct buf report;
	struct conf *c;
	enum err rc;

	put(fx->conf, text);
	buf_init(&report, fx->a, 1000);
	rc = conf_load(
	    fx->a, fx->conf, store_conf, STORE_CONF_LEN, &c, &report, &fx->f);
	return rc != ERR_OK ? rc : store_settings_of(fx->a, c, s, &fx->f);
}

static void
sqlite_needs_its_file_alone(void **state)
{
	struct fixture *fx = *state;
	struct store_settings s;

	assert_int_equal(
	    settings(fx, "[database]\nfile = /tmp/x.db\n", &s), ERR_OK);
	assert_int_equal(s.driver, DB_SQLITE);
	assert_true(str_eq(s.file, STR("/tmp/x.db")));
	assert_int_equal(s.statement_ms, 3000);
	assert_int_equal(s.lock_ms, 1000);
	assert_int_equal(s.connect_ms, 2000);
}

static void
sqlite_without_a_file_is_refused(void **state)
{
	struct store_settings s;

	assert_int_equal(
	    settings(*state, "[database]\ndriver = sqlite\n", &s), ERR_INVALID);
}

static void
postgresql_takes_its_password_from_a_file(void **state)
{
	struct fixture *fx = *state;
	struct store_settings s;
	struct str text = arena_fmt(fx->a,
	    "[database]\ndriver = postgresql\nhost = db.example\n"
	    "port = 6432\nname = n\nuser = u\npassword = %s\ntls = require\n",
	    fx->secret);

	assert_int_equal(settings(fx, text.p, &s), ERR_OK);
	assert_int_equal(s.driver, DB_POSTGRESQL);
	assert_true(str_eq(s.host, STR("db.example")));
	assert_int_equal(s.port, 6432);
	assert_true(str_eq(s.name, STR("n")));
	assert_true(str_eq(s.user, STR("u")));
	assert_true(str_eq(s.tls, STR("require")));
	assert_true(str_eq(s.password, STR("pa ss")));
}

static void
bounds_of_waiting_are_kept(void **state)
{
	struct store_settings s;

	assert_int_equal(
	    settings(*state,
		"[database]\nfile = /x\nlock_ms = 50\nstatement_ms = 100\n",
		&s),
	    ERR_OK);
	assert_int_equal(
	    settings(*state, "[database]\nfile = /x\nlock_ms = 49\n", &s),
	    ERR_INVALID);
	assert_int_equal(
	    settings(
		*state, "[database]\nfile = /x\nstatement_ms = 600001\n", &s),
	    ERR_INVALID);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(sqlite_needs_its_file_alone),
		TEST(sqlite_without_a_file_is_refused),
		TEST(postgresql_takes_its_password_from_a_file),
		TEST(bounds_of_waiting_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
