/*
 * login: who sits at the desk.
 *
 * A password opens a session, whose token only the browser has.  Wrong ones
 * are counted before they are judged, by login and address, so that of many at
 * once none is free; whether there is such a login is told neither by words
 * nor by the time that the answer takes.  In a browser in which somebody has
 * logged in before, his tries are counted apart: who guesses from the same
 * office does not keep him out.
 */
#ifndef KVITOK_APP_LOGIN_H
#define KVITOK_APP_LOGIN_H

#include "kvitok/app/ports.h"

#define LOGIN_TOKEN_LEN 32 /* characters: 160 bits */

/* Could s be a token of ours?  Nothing else is ever put into a header. */
bool login_token_form(struct str s);

struct login_in {
	struct str login, password; /* as typed */
	struct str remote;          /* address of the caller */
	struct str token;           /* of a session that this one replaces */
	struct str device;          /* what this browser keeps */
};

struct login_done {
	struct str token;  /* of the session */
	struct str device; /* for this browser to keep */
	bool must_change;  /* the password was made by somebody else */
};

/*
 * Open a session.
 * Gives: *out in a.
 * Fails: ERR_DENIED login_wrong, login_blocked (the password was right);
 * ERR_LIMIT login_locked with {minutes} and retry_after_s; ERR_CONFLICT
 * row_conflict (the person is being changed all the time); ERR_AGAIN;
 * ERR_UNSURE commit_unsure.
 */
KV_MUST_CHECK enum err login_enter(const struct ports *p, struct arena *a,
    const struct login_in *in, struct login_done *out, struct fault *f);

struct login_who {
	struct staff staff;
	struct staff_session session;
};

/*
 * Whose session is this?  person: somebody is there, not a script that asks by
 * itself; then its idle time begins anew.
 * Gives: *out in a.
 * Fails: ERR_ABSENT session_over (unknown, too old, idle too long, its person
 * is blocked); ERR_AGAIN.
 */
KV_MUST_CHECK enum err login_find(const struct ports *p, struct arena *a,
    struct str token, bool person, struct login_who *out, struct fault *f);
/* End a session; one that is over is no failure.  Fails: ERR_AGAIN. */
KV_MUST_CHECK enum err login_leave(
    const struct ports *p, struct arena *a, struct str token, struct fault *f);

struct login_change {
	const struct login_who *who;
	struct str old_password, password, again; /* as typed */
	struct str remote, device;
};

/*
 * Change one's own password; all of one's sessions end, a new one begins.
 * Gives: *token in a.
 * Fails: ERR_INVALID with a field (old, password, again): password_wrong,
 * password_same, password_differs, as staff_password_wrong; ERR_LIMIT
 * login_locked; ERR_CONFLICT row_conflict; ERR_AGAIN.
 */
KV_MUST_CHECK enum err login_change(const struct ports *p, struct arena *a,
    const struct login_change *in, struct str *token, struct fault *f);

/* Remove sessions that are over, tries that are forgotten, and what is too old
 * in the trail; a bounded part of it.  Fails: ERR_AGAIN. */
KV_MUST_CHECK enum err login_sweep(const struct ports *p, struct fault *f);

/* Gives: a word that only who has the token can know, for hidden fields. */
struct str login_csrf(struct arena *a, struct str token);

#endif
