#include "kvitok/store/db.h"

#include "kvitok/store/diag.h"
#include "kvitok/store/dsn.h"
#include "kvitok/store/odbc.h"
#include "kvitok/store/watch.h"
#include "kvitok/store/wlock.h"

#include <assert.h>

#define DSN_MAX 2048
#define PAUSE_MIN_MS 100
#define PAUSE_MAX_MS 2000

struct db {
	struct store_settings s;
	struct str dsn;
	struct odbc o;
	struct watch watch;
	int lock_fd; /* SQLite: of the write lock */
	bool lock_held;
	bool patient;
	bool in_tx;
	int64_t began; /* watch_now() of its BEGIN */
	bool failed;   /* a statement of this transaction failed */
	enum err failed_err;
	const char *failed_reason;
	int64_t retry_at, pause_ms;
};

static void
watch_call(struct db *db, const char *what)
{
	if (!db->patient)
		watch_start(&db->watch,
		    db->s.statement_ms + db->s.lock_ms + DSN_SILENCE_MS, what);
}

/* The same failure seen as another class. */
static enum err
seen_as(struct fault *f, enum err err, const char *reason)
{
	f->err = err;
	f->reason = reason;
	return err;
}

static const char *
text_of(const struct db *db, enum sql_id id)
{
	const struct sql_text *t = &sql_text[id];

	return db->s.driver == DB_POSTGRESQL && t->pg != NULL ? t->pg : t->text;
}

/* --- connecting ---------------------------------------------------- */

static enum err
dial(struct db *db, struct fault *f)
{
	enum diag d;

	watch_start(&db->watch, db->s.connect_ms + DSN_SILENCE_MS, "connect");
	d = odbc_dial(&db->o, db->dsn, f);
	if (d == DIAG_OK)
		d = odbc_direct(&db->o, text_of(db, SQL_DB_SETUP), "setup", f);
	watch_stop(&db->watch);
	if (d == DIAG_OK)
		return ERR_OK;
	odbc_drop(&db->o);
	/* Whatever it is, nothing was done. */
	return seen_as(f, ERR_AGAIN, "database_unavailable");
}

/* Two that make an SQLite database at once would find it locked. */
static enum err
dial_alone(struct db *db, struct fault *f)
{
	enum err rc;

	if (db->s.driver != DB_SQLITE || db->lock_held)
		return dial(db, f);
	rc = wlock_take(db->lock_fd, &db->watch, db->s.lock_ms, f);
	if (rc != ERR_OK)
		return rc;
	rc = dial(db, f);
	wlock_free(db->lock_fd);
	return rc;
}

static enum err
connected(struct db *db, struct fault *f)
{
	enum err rc;

	if (db->o.open)
		return ERR_OK;
	if (watch_now() < db->retry_at)
		return fault_set(f, ERR_AGAIN, "database_unavailable",
		    "not reached a moment ago");
	rc = dial_alone(db, f);
	if (rc == ERR_OK) {
		db->pause_ms = PAUSE_MIN_MS;
		return ERR_OK;
	}
	db->retry_at = watch_now() + db->pause_ms;
	db->pause_ms *= 2;
	if (db->pause_ms > PAUSE_MAX_MS)
		db->pause_ms = PAUSE_MAX_MS;
	return rc;
}

static void
copy_settings(
    struct arena *a, struct store_settings *to, const struct store_settings *s)
{
	*to = *s;
	to->file = arena_str(a, s->file);
	to->host = arena_str(a, s->host);
	to->name = arena_str(a, s->name);
	to->user = arena_str(a, s->user);
	to->password = arena_str(a, s->password);
	to->tls = arena_str(a, s->tls);
}

static enum err
lock_open(struct db *db, struct arena *a, struct fault *f)
{
	struct str path;

	if (db->s.driver != DB_SQLITE)
		return ERR_OK;
	path = arena_fmt(a, "%.*s.lock", STR_ARG(db->s.file));
	return wlock_open(path.p, &db->lock_fd, f);
}

int64_t
db_life_ms(const struct db *db)
{
	return db->s.life_ms;
}

enum err
db_open(struct arena *long_lived, const struct store_settings *s,
    struct db **out, struct fault *f)
{
	struct db *db = ARENA_NEW(long_lived, struct db);
	struct buf b;
	enum err rc;

