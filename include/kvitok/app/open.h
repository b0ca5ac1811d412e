/*
 * open: a visit to the pay link, and the page after the bank (P5, P6, Z9).
 *
 * open_link is the only use-case of a worker that waits for a bank.
 */
#ifndef KVITOK_APP_OPEN_H
#define KVITOK_APP_OPEN_H

#include "kvitok/app/ports.h"
#include "kvitok/domain/payment.h"

enum open_answer {
	OPENED_BANK,   /* go to url, the bank's page */
	OPENED_RESULT, /* go to the result page of the payment */
	OPENED_WAIT, /* say «подождите» and come again in a moment */
	OPENED_SORRY /* not possible now: words of *why, and try again */
};

struct opened {
	enum open_answer answer;
	struct str url;
	struct payment *pm; /* as loaded last */
	const char *why;    /* reason id, when OPENED_SORRY */
};

/*
 * Open token ("NUMBER.SECRET").
 * Gives: *out in a.
 * Fails: ERR_ABSENT payment_unknown (number or secret); ERR_AGAIN.
 */
KV_MUST_CHECK enum err open_link(const struct ports *p, struct arena *a,
    struct str token, struct opened *out, struct fault *f);

/*
 * The payment that a token leads to, without doing anything: for previews and
 * for its receipt.
 * Fails: ERR_ABSENT payment_unknown; ERR_AGAIN.
 */
KV_MUST_CHECK enum err open_peek(const struct ports *p, struct arena *a,
    struct str token, struct payment **out, struct fault *f);

/* What the payer is shown on return. */
enum result_kind {
	RESULT_PAID,
	RESULT_CHECKING, /* not known yet: the page refreshes itself */
	RESULT_REFUSED,  /* declined: reason, may try again by link */
	RESULT_EXPIRED,  /* time ran out: may try again while alive */
	RESULT_ENDED,    /* cancelled, or its life is over */
	RESULT_NOT_BEGUN /* the link was never opened */
};

struct result {
	enum result_kind kind;
	const char *reason; /* id with the payer's words, "" none */
	bool may_retry;     /* the pay link leads to a new attempt */
	struct payment *pm;
	struct str go_to; /* the front-end's page with ?number=; empty: ours */
	bool theirs;      /* pm is another payment of the bill, and nobody knows
			   * whether of the same payer: its state and sums may be
			   * shown, its receipt and card may not */
};

/*
 * Show how it stands; when it is not known the bank is asked soon (a job
 * falls due), but never waited for.
 * Fails: ERR_ABSENT payment_unknown; ERR_AGAIN.
 */
KV_MUST_CHECK enum err open_result(const struct ports *p, struct arena *a,
    struct str token, struct result *out, struct fault *f);

#endif
