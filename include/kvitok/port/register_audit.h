/*
 * register_audit: registers, read again in pages; only reads.
 */
#ifndef KVITOK_PORT_REGISTER_AUDIT_H
#define KVITOK_PORT_REGISTER_AUDIT_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/audit_register.h"

struct register_audit {
	void *self;
	/* Rows after (akey, contract, key), at most limit, with their
	 * postings; all of one instant. */
	KV_MUST_CHECK enum err (*rows)(void *self, struct arena *a,
	    struct str after_akey, struct str after_contract,
	    struct str after_key, int limit,
	    const struct audit_register_row **out, size_t *len,
	    struct fault *f);
	/* Pairs after (akey, transfer), at most limit. */
	KV_MUST_CHECK enum err (*pairs)(void *self, struct arena *a,
	    struct str after_akey, struct str after_transfer, int limit,
	    const struct audit_register_pair **out, size_t *len,
	    struct fault *f);
	/* Cases of chargebacks after (akey, id), at most limit. */
	KV_MUST_CHECK enum err (*chargebacks)(void *self, struct arena *a,
	    struct str after_akey, struct str after_id, int limit,
	    const struct audit_chargeback **out, size_t *len, struct fault *f);
	/* Cases of registers after (akey, id), at most limit, and what was
	 * done with them; all of one instant. */
	KV_MUST_CHECK enum err (*cases)(void *self, struct arena *a,
	    struct str after_akey, struct str after_id, int limit,
	    const struct audit_register_case **out, size_t *len,
	    struct fault *f);
	/* Files after (contract, id), at most limit. */
	KV_MUST_CHECK enum err (*files)(void *self, struct arena *a,
	    struct str after_contract, struct str after_id, int limit,
	    const struct audit_register_file **out, size_t *len,
	    struct fault *f);
};

#endif
