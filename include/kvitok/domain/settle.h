/*
 * settle: what a supplier is owed until the end of a day, and its transfer.
 *
 * Pure: no clock, no database.  A settlement takes lines of the ledger account
 * payable/PORTAL/SUPPLIER, each once; its figures are theirs and must agree
 * with each other to the kopeck.  Whoever pays and is paid is kept with it, so
 * that its documents never change.
 */
#ifndef KVITOK_DOMAIN_SETTLE_H
#define KVITOK_DOMAIN_SETTLE_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/ledger.h"
#include "kvitok/domain/ref.h"

#include <stdbool.h>
#include <stdint.h>

#define SETTLE_PURPOSE_MAX 210 /* characters; Bank of Russia, 762-P */
#define SETTLE_TITLE_MAX 160   /* the same, of a name */
#define SETTLE_REASON_MIN 3
#define SETTLE_REASON_MAX 200

enum settle_state {
	SETTLE_PREPARING, /* its lines are being gathered */
	SETTLE_PREPARED,  /* waits for the accountant */
	SETTLE_REPLACED,  /* by a newer preparation */
	SETTLE_CONFIRMED, /* posted; its payment order has a number */
	SETTLE_RETURNED,  /* the bank has sent the order back */
	SETTLE__COUNT
};

/* Requisites of a payment order; kpp and correspondent may be empty. */
struct settle_party {
	struct str title, inn, kpp, account, bic, bank, correspondent;
};

/* Signs are of what is owed to the supplier. */
struct settle_sums {
	int64_t size, items, held_items; /* rows; taken, and left */
	int64_t taken_kop, refunded_kop, other_kop;
	int64_t fee_kop; /* of payers: for information */
	int64_t supplier_fee_kop;
	int64_t transfer_kop; /* taken - refunded + other - supplier_fee */
	int64_t held_kop, released_kop;
};

struct settlement {
	struct str akey, id, portal, supplier;
	struct str day; /* the last one that it takes */
	enum settle_state state;
	struct settle_sums sums;
	struct str after_day; /* last day settled before; empty: none */
	struct str from_day, first_day, held_day; /* empty: none */
	int64_t min_kop;                          /* less is not transferred */
	struct str contract, contract_day, own_account, layout;
	struct settle_party payer, payee;
	struct str purpose;
	int64_t order_no; /* 0: it has no payment order */
	struct str order_day;
	int64_t created_at, prepared_at, confirmed_at, returned_at; /* 0: not */
	struct str created_by, confirmed_by, returned_by, reason;
	int64_t freed; /* rows up to this n are free for others again */
};

/* Gives: the word of the tables: "preparing", "prepared", ... */
const char *settle_state_name(enum settle_state s);
KV_MUST_CHECK bool settle_state_of(struct str name, enum settle_state *s);

/* Gives: the akey of settlements with a supplier. */
void settle_akey(
    struct str portal, struct str supplier, char out[PAY_AKEY_LEN + 1]);
/* Gives: the supplier's account of the ledger, in a. */
struct str settle_account(
    struct arena *a, struct str portal, struct str supplier);
/* Do the figures agree with each other? */
bool settle_sums_agree(const struct settle_sums *s);
/* Is so little owed, or nothing, that it is carried over? */
bool settle_carried(const struct settlement *s);

/*
 * Look for what is missing or wrong in requisites (numbers by their control
 * digits, Bank of Russia 515 for accounts).
 * Gives: the name of the field, "inn", "kpp", "account", "bic", "bank",
 * "correspondent" or "title"; NULL when they are in order.
 */
const char *settle_party_wrong(const struct settle_party *p);
/* Gives: the requisites of a supplier, of our account; texts are shared. */
struct settle_party settle_payee(const struct ref_supplier *s);
struct settle_party settle_payer(const struct ref_own_account *o);

/*
 * Fill in contract, minimum, payer and payee of s, whose portal, supplier and
 * day are set, from the reference data.
 * Fails: ERR_LIMIT settlement_contract_missing, settlement_requisite (argument
 * "field").
 */
KV_MUST_CHECK enum err settle_fill(
    const struct ref *r, struct settlement *s, struct fault *f);
/* Is what settle_fill took of the reference data the same in both? */
bool settle_same_terms(const struct settlement *a, const struct settlement *b);
/*
 * Fill a purpose's names in braces: {contract}, {contract_day}, {day},
 * {count}, {sum}, {fee}.
 * Gives: *out in a.
 * Fails: ERR_LIMIT settlement_purpose: a name that is not known, more than
 * SETTLE_PURPOSE_MAX characters, or a line end.
 */
KV_MUST_CHECK enum err settle_purpose(struct arena *a, struct str words,
    const struct settlement *s, struct str *out, struct fault *f);

/*
 * May it be confirmed with this sum, which the accountant has seen?
 * Fails: ERR_CONFLICT settlement_preparing, settlement_replaced,
 * settlement_confirmed, settlement_returned, settlement_sum_differs; ERR_LIMIT
 * settlement_nothing; ERR_BUG settlement_differs: its figures do not agree.
 */
KV_MUST_CHECK enum err settle_may_confirm(
    const struct settlement *s, int64_t sum_kop, struct fault *f);
/*
 * May a document be made of it, or the bank have sent it back?
 * Fails: ERR_CONFLICT settlement_not_confirmed, settlement_returned.
 */
KV_MUST_CHECK enum err settle_is_out(
    const struct settlement *s, struct fault *f);
/*
 * The lines of its transfer, or of the transfer back: the supplier's account
 * against ours.  Its id is the cause.
 * Gives: t->cause, kind, number and lines, in a.
 */
void settle_posting(struct arena *a, const struct settlement *s, bool back,
    struct ledger_transfer *t);

#endif
