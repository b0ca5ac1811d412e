/*
 * st_send_audit: the port send_audit on a database.
 */
#ifndef KVITOK_STORE_ST_SEND_AUDIT_H
#define KVITOK_STORE_ST_SEND_AUDIT_H

#include "kvitok/port/send_audit.h"
#include "kvitok/store/db.h"

/* Gives: the port; lives as long as db. */
struct send_audit st_send_audit(struct db *db);

#endif
