/*
 * st_ledger: the port ledger_store on a database.
 */
#ifndef KVITOK_STORE_ST_LEDGER_H
#define KVITOK_STORE_ST_LEDGER_H

#include "kvitok/port/ledger_store.h"
#include "kvitok/store/db.h"

/* Gives: the port; lives as long as db. */
struct ledger_store st_ledger(struct db *db);

#endif
