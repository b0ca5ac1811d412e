/*
 * money: sums in kopecks.
 *
 * Arithmetic is checked: what does not fit into 64 bits is a failure, never
 * a wrong sum.  No floating point; no rounding that a contract does not name.
 */
#ifndef KVITOK_DOMAIN_MONEY_H
#define KVITOK_DOMAIN_MONEY_H

#include "kvitok/base/attr.h"
#include "kvitok/base/buf.h"
#include "kvitok/base/fault.h"
#include "kvitok/base/str.h"

#include <stddef.h>
#include <stdint.h>

struct money {
	int64_t kop;
};

/* Gives: *out = a + b; untouched on failure.  Fails: ERR_LIMIT sum_overflow. */
KV_MUST_CHECK enum err money_add(
    struct money a, struct money b, struct money *out, struct fault *f);
/* Gives: *out = a - b; untouched on failure.  Fails: ERR_LIMIT sum_overflow. */
KV_MUST_CHECK enum err money_sub(
    struct money a, struct money b, struct money *out, struct fault *f);
/*
 * Take a share of a in millionths, rounded half up to the kopeck (of a sum
 * below zero: the same size as of the sum above it).
 * Gives: *out; untouched on failure.
 * Fails: ERR_LIMIT sum_overflow.
 */
KV_MUST_CHECK enum err money_ppm(
    struct money a, int32_t ppm, struct money *out, struct fault *f);
/*
 * Share total out by weights (none below zero, their sum above zero); each
 * part is cut towards zero, and part rest_to gets what is left, so that the
 * parts add up to total.
 * Gives: parts[0 .. n - 1]; untouched on failure.
 * Fails: ERR_BUG share_bad; ERR_LIMIT sum_overflow (sum of the weights).
 */
KV_MUST_CHECK enum err money_share(struct money total,
    const struct money *weights, size_t n, size_t rest_to, struct money *parts,
    struct fault *f);
/*
 * Read roubles as people type them (num_parse_roubles).
 * Gives: *out, 0 .. max; untouched on failure.
 * Fails: ERR_INVALID field_form.
 */
KV_MUST_CHECK enum err money_parse(
    struct str s, struct money max, struct money *out, struct fault *f);
/* Append roubles as people read them: 1 218,00 (buf_roubles). */
void money_print(struct buf *b, struct money m);

#endif
