/*
 * st_settle_audit: the port settle_audit on a database.
 */
#ifndef KVITOK_STORE_ST_SETTLE_AUDIT_H
#define KVITOK_STORE_ST_SETTLE_AUDIT_H

#include "kvitok/port/settle_audit.h"
#include "kvitok/store/db.h"

/* Gives: the port; lives as long as db. */
struct settle_audit st_settle_audit(struct db *db);

#endif
