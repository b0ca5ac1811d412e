/*
 * send_audit: documents that go out to suppliers, read again in pages.  Only
 * reads; what a page gives is of one instant.
 */
#ifndef KVITOK_PORT_SEND_AUDIT_H
#define KVITOK_PORT_SEND_AUDIT_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/audit_send.h"

/* A row of exchange_out that is of no document. */
struct audit_sent_number {
	struct str portal, supplier;
	int64_t number;
};

/* Each gives rows after one, in order of keys, at most limit; of that one only
 * the key is looked at, empty at first. */
struct send_audit {
	void *self;
	KV_MUST_CHECK enum err (*documents)(void *self, struct arena *a,
	    struct str after, int limit, const struct audit_sent **out,
	    size_t *len, struct fault *f);
	KV_MUST_CHECK enum err (*items)(void *self, struct arena *a,
	    struct str document, int64_t after, int limit,
	    const struct audit_sent_item **out, size_t *len, struct fault *f);
	KV_MUST_CHECK enum err (*strays)(void *self, struct arena *a,
	    const struct audit_sent_number *after, int limit,
	    const struct audit_sent_number **out, size_t *len, struct fault *f);
	/* Of payments and refunds. */
	KV_MUST_CHECK enum err (*cursors)(void *self, struct arena *a,
	    const struct audit_send_cursor *after, int limit,
	    const struct audit_send_cursor **out, size_t *len, struct fault *f);
	/* Keys of the cursor's lines of a day that no document has; the first
	 * of them, at most limit. */
	KV_MUST_CHECK enum err (*unsent)(void *self, struct arena *a,
	    const struct audit_send_cursor *x, struct str day, int limit,
	    const struct str **out, size_t *len, struct fault *f);
};

#endif
