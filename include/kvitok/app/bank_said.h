/*
 * bank_said: what a signed register call of Gazprombank says of an attempt.
 *
 * Called inside tx.run, once the call was kept; writes what follows from it.
 */
#ifndef KVITOK_APP_BANK_SAID_H
#define KVITOK_APP_BANK_SAID_H

#include "kvitok/app/ports.h"
#include "kvitok/domain/payment.h"

struct bank_said {
	const struct ports *p;
	struct arena *a;
	const struct payment *pm;
	const struct attempt *at;
	const struct gateway_traits *traits;
	const struct bank_notice *n;
	struct str notice; /* id under which the call was kept */
	int64_t now;
};

/* [tx] Money was taken: credit it, or open a case. */
KV_MUST_CHECK enum err bank_said_paid(
    const struct bank_said *c, struct fault *f);
/* [tx] An opening of the bank's page has failed. */
KV_MUST_CHECK enum err bank_said_declined(
    const struct bank_said *c, struct fault *f);

#endif