	copy_settings(long_lived, &db->s, s);
	db->lock_fd = -1;
	if (db->s.life_ms == 0)
		db->s.life_ms = DB_LIFE_MS;
	db->pause_ms = PAUSE_MIN_MS;
	buf_init(&b, long_lived, DSN_MAX);
	if ((rc = dsn_put(&db->s, &b, f)) != ERR_OK)
		return rc;
	db->dsn = buf_str(&b);
	if ((rc = watch_make(&db->watch, f)) != ERR_OK ||
	    (rc = odbc_make(&db->o, s->driver == DB_SQLITE, f)) != ERR_OK ||
	    (rc = lock_open(db, long_lived, f)) != ERR_OK ||
	    (rc = connected(db, f)) != ERR_OK) {
		db_close(db);
		return rc;
	}
	*out = db;
	return ERR_OK;
}

enum db_driver
db_driver(const struct db *db)
{
	return db->s.driver;
}

void
db_close(struct db *db)
{
	if (db == NULL)
		return;
	if (db->in_tx)
		db_rollback(db);
	odbc_free(&db->o);
	wlock_close(&db->lock_fd);
	watch_free(&db->watch);
}

bool
db_has(const struct db *db, enum sql_id id)
{
	return text_of(db, id) != NULL;
}

void
db_be_patient(struct db *db, bool patient)
{
	db->patient = patient;
}

bool
db_in_tx(const struct db *db)
{
	return db->in_tx;
}

/* --- statements ---------------------------------------------------- */

struct db_in
db_t(struct str s)
{
	return (struct db_in){ DB_IN_TEXT, s, 0 };
}

struct db_in
db_n(int64_t n)
{
	return (struct db_in){ DB_IN_INT, STR_NONE, n };
}

struct db_in
db_t0(struct str s)
{
	return (struct db_in){ s.p == NULL ? DB_IN_NULL : DB_IN_TEXT, s, 0 };
}

struct db_in
db_n0(int64_t n)
{
	return (struct db_in){ n == 0 ? DB_IN_NULL : DB_IN_INT, STR_NONE, n };
}

/* Neither database keeps a NUL in a text; a cut one would be a lie. */
static enum err
texts_whole(const struct odbc_call *c, struct fault *f)
{
	for (size_t i = 0; i < c->in_len; i++) {
		const struct db_in *in = &c->in[i];

		if (in->kind == DB_IN_TEXT && in->text.len > 0 &&
		    memchr(in->text.p, '\0', in->text.len) != NULL)
			return fault_set(f, ERR_INVALID, "text_bad_utf8",
			    "%s: value %zu holds a NUL", sql_text[c->id].name,
			    i + 1);
	}
	return ERR_OK;
}

/* Inside of a transaction a failure spoils it: nothing more is run. */
static void
spoil(struct db *db, const struct fault *f)
{
	if (!db->in_tx || db->failed)
		return;
	db->failed = true;
	db->failed_err = f->err;
	db->failed_reason = f->reason;
}

static enum err
spoilt(const struct db *db, const char *what, struct fault *f)
{
	return fault_set(f, db->failed_err, db->failed_reason,
	    "%s: its transaction has failed", what);
}

static enum diag
execute(struct db *db, const struct odbc_call *c, struct fault *f)
{
	enum diag d;

	watch_call(db, sql_text[c->id].name);
	d = odbc_run(&db->o, c, f);
	watch_stop(&db->watch);
	return d;
}

/* A lost connection: what only reads is repeated, once; what writes outside
 * of a transaction may have been done. */
static enum err
execute_somehow(struct db *db, const struct odbc_call *c, struct fault *f)
{
	enum diag d = execute(db, c, f);
	enum err rc;

	if (d == DIAG_OK)
		return ERR_OK;
	spoil(db, f);
	if (d != DIAG_GONE || db->in_tx)
		return f->err;
	if (sql_text[c->id].writes)
		return seen_as(f, ERR_UNSURE, "commit_unsure");
	if ((rc = connected(db, f)) != ERR_OK)
		return rc;
	return execute(db, c, f) == DIAG_OK ? ERR_OK : f->err;
}

/* Every statement goes through here. */
static enum err
run(struct db *db, struct odbc_call *c, struct fault *f)
{
	const struct sql_text *t = &sql_text[c->id];
	bool alone = t->writes && !db->in_tx && db->s.driver == DB_SQLITE;
	enum err rc;

	c->text = text_of(db, c->id);
	assert(c->text != NULL);
	if (db->in_tx && db->failed)
		return spoilt(db, t->name, f);
	if ((rc = texts_whole(c, f)) != ERR_OK) {
		spoil(db, f);
		return rc;
	}
	if (!db->in_tx && (rc = connected(db, f)) != ERR_OK)
		return rc;
	if (!alone)
		return execute_somehow(db, c, f);
	rc = wlock_take(db->lock_fd, &db->watch, db->s.lock_ms, f);
	if (rc != ERR_OK)
		return rc;
	db->lock_held = true;
	rc = execute_somehow(db, c, f);
	db->lock_held = false;
	wlock_free(db->lock_fd);
	return rc;
}

