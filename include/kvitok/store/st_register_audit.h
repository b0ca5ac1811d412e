/*
 * st_register_audit: what the audit reads of registers.
 */
#ifndef KVITOK_STORE_ST_REGISTER_AUDIT_H
#define KVITOK_STORE_ST_REGISTER_AUDIT_H

#include "kvitok/port/register_audit.h"
#include "kvitok/store/db.h"

/* Gives: the port, which lives as long as db. */
struct register_audit st_register_audit(struct db *db);

#endif
