/*
 * gpb_refund: money of a paid transaction of Gazprombank that goes back,
 * through its API v4.
 *
 * Each call opens a session and ends it.  The bank knows no id of a refund:
 * one whose outcome is not known is only ever asked about.
 */
#ifndef KVITOK_BANK_GPB_REFUND_H
#define KVITOK_BANK_GPB_REFUND_H

#include "kvitok/bank/contract.h"
#include "kvitok/port/gateway.h"

/* As gateway.refund; a contract without api_login refuses ("no_api_login"). */
KV_MUST_CHECK enum err gpb_refund(const struct contract *c, struct arena *a,
    const struct bank_refund *r, struct bank_refund_answer *out,
    struct fault *f);
/* What an answer to a refund means; apart for its tests. */
KV_MUST_CHECK enum err gpb_refund_read(struct arena *a,
    const struct http_answer *answer, struct bank_refund_answer *out,
    struct fault *f);
/* As gateway.refunded; a contract without api_login has given nothing back. */
KV_MUST_CHECK enum err gpb_refunded(const struct contract *c, struct arena *a,
    const struct bank_refund *r, int64_t *kop, struct fault *f);
/* What a transaction's details say of it; apart for its tests. */
KV_MUST_CHECK enum err gpb_refunded_read(struct arena *a,
    const struct http_answer *answer, const struct bank_refund *r, int64_t *kop,
    struct fault *f);

#endif
