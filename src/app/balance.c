#include "kvitok/app/balance.h"

#include "kvitok/app/reference.h"
#include "kvitok/base/day.h"

/* The portal's day of today, and its month. */
static enum err
today(const struct ports *p, struct str portal, const struct ref **r,
    const struct ref_portal **po, char day[DAY_TEXT_SIZE], struct fault *f)
{
	enum err rc = reference(p, r, f);

	if (rc != ERR_OK)
		return rc;
	*po = ref_portal(*r, portal);
	if (*po == NULL)
		return fault_set(f, ERR_BUG, "internal", "portal is gone");
	reference_today(*po, p->clock.now(p->clock.self), day);
	return ERR_OK;
}

/* Services in the order in which the portal shows them, whenever they were
 * offered; their titles, of which the newest stays. */
struct naming {
	struct arena *a;
	struct str *ids, *titles;
	size_t len;
};

static void
name_add(struct naming *n, struct str id, struct str title)
{
	size_t i = 0;

	while (i < n->len && !str_eq(n->ids[i], id))
		i++;
	if (i == n->len) {
		n->ids[n->len++] = arena_str(n->a, id);
		n->titles[i] = id;
	}
	if (title.len > 0)
		n->titles[i] = arena_str(n->a, title);
}

static void
name_services(struct naming *n, struct arena *a, const struct ref *r,
    const struct account *acc, const struct statement_facts *facts)
{
	size_t max = r->services_len + acc->debts_len + facts->charges_len +
	    facts->openings_len + facts->payments_len + 1;

	*n = (struct naming){ a, ARENA_ARRAY(a, max, struct str),
		ARENA_ARRAY(a, max, struct str), 0 };
	for (size_t i = 0; i < r->services_len; i++) {
		const struct ref_service *s = &r->services[i];

		if (str_eq(s->portal, acc->portal) &&
		    str_eq(s->supplier, acc->supplier))
			name_add(n, s->service, s->title);
	}
	for (size_t i = 0; i < acc->debts_len; i++)
		name_add(n, acc->debts[i].service, STR_NONE);
	for (size_t i = 0; i < facts->charges_len; i++)
		name_add(n, facts->charges[i].service, STR_NONE);
	for (size_t i = 0; i < facts->openings_len; i++)
		name_add(n, facts->openings[i].service, STR_NONE);
	for (size_t i = 0; i < facts->payments_len; i++)
		name_add(n, facts->payments[i].service, STR_NONE);
}

static const struct account_debt *
debt_of(const struct account *acc, struct str service)
{
	for (size_t i = 0; i < acc->debts_len; i++)
		if (str_eq(acc->debts[i].service, service))
			return &acc->debts[i];
	return NULL;
}

static enum err
add(int64_t *to, int64_t kop, struct fault *f)
{
	struct money sum;
	enum err rc =
	    money_add((struct money){ *to }, (struct money){ kop }, &sum, f);

	if (rc == ERR_OK)
		*to = sum.kop;
	return rc;
}

static enum err
fill_line(struct balance *out, struct balance_line *l,
    const struct statement_facts *facts, struct fault *f)
{
	const struct account_debt *d = debt_of(out->account, l->service);
	struct money balance = { 0 };
	enum err rc = statement_pending(facts->payments, facts->payments_len,
	    l->service, &l->pending_kop, f);

	if (d != NULL) {
		l->known = true;
		l->as_of_day = d->as_of_day;
		l->debt_kop = d->debt_kop;
	}
	if (rc == ERR_OK)
		rc = money_sub((struct money){ l->pending_kop },
		    (struct money){ l->debt_kop }, &balance, f);
	l->balance_kop = balance.kop;
	if (rc == ERR_OK)
		rc = add(&out->debt_kop, l->debt_kop, f);
	if (rc == ERR_OK)
		rc = add(&out->pending_kop, l->pending_kop, f);
	return rc == ERR_OK ? add(&out->balance_kop, l->balance_kop, f) : rc;
}

