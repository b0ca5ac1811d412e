/*
 * st_close: the port close_store on a database.
 */
#ifndef KVITOK_STORE_ST_CLOSE_H
#define KVITOK_STORE_ST_CLOSE_H

#include "kvitok/port/close_store.h"
#include "kvitok/store/db.h"

/* Gives: the ports; they live as long as db. */
struct close_store st_close(struct db *db);
struct close_proof st_close_proof(struct db *db);

#endif
