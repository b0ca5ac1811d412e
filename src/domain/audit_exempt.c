#include "kvitok/domain/audit_exempt.h"

static bool
holds_together(const struct pay_line *l)
{
	switch (l->loss_on) {
	case FEE_LOSS_NONE:
		return l->exempt.len == 0 && l->loss_kop == 0;
	case FEE_LOSS_NOBODY:
		return l->fee_kop == 0 && l->supplier_fee_kop == 0 &&
		    l->loss_kop == 0;
	case FEE_LOSS_PORTAL:
		return l->fee_kop == 0 && l->supplier_fee_kop == 0 &&
		    l->loss_kop > 0;
	case FEE_LOSS_SUPPLIER:
		return l->fee_kop == 0 && l->supplier_fee_kop > 0 &&
		    l->loss_kop == 0;
	}
	return false;
}

void
audit_exempt(struct audit *u)
{
	for (size_t i = 0; i < u->pm->lines_len; i++) {
		const struct pay_line *l = &u->pm->lines[i];

		if (holds_together(l) &&
		    (l->loss_on == FEE_LOSS_NONE || l->exempt.len > 0))
			continue;
		audit_wrong(u, "pay_line", audit_n(u, u->x->line_ns[i]),
		    "loss_on, loss_kop, exempt",
		    arena_fmt(u->a, "«%s», %lld, «%.*s»",
			fee_loss_name(l->loss_on), (long long)l->loss_kop,
			STR_ARG(l->exempt)),
		    STR("what agrees with the commission of the line"));
	}
}

static bool
is_his(const struct audit *u, const struct pay_line *l, const struct exempt *x)
{
	if (!str_eq(x->key.portal, u->pm->portal))
		return false;
	if (x->key.holder == EXEMPT_PAYER)
		return str_eq(x->key.subject, u->pm->payer);
	return str_eq(x->key.supplier, l->supplier) &&
	    str_eq(x->key.subject, l->account);
}

static bool
held_then(const struct audit *u, const struct exempt *x, struct str day)
{
	struct exempt then = *x;

	/* It may have been ended since. */
	if (x->ended_at > u->pm->created_at)
		then.ended_at = 0;
	return exempt_holds(&then, day);
}

void
audit_exempt_row(
    struct audit *u, size_t line, const struct exempt *x, struct str day)
{
	const struct pay_line *l = &u->pm->lines[line];
	struct str n = audit_n(u, u->x->line_ns[line]);

	if (!x) {
		audit_wrong(u, "pay_line", n, "exempt", l->exempt,
		    STR("the name of an exemption"));
	} else if (!is_his(u, l, x) || !held_then(u, x, day)) {
		audit_wrong(u, "pay_line", n, "exempt", l->exempt,
		    STR("one that freed this payer or account on that day"));
		audit_wrong(u, "exemption", l->exempt, "row", x->key.subject,
		    STR("what payment line names"));
	}
}
