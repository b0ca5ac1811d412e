/*
 * exchange_run: one look into a supplier's mailbox: its documents are applied
 * and answered, our acknowledgements handed over.
 *
 * The job EXCHANGE_JOB of a mailbox never ends: it falls due again and again,
 * as long as its settings name it.
 */
#ifndef KVITOK_APP_EXCHANGE_RUN_H
#define KVITOK_APP_EXCHANGE_RUN_H

#include "kvitok/app/ports.h"

#define EXCHANGE_JOB "exchange"

/* Owe a look into each mailbox, now.  Fails: ERR_AGAIN. */
KV_MUST_CHECK enum err exchange_run_begin(
    const struct ports *p, struct fault *f);
/*
 * Look into the mailbox that the job names; stop after half of its lease.  One
 * long document may take longer: then the lease is taken anew, again and again,
 * and who has lost it meanwhile stops in the middle and says nothing.
 * Gives: *next_at, when to look again; also after ERR_AGAIN.
 * Fails: ERR_ABSENT mailbox_unknown; ERR_AGAIN lease_lost; ERR_AGAIN and what
 * is noted with the supplier.
 */
KV_MUST_CHECK enum err exchange_run(const struct ports *p, struct arena *a,
    const struct job *j, int64_t *next_at, struct fault *f);

#endif
