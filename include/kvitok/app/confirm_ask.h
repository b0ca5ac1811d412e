/*
 * confirm_ask: ask the bank how an attempt stands, and have confirm write it.
 *
 * No transaction is open while the bank is asked.  Asked twice is written
 * once.
 */
#ifndef KVITOK_APP_CONFIRM_ASK_H
#define KVITOK_APP_CONFIRM_ASK_H

#include "kvitok/app/ports.h"
#include "kvitok/domain/payment.h"

/* Who asks: for the story, and whether the intent may be given up. */
struct asking {
	struct str number;
	int n;
	struct str actor; /* "job", "payer" */
};

/*
 * Ask the bank about an attempt and write the outcome.
 * Gives: *out in a, the payment as it stands afterwards.
 * Fails: ERR_ABSENT payment_unknown; ERR_AGAIN bank_unavailable (no answer:
 * nothing changed), database_unavailable; ERR_BUG.
 */
KV_MUST_CHECK enum err confirm_ask(const struct ports *p, struct arena *a,
    const struct asking *q, struct payment **out, struct fault *f);

#endif
