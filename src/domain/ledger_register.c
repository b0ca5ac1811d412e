#include "kvitok/domain/ledger_register.h"

#define LINES_MAX 5

struct str
ledger_register_cause(struct arena *a, const struct ledger_register *r)
{
	return arena_fmt(a, "%.*s/%.*s", STR_ARG(r->contract), STR_ARG(r->key));
}

/* Append unless it is nothing; accounts come in their order. */
static void
add(struct arena *a, struct ledger_transfer *t, struct ledger_line *lines,
    const char *kind, struct str owner, int64_t kop)
{
	if (kop == 0)
		return;
	lines[t->lines_len++] =
	    (struct ledger_line){ arena_fmt(a, "%s/%.*s", kind, STR_ARG(owner)),
		    kop };
}

static enum err
finish(struct arena *a, const struct ledger_register *r, const char *kind,
    const struct ledger_line *lines, struct ledger_transfer *t, struct fault *f)
{
	int64_t sum = 0;

	for (size_t i = 0; i < t->lines_len; i++)
		if (__builtin_add_overflow(sum, lines[i].sum_kop, &sum))
			return fault_set(
			    f, ERR_BUG, "ledger_unbalanced", "too large");
	if (sum != 0)
		return fault_set(f, ERR_BUG, "ledger_unbalanced",
		    "%.*s: %lld over", STR_ARG(r->key), (long long)sum);
	t->lines = lines;
	t->cause = ledger_register_cause(a, r);
	t->kind = str_of(kind);
	t->number = STR("");
	return ERR_OK;
}

enum err
ledger_for_register(struct arena *a, const struct ledger_register *r,
    struct ledger_transfer *t, struct fault *f)
{
	struct ledger_line *l = ARENA_ARRAY(a, LINES_MAX, struct ledger_line);
	int64_t rest;

	if (__builtin_sub_overflow(r->receivable_kop, r->gross_kop, &rest))
		return fault_set(f, ERR_BUG, "ledger_unbalanced", "too large");
	t->lines_len = 0;
	add(a, t, l, "bank_account", r->own_account, r->net_kop);
	add(a, t, l, "bank_fee", r->contract, r->fee_kop);
	add(a, t, l, "bank_fee_vat", r->contract, r->vat_kop);
	add(a, t, l, "differences", r->contract, rest);
	add(a, t, l, "receivable", r->contract, -r->receivable_kop);
	return finish(a, r, "register", l, t, f);
}

/* What stood against differences is the receivable's. */
static enum err
explained(struct arena *a, const struct ledger_register *r, const char *kind,
    struct ledger_transfer *t, struct fault *f)
{
	struct ledger_line *l = ARENA_ARRAY(a, LINES_MAX, struct ledger_line);

	t->lines_len = 0;
	add(a, t, l, "differences", r->contract, r->receivable_kop);
	add(a, t, l, "receivable", r->contract, -r->receivable_kop);
	return finish(a, r, kind, l, t, f);
}

enum err
ledger_for_register_matched(struct arena *a, const struct ledger_register *r,
    struct ledger_transfer *t, struct fault *f)
{
	return explained(a, r, "register_matched", t, f);
}

enum err
ledger_for_assign(struct arena *a, const struct ledger_register *r,
    struct ledger_transfer *t, struct fault *f)
{
	return explained(a, r, "assign", t, f);
}

enum err
ledger_for_write_off(struct arena *a, struct str contract, struct str id,
    int64_t kop, struct ledger_transfer *t, struct fault *f)
{
	struct ledger_register r = {
		.contract = contract, .key = id, .receivable_kop = kop
	};
	enum err rc = kop != 0 && kop != INT64_MIN
	    ? explained(a, &r, "write_off", t, f)
	    : fault_set(f, ERR_BUG, "ledger_unbalanced", "%.*s: %lld",
		  STR_ARG(id), (long long)kop);

	t->cause = id;
	return rc;
}
