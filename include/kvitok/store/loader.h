/*
 * loader: business data in bulk: reference data out of scripts that are
 * compiled in, accounts with debts and meters.
 *
 * For the operator's hand; never called by a worker.
 */
#ifndef KVITOK_STORE_LOADER_H
#define KVITOK_STORE_LOADER_H

#include "kvitok/domain/account.h"
#include "kvitok/domain/statement.h"
#include "kvitok/store/db.h"

#define LOADER_BATCH 200 /* accounts of one transaction */

/*
 * Run the script sql/demo/NAME.sql in one transaction, which also raises the
 * version of the reference data.
 * Fails: ERR_ABSENT script_unknown; as tx.run.
 */
KV_MUST_CHECK enum err loader_script(
    struct db *db, struct str name, struct fault *f);
/*
 * Write accounts; one that is there is replaced with its debts and meters.
 * Fails: as tx.run; the batches before the failed one stay written.
 */
KV_MUST_CHECK enum err loader_accounts(
    struct db *db, const struct account *list, size_t len, struct fault *f);

/* What a supplier says of an account, month by month. */
struct loader_book {
	const struct account *account;
	struct statement_facts facts; /* payments: made elsewhere */
};

/*
 * Write books; what was there of the same month and service, and of the same
 * payment, is replaced.
 * Fails: as loader_accounts; ERR_BUG internal (a text too long for its
 * column).
 */
KV_MUST_CHECK enum err loader_books(
    struct db *db, const struct loader_book *list, size_t len, struct fault *f);

#endif
