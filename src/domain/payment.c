#include "kvitok/domain/payment.h"

#include "kvitok/base/day.h"
#include "kvitok/base/num.h"
#include "kvitok/base/secret.h"

#include <stdio.h>

#define RUB 643 /* ISO 4217 numeric */
#define MINUTE_MS INT64_C(60000)

static const char base32_digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static const char *const pay_names[PAY__COUNT] = {
	[PAY_CREATED] = "created",
	[PAY_PENDING] = "pending",
	[PAY_PAID] = "paid",
	[PAY_DECLINED] = "declined",
	[PAY_EXPIRED] = "expired",
	[PAY_CANCELLED] = "cancelled",
	[PAY_PARTLY_REFUNDED] = "partly_refunded",
	[PAY_REFUNDED] = "refunded",
};

static const char *const att_names[ATT__COUNT] = {
	[ATT_INTENDED] = "intended",
	[ATT_REGISTERED] = "registered",
	[ATT_UNKNOWN] = "unknown",
	[ATT_REFUSED] = "refused",
	[ATT_PAID] = "paid",
	[ATT_DECLINED] = "declined",
	[ATT_EXPIRED] = "expired",
};

#define TO(state) (1u << (state))

/* A late, valid confirmation wins over declined, expired and cancelled. */
static const unsigned pay_moves[PAY__COUNT] = {
	[PAY_CREATED] = TO(PAY_PENDING) | TO(PAY_CANCELLED) | TO(PAY_EXPIRED),
	[PAY_PENDING] = TO(PAY_PAID) | TO(PAY_DECLINED) | TO(PAY_EXPIRED) |
	    TO(PAY_CANCELLED),
	[PAY_PAID] = TO(PAY_PARTLY_REFUNDED) | TO(PAY_REFUNDED),
	[PAY_DECLINED] = TO(PAY_PENDING) | TO(PAY_PAID) | TO(PAY_EXPIRED) |
	    TO(PAY_CANCELLED),
	[PAY_EXPIRED] = TO(PAY_PENDING) | TO(PAY_PAID) | TO(PAY_CANCELLED),
	[PAY_CANCELLED] = TO(PAY_PAID),
	[PAY_PARTLY_REFUNDED] = TO(PAY_PARTLY_REFUNDED) | TO(PAY_REFUNDED),
	[PAY_REFUNDED] = 0,
};

static const unsigned att_moves[ATT__COUNT] = {
	[ATT_INTENDED] = TO(ATT_REGISTERED) | TO(ATT_UNKNOWN) |
	    TO(ATT_REFUSED) | TO(ATT_PAID) | TO(ATT_DECLINED) | TO(ATT_EXPIRED),
	[ATT_REGISTERED] = TO(ATT_PAID) | TO(ATT_DECLINED) | TO(ATT_EXPIRED),
	[ATT_UNKNOWN] = TO(ATT_REGISTERED) | TO(ATT_REFUSED) | TO(ATT_PAID) |
	    TO(ATT_DECLINED) | TO(ATT_EXPIRED),
	[ATT_REFUSED] = TO(ATT_PAID),
	[ATT_PAID] = 0,
	[ATT_DECLINED] = TO(ATT_PAID),
	[ATT_EXPIRED] = TO(ATT_PAID),
};

const char *
pay_state_name(enum pay_state s)
{
	return pay_names[s];
}

const char *
att_state_name(enum att_state s)
{
	return att_names[s];
}

bool
pay_state_of(struct str name, enum pay_state *s)
{
	for (unsigned i = 0; i < PAY__COUNT; i++)
		if (str_eq(name, str_of(pay_names[i]))) {
			*s = (enum pay_state)i;
			return true;
		}
	return false;
}

bool
att_state_of(struct str name, enum att_state *s)
{
	for (unsigned i = 0; i < ATT__COUNT; i++)
		if (str_eq(name, str_of(att_names[i]))) {
			*s = (enum att_state)i;
			return true;
		}
	return false;
}

