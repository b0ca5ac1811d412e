/*
 * ways: to which bank a payment goes now (P13).
 *
 * domain/route says which banks are open to a payment, the gateway which of
 * them is down.  Asks nobody and writes nothing.
 */
#ifndef KVITOK_APP_WAYS_H
#define KVITOK_APP_WAYS_H

#include "kvitok/app/ports.h"
#include "kvitok/domain/route.h"

/* For whom a way is looked for. */
enum ways_use {
	WAYS_TO_NAME, /* it is only named: to a quote, to a new payment */
	WAYS_TO_CALL  /* the bank is called at once: of a bank that is being
		       * tried again only the one call that tries it */
};

/*
 * The ways that are open to the next attempt of pm, best first.
 * Fails: ERR_AGAIN database_unavailable.
 */
KV_MUST_CHECK enum err ways_of(const struct ports *p, struct arena *a,
    const struct payment *pm, struct route_ways *out, struct fault *f);

/* Gives: true with *out the first way whose bank is not down. */
KV_MUST_CHECK bool ways_pick(const struct ports *p, const struct route_ways *v,
    enum ways_use use, struct route_way *out);

#endif
