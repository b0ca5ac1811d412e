/*
 * ack_audit: what suppliers have counted, of our payments and of their own
 * work, read again in pages.  Only reads.
 */
#ifndef KVITOK_PORT_ACK_AUDIT_H
#define KVITOK_PORT_ACK_AUDIT_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/audit_ack.h"
#include "kvitok/domain/audit_act.h"

struct ack_audit {
	void *self;
	/*
	 * Rows after one, at most limit; of that only the key is looked at, all
	 * of it empty at first.
	 * Gives: *out in a, paid_day left empty; all of one instant.
	 */
	KV_MUST_CHECK enum err (*rows)(void *self, struct arena *a,
	    const struct audit_ack *after, int limit,
	    const struct audit_ack **out, size_t *len, struct fault *f);
	/* The same of acts of work, with what their works make. */
	KV_MUST_CHECK enum err (*acts)(void *self, struct arena *a,
	    const struct audit_act *after, int limit,
	    const struct audit_act **out, size_t *len, struct fault *f);
};

#endif
