/*
 * st_bind: the port bind_store on a database.
 */
#ifndef KVITOK_STORE_ST_BIND_H
#define KVITOK_STORE_ST_BIND_H

#include "kvitok/port/bind_store.h"
#include "kvitok/store/db.h"

/* Gives: the port; lives as long as db. */
struct bind_store st_bind(struct db *db);

#endif
