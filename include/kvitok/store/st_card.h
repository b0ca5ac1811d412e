/*
 * st_card: the port card_store on a database.
 */
#ifndef KVITOK_STORE_ST_CARD_H
#define KVITOK_STORE_ST_CARD_H

#include "kvitok/port/card_store.h"
#include "kvitok/store/db.h"

/* Gives: the port; lives as long as db. */
struct card_store st_card(struct db *db);

#endif
