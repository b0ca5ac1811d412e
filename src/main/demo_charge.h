/*
 * demo_charge: a made-up year of an account: charges, openings and payments
 * made elsewhere, that end in the debts which the account shows.  Most of the
 * made-up accounts have the last month only, so that a demo loads in seconds.
 *
 * Like demo_person, all of it comes from the digest of portal and number.
 */
#ifndef KVITOK_MAIN_DEMO_CHARGE_H
#define KVITOK_MAIN_DEMO_CHARGE_H

#include "kvitok/store/loader.h"

#include <stdint.h>

#define DEMO_MONTHS 12 /* of an account of a guide, and of each tenth other */

/* A charge that the accounts' file names: of the last month of a service. */
struct demo_last {
	size_t account; /* its place in the list */
	struct str service;
	int64_t accrued_kop;
};

/*
 * Make the books of accounts, of which the first guides are shown in a guide.
 * Gives: one for each, in a, in their order.
 */
const struct loader_book *demo_books(struct arena *a,
    const struct account *list, size_t len, size_t guides,
    const struct demo_last *lasts, size_t lasts_len);

#endif
