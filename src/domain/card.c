#include "kvitok/domain/card.h"

#include "kvitok/base/day.h"
#include "kvitok/base/num.h"

#include <stdio.h>

#define AKEY_TEXT_MAX 128
#define CENTURY 2000

static const char base32_digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static const char *const card_names[CARD__COUNT] = {
	[CARD_ACTIVE] = "active",
	[CARD_EXPIRED] = "expired",
	[CARD_DEACTIVATED] = "deactivated",
	[CARD_UNBINDING] = "unbinding",
	[CARD_UNBOUND] = "unbound",
};

static const char *const bind_names[BIND__COUNT] = {
	[BIND_CREATED] = "created",
	[BIND_INTENDED] = "intended",
	[BIND_UNKNOWN] = "unknown",
	[BIND_REGISTERED] = "registered",
	[BIND_BOUND] = "bound",
	[BIND_FAILED] = "failed",
};

#define TO(state) (1u << (state))

static const unsigned card_moves[CARD__COUNT] = {
	[CARD_ACTIVE] =
	    TO(CARD_EXPIRED) | TO(CARD_DEACTIVATED) | TO(CARD_UNBINDING),
	/* Banks prolong cards, and wake those that they had put to sleep. */
	[CARD_EXPIRED] =
	    TO(CARD_ACTIVE) | TO(CARD_DEACTIVATED) | TO(CARD_UNBINDING),
	[CARD_DEACTIVATED] = TO(CARD_ACTIVE) | TO(CARD_UNBINDING),
	[CARD_UNBINDING] = TO(CARD_UNBOUND),
};

static const unsigned bind_moves[BIND__COUNT] = {
	[BIND_CREATED] =
	    TO(BIND_INTENDED) | TO(BIND_REGISTERED) | TO(BIND_FAILED),
	[BIND_INTENDED] = TO(BIND_REGISTERED) | TO(BIND_UNKNOWN) |
	    TO(BIND_BOUND) | TO(BIND_FAILED),
	[BIND_UNKNOWN] = TO(BIND_REGISTERED) | TO(BIND_BOUND) | TO(BIND_FAILED),
	[BIND_REGISTERED] = TO(BIND_BOUND) | TO(BIND_FAILED),
	/* The bank's late word wins, as with payments. */
	[BIND_FAILED] = TO(BIND_BOUND),
};

const char *
card_state_name(enum card_state s)
{
	return card_names[s];
}

const char *
bind_state_name(enum bind_state s)
{
	return bind_names[s];
}

bool
card_state_of(struct str name, enum card_state *s)
{
	for (int i = 0; i < CARD__COUNT; i++)
		if (str_eq(name, str_of(card_names[i]))) {
			*s = (enum card_state)i;
			return true;
		}
	return false;
}

bool
bind_state_of(struct str name, enum bind_state *s)
{
	for (int i = 0; i < BIND__COUNT; i++)
		if (str_eq(name, str_of(bind_names[i]))) {
			*s = (enum bind_state)i;
			return true;
		}
	return false;
}

bool
card_may_move(enum card_state from, enum card_state to)
{
	return (card_moves[from] & TO(to)) != 0;
}

bool
bind_may_move(enum bind_state from, enum bind_state to)
{
	return (bind_moves[from] & TO(to)) != 0;
}

bool
bind_is_over(enum bind_state s)
{
	return s == BIND_BOUND || s == BIND_FAILED;
}

