/*
 * gpb: Gazprombank's start link and our answers to its two questions.
 *
 * Pure text; the questions themselves are read in gpb_notice.h.  No sum
 * travels in the link: the bank asks for it by our number.
 */
#ifndef KVITOK_BANK_GPB_H
#define KVITOK_BANK_GPB_H

#include "kvitok/bank/contract.h"
#include "kvitok/port/gateway.h"

/* As gateway.start: calls nobody. */
KV_MUST_CHECK enum err gpb_start(const struct contract *c, struct arena *a,
    const struct bank_order *o, struct bank_start *out, struct fault *f);
/* The same for a page of the bank. */
KV_MUST_CHECK enum err gpb_link(const struct contract *c, struct arena *a,
    struct str page, const struct bank_order *o, struct bank_start *out,
    struct fault *f);
/* As gateway_answers.check; texts are cut at the bank's lengths. */
KV_MUST_CHECK enum err gpb_check_answer(const struct contract *c,
    const struct bank_check_answer *answer, struct buf *out, struct fault *f);
/* As gateway_answers.registered. */
void gpb_registered_answer(bool recorded, struct buf *out);

#endif
