#include "kvitok/base/day.h"

#include <assert.h>

#define MINUTE_MS INT64_C(60000)
#define YEAR_MIN 1900
#define YEAR_MAX 2999
#define DAYS_TO_1970 719468 /* from 0000-03-01 */
#define DAYS_OF_ERA 146097  /* 400 years */

struct civil {
	int year, month, day, hour, minute, second, ms;
};

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/*
 * Years begin in March here, so that the odd day of a leap year is the last
 * one; month 0 is March (Hinnant, "chrono-compatible low-level date
 * algorithms").
 */
static int64_t
days_of(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = floor_div(y, 400);
	int64_t of_era = y - era * 400;
	int64_t m = month > 2 ? month - 3 : month + 9;
	int64_t of_year = (153 * m + 2) / 5 + day - 1;

	return era * DAYS_OF_ERA + of_era * 365 + of_era / 4 - of_era / 100 +
	    of_year - DAYS_TO_1970;
}

static void
civil_of_days(int64_t days, struct civil *c)
{
	int64_t z = days + DAYS_TO_1970;
	int64_t era = floor_div(z, DAYS_OF_ERA);
	int64_t d = z - era * DAYS_OF_ERA;
	int64_t y = (d - d / 1460 + d / 36524 - d / 146096) / 365;
	int64_t of_year = d - (365 * y + y / 4 - y / 100);
	int64_t m = (5 * of_year + 2) / 153;

	c->day = (int)(of_year - (153 * m + 2) / 5 + 1);
	c->month = (int)(m < 10 ? m + 3 : m - 9);
	c->year = (int)(y + era * 400 + (c->month <= 2));
}

static struct civil
civil_of(int64_t at, int zone_min)
{
	struct civil c;
	int64_t local = at + zone_min * MINUTE_MS;
	int64_t days = floor_div(local, DAY_MS);
	int64_t ms = local - days * DAY_MS;

	civil_of_days(days, &c);
	/* Texts have four digits for it; whatever is read is in 1900..2999. */
	assert(c.year >= 0 && c.year <= 9999);
	c.hour = (int)(ms / 3600000);
	c.minute = (int)(ms / 60000 % 60);
	c.second = (int)(ms / 1000 % 60);
	c.ms = (int)(ms % 1000);
	return c;
}

/* Write v as n digits.  Gives: where the next character goes. */
static char *
put(char *p, int v, int n)
{
	for (int i = n - 1; i >= 0; i--) {
		p[i] = (char)('0' + v % 10);
		v /= 10;
	}
	return p + n;
}

static char *
put_day(char *p, const struct civil *c)
{
	p = put(p, c->year, 4);
	*p++ = '-';
	p = put(p, c->month, 2);
	*p++ = '-';
	return put(p, c->day, 2);
}

static char *
put_time(char *p, const struct civil *c)
{
	p = put(p, c->hour, 2);
	*p++ = ':';
	p = put(p, c->minute, 2);
	*p++ = ':';
	return put(p, c->second, 2);
}

void
day_of(int64_t at, int zone_min, char out[DAY_TEXT_SIZE])
{
	struct civil c = civil_of(at, zone_min);

	*put_day(out, &c) = '\0';
}

void
day_rfc3339(int64_t at, char out[DAY_RFC3339_SIZE])
{
	struct civil c = civil_of(at, 0);
	char *p = put_day(out, &c);

	*p++ = 'T';
	p = put_time(p, &c);
	*p++ = '.';
	p = put(p, c.ms, 3);
	*p++ = 'Z';
	*p = '\0';
}

void
day_local_iso(int64_t at, int zone_min, char out[20])
{
	struct civil c = civil_of(at, zone_min);
	char *p = put_day(out, &c);

	*p++ = 'T';
	*put_time(p, &c) = '\0';
}

void
day_russian(int64_t at, int zone_min, char out[17])
{
	struct civil c = civil_of(at, zone_min);
	char *p = put(out, c.day, 2);

	*p++ = '.';
	p = put(p, c.month, 2);
	*p++ = '.';
	p = put(p, c.year, 4);
	*p++ = ' ';
	p = put(p, c.hour, 2);
	*p++ = ':';
	*put(p, c.minute, 2) = '\0';
}

/* Take n digits off s, of a number from min to max. */
static bool
take(struct str *s, size_t n, int min, int max, int *out)
{
	int v = 0;

	if (s->len < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return false;
		v = v * 10 + (s->p[i] - '0');
	}
	s->p += n;
	s->len -= n;
	*out = v;
	return v >= min && v <= max;
}

static bool
take_char(struct str *s, char c)
{
	if (s->len == 0 || s->p[0] != c)
		return false;
	s->p++;
	s->len--;
	return true;
}

