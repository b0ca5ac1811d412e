#include "kvitok/web/owed.h"

static const struct account_debt *
debt_of(const struct account *acc, struct str service)
{
	for (size_t i = 0; i < acc->debts_len; i++)
		if (str_eq(acc->debts[i].service, service))
			return &acc->debts[i];
	return NULL;
}

/* In order of position, as the portal wants its services shown. */
size_t
owed_list(struct arena *a, const struct ref *r, struct str day,
    const struct account *acc, const struct owed **out)
{
	struct owed *list = ARENA_ARRAY(a, r->services_len + 1, struct owed);
	size_t len = 0;

	for (size_t i = 0; i < r->services_len; i++) {
		const struct ref_service *s = &r->services[i];
		const struct account_debt *d;

		if (!str_eq(s->portal, acc->portal) ||
		    !str_eq(s->supplier, acc->supplier) ||
		    ref_service(r, s->portal, s->supplier, s->service, day) !=
			s)
			continue;
		d = debt_of(acc, s->service);
		if (d || acc->debts_len == 0)
			list[len++] = (struct owed){ .service = s, .debt = d };
	}
	*out = list;
	return len;
}
