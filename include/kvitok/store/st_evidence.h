/*
 * st_evidence: the port evidence on a database.
 */
#ifndef KVITOK_STORE_ST_EVIDENCE_H
#define KVITOK_STORE_ST_EVIDENCE_H

#include "kvitok/port/evidence.h"
#include "kvitok/store/db.h"

/* Gives: the port; lives as long as db. */
struct evidence st_evidence(struct db *db);

#endif
