/*
 * audit_refund: does what goes back agree with the payment, its lines, the
 * story, and what is owed?
 *
 * Pure.  The postings of refunds are audit_ledger's.
 */
#ifndef KVITOK_DOMAIN_AUDIT_REFUND_H
#define KVITOK_DOMAIN_AUDIT_REFUND_H

#include "kvitok/domain/audit_find.h"

/* Compare the refunds of u's payment with everything else. */
void audit_refund(struct audit *u);

#endif
