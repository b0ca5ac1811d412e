/*
 * report_spool: the folder in which files of reports wait to be fetched.
 */
#ifndef KVITOK_OUT_REPORT_SPOOL_H
#define KVITOK_OUT_REPORT_SPOOL_H

#include "kvitok/port/report_orders.h"

/* Gives: the port, in a; self is NULL when folder is empty. */
struct report_spool report_spool_of(struct arena *a, struct str folder);

#endif
