/*
 * st_audit_day: an account's day and what its lines add up to, for the audit.
 *
 * Lines are summed in pages under one snapshot: a day of any number of them
 * keeps no statement longer than a page, and all is of one instant.
 */
#ifndef KVITOK_STORE_ST_AUDIT_DAY_H
#define KVITOK_STORE_ST_AUDIT_DAY_H

#include "kvitok/port/audit_store.h"
#include "kvitok/store/db.h"

/* Fill out's slots; its account and day are set. */
KV_MUST_CHECK enum err st_audit_day(
    struct db *db, struct arena *a, struct audit_day *out, struct fault *f);

#endif
