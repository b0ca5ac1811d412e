/*
 * refund: give money of a paid payment back (P11).
 *
 * To ask for a refund calls nobody: its sum is reserved in the payment's row,
 * so that any number of them at once never give back more than was paid, and
 * a job is owed.  The job calls the bank (refund_run).
 */
#ifndef KVITOK_APP_REFUND_H
#define KVITOK_APP_REFUND_H

#include "kvitok/app/ports.h"
#include "kvitok/domain/refund.h"

struct refund_request {
	struct str portal; /* whose payment it must be; empty: any */
	struct str number;
	struct refund_ask ask;
	struct str reason, actor; /* why, and who */
	struct str ikey;
	char body_hash[65];
	/* Render the answer that is given now and to every repeat. */
	void (*render)(struct buf *b, const struct refund *r);
};

struct refund_made {
	struct str number, answer;
	bool replay;
};

/*
 * Reserve and owe a refund, or find the one that this key made.
 * Gives: *out in a.
 * Fails: as refund_share; ERR_ABSENT payment_unknown; ERR_CONFLICT
 * payment_not_paid; ERR_INVALID field_length (/reason); ERR_LIMIT
 * refunds_too_many, idempotency_key_reused; ERR_AGAIN.
 */
KV_MUST_CHECK enum err refund_create(const struct ports *p, struct arena *a,
    const struct refund_request *req, struct refund_made *out, struct fault *f);
/*
 * [tx] Reserve and owe a refund whose lines, reason and actor are filled; the
 * payment's row is held.
 * Gives: the rest of *r.  Fails: ERR_LIMIT refund_too_large.
 */
KV_MUST_CHECK enum err refund_owe(const struct ports *p, struct arena *a,
    const struct payment *pm, struct refund *r, struct fault *f);
/*
 * Refunds of a payment, oldest first; portal empty: of any.
 * Fails: ERR_ABSENT payment_unknown.
 */
KV_MUST_CHECK enum err refund_list(const struct ports *p, struct arena *a,
    struct str portal, struct str number, const struct refund **out,
    size_t *len, struct fault *f);
/*
 * A refund by its id, with its payment.
 * Gives: *pm and *out in a.  Fails: ERR_ABSENT refund_unknown.
 */
KV_MUST_CHECK enum err refund_load(const struct ports *p, struct arena *a,
    struct str akey, struct str id, struct payment **pm, struct refund *out,
    struct fault *f);
/*
 * One step of the job "refund": call the bank for a refund, or ask about one
 * whose outcome is not known.  It may be run any number of times.
 * Gives: *next_at, when to come again; 0: it has ended.
 * Fails: ERR_AGAIN: come again at *next_at; ERR_ABSENT refund_unknown;
 * ERR_CONFLICT refund_unclear: a case is open, a person must look.
 */
KV_MUST_CHECK enum err refund_run(const struct ports *p, struct arena *a,
    struct str akey, struct str id, int64_t *next_at, struct fault *f);

#endif
