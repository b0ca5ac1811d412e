/*
 * st_bind: the port bind_store on a database.
 */
#ifndef KVITOK_STORE_ST_BIND_H
#define KVITOK_STORE_ST_BIND_H

#include "kvitok/port/bind_store.h"
#include "kvitok/port/pay_store.h"
#include "kvitok/store/db.h"

/* Gives: the port; lives as long as db. */
/* [tx] What a new payment is to do with cards; see struct new_payment. */
KV_MUST_CHECK enum err st_bind_wishes(
    struct db *db, const struct new_payment *p, struct fault *f);
struct bind_store st_bind(struct db *db);

#endif
