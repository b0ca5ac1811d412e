/*
 * reg_cell: sums, counts, days and times as banks print them.
 *
 * Pure; used by reg_line.
 */
#ifndef KVITOK_DOMAIN_REG_CELL_H
#define KVITOK_DOMAIN_REG_CELL_H

#include "kvitok/base/attr.h"
#include "kvitok/base/day.h"
#include "kvitok/domain/reg_layout.h"

#define REG_SUM_MAX                                                            \
	INT64_C(1000000000000) /* kopecks: a million rows add up               \
				*/

struct reg_moment {
	char day[DAY_TEXT_SIZE]; /* "" when the form has none */
	int64_t ms;              /* since midnight */
};

/* Gives: s without spaces, no-break and narrow ones too, at both ends. */
struct str reg_cell_trim(struct str s);
/*
 * Roubles: an optional sign (the typographic minus, too), digits, which the
 * layout's spaces may part into threes, its decimal mark and at most two
 * digits.
 */
KV_MUST_CHECK bool reg_cell_sum(
    struct str s, const struct reg_layout *l, int64_t *kop);
/* A number of rows. */
KV_MUST_CHECK bool reg_cell_count(
    struct str s, const struct reg_layout *l, int64_t *n);
/*
 * Read s by a form of D, M, Y, h, m, s and what stands between them; two
 * digits of a year are of this century.
 * Gives: *out; what the form does not have is empty or 0.
 */
KV_MUST_CHECK bool reg_cell_moment(
    struct str s, struct str form, struct reg_moment *out);

#endif
