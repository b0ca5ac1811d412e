/*
 * fixture: the database that tools/run-store has made for a test, and rows to
 * begin with.
 */
#ifndef KVITOK_TESTS_STORE_FIXTURE_H
#define KVITOK_TESTS_STORE_FIXTURE_H

#include "kvitok/base/secret.h"
#include "kvitok/store/migrate.h"
#include "kvitok/store/store.h"

#include <assert.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#undef fail /* a member of struct jobs */

#define fixture_fail(...) (print_error(__VA_ARGS__), _fail(__FILE__, __LINE__))

#define FIXTURE_OPENINGS 20
#define T0 INT64_C(1795230000000) /* an instant in November 2026 */

struct fixture {
	struct arena *a;
	struct db *db;
	struct stores st;
	struct fault f;
};

/* Give up with the fault's words when rc is not wanted. */
#define assert_rc(fx, rc, wanted)                                              \
	do {                                                                   \
		enum err got_ = (rc);                                          \
		if (got_ != (wanted))                                          \
			fixture_fail("%s %s: %s\n", err_name(got_),            \
			    (fx)->f.reason, (fx)->f.detail);                   \
	} while (0)
#define assert_done(fx, rc) assert_rc(fx, rc, ERR_OK)
#define assert_text(s, z) assert_true(str_eq((s), str_of(z)))

static inline const char *
fixture_env(const char *name)
{
	const char *v = getenv(name);

	if (v == NULL) {
		fprintf(stderr, "%s is not set: use make store\n", name);
		exit(2);
	}
	return v;
}

static inline bool
fixture_is_sqlite(void)
{
	return strcmp(fixture_env("KVITOK_TEST_DB"), "sqlite") == 0;
}

static inline struct store_settings
fixture_settings(void)
{
	struct store_settings s = { .driver = DB_SQLITE,
		.port = 5432,
		.user = STR("kvitok"),
		.tls = STR("prefer"),
		.connect_ms = 2000,
		.statement_ms = 3000,
		.lock_ms = 1000 };

	if (fixture_is_sqlite()) {
		s.file = str_of(fixture_env("KVITOK_TEST_FILE"));
		return s;
	}
	s.driver = DB_POSTGRESQL;
	s.host = str_of(fixture_env("KVITOK_TEST_HOST"));
	s.name = str_of(fixture_env("KVITOK_TEST_NAME"));
	return s;
}

static inline void
fixture_open_with(struct fixture *fx, const struct store_settings *s)
{
	enum err rc = ERR_AGAIN;

	fx->a = arena_new((size_t)64 << 20);
	/* Many that write at once may hold up one that only begins. */
	for (int i = 0; i < FIXTURE_OPENINGS && rc == ERR_AGAIN; i++) {
		fault_init(&fx->f);
		rc = store_open(fx->a, s, &fx->st, &fx->db, &fx->f);
	}
	assert_done(fx, rc);
}

static inline void
fixture_open(struct fixture *fx)
{
	struct store_settings s = fixture_settings();

	fixture_open_with(fx, &s);
}

static inline void
fixture_close(struct fixture *fx)
{
	store_close(fx->db);
	arena_free(fx->a);
}

/* Group setup: tables, and a portal to refer to. */
static inline int
fixture_make(void **state)
{
	static struct fixture fx;
	int applied;

	fixture_open(&fx);
	assert_done(&fx, migrate_run(fx.db, fx.a, T0, &applied, &fx.f));
	*state = &fx;
	return 0;
}

static inline int
fixture_end(void **state)
{
	fixture_close(*state);
	return 0;
}

struct fixture_script {
	struct db *db;
	const char *text;
};

static inline enum err
fixture_script_body(void *arg, struct fault *f)
{
	const struct fixture_script *s = arg;

	return db_script(s->db, s->text, f);
}

