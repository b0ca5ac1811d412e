/*
 * st_mailing: bills that are mailed, in the database.
 */
#ifndef KVITOK_STORE_ST_MAILING_H
#define KVITOK_STORE_ST_MAILING_H

#include "kvitok/port/mailing_store.h"
#include "kvitok/store/db.h"

/* Gives: the port on db. */
struct mailing_store st_mailing(struct db *db);

#endif
