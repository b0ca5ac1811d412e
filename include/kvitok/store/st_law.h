/*
 * st_law: rules of bills and penalties, a part of the reference data.
 */
#ifndef KVITOK_STORE_ST_LAW_H
#define KVITOK_STORE_ST_LAW_H

#include "kvitok/domain/ref.h"
#include "kvitok/store/db.h"

/*
 * Read the rules.
 * Gives: law, scales and bills of *out, in a.
 * Fails: as db_read.
 */
KV_MUST_CHECK enum err st_law_load(
    struct db *db, struct arena *a, struct ref *out, struct fault *f);

#endif
