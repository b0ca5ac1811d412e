/*
 * statement: an account month by month: how each began, what was charged and
 * paid, how it ended.
 *
 * Pure.  What suppliers send is «owed» (above zero: debt); a statement is
 * written as payers read it, debt below zero:
 *
 *	to pay = opening - charged + paid
 *
 * The supplier's books are the truth: where it has said how the next month
 * begins, that is how this one ended, and what its other lines do not explain
 * is shown as "other".  Our payment is counted in the month in which the
 * supplier says that it has counted it.  One that it has not acknowledged is
 * in none of its books yet, so that it is counted after the last opening that
 * the supplier has given: once, and never lost in a month that is closed.
 */
#ifndef KVITOK_DOMAIN_STATEMENT_H
#define KVITOK_DOMAIN_STATEMENT_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define STATEMENT_MONTHS_MAX 36 /* that may be asked for at once */

/* Months are YYYY-MM, days YYYY-MM-DD. */
struct charge {
	struct str month, service;
	struct str unit;      /* empty: not by volume */
	int64_t volume_micro; /* millionths of the unit */
	int64_t tariff_micro; /* millionths of a rouble */
	int64_t accrued_kop;
	int64_t recalculated_kop; /* above zero adds */
	struct str recalculated_why;
	int64_t benefit_kop; /* 0 or above; taken off */
	int64_t penalty_kop; /* -1: the supplier has not said */
};

struct opening {
	struct str month, service;
	int64_t owed_kop; /* above zero: debt */
};

struct statement_payment {
	struct str month; /* counted in; empty: not acknowledged */
	struct str service, day, place;
	struct str id;     /* the supplier's own; empty: not acknowledged */
	struct str number; /* ours; empty: made elsewhere */
	int64_t sum_kop;   /* below zero: given back */
};

/* What is known of an account, from the month in which its oldest needed
 * opening stands. */
struct statement_facts {
	const struct charge *charges;
	size_t charges_len;
	const struct opening
	    *openings; /* also of months after the asked ones */
	size_t openings_len;
	const struct statement_payment *payments;
	size_t payments_len;
};

/* What is asked: months from .. to, both included. */
struct statement_span {
	struct str start; /* month with which the facts begin; <= from */
	struct str from, to;
	struct str running;         /* the month of today, at or after to */
	const struct str *services; /* in the order in which they are shown */
	size_t services_len;
};

struct statement_line {
	struct str service;
	const struct charge *charge; /* NULL: nothing was charged */
	int64_t opening_kop;         /* below zero: debt */
	int64_t charged_kop; /* accrued + recalculated - benefit + penalty */
	int64_t paid_kop;
	int64_t to_pay_kop; /* opening - charged + paid */
	int64_t other_kop;  /* closing - to pay, in the supplier's books */
	int64_t closing_kop;
};

struct statement_sums {
	int64_t opening_kop, accrued_kop, recalculated_kop, benefit_kop;
	int64_t penalty_kop, charged_kop, paid_kop, to_pay_kop, other_kop;
	int64_t closing_kop;
};

struct statement_month {
	struct str month;
	bool closed; /* else it runs: its closing is not known yet */
	const struct statement_line *lines;
	size_t lines_len; /* of services that something is known of */
	struct statement_sums sums;
	const struct statement_payment *payments; /* in order of day */
	size_t payments_len;
};

/*
 * Is from .. to a span that may be asked for in the month running?  Either
 * may be any text.
 * Fails: ERR_INVALID month_form (field "from" or "to"), months_upside_down
 * ("to"), month_ahead ("to"); ERR_LIMIT months_too_many ("to").
 */
KV_MUST_CHECK enum err statement_span_check(
    struct str from, struct str to, struct str running, struct fault *f);

/*
 * Gives: charged of one row; what the supplier has not said counts nothing.
 * Fails: ERR_LIMIT sum_overflow.
 */
KV_MUST_CHECK enum err statement_charged(
    const struct charge *c, int64_t *kop, struct fault *f);

/*
 * Make the statements of a span that was checked.  Facts of services that
 * span does not list are left out: the caller lists all of them.
 * Gives: *out, a month each, in a.
 * Fails: ERR_LIMIT sum_overflow.
 */
KV_MUST_CHECK enum err statement_make(struct arena *a,
    const struct statement_facts *facts, const struct statement_span *span,
    const struct statement_month **out, size_t *len, struct fault *f);

/*
 * What our payments that the supplier has not acknowledged add to a service.
 * Fails: ERR_LIMIT sum_overflow.
 */
KV_MUST_CHECK enum err statement_pending(const struct statement_payment *list,
    size_t len, struct str service, int64_t *kop, struct fault *f);

#endif
