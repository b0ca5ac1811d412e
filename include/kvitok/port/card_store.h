/*
 * card_store: payers' cards.
 *
 * Everything of one payer lies under one akey (card_akey).  Changes of state
 * are compare-and-set: of two that race one fails with ERR_AGAIN and is run
 * afresh by tx.  Functions marked [tx] are called inside tx.run.
 */
#ifndef KVITOK_PORT_CARD_STORE_H
#define KVITOK_PORT_CARD_STORE_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/card.h"

#define CARD_LIST_MAX 200 /* rows of a payer that are not unbound */

/* A payer as a bank knows him. */
struct card_client {
	struct str akey, portal, payer, contract, client;
	int64_t created_at, looked_at; /* when the bank was asked last; 0 */
};

struct card_move {
	struct str akey, id;
	enum card_state from, to; /* may be the same */
	int64_t at;
	struct str mask, scheme, expiry; /* p NULL: unchanged */
};

struct card_store {
	void *self;
	/*
	 * The client of (portal, payer, contract), made with c->client when
	 * there was none: of two at once both get the same.
	 * Works inside and outside of tx.run.
	 * Gives: *out in a.
	 */
	KV_MUST_CHECK enum err (*client)(void *self, struct arena *a,
	    const struct card_client *c, struct card_client *out,
	    struct fault *f);
	/* Who has this client.  Fails: ERR_ABSENT card_unknown. */
	KV_MUST_CHECK enum err (*client_of)(void *self, struct arena *a,
	    struct str akey, struct str client, struct card_client *out,
	    struct fault *f);
	/* Note that the bank was asked for a client's cards. */
	KV_MUST_CHECK enum err (*looked)(void *self, struct str akey,
	    struct str client, int64_t at, struct fault *f);
	/*
	 * [tx] A new card; the bank's id of one that is not unbound is there
	 * once.  The first one of a payer is his default.
	 * Gives: *made, false when it was there.
	 */
	KV_MUST_CHECK enum err (*put)(
	    void *self, const struct card *c, bool *made, struct fault *f);
	/* Gives: *out in a, also of an unbound one.
	 * Fails: ERR_ABSENT card_unknown. */
	KV_MUST_CHECK enum err (*load)(void *self, struct arena *a,
	    struct str id, struct card *out, struct fault *f);
	/* Cards of a payer that are not unbound, oldest first. */
	KV_MUST_CHECK enum err (*list)(void *self, struct arena *a,
	    struct str akey, struct str portal, struct str payer,
	    const struct card **out, size_t *len, struct fault *f);
	/* [tx] One that leaves the payer's list is no default any more.
	 * Fails: ERR_AGAIN when the row is not in state from. */
	KV_MUST_CHECK enum err (*move)(
	    void *self, const struct card_move *m, struct fault *f);
	/* [tx] Make this one of the payer's cards the default. */
	KV_MUST_CHECK enum err (*prefer)(
	    void *self, const struct card *c, int64_t at, struct fault *f);
};

#endif
