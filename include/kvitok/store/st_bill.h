/*
 * st_bill: the port bill_store on a database.
 */
#ifndef KVITOK_STORE_ST_BILL_H
#define KVITOK_STORE_ST_BILL_H

#include "kvitok/port/pay_store.h"
#include "kvitok/store/db.h"

/* Gives: the port; lives as long as db. */
struct bill_store st_bill(struct db *db);

#endif
