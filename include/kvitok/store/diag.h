/*
 * diag: what a driver's error means.
 *
 * Pure: PostgreSQL's errors are told by SQLSTATE, SQLite's by its own code,
 * because its driver says HY000 to everything.
 */
#ifndef KVITOK_STORE_DIAG_H
#define KVITOK_STORE_DIAG_H

#include "kvitok/base/fault.h"

#include <stdbool.h>
#include <stdint.h>

enum diag {
	DIAG_OK,
	DIAG_AGAIN,    /* lost a race or waited too long; nothing was done */
	DIAG_CONFLICT, /* a key or rule of the tables forbids it */
	DIAG_GONE,     /* the connection is no more */
	DIAG_FULL,     /* the database cannot take it now: disk, memory */
	DIAG_OTHER,    /* our statement or our value is wrong */
	DIAG__COUNT
};

/* state: five characters; native: the driver's own number. */
enum diag diag_of(bool sqlite, const char *state, int32_t native);
/* Gives: class and reason that callers see for it. */
enum err diag_err(enum diag d);
const char *diag_reason(enum diag d);

#endif
