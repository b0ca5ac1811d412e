/*
 * sber_notice: Sberbank's call-backs, in both dialects.
 *
 * A call-back is a hint, signed or not: money is credited only after the
 * status query.  Here it is read and its checksum judged, nothing else.
 */
#ifndef KVITOK_BANK_SBER_NOTICE_H
#define KVITOK_BANK_SBER_NOTICE_H

#include "kvitok/bank/contract.h"
#include "kvitok/bank/form.h"
#include "kvitok/port/gateway.h"

/*
 * As gateway.notice: a query, a form or JSON.  The call names no contract, so
 * its checksum is tried with the keys of all Sberbank contracts of the list.
 * Gives: out->trust: TRUST_SIGNED and the contract whose key fits;
 * TRUST_FORGED when no key fits; TRUST_UNSIGNED and no contract when there is
 * no checksum, or no contract that could check it.
 * Fails: ERR_INVALID notice_bad, with fields.
 */
KV_MUST_CHECK enum err sber_notice(const struct contract *list, size_t len,
    struct arena *a, const struct bank_call *c, struct bank_notice *out,
    struct fault *f);
/*
 * The text that is signed: "name;value;" of every parameter but checksum and
 * sign_alias, sorted by name in byte order.
 */
struct str sber_signed_text(struct arena *a, const struct form *form);

#endif
