/*
 * card_call: what the banks' call-backs say of cards.
 *
 * Used by bank_call.h, which has judged signature and sender before.
 */
#ifndef KVITOK_APP_CARD_CALL_H
#define KVITOK_APP_CARD_CALL_H

#include "kvitok/app/ports.h"
#include "kvitok/domain/payment.h"

/*
 * Add to the answer to Gazprombank's check of a payment what it may do with
 * cards.  A stranger may ask that question: where the caller is not known to
 * be the bank, no card is named.
 * Gives: out->card, out->may_remember.  Fails: as the stores do.
 */
KV_MUST_CHECK enum err card_call_offer(const struct ports *p, struct arena *a,
    const struct payment *pm, const struct attempt *at, bool caller_known,
    struct bank_check_answer *out, struct fault *f);
/*
 * May this binding without a payment be made?  Kept, and its transaction
 * noted.
 * Gives: *out in a.  Fails: ERR_AGAIN; ERR_UNSURE commit_unsure.
 */
KV_MUST_CHECK enum err card_call_check(const struct ports *p, struct arena *a,
    const struct bank_call *call, const struct bank_notice *n,
    struct bank_check_answer *out, struct fault *f);
/*
 * A signed call of Gazprombank about such a binding: kept and acted on.
 * Fails: ERR_AGAIN; ERR_UNSURE commit_unsure.
 */
KV_MUST_CHECK enum err card_call_register(const struct ports *p,
    struct arena *a, const struct bank_call *call, const struct bank_notice *n,
    struct fault *f);
/*
 * A notice of Sberbank about such a binding: kept, and the bank is asked at
 * once.  Fails: ERR_AGAIN; ERR_UNSURE commit_unsure.
 */
KV_MUST_CHECK enum err card_call_wake(const struct ports *p, struct arena *a,
    const struct bank_call *call, const struct bank_notice *n, struct fault *f);

#endif
