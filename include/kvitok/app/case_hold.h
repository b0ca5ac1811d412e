/*
 * case_hold: the end of what a case does to its attempt.
 */
#ifndef KVITOK_APP_CASE_HOLD_H
#define KVITOK_APP_CASE_HOLD_H

#include "kvitok/app/ports.h"
#include "kvitok/domain/payment.h"

/*
 * [tx] Case c of pm, as loaded in this transaction and resolved by now, holds
 * its attempt no longer; the attempt is free when no other case holds it.
 * reason: what the payer sees of an attempt about which was decided; p NULL:
 * nothing was decided, the bank may be asked again.
 */
KV_MUST_CHECK enum err case_hold_end(const struct ports *p, struct arena *a,
    const struct payment *pm, const struct pay_case *c, struct str reason,
    struct str actor, struct fault *f);

#endif
