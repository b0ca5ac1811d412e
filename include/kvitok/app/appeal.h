/*
 * appeal: what a payer asks of a supplier: made, listed, closed (R1 to R3).
 *
 * Answers come in the supplier's documents (app/exchange.h).
 */
#ifndef KVITOK_APP_APPEAL_H
#define KVITOK_APP_APPEAL_H

#include "kvitok/app/ports.h"

#define APPEAL_ANSWERS_MAX 200 /* the last ones that are shown */

/* As a front-end brings it. */
struct appeal_request {
	const struct caller *who;
	struct str supplier, account; /* as typed; empty: none */
	enum appeal_kind kind;
	struct str payer, email, text;
	const struct appeal_field *fields;
	size_t fields_len;
	const struct str *files; /* ids of files that were brought before */
	size_t files_len;
	struct str ikey, body_hash;
};

/*
 * Make an appeal; with a key of idempotency that was used it is the former
 * one, and *replay is true.
 * Gives: *out in a.
 * Fails: as reference_account, on the field "account"; ERR_ABSENT
 * supplier_unknown; ERR_INVALID email_bad; ERR_LIMIT appeal_empty,
 * appeal_account, appeal_field, idempotency_key_reused; as
 * appeal_file_attach; ERR_AGAIN.
 */
KV_MUST_CHECK enum err appeal_create(const struct ports *p, struct arena *a,
    const struct appeal_request *rq, struct appeal *out, bool *replay,
    struct fault *f);
/*
 * One of the portal, with its last answers.
 * Fails: ERR_ABSENT appeal_unknown.
 */
KV_MUST_CHECK enum err appeal_read(const struct ports *p, struct arena *a,
    struct str portal, struct str id, struct appeal *out,
    const struct appeal_answer **answers, size_t *len, struct fault *f);
/* The payer wants no more of it; twice is once.  Fails: as appeal_read. */
KV_MUST_CHECK enum err appeal_end(const struct ports *p, struct arena *a,
    struct str portal, struct str id, struct fault *f);

#endif
