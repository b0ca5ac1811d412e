/*
 * sber_status: what Sberbank says has become of an order.
 *
 * The order's own status decides, never the fact that the call went well.
 * What the answer does not say clearly stays unknown and is asked again.
 */
#ifndef KVITOK_BANK_SBER_STATUS_H
#define KVITOK_BANK_SBER_STATUS_H

#include "kvitok/bank/contract.h"
#include "kvitok/port/gateway.h"

/*
 * As gateway.status: getOrderStatusExtended.do by orderId, or by our number
 * while the orderId is not known.
 * Fails: also ERR_CONFLICT payment_state: no orderId is known, and a contract
 * with a token may not ask by number.
 */
KV_MUST_CHECK enum err sber_status(const struct contract *c, struct arena *a,
    const struct bank_query *q, struct bank_status *out, struct fault *f);
/* The call alone; fails as that does. */
KV_MUST_CHECK enum err sber_status_call(const struct contract *c,
    struct arena *a, const struct bank_query *q, struct http_answer *out,
    struct fault *f);
/* What an answer means; apart for its tests. */
KV_MUST_CHECK enum err sber_status_read(struct arena *a,
    const struct http_answer *answer, struct bank_status *out, struct fault *f);

#endif
