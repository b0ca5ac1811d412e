#include "kvitok/sim/order.h"

#include "kvitok/base/day.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define ACTION_TIME_OVER (-2007)
#define ACTION_ATTEMPTS_OVER (-2013)
#define ACTION_REVERSED 400

void
order_to_acs(struct order *o)
{
	if (o->state == ORDER_OPEN)
		o->state = ORDER_ACS;
}

bool
order_payable(const struct order *o)
{
	return o->state == ORDER_OPEN || o->state == ORDER_ACS;
}

bool
order_was_paid(const struct order *o)
{
	return o->state == ORDER_PAID || o->state == ORDER_REFUNDED ||
	    o->state == ORDER_HELD || o->state == ORDER_REVERSED;
}

static void
make_references(struct order *o, int64_t now)
{
	uint64_t n = (uint64_t)now / 1000 * 1000 + o->serial % 1000;

	(void)snprintf(
	    o->rrn, sizeof(o->rrn), "%012" PRIu64, n % 1000000000000u);
	(void)snprintf(o->auth_code, sizeof(o->auth_code), "%06u",
	    (unsigned)((o->serial * 7919 + 104729) % 1000000));
}

enum order_verdict
order_pay(struct order *o, int64_t now)
{
	if (!order_payable(o))
		return ORDER_WRONG_STATE;
	o->action = 0;
	o->ext = "";
	o->authorised_at = now;
	o->approved_kop = o->amount_kop;
	make_references(o, now);
	if (o->two_stage) {
		o->state = ORDER_HELD;
		return ORDER_DONE;
	}
	o->state = ORDER_PAID;
	o->deposited_kop = o->amount_kop;
	o->deposited_at = now;
	return ORDER_DONE;
}

enum order_verdict
order_refuse(struct order *o, int action, const char *ext)
{
	if (!order_payable(o))
		return ORDER_WRONG_STATE;
	o->action = action;
	o->ext = ext;
	o->attempts_left--;
	o->state = o->attempts_left > 0 ? ORDER_OPEN : ORDER_REFUSED;
	/* With one attempt allowed the refusal itself is what ended it. */
	if (o->state == ORDER_REFUSED && o->new_dialect && o->c->attempts > 1)
		o->action = ACTION_ATTEMPTS_OVER;
	return ORDER_DONE;
}

enum order_verdict
order_expire(struct order *o)
{
	if (!order_payable(o))
		return ORDER_WRONG_STATE;
	o->state = ORDER_REFUSED;
	o->action = ACTION_TIME_OVER;
	o->ext = "CLIENT_LOST";
	return ORDER_DONE;
}

enum order_verdict
order_cancel(struct order *o)
{
	if (!order_payable(o))
		return ORDER_WRONG_STATE;
	o->state = ORDER_REFUSED;
	o->cancelled = true;
	o->ext = "USER_CANCEL";
	return ORDER_DONE;
}

enum order_verdict
order_deposit(struct order *o, int64_t amount_kop, int64_t now)
{
	if (o->state != ORDER_HELD)
		return ORDER_WRONG_STATE;
	if (amount_kop < 0 || amount_kop > o->approved_kop ||
	    (amount_kop > 0 && amount_kop < 100))
		return ORDER_WRONG_SUM;
	o->deposited_kop = amount_kop > 0 ? amount_kop : o->approved_kop;
	o->deposited_at = now;
	o->state = ORDER_PAID;
	return ORDER_DONE;
}

enum order_verdict
order_reverse(struct order *o, int64_t now)
{
	char paid[DAY_TEXT_SIZE], today[DAY_TEXT_SIZE];

	if (o->state != ORDER_HELD && o->state != ORDER_PAID)
		return ORDER_WRONG_STATE;
	day_of(o->authorised_at, DAY_ZONE_MOSCOW, paid);
	day_of(now, DAY_ZONE_MOSCOW, today);
	if (o->state == ORDER_PAID && strcmp(paid, today) != 0)
		return ORDER_WRONG_STATE;
	o->state = ORDER_REVERSED;
	o->action = ACTION_REVERSED;
	o->deposited_kop = 0;
	o->approved_kop = 0;
	o->reversed_at = now;
	return ORDER_DONE;
}

static const struct order_refund *
refund_find(const struct order *o, struct str external_id)
{
	for (size_t i = 0; external_id.len > 0 && i < o->refunds_len; i++)
		if (str_eq(str_of(o->refunds[i].external_id), external_id))
			return &o->refunds[i];
	return NULL;
}

bool
order_refunded(const struct order *o, struct str external_id)
{
	return refund_find(o, external_id) != NULL;
}

enum order_verdict
order_refund(
    struct order *o, int64_t amount_kop, struct str external_id, int64_t now)
{
	const struct order_refund *same = refund_find(o, external_id);
	struct order_refund *r;

	if (same)
		return same->amount_kop == amount_kop ? ORDER_REPEATED
						      : ORDER_WRONG_REPEAT;
	if (o->state != ORDER_PAID && o->state != ORDER_REFUNDED)
		return ORDER_WRONG_STATE;
	if (amount_kop == 0)
		amount_kop = o->deposited_kop;
	if (amount_kop < 1 || amount_kop > o->deposited_kop ||
	    o->refunds_len == ORDER_REFUNDS_MAX)
		return ORDER_WRONG_SUM;
	r = &o->refunds[o->refunds_len++];
	*r = (struct order_refund){ .at = now, .amount_kop = amount_kop };
	(void)snprintf(r->external_id, sizeof(r->external_id), "%.*s",
	    STR_ARG(external_id));
	(void)snprintf(r->rrn, sizeof(r->rrn), "%012" PRIu64,
	    ((uint64_t)now / 1000 + o->refunds_len) % 1000000000000u);
	o->deposited_kop -= amount_kop;
	o->refunded_kop += amount_kop;
	o->refunded_at = now;
	o->state = ORDER_REFUNDED;
	return ORDER_DONE;
}

const char *
order_payment_state(const struct order *o)
{
	static const char *const names[] = {
		[ORDER_OPEN] = "CREATED",
		[ORDER_HELD] = "APPROVED",
		[ORDER_PAID] = "DEPOSITED",
		[ORDER_REVERSED] = "REVERSED",
		[ORDER_REFUNDED] = "REFUNDED",
		[ORDER_ACS] = "CREATED",
		[ORDER_REFUSED] = "DECLINED",
	};

	return names[o->state];
}

const char *
order_state_name(enum order_state state)
{
	static const char *const names[] = {
		[ORDER_OPEN] = "open",
		[ORDER_HELD] = "held",
		[ORDER_PAID] = "paid",
		[ORDER_REVERSED] = "reversed",
		[ORDER_REFUNDED] = "refunded",
		[ORDER_ACS] = "3ds",
		[ORDER_REFUSED] = "declined",
	};

	return names[state];
}
