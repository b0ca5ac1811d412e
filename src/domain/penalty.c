#include "kvitok/domain/penalty.h"

#define PPM_WHOLE 1000000

/* Products of a sum, a rate, days and divisors. */
__extension__ typedef __int128 wide;

static const struct penalty_rate *
valid_on(const struct penalty_rate *list, size_t len, struct str day)
{
	for (size_t i = 0; i < len; i++)
		if (str_cmp(list[i].from_day, day) <= 0 &&
		    (list[i].to_day.len == 0 ||
			str_cmp(day, list[i].to_day) <= 0))
			return &list[i];
	return NULL;
}

/* The steps of a scale: days from one to the next, and the part of a day. */
struct scale {
	int64_t from[PENALTY_STEPS_MAX + 1], divisor[PENALTY_STEPS_MAX];
	size_t len;
};

static void
scale_of(const struct penalty_rules *rules, struct str name, int64_t days,
    struct scale *out)
{
	out->len = 0;
	for (size_t i = 0; i < rules->steps_len; i++) {
		const struct penalty_step *s = &rules->steps[i];

		if (!str_eq(s->scale, name) || s->from_number > days ||
		    out->len == PENALTY_STEPS_MAX)
			continue;
		out->from[out->len] = s->from_number;
		out->divisor[out->len++] = s->divisor;
	}
	out->from[out->len] = days + 1;
}

/*
 * base * rate * sum(days / divisor): over the product of all divisors it is
 * one fraction, which is rounded once.
 */
static int64_t
take(const struct scale *s, int64_t base_kop, int64_t rate_ppm)
{
	wide whole = 1, parts = 0;

	for (size_t i = 0; i < s->len; i++)
		whole *= s->divisor[i];
	for (size_t i = 0; i < s->len; i++)
		parts += (s->from[i + 1] - s->from[i]) * whole / s->divisor[i];
	parts *= (wide)base_kop * rate_ppm;
	whole *= PPM_WHOLE;
	return (int64_t)((2 * parts + whole) / (2 * whole));
}

enum err
penalty_of(const struct penalty_rules *rules, struct str scale,
    const struct penalty_slice *s, int64_t *kop, struct fault *f)
{
	int64_t days = day_number(s->until_day) - day_number(s->due_day);
	const struct penalty_rate *rate, *cap;
	struct scale steps;

	if (s->base_kop < 0 || s->base_kop > PENALTY_BASE_MAX)
		return fault_set(
		    f, ERR_LIMIT, "sum_overflow", "a debt that nobody has");
	scale_of(rules, scale, days, &steps);
	if (steps.len == 0 || s->base_kop == 0) {
		*kop = 0;
		return ERR_OK;
	}
	rate = valid_on(rules->rates, rules->rates_len, s->until_day);
	cap = valid_on(rules->caps, rules->caps_len, s->until_day);
	if (rate == NULL)
		return fault_set(f, ERR_ABSENT, "penalty_rate_unknown",
		    "no key rate on %.*s", STR_ARG(s->until_day));
	*kop = take(&steps, s->base_kop,
	    cap != NULL && cap->rate_ppm < rate->rate_ppm ? cap->rate_ppm
							  : rate->rate_ppm);
	return ERR_OK;
}

struct slicing {
	struct arena *a;
	const struct calendar *cal;
	const struct due_rule *dues;
	size_t dues_len;
	struct str until_day;
	struct penalty_slice *list;
	size_t len;
};

static void
slice_add(struct slicing *s, struct str month, int64_t base_kop)
{
	char due[DAY_TEXT_SIZE];

	if (base_kop <= 0 ||
	    !calendar_due(s->cal, s->dues, s->dues_len, month, due) ||
	    str_cmp(str_of(due), s->until_day) >= 0)
		return;
	s->list[s->len++] = (struct penalty_slice){ .base_kop = base_kop,
		.due_day = arena_str(s->a, str_of(due)),
		.until_day = s->until_day };
}

/* What of the charge is left, without its own penalty. */
static int64_t
principal(const struct charge *c, int64_t left_kop)
{
	int64_t penalty = c->penalty_kop > 0 ? c->penalty_kop : 0;

	return left_kop > penalty ? left_kop - penalty : 0;
}

void
penalty_slices(struct arena *a, const struct calendar *cal,
    const struct due_rule *dues, size_t dues_len, const struct charge *charges,
    size_t len, int64_t owed_kop, struct str before_month, struct str until_day,
    const struct penalty_slice **slices, size_t *slices_len)
{
	struct slicing s = { a, cal, dues, dues_len, until_day,
		ARENA_ARRAY(a, len + 1, struct penalty_slice), 0 };
	struct str oldest = before_month;
	char month[DAY_MONTH_SIZE];

	for (size_t i = len; i > 0 && owed_kop > 0; i--) {
		const struct charge *c = &charges[i - 1];
		struct fault none;
		int64_t kop;

		if (str_cmp(c->month, before_month) >= 0)
			continue;
		oldest = c->month;
		fault_init(&none);
		/* A credit has paid for what was oldest then. */
		if (statement_charged(c, &kop, &none) != ERR_OK || kop <= 0)
			continue;
		kop = kop < owed_kop ? kop : owed_kop;
		owed_kop -= kop;
		slice_add(&s, c->month, principal(c, kop));
	}
	day_month_text(day_month_number(oldest) - 1, month);
	slice_add(&s, arena_str(a, str_of(month)), owed_kop);
	*slices = s.list;
	*slices_len = s.len;
}
