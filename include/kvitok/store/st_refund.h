/*
 * st_refund: the port refund_store on a database.
 */
#ifndef KVITOK_STORE_ST_REFUND_H
#define KVITOK_STORE_ST_REFUND_H

#include "kvitok/port/refund_store.h"
#include "kvitok/store/db.h"

/* Gives: the port; lives as long as db. */
struct refund_store st_refund(struct db *db);

#endif
