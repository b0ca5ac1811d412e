/*
 * st_send: the port send_store on a database.
 */
#ifndef KVITOK_STORE_ST_SEND_H
#define KVITOK_STORE_ST_SEND_H

#include "kvitok/port/send_store.h"
#include "kvitok/store/db.h"

/* Gives: the port; it lives as long as db. */
struct send_store st_send(struct db *db);

/* [tx] As the port's take.  Fails: as db_run. */
KV_MUST_CHECK enum err st_send_take(void *self, struct arena *a,
    struct sent_doc *x, const struct send_range *r, struct settle_mark *mark,
    bool *more, struct fault *f);

#endif
