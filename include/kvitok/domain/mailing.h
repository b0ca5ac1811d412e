/*
 * mailing: when bills are mailed.
 *
 * Pure.  Bills of a month are mailed in the month after it, between two of its
 * days and in hours of the day alone.  Accounts are spread over these hours by
 * a number of their own, so that neither the mail server nor payers' banks meet
 * all of them at once; whoever is late is spread over what is left.
 */
#ifndef KVITOK_DOMAIN_MAILING_H
#define KVITOK_DOMAIN_MAILING_H

#include "kvitok/base/attr.h"
#include "kvitok/base/day.h"
#include "kvitok/base/str.h"

/* Days of a month (one that it lacks is its last) and hours of Moscow. */
struct mailing_window {
	int first_day, last_day; /* 1 .. 31, first before or at last */
	int from_hour, to_hour;  /* 0 .. 24, from before to */
};

#define MAILING_WINDOW_USUAL                                                   \
	{                                                                      \
		15, 18, 9, 20                                                  \
	}

/* Of the letter of an account and a month. */
enum mailing_state {
	MAILING_WAITING,
	MAILING_SENT,
	MAILING_REFUSED, /* by the mail server, for good */
	MAILING_ABSENT,  /* there was no bill to be sent */
	MAILING_STOPPED, /* nobody wanted it any more */
	MAILING_FAILED,  /* the bill could not be drawn, or not be sent */
	MAILING__COUNT
};

/* Gives: its word in the database. */
const char *mailing_state_name(enum mailing_state s);

/* Gives: the month whose bills are mailed in the month of now. */
void mailing_month(int64_t now, char out[DAY_MONTH_SIZE]);
/* Gives: an account's own number, spread evenly over all values. */
uint32_t mailing_share(
    struct str portal, struct str supplier, struct str account);
/* Has the window's first day begun, and is its last hour not over? */
KV_MUST_CHECK bool mailing_open(const struct mailing_window *w, int64_t now);
/*
 * The window is open now.
 * Gives: an instant in its hours, at or after now: the share's part of the
 * hours that are left.
 */
int64_t mailing_due(
    const struct mailing_window *w, int64_t now, uint32_t share);
/* Gives: at when it is in the hours of its day, else the next time that they
 * begin; days of the month are not looked at. */
int64_t mailing_hours(const struct mailing_window *w, int64_t at);

#endif
