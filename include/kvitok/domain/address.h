/*
 * address: does an account's address lie within a place that a supplier names?
 *
 * Pure.  A place is an address or its beginning («г. Иркутск, ул. Ленина»);
 * both are drawn to words first: upper case, ё as Е, without punctuation, words
 * for streets and houses in their short form (Order 171n of the Ministry of
 * Finance, 2015), so that «улица Ленина, дом 1» is «ул. Ленина, д.1».  A house
 * is never taken for another one: «д. 1» holds neither 10 nor 1а nor 1/2.
 */
#ifndef KVITOK_DOMAIN_ADDRESS_H
#define KVITOK_DOMAIN_ADDRESS_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/str.h"

#include <stdbool.h>

#define ADDRESS_FOLDED_MAX 1000 /* characters */

/*
 * Gives: *out in a, each word followed by one space; false when no word is
 * left, or it is longer than ADDRESS_FOLDED_MAX.
 */
KV_MUST_CHECK bool address_fold(
    struct arena *a, struct str address, struct str *out);
/* Both as address_fold gives them. */
bool address_within(struct str address, struct str place);

#endif
