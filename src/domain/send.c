#include "kvitok/domain/send.h"

#include "kvitok/domain/exchange.h"

#define GAP_DOUBLES_MAX 8

static const struct kind {
	const char *name, *record;
} kinds[SEND_KIND__COUNT] = {
	[SEND_PAYMENTS] = { "payments", "payment" },
	[SEND_REFUNDS] = { "refunds", "refund" },
	[SEND_READINGS] = { "readings", "reading" },
	[SEND_SETTLEMENT] = { "settlement", "settlement" },
	[SEND_REQUESTS] = { "requests", "request" },
};

static const char *const states[SENT__COUNT] = {
	[SENT_GATHERING] = "gathering",
	[SENT_SENT] = "sent",
	[SENT_ACKNOWLEDGED] = "acknowledged",
	[SENT_REFUSED] = "refused",
};

const char *
send_kind_name(enum send_kind k)
{
	return kinds[k].name;
}

enum send_kind
send_kind_of(struct str name)
{
	size_t i = 0;

	while (i < SEND_KIND__COUNT && !str_eq(name, str_of(kinds[i].name)))
		i++;
	return (enum send_kind)i;
}

const char *
send_record_name(enum send_kind k)
{
	return kinds[k].record;
}

int64_t
send_records(enum send_kind k, int64_t items)
{
	return k == SEND_SETTLEMENT ? 0 : items;
}

const char *
sent_state_name(enum sent_state s)
{
	return states[s];
}

enum sent_state
sent_state_of(struct str name)
{
	size_t i = 0;

	while (i < SENT__COUNT && !str_eq(name, str_of(states[i])))
		i++;
	return (enum sent_state)i;
}

void
send_over_day(int64_t now, char out[DAY_TEXT_SIZE])
{
	day_of(now - SEND_GRACE_MS - DAY_MS, DAY_ZONE_MOSCOW, out);
}

void
send_look_from(
    struct str day, struct str from, struct str look, char out[DAY_TEXT_SIZE])
{
	int64_t n = day_number(day) - SEND_LOOK_BACK_DAYS;

	if (look.len > 0 && day_number(look) < n)
		n = day_number(look);
	if (day_number(from) > n)
		n = day_number(from);
	day_text(n, out);
}

int64_t
send_next_at(int64_t tries, int64_t answer_ms, int64_t now)
{
	int64_t gap = answer_ms;

	for (int64_t i = 1; i < tries && i <= GAP_DOUBLES_MAX; i++)
		gap *= 2;
	return now + gap;
}

const char *
send_answer_differs(const struct send_answer *x, int64_t items, int64_t sum_kop,
    int64_t listed, int64_t listed_kop)
{
	if (!x->applied)
		return NULL;
	if (x->count + x->refused != items)
		return "count";
	/* An acknowledgement names no more of them. */
	if (listed == EXCHANGE_REFUSED_MAX && x->refused > listed)
		return NULL;
	if (listed != x->refused)
		return "refused_count";
	return x->sum_kop == sum_kop - listed_kop ? NULL : "sum_kop";
}
