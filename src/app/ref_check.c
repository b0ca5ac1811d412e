#include "kvitok/app/ref_check.h"

#include "kvitok/base/day.h"
#include "kvitok/domain/bankqr.h"
#include "kvitok/domain/requisite.h"
#include "kvitok/domain/settle.h"

struct check {
	const struct ref *r;
	struct str day;
	struct buf *report;
	size_t found;
};

/* What a finding is about; service may be empty. */
struct about {
	struct str portal, supplier, service;
};

static void
find(struct check *c, struct about x, const char *words, struct str what)
{
	buf_text(c->report, x.portal);
	if (x.supplier.len > 0) {
		buf_char(c->report, '/');
		buf_text(c->report, x.supplier);
	}
	if (x.service.len > 0) {
		buf_char(c->report, '/');
		buf_text(c->report, x.service);
	}
	buf_lit(c->report, ": ");
	buf_text(c->report, str_of(words));
	buf_text(c->report, what);
	buf_char(c->report, '\n');
	c->found++;
}

static void
check_days(struct check *c, struct about x, struct str from, struct str to)
{
	if (!day_valid(from))
		find(c, x, "no day: ", from);
	if (to.len == 0)
		return;
	if (!day_valid(to))
		find(c, x, "no day: ", to);
	else if (str_cmp(to, from) < 0)
		find(c, x, "ends before it begins: ", to);
}

static void
check_route(struct check *c, struct about x, struct str day)
{
	if (ref_route(c->r, x.portal, x.supplier, x.service, day) == NULL)
		find(c, x, "no contract takes it on ", day);
}

/* A service must be payable on every day of its own; two are looked at. */
static void
check_service(struct check *c, const struct ref_service *s)
{
	struct about x = { s->portal, s->supplier, s->service };
	struct str day = c->day;

	check_days(c, x, s->from_day, s->to_day);
	if (s->to_day.len > 0 && str_cmp(s->to_day, day) < 0)
		return; /* it is over */
	if (str_cmp(s->from_day, day) > 0)
		day = s->from_day;
	if (ref_supplier(c->r, s->portal, s->supplier, day) == NULL)
		find(c, x, "its supplier is not there on ", day);
	if (ref_fee(c->r, s->portal, s->supplier, s->service, day) == NULL)
		find(c, x, "no commission on ", day);
	if (ref_limit_line(c->r, s->portal, s->supplier, s->service, day) ==
	    NULL)
		find(c, x, "no limits on ", day);
	if (ref_limit_total(c->r, s->portal, day) == NULL)
		find(c, x, "no limits of the whole payment on ", day);
	check_route(c, x, day);
}

static void
check_vats(struct check *c, const struct ref_vat *v, size_t len)
{
	for (size_t i = 0; i < len; i++)
		check_days(c,
		    (struct about){ v[i].portal, v[i].supplier, v[i].service },
		    v[i].from_day, v[i].to_day);
}

static void
check_fiscal(struct check *c)
{
	check_vats(c, c->r->vats, c->r->vats_len);
	check_vats(c, c->r->fee_vats, c->r->fee_vats_len);
	for (size_t i = 0; i < c->r->agents_len; i++) {
		const struct ref_agent *x = &c->r->agents[i];

		check_days(c,
		    (struct about){ x->portal, x->supplier, STR_NONE },
		    x->from_day, x->to_day);
	}
}

/* A supplier to whom money can go, but whose bills would have no square. */
static void
check_square(struct check *c, const struct ref_supplier *s)
{
	const struct bankqr q = { .name = s->title,
		.account = s->settlement_account,
		.bank = s->bank_title,
		.bic = s->bic,
		.correspondent = s->correspondent_account };
	struct arena *a = c->report->a;
	struct fault f;
	struct buf b;

	fault_init(&f);
	buf_init(&b, a, BANKQR_BYTES_MAX);
	if (bankqr_write(&q, CODEPAGE_UTF8, a, &b, &f) == ERR_OK)
		return;
	fault_init(&f);
	buf_init(&b, a, BANKQR_BYTES_MAX);
	if (bankqr_write(&q, CODEPAGE_CP1251, a, &b, &f) != ERR_OK)
		find(c, (struct about){ s->portal, s->supplier, STR_NONE },
		    "bills have no QR code: ", str_of(f.detail));
}

static void
check_bills(struct check *c)
{
	for (size_t i = 0; i < c->r->scales_len; i++) {
		const struct ref_scale *x = &c->r->scales[i];

		check_days(c,
		    (struct about){ x->portal, x->supplier, x->service },
		    x->from_day, x->to_day);
	}
	for (size_t i = 0; i < c->r->bills_len; i++) {
		const struct ref_bill *x = &c->r->bills[i];

		check_days(c,
		    (struct about){ x->portal, x->supplier, STR_NONE },
		    x->from_day, x->to_day);
	}
}

