/*
 * st_appeal_file: the port appeal_file_store on a database.
 */
#ifndef KVITOK_STORE_ST_APPEAL_FILE_H
#define KVITOK_STORE_ST_APPEAL_FILE_H

#include "kvitok/port/appeal_file_store.h"
#include "kvitok/store/db.h"

/* Gives: the port; it lives as long as db. */
struct appeal_file_store st_appeal_file(struct db *db);

#endif
