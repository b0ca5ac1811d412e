/*
 * penalty: what the Housing Code adds to a debt that is paid too late
 * (article 155, parts 14 and 14.1).
 *
 * Pure.  Nothing for the first thirty days, then a part of the rate for each
 * day, a larger part from the ninety-first day on; of capital repair the part
 * does not grow.  The rate is that of the day of payment, or of the day on
 * which the penalty is told, while a cap is in force at most the cap.  The
 * base is the principal: there is no penalty on penalties.  Numbers of days,
 * parts, rates and caps are data.
 */
#ifndef KVITOK_DOMAIN_PENALTY_H
#define KVITOK_DOMAIN_PENALTY_H

#include "kvitok/domain/calendar.h"
#include "kvitok/domain/statement.h"

#define PENALTY_STEPS_MAX 4 /* of a scale */
#define PENALTY_DIVISOR_MAX 1000
#define PENALTY_BASE_MAX INT64_C(10000000000000) /* kopecks */

struct penalty_rate {
	struct str from_day, to_day; /* to_day empty: until further notice */
	int64_t rate_ppm;
};

struct penalty_step {
	struct str scale;
	int64_t from_number; /* of the day of being overdue, from 1 */
	int64_t divisor;     /* 300: one three-hundredth of the rate a day */
};

struct penalty_rules {
	const struct penalty_rate *rates, *caps;
	size_t rates_len, caps_len;
	const struct penalty_step *steps; /* of a scale in order of days */
	size_t steps_len;
};

/* Part of a debt that did not change from the day it was due. */
struct penalty_slice {
	int64_t base_kop;     /* unpaid principal */
	struct str due_day;   /* moved off days off */
	struct str until_day; /* paid on, or told on; counts itself */
};

/*
 * Gives: *kop, exact and rounded half up once; 0 for a scale without steps.
 * Fails: ERR_ABSENT penalty_rate_unknown (no key rate on until_day);
 * ERR_LIMIT sum_overflow (base above PENALTY_BASE_MAX, or below zero).
 */
KV_MUST_CHECK enum err penalty_of(const struct penalty_rules *rules,
    struct str scale, const struct penalty_slice *s, int64_t *kop,
    struct fault *f);

/*
 * Cut what is owed for a service into slices by age: payments go to the
 * oldest charges first and to principal before penalty (Civil Code, articles
 * 319 and 319.1), so that what is left is of the newest ones, and of each the
 * penalty first.  charges are those of the service, in order of months; what
 * is older than they are is taken for one month older than the first.
 * Gives: *slices in a, those overdue on until_day, newest first.
 */
void penalty_slices(struct arena *a, const struct calendar *cal,
    const struct due_rule *dues, size_t dues_len, const struct charge *charges,
    size_t len, int64_t owed_kop, struct str before_month, struct str until_day,
    const struct penalty_slice **slices, size_t *slices_len);

#endif
