/*
 * sber_card: cards that Sberbank remembers ("bindings"), in both dialects.
 *
 * A binding without a payment is an order of 0 with the feature VERIFY, which
 * the gateway checks and reverses by itself.
 */
#ifndef KVITOK_BANK_SBER_CARD_H
#define KVITOK_BANK_SBER_CARD_H

#include "kvitok/bank/contract.h"
#include "kvitok/base/json.h"
#include "kvitok/port/card_gateway.h"

/* What an order's answer says of its card; out->id empty: no binding. */
void sber_card_read(
    struct arena *a, const struct json *j, struct bank_card *out);

/* As card_gateway.start. */
KV_MUST_CHECK enum err sber_bind_start(const struct contract *c,
    struct arena *a, const struct bank_order *o, struct bank_start *out,
    struct fault *f);
/* As card_gateway.status. */
KV_MUST_CHECK enum err sber_bind_status(const struct contract *c,
    struct arena *a, const struct bank_query *q, struct bank_bind_status *out,
    struct fault *f);
/* What an answer about such an order means; apart for its tests. */
KV_MUST_CHECK enum err sber_bind_read(struct arena *a,
    const struct http_answer *answer, struct bank_bind_status *out,
    struct fault *f);
/* As card_gateway.list. */
KV_MUST_CHECK enum err sber_cards(const struct contract *c, struct arena *a,
    struct str client, const struct bank_stored **out, size_t *len,
    struct fault *f);
/* What an answer to getBindings.do means; apart for its tests. */
KV_MUST_CHECK enum err sber_cards_read(struct arena *a,
    const struct http_answer *answer, const struct bank_stored **out,
    size_t *len, struct fault *f);
/* As card_gateway.unbind. */
KV_MUST_CHECK enum err sber_unbind(const struct contract *c, struct arena *a,
    struct str card, struct fault *f);
/* What an answer to an unbinding means; apart for its tests. */
KV_MUST_CHECK enum err sber_unbind_read(
    struct arena *a, const struct http_answer *answer, struct fault *f);

#endif
