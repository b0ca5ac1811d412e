/*
 * card_gateway: cards that the banks remember, one shape for all contracts.
 *
 * Beside gateway.h, which pays with them.  What a contract cannot do is told
 * by its traits, so that nobody is promised what the bank does not have.
 */
#ifndef KVITOK_PORT_CARD_GATEWAY_H
#define KVITOK_PORT_CARD_GATEWAY_H

#include "kvitok/port/gateway.h"

struct card_traits {
	bool binds;   /* cards may be bound at all: a setting of the contract */
	bool alone;   /* also without a payment */
	bool lists;   /* the bank tells which cards it remembers */
	bool unbinds; /* the bank takes an unbinding; else it is enough that
		       * its id of the card is forgotten here */
	bool names_client; /* the bank says whose a card is: it must be ours */
	int64_t check_kop; /* what a binding without a payment takes and gives
			    * back at once; 0: nothing */
};

enum bank_bind_outcome {
	BANK_BIND_OPEN, /* not bound, may still be */
	BANK_BIND_DONE, /* card has its id; none: the payer did not agree */
	BANK_BIND_FAILED,
	BANK_BIND_ABSENT /* the bank does not know the order */
};

struct bank_bind_status {
	enum bank_bind_outcome outcome;
	struct str bank_no; /* as the bank says it; empty: not said */
	struct str bank_id;
	struct bank_card card;
	struct str reason, code; /* of the last refusal; may be empty */
};

struct bank_stored {
	struct bank_card card;
	bool active;
};

#define BANK_STORED_MAX 100 /* of one client */

struct card_gateway {
	void *self;
	/* Fails: ERR_BUG contract_unknown. */
	KV_MUST_CHECK enum err (*traits)(void *self, struct str contract,
	    struct card_traits *out, struct fault *f);
	/*
	 * Begin a binding without a payment; o->client is set, o->total_kop is
	 * that of the traits.
	 * Gives: *out in a: a link, or refused, both ERR_OK.
	 * Fails: ERR_AGAIN bank_unavailable: certainly nothing was done;
	 * ERR_UNSURE bank_unsure: ask with status.
	 */
	KV_MUST_CHECK enum err (*start)(void *self, struct arena *a,
	    struct str contract, const struct bank_order *o,
	    struct bank_start *out, struct fault *f);
	/* Fails: ERR_AGAIN bank_unavailable (no usable answer). */
	KV_MUST_CHECK enum err (*status)(void *self, struct arena *a,
	    struct str contract, const struct bank_query *q,
	    struct bank_bind_status *out, struct fault *f);
	/*
	 * Cards that the bank remembers of a client, of traits.lists.
	 * Gives: *out in a, at most BANK_STORED_MAX; none is no failure.
	 * Fails: ERR_AGAIN bank_unavailable (no usable answer).
	 */
	KV_MUST_CHECK enum err (*list)(void *self, struct arena *a,
	    struct str contract, struct str client,
	    const struct bank_stored **out, size_t *len, struct fault *f);
	/*
	 * Have the bank forget a card, of traits.unbinds; twice is once.
	 * Fails: ERR_AGAIN bank_unavailable (not known whether it has);
	 * ERR_CONFLICT card_unbind_refused (the bank says no).
	 */
	KV_MUST_CHECK enum err (*unbind)(void *self, struct arena *a,
	    struct str contract, struct str card, struct fault *f);
};

#endif
