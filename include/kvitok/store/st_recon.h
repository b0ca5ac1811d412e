/*
 * st_recon: reconciliation in the tables.
 */
#ifndef KVITOK_STORE_ST_RECON_H
#define KVITOK_STORE_ST_RECON_H

#include "kvitok/port/recon_store.h"
#include "kvitok/store/db.h"

/* Gives: the port, which lives as long as db. */
struct recon_store st_recon(struct db *db);

#endif