/* One statement of the test's own, in a transaction. */
static inline void
fixture_sql(struct fixture *fx, const char *text)
{
	struct fixture_script s = { fx->db, text };

	assert_done(fx,
	    fx->st.tx.run(
		fx->st.tx.self, "test", fixture_script_body, &s, &fx->f));
}

/* Run n processes of fn at once; each gets its number and ends by exit(0). */
static inline void
fixture_crowd(int n, void (*fn)(int i, void *arg), void *arg)
{
	int bad = 0, status;

	fflush(NULL);
	for (int i = 0; i < n; i++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0) {
			fn(i, arg);
			_exit(0);
		}
	}
	for (int i = 0; i < n; i++) {
		assert_true(wait(&status) > 0);
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
			bad++;
	}
	assert_int_equal(bad, 0);
}

/* --- a payment ------------------------------------------------------ */

static const struct pay_line fixture_lines[2] = {
	{ { "yuzhnoe-zhks", 12 }, { "zhku", 4 }, { "10019743", 8 }, 120000,
	    1800, 0, FEE_LOSS_NONE, 0, { "", 0 } },
	{ { "irkutskenergo", 13 }, { "elektro", 7 }, { "ИНЗБ17004717", 16 },
	    50000, 0, 400, FEE_LOSS_NONE, 0, { "", 0 } },
};

/* A number of the form that payments have, never the same. */
static inline struct str
fixture_number(struct arena *a)
{
	char tail[11];

	secret_random_text(tail, 10);
	return arena_fmt(a, "7K3M9QZT-%s", tail);
}

static inline struct str
fixture_ulid(struct arena *a, int64_t at)
{
	char id[27];

	secret_ulid(at, id);
	return arena_str(a, str_of(id));
}

static inline struct payment *
fixture_payment(struct arena *a)
{
	struct payment *pm = ARENA_NEW(a, struct payment);

	*pm = (struct payment){ .akey = STR("7K3M9QZT"),
		.number = fixture_number(a),
		.portal = STR("portalgkh"),
		.secret = STR("ABCDEFGHJKMNPQRSTVWXYZ0123"),
		.state = PAY_CREATED,
		.payer = STR("u-1"),
		.email = STR("payer@example.org"),
		.return_url = STR(""),
		.frontend = STR("01KEY"),
		.contract = STR("gpb-portalgkh"),
		.bank = STR("gazprombank"),
		.lines_hash = STR("0123456789"),
		.sum_kop = 170000,
		.fee_kop = 1800,
		.total_kop = 171800,
		.created_at = T0,
		.expires_at = T0 + 86400000,
		.changed_at = T0,
		.lines = fixture_lines,
		.lines_len = 2 };
	return pm;
}

static inline struct pay_event *
fixture_event(struct arena *a, int64_t at, const char *kind)
{
	struct pay_event *e = ARENA_NEW(a, struct pay_event);

	*e = (struct pay_event){ .id = fixture_ulid(a, at),
		.at = at,
		.kind = str_of(kind),
		.actor = STR("frontend:01KEY"),
		.from_state = STR(""),
		.to_state = STR("created"),
		.evidence = STR("{\"words\":\"первое\"}") };
	return e;
}

static inline struct new_payment
fixture_new(struct arena *a, const struct payment *pm, struct str ikey)
{
	return (struct new_payment){ .pay = pm,
		.ikey = ikey,
		.body_hash = STR("hash"),
		.answer = STR("{\"n\":1}"),
		.event = fixture_event(a, T0, "payment_created") };
}

/* Gives: a payment that is in the database. */
static inline struct payment *
fixture_put(struct fixture *fx)
{
	struct payment *pm = fixture_payment(fx->a);
	struct new_payment np = fixture_new(fx->a, pm, pm->number);
	struct idem found;
	bool was;

	assert_done(
	    fx, fx->st.pays.create(fx->db, fx->a, &np, &was, &found, &fx->f));
	assert_false(was);
	return pm;
}

#endif
