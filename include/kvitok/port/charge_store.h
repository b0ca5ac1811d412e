/*
 * charge_store: what suppliers say of accounts month by month, and what of
 * our payments they have counted.
 */
#ifndef KVITOK_PORT_CHARGE_STORE_H
#define KVITOK_PORT_CHARGE_STORE_H

#include "kvitok/domain/account.h"
#include "kvitok/domain/statement.h"

#define CHARGE_ROWS_MAX 20000 /* of one account; far above any real one */

struct charge_store {
	void *self;
	/*
	 * Read what statements of months from .. to are made of; days of our
	 * payments are those of the zone.
	 * Gives: *out in a, payments in order of day; *start in a, the month
	 * with which they begin, at or before from.
	 * Fails: ERR_AGAIN; ERR_BUG above CHARGE_ROWS_MAX rows of a kind.
	 */
	KV_MUST_CHECK enum err (*read)(void *self, struct arena *a,
	    const struct account *acc, struct str from, struct str to,
	    int zone_min, struct statement_facts *out, struct str *start,
	    struct fault *f);
	/*
	 * What of our payments to the account, less what went back, the
	 * supplier has not counted.
	 * Gives: *out in a, in order of day; months are empty.
	 * Fails: as read.
	 */
	KV_MUST_CHECK enum err (*pending)(void *self, struct arena *a,
	    const struct account *acc, int zone_min,
	    const struct statement_payment **out, size_t *len, struct fault *f);
	/*
	 * A page of a supplier's accounts after the one (akey, account), both
	 * empty at first.
	 * Gives: *out in a, at most limit, without debts and meters.
	 * Fails: ERR_AGAIN.
	 */
	KV_MUST_CHECK enum err (*accounts)(void *self, struct arena *a,
	    struct str portal, struct str supplier, struct str after_akey,
	    struct str after_account, int limit, const struct account **out,
	    size_t *len, struct fault *f);
};

#endif
