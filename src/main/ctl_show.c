#include "ctl.h"

#include "kvitok/app/reference.h"
#include "kvitok/domain/account.h"

#include <inttypes.h>

static enum err
load(struct ctl *c, const struct ref **ref)
{
	return c->p->refs.load(c->p->refs.self, c->a, ref, &c->f);
}

static void
put_kop(struct buf *b, int64_t kop)
{
	buf_decimal(b, kop);
	buf_lit(b, " RUB");
}

/* "  from 2026-01-01", "  2026-01-01 .. 2026-06-30" */
static void
put_span(struct buf *b, struct str from, struct str to)
{
	ctl_say(b, to.len > 0 ? "  " : "  from ", from);
	if (to.len > 0)
		ctl_say(b, " .. ", to);
	buf_char(b, '\n');
}

/* "vodokanal/hvs", "vodokanal/any service", "any". */
static void
put_place(struct ctl *c, struct str supplier, struct str service)
{
	bool any_supplier = str_eq(supplier, STR("*"));
	bool any_service = str_eq(service, STR("*"));
	struct str place;

	if (any_supplier && any_service)
		place = STR("*");
	else
		place = arena_fmt(
		    c->a, "%.*s/%.*s", STR_ARG(supplier), STR_ARG(service));
	ctl_cell(&c->out, place, 34);
}

enum err
ctl_portal_list(struct ctl *c)
{
	const struct ref *ref;
	enum err rc;

	rc = load(c, &ref);
	if (rc != ERR_OK)
		return rc;
	for (size_t i = 0; i < ref->portals_len; i++) {
		ctl_cell(&c->out, ref->portals[i].portal, 20);
		buf_text(&c->out, ref->portals[i].title);
		buf_char(&c->out, '\n');
	}
	return ERR_OK;
}

static void
show_head(struct ctl *c, const struct ref_portal *p)
{
	struct buf *b = &c->out;

	ctl_say(b, "portal ", p->portal);
	ctl_say(b, ": ", p->title);
	buf_lit(b, "\n");
	ctl_say(b, "  address      ", p->url);
	buf_lit(b, "\n");
	ctl_say(b, "  letters from ", p->mail_from);
	buf_lit(b, "\n");
	ctl_say(b, "  support      ", p->support);
	buf_lit(b, "\n");
	buf_fmt(b, "  zone         UTC%+d", p->zone_min);
	ctl_say(b, " min, ", p->zone_name);
	buf_lit(b, "\n");
	buf_fmt(b, "  a payment lives %" PRId64 " s and has up to %d lines\n",
	    p->payment_life_s, p->lines_max);
	buf_lit(b, "  return hosts");
	for (size_t i = 0; i < p->hosts_len; i++)
		ctl_say(b, " ", p->hosts[i]);
	buf_char(b, '\n');
}

static void
show_suppliers(struct ctl *c, const struct ref *ref, struct str portal)
{
	buf_lit(&c->out, "suppliers and services\n");
	for (size_t i = 0; i < ref->suppliers_len; i++) {
		const struct ref_supplier *s = &ref->suppliers[i];

		if (!str_eq(s->portal, portal))
			continue;
		buf_lit(&c->out, "  ");
		ctl_cell(&c->out, s->supplier, 34);
		ctl_say(&c->out, "", s->title);
		ctl_say(&c->out, ", INN ", s->inn);
		put_span(&c->out, s->from_day, s->to_day);
		for (size_t k = 0; k < ref->services_len; k++) {
			const struct ref_service *v = &ref->services[k];

			if (!str_eq(v->portal, portal) ||
			    !str_eq(v->supplier, s->supplier))
				continue;
			buf_lit(&c->out, "    ");
			ctl_cell(&c->out, v->service, 32);
			buf_text(&c->out, v->title);
			put_span(&c->out, v->from_day, v->to_day);
		}
	}
}

static void
show_fee(struct ctl *c, const struct ref_fee *x)
{
	const struct fee_rule *r = &x->rule;

	buf_lit(&c->out, "  ");
	put_place(c, x->supplier, x->service);
	buf_fmt(&c->out, "%" PRId32 ".%04" PRId32 " %%", r->rate_ppm / 10000,
	    r->rate_ppm % 10000);
	if (r->fixed.kop > 0) {
		buf_lit(&c->out, " + ");
		put_kop(&c->out, r->fixed.kop);
	}
	if (r->min.kop > 0) {
		buf_lit(&c->out, ", at least ");
		put_kop(&c->out, r->min.kop);
	}
	if (r->max.kop > 0) {
		buf_lit(&c->out, ", at most ");
		put_kop(&c->out, r->max.kop);
	}
	if (r->bearer == FEE_ON_PAYER)
		buf_lit(&c->out, ", by the payer");
	else
		buf_lit(&c->out, ", by the supplier");
	put_span(&c->out, x->from_day, x->to_day);
}

