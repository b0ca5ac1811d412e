/*
 * refund_end: what is written when money of a refund has gone back.
 *
 * Called inside tx.run by whoever knows that it has: the job that called the
 * bank, and people who resolve cases.
 */
#ifndef KVITOK_APP_REFUND_END_H
#define KVITOK_APP_REFUND_END_H

#include "kvitok/app/ports.h"
#include "kvitok/domain/payment.h"
#include "kvitok/domain/refund.h"

struct refund_end {
	const struct payment *pm;
	const struct refund *r;
	int64_t done_kop; /* of the other refunds that are done */
	struct str actor, evidence;
};

/*
 * [tx] The payment moves, the books are posted by the way on which the money
 * went, the story tells it, and a document is owed to the payer.
 */
KV_MUST_CHECK enum err refund_end_write(const struct ports *p, struct arena *a,
    const struct refund_end *e, struct fault *f);
/*
 * [tx] Make a refund that has ended without a call of ours: r without its
 * state and instants, and its id unless that is given; its sum is reserved
 * here.
 * Fails: ERR_LIMIT refund_too_large.
 */
KV_MUST_CHECK enum err refund_end_new(const struct ports *p, struct arena *a,
    const struct payment *pm, struct refund *r, int64_t done_kop,
    struct fault *f);

/* What a bank says of a refund: neither with it nor without it. */
struct refund_said {
	const struct payment *pm;
	const struct refund *r;
	const struct refund *list; /* all of the payment */
	size_t list_len;
	int64_t gave_kop; /* since the call */
	struct str evidence;
};

/*
 * [tx] If a person has decided that what the bank says is a refund, make the
 * rows agree with it and resolve the case.
 * Gives: *did, false when nobody has, or when it cannot be.
 */
KV_MUST_CHECK enum err refund_end_as_bank(const struct ports *p,
    struct arena *a, const struct refund_said *s, bool *did, struct fault *f);
/* [tx] It has become clear after all: resolve the case refund_unclear about
 * the refund, if one is open. */
KV_MUST_CHECK enum err refund_end_unclear(const struct ports *p,
    struct arena *a, const struct payment *pm, struct str id, struct fault *f);

#endif
