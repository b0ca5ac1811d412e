/*
 * reconcile: everything that our books and the registers of a contract have to
 * say to each other (S7).
 *
 * First rows find postings (register_match); then postings that no register
 * has brought are looked for, day by day: a day is judged once registers
 * cover it and reach beyond it by the contract's days of grace.  A day that no
 * register covers is never judged: it is the file that is missing.
 */
#ifndef KVITOK_APP_RECONCILE_H
#define KVITOK_APP_RECONCILE_H

#include "kvitok/app/register_match.h"

/*
 * Reconcile a contract.  It may be run any number of times.
 * Gives: *n, what this run has changed.
 * Fails: as register_match.
 */
KV_MUST_CHECK enum err reconcile_run(const struct ports *p, struct str contract,
    struct register_counts *n, struct fault *f);
/*
 * One step of the job REGISTER_JOB.
 * Gives: *next_at, when to come again; 0: nothing is waited for.
 * Fails: as reconcile_run.
 */
KV_MUST_CHECK enum err reconcile_job(const struct ports *p, struct str contract,
    int64_t *next_at, struct fault *f);

#endif
