#include "kvitok/domain/subscriber.h"

#include "kvitok/base/day.h"

static const char *
judge_benefit(const struct benefit *b)
{
	if (!day_valid(b->from_day) ||
	    (b->to_day.len > 0 && !day_valid(b->to_day)))
		return "exchange_day";
	return b->to_day.len > 0 && str_cmp(b->to_day, b->from_day) < 0
	    ? "exchange_span"
	    : NULL;
}

const char *
subscriber_judge(const struct subscriber *s)
{
	const char *reason = NULL;

	if (s->area_micro < -1)
		return "exchange_area";
	if (s->closed_day.len > 0 && !day_valid(s->closed_day))
		return "exchange_day";
	for (size_t i = 0; i < s->benefits_len && reason == NULL; i++)
		reason = judge_benefit(&s->benefits[i]);
	return reason;
}

bool
subscriber_has_people(const struct subscriber *s)
{
	return s->persons >= 0 || s->area_micro >= 0 || s->benefits_len > 0 ||
	    s->emails_len > 0 || s->phones_len > 0;
}

bool
subscriber_holds(const struct benefit *b, struct str day)
{
	return str_cmp(b->from_day, day) <= 0 &&
	    (b->to_day.len == 0 || str_cmp(day, b->to_day) <= 0);
}