bool
pay_may_move(enum pay_state from, enum pay_state to)
{
	return (pay_moves[from] & TO(to)) != 0;
}

bool
att_may_move(enum att_state from, enum att_state to)
{
	return (att_moves[from] & TO(to)) != 0;
}

bool
pay_is_paid(enum pay_state s)
{
	return s == PAY_PAID || s == PAY_PARTLY_REFUNDED || s == PAY_REFUNDED;
}

bool
att_is_open(enum att_state s)
{
	return s == ATT_INTENDED || s == ATT_REGISTERED || s == ATT_UNKNOWN;
}

bool
att_is_closed(enum att_state s)
{
	return !att_is_open(s);
}

void
pay_akey(struct str portal, struct str account, char out[PAY_AKEY_LEN + 1])
{
	char text[256];
	uint8_t digest[SECRET_SHA256_SIZE];
	int n;

	/* Both are bounded well below by their columns; a cut text would
	 * only make two accounts neighbours. */
	n = snprintf(
	    text, sizeof(text), "%.*s/%.*s", STR_ARG(portal), STR_ARG(account));
	if (n < 0 || n >= (int)sizeof(text))
		n = (int)sizeof(text) - 1;
	secret_sha256(text, (size_t)n, digest);
	secret_base32(digest, PAY_AKEY_LEN, out);
}

static bool
base32_only(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] == '\0' || !strchr(base32_digits, s.p[i]))
			return false;
	return true;
}

bool
pay_number_ok(struct str s)
{
	return s.len == PAY_NUMBER_LEN && s.p[PAY_AKEY_LEN] == '-' &&
	    base32_only((struct str){ s.p, PAY_AKEY_LEN }) &&
	    base32_only((struct str){
		s.p + PAY_AKEY_LEN + 1, PAY_NUMBER_LEN - PAY_AKEY_LEN - 1 });
}

bool
pay_bank_no_split(struct str bank_no, struct str *number, int *n)
{
	struct str head, tail;
	int64_t v;

	if (bank_no.len < PAY_NUMBER_LEN + 2 || bank_no.len > PAY_BANK_NO_MAX)
		return false;
	head = (struct str){ bank_no.p, PAY_NUMBER_LEN };
	tail = (struct str){ bank_no.p + PAY_NUMBER_LEN + 1,
		bank_no.len - PAY_NUMBER_LEN - 1 };
	if (!pay_number_ok(head) || bank_no.p[PAY_NUMBER_LEN] != '-' ||
	    tail.p[0] == '0' || !num_parse(tail, 1, 99, &v))
		return false;
	*number = head;
	*n = (int)v;
	return true;
}

void
pay_bank_no(struct str number, int n, char out[PAY_BANK_NO_MAX + 1])
{
	(void)snprintf(out, PAY_BANK_NO_MAX + 1, "%.*s-%d", STR_ARG(number), n);
}

bool
pay_token_split(struct str token, struct str *number, struct str *secret)
{
	struct str head, tail;

	if (token.len != PAY_NUMBER_LEN + 1 + PAY_SECRET_LEN ||
	    token.p[PAY_NUMBER_LEN] != '.')
		return false;
	head = (struct str){ token.p, PAY_NUMBER_LEN };
	tail = (struct str){ token.p + PAY_NUMBER_LEN + 1, PAY_SECRET_LEN };
	if (!pay_number_ok(head) || !base32_only(tail))
		return false;
	*number = head;
	*secret = tail;
	return true;
}

const struct attempt *
payment_attempt(const struct payment *pm, int n)
{
	for (size_t i = 0; i < pm->attempts_len; i++)
		if (pm->attempts[i].n == n)
			return &pm->attempts[i];
	return NULL;
}

/* The newest attempt that may still take money; a case counts as such. */
static const struct attempt *
newest_open(const struct payment *pm)
{
	for (size_t i = pm->attempts_len; i > 0; i--)
		if (att_is_open(pm->attempts[i - 1].state))
			return &pm->attempts[i - 1];
	return NULL;
}

