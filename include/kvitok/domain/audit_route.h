/*
 * audit_route: was each attempt made at the bank that the story names, and
 * does the payment bear the bank of the attempt that counts (P13)?
 *
 * Pure.
 */
#ifndef KVITOK_DOMAIN_AUDIT_ROUTE_H
#define KVITOK_DOMAIN_AUDIT_ROUTE_H

#include "kvitok/domain/audit_find.h"

/* Compare contract and bank of u's payment and attempts with the story. */
void audit_route(struct audit *u);

#endif
