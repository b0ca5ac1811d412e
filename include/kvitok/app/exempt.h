/*
 * exempt: who is free of commission, set and ended by an operator, a
 * front-end or a file, and asked for by a quote (Z1).
 *
 * Of a payer or an account one exemption holds at a time; it is ended, never
 * changed, so that a payment of last year can still be explained.  The number
 * of a document leaves here whole; who shows it masks it (exempt_mask).
 */
#ifndef KVITOK_APP_EXEMPT_H
#define KVITOK_APP_EXEMPT_H

#include "kvitok/app/ports.h"
#include "kvitok/domain/exempt.h"

#define EXEMPT_BATCH_MAX 10000

/* What is asked for; the account of key.subject as typed. */
struct exempt_request {
	struct exempt_key key;
	struct str kind, document, document_number, seen_by;
	struct str from_day, to_day; /* from_day empty: today */
	struct str actor;            /* frontend:KEYID, operator:NAME */
	bool replace; /* end another one that holds, else refuse */
};

/*
 * Judge a request and put it into its final form.
 * Gives: *out in a, akey and created_at set, id not.
 * Fails: fields are JSON pointers (/kind, /document_number, /to_day) or
 * parameters (portal, supplier, number, payer): ERR_ABSENT portal_unknown,
 * exempt_kind_unknown, supplier_unknown, account_unknown; ERR_INVALID
 * field_length, field_form, account_form; ERR_LIMIT exempt_days,
 * exempt_not_set (the portal frees nobody); ERR_AGAIN.
 */
KV_MUST_CHECK enum err exempt_check(const struct ports *p, struct arena *a,
    const struct exempt_request *req, struct exempt *out, struct fault *f);
/*
 * Set exemptions, all or none, in one transaction.  One that says what its
 * holder's says already changes nothing; one that is over is ended; another
 * one that holds is ended where replace says so.
 * Gives: ids of v; *made, how many are new; *at, which of v has failed.
 * Fails: ERR_CONFLICT exemption_there; ERR_AGAIN; ERR_UNSURE commit_unsure
 * (set again: what was done is found).
 */
KV_MUST_CHECK enum err exempt_set(const struct ports *p, struct arena *a,
    struct exempt *v, size_t len, bool replace, size_t *made, size_t *at,
    struct fault *f);
/*
 * End one by its name; twice is once.  portal empty: of any.
 * Gives: *out as it is now, in a.
 * Fails: ERR_ABSENT exemption_unknown, also for another portal's;
 * ERR_INVALID field_length (/reason).
 */
KV_MUST_CHECK enum err exempt_end(const struct ports *p, struct arena *a,
    struct str portal, struct str name, struct str actor, struct str reason,
    struct exempt *out, struct fault *f);
/*
 * The exemptions of a payer or an account (as typed), newest first.
 * Gives: *out in a.  Fails: ERR_INVALID account_form.
 */
KV_MUST_CHECK enum err exempt_of(const struct ports *p, struct arena *a,
    const struct exempt_key *key, const struct exempt **out, size_t *len,
    struct fault *f);
/*
 * Is the holder free on the day?
 * Gives: *name in a, of the exemption; empty: he is not.
 */
KV_MUST_CHECK enum err exempt_find(const struct ports *p, struct arena *a,
    const struct exempt_key *key, struct str day, struct str *name,
    struct fault *f);

#endif
