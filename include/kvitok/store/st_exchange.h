/*
 * st_exchange: the ports exchange_store and exchange_outbox on a database.
 */
#ifndef KVITOK_STORE_ST_EXCHANGE_H
#define KVITOK_STORE_ST_EXCHANGE_H

#include "kvitok/port/exchange_store.h"
#include "kvitok/store/db.h"

/* Gives: the ports; they live as long as db. */
struct exchange_store st_exchange(struct db *db);
struct exchange_outbox st_exchange_out(struct db *db);

/* [tx] As the port's apply.  Fails: as db_run. */
KV_MUST_CHECK enum err st_exchange_apply(void *self, struct arena *a,
    const struct exchange_batch *b, struct fault *f);

#endif
