/*
 * audit_settle: does a settlement agree with its items, these with their lines
 * of the ledger, and its postings with it?
 *
 * Pure.  Compares rows; what is found goes to a sink.
 */
#ifndef KVITOK_DOMAIN_AUDIT_SETTLE_H
#define KVITOK_DOMAIN_AUDIT_SETTLE_H

#include "kvitok/domain/audit_find.h"
#include "kvitok/domain/settle.h"

/* A settlement with what its other rows add up to. */
struct audit_settlement {
	struct settlement s;            /* id empty: there are no more */
	struct settle_sums sums;        /* of its items */
	struct str first_day, held_day; /* of its items; empty: none */
	int64_t last_n;                 /* of its items */
	int64_t order_last;             /* number given out last */
	const struct audit_transfer *transfers; /* that it has caused */
	const struct str *numbers;              /* of transfers: must be "" */
	size_t transfers_len;
	const struct str *events; /* kinds */
	size_t events_len;
};

/* An item, and what its line, transfer and payment say. */
struct audit_settle_item {
	struct str akey, transfer, day, kind, number, cause;
	int64_t line, n;
	bool held, live;
	int64_t gross_kop, fee_kop, supplier_fee_kop, net_kop;
	struct str line_account, line_day; /* account empty: no such line */
	int64_t line_kop;
	struct str transfer_kind, transfer_number, transfer_cause;
	int64_t freed; /* of its settlement, at the same instant */
	int64_t made_gross_kop, made_fee_kop, made_supplier_fee_kop;
};

/* Compare a settlement with its items' sums, postings and story. */
void audit_settlement(struct arena *a, const struct audit_settlement *x,
    const struct audit_sink *to);
/* Compare one of its items with what it is made of. */
void audit_settle_item(struct arena *a, const struct settlement *s,
    const struct audit_settle_item *x, const struct audit_sink *to);

#endif
