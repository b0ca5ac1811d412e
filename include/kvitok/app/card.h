/*
 * card: what a front-end does with its payers' cards (C1 to C3).
 *
 * Calls no bank: a binding is begun by its link (card_open.h), a card that is
 * unbound is gone here at once and forgotten at the bank by a job
 * (card_run.h).  Nobody but the payer's own front-end, with its own id of the
 * payer, sees or uses a card.
 */
#ifndef KVITOK_APP_CARD_H
#define KVITOK_APP_CARD_H

#include "kvitok/app/ports.h"

/* A contract of a portal that may bind cards, and its offer of today. */
struct card_offer {
	struct str contract, bank, bank_title;
	struct bank_offer offer;
	bool alone; /* also without a payment */
};

#define CARD_OFFERS_MAX 20

/*
 * The offers that payers of a portal may accept today.
 * Gives: *out in a, one for each contract that binds cards.
 * Fails: ERR_AGAIN.
 */
KV_MUST_CHECK enum err card_offers(const struct ports *p, struct arena *a,
    struct str portal, const struct card_offer **out, size_t *len,
    struct fault *f);
/*
 * Is version the offer of the contract that is valid today?
 * Gives: *out in a, and hash, SHA-256 of its text.
 * Fails: ERR_LIMIT offer_not_accepted (empty), offer_changed (another one),
 * both of the field /offer; offer_not_set.
 */
KV_MUST_CHECK enum err card_accepts(const struct ports *p, struct arena *a,
    struct str portal, struct str contract, struct str version,
    struct bank_offer *out, char hash[65], struct fault *f);
/*
 * The payer's client at a contract, made when he has none.
 * Gives: *out in a.
 */
KV_MUST_CHECK enum err card_client(const struct ports *p, struct arena *a,
    struct str portal, struct str payer, struct str contract,
    struct card_client *out, struct fault *f);

struct bind_request {
	struct str payer, bank, offer, return_url; /* bank may be empty */
	struct str ikey;
	char body_hash[65];
	/* Render the answer that is given now and to every repeat. */
	void (*render)(
	    struct buf *b, const struct ports *p, const struct bind *x);
};

struct bind_made {
	struct str id, answer;
	bool replay;
};

/*
 * Ask for a binding without a payment, or find the one that this key made.
 * Fails: ERR_LIMIT cards_not_taken, bank_choose (/bank), cards_too_many
 * (/payer), return_host (/return_url), idempotency_key_reused; as
 * card_accepts; ERR_AGAIN bank_unavailable.
 */
KV_MUST_CHECK enum err card_bind(const struct ports *p, struct arena *a,
    const struct caller *who, const struct bind_request *req,
    struct bind_made *out, struct fault *f);
/* Append the link of a binding: PUBLIC_URL/pay/ID.SECRET/card */
void card_bind_url(
    const struct ports *p, const struct bind *x, struct buf *out);

/* A card as its payer sees it. */
struct card_seen {
	struct card card; /* its state is that of today */
	bool expires_soon;
};

/*
 * Cards of a payer, oldest first, without those that were unbound.  Where the
 * bank was not asked for a while, a job is woken that does.
 */
KV_MUST_CHECK enum err card_list(const struct ports *p, struct arena *a,
    struct str portal, struct str payer, const struct card_seen **out,
    size_t *len, struct fault *f);
/*
 * Make a card the one that is offered first.
 * Fails: ERR_ABSENT card_unknown (also another portal's); ERR_LIMIT
 * card_of_another (/payer), card_unbound.
 */
KV_MUST_CHECK enum err card_prefer(const struct ports *p, struct arena *a,
    struct str portal, struct str payer, struct str id, struct card_seen *out,
    struct fault *f);
/*
 * Unbind a card: gone here at once, at the bank soon.  Twice is once.  payer
 * empty: whosever of the portal.
 * Fails: ERR_ABSENT card_unknown; ERR_LIMIT card_of_another (payer).
 */
KV_MUST_CHECK enum err card_unbind(const struct ports *p, struct arena *a,
    struct str portal, struct str payer, struct str id, struct fault *f);

#endif
