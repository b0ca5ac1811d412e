/*
 * gateway: the acquirers, one shape for all contracts.
 *
 * Which protocol, dialect, keys and addresses a contract has is known
 * behind this port.  Calls have a deadline and never repeat by themselves
 * what may move money.  Refusal codes of the banks come out as reasons of
 * reason.def ("pay_..."), the bank's own code beside.
 */
#ifndef KVITOK_PORT_GATEWAY_H
#define KVITOK_PORT_GATEWAY_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/cart.h"

#include <stdbool.h>
#include <stdint.h>

#define GATEWAY_RUB 643 /* ISO 4217 numeric */

/* How a bank takes a payer in. */
enum gateway_way {
	GATEWAY_REGISTERS, /* an order is registered first (Sberbank) */
	GATEWAY_REDIRECTS  /* the start is only a link (Gazprombank) */
};

struct gateway_traits {
	enum gateway_way way;
	int64_t life_s;       /* how long an attempt may take */
	bool proof_by_notice; /* a signed notice alone is proof of payment */
	bool caller_known;   /* its unsigned calls are known to be the bank's */
	bool notices_signed; /* a notice that is not signed is not its own */
	bool refund_once;    /* it takes a refund's id once */
	bool fiscal;         /* it issues receipts: orders bring a cart */
	size_t cart_name_max; /* characters of a position's name */
};

struct bank_order {
	struct str bank_no; /* number of the attempt */
	int64_t total_kop;
	struct str description; /* Russian, for the bank's page */
	struct str return_url;  /* ours, absolute */
	/* The payer's id for bindings: where it is given the bank may offer to
	 * remember the card.  Empty: it may not. */
	struct str client;
	struct str card; /* the bank's id of the card to pay with; empty: any */
	int64_t expires_at;
	const struct cart *cart; /* for its receipt; NULL: none */
	struct str email;        /* where that goes; may be empty */
};

/* A card that the bank remembers, as it says it; any text may be empty. */
struct bank_card {
	struct str id;     /* empty: it remembers none */
	struct str client; /* whose it is; empty: not said */
	struct str mask, scheme, expiry;
};

/* The order is at the bank, or it said no. */
struct bank_start {
	bool refused;
	struct str bank_id, form_url;
	struct str reason, code; /* when refused */
};

struct bank_query {
	struct str bank_no;
	struct str bank_id;     /* of Sberbank; may be empty */
	const struct str *trxs; /* of Gazprombank, oldest first */
	size_t trxs_len;
};

enum bank_outcome {
	BANK_OPEN, /* not paid, may still be */
	BANK_PAID,
	BANK_DECLINED, /* for good */
	BANK_EXPIRED,
	BANK_ABSENT,    /* the bank does not know the order */
	BANK_GIVEN_BACK /* was paid, and reversed or refunded at the bank */
};

struct bank_status {
	enum bank_outcome outcome;
	struct str bank_no; /* as the bank says it; empty: not said */
	struct str bank_id; /* orderId or trx_id it is about */
	int64_t taken_kop;  /* -1: not said */
	int currency;       /* 0: not said */
	struct str card_mask, rrn, auth_code; /* may be empty */
	struct str reason, code; /* of the last refusal; may be empty */
	struct bank_card card;   /* remembered now, or paid with */
	struct str raw; /* the answer, secrets and personal data taken out */
};

/* Money of a paid order that is to go back. */
struct bank_refund {
	struct str id;      /* ours; the bank takes it once, where it can */
	struct str bank_no; /* of the attempt that was paid */
	struct str bank_id; /* orderId or trx_id */
	int64_t sum_kop, refunded_before_kop, paid_kop;
	bool same_day;           /* of Moscow: paid today */
	const struct cart *cart; /* what goes back; NULL: none */
};

/* The bank has done it, or said no. */
struct bank_refund_answer {
	bool refused;
	struct str code; /* when refused */
};

/* A call of a bank to us, as nginx handed it over. */
struct bank_call {
	struct str method;
	struct str path;  /* /bank/gazprombank/register */
	struct str query; /* raw, not decoded */
	struct str body;
	struct str type; /* Content-Type */
	struct str authorization;
	struct str remote;
};

enum notice_kind {
	NOTICE_CHECK,    /* Gazprombank: may this be paid? */
	NOTICE_PAID,     /* says that money was taken */
	NOTICE_DECLINED, /* says that an attempt failed */
	NOTICE_OTHER     /* something else: kept, answered, not acted on */
};

enum notice_trust {
	TRUST_SIGNED,   /* its signature is right */
	TRUST_UNSIGNED, /* the contract has no signature: only a hint */
	TRUST_FORGED    /* the signature, login or shape is wrong */
};

