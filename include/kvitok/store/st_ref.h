/*
 * st_ref: the port ref_store on a database.
 */
#ifndef KVITOK_STORE_ST_REF_H
#define KVITOK_STORE_ST_REF_H

#include "kvitok/port/ref_store.h"
#include "kvitok/store/db.h"

/* Gives: the port; lives as long as db. */
struct ref_store st_ref(struct db *db);

#endif
