/*
 * st_exempt: the port exempt_store on a database.
 */
#ifndef KVITOK_STORE_ST_EXEMPT_H
#define KVITOK_STORE_ST_EXEMPT_H

#include "kvitok/port/exempt_store.h"
#include "kvitok/store/db.h"

/* Gives: the port; lives as long as db. */
struct exempt_store st_exempt(struct db *db);

#endif
