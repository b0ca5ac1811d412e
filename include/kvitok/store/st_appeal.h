/*
 * st_appeal: the port appeal_store on a database.
 */
#ifndef KVITOK_STORE_ST_APPEAL_H
#define KVITOK_STORE_ST_APPEAL_H

#include "kvitok/port/appeal_store.h"
#include "kvitok/store/db.h"

/* Gives: the port; it lives as long as db. */
struct appeal_store st_appeal(struct db *db);
/* [tx] As the port's answer. */
KV_MUST_CHECK enum err st_appeal_answer(void *self, struct arena *a,
    struct str portal, struct str supplier, const struct appeal_answer *x,
    struct fault *f);

#endif
