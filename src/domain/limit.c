#include "kvitok/domain/limit.h"

static enum err
refuse(const struct limit_rule *rule, struct money sum, const char *reason,
    struct fault *f)
{
	enum err rc = fault_set(f, ERR_LIMIT, reason,
	    "%lld is not in %lld .. %lld kopecks", (long long)sum.kop,
	    (long long)rule->min.kop, (long long)rule->max.kop);

	fault_arg_kop(f, "min", rule->min.kop);
	fault_arg_kop(f, "max", rule->max.kop);
	return rc;
}

enum err
limit_check_line(
    const struct limit_rule *rule, struct money sum, struct fault *f)
{
	if (sum.kop < rule->min.kop)
		return refuse(rule, sum, "sum_too_small", f);
	if (sum.kop > rule->max.kop)
		return refuse(rule, sum, "sum_too_large", f);
	return ERR_OK;
}

enum err
limit_check_total(
    const struct limit_rule *rule, struct money total, struct fault *f)
{
	if (total.kop < rule->min.kop)
		return refuse(rule, total, "total_too_small", f);
	if (total.kop > rule->max.kop)
		return refuse(rule, total, "total_too_large", f);
	return ERR_OK;
}
