/*
 * receipt: the receipt of a paid payment, as a document and as a letter (P7).
 */
#ifndef KVITOK_APP_RECEIPT_H
#define KVITOK_APP_RECEIPT_H

#include "kvitok/app/ports.h"
#include "kvitok/domain/payment.h"
#include "kvitok/domain/refund.h"

/*
 * Gives: *out in a, filled from payment and reference data.
 * Fails: ERR_CONFLICT payment_not_paid; ERR_AGAIN.
 */
KV_MUST_CHECK enum err receipt_of(const struct ports *p, struct arena *a,
    const struct payment *pm, struct receipt *out, struct fault *f);

/*
 * The same of a refund that the bank has done.
 * Gives: *out in a.  Fails: ERR_CONFLICT payment_state (it is not done); as
 * receipt_of.
 */
KV_MUST_CHECK enum err receipt_of_refund(const struct ports *p, struct arena *a,
    const struct payment *pm, const struct refund *r, struct receipt *out,
    struct fault *f);

/* Gives: *pdf in a.  Fails: as receipt_of; ERR_BUG print_failed. */
KV_MUST_CHECK enum err receipt_pdf(const struct ports *p, struct arena *a,
    const struct payment *pm, struct bytes *pdf, struct fault *f);

#endif
