/*
 * schedule_desk: reports by schedule in the hands of accountants (S8).
 *
 * They see what is their portal's or, where they have one, their supplier's,
 * and stop what was made in the cabinet.  What they make goes by mail alone,
 * and only to addresses that the operator trusts: those that his own schedules
 * send to.  An address of a schedule of the whole portal may get any report of
 * the portal, that of a supplier's schedule only reports of that supplier.  It
 * is looked at again before each letter: with the operator's schedule the trust
 * ends.
 */
#ifndef KVITOK_APP_SCHEDULE_DESK_H
#define KVITOK_APP_SCHEDULE_DESK_H

#include "kvitok/app/schedule.h"

#define SCHEDULE_DESK_MAX 100 /* schedules that one accountant may see */
#define SCHEDULE_ADDRESSES_MAX 100

struct schedule_address {
	struct str email;
	struct str supplier; /* its reports alone; empty: any of the portal */
};

struct schedule_desk {
	struct schedule *v; /* that who sees, by name */
	size_t len;
	struct schedule_address *to; /* that who may choose of */
	size_t to_len;
};

/* Gives: *out in a; of more than there is room for, the first ones.
 * Fails: ERR_AGAIN. */
KV_MUST_CHECK enum err schedule_desk_read(const struct ports *p,
    struct arena *a, const struct caller *who, struct schedule_desk *out,
    struct fault *f);
/*
 * Keep a schedule of r, whose portal and folder count for nothing; one that
 * its actor has made under the same name is found again.
 * Gives: *out in a.
 * Fails: as schedule_add; ERR_DENIED report_foreign (supplier: another's);
 * ERR_INVALID schedule_nobody, email_unlisted (mail); ERR_LIMIT
 * schedule_too_many.
 */
KV_MUST_CHECK enum err schedule_desk_add(const struct ports *p, struct arena *a,
    const struct caller *who, const struct schedule_request *r,
    struct schedule *out, struct fault *f);
/* Was it made in the cabinet? */
bool schedule_desk_made(const struct schedule *s);
/*
 * It goes on no more.
 * Fails: ERR_ABSENT schedule_unknown: also one that who does not see;
 * ERR_DENIED schedule_of_operator.
 */
KV_MUST_CHECK enum err schedule_desk_stop(const struct ports *p,
    struct arena *a, const struct caller *who, struct str name,
    struct str actor, struct fault *f);
/* May a letter of s go to the address?  What an operator has made goes where
 * he says.  Fails: ERR_INVALID email_unlisted; ERR_AGAIN. */
KV_MUST_CHECK enum err schedule_desk_trusts(const struct ports *p,
    const struct schedule *s, struct str address, struct fault *f);

#endif