static bool
take_month(struct str *s, struct civil *c)
{
	return take(s, 4, YEAR_MIN, YEAR_MAX, &c->year) && take_char(s, '-') &&
	    take(s, 2, 1, 12, &c->month);
}

static bool
take_day(struct str *s, struct civil *c)
{
	struct civil back;

	if (!take_month(s, c) || !take_char(s, '-') ||
	    !take(s, 2, 1, 31, &c->day))
		return false;
	/* The 30th of February comes back as another day. */
	civil_of_days(days_of(c->year, c->month, c->day), &back);
	return back.day == c->day;
}

static bool
take_time(struct str *s, struct civil *c)
{
	return take(s, 2, 0, 23, &c->hour) && take_char(s, ':') &&
	    take(s, 2, 0, 59, &c->minute) && take_char(s, ':') &&
	    take(s, 2, 0, 59, &c->second);
}

/* Decimals of a second: what is finer than a ms is cut off. */
static bool
take_decimals(struct str *s, int *ms)
{
	int scale = 100, n = 0, digit;

	*ms = 0;
	if (!take_char(s, '.'))
		return true;
	while (n < 9 && take(s, 1, 0, 9, &digit)) {
		*ms += digit * scale;
		scale /= 10;
		n++;
	}
	return n > 0;
}

static bool
take_zone(struct str *s, int *zone_min)
{
	int sign = 1, hours, minutes;

	*zone_min = 0;
	if (take_char(s, 'Z') || take_char(s, 'z'))
		return true;
	if (take_char(s, '-'))
		sign = -1;
	else if (!take_char(s, '+'))
		return false;
	if (!take(s, 2, 0, 23, &hours) || !take_char(s, ':') ||
	    !take(s, 2, 0, 59, &minutes))
		return false;
	*zone_min = sign * (hours * 60 + minutes);
	return true;
}

static int64_t
instant(const struct civil *c, int zone_min)
{
	int64_t minutes = c->hour * 60 + c->minute - zone_min;

	return days_of(c->year, c->month, c->day) * DAY_MS +
	    minutes * MINUTE_MS + c->second * INT64_C(1000) + c->ms;
}

bool
day_parse_rfc3339(struct str s, int64_t *at)
{
	struct civil c;
	int zone_min;

	if (!take_day(&s, &c) || (!take_char(&s, 'T') && !take_char(&s, 't')))
		return false;
	if (!take_time(&s, &c) || !take_decimals(&s, &c.ms) ||
	    !take_zone(&s, &zone_min) || s.len > 0)
		return false;
	*at = instant(&c, zone_min);
	return true;
}

bool
day_valid(struct str s)
{
	struct civil c;

	return take_day(&s, &c) && s.len == 0;
}

bool
day_start(struct str day, int zone_min, int64_t *at)
{
	struct civil c = { 0 };

	if (!take_day(&day, &c) || day.len > 0)
		return false;
	*at = instant(&c, zone_min);
	return true;
}

bool
day_step(struct str day, int days, char out[DAY_TEXT_SIZE])
{
	int64_t at;

	if (!day_start(day, 0, &at))
		return false;
	day_of(at + days * DAY_MS, 0, out);
	return day_valid(str_of(out));
}

bool
day_month_valid(struct str s)
{
	struct civil c;

	return take_month(&s, &c) && s.len == 0;
}

int64_t
day_number(struct str day)
{
	struct civil c;
	bool ok = take_day(&day, &c) && day.len == 0;

	assert(ok);
	(void)ok; /* for a build without assert */
	return days_of(c.year, c.month, c.day);
}

void
day_text(int64_t number, char out[DAY_TEXT_SIZE])
{
	struct civil c;

	civil_of_days(number, &c);
	assert(c.year >= YEAR_MIN && c.year <= YEAR_MAX);
	*put_day(out, &c) = '\0';
}

int
day_weekday(int64_t number)
{
	/* 1970-01-01 was a Thursday. */
	return (int)(number + 3 - 7 * floor_div(number + 3, 7)) + 1;
}

int
day_month_number(struct str month)
{
	struct civil c;
	bool ok = take_month(&month, &c) && month.len == 0;

	assert(ok);
	(void)ok; /* for a build without assert */
	return c.year * 12 + c.month - 1;
}

void
day_month_text(int number, char out[DAY_MONTH_SIZE])
{
	int year = number / 12;

	assert(year >= YEAR_MIN && year <= YEAR_MAX);
	out = put(out, year, 4);
	*out++ = '-';
	*put(out, number % 12 + 1, 2) = '\0';
}
