/*
 * payment: a payment, its lines and attempts, and what may happen to them.
 *
 * Pure: decides, changes nothing, asks no clock.  Use-cases load a payment,
 * ask here what follows from an event, and write exactly that.
 * A payment is one bill of one payer; an attempt is one order at a bank,
 * named by the payment's number, '-' and its n ("7K3M9QZT-4F8D2K1M0X-2"),
 * because a bank never takes a number twice, not even of a failed order.
 */
#ifndef KVITOK_DOMAIN_PAYMENT_H
#define KVITOK_DOMAIN_PAYMENT_H

#include "kvitok/base/attr.h"
#include "kvitok/base/str.h"
#include "kvitok/domain/meter.h"
#include "kvitok/domain/fee.h"

#include <stdbool.h>
#include <stdint.h>

#define PAY_NUMBER_LEN 19 /* AAAAAAAA-RRRRRRRRRR */
#define PAY_AKEY_LEN 8
#define PAY_BANK_NO_MAX 22 /* number, '-', two digits */
#define PAY_SECRET_LEN 26  /* 130 random bits in base32 */
#define PAY_LINES_MAX 50
#define PAY_ATTEMPTS_MAX 20      /* then the payer is asked to start anew */
#define PAY_OPENINGS_MAX 20      /* of the bank's page in one attempt */
#define PAY_AKEY_NONE "00000000" /* evidence whose number is not ours */

enum pay_state {
	PAY_CREATED,
	PAY_PENDING,
	PAY_PAID,
	PAY_DECLINED,
	PAY_EXPIRED,
	PAY_CANCELLED,
	PAY_PARTLY_REFUNDED,
	PAY_REFUNDED,
	PAY__COUNT
};

enum att_state {
	ATT_INTENDED,   /* written down; the bank may or may not know it */
	ATT_REGISTERED, /* the bank has it, the payer is on its page */
	ATT_UNKNOWN,    /* the bank was asked and no answer came */
	ATT_REFUSED,    /* the bank said no at registration */
	ATT_PAID,
	ATT_DECLINED,
	ATT_EXPIRED,
	ATT__COUNT
};

struct pay_line {
	struct str supplier, service, account;
	int64_t sum_kop, fee_kop, supplier_fee_kop;
	/* Of a payer whom the law frees from the commission (domain/exempt.h):
	 * who bears it, what the portal bears of it, and the id of the
	 * exemption. */
	enum fee_loss loss_on;
	int64_t loss_kop;
	struct str exempt;
};

struct attempt {
	int n; /* from 1 */
	enum att_state state;
	struct str contract, bank;
	struct str bank_id;  /* of Sberbank its orderId; empty: not known */
	struct str form_url; /* the bank's page; empty: not known */
	struct str reason, code;
	int64_t started_at, expires_at, closed_at; /* closed_at 0: open */
	int64_t paid_kop;                          /* 0: nothing */
	bool on_case;                              /* waits for a person */
	bool decided; /* a person has decided: nothing of it is credited */
};

struct payment {
	struct str akey, number, portal, secret;
	enum pay_state state;
	struct str payer, email, return_url, frontend;
	struct str contract, bank, lines_hash;
	int64_t sum_kop, fee_kop, total_kop, refunded_kop;
	int64_t created_at, expires_at, changed_at, paid_at; /* 0: not paid */
	int attempts_len_stored; /* column attempts: highest n handed out */
	int paid_attempt;        /* 0: none */
	struct str card_mask, bank_ref, auth_code, reason, led_to;
	struct str choose_code; /* only while it is made; see choose.h */
	const struct pay_line *lines;
	size_t lines_len;
	const struct attempt *attempts; /* in order of n */
	size_t attempts_len;
	const struct pay_reading *readings; /* only where somebody asked */
	size_t readings_len;
};

