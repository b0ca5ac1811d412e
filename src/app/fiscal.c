#include "kvitok/app/fiscal.h"

#include "kvitok/app/reference.h"

struct making {
	const struct ports *p;
	struct arena *a;
	const struct payment *pm;
	const struct ref *ref;
	struct str day;
	struct fault *f;
};

/* What is owed for the service; -1: the supplier has not said. */
static int64_t
debt_of(const struct account *acc, struct str service)
{
	for (size_t i = 0; i < acc->debts_len; i++)
		if (str_eq(acc->debts[i].service, service))
			return acc->debts[i].debt_kop > 0
			    ? acc->debts[i].debt_kop
			    : 0;
	return -1;
}

static enum err
read_account(struct making *m, const struct pay_line *l, struct cart_line *out)
{
	const struct account *acc;
	enum err rc = m->p->refs.account(m->p->refs.self, m->a, m->pm->portal,
	    l->supplier, l->account, &acc, m->f);

	out->account = l->account;
	out->debt_kop = -1;
	if (rc == ERR_ABSENT)
		return ERR_OK; /* it is gone since the payment was made */
	if (rc == ERR_OK) {
		out->account = acc->shown;
		out->debt_kop = debt_of(acc, l->service);
	}
	return rc;
}

static void
read_agent(struct making *m, const struct pay_line *l, struct cart_line *out)
{
	const struct ref_agent *x =
	    ref_agent(m->ref, m->pm->portal, l->supplier, m->day);
	const struct ref_supplier *s =
	    ref_supplier(m->ref, m->pm->portal, l->supplier, m->day);

	if (!x || !s)
		return;
	out->agent = x->agent;
	out->supplier_inn = s->inn;
	out->supplier_name = s->title;
	out->supplier_phone = x->phone;
}

static enum err
read_line(struct making *m, const struct pay_line *l, struct cart_line *out)
{
	const struct ref_service *s =
	    ref_service(m->ref, m->pm->portal, l->supplier, l->service, m->day);
	const struct cart_rule *rule =
	    ref_vat(m->ref, m->pm->portal, l->supplier, l->service, m->day);

	if (!rule)
		return fault_set(m->f, ERR_LIMIT, "fiscal_not_set",
		    "no vat_rule of %.*s/%.*s/%.*s", STR_ARG(m->pm->portal),
		    STR_ARG(l->supplier), STR_ARG(l->service));
	*out = (struct cart_line){ .title = s ? s->title : l->service,
		.sum_kop = l->sum_kop,
		.rule = *rule };
	read_agent(m, l, out);
	return read_account(m, l, out);
}

static enum err
read_fee(struct making *m, struct cart_bill *b)
{
	const struct cart_rule *rule =
	    ref_vat_of_fee(m->ref, m->pm->portal, m->day);

	b->fee_kop = m->pm->fee_kop;
	if (b->fee_kop == 0)
		return ERR_OK;
	if (!rule)
		return fault_set(m->f, ERR_LIMIT, "fiscal_not_set",
		    "no vat_of_fee of %.*s", STR_ARG(m->pm->portal));
	b->fee = *rule;
	return ERR_OK;
}

static enum err
make(struct making *m, size_t name_max, const struct cart **out)
{
	struct cart_line *lines =
	    ARENA_ARRAY(m->a, m->pm->lines_len + 1, struct cart_line);
	struct cart_bill b = { .lines = lines,
		.lines_len = m->pm->lines_len,
		.name_max = name_max };
	struct cart *c = ARENA_NEW(m->a, struct cart);
	enum err rc = read_fee(m, &b);

	for (size_t i = 0; i < m->pm->lines_len && rc == ERR_OK; i++)
		rc = read_line(m, &m->pm->lines[i], &lines[i]);
	if (rc == ERR_OK)
		rc = cart_of_bill(m->a, &b, c, m->f);
	if (rc == ERR_OK)
		rc = cart_check(c, m->pm->total_kop, m->f);
	*out = c;
	return rc;
}

enum err
fiscal_order(const struct ports *p, struct arena *a, const struct payment *pm,
    const struct gateway_traits *t, const struct cart **out, struct fault *f)
{
	struct making m = { .p = p, .a = a, .pm = pm, .f = f };
	const struct ref_portal *po;
	char today[11];
	enum err rc;

	*out = NULL;
	if (!t->fiscal)
		return ERR_OK;
	rc = reference(p, &m.ref, f);
	if (rc != ERR_OK)
		return rc;
	po = ref_portal(m.ref, pm->portal);
	if (!po)
		return fault_set(f, ERR_BUG, "internal", "portal is gone");
	reference_today(po, p->clock.now(p->clock.self), today);
	m.day = str_of(today);
	return make(&m, t->cart_name_max, out);
}

static struct cart_key
key_of(const struct payment *pm, int n, struct str refund)
{
	return (struct cart_key){ pm->akey, pm->number, n, refund };
}

enum err
fiscal_keep(const struct ports *p, const struct payment *pm, int n,
    const struct cart *c, int64_t at, struct fault *f)
{
	struct cart_key k = key_of(pm, n, STR(""));

	return c ? p->carts.put(p->carts.self, &k, c, at, f) : ERR_OK;
}

enum err
fiscal_refund(const struct ports *p, struct arena *a, const struct payment *pm,
    const struct attempt *at, const struct refund *r, const struct cart **out,
    bool *kept, struct fault *f)
{
	struct cart_key order = key_of(pm, at->n, STR(""));
	struct cart_key back = key_of(pm, at->n, r->id);
	struct cart *c = ARENA_NEW(a, struct cart), sold;
	int64_t gone[CART_ITEMS_MAX];
	enum err rc = p->carts.get(p->carts.self, a, &back, c, f);

	*out = NULL;
	*kept = rc == ERR_OK && c->len > 0;
	if (*kept)
		*out = c;
	if (rc != ERR_OK || *kept)
		return rc;
	rc = p->carts.get(p->carts.self, a, &order, &sold, f);
	if (rc != ERR_OK || sold.len == 0)
		return rc;
	rc = p->carts.gone(p->carts.self, &order, gone, f);
	if (rc == ERR_OK)
		rc = cart_of_refund(a, &sold, gone, r, c, f);
	*out = c;
	return rc;
}

enum err
fiscal_keep_refund(const struct ports *p, const struct payment *pm,
    const struct attempt *at, const struct refund *r, const struct cart *c,
    int64_t at_ms, struct fault *f)
{
	struct cart_key k = key_of(pm, at->n, r->id);

	return p->carts.put(p->carts.self, &k, c, at_ms, f);
}
