/*
 * case_register: what people decide about cases of bank registers, in the
 * books.
 */
#ifndef KVITOK_APP_CASE_REGISTER_H
#define KVITOK_APP_CASE_REGISTER_H

#include "kvitok/app/ports.h"
#include "kvitok/domain/payment.h"

/*
 * [tx] What the payer's bank has taken back is a refund of pm, which is loaded
 * and locked: done already, without a call, and its id is that of the case, so
 * that of one case there is one.  c is as it becomes.
 * Fails: ERR_CONFLICT chargeback_unfit (it gave money again, or it was not
 * taken from what was credited to a payment of ours), payment_not_paid,
 * chargeback_too_large; ERR_LIMIT refunds_too_many.
 */
KV_MUST_CHECK enum err case_register_chargeback(const struct ports *p,
    struct arena *a, const struct payment *pm, const struct pay_case *c,
    struct fault *f);
/*
 * [tx] What no register has brought will not be paid out: it leaves the
 * receivable for the differences.  A row that brings it after all finds it
 * settled, and is a case of its own.
 */
KV_MUST_CHECK enum err case_register_write_off(const struct ports *p,
    struct arena *a, const struct pay_case *c, struct fault *f);

struct case_assign {
	struct str number; /* of the payment */
	struct str portal; /* whose it must be; empty: any */
};

/*
 * [tx] The row of a case register_unknown is money of a payment: it takes the
 * posting of its sum, and what stood against differences is the receivable's.
 * A case register_missing of that posting ends.  c is as it becomes.
 * Fails: ERR_LIMIT (/number) field_missing, assign_unknown (no such payment),
 * assign_contract (taken by another contract), assign_sum (it has no such sum);
 * ERR_CONFLICT (/number) assign_not_paid, assign_taken (another row has it, it
 * was reversed on its day, or written off); ERR_AGAIN.
 */
KV_MUST_CHECK enum err case_register_assign(const struct ports *p,
    struct arena *a, const struct pay_case *c, const struct case_assign *ask,
    struct fault *f);

#endif
