/*
 * sweep: unpaid payments whose life is over are ended (P5).
 *
 * Only what nobody can be paying just now: a pending one is asked about, and
 * ends with its attempt.
 */
#ifndef KVITOK_APP_SWEEP_H
#define KVITOK_APP_SWEEP_H

#include "kvitok/app/ports.h"

/*
 * End at most limit of them, each in a transaction of its own.
 * Gives: *did, how many were looked at.
 * Fails: ERR_AGAIN database_unavailable; the rest is left to the next round.
 */
KV_MUST_CHECK enum err sweep_payments(const struct ports *p, struct arena *a,
    int limit, size_t *did, struct fault *f);

#endif
