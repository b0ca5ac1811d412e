/*
 * st_reading: the reading_store port, and the rules of readings.
 */
#ifndef KVITOK_STORE_ST_READING_H
#define KVITOK_STORE_ST_READING_H

#include "kvitok/domain/payment.h"
#include "kvitok/domain/ref.h"
#include "kvitok/port/reading_store.h"
#include "kvitok/store/db.h"

/* The port over db. */
struct reading_store st_reading(struct db *db);

/* [tx] Write the readings that come with a new payment. */
KV_MUST_CHECK enum err st_reading_put(
    struct db *db, const struct payment *pm, struct fault *f);
/* Gives: out's rules of readings, in a.  Fails: as db_read; ERR_BUG. */
KV_MUST_CHECK enum err st_ref_meter(
    struct db *db, struct arena *a, struct ref *out, struct fault *f);

#endif
