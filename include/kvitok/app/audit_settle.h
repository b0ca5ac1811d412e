/*
 * audit_settle: prove settlements with suppliers; a part of the audit.
 */
#ifndef KVITOK_APP_AUDIT_SETTLE_H
#define KVITOK_APP_AUDIT_SETTLE_H

#include "kvitok/app/audit.h"

/*
 * Audit the settlements of span's days, with their items and postings; a is
 * emptied between pages.
 * Gives: counts of settlements and items; findings go to the sink.
 * Fails: as the store does.
 */
KV_MUST_CHECK enum err audit_settlements(const struct ports *p, struct arena *a,
    const struct audit_span *span, const struct audit_sink *to,
    struct audit_counts *counts, struct fault *f);

#endif
