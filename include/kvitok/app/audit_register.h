/*
 * audit_register: prove what registers have done to the books.
 */
#ifndef KVITOK_APP_AUDIT_REGISTER_H
#define KVITOK_APP_AUDIT_REGISTER_H

#include "kvitok/app/audit.h"

/*
 * Compare all registers with their rows, rows with postings, pairs and cases.
 * a is emptied after each page.
 * Gives: counts, added to.  Fails: as the store does.
 */
KV_MUST_CHECK enum err audit_registers(const struct ports *p, struct arena *a,
    const struct audit_sink *to, struct audit_counts *counts, struct fault *f);

#endif
