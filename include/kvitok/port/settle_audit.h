/*
 * settle_audit: settlements with all that belongs to them, read again.
 *
 * Only reads; each call is of one instant.
 */
#ifndef KVITOK_PORT_SETTLE_AUDIT_H
#define KVITOK_PORT_SETTLE_AUDIT_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/audit_settle.h"
#include "kvitok/port/audit_store.h"

struct settle_audit {
	void *self;
	/* The settlement after (akey, id), both empty at first. */
	KV_MUST_CHECK enum err (*next)(void *self, struct arena *a,
	    const struct audit_span *span, struct str akey, struct str id,
	    struct audit_settlement *out, struct fault *f);
	/* Its items after n, at most limit. */
	KV_MUST_CHECK enum err (*items)(void *self, struct arena *a,
	    struct str id, int64_t n, int limit,
	    const struct audit_settle_item **out, size_t *len, struct fault *f);
	/* The next id after one that items bear; *known: it is a settlement's.
	 * Gives: *id empty at the end. */
	KV_MUST_CHECK enum err (*next_id)(void *self, struct arena *a,
	    struct str after, struct str *id, bool *known, struct fault *f);
	/* Keys of events after one, at most limit; *known says of each whether
	 * there is its settlement. */
	KV_MUST_CHECK enum err (*events)(void *self, struct arena *a,
	    const struct str after[3], int limit, const struct str (**keys)[3],
	    const bool **known, size_t *len, struct fault *f);
};

#endif
