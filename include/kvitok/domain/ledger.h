/*
 * ledger: what each event posts (S9).
 *
 * Pure: makes the lines of a transfer; storing them is a port's.  Debit is
 * above zero, credit below; the lines of every transfer sum to zero, which is
 * checked here and not left to whoever calls.
 *
 *   paid            receivable/CONTRACT +total
 *                   payable/PORTAL/SUPPLIER -(sum - what the supplier pays)
 *                   commission/PORTAL -(all commissions)
 *                   exempt_loss/PORTAL +(commission that the law frees the
 *                   payer from, where the portal bears it; where the supplier
 *                   does it is part of what the supplier pays)
 *   refund          the reverse of paid, by what goes back of each line
 *   paid_by_hand    the same, but bank_account/OWN instead of receivable: it
 *                   was paid by a bank transfer of ours
 *   chargeback      the same, but differences/CONTRACT: the payer's bank has
 *                   taken it
 *   second_payment  receivable/CONTRACT +taken, refunds_due/CONTRACT -taken
 *   odd_money       the same of money that a case decided cannot be credited
 *   give_back       refunds_due/CONTRACT +taken, receivable/CONTRACT -taken;
 *                   paid_by_hand: bank_account/OWN -taken
 */
#ifndef KVITOK_DOMAIN_LEDGER_H
#define KVITOK_DOMAIN_LEDGER_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/give_back.h"
#include "kvitok/domain/payment.h"
#include "kvitok/domain/refund.h"

#include <stdint.h>

#define LEDGER_LINES_MAX (PAY_LINES_MAX + 3)
#define LEDGER_SLOTS 16 /* rows of an account's day */

struct ledger_line {
	struct str account;
	int64_t sum_kop; /* never 0 */
};

struct ledger_transfer {
	struct str akey, id, cause, number;
	struct str kind;
	struct str day; /* of Moscow */
	int64_t at;
	const struct ledger_line *lines; /* one per account, sorted by it */
	size_t lines_len;
};

/*
 * The lines of a payment that attempt at has paid.
 * Gives: t->cause, kind, number and lines, in a.
 * Fails: ERR_BUG ledger_unbalanced.
 */
KV_MUST_CHECK enum err ledger_for_paid(struct arena *a,
    const struct payment *pm, const struct attempt *at,
    struct ledger_transfer *t, struct fault *f);
/*
 * The lines of money that came for a payment which had been paid already:
 * it is owed back.  cause: what names this money (bank number, opening).
 */
KV_MUST_CHECK enum err ledger_for_second(struct arena *a,
    const struct payment *pm, const struct attempt *at, struct str cause,
    int64_t taken_kop, struct ledger_transfer *t, struct fault *f);
/*
 * The lines of money that cannot be credited: it is owed back.  cause: what
 * names this money, the subject of its case.
 */
KV_MUST_CHECK enum err ledger_for_odd(struct arena *a,
    const struct give_back *g, struct str cause, struct ledger_transfer *t,
    struct fault *f);
/*
 * The lines of money owed back that has gone back, by its way.  Its id is the
 * cause.
 */
KV_MUST_CHECK enum err ledger_for_give_back(struct arena *a,
    const struct give_back *g, struct ledger_transfer *t, struct fault *f);
/*
 * The lines of a refund that has gone back by its way, of money that attempt
 * at had paid.  Its id is the cause.
 * Gives: t->cause, kind, number and lines, in a.
 * Fails: ERR_BUG ledger_unbalanced.
 */
KV_MUST_CHECK enum err ledger_for_refund(struct arena *a,
    const struct payment *pm, const struct attempt *at, const struct refund *r,
    struct ledger_transfer *t, struct fault *f);
/* Gives: the row of an account's day that akey's postings go to. */
int ledger_slot(struct str akey);

#endif
