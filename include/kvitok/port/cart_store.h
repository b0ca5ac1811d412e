/*
 * cart_store: carts as they were handed to a bank, never changed.
 */
#ifndef KVITOK_PORT_CART_STORE_H
#define KVITOK_PORT_CART_STORE_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/cart.h"

/* Whose a cart is: of an attempt, or of a refund of what it had paid. */
struct cart_key {
	struct str akey, number;
	int n;             /* attempt */
	struct str refund; /* empty: of the order */
};

struct cart_store {
	void *self;
	/* [tx] Fails: ERR_CONFLICT row_conflict when it is kept already. */
	KV_MUST_CHECK enum err (*put)(void *self, const struct cart_key *k,
	    const struct cart *c, int64_t at, struct fault *f);
	/* Gives: *out in a; len 0 when there is none. */
	KV_MUST_CHECK enum err (*get)(void *self, struct arena *a,
	    const struct cart_key *k, struct cart *out, struct fault *f);
	/* What refunds that are done have taken of an attempt's positions.
	 * Gives: gone, by n - 1; others are zero. */
	KV_MUST_CHECK enum err (*gone)(void *self, const struct cart_key *k,
	    int64_t gone[CART_ITEMS_MAX], struct fault *f);
};

#endif
