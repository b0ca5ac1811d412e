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

static enum err
post(const struct ports *p, struct arena *a, const struct recon_verdict *v,
    struct fault *f)
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
	struct ledger_transfer t = { .lines_len = 0 };
	enum err rc;

	if (v->hand_case.len > 0)
		rc = ledger_for_assign(a, &l, &t, f);
	else if (v->was_unknown)
		rc = ledger_for_register_matched(a, &l, &t, f);
	else
		rc = ledger_for_register(a, &l, &t, f);
	if (rc != ERR_OK || t.lines_len == 0)
		return rc;
	return posting_put(p, a, v->row->akey, &t, f);
}

enum err
register_take(const struct ports *p, struct arena *a,
    const struct register_taking *t, bool *mine, bool *came, struct fault *f)
{
	enum err rc = p->recon.judge(p->recon.self, &t->v, mine, f);

	*came = false;
	/* A command and the job may run at once. */
	if (rc != ERR_OK || !*mine)
		return rc;
	rc = end_missing(p, a, t, came, f);
	if (rc == ERR_OK)
		rc = post(p, a, &t->v, f);
	return rc == ERR_OK ? register_case_of_row(p, a, &t->v, &t->terms, f)
			    : rc;
}
