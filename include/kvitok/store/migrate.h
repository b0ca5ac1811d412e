/*
 * migrate: bring the tables to the form that this program knows.
 *
 * Forward only; each migration in one transaction, written down in
 * schema_version with the digest of its statements.  Two that run at once do
 * each migration once.
 */
#ifndef KVITOK_STORE_MIGRATE_H
#define KVITOK_STORE_MIGRATE_H

#include "kvitok/store/db.h"

/*
 * Apply what is missing; now goes into schema_version.
 * Gives: *applied, how many were applied by this call.
 * Fails: ERR_CONFLICT schema_changed (an applied migration is not the one
 * that this program has), schema_newer (the database is ahead of it); as
 * tx.run.
 */
KV_MUST_CHECK enum err migrate_run(
    struct db *db, struct arena *a, int64_t now, int *applied, struct fault *f);
/*
 * May a worker serve on these tables?  Newer ones are made so that it may.
 * Fails: ERR_CONFLICT schema_older, schema_changed; as db_read.
 */
KV_MUST_CHECK enum err migrate_check(
    struct db *db, struct arena *a, struct fault *f);

#endif
