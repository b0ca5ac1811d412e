#include "kvitok/domain/calendar.h"

#define SATURDAY 6

bool
calendar_working(const struct calendar *c, struct str day)
{
	size_t from = 0, to = c->len;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		int order = str_cmp(c->days[mid].day, day);

		if (order == 0)
			return c->days[mid].working;
		if (order < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return day_weekday(day_number(day)) < SATURDAY;
}

void
calendar_moved(
    const struct calendar *c, struct str day, char out[DAY_TEXT_SIZE])
{
	int64_t n = day_number(day);

	/* As long as a calendar can be, every day could be off. */
	for (size_t i = 0; i <= c->len + 2; i++, n++) {
		day_text(n, out);
		if (calendar_working(c, str_of(out)))
			return;
	}
}

bool
calendar_due(const struct calendar *c, const struct due_rule *rules,
    size_t rules_len, struct str month, char out[DAY_TEXT_SIZE])
{
	char next[DAY_MONTH_SIZE], day[DAY_TEXT_SIZE];

	day_month_text(day_month_number(month) + 1, next);
	memcpy(day, next, DAY_MONTH_SIZE);
	memcpy(day + DAY_MONTH_SIZE - 1, "-01", sizeof("-01"));
	for (size_t i = 0; i < rules_len; i++) {
		const struct due_rule *r = &rules[i];

		if (str_cmp(r->from_day, str_of(day)) > 0 ||
		    (r->to_day.len > 0 && str_cmp(str_of(day), r->to_day) > 0))
			continue;
		day[8] = (char)('0' + r->due_day / 10);
		day[9] = (char)('0' + r->due_day % 10);
		calendar_moved(c, str_of(day), out);
		return true;
	}
	return false;
}
