/*
 * settle: settlements with suppliers (S6).
 *
 * Preparing gathers the lines of the ledger that a supplier is owed and nobody
 * has settled, a page at a time, and holds back payments that have an open
 * case.  An accountant confirms what he has seen; that posts the transfer and
 * numbers its payment order.  What the bank sends back is posted back, and its
 * lines are free again.
 */
#ifndef KVITOK_APP_SETTLE_H
#define KVITOK_APP_SETTLE_H

#include "kvitok/app/ports.h"
#include "kvitok/domain/settle.h"

struct settle_request {
	struct str portal, supplier, day, actor;
};

/*
 * Prepare a settlement of a day that is over, in the place of one that waits.
 * Gives: *out in a.
 * Fails: ERR_INVALID field_form (day); ERR_LIMIT settlement_day_open,
 * settlement_contract_missing, settlement_requisite, settlement_purpose;
 * ERR_CONFLICT settlement_day_done, settlement_replaced (by another preparation
 * at the same time); ERR_BUG settlement_differs; ERR_AGAIN.
 */
KV_MUST_CHECK enum err settle_prepare(const struct ports *p, struct arena *a,
    const struct settle_request *req, struct settlement *out, struct fault *f);

struct settle_confirm_request {
	struct str portal; /* whose it must be; empty: any */
	struct str id;
	int64_t sum_kop; /* that the accountant has seen */
	struct str actor, ikey;
	char body_hash[65];
	/* Render the answer that is given now and to every repeat. */
	void (*render)(struct buf *b, const struct settlement *s);
};

struct settle_confirmed {
	struct str answer;
	bool replay;
};

/*
 * Confirm: post the transfer, number the payment order.
 * Gives: *out in a.
 * Fails: ERR_ABSENT settlement_unknown; as settle_may_confirm and settle_fill;
 * ERR_CONFLICT settlement_changed; ERR_LIMIT idempotency_key_reused; ERR_AGAIN.
 */
KV_MUST_CHECK enum err settle_confirm(const struct ports *p, struct arena *a,
    const struct settle_confirm_request *req, struct settle_confirmed *out,
    struct fault *f);
/*
 * The bank has sent its payment order back: post that, free its lines.
 * Gives: *out in a.
 * Fails: ERR_ABSENT settlement_unknown; ERR_CONFLICT settlement_not_confirmed,
 * settlement_returned; ERR_INVALID field_length (/reason); ERR_AGAIN.
 */
KV_MUST_CHECK enum err settle_return(const struct ports *p, struct arena *a,
    struct str id, struct str reason, struct str actor, struct settlement *out,
    struct fault *f);
/*
 * A settlement; portal empty: of any.
 * Fails: ERR_ABSENT settlement_unknown.
 */
KV_MUST_CHECK enum err settle_load(const struct ports *p, struct arena *a,
    struct str portal, struct str id, struct settlement *out, struct fault *f);

#endif
