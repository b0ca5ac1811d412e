#include "kvitok/domain/supplied.h"

#include "kvitok/base/day.h"
#include "kvitok/domain/address.h"
#include "kvitok/domain/money.h"

const char *
supplied_outage(struct arena *a, struct outage *x)
{
	if (x->from_at <= 0 || x->to_at < 0)
		return "exchange_day";
	if (x->to_at != 0 && x->to_at <= x->from_at)
		return "exchange_span";
	for (size_t i = 0; i < x->places_len; i++)
		if (!address_fold(
			a, x->places[i].address, &x->places[i].folded))
			return "exchange_place";
	return NULL;
}

const char *
supplied_contract(const struct agreement *x)
{
	if (!day_valid(x->from_day) ||
	    (x->to_day.len > 0 && !day_valid(x->to_day)))
		return "exchange_day";
	return x->to_day.len > 0 && str_cmp(x->to_day, x->from_day) < 0
	    ? "exchange_span"
	    : NULL;
}

const char *
supplied_act(struct act *x)
{
	struct money sum = { 0 };
	struct fault f;

	fault_init(&f);
	if (!day_valid(x->day))
		return "exchange_day";
	for (size_t i = 0; i < x->works_len; i++)
		if (money_add(sum, (struct money){ x->works[i].sum_kop }, &sum,
			&f) != ERR_OK)
			return "exchange_act_sum";
	x->sum_kop = sum.kop;
	return x->said && x->said_kop != sum.kop ? "exchange_act_sum" : NULL;
}

bool
supplied_archived(const struct agreement *x, struct str today)
{
	return x->to_day.len > 0 && str_cmp(x->to_day, today) < 0;
}

bool
supplied_begun(const struct outage *x, int64_t now)
{
	return x->from_at <= now;
}
