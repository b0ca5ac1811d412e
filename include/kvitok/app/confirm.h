/*
 * confirm: write what follows from how an attempt stands at the bank (P5).
 *
 * The only module that credits money.  Whatever says «paid» -- a call-back, a
 * browser, a schedule -- ends here; of any number of them at once exactly one
 * credits.  It never calls a bank: confirm_ask does, and others who were told.
 */
#ifndef KVITOK_APP_CONFIRM_H
#define KVITOK_APP_CONFIRM_H

#include "kvitok/app/ports.h"
#include "kvitok/domain/payment.h"

/*
 * [tx] Write what the bank said of attempt at of pm, both as loaded in this
 * transaction.
 */
KV_MUST_CHECK enum err confirm_write(const struct ports *p, struct arena *a,
    const struct payment *pm, const struct attempt *at,
    const struct bank_status *s, struct str actor, struct fault *f);

/*
 * [tx] Write that an attempt ended before the bank took it in: refused at
 * registration, or certainly never sent.  kind is the word of the story.
 */
KV_MUST_CHECK enum err confirm_refused(const struct ports *p, struct arena *a,
    const struct payment *pm, const struct attempt *at, struct str reason,
    struct str code, struct str actor, struct fault *f);

/* The end of a hold. */
struct release {
	bool held;         /* another case still holds the attempt */
	bool decided;      /* nothing of it is credited any more */
	struct str reason; /* that the payer sees when it was decided */
	struct str actor;
};

/*
 * [tx] A person has resolved a case that held attempt at: the bank may be asked
 * again, or, when it was decided, an open attempt ends as declined, so that the
 * payer can pay anew.
 */
KV_MUST_CHECK enum err confirm_release(const struct ports *p, struct arena *a,
    const struct payment *pm, const struct attempt *at, const struct release *r,
    struct fault *f);

/* Money that came for a payment which had been paid. */
struct second_money {
	struct str subject; /* what names it: bank number, or opening of it */
	int64_t taken_kop;
	struct str evidence; /* JSON object */
};

/*
 * [tx] Make it a case with a refund proposed, and post that it is owed back;
 * the same money (subject) twice is once.
 */
KV_MUST_CHECK enum err confirm_second(const struct ports *p, struct arena *a,
    const struct payment *pm, const struct attempt *at,
    const struct second_money *m, struct str actor, struct fault *f);

#endif
