/*
 * order: one order or transaction at a simulated bank, and how it moves.
 *
 * The states are Sberbank's (orderStatus); Gazprombank's transactions use
 * the same ones.  Only moves money on paper: sends nothing, asks no clock.
 */
#ifndef KVITOK_SIM_ORDER_H
#define KVITOK_SIM_ORDER_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/str.h"
#include "kvitok/sim/card.h"
#include "kvitok/sim/pairs.h"
#include "kvitok/sim/setup.h"
#include "kvitok/sim/timers.h"

#include <stdbool.h>
#include <stdint.h>

#define ORDER_REFUNDS_MAX 32
#define ORDER_NOTICES_MAX 32

enum order_state {
	ORDER_OPEN, /* registered, not paid */
	ORDER_HELD, /* two-stage: authorised, not taken */
	ORDER_PAID,
	ORDER_REVERSED,
	ORDER_REFUNDED, /* wholly or partly */
	ORDER_ACS,      /* at the issuer's 3-D Secure page */
	ORDER_REFUSED   /* for good */
};

enum order_verdict {
	ORDER_DONE,
	ORDER_REPEATED, /* this refund was made before */
	ORDER_WRONG_STATE,
	ORDER_WRONG_SUM,
	ORDER_WRONG_REPEAT /* the refund's id is known with another sum */
};

struct order_refund {
	int64_t at, amount_kop;
	char rrn[13];
	char external_id[40];
};

/* A position of an order's cart. */
struct order_position {
	struct str id;
	int64_t kop, gone_kop; /* gone: given back */
	int64_t tax;
};

/* A notice as the merchant was sent it: for the control interface. */
struct order_notice {
	int64_t at;
	char operation[32];
	int ok; /* what it said: 1 success, 0 failure */
	int tries;
	int http_status; /* of the last try; 0: no answer */
	bool accepted;
};

struct order {
	uint64_t serial;
	struct arena *a; /* for texts; shared with its neighbours */
	const struct contract *c;
	struct str id, number;
	enum order_state state;
	int64_t amount_kop, approved_kop, deposited_kop, refunded_kop;
	int64_t created_at, expires_at, authorised_at, deposited_at,
	    reversed_at, refunded_at, chargeback_at;
	int64_t lie_kop; /* fault: what its status says instead; 0 no */
	int action;      /* Sberbank's actionCode */
	const char *ext; /* Gazprombank's ext_result_code */
	int attempts_left;
	bool two_stage, new_dialect, english, cancelled;
	struct str return_url, fail_url, description, client_id, ip;
	struct pair *extra; /* merchantOrderParams, or o.* */
	size_t extra_len;
	struct card card; /* the last one tried; card.rule NULL: none yet */
	bool save_card;
	char binding[40]; /* made with, or paid with; "" none */
	char rrn[13], auth_code[7];
	struct order_refund refunds[ORDER_REFUNDS_MAX];
	size_t refunds_len;
	struct order_notice notices[ORDER_NOTICES_MAX];
	size_t notices_len;  /* ever; the table keeps the first ones */
	size_t notices_open; /* whose first try is not over */
	struct timer expiry;
	struct str cart; /* as it came; empty: none */
	struct order_position *positions;
	size_t positions_len;
	struct str carts_back[ORDER_REFUNDS_MAX]; /* of refunds */
	size_t carts_back_len;

	/* Gazprombank */
	bool pps;   /* old dialect: start.wsm */
	bool asked; /* CPA was answered with 1, or API v4 gave the sum */
	bool card_register, offer_card, present_only, authenticated;
	struct str account, merchant_trx, short_desc, long_desc;
	struct pair *own; /* m.*: order-params of the CPA answer */
	size_t own_len;
	const char *order_status;

	/* Of the book */
	struct order *id_next, *number_next, *older, *newer;
};

/* The payer was sent to the issuer's page. */
void order_to_acs(struct order *o);
/* The card was charged (held, when two-stage). */
KV_MUST_CHECK enum order_verdict order_pay(struct order *o, int64_t now);
/*
 * An attempt was refused.  Gives: ORDER_DONE; the state then is OPEN while
 * attempts are left, else REFUSED.
 */
KV_MUST_CHECK enum order_verdict order_refuse(
    struct order *o, int action, const char *ext);
/* Time is over.  Gives: ORDER_WRONG_STATE when it does not matter any more. */
KV_MUST_CHECK enum order_verdict order_expire(struct order *o);
/* The payer or the merchant gave it up before it was paid. */
KV_MUST_CHECK enum order_verdict order_cancel(struct order *o);
/* Take a hold or a part of it; 0 is all of it. */
KV_MUST_CHECK enum order_verdict order_deposit(
    struct order *o, int64_t amount_kop, int64_t now);
/* Undo a hold, or a payment of the same day in Moscow. */
KV_MUST_CHECK enum order_verdict order_reverse(struct order *o, int64_t now);
/*
 * Give back a part; 0 is all that is left.  external_id may be empty; with
 * one, the same refund again gives ORDER_REPEATED.
 */
KV_MUST_CHECK enum order_verdict order_refund(
    struct order *o, int64_t amount_kop, struct str external_id, int64_t now);
/* Was a refund of that id made? */
bool order_refunded(const struct order *o, struct str external_id);
/* May it still be paid? */
bool order_payable(const struct order *o);
/* Is it paid, at least for a time: money was taken. */
bool order_was_paid(const struct order *o);
/* Gives: Sberbank's paymentState. */
const char *order_payment_state(const struct order *o);
/* Gives: a word for the control interface. */
const char *order_state_name(enum order_state state);

#endif
