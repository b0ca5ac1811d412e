/*
 * staff: who may sit at the desk, as operators arrange it.
 *
 * Each of these is in the trail, by the same transaction.  Nobody is ever
 * removed, for the trail names him: he is blocked.
 */
#ifndef KVITOK_APP_STAFF_H
#define KVITOK_APP_STAFF_H

#include "kvitok/app/ports.h"

struct staff_new {
	struct str login, name, portal;
	struct str supplier; /* that alone will be seen; empty: all */
	unsigned rights;     /* of enum right */
	struct str password;
	bool must_change; /* at the first login */
	struct str actor; /* operator:NAME */
};

/*
 * Add a person.
 * Gives: *out in a.
 * Fails: ERR_INVALID staff_login_form, field_length (name), text_bad_utf8,
 * as staff_password_wrong and staff_rights_wrong; ERR_ABSENT portal_unknown,
 * supplier_unknown; ERR_CONFLICT staff_login_taken; ERR_AGAIN.
 */
KV_MUST_CHECK enum err staff_add(const struct ports *p, struct arena *a,
    const struct staff_new *n, struct staff *out, struct fault *f);

/* Whose, and by whom. */
struct staff_act {
	struct str login, actor;
};

/* All of these fail with ERR_ABSENT staff_unknown; ERR_CONFLICT row_conflict
 * (somebody else changed the same meanwhile, nothing was done); ERR_AGAIN. */

/* Open sessions have the new rights at once.
 * Fails: also as staff_rights_wrong. */
KV_MUST_CHECK enum err staff_set_rights(const struct ports *p, struct arena *a,
    const struct staff_act *act, unsigned rights, struct fault *f);
/* Blocked: all sessions end.  Not: wrong passwords are forgotten, too. */
KV_MUST_CHECK enum err staff_set_blocked(const struct ports *p, struct arena *a,
    const struct staff_act *act, bool blocked, struct fault *f);
/* All sessions end, wrong passwords are forgotten.
 * Fails: also as staff_password_wrong. */
KV_MUST_CHECK enum err staff_set_password(const struct ports *p,
    struct arena *a, const struct staff_act *act, struct str password,
    bool must_change, struct fault *f);
/* End all sessions. */
KV_MUST_CHECK enum err staff_log_out(const struct ports *p, struct arena *a,
    const struct staff_act *act, struct fault *f);

#endif
