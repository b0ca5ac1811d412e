/*
 * pay_store: payments with lines and attempts.
 *
 * Every change is compare-and-set: of two that race one fails with ERR_AGAIN
 * and is run afresh by tx.  Functions marked [tx] are called inside tx.run.
 */
#ifndef KVITOK_PORT_PAY_STORE_H
#define KVITOK_PORT_PAY_STORE_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/payment.h"
#include "kvitok/port/bind_store.h"
#include "kvitok/port/evidence.h"

struct new_payment {
	const struct payment *pay;  /* state created; lines; no attempts */
	struct str ikey, body_hash; /* Idempotency-Key, SHA-256 hex */
	struct str answer;          /* the first answer, kept for repeats */
	const struct pay_event *event;
	const struct pay_card *card;     /* NULL: no card is named or saved */
	const struct pay_choose *choose; /* NULL: no page of ours asks */
};

struct idem {
	struct str body_hash, akey, number, answer;
};

/* What changes in a payment that goes from one state to another; the rest
 * of the row stays.  Texts with p NULL stay too. */
struct pay_move {
	struct str akey, number;
	enum pay_state from, to;
	int attempts;    /* expected highest n; the row must still have it */
	int attempts_to; /* the new highest n */
	int64_t at;
	int64_t paid_at;           /* 0: unchanged */
	int paid_attempt;          /* 0: unchanged */
	struct str contract, bank; /* of the attempt that counts */
	struct str card_mask, bank_ref, auth_code, reason;
};

struct att_move {
	struct str akey, number;
	int n;
	enum att_state from, to;
	struct str bank_id, form_url, reason, code; /* p NULL: unchanged */
	int64_t expires_at, closed_at, paid_kop;    /* 0: unchanged */
	bool on_case;  /* true: on hold from now on; false: unchanged */
	bool off_case; /* true: the hold ends */
	bool decided;  /* true: a person has decided; false: unchanged */
};

struct pay_query {
	struct str portal;                /* always */
	struct str payer, account, state; /* empty: any */
	int64_t from_at, to_at;           /* 0: open */
	int64_t before_at; /* cursor: created_at and number of the last row */
	struct str before_number; /* empty: from the newest */
	int limit;                /* 1 .. 200 */
};

struct pay_store {
	void *self;
	/*
	 * Write the payment, its lines, its first event and the answer; one
	 * transaction of its own (not inside tx.run).
	 * Gives: *was false when it was made now; true when the key had been
	 * used, then *found (in a) is what it was used for.
	 * Fails: ERR_AGAIN; ERR_UNSURE commit_unsure.
	 */
	KV_MUST_CHECK enum err (*create)(void *self, struct arena *a,
	    const struct new_payment *p, bool *was, struct idem *found,
	    struct fault *f);
	/*
	 * What a key was used for.
	 * Gives: *found in a.  Fails: ERR_ABSENT payment_unknown.
	 */
	KV_MUST_CHECK enum err (*find)(void *self, struct arena *a,
	    struct str portal, struct str ikey, struct idem *found,
	    struct fault *f);
	/*
	 * Gives: *out in a with lines and attempts.
	 * Fails: ERR_ABSENT payment_unknown.
	 */
	KV_MUST_CHECK enum err (*load)(void *self, struct arena *a,
	    struct str number, struct payment **out, struct fault *f);
	/* Newest first; lines filled, attempts left out. */
	KV_MUST_CHECK enum err (*list)(void *self, struct arena *a,
	    const struct pay_query *q, const struct payment **out, size_t *len,
	    struct fault *f);
	/* [tx] Fails: ERR_AGAIN when the row is no longer as expected. */
	KV_MUST_CHECK enum err (*move)(
	    void *self, const struct pay_move *m, struct fault *f);
	/* [tx] A new attempt row. */
	KV_MUST_CHECK enum err (*attempt_put)(void *self, struct str akey,
	    struct str number, const struct attempt *at, struct fault *f);
	/* [tx] Fails: ERR_AGAIN when the row is not in state from. */
	KV_MUST_CHECK enum err (*attempt_move)(
	    void *self, const struct att_move *m, struct fault *f);
};

/* Rules that span payments and transactions of a bank. */
struct bill_store {
	void *self;
	/*
	 * [tx] Take the bill of pm (akey, portal, lines_hash, payer) for its
	 * number, if nobody has it or its holder is the number expected.
	 * Gives: *holder in a, who has it after the call.
	 */
	KV_MUST_CHECK enum err (*take)(void *self, struct arena *a,
	    const struct payment *pm, struct str expected, struct str *holder,
	    struct fault *f);
	/* Who has it, empty for nobody. */
	KV_MUST_CHECK enum err (*holder)(void *self, struct arena *a,
	    const struct payment *pm, struct str *holder, struct fault *f);
	/* [tx] Note that this payment's visitors are led to another. */
	KV_MUST_CHECK enum err (*lead)(void *self, struct str akey,
	    struct str number, struct str to, struct fault *f);
	/* [tx] Note a bank's transaction of an attempt; twice is once. */
	KV_MUST_CHECK enum err (*trx_put)(void *self, struct str akey,
	    struct str number, int n, struct str trx_id, int64_t at,
	    struct fault *f);
	/* [tx] state: seen, paid, failed. */
	KV_MUST_CHECK enum err (*trx_move)(void *self, struct str akey,
	    struct str number, int n, struct str trx_id, struct str state,
	    struct fault *f);
	/* Transactions of an attempt, oldest first, at most limit. */
	KV_MUST_CHECK enum err (*trxs)(void *self, struct arena *a,
	    struct str akey, struct str number, int n, int limit,
	    struct str **ids, struct str **states, size_t *len,
	    struct fault *f);
	/* Numbers of unpaid payments whose life ended, at most limit. */
	KV_MUST_CHECK enum err (*overdue)(void *self, struct arena *a,
	    int64_t now, int limit, struct str **numbers, size_t *len,
	    struct fault *f);
};

#endif
