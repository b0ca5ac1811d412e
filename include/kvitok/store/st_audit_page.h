/*
 * st_audit_page: payments with all rows that bear their numbers, page by page.
 *
 * Each page is one transaction that only reads and takes no lock.
 */
#ifndef KVITOK_STORE_ST_AUDIT_PAGE_H
#define KVITOK_STORE_ST_AUDIT_PAGE_H

#include "kvitok/port/audit_store.h"
#include "kvitok/store/db.h"

/*
 * As payments of the port.
 * Fails: as db_read; ERR_BUG internal: a state that this program does not
 * know, or a page of more rows than anything here may have.
 */
KV_MUST_CHECK enum err st_audit_page(struct db *db, struct arena *a,
    const struct audit_span *span, struct str after_akey,
    struct str after_number, int limit, struct audit_page *out,
    struct fault *f);

#endif
