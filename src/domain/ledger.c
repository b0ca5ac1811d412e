#include "kvitok/domain/ledger.h"

#include "kvitok/domain/money.h"

/* A transfer in the making: one line per account. */
struct draft {
	struct arena *a;
	struct ledger_line lines[LEDGER_LINES_MAX];
	size_t len;
	struct fault *f;
};

/* Add to the account's line; lines stay sorted, so that two transfers take
 * the rows of their days in one order. */
static enum err
draft_add(struct draft *d, struct str account, int64_t kop)
{
	struct money sum;
	size_t i = 0;
	enum err rc;

	while (i < d->len && str_cmp(d->lines[i].account, account) < 0)
		i++;
	if (i < d->len && str_eq(d->lines[i].account, account)) {
		rc = money_add((struct money){ d->lines[i].sum_kop },
		    (struct money){ kop }, &sum, d->f);
		d->lines[i].sum_kop = rc == ERR_OK ? sum.kop : 0;
		return rc;
	}
	if (d->len == LEDGER_LINES_MAX)
		return fault_set(
		    d->f, ERR_BUG, "ledger_unbalanced", "too many accounts");
	memmove(
	    &d->lines[i + 1], &d->lines[i], (d->len - i) * sizeof(d->lines[0]));
	d->lines[i] = (struct ledger_line){ account, kop };
	d->len++;
	return ERR_OK;
}

/* Drop what came to nothing and prove the rest. */
static enum err
draft_end(struct draft *d, struct ledger_transfer *t)
{
	struct ledger_line *lines =
	    ARENA_ARRAY(d->a, d->len + 1, struct ledger_line);
	struct money sum = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < d->len; i++) {
		if (d->lines[i].sum_kop == 0)
			continue;
		if (money_add(sum, (struct money){ d->lines[i].sum_kop }, &sum,
			d->f) != ERR_OK)
			return d->f->err;
		lines[n++] = d->lines[i];
	}
	if (sum.kop != 0 || n < 2)
		return fault_set(d->f, ERR_BUG, "ledger_unbalanced",
		    "%zu lines, %lld over", n, (long long)sum.kop);
	t->lines = lines;
	t->lines_len = n;
	return ERR_OK;
}

static struct str
contract_account(struct draft *d, const char *kind, const struct attempt *at)
{
	return arena_fmt(d->a, "%s/%.*s", kind, STR_ARG(at->contract));
}

/* A line's part, as it came (sign -1) or as it goes back (1). */
static enum err
line_part(struct draft *d, const struct payment *pm, const struct pay_line *l,
    const struct refund_line *part, int sign)
{
	struct str payable = arena_fmt(d->a, "payable/%.*s/%.*s",
	    STR_ARG(pm->portal), STR_ARG(l->supplier));
	struct str commission =
	    arena_fmt(d->a, "commission/%.*s", STR_ARG(pm->portal));
	enum err rc = draft_add(
	    d, payable, sign * (part->sum_kop - part->supplier_fee_kop));

	if (rc == ERR_OK)
		rc = draft_add(d, commission,
		    sign *
			(part->fee_kop + part->supplier_fee_kop +
			    part->loss_kop));
	/* Earned, and given up at once: both are seen. */
	if (rc == ERR_OK && part->loss_kop != 0)
		rc = draft_add(d,
		    arena_fmt(d->a, "exempt_loss/%.*s", STR_ARG(pm->portal)),
		    -sign * part->loss_kop);
	return rc;
}

static enum err
paid_line(struct draft *d, const struct payment *pm, const struct pay_line *l)
{
	struct refund_line whole = { .sum_kop = l->sum_kop,
		.fee_kop = l->fee_kop,
		.supplier_fee_kop = l->supplier_fee_kop,
		.loss_kop = l->loss_kop };

	return line_part(d, pm, l, &whole, -1);
}

enum err
ledger_for_paid(struct arena *a, const struct payment *pm,
    const struct attempt *at, struct ledger_transfer *t, struct fault *f)
{
	struct draft d = { .a = a, .f = f };
	enum err rc = draft_add(
	    &d, contract_account(&d, "receivable", at), pm->total_kop);

	for (size_t i = 0; i < pm->lines_len && rc == ERR_OK; i++)
		rc = paid_line(&d, pm, &pm->lines[i]);
	t->cause = t->number = pm->number;
	t->kind = STR("paid");
	return rc == ERR_OK ? draft_end(&d, t) : rc;
}