enum err
db_run(struct db *db, enum sql_id id, const struct db_in *in, size_t in_len,
    int64_t *changed, struct fault *f)
{
	struct odbc_call c = {
		.id = id, .in = in, .in_len = in_len, .changed = changed
	};

	if (changed != NULL)
		*changed = 0;
	return run(db, &c, f);
}

enum err
db_read(struct db *db, struct arena *a, enum sql_id id, const struct db_in *in,
    size_t in_len, const char *shape, size_t limit, struct db_rows *out,
    struct fault *f)
{
	struct odbc_call c = { .id = id,
		.in = in,
		.in_len = in_len,
		.a = a,
		.shape = shape,
		.limit = limit,
		.rows = out };

	*out = (struct db_rows){ NULL, 0, 0 };
	return run(db, &c, f);
}

enum err
db_script(struct db *db, const char *text, struct fault *f)
{
	enum diag d;

	assert(db->in_tx);
	if (db->failed)
		return spoilt(db, "script", f);
	watch_call(db, "script");
	d = odbc_direct(&db->o, text, "script", f);
	watch_stop(&db->watch);
	if (d == DIAG_OK)
		return ERR_OK;
	spoil(db, f);
	return f->err;
}

/* --- transactions -------------------------------------------------- */

/* Never prepared: one round trip from the first time on. */
static enum diag
control(struct db *db, enum sql_id id, struct fault *f)
{
	enum diag d;

	watch_call(db, sql_text[id].name);
	d = odbc_direct(&db->o, text_of(db, id), sql_text[id].name, f);
	watch_stop(&db->watch);
	return d;
}

static void
unlock(struct db *db)
{
	if (db->lock_held)
		wlock_free(db->lock_fd);
	db->lock_held = false;
}

enum err
db_begin(struct db *db, struct fault *f)
{
	enum err rc;

	assert(!db->in_tx);
	if ((rc = connected(db, f)) != ERR_OK)
		return rc;
	if (db->s.driver == DB_SQLITE) {
		rc = wlock_take(db->lock_fd, &db->watch, db->s.lock_ms, f);
		if (rc != ERR_OK)
			return rc;
		db->lock_held = true;
	}
	if (control(db, SQL_DB_BEGIN, f) != DIAG_OK) {
		unlock(db);
		return f->err;
	}
	db->in_tx = true;
	db->began = watch_now();
	db->failed = false;
	return ERR_OK;
}

enum err
db_snapshot(struct db *db, struct fault *f)
{
	enum err rc;

	assert(!db->in_tx);
	if ((rc = connected(db, f)) != ERR_OK)
		return rc;
	if (control(db, SQL_DB_SNAPSHOT, f) != DIAG_OK)
		return f->err;
	db->in_tx = true;
	db->failed = false;
	return ERR_OK;
}

void
db_rollback(struct db *db)
{
	struct fault f;

	assert(db->in_tx);
	fault_init(&f);
	/* What cannot be rolled back ends with its connection. */
	if (db->o.open && control(db, SQL_DB_ROLLBACK, &f) != DIAG_OK)
		odbc_drop(&db->o);
	db->in_tx = false;
	db->failed = false;
	unlock(db);
}

enum err
db_commit(struct db *db, struct fault *f)
{
	enum diag d;
	enum err rc;

	assert(db->in_tx);
	/* psqlODBC reports success for the COMMIT of a failed transaction,
	 * which the server answers by ROLLBACK. */
	if (db->failed) {
		rc = spoilt(db, "commit", f);
		db_rollback(db);
		return rc;
	}
	if (!db->patient && watch_now() - db->began >= db->s.life_ms) {
		db_rollback(db);
		return fault_set(f, ERR_AGAIN, "busy",
		    "the transaction took longer than %d ms",
		    (int)db->s.life_ms);
	}
	d = control(db, SQL_DB_COMMIT, f);
	if (d == DIAG_OK) {
		db->in_tx = false;
		unlock(db);
		return ERR_OK;
	}
	rc = d == DIAG_GONE ? seen_as(f, ERR_UNSURE, "commit_unsure") : f->err;
	db_rollback(db);
	return rc;
}
