/*
 * register_take: rows of a bank's register become what they were found as, in
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
 * [tx] Judge rows of one contract, take what they were found as, end the cases
 * of what was missing, open their own, and post.  No two have found the same;
 * all of them were unknown, or none was.  The days of accounts, for which
 * payments wait, are taken last.
 * Gives: mine[i], false when somebody else has judged that row; came[i], a case
 * of a missing one has ended.
 * Fails: ERR_AGAIN busy: a posting, or its case, is somebody else's by now.
 */
KV_MUST_CHECK enum err register_take(const struct ports *p, struct arena *a,
    const struct register_taking *v, size_t len, bool *mine, bool *came,
    struct fault *f);

#endif
