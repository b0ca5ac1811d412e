/*
 * gpb_card: cards that Gazprombank remembers.
 *
 * A binding without a payment is a transaction of type CardRegister; the sum
 * that the bank takes for it goes back by itself.  The bank has no list of a
 * payer's cards and does not say whose a card is: that is known by the order
 * which its signed call names.
 */
#ifndef KVITOK_BANK_GPB_CARD_H
#define KVITOK_BANK_GPB_CARD_H

#include "kvitok/bank/contract.h"
#include "kvitok/port/card_gateway.h"

/* As card_gateway.start: calls nobody. */
KV_MUST_CHECK enum err gpb_bind_start(const struct contract *c, struct arena *a,
    const struct bank_order *o, struct bank_start *out, struct fault *f);
/* As card_gateway.status. */
KV_MUST_CHECK enum err gpb_bind_status(const struct contract *c,
    struct arena *a, const struct bank_query *q, struct bank_bind_status *out,
    struct fault *f);
/* As card_gateway.unbind, by the address of unbind_path. */
KV_MUST_CHECK enum err gpb_unbind(const struct contract *c, struct arena *a,
    struct str card, struct fault *f);
/* What an answer to it means; apart for its tests. */
KV_MUST_CHECK enum err gpb_unbind_read(
    struct arena *a, const struct http_answer *answer, struct fault *f);

#endif
