/*
 * register_take: a row of a bank's register becomes what it was found as, in
 * the books (S7).
 *
 * Both the matching by what a row is known by (register_match) and a person
 * who assigns it (case_register) end here.
 */
#ifndef KVITOK_APP_REGISTER_TAKE_H
#define KVITOK_APP_REGISTER_TAKE_H

#include "kvitok/app/ports.h"

struct register_taking {
	struct recon_verdict v;
	struct register_terms terms; /* of the row's day */
	bool missing;                /* v.found has an open case of that kind */
	struct str actor;            /* who ends that case */
};

/* Gives: what recon compares fees with. */
struct recon_terms register_take_terms(const struct register_terms *t);
/*
 * [tx] Judge the row, take what it was found as, post, open its cases, and end
 * the case of a posting that was missing.
 * Gives: *mine, false when somebody else has judged the row; *came, a case of
 * a missing one has ended.
 * Fails: ERR_AGAIN busy: the posting, or its case, is somebody else's by now.
 */
KV_MUST_CHECK enum err register_take(const struct ports *p, struct arena *a,
    const struct register_taking *t, bool *mine, bool *came, struct fault *f);

#endif
