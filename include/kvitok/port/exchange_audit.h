/*
 * exchange_audit: the exchange with suppliers, read again in pages.  Only
 * reads; what a page gives is of one instant.
 */
#ifndef KVITOK_PORT_EXCHANGE_AUDIT_H
#define KVITOK_PORT_EXCHANGE_AUDIT_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/audit_exchange.h"

/* Tables whose rows name the document that has brought them. */
enum exchange_brings {
	EXCHANGE_BRINGS_CHARGE,
	EXCHANGE_BRINGS_PAYMENT,
	EXCHANGE_BRINGS__COUNT
};

/* Each gives rows after one, in order of keys, at most limit; of that one only
 * the key is looked at, empty at first. */
struct exchange_audit {
	void *self;
	KV_MUST_CHECK enum err (*documents)(void *self, struct arena *a,
	    const struct audit_document *after, int limit,
	    const struct audit_document **out, size_t *len, struct fault *f);
	KV_MUST_CHECK enum err (*answers)(void *self, struct arena *a,
	    const struct audit_answer_out *after, int limit,
	    const struct audit_answer_out **out, size_t *len, struct fault *f);
	KV_MUST_CHECK enum err (*refusals)(void *self, struct arena *a,
	    const struct audit_refusal *after, int limit,
	    const struct audit_refusal **out, size_t *len, struct fault *f);
	/*
	 * Look at so many rows; there may be more when all of them were there.
	 * Gives: those that name a document which did not bring them; *last,
	 * the key of the last one that was looked at, and *more.
	 */
	KV_MUST_CHECK enum err (*strays)(void *self, struct arena *a,
	    enum exchange_brings table, const struct audit_brought *after,
	    const struct audit_brought **out, size_t *len,
	    struct audit_brought *last, bool *more, struct fault *f);
};

#endif
