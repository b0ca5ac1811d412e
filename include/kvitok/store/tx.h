/*
 * tx: transactions with retry; the port tx.h on a connection.
 */
#ifndef KVITOK_STORE_TX_H
#define KVITOK_STORE_TX_H

#include "kvitok/port/tx.h"
#include "kvitok/store/db.h"

#define TX_RUNS_MAX 5

/* Gives: the port; lives as long as db. */
struct tx tx_of(struct db *db);
/* As the port's run; name is put before a fault's detail. */
KV_MUST_CHECK enum err tx_run(struct db *db, const char *name,
    enum err (*body)(void *arg, struct fault *f), void *arg, struct fault *f);
/* Run body in the transaction that is open, or else in one of its own. */
KV_MUST_CHECK enum err tx_join(struct db *db, const char *name,
    enum err (*body)(void *arg, struct fault *f), void *arg, struct fault *f);
/* Run body, which only reads, at one instant; without a lock, and afresh
 * after ERR_AGAIN as tx_run does. */
KV_MUST_CHECK enum err tx_snapshot(struct db *db, const char *name,
    enum err (*body)(void *arg, struct fault *f), void *arg, struct fault *f);

#endif
