/*
 * audit_ledger: are the transfers about a payment those that it has caused?
 *
 * Pure.  What each event must have posted is made anew by ledger.h.
 */
#ifndef KVITOK_DOMAIN_AUDIT_LEDGER_H
#define KVITOK_DOMAIN_AUDIT_LEDGER_H

#include "kvitok/domain/audit_find.h"

/* Compare the transfers of u's payment with what caused them. */
void audit_ledger(struct audit *u);

#endif
