/*
 * st_subscriber: see port/subscriber_store.h; and how documents write it.
 */
#ifndef KVITOK_STORE_ST_SUBSCRIBER_H
#define KVITOK_STORE_ST_SUBSCRIBER_H

#include "kvitok/base/jw.h"
#include "kvitok/domain/exchange.h"
#include "kvitok/port/subscriber_store.h"
#include "kvitok/store/db.h"

/* Gives: the port over a connection. */
struct subscriber_store st_subscriber(struct db *db);

/* [tx] Put what is told in place of what was; its account is written. */
KV_MUST_CHECK enum err st_subscriber_put(struct db *db,
    const struct exchange_head *h, const struct exchange_record *r,
    struct fault *f);
/* The same as members of an object, for exchange_accounts_put. */
void st_subscriber_json(struct jw *w, const struct subscriber *s);

#endif
