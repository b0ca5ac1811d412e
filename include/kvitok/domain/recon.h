/*
 * recon: is an operation of a bank's register one that we know? (S7)
 *
 * Pure.  What we know are postings to receivable/CONTRACT: payments (+),
 * refunds (-), money of second payments (+).  A row of the register takes one
 * of them, of its own direction, that no other row has taken; what it is
 * known by is tried in order: our number of the order, then RRN, code, sum and
 * day together.
 */
#ifndef KVITOK_DOMAIN_RECON_H
#define KVITOK_DOMAIN_RECON_H

#include "kvitok/base/attr.h"
#include "kvitok/domain/reg_line.h"

#include <stddef.h>

/* One posting to the contract's receivable. */
struct recon_posting {
	struct str akey, transfer; /* id */
	struct str cause, kind, number;
	struct str bank_no; /* of the attempt that it is about; may be empty */
	struct str day;     /* of Moscow */
	int64_t sum_kop;    /* of receivable: never 0 */
	bool taken;         /* by another row, or settled by a person */
	bool let_be; /* taken: it was missing, and a person has let it be */
};

enum recon_outcome {
	RECON_MATCHED,
	RECON_SUM,        /* found, with another sum */
	RECON_UNKNOWN,    /* we have no such operation */
	RECON_CHARGEBACK, /* of either direction */
	RECON_FEE,        /* a fee alone: there is nothing to find */
	RECON__COUNT
};

/* What the contract says about fees. */
struct recon_terms {
	bool known; /* there are terms on that day */
	int32_t fee_ppm, vat_ppm;
	bool cut; /* rounded down, else half up; per operation */
};

/* Gives: "matched", "sum", "unknown", "chargeback", "fee". */
const char *recon_outcome_name(enum recon_outcome o);
KV_MUST_CHECK bool recon_outcome_of(struct str name, enum recon_outcome *o);
/* Gives: whether rows of the kind have something here to be found. */
bool recon_looks(enum reg_kind k);

/*
 * Find the posting that row tells of among those of the payment whose number
 * it bears.  Of several: the one whose cause names the bank's id, that of the
 * same attempt, of the same sum, the oldest.
 * Gives: its index; len when there is none.
 */
size_t recon_by_number(
    const struct reg_row *row, const struct recon_posting *v, size_t len);
/*
 * The same among postings of payments with row's RRN and code: sum and
 * direction must be the row's, and the day no further than one day away; two
 * payments that fit are none.
 */
size_t recon_by_rrn(
    const struct reg_row *row, const struct recon_posting *v, size_t len);

/* Why a row cannot be assigned to a payment. */
enum recon_hand {
	RECON_HAND_OK,
	RECON_HAND_NONE, /* nothing was posted about the payment */
	RECON_HAND_SUM,  /* nothing of this sum and direction */
	RECON_HAND_TAKEN /* what has the sum is taken */
};

/*
 * The posting that a person means by the payment, whatever the row is known
 * by: of the row's sum and direction, and not taken, but by one who has let it
 * be.  Of several the one that fits best, as by number.
 * Gives: its index, *why; len when there is none.
 */
size_t recon_by_hand(const struct reg_row *row, const struct recon_posting *v,
    size_t len, enum recon_hand *why);
/* Gives: what became of row, which found the posting p, or none (NULL). */
enum recon_outcome recon_judge(
    const struct reg_row *row, const struct recon_posting *p);
/*
 * Fee with VAT that the terms make of a payment; it is never booked, only
 * compared: banks round as they like.
 */
int64_t recon_fee(const struct recon_terms *t, int64_t gross_kop);
/*
 * Gives: whether what the bank keeps differs by more than a kopeck from the
 * terms.  Of what went back the fee may stay with the bank (0) or come back.
 */
bool recon_fee_is_off(const struct recon_terms *t, const struct reg_row *row);
/*
 * A payment that was reversed on its own day leaves no row: neither it nor its
 * refund is missing.
 * Gives: index of what, of the same payment and day and not taken, makes
 * nothing of posting i; len when there is none.
 */
size_t recon_reversed(const struct recon_posting *v, size_t len, size_t i);

#endif
