/*
 * mailing: bills by mail, every month, for those who asked.
 *
 * While a supplier's window is open each subscription gets one letter for the
 * month, at an instant of its own.  A letter is a row and a job that are
 * written at once; it is sent at least once, under one Message-ID, and never
 * outside of the window's hours.
 */
#ifndef KVITOK_APP_MAILING_H
#define KVITOK_APP_MAILING_H

#include "kvitok/app/ports.h"

struct mailing_request {
	struct str portal, supplier, number; /* as typed */
	struct str email;
	struct str actor; /* frontend:KEY, operator:NAME */
};

/*
 * From now on bills of the account go to the address, and to no former one.
 * Gives: *out in a.
 * Fails: ERR_INVALID email_bad, email_not_ascii (field "email"); as
 * reference_account.
 */
KV_MUST_CHECK enum err mailing_ask(const struct ports *p, struct arena *a,
    const struct mailing_request *r, struct mailing *out, struct fault *f);
/*
 * How it stands with an account, stopped or not; email of r is not read.
 * Fails: ERR_ABSENT mailing_unknown (nobody ever asked); as reference_account.
 */
KV_MUST_CHECK enum err mailing_look(const struct ports *p, struct arena *a,
    const struct mailing_request *r, struct mailing *out, struct fault *f);
/* Stop it; stopped twice it is stopped once.  Fails: as mailing_look. */
KV_MUST_CHECK enum err mailing_stop(const struct ports *p, struct arena *a,
    const struct mailing_request *r, struct mailing *out, struct fault *f);
/* What a letter's link leads to.  Fails: ERR_ABSENT mailing_unknown. */
KV_MUST_CHECK enum err mailing_of_link(const struct ports *p, struct arena *a,
    struct str token, struct mailing *out, struct fault *f);
/* Stop it as its payer; stopped twice it is stopped once.
 * Fails: ERR_ABSENT mailing_unknown. */
KV_MUST_CHECK enum err mailing_stop_by_link(const struct ports *p,
    struct arena *a, struct str token, struct mailing *out, struct fault *f);

/*
 * Plan letters of the month for those who have none, where a window is open.
 * Gives: *planned.
 * Fails: ERR_AGAIN; what was planned before stays.
 */
KV_MUST_CHECK enum err mailing_plan(
    const struct ports *p, size_t *planned, struct fault *f);

/*
 * Send the letter of a job, unless it was or nobody wants it any more.
 * Gives: *next_at, when to look again: it is night, or there is no bill yet;
 * 0: it has ended.
 * Fails: ERR_AGAIN, ERR_UNSURE: try again; everything else is final.  That,
 * and what the last try fails for, is written to the letter with its reason.
 */
KV_MUST_CHECK enum err mailing_run(const struct ports *p, struct arena *a,
    const struct job *j, int64_t *next_at, struct fault *f);

#endif
