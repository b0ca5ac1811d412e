/*
 * limit: which sums are taken.
 *
 * Pure.  A rule is picked by portal, supplier, service and date elsewhere.
 * Refusals carry both ends of the rule, so that the payer is told them.
 */
#ifndef KVITOK_DOMAIN_LIMIT_H
#define KVITOK_DOMAIN_LIMIT_H

#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/money.h"

struct limit_rule {
	struct money min, max; /* both are taken themselves */
};

/*
 * Check the sum of one line.
 * Fails: ERR_LIMIT sum_too_small, sum_too_large, with arguments min and max.
 */
KV_MUST_CHECK enum err limit_check_line(
    const struct limit_rule *rule, struct money sum, struct fault *f);
/*
 * Check the total of a payment.
 * Fails: ERR_LIMIT total_too_small, total_too_large, with arguments min, max.
 */
KV_MUST_CHECK enum err limit_check_total(
    const struct limit_rule *rule, struct money total, struct fault *f);

#endif
