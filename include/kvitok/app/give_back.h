/*
 * give_back: money that was taken and never credited goes back.
 *
 * A person has decided it by resolving a case.  The money is named (order, or
 * opening of the bank's page), and of one money there is one give-back that has
 * not failed: never more goes back than was taken.
 */
#ifndef KVITOK_APP_GIVE_BACK_H
#define KVITOK_APP_GIVE_BACK_H

#include "kvitok/app/ports.h"
#include "kvitok/domain/give_back.h"

struct give_back_ask {
	const struct payment *pm;
	const struct pay_case *c;
	struct str reason, actor;
	struct str own_account; /* it was paid from it; empty: by the bank */
};

/*
 * [tx] Owe it: its row, the posting that it is owed back where there was none
 * yet, and the job that calls the bank; or, paid by hand already, the posting
 * of that, too.
 * Fails: ERR_CONFLICT case_money_credited (it is the payment's own: a refund is
 * wanted), case_money_unnamed (nobody knows which order took it, or how much),
 * case_money_back (it is going back, or has gone).
 */
KV_MUST_CHECK enum err give_back_owe(const struct ports *p, struct arena *a,
    const struct give_back_ask *ask, struct fault *f);
/*
 * Was the money of c posted as owed back before?
 * Gives: *owed.
 */
KV_MUST_CHECK enum err give_back_owed(const struct ports *p, struct arena *a,
    const struct pay_case *c, bool *owed, struct fault *f);
/* One step of the job "give_back"; as refund_run. */
KV_MUST_CHECK enum err give_back_run(const struct ports *p, struct arena *a,
    struct str akey, struct str id, int64_t *next_at, struct fault *f);

#endif