static bool
any_on_case(const struct payment *pm)
{
	for (size_t i = 0; i < pm->attempts_len; i++)
		if (pm->attempts[i].on_case)
			return true;
	return false;
}

enum open_step
payment_on_open(const struct payment *pm, int64_t now, int64_t patience_ms,
    const struct attempt **at)
{
	const struct attempt *open = newest_open(pm);

	*at = open;
	if (pay_is_paid(pm->state) || pm->state == PAY_CANCELLED ||
	    any_on_case(pm))
		return OPEN_RESULT;
	if (!open)
		return now >= pm->expires_at ? OPEN_RESULT : OPEN_NEW;
	if (open->state == ATT_REGISTERED)
		return now < open->expires_at && open->form_url.len > 0
		    ? OPEN_GO
		    : OPEN_ASK;
	if (open->state == ATT_INTENDED && now - open->started_at < patience_ms)
		return OPEN_WAIT;
	return OPEN_ASK;
}

/*
 * The reasons that a registration ends with when the bank, or the way to it,
 * is at fault; the payer's own (his saved card) are none of them.
 */
static bool
is_banks_own(struct str reason)
{
	static const char *const own[] = { "bank_unavailable", "pay_bank_down",
		"pay_order_refused" };

	for (size_t i = 0; i < KV_COUNT(own); i++)
		if (str_eq(reason, str_of(own[i])))
			return true;
	return false;
}

bool
payment_may_switch(const struct payment *pm)
{
	for (size_t i = 0; i < pm->attempts_len; i++) {
		const struct attempt *at = &pm->attempts[i];

		/* With an id of the bank it was found there by a question. */
		if (at->state != ATT_REFUSED || at->bank_id.len > 0 ||
		    at->on_case || !is_banks_own(at->reason))
			return false;
	}
	return true;
}

int
payment_tries(const struct payment *pm, struct str contract)
{
	int n = 0;

	for (size_t i = 0; i < pm->attempts_len; i++)
		n += str_eq(pm->attempts[i].contract, contract);
	return n;
}

enum paid_step
payment_on_paid(const struct payment *pm, const struct attempt *at,
    int64_t taken_kop, int currency)
{
	if (at->state == ATT_PAID)
		return PAID_REPEATED;
	if (currency != 0 && currency != RUB)
		return PAID_WRONG_CURRENCY;
	if (taken_kop != pm->total_kop)
		return PAID_WRONG_SUM;
	return pay_is_paid(pm->state) ? PAID_SECOND : PAID_CREDIT;
}

enum pay_state
payment_after_end(
    const struct payment *pm, const struct attempt *at, enum att_state to)
{
	if (pm->state != PAY_PENDING)
		return pm->state;
	for (size_t i = 0; i < pm->attempts_len; i++)
		if (pm->attempts[i].n != at->n &&
		    att_is_open(pm->attempts[i].state))
			return pm->state;
	return to == ATT_EXPIRED ? PAY_EXPIRED : PAY_DECLINED;
}

bool
payment_may_cancel(const struct payment *pm)
{
	return pay_may_move(pm->state, PAY_CANCELLED) && !any_on_case(pm);
}

int64_t
payment_next_ask(const struct attempt *at, int64_t now, int64_t first_ms)
{
	const int64_t end = at->expires_at + DAY_MS;
	int64_t pause = (now - at->started_at) / 2;
	int64_t most = now < at->expires_at ? 10 * MINUTE_MS : 60 * MINUTE_MS;
	int64_t next;

	if (now >= end)
		return 0;
	if (pause > most)
		pause = most;
	if (pause < first_ms)
		pause = first_ms;
	next = now + pause;
	/* The moment after the expiry is when most outcomes become final. */
	if (now < at->expires_at && next > at->expires_at + first_ms)
		next = at->expires_at + first_ms;
	return next < end ? next : end;
}
