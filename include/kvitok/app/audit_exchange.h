/*
 * audit_exchange: prove what suppliers' documents have done; a part of the
 * audit.
 */
#ifndef KVITOK_APP_AUDIT_EXCHANGE_H
#define KVITOK_APP_AUDIT_EXCHANGE_H

#include "kvitok/app/audit.h"

/*
 * Audit all documents to us, our acknowledgements, the records that were
 * refused, and that charges and payments come from the document they name.
 * Gives: counts of documents; findings go to the sink.
 * Fails: as the store does.
 */
KV_MUST_CHECK enum err audit_exchange(const struct ports *p,
    const struct audit_sink *to, struct audit_counts *counts, struct fault *f);

#endif