enum err
ledger_for_second(struct arena *a, const struct payment *pm,
    const struct attempt *at, struct str cause, int64_t taken_kop,
    struct ledger_transfer *t, struct fault *f)
{
	struct draft d = { .a = a, .f = f };
	enum err rc =
	    draft_add(&d, contract_account(&d, "receivable", at), taken_kop);

	if (rc == ERR_OK)
		rc = draft_add(
		    &d, contract_account(&d, "refunds_due", at), -taken_kop);
	t->cause = cause;
	t->number = pm->number;
	t->kind = STR("second_payment");
	return rc == ERR_OK ? draft_end(&d, t) : rc;
}

static const char *const way_kinds[REFUND_WAY__COUNT] = {
	[REFUND_BY_BANK] = "refund",
	[REFUND_BY_HAND] = "paid_by_hand",
	[REFUND_BY_CHARGEBACK] = "chargeback",
};

/* Where the money that went back has come from. */
static struct str
way_account(struct draft *d, const struct refund *r, const struct attempt *at)
{
	if (r->way == REFUND_BY_HAND)
		return arena_fmt(
		    d->a, "bank_account/%.*s", STR_ARG(r->own_account));
	return contract_account(d,
	    r->way == REFUND_BY_CHARGEBACK ? "differences" : "receivable", at);
}

enum err
ledger_for_refund(struct arena *a, const struct payment *pm,
    const struct attempt *at, const struct refund *r, struct ledger_transfer *t,
    struct fault *f)
{
	struct draft d = { .a = a, .f = f };
	enum err rc = draft_add(&d, way_account(&d, r, at), -refund_total(r));

	for (size_t i = 0; i < r->lines_len && rc == ERR_OK; i++) {
		const struct refund_line *part = &r->lines[i];

		if (part->n < 1 || (size_t)part->n > pm->lines_len)
			return fault_set(f, ERR_BUG, "ledger_unbalanced",
			    "refund of line %d", part->n);
		rc = line_part(&d, pm, &pm->lines[part->n - 1], part, 1);
	}
	t->cause = r->id;
	t->number = pm->number;
	t->kind = str_of(way_kinds[r->way]);
	return rc == ERR_OK ? draft_end(&d, t) : rc;
}

enum err
ledger_for_odd(struct arena *a, const struct give_back *g, struct str cause,
    struct ledger_transfer *t, struct fault *f)
{
	struct draft d = { .a = a, .f = f };
	struct attempt at = { .contract = g->contract };
	enum err rc =
	    draft_add(&d, contract_account(&d, "receivable", &at), g->sum_kop);

	if (rc == ERR_OK)
		rc = draft_add(
		    &d, contract_account(&d, "refunds_due", &at), -g->sum_kop);
	t->cause = cause;
	t->number = g->number;
	t->kind = STR("odd_money");
	return rc == ERR_OK ? draft_end(&d, t) : rc;
}

enum err
ledger_for_give_back(struct arena *a, const struct give_back *g,
    struct ledger_transfer *t, struct fault *f)
{
	struct draft d = { .a = a, .f = f };
	struct attempt at = { .contract = g->contract };
	struct str from = g->way == REFUND_BY_HAND
	    ? arena_fmt(a, "bank_account/%.*s", STR_ARG(g->own_account))
	    : contract_account(&d, "receivable", &at);
	enum err rc =
	    draft_add(&d, contract_account(&d, "refunds_due", &at), g->sum_kop);

	if (rc == ERR_OK)
		rc = draft_add(&d, from, -g->sum_kop);
	t->cause = g->id;
	t->number = g->number;
	t->kind =
	    g->way == REFUND_BY_HAND ? STR("paid_by_hand") : STR("give_back");
	return rc == ERR_OK ? draft_end(&d, t) : rc;
}

int
ledger_slot(struct str akey)
{
	unsigned sum = 0;

	for (size_t i = 0; i < akey.len; i++)
		sum = sum * 31 + (unsigned char)akey.p[i];
	return (int)(sum % LEDGER_SLOTS);
}
