/*
 * day: instants, days and months.
 *
 * An instant is int64 ms since 1970 in UTC (suffix _at); a day is text
 * YYYY-MM-DD (suffix _day) in a named zone.  Zones are fixed offsets in
 * minutes east of UTC: Russia has had no daylight saving since 2014 (Federal
 * Law 107-FZ), and a payment's day must not depend on the host's tzdata.
 */
#ifndef KVITOK_BASE_DAY_H
#define KVITOK_BASE_DAY_H

#include "kvitok/base/attr.h"
#include "kvitok/base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define DAY_MS INT64_C(86400000)
#define DAY_TEXT_SIZE 11 /* YYYY-MM-DD and NUL */
#define DAY_RFC3339_SIZE 25
#define DAY_ZONE_MOSCOW 180

/* Gives: the day of at in the zone, as YYYY-MM-DD. */
void day_of(int64_t at, int zone_min, char out[DAY_TEXT_SIZE]);
/* Gives: 2026-11-21T02:13:11.000Z */
void day_rfc3339(int64_t at, char out[DAY_RFC3339_SIZE]);
/* Gives: 21.11.2026 05:13 in the zone, as Russian documents write it. */
void day_russian(int64_t at, int zone_min, char out[17]);
/* Gives: 2026-11-21T05:13:11 in the zone (no offset): the old Sber form. */
void day_local_iso(int64_t at, int zone_min, char out[20]);
/* Accepts Z or an offset, and 0 to 9 decimals of a second. */
KV_MUST_CHECK bool day_parse_rfc3339(struct str s, int64_t *at);
/* Accepts a real day of years 1900 to 2999 only. */
KV_MUST_CHECK bool day_valid(struct str s);
/* Gives: midnight that begins the day in the zone. */
KV_MUST_CHECK bool day_start(struct str day, int zone_min, int64_t *at);
/* Gives: the day that many days later, earlier below zero; false when day or
 * it is none of those years. */
KV_MUST_CHECK bool day_step(struct str day, int days, char out[DAY_TEXT_SIZE]);
/* Accepts YYYY-MM of a real month. */
KV_MUST_CHECK bool day_month_valid(struct str s);

#define DAY_MONTH_SIZE 8 /* YYYY-MM and NUL */

/* Gives: days since 1970-01-01; day is valid (asserted). */
int64_t day_number(struct str day);
/* Gives: the day of a number, in 1900 to 2999 (asserted). */
void day_text(int64_t number, char out[DAY_TEXT_SIZE]);
/* Gives: 1 Monday .. 7 Sunday. */
int day_weekday(int64_t number);
/* Gives: months since the year 0; month is valid (asserted). */
int day_month_number(struct str month);
/* Gives: the month of a number, in 1900 to 2999 (asserted). */
void day_month_text(int number, char out[DAY_MONTH_SIZE]);

#endif
