/*
 * supplied_store: outages, contracts and acts as accounts are told of them.
 * Documents of suppliers bring them (exchange_store).
 */
#ifndef KVITOK_PORT_SUPPLIED_STORE_H
#define KVITOK_PORT_SUPPLIED_STORE_H

#include "kvitok/domain/account.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/supplied.h"

/* After which row a page begins: an empty number is the first one. */
struct supplied_page {
	struct str after_day; /* of acts only */
	struct str after_number;
	int limit;
};

struct outage_key {
	struct str portal, supplier, id;
};

struct supplied_store {
	void *self;
	/*
	 * Outages of the account's supplier that are not over by now, not
	 * cancelled, and hold the address (domain/address).
	 * Gives: *out in a, at most limit, earliest first.
	 * Fails: ERR_AGAIN.
	 */
	KV_MUST_CHECK enum err (*outages)(void *self, struct arena *a,
	    const struct account *acc, struct str folded, int64_t now,
	    int limit, const struct outage_seen **out, size_t *len,
	    struct fault *f);
	/*
	 * Outages that were over before an instant: ended, or cancelled before
	 * they began.
	 * Gives: *out in a, at most limit.  Fails: ERR_AGAIN.
	 */
	KV_MUST_CHECK enum err (*over)(void *self, struct arena *a,
	    int64_t before, int limit, const struct outage_key **out,
	    size_t *len, struct fault *f);
	/* [tx] Remove an outage and its places, if it still was over. */
	KV_MUST_CHECK enum err (*drop)(void *self, const struct outage_key *x,
	    int64_t before, struct fault *f);
	/*
	 * Contracts of an account; those over before today only with archive.
	 * Gives: *out in a, by number, at most limit; *more: others follow.
	 * Fails: ERR_AGAIN.
	 */
	KV_MUST_CHECK enum err (*contracts)(void *self, struct arena *a,
	    const struct account *acc, struct str today, bool archive,
	    const struct supplied_page *page, const struct agreement **out,
	    size_t *len, bool *more, struct fault *f);
	/*
	 * Acts of an account with their works.
	 * Gives: *out in a, newest first, at most limit, and fewer when they
	 * have very many works; *more: others follow.
	 * Fails: ERR_AGAIN.
	 */
	KV_MUST_CHECK enum err (*acts)(void *self, struct arena *a,
	    const struct account *acc, const struct supplied_page *page,
	    const struct act **out, size_t *len, bool *more, struct fault *f);
};

#endif
