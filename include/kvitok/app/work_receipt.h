/*
 * work_receipt: the jobs that mail receipts, of payments and of refunds (P7).
 *
 * A letter is sent at least once, under one Message-ID however often it is
 * tried (doc/decisions/0007).
 */
#ifndef KVITOK_APP_WORK_RECEIPT_H
#define KVITOK_APP_WORK_RECEIPT_H

#include "kvitok/app/working.h"

/* The job's ref is the number of the payment. */
KV_MUST_CHECK enum fate work_receipt(struct working *w);
/* The job's ref is the id of the refund. */
KV_MUST_CHECK enum fate work_refund_receipt(struct working *w);

#endif
