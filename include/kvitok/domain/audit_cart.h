/*
 * audit_cart: do the carts that banks were handed agree with the money?
 *
 * Pure: no database, no clock.
 */
#ifndef KVITOK_DOMAIN_AUDIT_CART_H
#define KVITOK_DOMAIN_AUDIT_CART_H

#include "kvitok/domain/audit_find.h"

/*
 * Each cart is of an attempt or refund, adds up to it line by line, and takes
 * back positions of its order with their rates, no more than there were; a
 * refund that is done of an order with a cart has one.
 */
void audit_cart(struct audit *u);

#endif