/* A service that nothing is known of is left out. */
static enum err
fill(struct arena *a, const struct naming *n,
    const struct statement_facts *facts, struct balance *out, struct fault *f)
{
	struct balance_line *lines =
	    ARENA_ARRAY(a, n->len + 1, struct balance_line);
	enum err rc = ERR_OK;
	size_t len = 0;

	for (size_t i = 0; i < n->len && rc == ERR_OK; i++) {
		struct balance_line *l = &lines[len];

		*l = (struct balance_line){ .service = n->ids[i],
			.title = n->titles[i] };
		rc = fill_line(out, l, facts, f);
		len += l->known || l->pending_kop != 0;
	}
	out->lines = lines;
	out->lines_len = len;
	return rc;
}

enum err
balance_of(const struct ports *p, struct arena *a, struct str portal,
    struct str supplier, struct str number, struct balance *out,
    struct fault *f)
{
	struct statement_facts facts = { 0 };
	const struct ref *r;
	const struct ref_portal *po;
	struct naming n;
	char day[DAY_TEXT_SIZE];
	enum err rc;

	*out = (struct balance){ 0 };
	rc =
	    reference_account(p, a, portal, supplier, number, &out->account, f);
	if (rc == ERR_OK)
		rc = today(p, portal, &r, &po, day, f);
	if (rc == ERR_OK)
		rc = p->charges.pending(p->charges.self, a, out->account,
		    po->zone_min, &facts.payments, &facts.payments_len, f);
	if (rc != ERR_OK)
		return rc;
	name_services(&n, a, r, out->account, &facts);
	return fill(a, &n, &facts, out, f);
}

enum err
balance_statement_read(const struct ports *p, struct arena *a,
    const struct account *acc, struct str from, struct str to,
    struct str running, struct balance_statement *out, struct fault *f)
{
	struct statement_facts facts = { 0 };
	struct statement_span span = {
		.from = from, .to = to, .running = running
	};
	const struct ref *r;
	const struct ref_portal *po;
	struct naming n;
	char day[DAY_TEXT_SIZE];
	enum err rc = today(p, acc->portal, &r, &po, day, f);

	*out = (struct balance_statement){ .account = acc };
	if (rc == ERR_OK) {
		out->place = arena_str(a, po->title);
		rc = p->charges.read(p->charges.self, a, acc, from, to,
		    po->zone_min, &facts, &span.start, f);
	}
	if (rc != ERR_OK)
		return rc;
	name_services(&n, a, r, acc, &facts);
	out->services = n.ids;
	out->titles = n.titles;
	out->services_len = n.len;
	span.services = n.ids;
	span.services_len = n.len;
	return statement_make(
	    a, &facts, &span, &out->months, &out->months_len, f);
}

enum err
balance_statement_of(const struct ports *p, struct arena *a, struct str portal,
    struct str supplier, struct str number, struct str from, struct str to,
    struct balance_statement *out, struct fault *f)
{
	const struct account *acc;
	const struct ref *r;
	const struct ref_portal *po;
	char day[DAY_TEXT_SIZE];
	struct str running;
	enum err rc = today(p, portal, &r, &po, day, f);

	if (rc != ERR_OK)
		return rc;
	running = (struct str){ day, DAY_MONTH_SIZE - 1 };
	rc = statement_span_check(from, to, running, f);
	if (rc == ERR_OK)
		rc = reference_account(p, a, portal, supplier, number, &acc, f);
	return rc == ERR_OK
	    ? balance_statement_read(p, a, acc, from, to, running, out, f)
	    : rc;
}

struct str
balance_title(const struct balance_statement *s, struct str service)
{
	for (size_t i = 0; i < s->services_len; i++)
		if (str_eq(s->services[i], service))
			return s->titles[i];
	return service;
}
