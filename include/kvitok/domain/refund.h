/*
 * refund: what of a paid payment may go back, and how it is shared out (P11).
 *
 * Pure: no clock, no database, no allocation.  Whoever calls holds the
 * payment's row, so that what is planned here is still true when it is
 * written.  A refund that failed gives its part back to what is left.
 */
#ifndef KVITOK_DOMAIN_REFUND_H
#define KVITOK_DOMAIN_REFUND_H

#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/payment.h"

#include <stddef.h>
#include <stdint.h>

#define REFUNDS_MAX 100 /* of one payment, those that failed too */
#define REFUND_REASON_MIN 3
#define REFUND_REASON_MAX 200 /* characters */

enum refund_state {
	REFUND_INTENDED, /* its sum is reserved, the bank was not called */
	REFUND_SENT,     /* taken in hand: the bank is, or may be, called */
	REFUND_UNKNOWN,  /* called, and no answer came: it is asked */
	REFUND_DONE,
	REFUND_FAILED, /* the bank said no; the sum is free again */
	REFUND__COUNT
};

/* How the money goes back. */
enum refund_way {
	REFUND_BY_BANK,
	REFUND_BY_HAND,       /* it was paid by a bank transfer of ours */
	REFUND_BY_CHARGEBACK, /* the payer's bank has taken it back */
	REFUND_WAY__COUNT
};

/* What of a line goes back. */
struct refund_line {
	int n; /* line of the payment, from 1 */
	int64_t sum_kop, fee_kop, supplier_fee_kop;
	int64_t loss_kop; /* of what the portal bears instead of the payer */
};

struct refund {
	struct str akey, number, id;
	enum refund_state state;
	int64_t sum_kop, fee_kop; /* together: what the bank gives back */
	struct str reason, actor; /* why, and who has asked for it */
	struct str code;          /* of the bank, when it failed */
	enum refund_way way;
	struct str own_account; /* by hand: that it was paid from */
	/* What the bank had given back before it was called; -1: it was not
	 * called. */
	int64_t before_kop;
	int64_t created_at, sent_at, ended_at; /* 0: not yet */
	const struct refund_line *lines;
	size_t lines_len;
};

enum refund_fee {
	REFUND_FEE_RULE,  /* back with the whole payment, kept otherwise */
	REFUND_FEE_KEEP,  /* kept */
	REFUND_FEE_RETURN /* back, in proportion */
};

struct refund_want {
	int n;
	int64_t sum_kop; /* 0: what is left of the line */
};

/* No sum and no lines: everything that is left.  A sum without lines is
 * shared out over them by what is left of each. */
struct refund_ask {
	int64_t sum_kop; /* without commission; 0: not said */
	const struct refund_want *lines;
	size_t lines_len;
	enum refund_fee fee;
};

struct refund_plan {
	struct refund_line lines[PAY_LINES_MAX]; /* in order of n */
	size_t lines_len;
	int64_t sum_kop, fee_kop;
};

/* Gives: the word of tables and of the API: "intended", "sent", ... */
const char *refund_state_name(enum refund_state s);
KV_MUST_CHECK bool refund_state_of(struct str name, enum refund_state *s);
/* Gives: the word of tables: "bank", "by_hand", "chargeback". */
const char *refund_way_name(enum refund_way w);
KV_MUST_CHECK bool refund_way_of(struct str name, enum refund_way *w);
bool refund_may_move(enum refund_state from, enum refund_state to);
/* Gives: whether it is with the bank, so that another refund of the payment
 * must wait: what the bank has given back could not be told apart. */
bool refund_is_out(enum refund_state s);
/* Gives: sum and commission: what the bank is asked to give back. */
int64_t refund_total(const struct refund *r);
/* Gives: the total of those that are done. */
int64_t refund_done_kop(const struct refund *list, size_t len);

/*
 * Share out what is asked for over the lines of pm, of which the refunds of
 * list are gone or going.  The commission of a line, the payer's, the
 * supplier's and the portal's alike, goes back whole or in proportion, rounded
 * half up to the kopeck; what takes the rest of a line and returns commission
 * takes the rest of that, too. Gives: *out; undefined on failure. Fails:
 * ERR_LIMIT, fields are JSON pointers: refund_too_large (/sum_kop,
 * /lines/0/sum_kop), refund_line_unknown, refund_line_repeat (/lines/0/n),
 * refund_sum_differs (/sum_kop: not that of the lines), sum_not_positive.
 */
KV_MUST_CHECK enum err refund_share(const struct payment *pm,
    const struct refund *list, size_t len, const struct refund_ask *ask,
    struct refund_plan *out, struct fault *f);
/*
 * Share out a total that has gone back already, as a bank says: over the sums
 * of the lines by what is left of each, and only what is above them over their
 * commissions.
 * Gives: *out; undefined on failure.
 * Fails: ERR_LIMIT refund_too_large, sum_not_positive.
 */
KV_MUST_CHECK enum err refund_share_total(const struct payment *pm,
    const struct refund *list, size_t len, int64_t total_kop,
    struct refund_plan *out, struct fault *f);
/*
 * May exactly these lines go back, too?
 * Fails: ERR_LIMIT refund_too_large: of a line less is left.
 */
KV_MUST_CHECK enum err refund_fits(const struct payment *pm,
    const struct refund *list, size_t len, const struct refund *r,
    struct fault *f);

#endif
