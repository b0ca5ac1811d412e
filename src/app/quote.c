/* quote: what would be paid; the half of pay.h that writes nothing. */
#include "kvitok/app/pay.h"

#include "kvitok/app/balance.h"
#include "kvitok/app/exempt.h"
#include "kvitok/app/reference.h"
#include "kvitok/app/ways.h"
#include "kvitok/domain/money.h"

#include <stdio.h>

struct quoting {
	const struct ports *p;
	struct arena *a;
	const struct ref *ref;
	const struct ref_portal *portal;
	struct str day;
	struct str payer_free; /* exemption of the payer; empty: none */
	bool frees;            /* somebody may be free of commission */
	struct fault *f;
};

/* Refuse line i because of one of its members. */
static enum err
refuse(struct quoting *q, size_t i, const char *member, enum err err,
    const char *reason)
{
	char pointer[64];

	(void)snprintf(pointer, sizeof(pointer), "/lines/%zu/%s", i, member);
	(void)fault_set(q->f, err, reason, "%s", pointer);
	fault_field(q->f, pointer, reason);
	return err;
}

/* The same for a fault that a rule of the domain has set. */
static enum err
refuse_sum(struct quoting *q, size_t i)
{
	char pointer[64];

	(void)snprintf(pointer, sizeof(pointer), "/lines/%zu/sum_kop", i);
	fault_field(q->f, pointer, q->f->reason);
	return q->f->err;
}

static enum err
check_names(struct quoting *q, size_t i, const struct pay_line_in *in,
    struct quote_line *out)
{
	struct str portal = q->portal->portal;

	if (!ref_supplier(q->ref, portal, in->supplier, q->day))
		return refuse(q, i, "supplier", ERR_ABSENT, "supplier_unknown");
	if (!ref_service(q->ref, portal, in->supplier, in->service, q->day))
		return refuse(q, i, "service", ERR_ABSENT, "service_unknown");
	if (!account_fold(q->a, in->account, &out->account))
		return refuse(q, i, "account", ERR_INVALID, "account_form");
	out->supplier = arena_str(q->a, in->supplier);
	out->service = arena_str(q->a, in->service);
	return ERR_OK;
}

/*
 * What is still owed for the service of an account that is closed; 0: nothing
 * that is known.  Only that much is taken: what is above it would have to come
 * back through the supplier.
 */
static enum err
owed_of_closed(struct quoting *q, const struct quote_line *line, int64_t *kop)
{
	struct balance b;
	enum err rc = balance_of(q->p, q->a, q->portal->portal, line->supplier,
	    line->account, &b, q->f);

	*kop = 0;
	for (size_t i = 0; rc == ERR_OK && i < b.lines_len; i++)
		if (str_eq(b.lines[i].service, line->service) &&
		    b.lines[i].known && b.lines[i].balance_kop < 0)
			*kop = -b.lines[i].balance_kop;
	return rc;
}

static enum err
check_closed(
    struct quoting *q, size_t i, const struct quote_line *line, int64_t sum_kop)
{
	int64_t owed;
	enum err rc = owed_of_closed(q, line, &owed);

	if (rc != ERR_OK)
		return rc;
	if (owed == 0)
		return refuse(q, i, "account", ERR_LIMIT, "account_closed");
	if (sum_kop <= owed)
		return ERR_OK;
	(void)refuse(q, i, "sum_kop", ERR_LIMIT, "account_closed_sum");
	fault_arg_kop(q->f, "owed", owed);
	return q->f->err;
}

static enum err
check_account(
    struct quoting *q, size_t i, const struct quote_line *line, int64_t sum_kop)
{
	struct str closed;
	enum err rc = q->p->refs.account_known(q->p->refs.self, q->a,
	    q->portal->portal, line->supplier, line->account, &closed, q->f);

	if (rc == ERR_ABSENT)
		return refuse(q, i, "account", ERR_ABSENT, "account_unknown");
	return rc == ERR_OK && account_closed(closed, q->day)
	    ? check_closed(q, i, line, sum_kop)
	    : rc;
}

