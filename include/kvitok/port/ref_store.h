/*
 * ref_store: reference data and accounts.
 */
#ifndef KVITOK_PORT_REF_STORE_H
#define KVITOK_PORT_REF_STORE_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/account.h"
#include "kvitok/domain/ref.h"

struct new_key {
	struct str key_id, key_hash, portal, rights, title, supplier;
	int64_t at;
};

struct ref_store {
	void *self;
	/* One read; fails: ERR_AGAIN database_unavailable. */
	KV_MUST_CHECK enum err (*version)(
	    void *self, int64_t *version, struct fault *f);
	/* Gives: *out in a, everything at one version. */
	KV_MUST_CHECK enum err (*load)(void *self, struct arena *a,
	    const struct ref **out, struct fault *f);
	/*
	 * Gives: *out in a with debts and meters; account is folded.
	 * Fails: ERR_ABSENT account_unknown.
	 */
	KV_MUST_CHECK enum err (*account)(void *self, struct arena *a,
	    struct str portal, struct str supplier, struct str account,
	    const struct account **out, struct fault *f);
	/*
	 * Is there such an account?  One read.
	 * Gives: *closed_day in a, empty of one that is open.
	 * Fails: ERR_ABSENT account_unknown.
	 */
	KV_MUST_CHECK enum err (*account_known)(void *self, struct arena *a,
	    struct str portal, struct str supplier, struct str account,
	    struct str *closed_day, struct fault *f);
	/* Both raise the version. [tx] or not.  Fails: key_unknown. */
	KV_MUST_CHECK enum err (*key_put)(
	    void *self, const struct new_key *k, struct fault *f);
	KV_MUST_CHECK enum err (*key_withdraw)(
	    void *self, struct str key_id, int64_t at, struct fault *f);
};

#endif
