/*
 * posting: put a transfer into the books.
 *
 * Its lines are made in the domain (ledger); here it gets its id, its instant
 * and its business day, which is the day of Moscow on which it is posted,
 * whatever the day of what caused it and whatever the portal's zone.
 */
#ifndef KVITOK_APP_POSTING_H
#define KVITOK_APP_POSTING_H

#include "kvitok/app/ports.h"
#include "kvitok/domain/ledger.h"

/*
 * [tx] Post t, whose cause, kind, number and lines are filled, under akey;
 * called in the transaction that changes what it tells of.
 * Gives: t->akey, id (in a), day (in a) and at.
 * Fails: ERR_CONFLICT row_conflict (cause and kind were posted before);
 * ERR_AGAIN.
 */
KV_MUST_CHECK enum err posting_put(const struct ports *p, struct arena *a,
    struct str akey, struct ledger_transfer *t, struct fault *f);

/* [tx] Several of one instant; the akey of each is set.  len may be 0. */
KV_MUST_CHECK enum err posting_put_all(const struct ports *p, struct arena *a,
    struct ledger_transfer *v, size_t len, struct fault *f);

#endif
