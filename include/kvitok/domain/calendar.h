/*
 * calendar: working days, and when the charges of a month are due.
 *
 * Pure.  The production calendar and the law's days are data; a Saturday or
 * a Sunday is a day off unless the calendar says otherwise.
 */
#ifndef KVITOK_DOMAIN_CALENDAR_H
#define KVITOK_DOMAIN_CALENDAR_H

#include "kvitok/base/attr.h"
#include "kvitok/base/day.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct calendar_day {
	struct str day;
	bool working;
};

struct calendar {
	const struct calendar_day *days; /* sorted; what differs */
	size_t len;
};

/* Valid on the first day of the month in which is paid. */
struct due_rule {
	struct str from_day, to_day; /* to_day empty: until further notice */
	int due_day;                 /* 1 .. 28 */
};

/* Is it worked on the day? */
bool calendar_working(const struct calendar *c, struct str day);
/* Gives: day itself, or the first working day after it (Civil Code, article
 * 193). */
void calendar_moved(
    const struct calendar *c, struct str day, char out[DAY_TEXT_SIZE]);
/*
 * The last day on which charges of the month are paid in time.
 * Gives: true and out; false when no rule is valid.
 */
KV_MUST_CHECK bool calendar_due(const struct calendar *c,
    const struct due_rule *rules, size_t rules_len, struct str month,
    char out[DAY_TEXT_SIZE]);

#endif
