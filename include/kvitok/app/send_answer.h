/*
 * send_answer: what suppliers say of documents that we have sent.
 *
 * Called in the transaction that applies the supplier's document.  The first
 * acknowledgement counts; a later one that says something else is a case.
 */
#ifndef KVITOK_APP_SEND_ANSWER_H
#define KVITOK_APP_SEND_ANSWER_H

#include "kvitok/app/ports.h"

/*
 * [tx] Records of an acknowledgement, or answers about readings: what is
 * refused becomes a case.
 * Gives: refused of records that name nothing that we have sent.
 * Fails: as the store does.
 */
KV_MUST_CHECK enum err send_answers(const struct ports *p, struct arena *a,
    const struct exchange_batch *b, struct fault *f);
/* [tx] All records of the acknowledgement were read: the document is
 * acknowledged, or refused.  Fails: as the store does; ERR_AGAIN. */
KV_MUST_CHECK enum err send_acknowledged(const struct ports *p, struct arena *a,
    const struct exchange_head *h, struct fault *f);

#endif
