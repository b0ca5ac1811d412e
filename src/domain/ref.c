#include "kvitok/domain/ref.h"

#include "kvitok/base/attr.h"

/* What every rule has: whose it is and when it holds. */
struct span {
	struct str from_day, to_day;
};

struct place {
	struct str portal, supplier, service;
};

/* Days are text of one length, so that their order is that of bytes. */
static bool
valid_on(struct span s, struct str day)
{
	return str_cmp(s.from_day, day) <= 0 &&
	    (s.to_day.len == 0 || str_cmp(day, s.to_day) <= 0);
}

/* Adds weight when the rule names it, nothing when it says "any". */
static bool
fits(struct str rule, struct str asked, int weight, int *rank)
{
	if (str_eq(rule, asked)) {
		*rank += weight;
		return true;
	}
	return str_eq(rule, STR("*"));
}

/* Gives: how specific the rule is about the place, 0 .. 7; -1: not its. */
static int
rank_of(struct place rule, struct place asked)
{
	int rank = 0;

	if (!fits(rule.service, asked.service, 4, &rank) ||
	    !fits(rule.supplier, asked.supplier, 2, &rank) ||
	    !fits(rule.portal, asked.portal, 1, &rank))
		return -1;
	return rank;
}

/* The best rule so far. */
struct best {
	int rank; /* -1: none yet */
	struct str from_day;
};

/* Gives: true, with b set to it, when the rule beats b. */
static bool
beats(struct best *b, struct place rule, struct place asked, struct span span,
    struct str day)
{
	int rank = rank_of(rule, asked);

	if (rank < 0 || rank < b->rank || !valid_on(span, day))
		return false;
	if (rank == b->rank && str_cmp(span.from_day, b->from_day) <= 0)
		return false;
	*b = (struct best){ rank, span.from_day };
	return true;
}

const struct ref_portal *
ref_portal(const struct ref *r, struct str portal)
{
	for (size_t i = 0; i < r->portals_len; i++)
		if (str_eq(r->portals[i].portal, portal))
			return &r->portals[i];
	return NULL;
}

const struct ref_supplier *
ref_supplier(
    const struct ref *r, struct str portal, struct str supplier, struct str day)
{
	for (size_t i = 0; i < r->suppliers_len; i++) {
		const struct ref_supplier *s = &r->suppliers[i];

		if (str_eq(s->supplier, supplier) &&
		    str_eq(s->portal, portal) &&
		    valid_on((struct span){ s->from_day, s->to_day }, day))
			return s;
	}
	return NULL;
}

const struct ref_service *
ref_service(const struct ref *r, struct str portal, struct str supplier,
    struct str service, struct str day)
{
	for (size_t i = 0; i < r->services_len; i++) {
		const struct ref_service *s = &r->services[i];

		if (str_eq(s->service, service) &&
		    str_eq(s->supplier, supplier) &&
		    str_eq(s->portal, portal) &&
		    valid_on((struct span){ s->from_day, s->to_day }, day))
			return s;
	}
	return NULL;
}

const struct fee_rule *
ref_fee(const struct ref *r, struct str portal, struct str supplier,
    struct str service, struct str day)
{
	const struct fee_rule *found = NULL;
	struct place asked = { portal, supplier, service };
	struct best best = { .rank = -1 };

	for (size_t i = 0; i < r->fees_len; i++) {
		const struct ref_fee *x = &r->fees[i];

		if (beats(&best,
			(struct place){ x->portal, x->supplier, x->service },
			asked, (struct span){ x->from_day, x->to_day }, day))
			found = &x->rule;
	}
	return found;
}

enum fee_loss
ref_exempt(const struct ref *r, struct str portal, struct str supplier,
    struct str service, struct str day)
{
	enum fee_loss found = FEE_LOSS_NONE;
	struct place asked = { portal, supplier, service };
	struct best best = { .rank = -1 };

	for (size_t i = 0; i < r->exempt_rules_len; i++) {
		const struct ref_exempt_rule *x = &r->exempt_rules[i];

		if (beats(&best,
			(struct place){ x->portal, x->supplier, x->service },
			asked, (struct span){ x->from_day, x->to_day }, day))
			found = x->bearer;
	}
	return found;
}

bool
ref_exempts(const struct ref *r, struct str portal, struct str day)
{
	for (size_t i = 0; i < r->exempt_rules_len; i++) {
		const struct ref_exempt_rule *x = &r->exempt_rules[i];

		if (str_eq(x->portal, portal) &&
		    valid_on((struct span){ x->from_day, x->to_day }, day))
			return true;
	}
	return false;
}

const struct ref_exempt_kind *
ref_exempt_kind(const struct ref *r, struct str kind, struct str day)
{
	for (size_t i = 0; i < r->exempt_kinds_len; i++) {
		const struct ref_exempt_kind *x = &r->exempt_kinds[i];

		if (str_eq(x->kind, kind) &&
		    valid_on((struct span){ x->from_day, x->to_day }, day))
			return x;
	}
	return NULL;
}

