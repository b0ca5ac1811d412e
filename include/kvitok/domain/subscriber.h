/*
 * subscriber: what a supplier tells of an account and the people behind it:
 * benefits, contacts, how many they are, how large the flat is, and since when
 * the account is closed (A3).
 *
 * Pure.  Benefits are those that the supplier charges by; who is free of
 * commission is another matter (domain/exempt).
 */
#ifndef KVITOK_DOMAIN_SUBSCRIBER_H
#define KVITOK_DOMAIN_SUBSCRIBER_H

#include "kvitok/base/attr.h"
#include "kvitok/base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SUBSCRIBER_BENEFITS_MAX 20 /* by the schema, like the next one */
#define SUBSCRIBER_CONTACTS_MAX 5  /* of each kind */

struct benefit {
	struct str kind, title, from_day;
	struct str to_day; /* its last day; empty: without end */
};

struct subscriber {
	int64_t persons, area_micro; /* -1: not told */
	struct str closed_day;       /* closed from then on; empty: open */
	struct benefit *benefits;
	struct str *emails, *phones;
	size_t benefits_len, emails_len, phones_len;
};

/* Gives: the reason for which what is told is refused, or NULL. */
const char *subscriber_judge(const struct subscriber *s);

/* Is anything told of people, not of the account alone? */
bool subscriber_has_people(const struct subscriber *s);

/* Does the benefit hold on the day? */
bool subscriber_holds(const struct benefit *b, struct str day);

#endif
