/*
 * bind_store: how cards come to be bound: offers of banks, bindings on their
 * way, and what a payment was made with.
 *
 * Changes of state are compare-and-set, as in card_store.
 */
#ifndef KVITOK_PORT_BIND_STORE_H
#define KVITOK_PORT_BIND_STORE_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/card.h"

/* The public offer of a bank under which it remembers cards; a text that was
 * accepted is never changed: a new one is a new version. */
struct bank_offer {
	struct str contract, version, from_day, title, url, text;
};

/* A binding without a payment.  Its id is the number at the bank. */
struct bind {
	struct str akey, id, portal, payer, contract, bank, client, secret;
	struct str return_url, frontend; /* return_url empty: our own page */
	enum bind_state state;
	struct str bank_id, form_url, reason; /* may be empty */
	struct str offer, offer_hash;
	int64_t offer_at, created_at, expires_at, started_at; /* 0: not */
};

struct bind_move {
	struct str akey, id;
	enum bind_state from, to; /* may be the same */
	int64_t at;
	struct str bank_id, form_url, reason; /* p NULL: unchanged */
	int64_t started_at;                   /* 0: unchanged */
};

/* What a payment was asked to do with cards. */
struct pay_card {
	struct str akey, number; /* of the payment */
	struct str portal, payer, contract;
	struct str card; /* id of the card to pay with; empty: none */
	bool save;       /* the card that is typed may be remembered */
	struct str offer, offer_hash; /* when save */
	int64_t offer_at;
	int used_n; /* the attempt that was made with card; 0: none */
};

/* The payer of a payment is to choose a card on our page.  Hashes are SHA-256
 * in hex: of the code in the link, and of the secret in a browser's cookie. */
struct pay_choose {
	struct str akey, number;
	struct str code_hash, browser_hash; /* browser_hash empty: unclaimed */
	int64_t until_at;  /* before this instant a browser may claim it */
	int64_t chosen_at; /* 0: not yet */
};

struct bind_store {
	void *self;
	/* Offers of a contract that are valid on the day, the newest first. */
	KV_MUST_CHECK enum err (*offers)(void *self, struct arena *a,
	    struct str contract, struct str day, const struct bank_offer **out,
	    size_t *len, struct fault *f);
	/* Gives: *out in a.  Fails: ERR_ABSENT offer_unknown. */
	KV_MUST_CHECK enum err (*offer)(void *self, struct arena *a,
	    struct str contract, struct str version, struct bank_offer *out,
	    struct fault *f);
	/* [tx] A new binding. */
	KV_MUST_CHECK enum err (*put)(
	    void *self, const struct bind *b, struct fault *f);
	/* Gives: *out in a.  Fails: ERR_ABSENT card_unknown. */
	KV_MUST_CHECK enum err (*load)(void *self, struct arena *a,
	    struct str id, struct bind *out, struct fault *f);
	/* [tx] Fails: ERR_AGAIN when the row is not in state from. */
	KV_MUST_CHECK enum err (*move)(
	    void *self, const struct bind_move *m, struct fault *f);
	/* What a payment was asked to do.
	 * Gives: *found, false when nothing; else *out in a. */
	KV_MUST_CHECK enum err (*choice)(void *self, struct arena *a,
	    struct str akey, struct str number, struct pay_card *out,
	    bool *found, struct fault *f);
	/* How a payment's choice stands.
	 * Gives: *found, false when it has none; else *out in a. */
	KV_MUST_CHECK enum err (*chooser)(void *self, struct arena *a,
	    struct str akey, struct str number, struct pay_choose *out,
	    bool *found, struct fault *f);
	/* Give the choice to the browser, if no other one has it and there is
	 * time.  Gives: *mine. */
	KV_MUST_CHECK enum err (*claim)(void *self, struct str akey,
	    struct str number, struct str browser_hash, int64_t at, bool *mine,
	    struct fault *f);
	/* [tx] The choice is made, with card or, NULL, without one.
	 * Gives: *mine, false when it was made before. */
	KV_MUST_CHECK enum err (*chosen)(void *self, struct str akey,
	    struct str number, int64_t at, const struct pay_card *card,
	    bool *mine, struct fault *f);
	/* [tx] Note the attempt that is made with the card. */
	KV_MUST_CHECK enum err (*use)(void *self, struct str akey,
	    struct str number, int n, struct fault *f);
};

#endif
