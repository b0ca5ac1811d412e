/*
 * reference: the snapshot of reference data that a worker keeps, and who a
 * key belongs to.
 *
 * The version is read at most once a second; when it has changed everything
 * is read anew.  A withdrawn key is thus refused within a second.
 */
#ifndef KVITOK_APP_REFERENCE_H
#define KVITOK_APP_REFERENCE_H

#include "kvitok/app/ports.h"

/* Lives as long as the worker; its memory is its own arenas. */
struct ref_cache *ref_cache_new(struct arena *long_lived);

/* Between two requests, or rounds of jobs: nobody looks at former snapshots. */
void ref_cache_settle(struct ref_cache *c);

/*
 * Gives: *out, valid until the snapshots are settled, however often this is
 * called meanwhile.
 * Fails: ERR_AGAIN database_unavailable.
 */
KV_MUST_CHECK enum err reference(
    const struct ports *p, const struct ref **out, struct fault *f);

/*
 * Who has this key ("kv_...")?  Compared by its SHA-256.  One that is not
 * known is looked for in rows that are read afresh: a new key is good at once.
 * Gives: *out, texts in a.
 * Fails: ERR_DENIED key_unknown; ERR_AGAIN.
 */
KV_MUST_CHECK enum err reference_caller(const struct ports *p, struct arena *a,
    struct str key, struct caller *out, struct fault *f);

/* Gives: today of the portal's zone, for rules with validity dates. */
void reference_today(
    const struct ref_portal *portal, int64_t now, char out[11]);

/*
 * What may be shown of an account before anybody proved to be its owner.
 * number as typed.
 * Fails: ERR_ABSENT supplier_unknown, account_unknown; ERR_INVALID
 * field_form with the field "number".
 */
KV_MUST_CHECK enum err reference_account(const struct ports *p, struct arena *a,
    struct str portal, struct str supplier, struct str number,
    const struct account **out, struct fault *f);

#endif
