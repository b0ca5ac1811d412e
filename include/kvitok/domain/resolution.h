/*
 * resolution: what may be done about a case.
 *
 * Pure.  One table says which resolutions a kind of case has and what each
 * of them does; carrying it out is app/cases.  Whatever is not in the table
 * cannot be done.
 */
#ifndef KVITOK_DOMAIN_RESOLUTION_H
#define KVITOK_DOMAIN_RESOLUTION_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/buf.h"
#include "kvitok/domain/payment.h"

#include <stdbool.h>
#include <stdint.h>

/* What a resolution does. */
enum resolve_act {
	RESOLVE_DISMISS,        /* nothing: only the hold ends */
	RESOLVE_ASK_AGAIN,      /* the hold ends, the bank is asked anew */
	RESOLVE_GIVE_BACK,      /* the bank gives the money back */
	RESOLVE_BY_HAND,        /* it was paid back by a bank transfer */
	RESOLVE_REFUND_AGAIN,   /* a new refund of the same lines */
	RESOLVE_REFUND_BY_HAND, /* the refund was paid by a bank transfer */
	RESOLVE_REFUND_AS_BANK, /* what the bank has given back is a refund */
	RESOLVE_CHARGEBACK,     /* so is what the payer's bank has taken */
	RESOLVE_WRITE_OFF,      /* the bank will not pay it out */
	RESOLVE_SEND_AGAIN,     /* a line or document goes out again */
	RESOLVE_ASSIGN          /* a bank's row is money of a payment */
};

struct resolution {
	const char *kind; /* of case */
	const char *how;  /* word of the API and of kvitokctl */
	enum resolve_act act;
};

extern const struct resolution resolutions[];
extern const size_t resolutions_len;

/* Gives: the row of the table; NULL when the kind has no such resolution. */
const struct resolution *resolution_find(struct str kind, struct str how);
/* Gives: whether the table has the word for any kind. */
bool resolution_known(struct str how);
/* Append the words that a kind has: "give_back, dismiss". */
void resolution_list(struct str kind, struct buf *b);
/* Gives: whether a case of this kind and subject, while it is open, keeps
 * attempt n of the payment for a person. */
bool resolution_holds(
    struct str kind, struct str subject, struct str number, int n);
/* Gives: whether its money was posted as owed back when it was opened. */
bool resolution_posted(struct str kind);

/* Gives: whether it was found by a bank's register. */
bool resolution_of_register(struct str kind);

/* States as they are shown. */
enum case_state {
	CASE_OPEN,
	CASE_TAKEN,     /* has an owner */
	CASE_UNDER_WAY, /* its resolution is being carried out */
	CASE_RESOLVED,
	CASE__COUNT
};

/* Gives: the word: "open", "taken", "under_way", "resolved". */
const char *case_state_name(enum case_state s);
KV_MUST_CHECK bool case_state_of(struct str name, enum case_state *s);
/* Gives: the state that the columns state, owner and resolution mean. */
enum case_state case_state(
    struct str state, struct str owner, struct str resolution);

/* The money that a case is about, as the bank knows it. */
struct case_money {
	struct str contract;
	struct str bank_no; /* number of the order */
	struct str
	    bank_id;   /* order, or opening of the page; empty: not known */
	bool credited; /* it is the payment's own */
};

/*
 * Which money is case (n, subject, evidence) of pm about?
 * Gives: *out, texts in a or of the arguments; false when attempt n is not
 * there or the evidence cannot be read.
 */
KV_MUST_CHECK bool resolution_money(struct arena *a, const struct payment *pm,
    int n, struct str subject, struct str evidence, struct case_money *out);

#endif
