/*
 * st_recon_report: reports of registers and reconciliation.
 */
#ifndef KVITOK_STORE_ST_RECON_REPORT_H
#define KVITOK_STORE_ST_RECON_REPORT_H

#include "kvitok/port/recon_report.h"
#include "kvitok/store/db.h"

/* Gives: the port, which lives as long as db. */
struct recon_report st_recon_report(struct db *db);

#endif
