#include "kvitok/app/openings.h"

#include "kvitok/app/case_trail.h"

struct openings {
	struct str *ids, *states;
	size_t len;
};

static enum err
load(const struct ports *p, struct arena *a, const struct payment *pm, int n,
    struct openings *out, struct fault *f)
{
	*out = (struct openings){ .len = 0 };
	return p->bills.trxs(p->bills.self, a, pm->akey, pm->number, n,
	    OPENINGS_LIST_MAX, &out->ids, &out->states, &out->len, f);
}

/* Gives: o.len when it is not among them. */
static size_t
find(const struct openings *o, struct str trx)
{
	size_t i = 0;

	while (i < o->len && !str_eq(o->ids[i], trx))
		i++;
	return i;
}

enum err
openings_full(const struct ports *p, struct arena *a, const struct payment *pm,
    int n, struct str trx, bool *full, struct fault *f)
{
	struct openings o;
	enum err rc = load(p, a, pm, n, &o, f);

	*full = o.len >= PAY_OPENINGS_MAX && find(&o, trx) == o.len;
	return rc;
}

enum err
openings_paid(const struct ports *p, struct arena *a, const struct payment *pm,
    int n, struct str trx, bool *paid, struct fault *f)
{
	struct openings o;
	enum err rc = load(p, a, pm, n, &o, f);
	size_t i = find(&o, trx);

	*paid = i < o.len && str_eq(o.states[i], STR("paid"));
	return rc;
}

enum err
openings_failed(const struct ports *p, struct arena *a,
    const struct payment *pm, int n, bool *all, struct fault *f)
{
	struct openings o;
	enum err rc = load(p, a, pm, n, &o, f);

	*all = true;
	for (size_t i = 0; i < o.len; i++)
		*all &= str_eq(o.states[i], STR("failed"));
	return rc;
}

enum err
openings_apart(const struct ports *p, struct arena *a, const struct payment *pm,
    struct str subject, bool *apart, struct fault *f)
{
	static const char *const kinds[] = { "wrong_account", "paid_on_hold" };
	struct pay_case found;
	enum err rc = ERR_OK;

	*apart = false;
	for (size_t i = 0; i < KV_COUNT(kinds) && rc == ERR_OK && !*apart;
	     i++) {
		rc = case_trail_find(
		    p, a, pm, kinds[i], subject, &found, apart, f);
		*apart = *apart && !str_eq(found.resolution, STR("ask_again"));
	}
	return rc;
}
