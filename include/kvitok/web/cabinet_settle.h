/*
 * cabinet_settle: settlements with suppliers, as the accountant's pages show
 * them.
 */
#ifndef KVITOK_WEB_CABINET_SETTLE_H
#define KVITOK_WEB_CABINET_SETTLE_H

#include "kvitok/domain/settle.h"
#include "kvitok/web/cabinet.h"

/* Gives: a row per settlement in *out, ready for grid_put. */
void cabinet_settle_rows(
    struct turn *t, const struct settlement *v, size_t len, struct grid *out);
/* Add one to a page: a row settlement, both parties, contract, purpose. */
void cabinet_settle_put(struct page *pg, const struct settlement *s);
/* Only the portal transfers; a supplier's accountant looks on.
 * Fails: ERR_DENIED staff_right_missing: of a supplier alone. */
KV_MUST_CHECK enum err cabinet_settle_transfers(
    struct turn *t, const struct desk *d);
/* The settlement that the address names.
 * Fails: ERR_ABSENT settlement_unknown: not there, or not the person's. */
KV_MUST_CHECK enum err cabinet_settle_load(
    struct turn *t, const struct desk *d, struct settlement *out);

#endif
