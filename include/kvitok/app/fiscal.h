/*
 * fiscal: what the bank is told for its receipts (P12).
 *
 * Puts carts together from a payment, its accounts and the reference data;
 * keeps what was handed over, so that a repeat hands over the same.  Which
 * contract issues receipts is the gateway's (traits.fiscal).
 */
#ifndef KVITOK_APP_FISCAL_H
#define KVITOK_APP_FISCAL_H

#include "kvitok/app/ports.h"
#include "kvitok/domain/cart.h"

/*
 * The cart of the next order for pm at a contract of traits t.
 * Gives: *out in a; NULL where the contract issues no receipts.
 * Fails: ERR_LIMIT fiscal_not_set (a line has no rate of VAT); ERR_BUG
 * cart_unbalanced: the bank must not be called; ERR_AGAIN.
 */
KV_MUST_CHECK enum err fiscal_order(const struct ports *p, struct arena *a,
    const struct payment *pm, const struct gateway_traits *t,
    const struct cart **out, struct fault *f);
/* [tx] Keep the cart of attempt n; NULL is nothing. */
KV_MUST_CHECK enum err fiscal_keep(const struct ports *p,
    const struct payment *pm, int n, const struct cart *c, int64_t at,
    struct fault *f);
/*
 * The cart of refund r of what attempt at has paid: the one that is kept, or
 * one of positions that are left.
 * Gives: *out in a; NULL when the order was not fiscalised; *kept, whether it
 * is kept already.
 * Fails: ERR_BUG cart_unbalanced; ERR_AGAIN.
 */
KV_MUST_CHECK enum err fiscal_refund(const struct ports *p, struct arena *a,
    const struct payment *pm, const struct attempt *at, const struct refund *r,
    const struct cart **out, bool *kept, struct fault *f);
/* [tx] Keep the cart of a refund. */
KV_MUST_CHECK enum err fiscal_keep_refund(const struct ports *p,
    const struct payment *pm, const struct attempt *at, const struct refund *r,
    const struct cart *c, int64_t at_ms, struct fault *f);

#endif
