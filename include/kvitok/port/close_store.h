/*
 * close_store: closed days of the ledger, and what closing them reads.
 *
 * What is put here is never changed; putting the same again does nothing.
 */
#ifndef KVITOK_PORT_CLOSE_STORE_H
#define KVITOK_PORT_CLOSE_STORE_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/seal.h"

#include <stdbool.h>

struct closing {
	struct str day, hash, previous, actor;
	int64_t transfers, lines, debit_kop, credit_kop;
	int64_t at;
	bool shut; /* its row of ledger_shut is there */
};

/* How far closing has come. */
struct close_state {
	struct str first_day; /* of the ledger; empty: nothing was posted */
	struct closing last;  /* day empty: none is closed */
};

struct close_store {
	void *self;
	KV_MUST_CHECK enum err (*state)(void *self, struct arena *a,
	    struct close_state *out, struct fault *f);
	/*
	 * From now on the database takes no posting of day or before it; what
	 * was being posted has ended when this returns.
	 * Fails: ERR_AGAIN day_busy (a transaction does not end).
	 */
	KV_MUST_CHECK enum err (*shut)(void *self, struct arena *a,
	    struct str day, int64_t at, struct fault *f);
	/* Transfers of day after (akey, id), both empty at first, with their
	 * lines, at most limit. */
	KV_MUST_CHECK enum err (*transfers)(void *self, struct arena *a,
	    struct str day, struct str after_akey, struct str after_id,
	    int limit, const struct seal_transfer **out, size_t *len,
	    struct fault *f);
	/* Part n of a day's marks.  Fails: ERR_CONFLICT marks_differ (it is
	 * there and another one). */
	KV_MUST_CHECK enum err (*mark_put)(void *self, struct arena *a,
	    struct str day, int64_t n, struct str marks, struct fault *f);
	/* Gives: marks, p NULL when there is no such part. */
	KV_MUST_CHECK enum err (*mark)(void *self, struct arena *a,
	    struct str day, int64_t n, struct str *marks, struct fault *f);
	/*
	 * What the accounts that moved on c->day have at its end, by the
	 * turnover that is kept.
	 * Fails: ERR_CONFLICT day_unbalanced (that turnover is not c's).
	 */
	KV_MUST_CHECK enum err (*balances_put)(void *self, struct arena *a,
	    const struct closing *c, struct fault *f);
	/* The day is closed.  Fails: ERR_CONFLICT row_conflict (it was). */
	KV_MUST_CHECK enum err (*put)(
	    void *self, const struct closing *c, struct fault *f);
	/* Closed days from..to, both included, in order, at most limit. */
	KV_MUST_CHECK enum err (*list)(void *self, struct arena *a,
	    struct str from, struct str to, int limit,
	    const struct closing **out, size_t *len, struct fault *f);
};

enum close_oddity {
	CLOSE_ROW_MISSING,
	CLOSE_ROW_WRONG, /* is kept_kop, must be must_kop */
	CLOSE_ROW_TOO_MUCH
};

/* A balance that does not follow from the one before it. */
struct close_odd {
	enum close_oddity what;
	struct str account;
	int64_t kept_kop, must_kop;
};

/* What an account has at the end of a closed day. */
struct close_account {
	struct str account;
	int64_t balance_kop;           /* debit above zero */
	int64_t debit_kop, credit_kop; /* of that day */
};

/* Rows of a day that is not closed, and which day was closed last at that
 * instant; it is empty when none was. */
struct close_stray {
	struct str table, day, last;
};

/* What closed days have, and what disagrees among them; only reads. */
struct close_proof {
	void *self;
	/* Accounts at the end of day, which is closed, after an account ("" at
	 * first) in order, at most limit. */
	KV_MUST_CHECK enum err (*accounts)(void *self, struct arena *a,
	    struct str day, struct str after, int limit,
	    const struct close_account **out, size_t *len, struct fault *f);
	/* Odd balances of day, at most 1000. */
	KV_MUST_CHECK enum err (*balances)(void *self, struct arena *a,
	    struct str day, const struct close_odd **out, size_t *len,
	    struct fault *f);
	/* At most 1000; that of a closing that has begun is among them. */
	KV_MUST_CHECK enum err (*strays)(void *self, struct arena *a,
	    const struct close_stray **out, size_t *len, struct fault *f);
};

#endif
