/*
 * audit_exempt: lines of payers whom the law frees from the commission.
 *
 * Pure: no database, no clock.
 */
#ifndef KVITOK_DOMAIN_AUDIT_EXEMPT_H
#define KVITOK_DOMAIN_AUDIT_EXEMPT_H

#include "kvitok/domain/audit_find.h"
#include "kvitok/domain/exempt.h"

/* Does each line say who bears its commission, and bear it so? */
void audit_exempt(struct audit *u);
/*
 * Did the exemption that line n of pm names free that payer or that account
 * when the payment was made?  x NULL: there is none of that name.
 */
void audit_exempt_row(
    struct audit *u, size_t line, const struct exempt *x, struct str day);

#endif
