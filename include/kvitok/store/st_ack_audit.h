/*
 * st_ack_audit: the port ack_audit on a database.
 */
#ifndef KVITOK_STORE_ST_ACK_AUDIT_H
#define KVITOK_STORE_ST_ACK_AUDIT_H

#include "kvitok/port/ack_audit.h"
#include "kvitok/store/db.h"

/* Gives: the port; lives as long as db. */
struct ack_audit st_ack_audit(struct db *db);

#endif
