/*
 * st_cart: the port cart_store on a database, and the reference data that
 * carts are made up from.
 */
#ifndef KVITOK_STORE_ST_CART_H
#define KVITOK_STORE_ST_CART_H

#include "kvitok/domain/ref.h"
#include "kvitok/port/cart_store.h"
#include "kvitok/store/db.h"

/* Gives: the port; lives as long as db. */
struct cart_store st_cart(struct db *db);
/* Gives: out's rates and agents, in a.  Fails: as db_read; ERR_BUG. */
KV_MUST_CHECK enum err st_ref_cart(
    struct db *db, struct arena *a, struct ref *out, struct fault *f);

#endif
