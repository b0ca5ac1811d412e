/*
 * begin: bring a payment to the bank as a new attempt (P4, P5, Z9).
 *
 * The intent is written first, then the bank is called, then its answer is
 * written; a crash in between leaves an attempt that a job asks about.
 */
#ifndef KVITOK_APP_BEGIN_H
#define KVITOK_APP_BEGIN_H

#include "kvitok/app/open.h"

/*
 * Begin the next attempt of out->pm.
 * Gives: out filled; *more when the payment has changed meanwhile and must
 * be looked at again.
 * Fails: ERR_AGAIN database_unavailable; ERR_BUG.
 */
KV_MUST_CHECK enum err begin_attempt(const struct ports *p, struct arena *a,
    struct opened *out, bool *more, struct fault *f);

/* Note that a payer whose card was refused is on the bank's page again. */
KV_MUST_CHECK enum err begin_again(const struct ports *p, struct arena *a,
    const struct payment *pm, const struct attempt *at, struct fault *f);

#endif
