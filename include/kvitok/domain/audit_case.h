/*
 * audit_case: does what is told of a case agree with its state, and what goes
 * back because of it with both?
 *
 * Pure.  The postings are audit_ledger's.  Rows of one millisecond have no
 * order, so that this looks at which of them there are.
 */
#ifndef KVITOK_DOMAIN_AUDIT_CASE_H
#define KVITOK_DOMAIN_AUDIT_CASE_H

#include "kvitok/domain/audit_find.h"

/* Compare the cases of u's payment with what was done and what goes back. */
void audit_case(struct audit *u);
/* Compare a case without a payment with what was done with it; u->pm is a
 * payment of which the number alone is filled, by what stands for it. */
void audit_case_alone(struct audit *u, const struct audit_case *c,
    const struct audit_case_event *events, size_t len);
/* Gives: the case by its id, or NULL. */
const struct audit_case *audit_case_of(const struct audit *u, struct str id);

#endif
