/*
 * refund_store: refunds with their lines.
 *
 * Changes of state are compare-and-set, as in pay_store; all that changes is
 * called inside tx.run.
 */
#ifndef KVITOK_PORT_REFUND_STORE_H
#define KVITOK_PORT_REFUND_STORE_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/refund.h"
#include "kvitok/port/pay_store.h"

struct refund_move {
	struct str akey, number, id;
	enum refund_state from, to;
	struct str code;           /* p NULL: unchanged */
	int64_t sent_at, ended_at; /* 0: unchanged; ended_at with an end only */
};

struct refund_store {
	void *self;
	/* [tx] Hold the payment's row until the transaction ends.
	 * Fails: ERR_ABSENT payment_unknown. */
	KV_MUST_CHECK enum err (*lock)(
	    void *self, struct str akey, struct str number, struct fault *f);
	/*
	 * [tx] Add kop to what the payment gives back, or take it off again
	 * when it is below zero.
	 * Fails: ERR_LIMIT refund_too_large: it would be more than was paid,
	 * or nothing was paid.
	 */
	KV_MUST_CHECK enum err (*reserve)(void *self, struct str akey,
	    struct str number, int64_t kop, int64_t at, struct fault *f);
	/* [tx] A new refund, in its state. */
	KV_MUST_CHECK enum err (*put)(
	    void *self, const struct refund *r, struct fault *f);
	/* Refunds of a payment, oldest first, at most REFUNDS_MAX. */
	KV_MUST_CHECK enum err (*list)(void *self, struct arena *a,
	    struct str akey, struct str number, const struct refund **out,
	    size_t *len, struct fault *f);
	/* Which payment a refund is of.  Fails: ERR_ABSENT refund_unknown. */
	KV_MUST_CHECK enum err (*number)(void *self, struct arena *a,
	    struct str akey, struct str id, struct str *out, struct fault *f);
	/* [tx] Fails: ERR_AGAIN when the row is not in state from. */
	KV_MUST_CHECK enum err (*move)(
	    void *self, const struct refund_move *m, struct fault *f);
	/*
	 * [tx] Note, right before the bank is called, what it had given back
	 * until now.
	 * Gives: *mine, false when somebody else calls it, or has.
	 */
	KV_MUST_CHECK enum err (*calling)(void *self, const struct refund *r,
	    int64_t before_kop, int64_t at, bool *mine, struct fault *f);
	/* [tx] Keep the first answer to a key.
	 * Gives: *made, false when the key was used. */
	KV_MUST_CHECK enum err (*answer_put)(void *self, struct str portal,
	    struct str ikey, const struct idem *i, int64_t at, bool *made,
	    struct fault *f);
};

#endif
