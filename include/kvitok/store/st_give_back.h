/*
 * st_give_back: money that goes back because of a case, in the database.
 */
#ifndef KVITOK_STORE_ST_GIVE_BACK_H
#define KVITOK_STORE_ST_GIVE_BACK_H

#include "kvitok/port/case_store.h"
#include "kvitok/store/db.h"

/* Gives: the port on db. */
struct give_back_store st_give_back(struct db *db);

#endif
