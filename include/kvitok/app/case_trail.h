/*
 * case_trail: change a case and tell it.
 *
 * Whatever happens to a case is a row of what was done with it, and where it
 * has a payment, an event of the payment's story; both by the same commit.
 */
#ifndef KVITOK_APP_CASE_TRAIL_H
#define KVITOK_APP_CASE_TRAIL_H

#include "kvitok/app/ports.h"

struct case_step {
	const char *kind; /* taken, released, decided, refused, resolved */
	struct str actor;
	struct str evidence; /* of proof_end; empty: {} */
};

/*
 * [tx] Move the case from what was read to what it becomes; its resolution
 * and note are told, too.
 * Fails: ERR_AGAIN when somebody else has moved it.
 */
KV_MUST_CHECK enum err case_trail_move(const struct ports *p, struct arena *a,
    const struct pay_case *from, const struct pay_case *to,
    const struct case_step *s, struct fault *f);
/* [tx] Tell that c was opened again. */
KV_MUST_CHECK enum err case_trail_reopened(const struct ports *p,
    struct arena *a, const struct pay_case *c, struct str actor,
    struct fault *f);
/*
 * [tx] Resolve a case whose resolution was under way, or which has no open
 * question any more.  how empty: by the resolution that was chosen.
 */
KV_MUST_CHECK enum err case_trail_resolve(const struct ports *p,
    struct arena *a, const struct pay_case *c, const char *how,
    struct str actor, struct str evidence, struct fault *f);
/* [tx] The resolution under way could not be carried out: it is no longer. */
KV_MUST_CHECK enum err case_trail_refuse(const struct ports *p, struct arena *a,
    const struct pay_case *c, struct str evidence, struct fault *f);
/*
 * Find a payment's case by kind and subject.
 * Gives: *out in a; *found.
 */
KV_MUST_CHECK enum err case_trail_find(const struct ports *p, struct arena *a,
    const struct payment *pm, const char *kind, struct str subject,
    struct pay_case *out, bool *found, struct fault *f);

#endif
