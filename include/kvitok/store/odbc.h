/*
 * odbc: handles of one connection.  Mechanism only: it decides nothing about
 * repeating, locks and transactions; that is db.h.
 *
 * The only module that includes ODBC's headers.
 */
#ifndef KVITOK_STORE_ODBC_H
#define KVITOK_STORE_ODBC_H

#include "kvitok/store/db.h"
#include "kvitok/store/diag.h"

struct odbc {
	void *env, *dbc; /* ODBC's handles */
	void *stmt[SQL__COUNT];
	bool open;
	bool sqlite;
	int timeout_s; /* for what the driver keeps by itself; 0: none */
};

/* One execution of a statement. */
struct odbc_call {
	enum sql_id id;
	const char *text;
	const struct db_in *in;
	size_t in_len;
	const char *shape; /* of the rows; NULL: none are read */
	struct arena *a;   /* where they go */
	size_t limit;
	size_t text_max; /* a longer cell comes cut, one byte above; 0: none */
	struct db_rows *rows;
	int64_t *changed; /* may be NULL */
};

/* Fails: ERR_BUG internal. */
KV_MUST_CHECK enum err odbc_make(struct odbc *o, bool sqlite, struct fault *f);
void odbc_free(struct odbc *o);

/*
 * All of these give DIAG_OK, or what the driver's error means, with f set.
 * After DIAG_GONE the connection is closed.
 */
KV_MUST_CHECK enum diag odbc_dial(
    struct odbc *o, struct str dsn, struct fault *f);
KV_MUST_CHECK enum diag odbc_run(
    struct odbc *o, const struct odbc_call *c, struct fault *f);
/* Without preparing; what names it in a fault. */
KV_MUST_CHECK enum diag odbc_direct(
    struct odbc *o, const char *text, const char *what, struct fault *f);

/* Statements from here on are one transaction, until odbc_end.  For databases
 * of others: each has other words for it, the driver knows them. */
KV_MUST_CHECK enum diag odbc_begin(struct odbc *o, struct fault *f);
/* Commit, or roll back; then each statement stands for itself again. */
KV_MUST_CHECK enum diag odbc_end(struct odbc *o, bool commit, struct fault *f);

/* Close the connection; its prepared statements go with it. */
void odbc_drop(struct odbc *o);

#endif
