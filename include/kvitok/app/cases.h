/*
 * cases: what does not fit, in the hands of people.
 *
 * A case is taken by one of them, and resolved by a resolution of its kind
 * (domain/resolution); what the resolution does is done by the same commit, or,
 * where a bank must be called, by a job, until which the case is under way.
 */
#ifndef KVITOK_APP_CASES_H
#define KVITOK_APP_CASES_H

#include "kvitok/app/ports.h"

#define CASE_REASON_MIN 3
#define CASE_REASON_MAX 200 /* characters */
#define CASE_OPERATOR_MAX 28

/* A case with all that is known about it. */
struct case_detail {
	struct pay_case c;
	const struct case_event *events; /* what was done with it */
	size_t events_len;
	const struct give_back *backs; /* of its payment: look at case_id */
	size_t backs_len;
};

/* q->portal empty: of all portals. */
KV_MUST_CHECK enum err cases_list(const struct ports *p, struct arena *a,
    const struct case_query *q, const struct pay_case **out, size_t *len,
    struct fault *f);
/*
 * portal empty: any.
 * Fails: ERR_ABSENT case_unknown: not there, or another portal's.
 */
KV_MUST_CHECK enum err cases_read(const struct ports *p, struct arena *a,
    struct str portal, struct str id, struct case_detail *out, struct fault *f);

struct case_hand {
	struct str portal; /* whose case it must be; empty: any */
	struct str id;
	struct str actor; /* who */
};

/*
 * Take the case in hand; one's own again is no failure.
 * Gives: *out in a, as it is now.
 * Fails: ERR_ABSENT case_unknown; ERR_CONFLICT case_taken (somebody else has
 * it), case_under_way, case_resolved; ERR_AGAIN.
 */
KV_MUST_CHECK enum err cases_take(const struct ports *p, struct arena *a,
    const struct case_hand *h, struct pay_case *out, struct fault *f);
/*
 * Put it back, whoever has it: he may have fallen ill.  One that nobody has
 * is no failure.  Fails: as cases_take, but never case_taken.
 */
KV_MUST_CHECK enum err cases_release(const struct ports *p, struct arena *a,
    const struct case_hand *h, struct pay_case *out, struct fault *f);

struct case_resolve {
	struct case_hand hand;
	struct str how, reason;
	struct str own_account; /* paid_by_hand; empty: of the contract */
	struct str number;      /* assign: of the payment */
	struct str ikey;
	char body_hash[65];
	/* Render the answer that is given now and to every repeat. */
	void (*render)(struct buf *b, const struct pay_case *c);
};

struct case_resolved {
	struct str answer;
	bool replay;
};

/*
 * Resolve it, or find what this key has done.  Nobody's case is taken by that.
 * Gives: *out in a.
 * Fails: as cases_take; ERR_INVALID field_length (/reason), resolution_unknown
 * (/resolution), own_account_unknown (/own_account), field_unknown (/number of
 * another resolution than assign); ERR_LIMIT resolution_unfit
 * (/resolution), field_missing (/own_account), idempotency_key_reused,
 * refund_too_large; ERR_CONFLICT as give_back_owe, case_decided (the bank need
 * not be asked: it was decided), case_money_owed (it is in the books as owed
 * back), as case_register_chargeback,
 * case_register_assign, send_case_retry.
 */
KV_MUST_CHECK enum err cases_resolve(const struct ports *p, struct arena *a,
    const struct case_resolve *req, struct case_resolved *out, struct fault *f);

#endif
