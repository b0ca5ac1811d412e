#include "fixture.h"

static int
open_only(void **state)
{
	static struct fixture fx;

	fixture_open(&fx);
	*state = &fx;
	return 0;
}

static enum err
migrate(struct fixture *fx, int *applied)
{
	return migrate_run(fx->db, fx->a, T0, applied, &fx->f);
}

static void
a_worker_does_not_serve_without_tables(void **state)
{
	struct fixture *fx = *state;

	assert_rc(fx, migrate_check(fx->db, fx->a, &fx->f), ERR_CONFLICT);
	assert_string_equal(fx->f.reason, "schema_older");
}

static void
migrate_in_crowd(int i, void *arg)
{
	struct fixture fx;
	int applied, out = *(int *)arg;

	(void)i;
	fixture_open(&fx);
	if (migrate(&fx, &applied) != ERR_OK) {
		fprintf(stderr, "%s: %s\n", fx.f.reason, fx.f.detail);
		_exit(1);
	}
	if (write(out, &applied, sizeof(applied)) != sizeof(applied))
		_exit(1);
	fixture_close(&fx);
}

static void
four_that_migrate_at_once_do_each_migration_once(void **state)
{
	struct fixture *fx = *state;
	int fd[2], one, all = 0;

	assert_int_equal(pipe(fd), 0);
	fixture_crowd(4, migrate_in_crowd, &fd[1]);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(read(fd[0], &one, sizeof(one)), sizeof(one));
		all += one;
	}
	assert_int_equal(all, sql_migrations_len);
	assert_done(fx, migrate_check(fx->db, fx->a, &fx->f));
	assert_done(fx, migrate(fx, &one));
	assert_int_equal(one, 0);
	close(fd[0]);
	close(fd[1]);
}

static void
a_changed_migration_is_refused(void **state)
{
	struct fixture *fx = *state;
	int applied;

	fixture_sql(fx,
	    "UPDATE schema_version SET name = checksum,"
	    " checksum = 'x' WHERE version = 2");
	assert_rc(fx, migrate(fx, &applied), ERR_CONFLICT);
	assert_string_equal(fx->f.reason, "schema_changed");
	assert_rc(fx, migrate_check(fx->db, fx->a, &fx->f), ERR_CONFLICT);
	fixture_sql(fx,
	    "UPDATE schema_version SET checksum = name"
	    " WHERE version = 2");
	assert_done(fx, migrate(fx, &applied));
}

static void
a_newer_database_is_not_migrated_but_served(void **state)
{
	struct fixture *fx = *state;
	int applied;

	fixture_sql(fx,
	    "INSERT INTO schema_version (version, name, checksum,"
	    " applied_at) SELECT max(version) + 1, 'n', 'c', 0"
	    " FROM schema_version");
	assert_rc(fx, migrate(fx, &applied), ERR_CONFLICT);
	assert_string_equal(fx->f.reason, "schema_newer");
	assert_done(fx, migrate_check(fx->db, fx->a, &fx->f));
	fixture_sql(fx, "DELETE FROM schema_version WHERE name = 'n'");
}

static void
an_older_database_is_not_served(void **state)
{
	struct fixture *fx = *state;

	fixture_sql(fx,
	    "UPDATE schema_version SET version = -version"
	    " WHERE version = (SELECT max(version)"
	    " FROM schema_version)");
	assert_rc(fx, migrate_check(fx->db, fx->a, &fx->f), ERR_CONFLICT);
	fixture_sql(fx,
	    "UPDATE schema_version SET version = -version"
	    " WHERE version < 0");
	assert_done(fx, migrate_check(fx->db, fx->a, &fx->f));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_worker_does_not_serve_without_tables),
		cmocka_unit_test(
		    four_that_migrate_at_once_do_each_migration_once),
		cmocka_unit_test(a_changed_migration_is_refused),
		cmocka_unit_test(a_newer_database_is_not_migrated_but_served),
		cmocka_unit_test(an_older_database_is_not_served),
	};

	return cmocka_run_group_tests(tests, open_only, fixture_end);
}
