/*
 * st_report: the port of reports' rows over the tables.
 */
#ifndef KVITOK_STORE_ST_REPORT_H
#define KVITOK_STORE_ST_REPORT_H

#include "kvitok/port/report_store.h"
#include "kvitok/store/db.h"

/* Gives: the port; it lives as long as db. */
struct report_store st_report(struct db *db);

#endif
