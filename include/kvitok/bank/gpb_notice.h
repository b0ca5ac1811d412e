/*
 * gpb_notice: Gazprombank's two questions.
 *
 * «May this be paid?» is never signed, so nothing that costs money hangs on
 * it.  «It was paid, or failed» is signed over our registered address and the
 * raw query; no parameter is believed before the signature is.
 */
#ifndef KVITOK_BANK_GPB_NOTICE_H
#define KVITOK_BANK_GPB_NOTICE_H

#include "kvitok/bank/contract.h"
#include "kvitok/port/gateway.h"

/*
 * As gateway.notice.  A call with a signature, or to an address that ends in
 * "register", is the second question.  Login, sender and merch_id must be
 * those of one Gazprombank contract of the list.
 * Gives: out->trust: TRUST_SIGNED for a good signature, TRUST_UNSIGNED for a
 * first question that fits a contract, else TRUST_FORGED with what could be
 * read.
 * Fails: ERR_INVALID notice_bad: a genuine call without what it must say.
 */
KV_MUST_CHECK enum err gpb_notice(const struct contract *list, size_t len,
    struct arena *a, const struct bank_call *c, struct bank_notice *out,
    struct fault *f);
/* Is the address remote that of item, or in its network ("10.1.0.0/16")?
 * Gives: false for anything that is no address. */
bool gpb_address_in(struct arena *a, struct str remote, struct str item);

#endif
