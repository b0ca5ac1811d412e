/*
 * settle_files: what banks and suppliers get of settlements: payment orders,
 * registers (S6, Z8).
 *
 * Made from rows that do not change any more, so that a file that is made
 * again has the same bytes.
 */
#ifndef KVITOK_APP_SETTLE_FILES_H
#define KVITOK_APP_SETTLE_FILES_H

#include "kvitok/app/ports.h"

#define SETTLE_ORDERS_MAX 5000 /* of one file */

/*
 * The payment order of a settlement; portal empty: of any.
 * Gives: *out in a.
 * Fails: ERR_ABSENT settlement_unknown; as settle_is_out; ERR_LIMIT order_text,
 * file_too_large.
 */
KV_MUST_CHECK enum err settle_order(const struct ports *p, struct arena *a,
    struct str portal, struct str id, enum order_format format, struct str *out,
    struct fault *f);
/*
 * All payment orders of a day, in one file; those that came back are left out.
 * Fails: ERR_ABSENT settlement_no_orders; ERR_LIMIT order_text,
 * file_too_large.
 */
KV_MUST_CHECK enum err settle_orders(const struct ports *p, struct arena *a,
    struct str portal, struct str order_day, enum order_format format,
    struct str *out, struct fault *f);
/*
 * The register of a settlement, to a sink; its totals are those of the
 * settlement, which is checked before a byte is written.  Memory does not grow
 * with its rows.
 * Gives: *name, that the file is to have, in a.
 * Fails: ERR_ABSENT settlement_unknown; as settle_is_out; ERR_LIMIT
 * settlement_no_layout, order_text; ERR_BUG settlement_differs; as the sink.
 */
KV_MUST_CHECK enum err settle_register(const struct ports *p, struct arena *a,
    struct str portal, struct str id, const struct paper_sink *to,
    struct str *name, struct fault *f);
/*
 * A layout by its name: of the database, or one that the program brings.
 * Fails: ERR_LIMIT settlement_no_layout; ERR_INVALID layout_bad.
 */
KV_MUST_CHECK enum err settle_layout(const struct ports *p, struct arena *a,
    struct str name, struct pay_layout *out, struct fault *f);
/*
 * Keep a new layout.
 * Gives: *out, as it was read.
 * Fails: ERR_INVALID layout_bad; ERR_CONFLICT layout_known.
 */
KV_MUST_CHECK enum err settle_layout_add(const struct ports *p, struct arena *a,
    struct str json, struct str actor, struct pay_layout *out, struct fault *f);

#endif
