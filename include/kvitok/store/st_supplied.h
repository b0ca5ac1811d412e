/*
 * st_supplied: the port supplied_store on a database, and how records of
 * exchange documents come into its tables.
 */
#ifndef KVITOK_STORE_ST_SUPPLIED_H
#define KVITOK_STORE_ST_SUPPLIED_H

#include "kvitok/domain/exchange.h"
#include "kvitok/port/supplied_store.h"
#include "kvitok/store/db.h"

/* Gives: the port; it lives as long as db. */
struct supplied_store st_supplied(struct db *db);

/*
 * [tx] Write a record of the document; what was told under its id or number
 * before is replaced.
 * Gives: r->refused, when its account is not there.
 * Fails: as db_run.
 */
KV_MUST_CHECK enum err st_supplied_outage(struct db *db,
    const struct exchange_head *h, const struct exchange_record *r,
    struct fault *f);
KV_MUST_CHECK enum err st_supplied_contract(struct db *db,
    const struct exchange_head *h, struct exchange_record *r, struct fault *f);
KV_MUST_CHECK enum err st_supplied_act(struct db *db,
    const struct exchange_head *h, struct exchange_record *r, struct fault *f);

#endif