/* The payer's own exemption, or the account's.  Gives: *name, empty: none. */
static enum err
find_exempt(struct quoting *q, const struct quote_line *line, struct str *name)
{
	struct exempt_key key = { q->portal->portal, EXEMPT_ACCOUNT,
		line->supplier, line->account };

	*name = q->payer_free;
	if (name->len > 0)
		return ERR_OK;
	return exempt_find(q->p, q->a, &key, q->day, name, q->f);
}

/* Where the law frees the payer, somebody else bears what he would pay. */
static enum err
free_payer(struct quoting *q, struct quote_line *out, struct fee_quote *fee)
{
	struct str name;
	enum fee_loss who;
	enum err rc;

	if (!q->frees || fee->fee.kop == 0)
		return ERR_OK;
	who = ref_exempt(
	    q->ref, q->portal->portal, out->supplier, out->service, q->day);
	if (who == FEE_LOSS_NONE)
		return ERR_OK;
	rc = find_exempt(q, out, &name);
	if (rc != ERR_OK || name.len == 0)
		return rc;
	*fee = fee_free(fee, who);
	out->loss_on = who;
	out->exempt = name;
	out->fee_reason = "fee_exempt";
	return ERR_OK;
}

static enum err
price(struct quoting *q, size_t i, int64_t sum_kop, struct quote_line *out)
{
	struct money sum = { sum_kop };
	struct fee_quote fee;
	const struct limit_rule *limit = ref_limit_line(
	    q->ref, q->portal->portal, out->supplier, out->service, q->day);
	const struct fee_rule *rule = ref_fee(
	    q->ref, q->portal->portal, out->supplier, out->service, q->day);

	/* Nothing is taken under a rule that nobody has set. */
	if (!limit || !rule)
		return refuse(q, i, "service", ERR_LIMIT, "bank_not_set");
	if (limit_check_line(limit, sum, q->f) != ERR_OK ||
	    fee_apply(rule, sum, &fee, q->f) != ERR_OK)
		return refuse_sum(q, i);
	if (free_payer(q, out, &fee) != ERR_OK)
		return q->f->err;
	out->sum_kop = sum_kop;
	out->loss_kop = fee.loss.kop;
	out->fee_kop = fee.fee.kop;
	out->supplier_fee_kop = fee.supplier_fee.kop;
	out->min_kop = limit->min.kop;
	out->max_kop = limit->max.kop;
	return ERR_OK;
}

/* All lines of one payment go to one bank under one contract. */
static enum err
choose_bank(struct quoting *q, size_t i, const struct quote_line *line,
    struct quote *out)
{
	const struct ref_contract *c = ref_route(
	    q->ref, q->portal->portal, line->supplier, line->service, q->day);

	if (!c)
		return refuse(q, i, "service", ERR_LIMIT, "bank_not_set");
	if (i > 0 && !str_eq(out->contract, c->contract))
		return refuse(q, i, "service", ERR_LIMIT, "banks_differ");
	if (i == 0) {
		out->contract = arena_str(q->a, c->contract);
		out->bank = arena_str(q->a, c->bank);
	}
	return ERR_OK;
}

/* When its bank is down now, another one that takes all lines is named. */
static void
choose_up(struct quoting *q, struct quote *out)
{
	struct route_line *lines =
	    ARENA_ARRAY(q->a, out->lines_len, struct route_line);
	struct route_ways ways;
	struct route_way way;

	for (size_t i = 0; i < out->lines_len; i++)
		lines[i] = (struct route_line){ out->lines[i].supplier,
			out->lines[i].service };
	route_common(
	    q->ref, q->portal->portal, lines, out->lines_len, q->day, &ways);
	out->down = !ways_pick(q->p, &ways, WAYS_TO_NAME, &way);
	if (out->down)
		return;
	out->contract = arena_str(q->a, way.contract);
	out->bank = arena_str(q->a, way.bank);
}

static enum err
check_repeat(struct quoting *q, size_t i, const struct quote_line *lines)
{
	for (size_t j = 0; j < i; j++)
		if (str_eq(lines[j].supplier, lines[i].supplier) &&
		    str_eq(lines[j].service, lines[i].service) &&
		    str_eq(lines[j].account, lines[i].account))
			return refuse(
			    q, i, "service", ERR_LIMIT, "lines_repeat");
	return ERR_OK;
}

