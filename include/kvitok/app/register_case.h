/*
 * register_case: differences between a bank's register and us, as cases for a
 * person (S7).
 *
 * Kinds: register_unknown, register_sum, register_fee, chargeback (of a row),
 * register_missing (of a posting).  A case about a payment stands under it and
 * is told in its story.
 */
#ifndef KVITOK_APP_REGISTER_CASE_H
#define KVITOK_APP_REGISTER_CASE_H

#include "kvitok/app/ports.h"

/* Gives: what names a row among cases: "CONTRACT/KEY". */
struct str register_case_subject(
    struct arena *a, struct str contract, struct str key);
/* Gives: the akey of a row's case: its payment's, where that is known. */
struct str register_case_akey(const struct recon_row *row, struct str number);
/* [tx] Open the cases that a verdict calls for; none of a row that fits. */
KV_MUST_CHECK enum err register_case_of_row(const struct ports *p,
    struct arena *a, const struct recon_verdict *v,
    const struct register_terms *terms, struct fault *f);
/* [tx] Open the case of a posting that no register has brought. */
KV_MUST_CHECK enum err register_case_missing(const struct ports *p,
    struct arena *a, const struct recon_pair *x, struct str last_day,
    struct fault *f);
/* [tx] End a case that has resolved itself; number empty: of no payment.
 * Gives: *closed, false when a person has it, or has closed it. */
KV_MUST_CHECK enum err register_case_end(const struct ports *p, struct arena *a,
    struct str akey, struct str number, const char *kind, struct str subject,
    bool *closed, struct fault *f);

#endif
