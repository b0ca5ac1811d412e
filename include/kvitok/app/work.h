/*
 * work: what kvitok-jobs does.
 *
 * One call claims what is due, does it and says how much it was.  Kinds:
 *   ask      ask the bank how an open attempt stands, write what follows
 *   cancel   call off an order at the bank after pay_cancel
 *   receipt  mail the receipt of a paid payment
 *   reconcile  compare a contract's registers with the books
 *   refund_receipt  mail the receipt of a refund
 *   bill_mail  mail the bill of a month to who asked for it
 *   report_mail  tell an accountant how his report ended
 *   refund   give money back, or ask whether it was
 *   give_back  the same of money that was never credited
 *   exchange  look into a supplier's mailbox
 *   card_ask     ask the bank about a binding without a payment
 *   card_unbind  have the bank forget a card
 *   card_look    ask which cards of a payer the bank remembers
 */
#ifndef KVITOK_APP_WORK_H
#define KVITOK_APP_WORK_H

#include "kvitok/app/ports.h"

/*
 * Do at most limit due jobs.
 * Gives: *did, how many were claimed.
 * Fails: ERR_AGAIN database_unavailable; a job's own failure is the job's.
 */
KV_MUST_CHECK enum err work_some(const struct ports *p, struct arena *a,
    struct str worker, int limit, size_t *did, struct fault *f);

#endif
