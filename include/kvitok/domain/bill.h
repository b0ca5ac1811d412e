/*
 * bill: when are two payments for the same thing?
 *
 * Pure.  The mark of a bill is equal for equal lines, whatever their order.
 */
#ifndef KVITOK_DOMAIN_BILL_H
#define KVITOK_DOMAIN_BILL_H

#include "kvitok/base/arena.h"
#include "kvitok/domain/payment.h"

#define BILL_MARK_LEN 32

/* Gives: 32 hex digits of SHA-256 over the sorted lines (supplier, service,
 * account, sum), in a. */
struct str bill_mark(
    struct arena *a, const struct pay_line *lines, size_t lines_len);

/*
 * Must a visitor of pm be led to holder, another payment of the same bill?
 * While holder may still take money, or when it was paid after pm was made.
 */
bool bill_leads(const struct payment *holder, const struct payment *pm);

/*
 * Is url an absolute http(s) address whose host is one of hosts?  Port and
 * path are free; user names, backslashes, spaces and controls are not.
 */
bool bill_return_ok(struct str url, const struct str *hosts, size_t hosts_len);

#endif
