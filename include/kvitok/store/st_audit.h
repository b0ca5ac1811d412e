/*
 * st_audit: the port audit_store on a database.
 */
#ifndef KVITOK_STORE_ST_AUDIT_H
#define KVITOK_STORE_ST_AUDIT_H

#include "kvitok/port/audit_store.h"
#include "kvitok/store/db.h"

/* Gives: the port; lives as long as db. */
struct audit_store st_audit(struct db *db);

#endif