static enum err
quote_line(struct quoting *q, size_t i, const struct pay_line_in *in,
    struct quote_line *lines, struct quote *out)
{
	enum err rc = check_names(q, i, in, &lines[i]);

	if (rc == ERR_OK)
		rc = check_repeat(q, i, lines);
	if (rc == ERR_OK)
		rc = check_account(q, i, &lines[i], in->sum_kop);
	if (rc == ERR_OK)
		rc = price(q, i, in->sum_kop, &lines[i]);
	if (rc == ERR_OK)
		rc = choose_bank(q, i, &lines[i], out);
	return rc;
}

static enum err
quote_total(struct quoting *q, struct quote *out)
{
	struct money sum = { 0 }, fee = { 0 }, total;
	const struct limit_rule *limit;
	enum err rc = ERR_OK;

	for (size_t i = 0; i < out->lines_len && rc == ERR_OK; i++) {
		rc = money_add(
		    sum, (struct money){ out->lines[i].sum_kop }, &sum, q->f);
		if (rc == ERR_OK)
			rc = money_add(fee,
			    (struct money){ out->lines[i].fee_kop }, &fee,
			    q->f);
	}
	if (rc == ERR_OK)
		rc = money_add(sum, fee, &total, q->f);
	if (rc != ERR_OK)
		return rc;
	limit = ref_limit_total(q->ref, q->portal->portal, q->day);
	if (!limit)
		return fault_set(q->f, ERR_LIMIT, "bank_not_set",
		    "no limit of the whole payment is set");
	rc = limit_check_total(limit, sum, q->f);
	if (rc != ERR_OK) {
		fault_field(q->f, "/lines", q->f->reason);
		return rc;
	}
	out->sum_kop = sum.kop;
	out->fee_kop = fee.kop;
	out->total_kop = total.kop;
	out->min_kop = limit->min.kop;
	out->max_kop = limit->max.kop;
	return ERR_OK;
}

static enum err
find_payer(struct quoting *q, struct str payer)
{
	struct exempt_key key = { q->portal->portal, EXEMPT_PAYER, STR(""),
		payer };

	q->frees = ref_exempts(q->ref, q->portal->portal, q->day);
	q->payer_free = STR("");
	if (!q->frees || payer.len == 0)
		return ERR_OK;
	return exempt_find(q->p, q->a, &key, q->day, &q->payer_free, q->f);
}

enum err
pay_quote(const struct ports *p, struct arena *a, struct str portal,
    struct str payer, const struct pay_line_in *lines, size_t lines_len,
    struct quote *out, struct fault *f)
{
	struct quoting q = { .p = p, .a = a, .f = f };
	struct quote_line *priced;
	char today[11];
	enum err rc = reference(p, &q.ref, f);

	if (rc != ERR_OK)
		return rc;
	q.portal = ref_portal(q.ref, portal);
	if (!q.portal)
		return fault_set(f, ERR_BUG, "internal", "key without portal");
	reference_today(q.portal, p->clock.now(p->clock.self), today);
	q.day = str_of(today);
	if (lines_len == 0 || lines_len > (size_t)q.portal->lines_max) {
		(void)fault_set(f, ERR_LIMIT,
		    lines_len ? "lines_too_many" : "lines_empty", "%zu lines",
		    lines_len);
		fault_field(f, "/lines", f->reason);
		return f->err;
	}
	memset(out, 0, sizeof(*out));
	priced = ARENA_ARRAY(a, lines_len, struct quote_line);
	out->lines = priced;
	out->lines_len = lines_len;
	if ((rc = find_payer(&q, payer)) != ERR_OK)
		return rc;
	for (size_t i = 0; i < lines_len; i++) {
		rc = quote_line(&q, i, &lines[i], priced, out);
		if (rc != ERR_OK)
			return rc;
		if (!out->fee_reason)
			out->fee_reason = priced[i].fee_reason;
	}
	choose_up(&q, out);
	return quote_total(&q, out);
}
