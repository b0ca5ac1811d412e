/*
 * account: a payer's account at a supplier, and what of it may be shown
 * before anybody has proved to be its owner.
 */
#ifndef KVITOK_DOMAIN_ACCOUNT_H
#define KVITOK_DOMAIN_ACCOUNT_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define ACCOUNT_LEN_MAX 40

struct account_debt {
	struct str service, as_of_day;
	int64_t debt_kop; /* above zero: to be paid; below: overpaid */
};

struct account_meter {
	struct str meter, title, serial, unit, last_day, verify_day;
	int digits;
	int64_t last_value;
};

struct account {
	struct str akey, portal, supplier, account, shown, owner, address;
	struct str closed_day; /* closed from then on; empty: it is open */
	const struct account_debt *debts;
	size_t debts_len;
	const struct account_meter *meters;
	size_t meters_len;
};

/*
 * Fold what a person typed into the form of the key: spaces and dashes out,
 * letters upper case («инзб17004717» -> «ИНЗБ17004717»).  In a number with
 * Russian letters a Latin letter that looks like one becomes it; zeros are
 * never added or taken away.
 * Gives: *out in a; false when nothing is left, it is longer than
 * ACCOUNT_LEN_MAX characters (typed: 512 bytes), or it holds anything but
 * Latin or Russian letters, digits, '/'.
 */
KV_MUST_CHECK bool account_fold(
    struct arena *a, struct str typed, struct str *out);
/* Is an account with this closed_day closed on the day? */
bool account_closed(struct str closed_day, struct str day);
/* «Иванова Мария Петровна» -> «И*** М. П.»; no letters: empty. */
struct str account_mask_owner(struct arena *a, struct str owner);
/* «г. Иркутск, ул. Лермонтова, д. 12, кв. 45» -> the last number hidden:
 * «г. Иркутск, ул. Лермонтова, д. 12, кв. ***»; none: as it is. */
struct str account_mask_address(struct arena *a, struct str address);

#endif
