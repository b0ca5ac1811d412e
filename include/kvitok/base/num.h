/*
 * num: numbers out of text, with both bounds and nothing after the digits.
 */
#ifndef KVITOK_BASE_NUM_H
#define KVITOK_BASE_NUM_H

#include "kvitok/base/attr.h"
#include "kvitok/base/str.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Parse a decimal integer: an optional minus, digits, nothing else.
 * Gives: true with *n set when min <= n <= max; else false, *n untouched.
 */
KV_MUST_CHECK bool num_parse(
    struct str s, int64_t min, int64_t max, int64_t *n);
/*
 * Parse roubles as people type them: "1200", "1 200,5", "1200.50" (spaces and
 * no-break spaces between groups; comma or dot; at most two decimals).
 * Gives: true with *kop set when 0 <= kop <= max.
 */
KV_MUST_CHECK bool num_parse_roubles(struct str s, int64_t max, int64_t *kop);
/* Gives: true with the bytes when s is exactly 2 * len hex digits. */
KV_MUST_CHECK bool num_parse_hex(struct str s, void *out, size_t len);
/* Strict base64 with padding; *len is capacity in, length out. */
KV_MUST_CHECK bool num_parse_base64(struct str s, void *out, size_t *len);

#endif
