/*
 * cabinet_order: reports that were asked for, as the accountant's pages show
 * them.
 */
#ifndef KVITOK_WEB_CABINET_ORDER_H
#define KVITOK_WEB_CABINET_ORDER_H

#include "kvitok/web/cabinet.h"

/* Gives: a row per order: id, words, period, narrowed, state words, ... in
 * *out, ready for grid_put. */
void cabinet_order_rows(
    struct turn *t, const struct report_order *v, size_t len, struct grid *out);
/* Show the newest orders of a person, at most max, as rows "orders". */
KV_MUST_CHECK enum err cabinet_orders_put(
    struct turn *t, struct page *pg, struct str who, int max);
/* Add the row of a total: words, value, is_sum, name. */
void cabinet_order_total(
    struct arena *a, struct grid *g, const struct report_column *c, int64_t n);

#endif