/* Gives: the word of api.md and of the tables: "created", "pending", ... */
const char *pay_state_name(enum pay_state s);
const char *att_state_name(enum att_state s);
KV_MUST_CHECK bool pay_state_of(struct str name, enum pay_state *s);
KV_MUST_CHECK bool att_state_of(struct str name, enum att_state *s);
/* May a payment go from one state to the other? (The table of states.) */
bool pay_may_move(enum pay_state from, enum pay_state to);
bool att_may_move(enum att_state from, enum att_state to);
/* Money was taken: paid, partly_refunded, refunded. */
bool pay_is_paid(enum pay_state s);
/* Nothing can happen to the attempt but a late confirmation. */
bool att_is_closed(enum att_state s);
/* The attempt may still take money, or nobody knows: registered, unknown,
 * intended. */
bool att_is_open(enum att_state s);

/*
 * Make akey of a portal's account: eight characters of base32 from SHA-256
 * of "portal/account" (account folded), so that all lines of one account
 * number meet in one place.
 */
void pay_akey(
    struct str portal, struct str account, char out[PAY_AKEY_LEN + 1]);
/* Gives: true when s has the form of a payment's number. */
bool pay_number_ok(struct str s);
/* Split "NUMBER-2" into number and n. */
KV_MUST_CHECK bool pay_bank_no_split(
    struct str bank_no, struct str *number, int *n);
void pay_bank_no(struct str number, int n, char out[PAY_BANK_NO_MAX + 1]);
/* Split "NUMBER.SECRET" of a pay link. */
KV_MUST_CHECK bool pay_token_split(
    struct str token, struct str *number, struct str *secret);

/* What a visit to the pay link leads to. */
enum open_step {
	OPEN_RESULT, /* nothing to do: show the result page */
	OPEN_GO,     /* to the bank's page of attempt at */
	OPEN_WAIT,   /* attempt at is being registered this moment */
	OPEN_ASK,    /* the bank must be asked about attempt at first */
	OPEN_NEW     /* a new attempt */
};

/*
 * Decide what a visit at now leads to; an attempt that was begun less than
 * patience_ms ago is being registered by somebody else.
 * Gives: step; *at the attempt it is about (NULL when none).
 */
enum open_step payment_on_open(const struct payment *pm, int64_t now,
    int64_t patience_ms, const struct attempt **at);

/*
 * May the next attempt be made at another bank than the payment's (P13)?
 * Only while each attempt so far was refused when it was registered, for the
 * bank's own reason: then nobody has seen a page and nothing can have been
 * charged.  What was ever unknown never leads to another bank.
 */
bool payment_may_switch(const struct payment *pm);
/* How many attempts of this payment were made under a contract. */
int payment_tries(const struct payment *pm, struct str contract);

/* What a confirmed «paid» leads to. */
enum paid_step {
	PAID_CREDIT,    /* attempt and payment become paid */
	PAID_REPEATED,  /* known already: nothing to do */
	PAID_SECOND,    /* another attempt had paid: attempt paid, case */
	PAID_WRONG_SUM, /* case, nothing credited */
	PAID_WRONG_CURRENCY
};

/* taken_kop and currency as the bank confirmed them (currency 0: not said,
 * which is right only where the bank's protocol has none). */
enum paid_step payment_on_paid(const struct payment *pm,
    const struct attempt *at, int64_t taken_kop, int currency);

/*
 * State of the payment after one of its attempts ended unpaid as to
 * (refused, declined, expired): unchanged while another attempt is open or
 * when the payment is paid or cancelled.
 */
enum pay_state payment_after_end(
    const struct payment *pm, const struct attempt *at, enum att_state to);

/* May it be cancelled now?  (Nothing paid, not ended, nothing on a case.) */
bool payment_may_cancel(const struct payment *pm);
/* Gives: attempt n of pm, or NULL. */
const struct attempt *payment_attempt(const struct payment *pm, int n);

/*
 * When to ask the bank next about an attempt: the pause is half of its age,
 * at least first_ms and at most ten minutes (an hour after its expiry), and
 * one question falls right after the expiry, until a day after it.
 * Gives: the instant, always after now; 0 when it is time to stop.
 */
int64_t payment_next_ask(
    const struct attempt *at, int64_t now, int64_t first_ms);

#endif
