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
/* A case that a row has resolved. */
struct register_end {
	struct str akey;
	const char *kind;
	struct str subject;
	struct str contract, row_key; /* what came */
	struct str number;            /* of the payment that it is about */
	struct str actor;
};

/*
 * [tx] End it, whoever has it in hand: the money is there.  Its resolution is
 * "settled".
 * Gives: *closed, false when a person has decided about it, or it is not there.
 * Fails: ERR_AGAIN when somebody moves it now.
 */
KV_MUST_CHECK enum err register_case_end(const struct ports *p, struct arena *a,
    const struct register_end *x, bool *closed, struct fault *f);

#endif
