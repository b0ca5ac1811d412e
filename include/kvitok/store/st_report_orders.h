/*
 * st_report_orders: the port of report orders over their table.
 */
#ifndef KVITOK_STORE_ST_REPORT_ORDERS_H
#define KVITOK_STORE_ST_REPORT_ORDERS_H

#include "kvitok/port/report_orders.h"
#include "kvitok/store/db.h"

/* Gives: the port; it lives as long as db. */
struct report_orders st_report_orders(struct db *db);

#endif
