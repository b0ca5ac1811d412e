#include "kvitok/app/supplied.h"

#include "kvitok/app/reference.h"
#include "kvitok/domain/address.h"
#include "kvitok/domain/ref.h"

/* Gives: the newest title of a service; its id when it has none. */
static struct str
title_of(const struct ref *r, const struct account *acc, struct str service)
{
	struct str title = service;

	for (size_t i = 0; i < r->services_len; i++) {
		const struct ref_service *s = &r->services[i];

		if (str_eq(s->portal, acc->portal) &&
		    str_eq(s->supplier, acc->supplier) &&
		    str_eq(s->service, service))
			title = s->title;
	}
	return title;
}

static enum err
name_services(const struct ports *p, struct arena *a,
    struct supplied_outages *out, struct fault *f)
{
	struct str *titles = ARENA_ARRAY(a, out->len + 1, struct str);
	const struct ref *r;
	enum err rc = reference(p, &r, f);

	for (size_t i = 0; rc == ERR_OK && i < out->len; i++)
		titles[i] = arena_str(
		    a, title_of(r, out->account, out->v[i].outage.service));
	out->titles = titles;
	return rc;
}

enum err
supplied_outages_of(const struct ports *p, struct arena *a, struct str portal,
    struct str supplier, struct str number, struct supplied_outages *out,
    struct fault *f)
{
	struct str folded;
	enum err rc;

	*out = (struct supplied_outages){ .now = p->clock.now(p->clock.self) };
	rc =
	    reference_account(p, a, portal, supplier, number, &out->account, f);
	/* An account without an address is in no place. */
	if (rc != ERR_OK || !address_fold(a, out->account->address, &folded))
		return rc;
	rc = p->supplied.outages(p->supplied.self, a, out->account, folded,
	    out->now, SUPPLIED_OUTAGES_MAX, &out->v, &out->len, f);
	return rc == ERR_OK ? name_services(p, a, out, f) : rc;
}

enum err
supplied_contracts_of(const struct ports *p, struct arena *a, struct str portal,
    struct str supplier, struct str number, bool archive,
    const struct supplied_page *page, struct supplied_contracts *out,
    struct fault *f)
{
	const struct ref *r;
	enum err rc;

	*out = (struct supplied_contracts){ .len = 0 };
	rc =
	    reference_account(p, a, portal, supplier, number, &out->account, f);
	if (rc == ERR_OK)
		rc = reference(p, &r, f);
	if (rc != ERR_OK)
		return rc;
	reference_today(
	    ref_portal(r, portal), p->clock.now(p->clock.self), out->today);
	return p->supplied.contracts(p->supplied.self, a, out->account,
	    str_of(out->today), archive, page, &out->v, &out->len, &out->more,
	    f);
}

enum err
supplied_acts_of(const struct ports *p, struct arena *a, struct str portal,
    struct str supplier, struct str number, const struct supplied_page *page,
    struct supplied_acts *out, struct fault *f)
{
	enum err rc;

	*out = (struct supplied_acts){ .len = 0 };
	rc =
	    reference_account(p, a, portal, supplier, number, &out->account, f);
	return rc == ERR_OK
	    ? p->supplied.acts(p->supplied.self, a, out->account, page, &out->v,
		  &out->len, &out->more, f)
	    : rc;
}

/* --- what is over ------------------------------------------------------- */

struct dropping {
	const struct ports *p;
	const struct outage_key *x;
	int64_t before;
};

static enum err
drop_body(void *arg, struct fault *f)
{
	const struct dropping *d = arg;

	return d->p->supplied.drop(d->p->supplied.self, d->x, d->before, f);
}

enum err
supplied_sweep(
    const struct ports *p, struct arena *a, int limit, struct fault *f)
{
	struct dropping d = { .p = p,
		.before = p->clock.now(p->clock.self) - p->set.outage_keep_ms };
	const struct outage_key *v;
	size_t len = 0;
	enum err rc =
	    p->supplied.over(p->supplied.self, a, d.before, limit, &v, &len, f);

	for (size_t i = 0; rc == ERR_OK && i < len; i++) {
		d.x = &v[i];
		rc = p->tx.run(p->tx.self, "outage_drop", drop_body, &d, f);
	}
	return rc;
}
