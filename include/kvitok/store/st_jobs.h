/*
 * st_jobs: the port jobs on a database.
 */
#ifndef KVITOK_STORE_ST_JOBS_H
#define KVITOK_STORE_ST_JOBS_H

#include "kvitok/port/jobs.h"
#include "kvitok/store/db.h"

/* Gives: the port; lives as long as db. */
struct jobs st_jobs(struct db *db);

#endif
