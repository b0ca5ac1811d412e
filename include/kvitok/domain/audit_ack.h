/*
 * audit_ack: what a supplier has counted of our payments.
 *
 * Pure: no database, no clock.  Each row of payment_ack is compared with the
 * line of the payment that it counts, with what went back of it, and with the
 * document that brought it.  The month is the supplier's word alone.
 */
#ifndef KVITOK_DOMAIN_AUDIT_ACK_H
#define KVITOK_DOMAIN_AUDIT_ACK_H

#include "kvitok/base/arena.h"
#include "kvitok/domain/audit_find.h"

#include <stdbool.h>
#include <stdint.h>

/* A row, and what the others say of it. */
struct audit_ack {
	struct str akey, portal, supplier, account, month, id; /* its key */
	struct str number, service, day;
	int64_t n, sum_kop;
	/* The line that it counts; line_supplier empty: there is none. */
	struct str line_supplier, line_account, line_service;
	struct str pay_portal, pay_state, paid_day; /* the day at the portal */
	int64_t paid_at;
	int64_t line_kop, back_kop; /* the line's sum; what went back of it */
	int64_t counted_kop;        /* all rows of the line together */
	/* So much was on the supplier's account at some moment: the line's sum
	 * less what had gone back by then. */
	bool fits;
	struct str document; /* kind of the one that id names; empty: none */
};

/* Compare one row; what it builds is in a. */
void audit_ack(
    struct arena *a, const struct audit_ack *x, const struct audit_sink *to);

#endif
