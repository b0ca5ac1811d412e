/*
 * back: carry money back through a bank, once, whatever happens meanwhile.
 *
 * The one way on which money leaves: for refunds of what was credited
 * (refund_run) and for what was taken and never credited (give_back).  Intent
 * first, then what the bank has given back so far, then the call; after a lost
 * answer that sum tells whether it was done, and a call is repeated only when
 * it certainly was not.
 */
#ifndef KVITOK_APP_BACK_H
#define KVITOK_APP_BACK_H

#include "kvitok/app/ports.h"
#include "kvitok/domain/payment.h"
#include "kvitok/domain/refund.h"

struct back_kind;

/* One of them in the hands of the job. */
struct back {
	const struct ports *p;
	struct arena *a;
	const struct back_kind *kind;
	void *own; /* the kind's */
	struct str akey, number, id;
	/* As they were read last: */
	struct payment *pm;
	const struct attempt *at; /* that took the money */
	struct str contract;
	enum refund_state state;
	int64_t total_kop;  /* what goes back */
	int64_t before_kop; /* given back before the call; -1: not called */
	int64_t created_at, sent_at;
	bool busy;              /* another one of its order is with the bank */
	struct bank_refund ask; /* filled but for its sums */
	/* As it goes: */
	struct str code; /* of a refusal */
	bool mine;       /* of a transaction: it was us */
	bool settled;    /* by unclear: there is nothing left to do */
	struct str said; /* by the bank, that cannot be so; empty: nothing */
	int64_t now_kop; /* what the bank has given back, as it says; -1 */
};

struct back_kind {
	/* Names of crash points: right before the call, after it, and in the
	 * transaction that writes the end. */
	const char *calling_step, *called_step, *done_step;
	/* It is all that the order has taken: what the bank has given back
	 * already is a part of it.  Where the bank says before the call that
	 * another sum was taken, or more is back, it counts as refused: x->code
	 * is other_sum_taken or more_is_back. */
	bool whole;
	/* Read what goes back into x; [tx] too. */
	enum err (*read)(struct back *x, struct fault *f);
	/* Fill what else the call needs; NULL: nothing. */
	enum err (*prepare)(struct back *x, struct fault *f);
	/* [tx] Compare and set x->state; x->code when it fails. */
	enum err (*move)(struct back *x, enum refund_state to, struct fault *f);
	/* [tx] Keep x->now_kop as what was given back before the call.
	 * Gives: x->mine. */
	enum err (*note_call)(struct back *x, struct fault *f);
	/* [tx] What follows when it is done, refused, or when the bank has
	 * given back a sum that is neither with nor without it. */
	enum err (*done)(struct back *x, struct fault *f);
	enum err (*refused)(struct back *x, struct fault *f);
	enum err (*unclear)(struct back *x, struct fault *f);
	/* [tx] Tell that no answer came; that it certainly was not done. */
	enum err (*unknown)(struct back *x, struct fault *f);
	enum err (*not_done)(struct back *x, struct fault *f);
};

/* Gives: what the bank is, or was, asked to give back. */
int64_t back_call_kop(const struct back *x);

/*
 * One step: x->p, a, kind, own, akey, number and id are set.  It may be run
 * any number of times.
 * Gives: *next_at, when to come again; 0: it has ended.
 * Fails: as kind's; ERR_AGAIN: come again at *next_at; ERR_CONFLICT
 * refund_unclear: a person must look.
 */
KV_MUST_CHECK enum err back_run(
    struct back *x, int64_t *next_at, struct fault *f);

#endif
