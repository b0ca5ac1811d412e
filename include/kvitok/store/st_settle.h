/*
 * st_settle: the ports settle_store and settle_reader on a database.
 */
#ifndef KVITOK_STORE_ST_SETTLE_H
#define KVITOK_STORE_ST_SETTLE_H

#include "kvitok/port/settle_store.h"
#include "kvitok/store/db.h"

/* Gives: the ports; they live as long as db. */
struct settle_store st_settle(struct db *db);
struct settle_reader st_settle_reader(struct db *db);

#endif
