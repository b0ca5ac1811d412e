/*
 * csv: one line of a table as text, parted by a separator (RFC 4180).
 *
 * Pure.  Reads lines that operators and accounting programs write; a field
 * may be quoted, a quote in it is doubled.  A field holds no line break.
 */
#ifndef KVITOK_DOMAIN_CSV_H
#define KVITOK_DOMAIN_CSV_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/str.h"

#include <stddef.h>

/*
 * Split a line (without its end) into fields, spaces round them cut off where
 * they are not quoted.
 * Gives: *len fields, texts in a or of line; false when there are more than
 * max, or a quote is not closed or stands in the middle.
 */
KV_MUST_CHECK bool csv_split(struct arena *a, struct str line, char sep,
    struct str *fields, size_t max, size_t *len);

#endif
