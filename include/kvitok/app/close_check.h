/*
 * close_check: is every closed day what it was when it was closed?
 *
 * Makes the hash of each day anew and compares it, its chain, counts, sums and
 * balances; by the marks of the day a transfer that was changed, added or
 * removed is named.  Changes nothing.
 */
#ifndef KVITOK_APP_CLOSE_CHECK_H
#define KVITOK_APP_CLOSE_CHECK_H

#include "kvitok/app/ports.h"
#include "kvitok/domain/audit_find.h"

struct close_counts {
	int64_t days, transfers;
	char last[11]; /* closed day that was looked at; "": none */
	char hash[65]; /* and its hash as it is kept */
};

/*
 * Check the closed days from..to, both included; the whole chain when from is
 * empty: then also what lies before, after and between them.
 * Gives: counts; findings go to the sink as they are found, their texts valid
 * during the call.
 * Fails: as the store does.
 */
KV_MUST_CHECK enum err close_check(const struct ports *p, struct str from,
    struct str to, const struct audit_sink *sink, struct close_counts *counts,
    struct fault *f);

#endif
