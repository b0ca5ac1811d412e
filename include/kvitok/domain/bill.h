/*
 * bill: when are two payments for the same thing?
 *
 * Pure.  Whatever the order of the lines: the mark of a bill is equal for
 * equal ones, and so is the account that the bill lives under.
 */
#ifndef KVITOK_DOMAIN_BILL_H
#define KVITOK_DOMAIN_BILL_H

#include "kvitok/base/arena.h"
#include "kvitok/domain/payment.h"

#define BILL_MARK_LEN 32

/*
 * Whose a bill is when the front-end does not say who pays: whoever gave this
 * e-mail.  A stranger with another address who makes the same bill is not led
 * to it, nor its payer to his.
 * Gives: in a; empty for a payer who has a name, and where nobody says
 * anything: then the same lines are the same bill.
 */
struct str bill_owner(struct arena *a, struct str payer, struct str email);

/* Gives: 32 hex digits of SHA-256 over the sorted lines (supplier, service,
 * account, sum) and owner, in a. */
struct str bill_mark(struct arena *a, const struct pay_line *lines,
    size_t lines_len, struct str owner);

/* Gives: the first of the lines' accounts in order of their text; lines_len
 * is at least 1. */
struct str bill_home(const struct pay_line *lines, size_t lines_len);

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
