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
#include "kvitok/base/str.h"
#include "kvitok/domain/money.h"

#include <stdbool.h>
#include <stdint.h>

#define FEE_PPM_WHOLE 1000000 /* 100 %; 1.5 % is 15000 */

enum fee_bearer {
	FEE_ON_PAYER,
	FEE_ON_SUPPLIER /* the payer is charged nothing */
};

/* Who bears the commission of a payer whom the law frees from it (Z1). */
enum fee_loss {
	FEE_LOSS_NONE,    /* the payer is not freed */
	FEE_LOSS_NOBODY,  /* it is not taken, and nobody owes it */
	FEE_LOSS_PORTAL,  /* its own loss, shown on an account of its own */
	FEE_LOSS_SUPPLIER /* withheld from what the supplier gets */
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
	struct money loss;            /* borne by the portal instead */
};

/*
 * Apply rule to sum; the rate part is rounded half up to the kopeck.
 * Of fee and supplier_fee one at most is above zero.
 * Gives: q, filled on success, untouched on failure.
 * Fails: ERR_BUG fee_rule_bad; ERR_LIMIT sum_not_positive, sum_overflow.
 */
KV_MUST_CHECK enum err fee_apply(const struct fee_rule *rule, struct money sum,
    struct fee_quote *q, struct fault *f);

/*
 * Free the payer from the commission of a priced sum: the fee that he would
 * have paid goes to whoever bears it.  A fee that the supplier pays anyway
 * stays as it is.
 * Gives: the quote of the freed payer; of fee, supplier_fee and loss one at
 * most is above zero.
 * Source: Housing Code art. 155 as of 1 July 2024, list of the Government.
 */
struct fee_quote fee_free(const struct fee_quote *priced, enum fee_loss who);
/* Gives: the word of tables: "", "nobody", "portal", "supplier". */
const char *fee_loss_name(enum fee_loss who);
KV_MUST_CHECK bool fee_loss_of(struct str name, enum fee_loss *who);

#endif
