#include "kvitok/app/case_hold.h"

#include "kvitok/app/confirm.h"

#define CASES_MAX 2000 /* of one payment */

static bool
holds(const struct payment *pm, const struct pay_case *c)
{
	return c->n > 0 &&
	    resolution_holds(c->kind, c->subject, pm->number, c->n);
}

enum err
case_hold_end(const struct ports *p, struct arena *a, const struct payment *pm,
    const struct pay_case *c, struct str reason, struct str actor,
    struct fault *f)
{
	const struct attempt *at = payment_attempt(pm, c->n);
	struct release r = {
		.decided = reason.p != NULL, .reason = reason, .actor = actor
	};
	const struct pay_case *list;
	size_t len;
	enum err rc;

	if (!at || !holds(pm, c))
		return ERR_OK;
	rc = p->evidence.cases_of(p->evidence.self, a, pm->akey, pm->number,
	    CASES_MAX, &list, &len, f);
	if (rc != ERR_OK)
		return rc;
	for (size_t i = 0; i < len; i++)
		r.held |= list[i].n == c->n && !str_eq(list[i].id, c->id) &&
		    str_eq(list[i].state, STR("open")) && holds(pm, &list[i]);
	return confirm_release(p, a, pm, at, &r, f);
}
