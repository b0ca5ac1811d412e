/*
 * supplied: what a supplier tells the owner of an account beside money:
 * outages, contracts, acts of work done (I1, I4).
 *
 * Pure.  Sums of acts are those of the supplier's paper; the ledger knows
 * nothing of them.
 */
#ifndef KVITOK_DOMAIN_SUPPLIED_H
#define KVITOK_DOMAIN_SUPPLIED_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SUPPLIED_PLACES_MAX 1000 /* of an outage, by the schema */
#define SUPPLIED_WORKS_MAX 200   /* of an act */

struct outage_place {
	struct str address;
	struct str folded; /* domain/address */
};

struct outage {
	struct str id, service, reason;
	struct str kind; /* planned, emergency */
	int64_t from_at; /* below zero: no instant of ours */
	int64_t to_at;   /* 0: not known */
	bool cancelled;
	struct outage_place *places;
	size_t places_len;
};

/* As an account is told of it. */
struct outage_seen {
	struct outage outage; /* without places */
	struct str place;     /* the one that holds the account's address */
};

struct agreement {
	struct str number, title, from_day;
	struct str to_day; /* its last day; empty: without end */
};

struct act_work {
	struct str title;
	int64_t quantity_micro, sum_kop;
};

struct act {
	struct str number, day;
	struct str contract; /* its number; empty: none named */
	int64_t sum_kop;     /* of its works */
	bool said;           /* the supplier has named the sum, too */
	int64_t said_kop;
	struct act_work *works;
	size_t works_len;
};

/*
 * Judge what a supplier tells; supplied_outage also folds its places, in a,
 * and supplied_act adds up sum_kop.
 * Gives: the reason for which it is refused, or NULL.
 */
const char *supplied_outage(struct arena *a, struct outage *x);
const char *supplied_contract(const struct agreement *x);
const char *supplied_act(struct act *x);

/* Is the contract over on the day? */
bool supplied_archived(const struct agreement *x, struct str today);
/* Has the outage begun by now? */
bool supplied_begun(const struct outage *x, int64_t now);

#endif
