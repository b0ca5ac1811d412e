/*
 * pack: many rows of an account as one text, for a statement that takes it
 * apart (sql/query/charge.sql): one round trip to the database instead of one
 * for each row.
 *
 * Columns have fixed widths in characters and are filled up with spaces, so
 * that a value must not end in one.
 */
#ifndef KVITOK_STORE_PACK_H
#define KVITOK_STORE_PACK_H

#include "kvitok/base/buf.h"
#include "kvitok/domain/account.h"
#include "kvitok/store/db.h"

struct pack {
	struct buf text;
	size_t rows; /* counted by the caller */
	bool bad;    /* a value was longer than its column */
};

/* Ready for rows of at most max bytes together. */
void pack_begin(struct pack *p, struct arena *a, size_t max);
/* The next column of the row in hand. */
void pack_text(struct pack *p, struct str s, size_t width);
/* The same, 15 characters wide. */
void pack_number(struct pack *p, int64_t n);
/*
 * Run the statement id over the rows; no rows: nothing is done.
 * Fails: as db_run; ERR_BUG internal (a value was too long).
 */
KV_MUST_CHECK enum err pack_run(struct db *db, enum sql_id id,
    const struct pack *p, const struct account *acc, struct fault *f);

#endif