static const struct cart_rule *
vat_for(const struct ref_vat *v, size_t len, struct place asked, struct str day)
{
	const struct cart_rule *found = NULL;
	struct best best = { .rank = -1 };

	for (size_t i = 0; i < len; i++)
		if (beats(&best,
			(struct place){
			    v[i].portal, v[i].supplier, v[i].service },
			asked, (struct span){ v[i].from_day, v[i].to_day },
			day))
			found = &v[i].rule;
	return found;
}

const struct cart_rule *
ref_vat(const struct ref *r, struct str portal, struct str supplier,
    struct str service, struct str day)
{
	return vat_for(r->vats, r->vats_len,
	    (struct place){ portal, supplier, service }, day);
}

const struct cart_rule *
ref_vat_of_fee(const struct ref *r, struct str portal, struct str day)
{
	return vat_for(r->fee_vats, r->fee_vats_len,
	    (struct place){ portal, STR("*"), STR("*") }, day);
}

const struct ref_agent *
ref_agent(
    const struct ref *r, struct str portal, struct str supplier, struct str day)
{
	for (size_t i = 0; i < r->agents_len; i++) {
		const struct ref_agent *x = &r->agents[i];

		if (str_eq(x->portal, portal) &&
		    str_eq(x->supplier, supplier) &&
		    valid_on((struct span){ x->from_day, x->to_day }, day))
			return x;
	}
	return NULL;
}

static const struct limit_rule *
limit_for(const struct ref *r, bool total, struct place asked, struct str day)
{
	const struct limit_rule *found = NULL;
	struct best best = { .rank = -1 };

	for (size_t i = 0; i < r->limits_len; i++) {
		const struct ref_limit *x = &r->limits[i];

		if (x->total == total &&
		    beats(&best,
			(struct place){ x->portal, x->supplier, x->service },
			asked, (struct span){ x->from_day, x->to_day }, day))
			found = &x->rule;
	}
	return found;
}

const struct limit_rule *
ref_limit_line(const struct ref *r, struct str portal, struct str supplier,
    struct str service, struct str day)
{
	return limit_for(
	    r, false, (struct place){ portal, supplier, service }, day);
}

const struct limit_rule *
ref_limit_total(const struct ref *r, struct str portal, struct str day)
{
	/* A total is of no supplier: only rules of "any" fit. */
	return limit_for(
	    r, true, (struct place){ portal, STR("*"), STR("*") }, day);
}

static const struct ref_contract *
contract_on(const struct ref *r, struct str contract, struct str day)
{
	const struct ref_contract *c = ref_contract(r, contract);

	if (c == NULL ||
	    !valid_on((struct span){ c->from_day, c->to_day }, day))
		return NULL;
	return c;
}

/* Gives: how specific the most specific valid route is; -1: none. */
static int
route_rank(const struct ref *r, struct place asked, struct str day)
{
	int best = -1;

	for (size_t i = 0; i < r->routes_len; i++) {
		const struct ref_route *x = &r->routes[i];
		int rank = rank_of(
		    (struct place){ x->portal, x->supplier, x->service },
		    asked);

		if (rank > best &&
		    valid_on((struct span){ x->from_day, x->to_day }, day))
			best = rank;
	}
	return best;
}

static bool
is_listed(const struct ref_routes *v, const struct ref_contract *c)
{
	for (size_t i = 0; i < v->len; i++)
		if (v->to[i] == c)
			return true;
	return false;
}

/* Of equal preference the route that began last comes first. */
static bool
comes_before(const struct ref_route *x, const struct ref_route *y)
{
	return x->preference < y->preference ||
	    (x->preference == y->preference &&
		str_cmp(x->from_day, y->from_day) > 0);
}

/* Gives: the contract of the best route to one that v has not; or NULL. */
static const struct ref_contract *
next_contract(const struct ref *r, struct place asked, int rank, struct str day,
    const struct ref_routes *v)
{
	const struct ref_contract *found = NULL;
	const struct ref_route *best = NULL;

	for (size_t i = 0; i < r->routes_len; i++) {
		const struct ref_route *x = &r->routes[i];
		struct place place = { x->portal, x->supplier, x->service };
		const struct ref_contract *c;

		if (rank_of(place, asked) != rank ||
		    !valid_on((struct span){ x->from_day, x->to_day }, day))
			continue;
		if (best != NULL && !comes_before(x, best))
			continue;
		c = contract_on(r, x->contract, day);
		if (c == NULL || is_listed(v, c))
			continue;
		best = x;
		found = c;
	}
	return found;
}

/*
 * A less specific route never stands in for a specific one whose contract
 * has ended: it would bring one supplier's money under another's contract.
 */
void
ref_routes(const struct ref *r, struct str portal, struct str supplier,
    struct str service, struct str day, struct ref_routes *out)
{
	struct place asked = { portal, supplier, service };
	int rank = route_rank(r, asked, day);
	const struct ref_contract *c = NULL;

	*out = (struct ref_routes){ .len = 0 };
	if (rank < 0)
		return;
	while (out->len < REF_ROUTES_MAX &&
	    (c = next_contract(r, asked, rank, day, out)) != NULL)
		out->to[out->len++] = c;
}