static void
show_rules(struct ctl *c, const struct ref *ref, struct str portal)
{
	buf_lit(&c->out, "commission\n");
	for (size_t i = 0; i < ref->fees_len; i++)
		if (str_eq(ref->fees[i].portal, portal))
			show_fee(c, &ref->fees[i]);
	buf_lit(&c->out, "limits\n");
	for (size_t i = 0; i < ref->limits_len; i++) {
		const struct ref_limit *x = &ref->limits[i];

		if (!str_eq(x->portal, portal))
			continue;
		buf_lit(&c->out, "  ");
		put_place(c, x->supplier, x->service);
		if (x->total)
			buf_lit(&c->out, "total ");
		else
			buf_lit(&c->out, "line  ");
		put_kop(&c->out, x->rule.min.kop);
		buf_lit(&c->out, " to ");
		put_kop(&c->out, x->rule.max.kop);
		put_span(&c->out, x->from_day, x->to_day);
	}
}

static void
show_routes(struct ctl *c, const struct ref *ref, struct str portal)
{
	buf_lit(&c->out, "routes\n");
	for (size_t i = 0; i < ref->routes_len; i++) {
		const struct ref_route *x = &ref->routes[i];
		const struct ref_contract *k;

		if (!str_eq(x->portal, portal))
			continue;
		k = ref_contract(ref, x->contract);
		buf_lit(&c->out, "  ");
		put_place(c, x->supplier, x->service);
		buf_i64(&c->out, x->preference);
		ctl_say(&c->out, ". ", x->contract);
		if (k != NULL) {
			ctl_say(&c->out, " (", k->title);
			buf_lit(&c->out, ")");
		}
		put_span(&c->out, x->from_day, x->to_day);
	}
}

enum err
ctl_portal_show(struct ctl *c)
{
	const struct ref_portal *p;
	const struct ref *ref;
	enum err rc;

	rc = load(c, &ref);
	if (rc != ERR_OK)
		return rc;
	p = ref_portal(ref, c->words[0]);
	if (p == NULL)
		return fault_set(&c->f, ERR_ABSENT, "portal_unknown",
		    "there is no %.*s", STR_ARG(c->words[0]));
	show_head(c, p);
	show_suppliers(c, ref, p->portal);
	show_rules(c, ref, p->portal);
	show_routes(c, ref, p->portal);
	return ERR_OK;
}

static void
show_account(struct ctl *c, const struct account *acc)
{
	struct buf *b = &c->out;

	ctl_say(b, "account ", acc->shown);
	ctl_say(b, " at ", acc->supplier);
	ctl_say(b, " of ", acc->portal);
	buf_lit(b, "\n");
	ctl_say(b, "  key     ", acc->akey);
	ctl_say(b, " ", acc->account);
	buf_lit(b, "\n");
	ctl_say(b, "  owner   ", acc->owner);
	buf_lit(b, "\n");
	ctl_say(b, "  address ", acc->address);
	buf_lit(b, "\n");
	for (size_t i = 0; i < acc->debts_len; i++) {
		const struct account_debt *d = &acc->debts[i];

		buf_lit(b, "  debt    ");
		ctl_cell(b, d->service, 20);
		put_kop(b, d->debt_kop);
		ctl_say(b, " on ", d->as_of_day);
		buf_lit(b, "\n");
	}
	for (size_t i = 0; i < acc->meters_len; i++) {
		const struct account_meter *m = &acc->meters[i];

		ctl_say(b, "  meter   ", m->meter);
		ctl_say(b, ": ", m->title);
		ctl_say(b, " no. ", m->serial);
		buf_lit(b, ", ");
		buf_i64(b, m->last_value);
		ctl_say(b, " ", m->unit);
		ctl_say(b, " on ", m->last_day);
		if (m->verify_day.len > 0)
			ctl_say(b, ", verification ", m->verify_day);
		buf_char(b, '\n');
	}
}

enum err
ctl_account(struct ctl *c)
{
	const struct account *acc;
	struct str number;
	enum err rc;

	if (!account_fold(c->a, c->words[2], &number))
		return fault_set(
		    &c->f, ERR_INVALID, "field_form", "not an account number");
	rc = c->p->refs.account(c->p->refs.self, c->a, c->words[0], c->words[1],
	    number, &acc, &c->f);
	if (rc == ERR_OK)
		show_account(c, acc);
	return rc;
}
