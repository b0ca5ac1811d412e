#include "kvitok/bank/health.h"

/* Slots of one contract, counted from its first. */
#define OPENED 0 /* when it was last found down, ms; 0: it is not */
#define SINCE 1  /* when it went down, or came back */
#define TRIAL 2  /* when somebody began to try it; 0: nobody does */
#define PAGES (TRIAL + 1)
#define PAGE_OF 0 /* which tenth of a window a page counts */
#define PAGE_CALLS 1
#define PAGE_FAILED 2
#define PAGE_SLOW 3
#define PAGE_SIZE ((size_t)4)
#define ENDS (PAGES + PAGE_SIZE * HEALTH_PAGES)
#define LATENCY (ENDS + (size_t)HEALTH_CALL__COUNT * HEALTH_END__COUNT)
#define LATENCY_SUM (LATENCY + HEALTH_BUCKETS)

static const char *const call_names[HEALTH_CALL__COUNT] = {
	[HEALTH_START] = "start",
	[HEALTH_STATUS] = "status",
	[HEALTH_CANCEL] = "cancel",
	[HEALTH_REFUND] = "refund",
};

static const char *const end_names[HEALTH_END__COUNT] = {
	[HEALTH_ANSWERED] = "answered",
	[HEALTH_HTTP_ERROR] = "http_error",
	[HEALTH_NOT_SENT] = "not_sent",
	[HEALTH_UNSURE] = "unsure",
};

static const struct {
	int64_t ms;
	const char *seconds;
} bounds[HEALTH_BUCKETS] = {
	{ 50, "0.05" },
	{ 100, "0.1" },
	{ 250, "0.25" },
	{ 500, "0.5" },
	{ 1000, "1" },
	{ 2500, "2.5" },
	{ 5000, "5" },
	{ 10000, "10" },
	{ INT64_MAX, "+Inf" },
};

static int64_t
get(const struct health *h, size_t slot)
{
	return stats_get(h->stats, h->first + slot);
}

static void
add(const struct health *h, size_t slot, int64_t n)
{
	stats_add(h->stats, h->first + slot, n);
}

static void
set(const struct health *h, size_t slot, int64_t n)
{
	stats_set(h->stats, h->first + slot, n);
}

/* Which tenth of a window now is in, counted from 1970. */
static int64_t
tenth(const struct health *h, int64_t now)
{
	return now / (h->window_s * 1000 / HEALTH_PAGES);
}

static size_t
page_of(int64_t t)
{
	return PAGES + PAGE_SIZE * (size_t)(t % HEALTH_PAGES);
}

static void
count(const struct health *h, bool failed, bool slow, int64_t now)
{
	int64_t t = tenth(h, now);
	size_t page = page_of(t);

	if (get(h, page + PAGE_OF) != t) {
		set(h, page + PAGE_OF, t);
		set(h, page + PAGE_CALLS, 0);
		set(h, page + PAGE_FAILED, 0);
		set(h, page + PAGE_SLOW, 0);
	}
	add(h, page + PAGE_CALLS, 1);
	if (failed)
		add(h, page + PAGE_FAILED, 1);
	else if (slow)
		add(h, page + PAGE_SLOW, 1);
}

static void
forget(const struct health *h)
{
	for (size_t i = PAGES; i < ENDS; i++)
		set(h, i, 0);
}

static void
sum_window(const struct health *h, int64_t now, struct health_view *v)
{
	int64_t t = tenth(h, now);

	for (int64_t i = t - HEALTH_PAGES + 1; i <= t; i++) {
		size_t page = page_of(i);

		if (get(h, page + PAGE_OF) != i)
			continue;
		v->calls += get(h, page + PAGE_CALLS);
		v->failed += get(h, page + PAGE_FAILED);
		v->slow += get(h, page + PAGE_SLOW);
	}
}

static bool
too_many_bad(const struct health *h, int64_t now)
{
	struct health_view v = { .calls = 0 };

	sum_window(h, now, &v);
	return v.calls >= h->min_calls && v.calls > 0 &&
	    (v.failed + v.slow) * 100 >= h->share_pct * v.calls;
}

/* Its pause is over, so that calls may show how it is. */
static bool
on_trial(const struct health *h, int64_t opened, int64_t now)
{
	return now >= opened + h->open_s * 1000;
}

