/*
 * report_outbox: files of reports on their way out, on the disk.
 */
#ifndef KVITOK_OUT_REPORT_OUTBOX_H
#define KVITOK_OUT_REPORT_OUTBOX_H

#include "kvitok/port/report_outbox.h"

/* Gives: the port over a folder; self is NULL when folder is empty. */
struct report_outbox report_outbox_of(struct arena *a, struct str folder);

#endif
