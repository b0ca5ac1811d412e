#include "kvitok/app/register_take.h"

#include "kvitok/app/posting.h"
#include "kvitok/app/register_case.h"
#include "kvitok/domain/ledger_register.h"

struct recon_terms
register_take_terms(const struct register_terms *t)
{
	return (struct recon_terms){ .known = t->layout.len > 0,
		.fee_ppm = (int32_t)t->fee_ppm,
		.vat_ppm = (int32_t)t->vat_ppm,
		.cut = str_eq(t->rounding, STR("down")) };
}

/* A posting that was missing comes with its case's end. */
static enum err
end_missing(const struct ports *p, struct arena *a,
    const struct register_taking *t, bool *came, struct fault *f)
{
	const struct recon_posting *x = t->v.found;
	enum err rc;

	*came = false;
	if (x == NULL || !t->missing)
		return ERR_OK;
	rc = register_case_end(p, a,
	    &(struct register_end){ x->akey, "register_missing", x->transfer,
		t->v.contract, t->v.row->key, x->number, t->actor },
	    came, f);
	/* By now a person has decided about it: the next run knows. */
	return rc == ERR_OK && !*came
	    ? fault_set(f, ERR_AGAIN, "busy", "the case of %.*s is resolved",
		  STR_ARG(x->transfer))
	    : rc;
}

/* What a row posts; no lines: nothing. */
static enum err
transfer_of(struct arena *a, const struct recon_verdict *v,
    struct ledger_transfer *t, struct fault *f)
{
	const struct reg_row *r = &v->row->r;
	const struct recon_posting *x = v->found;
	struct ledger_register l = { .contract = v->contract,
		.own_account = v->own_account,
		.key = v->row->key,
		.gross_kop = r->gross_kop,
		.fee_kop = r->fee_kop,
		.vat_kop = r->vat_kop,
		.net_kop = r->net_kop,
		.receivable_kop = x != NULL ? x->sum_kop : 0 };

	*t = (struct ledger_transfer){ .akey = v->row->akey };
	if (v->hand_case.len > 0)
		return ledger_for_assign(a, &l, t, f);
	return v->was_unknown ? ledger_for_register_matched(a, &l, t, f)
			      : ledger_for_register(a, &l, t, f);
}

static enum err
post(const struct ports *p, struct arena *a, const struct register_taking *v,
    size_t len, const bool *mine, struct fault *f)
{
	struct ledger_transfer *t =
	    ARENA_ARRAY(a, len + 1, struct ledger_transfer);
	size_t n = 0;
	enum err rc = ERR_OK;

	for (size_t i = 0; i < len && rc == ERR_OK; i++) {
		if (!mine[i])
			continue;
		rc = transfer_of(a, &v[i].v, &t[n], f);
		n += rc == ERR_OK && t[n].lines_len > 0;
	}
	return rc == ERR_OK ? posting_put_all(p, a, t, n, f) : rc;
}

enum err
register_take(const struct ports *p, struct arena *a,
    const struct register_taking *v, size_t len, bool *mine, bool *came,
    struct fault *f)
{
	struct recon_verdict *verdicts =
	    ARENA_ARRAY(a, len + 1, struct recon_verdict);
	enum err rc;

	for (size_t i = 0; i < len; i++)
		verdicts[i] = v[i].v;
	memset(came, 0, len * sizeof(*came));
	/* A command and the job may run at once. */
	rc = p->recon.judge(p->recon.self, a, verdicts, len, mine, f);
	for (size_t i = 0; i < len && rc == ERR_OK; i++)
		if (mine[i])
			rc = end_missing(p, a, &v[i], &came[i], f);
	for (size_t i = 0; i < len && rc == ERR_OK; i++)
		if (mine[i])
			rc =
			    register_case_of_row(p, a, &v[i].v, &v[i].terms, f);
	return rc == ERR_OK ? post(p, a, v, len, mine, f) : rc;
}
