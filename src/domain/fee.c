#include "kvitok/domain/fee.h"

#include <assert.h>

static bool
rule_makes_sense(const struct fee_rule *r)
{
	if (r->bearer != FEE_ON_PAYER && r->bearer != FEE_ON_SUPPLIER)
		return false;
	if (r->rate_ppm < 0 || r->rate_ppm > FEE_PPM_WHOLE)
		return false;
	if (r->fixed.kop < 0 || r->min.kop < 0 || r->max.kop < 0)
		return false;
	return r->max.kop == 0 || r->max.kop >= r->min.kop;
}

static enum err
fee_of(const struct fee_rule *r, struct money sum, struct money *fee,
    struct fault *f)
{
	struct money m;
	enum err rc;

	rc = money_ppm(sum, r->rate_ppm, &m, f);
	assert(rc == ERR_OK); /* no share is above the whole */
	if ((rc = money_add(m, r->fixed, &m, f)) != ERR_OK)
		return rc;
	if (m.kop < r->min.kop)
		m = r->min;
	if (r->max.kop > 0 && m.kop > r->max.kop)
		m = r->max;
	*fee = m;
	return ERR_OK;
}

enum err
fee_apply(const struct fee_rule *rule, struct money sum, struct fee_quote *q,
    struct fault *f)
{
	struct fee_quote made = { .sum = sum };
	struct money fee;
	enum err rc;

	if (!rule_makes_sense(rule))
		return fault_set(f, ERR_BUG, "fee_rule_bad",
		    "bearer %d, %d ppm, fixed %lld, min %lld, max %lld",
		    (int)rule->bearer, (int)rule->rate_ppm,
		    (long long)rule->fixed.kop, (long long)rule->min.kop,
		    (long long)rule->max.kop);
	if (sum.kop <= 0)
		return fault_set(f, ERR_LIMIT, "sum_not_positive", "%lld",
		    (long long)sum.kop);

	if ((rc = fee_of(rule, sum, &fee, f)) != ERR_OK)
		return rc;
	if (rule->bearer == FEE_ON_PAYER)
		made.fee = fee;
	else
		made.supplier_fee = fee;
	if ((rc = money_add(sum, made.fee, &made.total, f)) != ERR_OK)
		return rc;
	*q = made;
	return ERR_OK;
}

struct fee_quote
fee_free(const struct fee_quote *priced, enum fee_loss who)
{
	struct fee_quote q = *priced;

	if (who == FEE_LOSS_NONE)
		return q;
	if (who == FEE_LOSS_SUPPLIER)
		q.supplier_fee.kop += q.fee.kop; /* one of them is zero */
	if (who == FEE_LOSS_PORTAL)
		q.loss = q.fee;
	q.fee = (struct money){ 0 };
	q.total = q.sum;
	return q;
}

static const char *const losses[] = {
	[FEE_LOSS_NONE] = "",
	[FEE_LOSS_NOBODY] = "nobody",
	[FEE_LOSS_PORTAL] = "portal",
	[FEE_LOSS_SUPPLIER] = "supplier",
};

const char *
fee_loss_name(enum fee_loss who)
{
	return losses[who];
}

bool
fee_loss_of(struct str name, enum fee_loss *who)
{
	for (unsigned i = 0; i < KV_COUNT(losses); i++)
		if (str_eq(name, str_of(losses[i]))) {
			*who = (enum fee_loss)i;
			return true;
		}
	return false;
}
