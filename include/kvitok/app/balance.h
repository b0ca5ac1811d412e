/*
 * balance: what an account owes, and its statements (domain/statement.h).
 *
 * Reads only.  Debts are the supplier's; what was paid here and is not in
 * its books yet is taken off once.
 */
#ifndef KVITOK_APP_BALANCE_H
#define KVITOK_APP_BALANCE_H

#include "kvitok/app/ports.h"

struct balance_line {
	struct str service, title;
	bool known; /* the supplier has said what is owed */
	struct str as_of_day;
	int64_t debt_kop;    /* as the supplier says; above zero: to be paid */
	int64_t pending_kop; /* paid here, not in the supplier's books yet */
	int64_t balance_kop; /* pending - debt; below zero: debt */
};

struct balance {
	const struct account *account;
	const struct balance_line *lines;
	size_t lines_len;
	int64_t debt_kop, pending_kop, balance_kop; /* sums */
};

struct balance_statement {
	const struct account *account;
	struct str place; /* where our payments were made: the portal's name */
	const struct statement_month *months;
	size_t months_len;
	/* Names of the services that months name, in their order. */
	const struct str *services, *titles;
	size_t services_len;
};

/*
 * What an account owes for each of its services; number as typed.
 * Gives: *out in a.
 * Fails: as reference_account; ERR_LIMIT sum_overflow.
 */
KV_MUST_CHECK enum err balance_of(const struct ports *p, struct arena *a,
    struct str portal, struct str supplier, struct str number,
    struct balance *out, struct fault *f);

/*
 * The statements of months from .. to; both and number as typed.
 * Gives: *out in a.
 * Fails: as statement_span_check, and as balance_of.
 */
KV_MUST_CHECK enum err balance_statement_of(const struct ports *p,
    struct arena *a, struct str portal, struct str supplier, struct str number,
    struct str from, struct str to, struct balance_statement *out,
    struct fault *f);

/*
 * The same of an account that is known; months are valid, running is the
 * portal's month of today.
 */
KV_MUST_CHECK enum err balance_statement_read(const struct ports *p,
    struct arena *a, const struct account *acc, struct str from, struct str to,
    struct str running, struct balance_statement *out, struct fault *f);

/* Gives: the title in s of a service; its id when nobody knows better. */
struct str balance_title(const struct balance_statement *s, struct str service);

#endif
