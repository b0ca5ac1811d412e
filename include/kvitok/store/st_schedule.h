/*
 * st_schedule: schedules of reports, their runs and parcels, over ODBC.
 */
#ifndef KVITOK_STORE_ST_SCHEDULE_H
#define KVITOK_STORE_ST_SCHEDULE_H

#include "kvitok/port/schedule_store.h"
#include "kvitok/store/db.h"

/* Gives: the ports on db. */
struct schedule_store st_schedule(struct db *db);
struct schedule_runs st_schedule_runs(struct db *db);

#endif