struct bank_notice {
	enum notice_kind kind;
	enum notice_trust trust;
	struct str contract; /* whose key fitted, or whom it names; or empty */
	struct str bank_no;  /* of our attempt, as said; may be empty */
	struct str trx;      /* mdOrder or trx_id */
	int64_t taken_kop;   /* -1: not said */
	struct str account;  /* Gazprombank: account_id; empty: not said */
	bool account_ok;     /* it is the contract's */
	bool ask_basic;      /* forged for want of a login: answer 401 */
	struct str card_mask, rrn, auth_code, reason, code;
	struct bank_card card; /* remembered now, or paid with */
	struct str kind_text;  /* the bank's word: deposited, check, ... */
};

struct gateway {
	void *self;
	/* Fails: ERR_BUG contract_unknown (not in kvitok.conf). */
	KV_MUST_CHECK enum err (*traits)(void *self, struct str contract,
	    struct gateway_traits *out, struct fault *f);
	/*
	 * Bring the order to the bank (GATEWAY_REDIRECTS: build the link).
	 * Gives: *out in a: accepted or refused, both ERR_OK.
	 * Fails: ERR_AGAIN bank_unavailable: certainly nothing was done;
	 * ERR_UNSURE bank_unsure: it may have been: ask with status.
	 */
	KV_MUST_CHECK enum err (*start)(void *self, struct arena *a,
	    struct str contract, const struct bank_order *o,
	    struct bank_start *out, struct fault *f);
	/* Fails: ERR_AGAIN bank_unavailable (no usable answer). */
	KV_MUST_CHECK enum err (*status)(void *self, struct arena *a,
	    struct str contract, const struct bank_query *q,
	    struct bank_status *out, struct fault *f);
	/*
	 * Cancel an order that was not paid, as far as the bank can.
	 * Fails: ERR_AGAIN; ERR_CONFLICT payment_state (the bank says no).
	 */
	KV_MUST_CHECK enum err (*cancel)(void *self, struct arena *a,
	    struct str contract, const struct bank_query *q, struct fault *f);
	/*
	 * The bank's page of a registered order whose link was lost.
	 * Gives: *url in a; empty when the contract has no form for it.
	 */
	KV_MUST_CHECK enum err (*page_url)(void *self, struct arena *a,
	    struct str contract, struct str bank_id, struct str *url,
	    struct fault *f);
	/*
	 * Read a call-back of bank ("sberbank", "gazprombank"): signature
	 * first, in constant time, then its parameters.
	 * Fails: ERR_INVALID notice_bad, with fields: not understood at all.
	 */
	KV_MUST_CHECK enum err (*notice)(void *self, struct arena *a,
	    struct str bank, const struct bank_call *c, struct bank_notice *out,
	    struct fault *f);
	/*
	 * Give money back: a reversal where the bank has one and it is the
	 * whole of an order paid today, a refund otherwise.
	 * Gives: *out in a: done or refused, both ERR_OK.
	 * Fails: ERR_AGAIN bank_unavailable: certainly nothing was done;
	 * ERR_UNSURE bank_unsure: it may have been: ask with refunded.
	 */
	KV_MUST_CHECK enum err (*refund)(void *self, struct arena *a,
	    struct str contract, const struct bank_refund *r,
	    struct bank_refund_answer *out, struct fault *f);
	/*
	 * How much of a paid order the bank has given back so far; of r the
	 * order and paid_kop are read.
	 * Gives: *kop.  Fails: ERR_AGAIN bank_unavailable (no usable answer);
	 * ERR_CONFLICT refund_unclear: it has taken another sum than paid_kop,
	 * as it says; f->detail has both.
	 */
	KV_MUST_CHECK enum err (*refunded)(void *self, struct arena *a,
	    struct str contract, const struct bank_refund *r, int64_t *kop,
	    struct fault *f);
	/* The bank was slow or failed too often of late: do not send
	 * payers there now. */
	bool (*is_down)(void *self, struct str contract, int64_t now);
	/*
	 * May it be called now?  After its pause a bank that was down is tried
	 * by one call at a time, and that call is whose question this was.
	 */
	bool (*admits)(void *self, struct str contract, int64_t now);
};

/* Answers to Gazprombank's two questions are the connector's words too. */
struct bank_check_answer {
	bool may;
	struct str refusal;      /* words, at most 125 characters; when !may */
	struct str merchant_trx; /* our bank_no */
	struct str short_text, long_text; /* at most 30 and 125 characters */
	int64_t total_kop;
	struct str card;     /* the bank's id of the card to pay with */
	bool may_remember;   /* the payer may have the card remembered */
	bool remembers_only; /* no purchase: the sum goes back at once */
};

struct gateway_answers {
	void *self;
	/* Append the XML of payment-avail-response. */
	KV_MUST_CHECK enum err (*check)(void *self, struct str contract,
	    const struct bank_check_answer *c, struct buf *out,
	    struct fault *f);
	/* Append the XML of register-payment-response; recorded: code 1. */
	void (*registered)(void *self, bool recorded, struct buf *out);
};

#endif
