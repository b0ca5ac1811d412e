/*
 * sberbank_cart: carts of orders and refunds, judged as the gateway does.
 *
 * A contract with cart = strict takes no order without a cart and looks at
 * every member; with cart = free a cart may be missing, and of one that comes
 * only the sum is looked at.  What was taken is kept for the control
 * interface.  Whole pieces alone: a quantity with decimals is refused.
 */
#ifndef KVITOK_SIM_SBERBANK_CART_H
#define KVITOK_SIM_SBERBANK_CART_H

#include "kvitok/sim/sberbank.h"

/* Gives: whether the cart of an order of amount is good; else the refusal
 * (errorCode 8) is written. */
KV_MUST_CHECK bool sberbank_cart_good(struct sberbank_call *s, int64_t amount);
/* Keep the cart, which was found good, with the order s->o. */
void sberbank_cart_keep(struct sberbank_call *s);
/* Gives: whether what goes back of s->o is of its cart, for amount (0: all
 * that is left); else the refusal is written. */
KV_MUST_CHECK bool sberbank_cart_back(struct sberbank_call *s, int64_t amount);
/* Keep it with the refund that was made of it. */
void sberbank_cart_keep_back(struct sberbank_call *s);

#endif
