/*
 * audit_send: prove what went out to suppliers; a part of the audit.
 */
#ifndef KVITOK_APP_AUDIT_SEND_H
#define KVITOK_APP_AUDIT_SEND_H

#include "kvitok/app/audit.h"

/*
 * Audit all documents to suppliers with their records, and that each line of
 * money of a day that is done is in one of them.
 * Gives: counts of documents and records; findings go to the sink.
 * Fails: as the store does.
 */
KV_MUST_CHECK enum err audit_sends(const struct ports *p,
    const struct audit_sink *to, struct audit_counts *counts, struct fault *f);

#endif
