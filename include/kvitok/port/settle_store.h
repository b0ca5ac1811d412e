/*
 * settle_store: settlements, their items and their story.
 *
 * Writing and reading are two interfaces.  Changes of state are
 * compare-and-set; what is marked [tx] is called inside tx.run.
 */
#ifndef KVITOK_PORT_SETTLE_STORE_H
#define KVITOK_PORT_SETTLE_STORE_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/pay_layout.h"
#include "kvitok/domain/settle.h"

#include <stdbool.h>

/* Where the reading of an account's lines goes on. */
struct settle_mark {
	struct str day, akey, transfer; /* empty at first */
	int64_t n;
};

/* What there is of a supplier already. */
struct settle_current {
	struct str open_id; /* is prepared, or being so; empty: none */
	enum settle_state open_state;
	struct str last_day; /* settled last; empty: none */
	/* The first day of which lines were left, or came back; empty: none. */
	struct str left_day;
};

struct settle_event {
	struct str id, kind, actor, evidence;
	int64_t at;
};

struct settle_item {
	int64_t n;
	struct str day, kind, number, cause;
	bool held;
	int64_t gross_kop, fee_kop, supplier_fee_kop, net_kop;
};

struct settle_store {
	void *self;
	/* [tx] What there is of a supplier.  Gives: *out in a. */
	KV_MUST_CHECK enum err (*current)(void *self, struct arena *a,
	    struct str akey, struct str portal, struct str supplier,
	    struct settle_current *out, struct fault *f);
	/* [tx] A new one, state preparing, in the place of the open one that
	 * now names.  Fails: ERR_AGAIN: somebody else was quicker. */
	KV_MUST_CHECK enum err (*put)(void *self, const struct settlement *s,
	    const struct settle_current *now, struct fault *f);
	/*
	 * [tx] Free some rows of settlements that were replaced or came back.
	 * Gives: *more, false when there is nothing more to free.
	 * Fails: ERR_AGAIN.
	 */
	KV_MUST_CHECK enum err (*free_some)(void *self, struct arena *a,
	    const struct settlement *s, bool *more, struct fault *f);
	/*
	 * [tx] Look at the next lines of the supplier's account after *mark
	 * until s->day, and take those that nobody has; the figures of the row
	 * grow with them.
	 * Gives: *mark in a, where it goes on; *more, false at the end.
	 * Fails: ERR_CONFLICT settlement_replaced; ERR_BUG settlement_differs:
	 * a payment is not what the ledger has of it.
	 */
	KV_MUST_CHECK enum err (*take_some)(void *self, struct arena *a,
	    const struct settlement *s, struct settle_mark *mark, bool *more,
	    struct fault *f);
	/*
	 * [tx] Write what comes with a state: prepared (purpose), confirmed
	 * (order_no, order_day, confirmed_by) or returned (returned_by,
	 * reason), with its instant.
	 * Fails: ERR_AGAIN when the row is not in the state before it.
	 */
	KV_MUST_CHECK enum err (*move)(
	    void *self, const struct settlement *s, struct fault *f);
	/* [tx] Gives: *no, the next number of an order from the account. */
	KV_MUST_CHECK enum err (*order_no)(void *self, struct arena *a,
	    struct str own_account, int year, int64_t *no, struct fault *f);
	/* [tx] Keep a layout of registers.  Gives: *made, false when there is
	 * one of this name: layouts never change. */
	KV_MUST_CHECK enum err (*layout_put)(void *self, struct str layout,
	    struct str text, struct str actor, int64_t at, bool *made,
	    struct fault *f);
	/* [tx] Append to the settlement's story. */
	KV_MUST_CHECK enum err (*tell)(void *self, const struct settlement *s,
	    const struct settle_event *e, struct fault *f);
};

struct settle_query {
	struct str portal;   /* empty: any */
	struct str supplier; /* empty: any */
	bool has_state;
	enum settle_state state;        /* when has_state */
	struct str from_day, to_day;    /* both are in it; empty: open */
	struct str after_day, after_id; /* cursor; empty at first */
	int limit;
};

/* What waits for the accountant: prepared, and enough to be transferred. */
struct settle_waiting {
	int64_t count, sum_kop;
	struct str day; /* of the oldest; empty: none waits */
};

struct settle_reader {
	void *self;
	/* Fails: ERR_ABSENT settlement_unknown. */
	KV_MUST_CHECK enum err (*load)(void *self, struct arena *a,
	    struct str id, struct settlement *out, struct fault *f);
	/* Newest first, without those that were replaced. */
	KV_MUST_CHECK enum err (*list)(void *self, struct arena *a,
	    const struct settle_query *q, const struct settlement **out,
	    size_t *len, struct fault *f);
	/* Of a portal; supplier empty: of all of them. */
	KV_MUST_CHECK enum err (*waiting)(void *self, struct arena *a,
	    struct str portal, struct str supplier, struct settle_waiting *out,
	    struct fault *f);
	/* Those whose payment order is of the day, by id, after one. */
	KV_MUST_CHECK enum err (*orders)(void *self, struct arena *a,
	    struct str portal, struct str order_day, struct str after,
	    int limit, const struct settlement **out, size_t *len,
	    struct fault *f);
	/* Items after n, in order of n. */
	KV_MUST_CHECK enum err (*items)(void *self, struct arena *a,
	    struct str id, int64_t after, int limit,
	    const struct settle_item **out, size_t *len, struct fault *f);
	/* Gives: *number, a payment among the taken ones that has an open
	 * case by now; empty: none. */
	KV_MUST_CHECK enum err (*cases)(void *self, struct arena *a,
	    struct str id, struct str *number, struct fault *f);
	/* Rows of its register: lines of the items after n up to to_n that
	 * were taken, in order; their n is the item's. */
	KV_MUST_CHECK enum err (*rows)(void *self, struct arena *a,
	    struct str id, int64_t after, int64_t to_n,
	    const struct pay_row **out, size_t *len, struct fault *f);
	/* A layout's JSON.  Gives: *text, empty when there is none. */
	KV_MUST_CHECK enum err (*layout)(void *self, struct arena *a,
	    struct str layout, struct str *text, struct fault *f);
	/* Its story, oldest first. */
	KV_MUST_CHECK enum err (*events)(void *self, struct arena *a,
	    const struct settlement *s, const struct settle_event **out,
	    size_t *len, struct fault *f);
};

#endif
