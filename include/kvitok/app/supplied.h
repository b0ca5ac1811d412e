/*
 * supplied: what an account's supplier tells its owner: outages, contracts and
 * acts (domain/supplied.h).
 *
 * Reads only.
 */
#ifndef KVITOK_APP_SUPPLIED_H
#define KVITOK_APP_SUPPLIED_H

#include "kvitok/app/ports.h"

#define SUPPLIED_OUTAGES_MAX 200 /* of an account; nobody has so many */

struct supplied_outages {
	const struct account *account;
	const struct outage_seen *v;
	const struct str *titles; /* of the services */
	size_t len;
	int64_t now;
};

struct supplied_contracts {
	const struct account *account;
	const struct agreement *v;
	size_t len;
	bool more;
	char today[11]; /* of the portal */
};

struct supplied_acts {
	const struct account *account;
	const struct act *v;
	size_t len;
	bool more;
};

/*
 * Outages that are planned, or going on, at the account's address; number as
 * typed, here and below.
 * Gives: *out in a.
 * Fails: as reference_account.
 */
KV_MUST_CHECK enum err supplied_outages_of(const struct ports *p,
    struct arena *a, struct str portal, struct str supplier, struct str number,
    struct supplied_outages *out, struct fault *f);
/* Contracts in force; with archive also those that are over. */
KV_MUST_CHECK enum err supplied_contracts_of(const struct ports *p,
    struct arena *a, struct str portal, struct str supplier, struct str number,
    bool archive, const struct supplied_page *page,
    struct supplied_contracts *out, struct fault *f);
KV_MUST_CHECK enum err supplied_acts_of(const struct ports *p, struct arena *a,
    struct str portal, struct str supplier, struct str number,
    const struct supplied_page *page, struct supplied_acts *out,
    struct fault *f);

/* Remove outages that were over for longer than they are kept, at most limit.
 * Fails: as the store does. */
KV_MUST_CHECK enum err supplied_sweep(
    const struct ports *p, struct arena *a, int limit, struct fault *f);

#endif
