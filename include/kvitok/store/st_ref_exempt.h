/*
 * st_ref_exempt: the part of the reference data about exemptions.
 */
#ifndef KVITOK_STORE_ST_REF_EXEMPT_H
#define KVITOK_STORE_ST_REF_EXEMPT_H

#include "kvitok/domain/ref.h"
#include "kvitok/store/db.h"

/* Gives: out's kinds and rules, in a.  Fails: as db_read; ERR_BUG. */
KV_MUST_CHECK enum err st_ref_exempt(
    struct db *db, struct arena *a, struct ref *out, struct fault *f);

#endif
