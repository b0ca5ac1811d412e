/*
 * st_register: rows of banks' registers in the tables.
 */
#ifndef KVITOK_STORE_ST_REGISTER_H
#define KVITOK_STORE_ST_REGISTER_H

#include "kvitok/port/register_store.h"
#include "kvitok/store/db.h"

/* Gives: the port, which lives as long as db. */
struct register_store st_register(struct db *db);

#endif
