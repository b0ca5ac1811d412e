/*
 * subscriber: what a supplier tells of an account and its people, for who has
 * proved to be the owner; and how it is forgotten (A3, Z11).
 *
 * Documents of suppliers bring it (app/exchange).
 */
#ifndef KVITOK_APP_SUBSCRIBER_H
#define KVITOK_APP_SUBSCRIBER_H

#include "kvitok/app/ports.h"
#include "kvitok/base/day.h"

struct subscriber_seen {
	const struct account *account;
	struct subscriber told;
	char today[DAY_TEXT_SIZE]; /* of the portal */
};

/*
 * Number as typed.
 * Gives: *out in a.
 * Fails: as reference_account.
 */
KV_MUST_CHECK enum err subscriber_of(const struct ports *p, struct arena *a,
    struct str portal, struct str supplier, struct str number,
    struct subscriber_seen *out, struct fault *f);

/*
 * Forget benefits, contacts, persons and areas of accounts that were closed
 * longer ago than people_keep_days: at most limit of them.
 * Fails: as tx.run.
 */
KV_MUST_CHECK enum err subscriber_sweep(
    const struct ports *p, struct arena *a, int limit, struct fault *f);

#endif
