/*
 * db: one connection to the database, and the statements on it.
 *
 * The only module that knows ODBC.  Statements are named (sql.h), prepared
 * once per connection, their values always bound; what they give is read to
 * its end into an arena before a call returns, so that no cursor stays open.
 * Autocommit stays on: a transaction is explicit statements, see tx.h.
 *
 * A connection that was lost is made anew by the next call outside of a
 * transaction; while the server is away, calls fail at once and the server is
 * tried again after 0.1 to 2 s.  A server that never answers ends the process
 * (watch.h).
 */
#ifndef KVITOK_STORE_DB_H
#define KVITOK_STORE_DB_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/store/sql.h"

#include <stdbool.h>
#include <stdint.h>

enum db_driver { DB_SQLITE, DB_POSTGRESQL };

/* A transaction that is older is not committed: what took its day or its time
 * at its beginning must not write it much later. */
#define DB_LIFE_MS 60000

struct store_settings {
	enum db_driver driver;
	struct str file; /* SQLite: path; beside it FILE.lock */
	/* PostgreSQL: */
	struct str host; /* name, address or folder of its socket */
	int port;
	struct str name, user, password, tls; /* tls: of sslmode */
	int64_t connect_ms;                   /* for a connection */
	int64_t statement_ms;                 /* for one statement */
	int64_t lock_ms;                      /* for a lock of somebody else */
	int64_t life_ms; /* of a transaction; 0: DB_LIFE_MS */
};

struct db;

/*
 * Connect.
 * Gives: *out, to be closed by db_close; texts of s are copied to long_lived.
 * Fails: ERR_AGAIN database_unavailable; ERR_INVALID conf_bad; ERR_BUG.
 */
KV_MUST_CHECK enum err db_open(struct arena *long_lived,
    const struct store_settings *s, struct db **out, struct fault *f);
/* Rolls back what is open; NULL is nothing. */
void db_close(struct db *db);
/* Gives: how long a transaction may take, in ms. */
int64_t db_life_ms(const struct db *db);
/* Gives: which of the two it is. */
enum db_driver db_driver(const struct db *db);

/* The database in use has a text for the statement. */
bool db_has(const struct db *db, enum sql_id id);
/* Watch statements no longer: a migration of large tables takes its time. */
void db_be_patient(struct db *db, bool patient);

enum db_kind { DB_IN_TEXT, DB_IN_INT, DB_IN_NULL };

/* A value for a marker. */
struct db_in {
	enum db_kind kind;
	struct str text;
	int64_t n;
};

struct db_in db_t(struct str s); /* p NULL with len 0 is '' */
struct db_in db_n(int64_t n);
struct db_in db_t0(struct str s); /* p NULL is NULL */
struct db_in db_n0(int64_t n);    /* 0 is NULL */

/* The values of a statement in order: DB_IN(db_n(1), ...). */
#define DB_IN(...)                                                             \
	(const struct db_in[]){ __VA_ARGS__ },                                 \
	    sizeof((const struct db_in[]){ __VA_ARGS__ }) /                    \
	    sizeof(struct db_in)
#define DB_IN_NONE NULL, 0

/*
 * Run a statement that gives no rows.  Outside of a transaction it is one of
 * its own.
 * Gives: *changed (may be NULL), rows that it inserted, changed or deleted.
 * Fails: ERR_AGAIN busy, database_unavailable (nothing was done);
 * ERR_CONFLICT row_conflict (a key or rule of the tables); ERR_UNSURE
 * commit_unsure (outside of a transaction: the connection was lost while it
 * ran); ERR_BUG internal.  Inside of a transaction any failure spoils it.
 */
KV_MUST_CHECK enum err db_run(struct db *db, enum sql_id id,
    const struct db_in *in, size_t in_len, int64_t *changed, struct fault *f);

/* A cell: the shape of the read says which. */
struct db_cell {
	struct str t; /* ends in NUL; p NULL for NULL */
	int64_t n;    /* 0 for NULL */
};

struct db_rows {
	const struct db_cell *cells; /* row after row */
	size_t cols, len;            /* len: number of rows */
};

static inline const struct db_cell *
db_row(const struct db_rows *r, size_t i)
{
	return r->cells + i * r->cols;
}

/*
 * Run a statement that gives rows of the shape: one letter per column, 't'
 * text, 'i' integer.
 * Gives: *out in a.
 * Fails: as db_run, but a statement that only reads is never unsure: it is
 * repeated once on a new connection; ERR_BUG when there are more than limit
 * rows.
 */
KV_MUST_CHECK enum err db_read(struct db *db, struct arena *a, enum sql_id id,
    const struct db_in *in, size_t in_len, const char *shape, size_t limit,
    struct db_rows *out, struct fault *f);

/*
 * [tx] Run the text of a migration or script; it has no markers.
 * Fails: as db_run.
 */
KV_MUST_CHECK enum err db_script(
    struct db *db, const char *text, struct fault *f);

/*
 * For tx.h alone: begin, and end.  db_commit of a transaction in which a
 * statement failed rolls back and gives that statement's class.
 * Fails: ERR_AGAIN (busy: it took longer than its life); ERR_UNSURE
 * commit_unsure (lost at COMMIT).
 */
KV_MUST_CHECK enum err db_begin(struct db *db, struct fault *f);
/* Begin one that only reads, everything of one instant; no lock is taken.
 * It is ended by db_rollback.  Fails: ERR_AGAIN. */
KV_MUST_CHECK enum err db_snapshot(struct db *db, struct fault *f);
KV_MUST_CHECK enum err db_commit(struct db *db, struct fault *f);
void db_rollback(struct db *db);
bool db_in_tx(const struct db *db);

#endif
