/*
 * audit: does a payment agree with everything that is written about it?
 *
 * Pure: no database, no clock.  Compares rows that were read at one instant,
 * each with what the others say it must be.  Where two rows disagree and no
 * third one tells which of them is wrong, both are named.
 * What is found goes to a sink; nothing found is nothing called.
 */
#ifndef KVITOK_DOMAIN_AUDIT_H
#define KVITOK_DOMAIN_AUDIT_H

#include "kvitok/domain/audit_find.h"

/* Compare everything about one payment: sums, states, attempts, cases, jobs,
 * story and ledger.  What it builds, findings too, is in a. */
void audit_payment(struct arena *a, const struct audit_payment *x, int64_t now,
    const struct audit_sink *to);

#endif
