/*
 * audit_store: everything that was written, read again in pages.
 *
 * Each page is read at one instant, whatever is written meanwhile, so that
 * what is under way is never taken for wrong.  Nothing is locked: the database
 * may be live.  Only reads.
 */
#ifndef KVITOK_PORT_AUDIT_STORE_H
#define KVITOK_PORT_AUDIT_STORE_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/audit_find.h"
#include "kvitok/domain/ledger.h"

#include <stdbool.h>

/* Days of Moscow: payments that were made on them, and postings of them. */
struct audit_span {
	bool all; /* no bounds: rows of nobody are looked for, too */
	int64_t from_at, to_at;      /* to_at is not in it */
	struct str from_day, to_day; /* both are in it */
};

/* A row that bears the number of no payment, or hangs on no row at all. */
struct audit_stray {
	const char *table;
	struct str key;
};

struct audit_page {
	const struct audit_payment *payments; /* in the table's order */
	size_t len;
	const struct audit_stray *strays;
	size_t strays_len;
	bool last;
};

/* One row of ledger_day, and what its lines add up to. */
struct audit_slot {
	int slot;
	int64_t debit_kop, credit_kop;
	int64_t lines_debit_kop, lines_credit_kop;
};

struct audit_day {
	struct str account, day; /* account empty: there are no more */
	struct audit_slot slots[LEDGER_SLOTS];
	size_t slots_len;
};

/* Debits and credits of all accounts on a day; they must be equal. */
struct audit_sum {
	struct str day;
	int64_t debit_kop, credit_kop;
};

struct audit_notice {
	struct str akey, id, raw, digest;
	bool known; /* its number is empty or a payment's */
};

/* An answer that was kept for an Idempotency-Key. */
struct audit_answer {
	struct str portal, ikey, number;
	struct str owner; /* portal of the payment; empty: there is none */
};

/* A case without a payment. */
struct audit_lone {
	struct str akey;
	struct audit_case c;
	const struct audit_case_event *events; /* of the same moment */
	size_t events_len;
};

/* A row about cards that does not agree with the others. */
struct audit_card {
	struct str table, key, column, is, must;
};

#define AUDIT_CARDS_MAX 1000 /* of them; more are not told */

struct audit_store {
	void *self;
	/* Rows about cards that are wrong, at most AUDIT_CARDS_MAX. */
	KV_MUST_CHECK enum err (*cards)(void *self, struct arena *a,
	    const struct audit_card **out, size_t *len, struct fault *f);
	/* Payments after (akey, number), both empty at first, at most limit,
	 * with all that bears their numbers. */
	KV_MUST_CHECK enum err (*payments)(void *self, struct arena *a,
	    const struct audit_span *span, struct str after_akey,
	    struct str after_number, int limit, struct audit_page *out,
	    struct fault *f);
	/* The next account's day after (account, day), both empty at first. */
	KV_MUST_CHECK enum err (*day)(void *self, struct arena *a,
	    const struct audit_span *span, struct str after_account,
	    struct str after_day, struct audit_day *out, struct fault *f);
	/* Days whose debits and credits differ, at most 1000, and the sums of
	 * all days. */
	KV_MUST_CHECK enum err (*sums)(void *self, struct arena *a,
	    const struct audit_span *span, struct audit_sum *all,
	    const struct audit_sum **out, size_t *len, struct fault *f);
	/* Call-backs after (akey, id), at most limit. */
	KV_MUST_CHECK enum err (*notices)(void *self, struct arena *a,
	    struct str after_akey, struct str after_id, int limit,
	    const struct audit_notice **out, size_t *len, struct fault *f);
	/* Cases without a payment after (akey, id), at most limit. */
	KV_MUST_CHECK enum err (*lone_cases)(void *self, struct arena *a,
	    struct str after_akey, struct str after_id, int limit,
	    const struct audit_lone **out, size_t *len, struct fault *f);
	/* Rows of what was done with cases of no payment that are not there, at
	 * most 1000. */
	KV_MUST_CHECK enum err (*lone_events)(void *self, struct arena *a,
	    const struct audit_stray **out, size_t *len, struct fault *f);
	/* Kept answers after (portal, ikey), at most limit. */
	KV_MUST_CHECK enum err (*answers)(void *self, struct arena *a,
	    struct str after_portal, struct str after_ikey, int limit,
	    const struct audit_answer **out, size_t *len, struct fault *f);
};

#endif
