/*
 * schedule: when reports that somebody gets regularly fall due, and of which
 * days each is (S8).
 *
 * Pure.  The days since a schedule began are divided into periods without gaps
 * or overlaps: days, weeks, months, or whatever lies between two days on which
 * it falls due.  Each period falls due once, on the first of the schedule's
 * days after it, at a time of day in the portal's zone; so a weekend of a
 * schedule for working days is three periods of Monday, and none is lost in a
 * week of holidays.  Days of periods are those of Moscow, as in the books.
 */
#ifndef KVITOK_DOMAIN_SCHEDULE_H
#define KVITOK_DOMAIN_SCHEDULE_H

#include "kvitok/base/attr.h"
#include "kvitok/base/buf.h"
#include "kvitok/base/day.h"
#include "kvitok/base/fault.h"
#include "kvitok/base/str.h"
#include "kvitok/domain/calendar.h"
#include "kvitok/domain/report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCHEDULE_NAME_MAX 40
#define SCHEDULE_WORD_SIZE 10 /* of a period or of days, with NUL */
#define SCHEDULE_TIME_SIZE 6  /* HH:MM and NUL */
#define SCHEDULE_BACK_MAX 31  /* days that a day may wait */
#define SCHEDULE_MAILS_MAX 20 /* addresses of a schedule */
#define SCHEDULE_TARGET_MAX 2000
#define SCHEDULE_PATH_MAX 200 /* of a file below the folder */
/* What was posted just before midnight is in the books by then. */
#define SCHEDULE_REST_MS 300000

enum schedule_every {
	SCHEDULE_DAY,
	SCHEDULE_WEEK,  /* Monday to Sunday */
	SCHEDULE_MONTH, /* of the calendar */
	SCHEDULE_SINCE  /* from one day that it falls due to the next */
};

enum schedule_days {
	SCHEDULE_ANY,
	SCHEDULE_WORKING,
	SCHEDULE_WEEKDAY,  /* n: 1 Monday .. 7 */
	SCHEDULE_MONTH_DAY /* n: 1 .. 31; one that a month lacks is its last */
};

struct schedule_rule {
	enum schedule_every every;
	int back; /* of SCHEDULE_DAY: it waits so many days, 1 at least */
	enum schedule_days days;
	int n;
	int at_min; /* minutes after midnight of the portal's zone */
};

/* A period, both days in it, and when it falls due. */
struct schedule_period {
	char from[DAY_TEXT_SIZE], to[DAY_TEXT_SIZE], day[DAY_TEXT_SIZE];
	int64_t due_at;
};

/*
 * Read "day", "day:3", "week", "month", "since"; "every", "working", "week:1",
 * "month:5"; "07:30".
 * Gives: *out.
 * Fails: ERR_INVALID schedule_period, schedule_days, schedule_at, its field
 * named.
 */
KV_MUST_CHECK enum err schedule_rule_of(struct str period, struct str days,
    struct str at, struct schedule_rule *out, struct fault *f);
/* Gives: the same words again. */
void schedule_period_word(
    const struct schedule_rule *r, char out[SCHEDULE_WORD_SIZE]);
void schedule_days_word(
    const struct schedule_rule *r, char out[SCHEDULE_WORD_SIZE]);
void schedule_time_word(
    const struct schedule_rule *r, char out[SCHEDULE_TIME_SIZE]);

/*
 * The period that a day begins, or that it is in when weeks and months are
 * meant; zone_min is the portal's.
 */
void schedule_period(const struct schedule_rule *r, const struct calendar *c,
    int zone_min, struct str day, struct schedule_period *out);
/*
 * The period that has the day, of those that begin with that of from_day; one
 * before them begins on a day on which the rule falls due, as they all do
 * after the first.
 */
void schedule_period_with(const struct schedule_rule *r,
    const struct calendar *c, int zone_min, struct str from_day, struct str day,
    struct schedule_period *out);
/*
 * The first period of those that begin with that of from_day; of the ones
 * that are due by now, and end by to_day (empty: whenever), only the last max
 * are looked at.
 * Gives: *out; *missed, how many were left out before it.
 */
void schedule_next(const struct schedule_rule *r, const struct calendar *c,
    int zone_min, struct str from_day, struct str to_day, int64_t now,
    int64_t max, struct schedule_period *out, int64_t *missed);

/* Is it a name: 1 to 40 of a-z, 0-9 and '-', a letter first? */
KV_MUST_CHECK bool schedule_name_ok(struct str name);
/*
 * Judge the pattern of a file below the folder: names of folders and of the
 * file out of letters, digits, '.', '_', '-' and {portal}, {supplier},
 * {report}, {name}, {from}, {to}, {format}; {from} or {to} is in the file's
 * name, so that no period replaces another.  None begins with a dot.
 * Fails: ERR_INVALID schedule_path, field "folder".
 */
KV_MUST_CHECK enum err schedule_path_check(struct str pattern, struct fault *f);
/* Append what a good pattern is for the report. */
void schedule_path(struct buf *b, struct str pattern, struct str name,
    const struct report_query *q, enum report_format format);
/*
 * Addresses, parted by commas and spaces, as one text parted by a space, none
 * twice.
 * Gives: *out in a.
 * Fails: ERR_INVALID schedule_mails (none, or too many); email_bad,
 * email_not_ascii; field "mail".
 */
KV_MUST_CHECK enum err schedule_mails(
    struct arena *a, struct str text, struct str *out, struct fault *f);

#endif
