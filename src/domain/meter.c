#include "kvitok/domain/meter.h"

#include "kvitok/base/num.h"

#include <assert.h>
#include <string.h>

static const char *const hand_names[] = {
	[METER_WHEN_PAID] = "paid",
	[METER_AT_ONCE] = "at_once",
};

/* Day of the month of YYYY-MM-DD. */
static int
day_of_month(struct str day)
{
	assert(day.len == 10);
	return (day.p[8] - '0') * 10 + (day.p[9] - '0');
}

/* 5 digits: 100000. */
static int64_t
end_of(int digits)
{
	int64_t end = 1;

	assert(digits >= 1 && digits <= METER_DIGITS_MAX);
	while (digits-- > 0)
		end *= 10;
	return end;
}

bool
meter_window_open(const struct meter_rule *rule, struct str day)
{
	int n = day_of_month(day);

	return n >= rule->first_day && n <= rule->last_day;
}

static enum err
check_days(const struct meter_rule *rule, const struct meter_was *m,
    struct str day, struct fault *f)
{
	if (day_of_month(day) < rule->first_day)
		return fault_set(f, ERR_LIMIT, "reading_too_early",
		    "window begins on day %d", rule->first_day);
	if (!meter_window_open(rule, day))
		return fault_set(f, ERR_LIMIT, "reading_too_late",
		    "window ended on day %d", rule->last_day);
	/* On the day itself it is still good. */
	if (m->verify_day.len > 0 && str_cmp(m->verify_day, day) < 0)
		return fault_set(f, ERR_LIMIT, "reading_verification",
		    "was due on %.*s", STR_ARG(m->verify_day));
	return ERR_OK;
}

enum err
meter_take(const struct meter_rule *rule, const struct meter_was *m,
    struct str day, int64_t value, struct meter_taken *out, struct fault *f)
{
	int64_t end = end_of(m->digits), use;
	bool rolled = value < m->last_value;
	enum err rc = check_days(rule, m, day, f);

	if (rc != ERR_OK)
		return rc;
	if (value < 0 || value >= end)
		return fault_set(f, ERR_LIMIT, "reading_digits",
		    "the meter has %d digits", m->digits);
	use = value - m->last_value;
	if (rolled)
		use += end;
	if (rolled && (use < 0 || use > rule->max_use))
		return fault_set(f, ERR_LIMIT, "reading_below",
		    "the last one was %lld", (long long)m->last_value);
	if (use > rule->max_use)
		return fault_set(f, ERR_LIMIT, "reading_use",
		    "%lld used, at most %lld", (long long)use,
		    (long long)rule->max_use);
	out->use = use;
	out->rolled = rolled;
	memcpy(out->period, day.p, METER_PERIOD_SIZE - 1);
	out->period[METER_PERIOD_SIZE - 1] = '\0';
	return ERR_OK;
}

const char *
meter_hand_name(enum meter_hand h)
{
	return hand_names[h];
}

bool
meter_hand_of(struct str name, enum meter_hand *out)
{
	for (size_t i = 0; i < KV_COUNT(hand_names); i++)
		if (str_eq(name, str_of(hand_names[i]))) {
			*out = (enum meter_hand)i;
			return true;
		}
	return false;
}
