/*
 * st_exchange_audit: the port exchange_audit on a database.
 */
#ifndef KVITOK_STORE_ST_EXCHANGE_AUDIT_H
#define KVITOK_STORE_ST_EXCHANGE_AUDIT_H

#include "kvitok/port/exchange_audit.h"
#include "kvitok/store/db.h"

/* Gives: the port; lives as long as db. */
struct exchange_audit st_exchange_audit(struct db *db);

#endif
