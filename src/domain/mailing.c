#include "kvitok/domain/mailing.h"

#include "kvitok/base/secret.h"

#define HOUR_MS INT64_C(3600000)
#define ZONE_MS (DAY_ZONE_MOSCOW * INT64_C(60000))

/* The window of a month, on the clock of Moscow. */
struct span {
	int64_t first;        /* number of its first day */
	int64_t days, day_ms; /* day_ms: of its hours */
};

static int64_t
day_at(int64_t at)
{
	return (at + ZONE_MS) / DAY_MS;
}

static int64_t
of_day(int64_t at)
{
	return (at + ZONE_MS) % DAY_MS;
}

static int
month_at(int64_t now)
{
	char day[DAY_TEXT_SIZE];

	day_of(now, DAY_ZONE_MOSCOW, day);
	return day_month_number((struct str){ day, DAY_MONTH_SIZE - 1 });
}

static int64_t
first_of(int month)
{
	char text[DAY_TEXT_SIZE] = "";

	day_month_text(month, text);
	memcpy(text + DAY_MONTH_SIZE - 1, "-01", sizeof("-01"));
	return day_number(str_of(text));
}

static struct span
span_of(const struct mailing_window *w, int64_t now)
{
	int month = month_at(now);
	int64_t begin = first_of(month), len = first_of(month + 1) - begin;
	int64_t first = w->first_day < len ? w->first_day : len;
	int64_t last = w->last_day < len ? w->last_day : len;

	return (struct span){ .first = begin + first - 1,
		.days = last - first + 1,
		.day_ms = (w->to_hour - w->from_hour) * HOUR_MS };
}

/* How much of the window's hours is over. */
static int64_t
over(const struct mailing_window *w, const struct span *s, int64_t now)
{
	int64_t days = day_at(now) - s->first;
	int64_t ms = of_day(now) - w->from_hour * HOUR_MS;

	if (days < 0)
		return 0;
	if (ms < 0)
		ms = 0;
	if (ms > s->day_ms)
		ms = s->day_ms;
	return days * s->day_ms + ms;
}

static const char *const state_names[MAILING__COUNT] = {
	[MAILING_WAITING] = "waiting",
	[MAILING_SENT] = "sent",
	[MAILING_REFUSED] = "refused",
	[MAILING_ABSENT] = "absent",
	[MAILING_STOPPED] = "stopped",
	[MAILING_FAILED] = "failed",
};

const char *
mailing_state_name(enum mailing_state s)
{
	return state_names[s];
}

void
mailing_month(int64_t now, char out[DAY_MONTH_SIZE])
{
	day_month_text(month_at(now) - 1, out);
}

uint32_t
mailing_share(struct str portal, struct str supplier, struct str account)
{
	const struct str part[] = { portal, supplier, account };
	struct secret_sum sum;
	char hex[65];
	uint32_t n = 0;

	secret_sum_begin(&sum);
	for (size_t i = 0; i < KV_COUNT(part); i++) {
		secret_sum_add(&sum, part[i]);
		secret_sum_add(&sum, STR("/"));
	}
	secret_sum_end(&sum, hex);
	for (int i = 0; i < 8; i++)
		n = n << 4 |
		    (uint32_t)(hex[i] <= '9' ? hex[i] - '0'
					     : hex[i] - 'a' + 10);
	return n;
}

bool
mailing_open(const struct mailing_window *w, int64_t now)
{
	struct span s = span_of(w, now);

	return day_at(now) >= s.first && over(w, &s, now) < s.days * s.day_ms;
}

int64_t
mailing_due(const struct mailing_window *w, int64_t now, uint32_t share)
{
	struct span s = span_of(w, now);
	int64_t begun = over(w, &s, now);
	uint64_t left = (uint64_t)(s.days * s.day_ms - begun);
	/* At most 31 days: below 2^32 ms, so that the product fits. */
	int64_t at = begun + (int64_t)(left * share >> 32);
	int64_t due = (s.first + at / s.day_ms) * DAY_MS +
	    w->from_hour * HOUR_MS + at % s.day_ms - ZONE_MS;

	return due < now ? now : due;
}

int64_t
mailing_hours(const struct mailing_window *w, int64_t at)
{
	int64_t ms = of_day(at), from = w->from_hour * HOUR_MS;

	if (ms < from)
		return at - ms + from;
	return ms < w->to_hour * HOUR_MS ? at : at - ms + DAY_MS + from;
}