/* The first call to end after the pause decides. */
static void
decide(const struct health *h, bool bad, int64_t now)
{
	forget(h);
	set(h, OPENED, bad ? now : 0);
	if (!bad)
		set(h, SINCE, now);
	set(h, TRIAL, 0);
}

void
health_note(const struct health *h, enum health_call call, enum health_end end,
    int64_t took_ms, int64_t now)
{
	bool failed = end != HEALTH_ANSWERED, slow = took_ms >= h->slow_ms;
	size_t bucket = 0;
	int64_t opened;

	if (h->stats == NULL)
		return;
	while (took_ms > bounds[bucket].ms)
		bucket++;
	add(h, ENDS + (size_t)call * HEALTH_END__COUNT + (size_t)end, 1);
	add(h, LATENCY + bucket, 1);
	add(h, LATENCY_SUM, took_ms);

	opened = get(h, OPENED);
	if (opened == 0) {
		count(h, failed, slow, now);
		if ((failed || slow) && too_many_bad(h, now) &&
		    stats_swap(h->stats, h->first + OPENED, 0, now))
			set(h, SINCE, now);
	} else if (on_trial(h, opened, now)) {
		decide(h, failed || slow, now);
	}
}

static enum health_state
state_of(const struct health *h, int64_t now)
{
	int64_t opened = get(h, OPENED);

	if (opened == 0)
		return HEALTH_CLOSED;
	return on_trial(h, opened, now) ? HEALTH_HALF_OPEN : HEALTH_OPEN;
}

bool
health_is_down(const struct health *h, int64_t now)
{
	return h->stats != NULL && state_of(h, now) == HEALTH_OPEN;
}

bool
health_admits(const struct health *h, int64_t now)
{
	int64_t trial;

	if (h->stats == NULL)
		return true;
	switch (state_of(h, now)) {
	case HEALTH_CLOSED:
		return true;
	case HEALTH_OPEN:
	case HEALTH_STATE__COUNT:
		return false;
	case HEALTH_HALF_OPEN:
		break;
	}
	trial = get(h, TRIAL);
	return (trial == 0 || now >= trial + h->trial_ms) &&
	    stats_swap(h->stats, h->first + TRIAL, trial, now);
}

void
health_look(const struct health *h, int64_t now, struct health_view *out)
{
	*out = (struct health_view){ .state = HEALTH_CLOSED };
	if (h->stats == NULL)
		return;
	out->state = state_of(h, now);
	out->since_at = get(h, SINCE);
	sum_window(h, now, out);
}

const char *
health_state_name(enum health_state s)
{
	static const char *const names[HEALTH_STATE__COUNT] = { "closed",
		"open", "half_open" };

	return names[s];
}

void
health_calls_text(const struct health *h, struct str contract, struct buf *b)
{
	if (h->stats == NULL)
		return;
	for (size_t c = 0; c < HEALTH_CALL__COUNT; c++)
		for (size_t e = 0; e < HEALTH_END__COUNT; e++)
			buf_fmt(b,
			    "kvitok_bank_calls_total{contract=\"%.*s\","
			    "call=\"%s\",end=\"%s\"} %lld\n",
			    STR_ARG(contract), call_names[c], end_names[e],
			    (long long)get(
				h, ENDS + c * HEALTH_END__COUNT + e));
}

void
health_latency_text(const struct health *h, struct str contract, struct buf *b)
{
	int64_t sum, sofar = 0;

	if (h->stats == NULL)
		return;
	for (size_t i = 0; i < HEALTH_BUCKETS; i++) {
		sofar += get(h, LATENCY + i);
		buf_fmt(b,
		    "kvitok_bank_call_seconds_bucket{contract=\"%.*s\","
		    "le=\"%s\"} %lld\n",
		    STR_ARG(contract), bounds[i].seconds, (long long)sofar);
	}
	sum = get(h, LATENCY_SUM);
	buf_fmt(b,
	    "kvitok_bank_call_seconds_sum{contract=\"%.*s\"} %lld.%03lld\n"
	    "kvitok_bank_call_seconds_count{contract=\"%.*s\"} %lld\n",
	    STR_ARG(contract), (long long)(sum / 1000), (long long)(sum % 1000),
	    STR_ARG(contract), (long long)sofar);
}
