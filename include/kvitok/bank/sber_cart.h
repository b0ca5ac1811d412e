/*
 * sber_cart: carts for Sberbank's receipts, in both dialects of its gateway.
 *
 * Writes what it is given: a cart that does not add up to the order is
 * refused here, before anybody is called.
 * Source: the bank's manual for shops (old: orderBundle, refundItems as JSON
 * in a form) and its API 1.0.7 (new: orderBundle as an object); doc/banks.md.
 */
#ifndef KVITOK_BANK_SBER_CART_H
#define KVITOK_BANK_SBER_CART_H

#include "kvitok/bank/sber.h"

#define SBER_CART_NAME_MAX 100

/*
 * Add what register.do wants for a receipt to its parameters.
 * Gives: *len, raised by three at most; texts in a.
 * Fails: ERR_BUG cart_unbalanced.
 */
KV_MUST_CHECK enum err sber_cart_order(const struct contract *c,
    struct arena *a, const struct bank_order *o, struct sber_param *params,
    size_t *len, struct fault *f);
/*
 * What refund.do and reverse.do want for a receipt of what goes back.
 * Gives: *out, text in a.  Fails: ERR_BUG cart_unbalanced.
 */
KV_MUST_CHECK enum err sber_cart_refund(const struct contract *c,
    struct arena *a, const struct bank_refund *r, struct sber_param *out,
    struct fault *f);

#endif
