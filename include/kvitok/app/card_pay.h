/*
 * card_pay: cards in payments: one is chosen, one is remembered.
 *
 * A choice is judged when the payment is made, and again when an attempt
 * begins: a card that was unbound meanwhile is not used, and the payer types
 * one on the bank's page.
 */
#ifndef KVITOK_APP_CARD_PAY_H
#define KVITOK_APP_CARD_PAY_H

#include "kvitok/app/ports.h"
#include "kvitok/domain/payment.h"

struct card_wish {
	struct str card; /* id; empty: none */
	bool save;
	struct str offer; /* version that was accepted with save */
	bool choose;      /* on our page: choose.h */
};

/*
 * Judge what a new payment of payer, to be taken by contract, is to do with
 * cards.
 * Gives: *out in a, without akey and number; *any, false for nothing, or for
 * what is to be chosen later.
 * Fails: ERR_INVALID card_payer_missing (/payer), card_and_save (/save_card),
 * card_and_choose (/choose_card);
 * ERR_LIMIT cards_not_taken, card_of_another, card_other_bank, card_unbound,
 * card_deactivated, card_expired; ERR_ABSENT card_unknown (all /card, or
 * /save_card); as card_accepts; ERR_AGAIN.
 */
KV_MUST_CHECK enum err card_choose(const struct ports *p, struct arena *a,
    struct str portal, struct str payer, struct str contract,
    const struct card_wish *wish, struct pay_card *out, bool *any,
    struct fault *f);

/* What an attempt is made with; all empty: the card is typed. */
struct card_use {
	struct str id;        /* of the card */
	struct str bank_card; /* the bank's id of it */
	struct str client;    /* with it the bank may remember a card */
	bool save;
};

/*
 * What attempt n of pm at contract is made with.
 * Gives: *out in a.  Fails: as the stores do.
 */
KV_MUST_CHECK enum err card_for_attempt(const struct ports *p, struct arena *a,
    const struct payment *pm, struct str contract, int n, struct card_use *out,
    struct fault *f);

/* A card that a bank remembers, and of whom it is to become one. */
struct card_bound {
	struct str portal, payer, contract, bank;
	struct str id; /* that it gets, if none has it; empty: a fresh one */
	struct str offer, offer_hash, origin;
	int64_t offer_at;
	struct bank_card said;
};

enum card_kept {
	CARD_KEPT,     /* bound now */
	CARD_KNOWN,    /* was, and is brought up to date */
	CARD_NOT_KEPT, /* the payer has it unbound, or has too many */
	CARD_FOREIGN   /* the bank says that it is somebody else's */
};

/*
 * [tx] Bind it; the same card twice is once.
 * Gives: *kept, and *id in a of the card that has it.
 */
KV_MUST_CHECK enum err card_keep(const struct ports *p, struct arena *a,
    const struct card_bound *b, enum card_kept *kept, struct str *id,
    struct fault *f);
/*
 * [tx] The bank says of attempt at of pm, which took money, what card it
 * remembers: bind it where the payment was asked to.
 */
KV_MUST_CHECK enum err card_paid(const struct ports *p, struct arena *a,
    const struct payment *pm, const struct attempt *at,
    const struct bank_card *said, struct str actor, struct fault *f);
/*
 * Was attempt at of pm made with a card that was chosen for it?
 * Gives: *used.  Fails: as the stores do.
 */
KV_MUST_CHECK enum err card_was_used(const struct ports *p, struct arena *a,
    const struct payment *pm, const struct attempt *at, bool *used,
    struct fault *f);
/*
 * [tx] The bank refused attempt at of pm for reason: a card that it was made
 * with may have come to its end.
 */
KV_MUST_CHECK enum err card_refused(const struct ports *p, struct arena *a,
    const struct payment *pm, const struct attempt *at, struct str reason,
    struct str actor, struct fault *f);

#endif
