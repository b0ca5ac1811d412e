/*
 * appeal_store: what payers ask of suppliers, and what they are answered.
 */
#ifndef KVITOK_PORT_APPEAL_STORE_H
#define KVITOK_PORT_APPEAL_STORE_H

#include "kvitok/base/fault.h"
#include "kvitok/domain/appeal.h"

/* Empty texts ask for any. */
struct appeal_query {
	struct str portal, payer, supplier, account, state;
	struct str before; /* id; empty: from the newest */
	int limit;
};

struct appeal_store {
	void *self;
	/* [tx] Keep a new one.  Gives: *fresh, false: the key of idempotency
	 * was used before, and nothing was written. */
	KV_MUST_CHECK enum err (*put)(
	    void *self, const struct appeal *x, bool *fresh, struct fault *f);
	/* Gives: *id of the one that a front-end has made so; empty: none. */
	KV_MUST_CHECK enum err (*known)(void *self, struct arena *a,
	    struct str key_id, struct str ikey, struct str *id,
	    struct fault *f);
	/* Of the portal.  Fails: ERR_ABSENT appeal_unknown. */
	KV_MUST_CHECK enum err (*load)(void *self, struct arena *a,
	    struct str portal, struct str id, struct appeal *out,
	    struct fault *f);
	/* Newest first, at most limit. */
	KV_MUST_CHECK enum err (*list)(void *self, struct arena *a,
	    const struct appeal_query *q, const struct appeal **out,
	    size_t *len, struct fault *f);
	/* The last ones of an appeal, at most limit, in their order. */
	KV_MUST_CHECK enum err (*answers)(void *self, struct arena *a,
	    struct str id, int limit, const struct appeal_answer **out,
	    size_t *len, struct fault *f);
	/* Write state and closed_at if it is not closed; twice is once. */
	KV_MUST_CHECK enum err (*close)(void *self, struct str portal,
	    struct str id, int64_t at, struct fault *f);
	/*
	 * [tx] Keep an answer, and move the state (appeal_after); the same one
	 * again is no news.
	 * Fails: ERR_ABSENT appeal_unknown: none of the portal and supplier.
	 */
	KV_MUST_CHECK enum err (*answer)(void *self, struct arena *a,
	    struct str portal, struct str supplier,
	    const struct appeal_answer *x, struct fault *f);
};

#endif
