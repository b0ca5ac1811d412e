#include "kvitok/domain/exchange.h"

#include "kvitok/base/day.h"
#include "kvitok/base/utf8.h"

#define OWNER_MAX 160

/* builds: upon which kinds, by their bits. */
#define UPON(kind) (1U << (kind))

static const struct kind {
	const char *name, *element;
	unsigned builds;
} kinds[EXCHANGE_KIND__COUNT] = {
	[EXCHANGE_ACCOUNTS] = { "accounts", "account",
	    UPON(EXCHANGE_ACCOUNTS) },
	[EXCHANGE_METERS] = { "meters", "meter",
	    UPON(EXCHANGE_ACCOUNTS) | UPON(EXCHANGE_METERS) },
	[EXCHANGE_CHARGES] = { "charges", "charge",
	    UPON(EXCHANGE_ACCOUNTS) | UPON(EXCHANGE_CHARGES) },
	[EXCHANGE_BALANCES] = { "balances", "balance",
	    UPON(EXCHANGE_ACCOUNTS) | UPON(EXCHANGE_BALANCES) },
	/* Each counts once, by its id: their order is no matter. */
	[EXCHANGE_ELSEWHERE] = { "payments_elsewhere", "payment",
	    UPON(EXCHANGE_ACCOUNTS) },
	/* Whose they are is found when they are read. */
	[EXCHANGE_OUTAGES] = { "outages", "outage", UPON(EXCHANGE_OUTAGES) },
	[EXCHANGE_CONTRACTS] = { "contracts", "contract",
	    UPON(EXCHANGE_ACCOUNTS) | UPON(EXCHANGE_CONTRACTS) },
	/* An act names its contract for people only. */
	[EXCHANGE_ACTS] = { "acts", "act",
	    UPON(EXCHANGE_ACCOUNTS) | UPON(EXCHANGE_ACTS) },
	/* Each is told apart by what it says, and has its instant. */
	[EXCHANGE_ANSWERS] = { "answers", "answer", 0 },
	[EXCHANGE_ACK] = { "acknowledgement", "refused", 0 },
	[EXCHANGE_READING_ANSWERS] = { "reading_answers", "answer", 0 },
};

static const char *const states[EXCHANGE_STATE__COUNT] = {
	[EXCHANGE_APPLYING] = "applying",
	[EXCHANGE_APPLIED] = "applied",
	[EXCHANGE_ASIDE] = "aside",
	[EXCHANGE_HELD] = "held",
	[EXCHANGE_SKIPPED] = "skipped",
};

enum exchange_kind
exchange_kind_of(struct str name)
{
	size_t i = 0;

	while (i < EXCHANGE_KIND__COUNT && !str_eq(name, str_of(kinds[i].name)))
		i++;
	return (enum exchange_kind)i;
}

bool
exchange_is_answer(enum exchange_kind k)
{
	return k == EXCHANGE_ACK || k == EXCHANGE_READING_ANSWERS;
}

const char *
exchange_element(struct str kind)
{
	enum exchange_kind k = exchange_kind_of(kind);

	return k == EXCHANGE_KIND__COUNT ? "" : kinds[k].element;
}

const char *
exchange_state_name(enum exchange_state s)
{
	return states[s];
}

enum exchange_state
exchange_state_of(struct str name)
{
	size_t i = 0;

	while (i < EXCHANGE_STATE__COUNT && !str_eq(name, str_of(states[i])))
		i++;
	return (enum exchange_state)i;
}

bool
exchange_builds_upon(struct str later, struct str earlier)
{
	enum exchange_kind l = exchange_kind_of(later);
	enum exchange_kind e = exchange_kind_of(earlier);

	if (l == EXCHANGE_KIND__COUNT)
		return false; /* it will be put aside */
	if (earlier.len == 0)
		return true;
	return e != EXCHANGE_KIND__COUNT && (kinds[l].builds & UPON(e)) != 0;
}

static const char *
judge_charge(const struct charge *c)
{
	if (c->unit.len == 0 && (c->volume_micro != 0 || c->tariff_micro != 0))
		return "exchange_unit";
	if (c->tariff_micro < 0 || c->benefit_kop < 0 || c->penalty_kop < -1)
		return "exchange_negative";
	if (c->recalculated_kop != 0 && c->recalculated_why.len == 0)
		return "exchange_recalculated";
	return NULL;
}

static const char *
judge_meter(const struct account_meter *m)
{
	if (!day_valid(m->last_day) ||
	    (m->verify_day.p != NULL && !day_valid(m->verify_day)))
		return "exchange_day";
	return NULL;
}

bool
exchange_names_account(enum exchange_kind kind)
{
	return kind != EXCHANGE_OUTAGES && kind != EXCHANGE_ANSWERS &&
	    !exchange_is_answer(kind);
}

bool
exchange_names_service(enum exchange_kind kind)
{
	return kind != EXCHANGE_ACCOUNTS && kind != EXCHANGE_CONTRACTS &&
	    kind != EXCHANGE_ACTS && kind != EXCHANGE_ANSWERS &&
	    !exchange_is_answer(kind);
}

const char *
exchange_judge(
    struct arena *a, enum exchange_kind kind, struct exchange_record *r)
{
	switch (kind) {
	case EXCHANGE_ACCOUNTS:
		return utf8_len(r->owner) > OWNER_MAX
		    ? "exchange_owner"
		    : subscriber_judge(&r->people);
	case EXCHANGE_METERS:
		return judge_meter(&r->meter);
	case EXCHANGE_CHARGES:
		return judge_charge(&r->charge);
	case EXCHANGE_ELSEWHERE:
		if (r->sum_kop == 0)
			return "exchange_zero";
		return day_valid(r->day) ? NULL : "exchange_day";
	case EXCHANGE_OUTAGES:
		return supplied_outage(a, &r->outage);
	case EXCHANGE_CONTRACTS:
		return supplied_contract(&r->contract);
	case EXCHANGE_ACTS:
		return supplied_act(&r->act);
	case EXCHANGE_ANSWERS:
		return r->answer.at > 0 ? NULL : "exchange_day";
	case EXCHANGE_BALANCES:
	case EXCHANGE_ACK:
	case EXCHANGE_READING_ANSWERS:
	case EXCHANGE_KIND__COUNT:
		break;
	}
	return NULL;
}