static void
check_rules(struct check *c)
{
	check_bills(c);
	for (size_t i = 0; i < c->r->fees_len; i++) {
		const struct ref_fee *x = &c->r->fees[i];
		struct about about = { x->portal, x->supplier, x->service };

		check_days(c, about, x->from_day, x->to_day);
		if (x->rule.max.kop > 0 && x->rule.max.kop < x->rule.min.kop)
			find(c, about, "commission: maximum below minimum",
			    STR_NONE);
	}
	for (size_t i = 0; i < c->r->limits_len; i++) {
		const struct ref_limit *x = &c->r->limits[i];

		check_days(c,
		    (struct about){ x->portal, x->supplier, x->service },
		    x->from_day, x->to_day);
	}
	for (size_t i = 0; i < c->r->routes_len; i++) {
		const struct ref_route *x = &c->r->routes[i];

		check_days(c,
		    (struct about){ x->portal, x->supplier, x->service },
		    x->from_day, x->to_day);
	}
	for (size_t i = 0; i < c->r->exempt_rules_len; i++) {
		const struct ref_exempt_rule *x = &c->r->exempt_rules[i];

		check_days(c,
		    (struct about){ x->portal, x->supplier, x->service },
		    x->from_day, x->to_day);
	}
	check_fiscal(c);
	for (size_t i = 0; i < c->r->meters_len; i++) {
		const struct ref_meter *x = &c->r->meters[i];

		check_days(c, (struct about){ x->portal, x->supplier, x->unit },
		    x->from_day, x->to_day);
	}
	for (size_t i = 0; i < c->r->exempt_kinds_len; i++)
		check_days(c,
		    (struct about){ .portal = c->r->exempt_kinds[i].kind },
		    c->r->exempt_kinds[i].from_day,
		    c->r->exempt_kinds[i].to_day);
}

static void
check_own_accounts(struct check *c)
{
	for (size_t i = 0; i < c->r->own_accounts_len; i++) {
		const struct ref_own_account *o = &c->r->own_accounts[i];
		struct about x = { .portal = o->own_account };

		if (!requisite_inn_ok(o->inn))
			find(c, x, "wrong control digit: INN ", o->inn);
		if (!requisite_account_ok(o->account, o->bic))
			find(c, x, "wrong control digit: account ", o->account);
		if (o->correspondent_account.len > 0 &&
		    !requisite_correspondent_ok(
			o->correspondent_account, o->bic))
			find(c, x, "wrong control digit: correspondent ",
			    o->correspondent_account);
	}
	for (size_t i = 0; i < c->r->contracts_len; i++) {
		const struct ref_contract *k = &c->r->contracts[i];

		if (k->own_account.len > 0 &&
		    ref_own_account(c->r, k->own_account) == NULL)
			find(c, (struct about){ .portal = k->contract },
			    "pays out to an account that is not there: ",
			    k->own_account);
	}
}

/* What keeps a supplier from being paid; a slip in its INN is found anyway. */
static void
check_payee(struct check *c, struct about x, const struct ref_supplier *s)
{
	struct settle_party payee = settle_payee(s);
	const char *wrong = settle_party_wrong(&payee);

	if (wrong && strcmp(wrong, "inn") != 0)
		find(c, x, "cannot be paid, its requisites are wrong: ",
		    str_of(wrong));
	if (wrong == NULL)
		check_square(c, s);
}

static void
check_deals(struct check *c)
{
	for (size_t i = 0; i < c->r->deals_len; i++) {
		const struct ref_deal *d = &c->r->deals[i];
		struct about x = { d->portal, d->supplier, STR_NONE };
		struct settlement filled = { .contract = d->number,
			.contract_day = d->signed_day,
			.day = d->from_day };
		struct fault none;
		struct str purpose;

		check_days(c, x, d->from_day, d->to_day);
		if (!day_valid(d->signed_day))
			find(c, x, "no day: ", d->signed_day);
		if (!ref_own_account(c->r, d->own_account))
			find(c, x,
			    "is paid from an account that is not there: ",
			    d->own_account);
		fault_init(&none);
		if (settle_purpose(c->report->a, d->purpose, &filled, &purpose,
			&none) != ERR_OK)
			find(c, x, "purpose of the payment order: ",
			    str_of(none.detail));
		for (size_t k = 0; k < c->r->suppliers_len; k++) {
			const struct ref_supplier *s = &c->r->suppliers[k];

			if (str_eq(s->portal, d->portal) &&
			    str_eq(s->supplier, d->supplier))
				check_payee(c, x, s);
		}
	}
}

size_t
ref_check(const struct ref *r, struct str day, struct buf *report)
{
	struct check c = { .r = r, .day = day, .report = report };

	for (size_t i = 0; i < r->portals_len; i++)
		if (r->portals[i].hosts_len == 0)
			find(&c,
			    (struct about){ .portal = r->portals[i].portal },
			    "no host may be returned to", STR_NONE);
	for (size_t i = 0; i < r->suppliers_len; i++) {
		const struct ref_supplier *s = &r->suppliers[i];
		struct about x = { s->portal, s->supplier, STR_NONE };

		check_days(&c, x, s->from_day, s->to_day);
		if (!requisite_inn_ok(s->inn))
			find(&c, x, "wrong control digit: INN ", s->inn);
	}
	for (size_t i = 0; i < r->services_len; i++)
		check_service(&c, &r->services[i]);
	check_rules(&c);
	check_own_accounts(&c);
	check_deals(&c);
	return c.found;
}
