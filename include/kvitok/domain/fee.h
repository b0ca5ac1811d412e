/*
 * fee: the commission on a payment.
 *
 * Pure: no clock, no database, no allocation.  A rule is picked by portal,
 * supplier, service and date elsewhere; here it is only applied.
 */
#ifndef KVITOK_DOMAIN_FEE_H
#define KVITOK_DOMAIN_FEE_H

#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/money.h"

#include <stdint.h>

#define FEE_PPM_WHOLE 1000000 /* 100 %; 1.5 % is 15000 */

enum fee_bearer {
	FEE_ON_PAYER,
	FEE_ON_SUPPLIER /* the payer is charged nothing */
};

struct fee_rule {
	enum fee_bearer bearer;
	int32_t rate_ppm;   /* 0 .. FEE_PPM_WHOLE */
	struct money fixed; /* added to the rate part */
	struct money min;   /* the fee is never below this */
	struct money max;   /* nor above this; 0: no ceiling */
};

/* Shown to the payer before he pays; the payment then takes exactly this. */
struct fee_quote {
	struct money sum, fee, total; /* total == sum + fee */
	struct money supplier_fee;    /* withheld from the supplier instead */
};

/*
 * Apply rule to sum; the rate part is rounded half up to the kopeck.
 * Of fee and supplier_fee one at most is above zero.
 * Gives: q, filled on success, untouched on failure.
 * Fails: ERR_BUG fee_rule_bad; ERR_LIMIT sum_not_positive, sum_overflow.
 */
KV_MUST_CHECK enum err fee_apply(const struct fee_rule *rule, struct money sum,
    struct fee_quote *q, struct fault *f);

#endif
