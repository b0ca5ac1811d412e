/*
 * gpb_status: what Gazprombank's API v4 says of a payment's transactions.
 *
 * Finds what was lost; it names no sum and no number of ours, so that it
 * alone never is a proof of payment.
 */
#ifndef KVITOK_BANK_GPB_STATUS_H
#define KVITOK_BANK_GPB_STATUS_H

#include "kvitok/bank/contract.h"
#include "kvitok/port/gateway.h"

/* The newest transactions of an attempt that are asked about: more than an
 * attempt may have (PAY_OPENINGS_MAX). */
#define GPB_STATUS_TRXS_MAX 32
/* So many that are not answered, and the others are not asked. */
#define GPB_STATUS_SILENT_MAX 2

/*
 * As gateway.status, for all of q->trxs: a payment found wins; else one still
 * going on; else the newest decides.  Without transactions, and for contracts
 * with status = none, BANK_OPEN.
 */
KV_MUST_CHECK enum err gpb_status(const struct contract *c, struct arena *a,
    const struct bank_query *q, struct bank_status *out, struct fault *f);
/* What one answer means; apart for its tests. */
KV_MUST_CHECK enum err gpb_status_read(struct arena *a, struct str trx,
    const struct http_answer *answer, struct bank_status *out, struct fault *f);

#endif