const struct ref_contract *
ref_route(const struct ref *r, struct str portal, struct str supplier,
    struct str service, struct str day)
{
	struct ref_routes v;

	ref_routes(r, portal, supplier, service, day, &v);
	return v.len > 0 ? v.to[0] : NULL;
}

const struct ref_contract *
ref_contract(const struct ref *r, struct str contract)
{
	for (size_t i = 0; i < r->contracts_len; i++)
		if (str_eq(r->contracts[i].contract, contract))
			return &r->contracts[i];
	return NULL;
}

const struct ref_own_account *
ref_own_account(const struct ref *r, struct str own_account)
{
	for (size_t i = 0; i < r->own_accounts_len; i++)
		if (str_eq(r->own_accounts[i].own_account, own_account))
			return &r->own_accounts[i];
	return NULL;
}

const struct ref_deal *
ref_deal(
    const struct ref *r, struct str portal, struct str supplier, struct str day)
{
	const struct ref_deal *best = NULL;

	for (size_t i = 0; i < r->deals_len; i++) {
		const struct ref_deal *d = &r->deals[i];
		struct span span = { d->from_day, d->to_day };

		if (!str_eq(d->portal, portal) ||
		    !str_eq(d->supplier, supplier) ||
		    str_cmp(d->from_day, day) > 0)
			continue;
		if (valid_on(span, day))
			return d;
		if (!best || str_cmp(d->from_day, best->from_day) > 0)
			best = d;
	}
	return best;
}

const struct meter_rule *
ref_meter_rule(const struct ref *r, struct str portal, struct str supplier,
    struct str unit, struct str day)
{
	const struct meter_rule *found = NULL;
	struct place asked = { portal, supplier, unit };
	struct best best = { .rank = -1 };

	for (size_t i = 0; i < r->meters_len; i++) {
		const struct ref_meter *x = &r->meters[i];

		if (beats(&best,
			(struct place){ x->portal, x->supplier, x->unit },
			asked, (struct span){ x->from_day, x->to_day }, day))
			found = &x->rule;
	}
	return found;
}

const struct ref_key *
ref_key(const struct ref *r, struct str key_hash)
{
	size_t from = 0, to = r->keys_len;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		int order = str_cmp(key_hash, r->keys[mid].key_hash);

		if (order == 0)
			return &r->keys[mid];
		if (order < 0)
			to = mid;
		else
			from = mid + 1;
	}
	return NULL;
}

static const struct {
	const char *word;
	enum right right;
} right_words[] = { { "pay", RIGHT_PAY }, { "read", RIGHT_READ },
	{ "refund", RIGHT_REFUND }, { "report", RIGHT_REPORT },
	{ "admin", RIGHT_ADMIN }, { "exchange", RIGHT_EXCHANGE } };

static bool
right_of(struct str word, unsigned *right)
{
	for (size_t i = 0; i < KV_COUNT(right_words); i++) {
		if (str_eq(word, str_of(right_words[i].word))) {
			*right = (unsigned)right_words[i].right;
			return true;
		}
	}
	return false;
}

struct str
ref_rights_words(unsigned rights, char out[REF_RIGHTS_SIZE])
{
	size_t len = 0;

	for (size_t i = 0; i < KV_COUNT(right_words); i++) {
		size_t n = strlen(right_words[i].word);

		if (!(rights & (unsigned)right_words[i].right))
			continue;
		if (len > 0)
			out[len++] = ' ';
		memcpy(out + len, right_words[i].word, n);
		len += n;
	}
	out[len] = '\0';
	return (struct str){ out, len };
}

bool
ref_rights(struct str words, unsigned *rights)
{
	unsigned all = 0, one;
	struct str word;
	bool more;

	do {
		more = str_cut(&words, ' ', &word);
		if (!right_of(word, &one))
			return false;
		all |= one;
	} while (more);
	*rights = all;
	return true;
}

struct str
ref_scale(const struct ref *r, struct str portal, struct str supplier,
    struct str service, struct str day)
{
	struct str found = STR("housing");
	struct place asked = { portal, supplier, service };
	struct best best = { .rank = -1 };

	for (size_t i = 0; i < r->scales_len; i++) {
		const struct ref_scale *x = &r->scales[i];

		if (beats(&best,
			(struct place){ x->portal, x->supplier, x->service },
			asked, (struct span){ x->from_day, x->to_day }, day))
			found = x->scale;
	}
	return found;
}

struct ref_bill
ref_bill(
    const struct ref *r, struct str portal, struct str supplier, struct str day)
{
	struct ref_bill found = { .qr_encoding = STR("utf-8"),
		.mail = MAILING_WINDOW_USUAL };
	struct place asked = { portal, supplier, STR("*") };
	struct best best = { .rank = -1 };

	for (size_t i = 0; i < r->bills_len; i++) {
		const struct ref_bill *x = &r->bills[i];

		if (beats(&best,
			(struct place){ x->portal, x->supplier, STR("*") },
			asked, (struct span){ x->from_day, x->to_day }, day))
			found = *x;
	}
	return found;
}
