/*
 * sber_refund: money of a paid order of Sberbank that goes back.
 *
 * A reversal is asked for only for the whole of an order paid today: it costs
 * the merchant nothing.  Where the bank says no to it (the day is over, the
 * terminal has none) the order is refunded.
 */
#ifndef KVITOK_BANK_SBER_REFUND_H
#define KVITOK_BANK_SBER_REFUND_H

#include "kvitok/bank/contract.h"
#include "kvitok/port/gateway.h"

/* As gateway.refund. */
KV_MUST_CHECK enum err sber_refund(const struct contract *c, struct arena *a,
    const struct bank_refund *r, struct bank_refund_answer *out,
    struct fault *f);
/* What an answer to reverse.do or refund.do means; apart for its tests. */
KV_MUST_CHECK enum err sber_refund_read(struct arena *a,
    const struct http_answer *answer, struct bank_refund_answer *out,
    struct fault *f);
/* As gateway.refunded. */
KV_MUST_CHECK enum err sber_refunded(const struct contract *c, struct arena *a,
    const struct bank_refund *r, int64_t *kop, struct fault *f);
/* What an answer to a status query says of it; apart for its tests. */
KV_MUST_CHECK enum err sber_refunded_read(struct arena *a,
    const struct http_answer *answer, const struct bank_refund *r, int64_t *kop,
    struct fault *f);

#endif
