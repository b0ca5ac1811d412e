/*
 * subscriber_store: what suppliers tell of accounts and their people.
 * Documents of suppliers bring it (exchange_store).
 */
#ifndef KVITOK_PORT_SUBSCRIBER_STORE_H
#define KVITOK_PORT_SUBSCRIBER_STORE_H

#include "kvitok/base/fault.h"
#include "kvitok/domain/account.h"
#include "kvitok/domain/subscriber.h"

struct subscriber_store {
	void *self;
	/*
	 * Gives: *out in a, all of what was told last of an account.
	 * Fails: ERR_ABSENT account_unknown; ERR_AGAIN.
	 */
	KV_MUST_CHECK enum err (*find)(void *self, struct arena *a,
	    const struct account *acc, struct subscriber *out, struct fault *f);
	/*
	 * Accounts closed before a day of whose people something is kept.
	 * Gives: *out in a (names only), those closed first before others, at
	 * most limit.
	 */
	KV_MUST_CHECK enum err (*over)(void *self, struct arena *a,
	    struct str before_day, int limit, const struct account **out,
	    size_t *len, struct fault *f);
	/* [tx] Remove what is kept of its people, if it still was closed
	 * before the day. */
	KV_MUST_CHECK enum err (*forget)(void *self, const struct account *acc,
	    struct str before_day, struct fault *f);
};

#endif
