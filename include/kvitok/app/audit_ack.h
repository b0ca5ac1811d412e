/*
 * audit_acks: prove what suppliers have counted of our payments, and that their
 * acts say what their works make; a part of the audit.
 */
#ifndef KVITOK_APP_AUDIT_ACK_H
#define KVITOK_APP_AUDIT_ACK_H

#include "kvitok/app/audit.h"

/*
 * Audit all rows of payment_ack, a page at a time.
 * Gives: counts of them; findings go to the sink.
 * Fails: as the store does.
 */
KV_MUST_CHECK enum err audit_acks(const struct ports *p,
    const struct audit_sink *to, struct audit_counts *counts, struct fault *f);

/* The same of all acts of work. */
KV_MUST_CHECK enum err audit_acts(const struct ports *p,
    const struct audit_sink *to, struct audit_counts *counts, struct fault *f);

#endif
