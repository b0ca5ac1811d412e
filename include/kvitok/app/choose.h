/*
 * choose: a payer chooses his card on our page (C2).
 *
 * Nobody is logged in here, and links are forwarded: so the front-end, which
 * knows its payer, asks for it when it makes the payment, and gets beside the
 * pay link another one, to which it leads him at once.  That one is claimed
 * by the browser that opens it first, while there is time; only with its
 * cookie are the payer's cards seen and chosen.  Everybody else is led on to
 * the pay link, where a card is typed, and learns nothing.
 */
#ifndef KVITOK_APP_CHOOSE_H
#define KVITOK_APP_CHOOSE_H

#include "kvitok/app/card.h"
#include "kvitok/app/card_pay.h"

/* Give a payment in the making its choice: sets pm->choose_code.
 * Gives: *out in a, the row of it. */
void choose_begin(const struct ports *p, struct arena *a, struct payment *pm,
    struct pay_choose *out);
/* Append the link: PUBLIC_URL/pay/NUMBER.CODE/choose */
void choose_url(
    const struct ports *p, const struct payment *pm, struct buf *out);

struct chosen {
	struct payment *pm;
	bool go_on; /* to the pay link; nothing below is set */
	char cookie[PAY_SECRET_LEN + 1]; /* to be set; empty: it has it */
	/* Cards of the payer at the payment's contract, the default first. */
	const struct card_seen *cards;
	size_t cards_len;
	const struct bank_offer *offer; /* to save one by; NULL: none can be */
	const char *why;                /* a choice was refused; or NULL */
};

/*
 * Open the link "NUMBER.CODE" in a browser that has cookie (may be empty).
 * Gives: *out in a.
 * Fails: ERR_ABSENT payment_unknown (number or code); ERR_AGAIN.
 */
KV_MUST_CHECK enum err choose_open(const struct ports *p, struct arena *a,
    struct str token, struct str cookie, struct chosen *out, struct fault *f);
/*
 * The payment that the link is about, without claiming it: for previews.
 * Fails: as choose_open.
 */
KV_MUST_CHECK enum err choose_peek(const struct ports *p, struct arena *a,
    struct str token, struct payment **out, struct fault *f);
/*
 * Choose: a card, or a new one (wish->card empty).  Twice is once: the first
 * choice holds.  A payment that somebody has opened meanwhile goes on as it
 * is.
 * Gives: *out as choose_open, with go_on when the choice holds, or why.
 * Fails: as choose_open.
 */
KV_MUST_CHECK enum err choose_take(const struct ports *p, struct arena *a,
    struct str token, struct str cookie, const struct card_wish *wish,
    struct chosen *out, struct fault *f);

#endif