void
card_akey(struct str portal, struct str payer, char out[PAY_AKEY_LEN + 1])
{
	char text[AKEY_TEXT_MAX * 3];
	int n = snprintf(text, sizeof(text), "payer/%.*s", STR_ARG(payer));

	/* Bounded by its column; a cut one would only make neighbours. */
	if (n >= (int)sizeof(text))
		n = (int)sizeof(text) - 1;
	pay_akey(portal, (struct str){ text, (size_t)n }, out);
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
card_id_ok(struct str s)
{
	return s.len == CARD_ID_LEN && s.p[PAY_AKEY_LEN] == '-' &&
	    s.p[PAY_AKEY_LEN + 1] == 'C' &&
	    base32_only((struct str){ s.p, PAY_AKEY_LEN }) &&
	    base32_only((struct str){
		s.p + PAY_AKEY_LEN + 2, CARD_ID_LEN - PAY_AKEY_LEN - 2 });
}

bool
card_token_split(struct str token, struct str *id, struct str *secret)
{
	struct str head, tail;

	if (token.len != CARD_ID_LEN + 1 + CARD_SECRET_LEN ||
	    token.p[CARD_ID_LEN] != '.')
		return false;
	head = (struct str){ token.p, CARD_ID_LEN };
	tail = (struct str){ token.p + CARD_ID_LEN + 1, CARD_SECRET_LEN };
	if (!card_id_ok(head) || !base32_only(tail))
		return false;
	*id = head;
	*secret = tail;
	return true;
}

/* Nothing when the two numbers are no month of this century. */
static void
put_month(int64_t year, int64_t month, char out[CARD_EXPIRY_LEN + 1])
{
	if (year >= CENTURY && year <= CENTURY + 99 && month >= 1 &&
	    month <= 12)
		(void)snprintf(out, CARD_EXPIRY_LEN + 1, "%04d%02d",
		    (int)(year % 10000), (int)(month % 100));
}

static bool
two_digits(struct str s, size_t at, int64_t *n)
{
	return num_parse((struct str){ s.p + at, 2 }, 0, 99, n);
}

/*
 * Four digits are YYMM in one dialect and MMYY in another, and which one is
 * not documented: a month of which only one is possible is believed.
 */
static void
read_four(struct str s, const char day[11], char out[CARD_EXPIRY_LEN + 1])
{
	int64_t first, last, now;
	bool as_yymm, as_mmyy;

	if (!two_digits(s, 0, &first) || !two_digits(s, 2, &last) ||
	    !two_digits(str_of(day), 2, &now))
		return;
	/* Cards live at most twenty years and may have ended some ago. */
	as_yymm =
	    last >= 1 && last <= 12 && first + 10 >= now && first <= now + 20;
	as_mmyy =
	    first >= 1 && first <= 12 && last + 10 >= now && last <= now + 20;
	if (as_yymm && !as_mmyy)
		put_month(CENTURY + first, last, out);
	else if (as_mmyy && !as_yymm)
		put_month(CENTURY + last, first, out);
}

void
card_expiry(struct str said, const char day[11], char out[CARD_EXPIRY_LEN + 1])
{
	int64_t year, month;
	bool dashed = said.len == 7 && said.p[4] == '-';

	out[0] = '\0';
	if (said.len == 4) {
		read_four(said, day, out);
		return;
	}
	if (said.len != CARD_EXPIRY_LEN && !dashed)
		return;
	if (num_parse((struct str){ said.p, 4 }, 0, 9999, &year) &&
	    two_digits(said, dashed ? 5 : 4, &month))
		put_month(year, month, out);
}

/* Gives: months since year 0 of YYYYMM or YYYY-MM-DD; -1: none. */
static int64_t
months_of(struct str s)
{
	int64_t year, month;
	size_t at = s.len == CARD_EXPIRY_LEN ? 4 : 5;

	if (s.len < CARD_EXPIRY_LEN ||
	    !num_parse((struct str){ s.p, 4 }, 0, 9999, &year) ||
	    !two_digits(s, at, &month))
		return -1;
	return year * 12 + month - 1;
}

enum card_state
card_state_on(enum card_state s, struct str expiry, const char day[11])
{
	int64_t end = months_of(expiry);

	if (s == CARD_ACTIVE && end >= 0 && end < months_of(str_of(day)))
		return CARD_EXPIRED;
	return s;
}

bool
card_expires_soon(struct str expiry, const char day[11], int64_t days)
{
	int64_t after = months_of(expiry) + 1, today, end;
	char first[40];

	if (after <= 0)
		return false;
	(void)snprintf(first, sizeof(first), "%04d-%02d-01",
	    (int)(after / 12 % 10000), (int)(after % 12 + 1));
	if (!day_start(str_of(day), 0, &today) ||
	    !day_start(str_of(first), 0, &end))
		return false;
	/* The last day of its month is the one before. */
	end -= DAY_MS;
	return end >= today && (end - today) / DAY_MS <= days;
}

static const char *const schemes[] = { "MIR", "VISA", "MASTERCARD", "MAESTRO",
	"UNIONPAY", "JCB" };

struct str
card_scheme(struct str said, struct str mask)
{
	int64_t head;

	for (size_t i = 0; i < KV_COUNT(schemes); i++)
		if (str_eq_nocase(said, str_of(schemes[i])))
			return str_of(schemes[i]);
	if (str_eq_nocase(said, STR("CUP")))
		return STR("UNIONPAY"); /* Sberbank's word */
	if (mask.len < 4 ||
	    !num_parse((struct str){ mask.p, 4 }, 0, 9999, &head))
		return STR("");
	if (head >= 2200 && head <= 2204)
		return STR("MIR");
	if (head / 1000 == 4)
		return STR("VISA");
	if ((head >= 5100 && head <= 5599) || (head >= 2221 && head <= 2720))
		return STR("MASTERCARD");
	if (head >= 3528 && head <= 3589)
		return STR("JCB");
	if (head / 100 == 62)
		return STR("UNIONPAY");
	if (head / 100 == 50 || head / 100 >= 56)
		return head / 1000 == 5 || head / 1000 == 6 ? STR("MAESTRO")
							    : STR("");
	return STR("");
}

bool
card_is_for_attempt(const struct payment *pm, int used_n, int n)
{
	const struct attempt *at = payment_attempt(pm, used_n);

	if (used_n == 0 || used_n == n)
		return true;
	if (!at)
		return false;
	return at->state == ATT_EXPIRED ||
	    (at->state == ATT_REFUSED &&
		str_eq(at->reason, STR("bank_unavailable")));
}
