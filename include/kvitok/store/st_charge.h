/*
 * st_charge: the port charge_store over the database.
 */
#ifndef KVITOK_STORE_ST_CHARGE_H
#define KVITOK_STORE_ST_CHARGE_H

#include "kvitok/port/charge_store.h"
#include "kvitok/store/db.h"

/* Gives: the port over db, which outlives it. */
struct charge_store st_charge(struct db *db);

#endif
