/*
 * openings: how often a payer may open Gazprombank's page for one attempt.
 *
 * Every opening is a transaction of its own that may take money, and each is
 * asked about: so there is an end to them.  Writes nothing.
 */
#ifndef KVITOK_APP_OPENINGS_H
#define KVITOK_APP_OPENINGS_H

#include "kvitok/app/ports.h"

/* More than an attempt has (PAY_OPENINGS_MAX), but for what races. */
#define OPENINGS_LIST_MAX (PAY_OPENINGS_MAX + 12)

/*
 * May attempt n of pm be opened as trx?
 * Gives: *full, true when it has been opened too often; a trx that was let in
 * once is let in again.  Fails: as the store does.
 */
KV_MUST_CHECK enum err openings_full(const struct ports *p, struct arena *a,
    const struct payment *pm, int n, struct str trx, bool *full,
    struct fault *f);
/*
 * Has the bank said before that trx took money?
 * Gives: *paid.  Fails: as the store does.
 */
KV_MUST_CHECK enum err openings_paid(const struct ports *p, struct arena *a,
    const struct payment *pm, int n, struct str trx, bool *paid,
    struct fault *f);
/*
 * Has the bank said of all openings of attempt n that they failed?
 * Gives: *all.  Fails: as the store does.
 */
KV_MUST_CHECK enum err openings_failed(const struct ports *p, struct arena *a,
    const struct payment *pm, int n, bool *all, struct fault *f);
/*
 * Is the money of an opening, named by subject, that of a case of its own, so
 * that a person has decided about it or will?
 * Gives: *apart.  Fails: as the store does.
 */
KV_MUST_CHECK enum err openings_apart(const struct ports *p, struct arena *a,
    const struct payment *pm, struct str subject, bool *apart, struct fault *f);

#endif
