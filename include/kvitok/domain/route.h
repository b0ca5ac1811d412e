/*
 * route: the banks that one payment may be brought to, best first (P13).
 *
 * Pure.  A contract is a way for a payment only when every one of its lines
 * is routed to it.  Whether a bank is down is known elsewhere.
 */
#ifndef KVITOK_DOMAIN_ROUTE_H
#define KVITOK_DOMAIN_ROUTE_H

#include "kvitok/domain/payment.h"
#include "kvitok/domain/ref.h"

struct route_way {
	struct str contract, bank;
};

struct route_ways {
	struct route_way way[REF_ROUTES_MAX + 1]; /* and the payment's own */
	size_t len;
};

/* What of a line decides. */
struct route_line {
	struct str supplier, service;
};

/*
 * Gives: *out: the contracts that all lines have in common, in the order of
 * the first line.
 */
void route_common(const struct ref *r, struct str portal,
    const struct route_line *lines, size_t lines_len, struct str day,
    struct route_ways *out);

/*
 * The ways that are open to the next attempt of pm; common is what
 * route_common gives for its lines today.
 *
 * The payment's own contract is always among them, whatever the routes say by
 * now.  Before the first attempt it comes first, for that bank was named to
 * the payer.  Others are open while payment_may_switch, and those that were
 * tried less often come before those that were tried more often.
 */
void route_open(const struct payment *pm, const struct route_ways *common,
    struct route_ways *out);

#endif
