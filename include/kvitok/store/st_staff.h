/*
 * st_staff: the ports of staff_store.h over the database.
 */
#ifndef KVITOK_STORE_ST_STAFF_H
#define KVITOK_STORE_ST_STAFF_H

#include "kvitok/port/staff_store.h"
#include "kvitok/store/db.h"

/* Gives: ports that use db as long as it lives. */
struct staff_store st_staff(struct db *db);
struct staff_sessions st_staff_sessions(struct db *db);
struct staff_devices st_staff_devices(struct db *db);
struct staff_tries st_staff_tries(struct db *db);
struct staff_trail st_staff_trail(struct db *db);

#endif
