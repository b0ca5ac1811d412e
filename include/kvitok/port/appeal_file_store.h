/*
 * appeal_file_store: files of what payers ask, and what is in them.
 *
 * A file never changes; what is marked [tx] is called inside tx.run.
 */
#ifndef KVITOK_PORT_APPEAL_FILE_STORE_H
#define KVITOK_PORT_APPEAL_FILE_STORE_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/appeal_file.h"

struct appeal_file_store {
	void *self;
	/* [tx] Keep a new one, and the bytes in it.  Gives: *fresh, false: the
	 * key of idempotency was used before, and nothing was written. */
	KV_MUST_CHECK enum err (*put)(void *self, const struct appeal_file *x,
	    struct str bytes, bool *fresh, struct fault *f);
	/* Gives: *found, one that a front-end has brought so. */
	KV_MUST_CHECK enum err (*known)(void *self, struct arena *a,
	    struct str key_id, struct str ikey, struct appeal_file *out,
	    bool *found, struct fault *f);
	/* [tx] It belongs to x->appeal from now on, as its x->n; x also has its
	 * id, portal and payer.  Gives: *done, false: there is none of theirs
	 * that was brought since the instant and is nobody's. */
	KV_MUST_CHECK enum err (*attach)(void *self,
	    const struct appeal_file *x, int64_t since, bool *done,
	    struct fault *f);
	/* Of an appeal, in their order. */
	KV_MUST_CHECK enum err (*list)(void *self, struct arena *a,
	    struct str appeal, const struct appeal_file **out, size_t *len,
	    struct fault *f);
	/* Gives: *body, the n-th part of a file in base64.
	 * Fails: ERR_BUG internal: it is not there. */
	KV_MUST_CHECK enum err (*part)(void *self, struct arena *a,
	    struct str id, int64_t n, struct str *body, struct fault *f);
	/* [tx] Forget some of those that are nobody's and older. */
	KV_MUST_CHECK enum err (*sweep)(
	    void *self, int64_t before, int limit, struct fault *f);
};

#endif
