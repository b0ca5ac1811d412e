/*
 * ledger_register: what a row of a bank's register posts (S7, S9).
 *
 * Pure, as ledger.h.  The bank's own figures are posted, whatever we expected:
 * bank_account then has what the registers say was paid out.
 *
 *   register          bank_account/OWN +net, bank_fee/CONTRACT +fee,
 *                     bank_fee_vat/CONTRACT +VAT,
 *                     receivable/CONTRACT -what we had posted there,
 *                     differences/CONTRACT -the rest of gross
 *   register_matched  of a row that was not known at first, and now is:
 *                     differences/CONTRACT and receivable/CONTRACT
 *   assign            the same, of one that a person has assigned
 *   write_off         of a posting that no register has brought: the same
 *                     accounts, and the case is the cause
 */
#ifndef KVITOK_DOMAIN_LEDGER_REGISTER_H
#define KVITOK_DOMAIN_LEDGER_REGISTER_H

#include "kvitok/domain/ledger.h"
#include "kvitok/domain/reg_line.h"

/* A row in the books. */
struct ledger_register {
	struct str contract, own_account, key;
	int64_t gross_kop, fee_kop, vat_kop, net_kop;
	int64_t receivable_kop; /* posting that it was found as; 0: none */
};

/* Gives: "CONTRACT/KEY", in a: the cause of both. */
struct str ledger_register_cause(
    struct arena *a, const struct ledger_register *r);
/*
 * The lines of a row.
 * Gives: t->cause, kind, number (empty) and lines, in a; no lines when all
 * sums are zero.
 * Fails: ERR_BUG ledger_unbalanced (net is not gross - fee - VAT).
 */
KV_MUST_CHECK enum err ledger_for_register(struct arena *a,
    const struct ledger_register *r, struct ledger_transfer *t,
    struct fault *f);
/* The same of a row that was posted as not known, and is found now. */
KV_MUST_CHECK enum err ledger_for_register_matched(struct arena *a,
    const struct ledger_register *r, struct ledger_transfer *t,
    struct fault *f);
/* The same of one that a person has assigned to a payment. */
KV_MUST_CHECK enum err ledger_for_assign(struct arena *a,
    const struct ledger_register *r, struct ledger_transfer *t,
    struct fault *f);
/*
 * What a person has decided about a case id: kop of the contract's receivable
 * stands against its differences from now on.
 * Fails: ERR_BUG ledger_unbalanced (nothing to post).
 */
KV_MUST_CHECK enum err ledger_for_write_off(struct arena *a,
    struct str contract, struct str id, int64_t kop, struct ledger_transfer *t,
    struct fault *f);

#endif
