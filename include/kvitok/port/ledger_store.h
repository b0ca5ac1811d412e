/*
 * ledger_store: transfers and what accounts have; append only.
 */
#ifndef KVITOK_PORT_LEDGER_STORE_H
#define KVITOK_PORT_LEDGER_STORE_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/ledger.h"

struct ledger_turnover {
	struct str account;
	int64_t debit_kop, credit_kop; /* both above or equal zero */
};

struct ledger_store {
	void *self;
	/*
	 * [tx] Post a transfer with its lines and add it to its accounts'
	 * days.  Fails: ERR_CONFLICT row_conflict (cause and kind were posted
	 * before); ERR_AGAIN, also posting_day_closed (the clock is behind).
	 */
	KV_MUST_CHECK enum err (*post)(void *self, struct arena *a,
	    const struct ledger_transfer *t, struct fault *f);
	/* [tx] The same of several of one day and instant; each account's day
	 * is added to once.  len: above 0. */
	KV_MUST_CHECK enum err (*post_all)(void *self, struct arena *a,
	    const struct ledger_transfer *v, size_t len, struct fault *f);
	/* Transfers about a payment, oldest first, with lines, at most limit.
	 */
	KV_MUST_CHECK enum err (*of_payment)(void *self, struct arena *a,
	    struct str akey, struct str number, int limit,
	    const struct ledger_transfer **out, size_t *len, struct fault *f);
	/* Turnover of every account on the days from..to, both included, by
	 * the sums kept by day; after is the last account seen, "" at first. */
	KV_MUST_CHECK enum err (*turnover)(void *self, struct arena *a,
	    struct str from_day, struct str to_day, struct str after, int limit,
	    const struct ledger_turnover **out, size_t *len, struct fault *f);
	/* The same, added up from the lines: what the sums must be. */
	KV_MUST_CHECK enum err (*turnover_of_lines)(void *self, struct arena *a,
	    struct str from_day, struct str to_day, struct str after, int limit,
	    const struct ledger_turnover **out, size_t *len, struct fault *f);
};

#endif
