/*
 * st_audit_case: rows about cases, as the audit reads them.
 */
#ifndef KVITOK_STORE_ST_AUDIT_CASE_H
#define KVITOK_STORE_ST_AUDIT_CASE_H

#include "kvitok/domain/audit_find.h"
#include "kvitok/store/db.h"

/* Gives: the case whose columns begin at c, with its id. */
struct audit_case st_audit_case_of(const struct db_cell *c);
/* Gives: x->cases, of len rows from one on. */
void st_audit_case_put(struct arena *a, const struct db_rows *r, size_t from,
    size_t len, struct audit_payment *x);
/* Gives: x->case_events, the same. */
void st_audit_case_events(struct arena *a, const struct db_rows *r, size_t from,
    size_t len, struct audit_payment *x);
/* Read what was done with one case.  Gives: *out in a. */
KV_MUST_CHECK enum err st_audit_events_of(struct db *db, struct arena *a,
    struct str akey, struct str case_id, const struct audit_case_event **out,
    size_t *len, struct fault *f);
/* Gives: x->backs, the same as x->case_events.  Fails: ERR_BUG internal. */
KV_MUST_CHECK enum err st_audit_case_backs(struct arena *a,
    const struct db_rows *r, size_t from, size_t len, struct audit_payment *x,
    struct fault *f);

#endif
