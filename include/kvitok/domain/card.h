/*
 * card: a payer's card that a bank remembers, and how it stands (C1 to C3).
 *
 * Pure.  A binding belongs to one payer (the front-end's own id of its user)
 * of one portal and one contract with a bank.  Of the card itself only what a
 * receipt shows is known: mask, scheme, month of expiry.  Its number and code
 * are typed at the bank and never come here.
 */
#ifndef KVITOK_DOMAIN_CARD_H
#define KVITOK_DOMAIN_CARD_H

#include "kvitok/base/attr.h"
#include "kvitok/base/str.h"
#include "kvitok/domain/payment.h"

#include <stdbool.h>
#include <stdint.h>

#define CARD_ID_LEN 23     /* AAAAAAAA-CRRRRRRRRRRRRR */
#define CARD_SECRET_LEN 26 /* 130 random bits in base32 */
#define CARD_CLIENT_LEN 34 /* akey and 130 random bits */
#define CARD_EXPIRY_LEN 6  /* YYYYMM */
#define CARD_SCHEME_MAX 20
#define CARDS_MAX 20 /* of one payer at one contract */

enum card_state {
	CARD_ACTIVE,
	CARD_EXPIRED,     /* the bank said so; the month may say so before */
	CARD_DEACTIVATED, /* at the bank */
	CARD_UNBINDING,   /* gone here; the bank is yet to be told */
	CARD_UNBOUND,
	CARD__COUNT
};

/* A binding that was asked for without a payment. */
enum bind_state {
	BIND_CREATED,    /* nobody has opened its link */
	BIND_INTENDED,   /* the bank is being asked, or was and crashed */
	BIND_UNKNOWN,    /* it was asked, and no answer came */
	BIND_REGISTERED, /* the payer is on its page */
	BIND_BOUND,
	BIND_FAILED,
	BIND__COUNT
};

struct card {
	struct str akey, id, portal, payer, contract, bank;
	struct str client;               /* ours, given to the bank */
	struct str bank_card;            /* the bank's id of the card */
	struct str mask, scheme, expiry; /* expiry YYYYMM; empty: not known */
	enum card_state state;
	bool is_default;
	struct str offer, offer_hash; /* what the payer accepted */
	int64_t offer_at;
	struct str origin; /* number of the payment, or id of the binding */
	int64_t bound_at, changed_at;
};

/* Gives: the word of the tables. */
const char *card_state_name(enum card_state s);
const char *bind_state_name(enum bind_state s);
KV_MUST_CHECK bool card_state_of(struct str name, enum card_state *s);
KV_MUST_CHECK bool bind_state_of(struct str name, enum bind_state *s);
/* May a card, or a binding on its way, go from one state to the other? */
bool card_may_move(enum card_state from, enum card_state to);
bool bind_may_move(enum bind_state from, enum bind_state to);
/* Nothing more comes of it. */
bool bind_is_over(enum bind_state s);

/* All cards of a payer meet in one place. */
void card_akey(struct str portal, struct str payer, char out[PAY_AKEY_LEN + 1]);
/* Gives: true when s has the form of a card's id, which no payment's number
 * and no bank number of one has. */
bool card_id_ok(struct str s);
/* Split "ID.SECRET" of a link. */
KV_MUST_CHECK bool card_token_split(
    struct str token, struct str *id, struct str *secret);

/*
 * Read a bank's month of expiry: YYYYMM, YYYY-MM or four digits that can be
 * only one of YYMM and MMYY on the day.
 * Gives: out as YYYYMM, or empty: not known.
 */
void card_expiry(
    struct str said, const char day[11], char out[CARD_EXPIRY_LEN + 1]);
/* How it stands on the day (of the portal's zone): a month that is over makes
 * an active card an expired one. */
enum card_state card_state_on(
    enum card_state s, struct str expiry, const char day[11]);
/* Is the last day of its month at most days away, and not over?  One whose
 * month is not known never is. */
bool card_expires_soon(struct str expiry, const char day[11], int64_t days);
/*
 * The payment scheme: the bank's word where it is one of ours, else what the
 * first digits of the mask say (ISO/IEC 7812; 2200 to 2204 are Mir's).
 * Gives: MIR, VISA, MASTERCARD, MAESTRO, UNIONPAY, JCB, or empty.
 */
struct str card_scheme(struct str said, struct str mask);

/*
 * The chosen card of a payment: may attempt n be made with it?  It is offered
 * once, so that a payer whose card was refused may type another one; again
 * only when nobody has tried it: the bank could not be reached, or the payer
 * let the time pass.
 */
bool card_is_for_attempt(const struct payment *pm, int used_n, int n);

#endif
