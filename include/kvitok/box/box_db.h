/*
 * box_db: the supplier's database, over ODBC: SQLite, PostgreSQL or MariaDB.
 *
 * One connection, transactions, and nothing kept in between: whatever fails is
 * tried again by the next turn of the loop.  Knows nothing of books.
 */
#ifndef KVITOK_BOX_BOX_DB_H
#define KVITOK_BOX_BOX_DB_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/store/odbc.h"

#include <stdbool.h>

struct box_db {
	struct odbc o;
	struct str dsn;
	bool in_tx;
};

/* Gives: db, not connected yet.  Fails: ERR_BUG internal. */
KV_MUST_CHECK enum err box_db_make(
    struct box_db *db, struct str dsn, struct fault *f);
/* What is open rolls back. */
void box_db_free(struct box_db *db);

/*
 * All of these connect first when they must.
 * Fail: ERR_AGAIN (lock, server, connection); ERR_CONFLICT row_conflict;
 * ERR_BUG internal (a table that is not there, too).  After a failure the
 * transaction is only good for box_db_rollback.
 */
KV_MUST_CHECK enum err box_db_begin(struct box_db *db, struct fault *f);
/* A COMMIT whose answer was lost may have been done: every caller looks at
 * the tables again and never at what it remembers. */
KV_MUST_CHECK enum err box_db_commit(struct box_db *db, struct fault *f);
KV_MUST_CHECK enum err box_db_run(struct box_db *db, enum sql_id id,
    const struct db_in *in, size_t in_len, struct fault *f);
/* Gives: *out in a. */
KV_MUST_CHECK enum err box_db_read(struct box_db *db, struct arena *a,
    enum sql_id id, const struct db_in *in, size_t in_len, const char *shape,
    size_t limit, struct db_rows *out, struct fault *f);
/* Statements that end in ";", with comments; scratch is emptied by nobody. */
KV_MUST_CHECK enum err box_db_script(
    struct box_db *db, struct arena *scratch, struct str text, struct fault *f);

/* Twice is once. */
void box_db_rollback(struct box_db *db);
/* Gives: "sqlite", "postgresql" or "mariadb", by the connection string. */
const char *box_db_kind(const struct box_db *db);

#endif
