/*
 * exempt_store: exemptions from commission.
 *
 * A row is made and ended, never changed; of one holder one is not ended.
 */
#ifndef KVITOK_PORT_EXEMPT_STORE_H
#define KVITOK_PORT_EXEMPT_STORE_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/exempt.h"

#define EXEMPT_LIST_MAX 200 /* of one holder, and of one page */

struct exempt_end {
	struct str akey, id, by, reason;
	int64_t at;
};

struct exempt_store {
	void *self;
	/* [tx] A new one.  Fails: ERR_AGAIN busy when its holder has one that
	 * is not ended. */
	KV_MUST_CHECK enum err (*put)(
	    void *self, const struct exempt *x, struct fault *f);
	/* [tx] Gives: *ended, false when it had been ended before, or there is
	 * no such. */
	KV_MUST_CHECK enum err (*end)(void *self, const struct exempt_end *e,
	    bool *ended, struct fault *f);
	/* The one of a holder that is not ended, whatever its days.
	 * Gives: *out in a.  Fails: ERR_ABSENT exemption_unknown. */
	KV_MUST_CHECK enum err (*open)(void *self, struct arena *a,
	    const struct exempt_key *k, struct exempt *out, struct fault *f);
	/* Fails: ERR_ABSENT exemption_unknown. */
	KV_MUST_CHECK enum err (*get)(void *self, struct arena *a,
	    struct str akey, struct str id, struct exempt *out,
	    struct fault *f);
	/* All of a holder, newest first, at most EXEMPT_LIST_MAX. */
	KV_MUST_CHECK enum err (*of)(void *self, struct arena *a,
	    const struct exempt_key *k, const struct exempt **out, size_t *len,
	    struct fault *f);
	/* A page of a portal's in order of (akey, id), after that one, both
	 * empty at first; at most EXEMPT_LIST_MAX. */
	KV_MUST_CHECK enum err (*page)(void *self, struct arena *a,
	    struct str portal, struct str after_akey, struct str after_id,
	    const struct exempt **out, size_t *len, struct fault *f);
};

#endif
