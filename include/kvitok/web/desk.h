/*
 * desk: who sits at the accountant's desk, for the pages under /cabinet/.
 *
 * A page begins with desk_enter and, where it changes something, with
 * desk_form:
 *
 *	if (!desk_enter(t, RIGHT_REPORT, &d) || !desk_form(t, &d, &form))
 *		return t->f->err;
 *
 * What is done with money or rights is done through desk_noted's ports.
 */
#ifndef KVITOK_WEB_DESK_H
#define KVITOK_WEB_DESK_H

#include "kvitok/http/url.h"
#include "kvitok/web/page.h"
#include "kvitok/web/turn.h"

struct desk {
	struct str id, login, name, portal;
	struct str supplier; /* that alone is seen; empty: the whole portal */
	unsigned rights;     /* of enum right */
	struct str csrf;     /* for the hidden field csrf of each form */
};

/*
 * Who is at the desk: a live session with all of rights (0: any).
 * Gives: true with *out in t's arena.  False when it has answered itself: 303
 * to /cabinet/login (which leads back here), or to /cabinet/password where a
 * password was made by somebody else; or a page that says why (403
 * staff_right_missing, 503).  Then the handler ends with t->f->err.
 */
KV_MUST_CHECK bool desk_enter(
    struct turn *t, unsigned rights, struct desk *out);
/*
 * The form of a POST, which must have come from a page of ours with the hidden
 * field csrf that fits the session.
 * Gives: true with *form in t's arena; false as desk_enter: 403 form_stale or
 * page_foreign, 415 media_type, 400 url_bad.
 */
KV_MUST_CHECK bool desk_form(
    struct turn *t, const struct desk *d, struct url_params *form);
/*
 * Note an action in the trail: the transaction of a use-case that is called
 * with these ports also writes what was done ("settlement_confirm"), on what
 * (an id or number, at most 100 characters), and a detail (a sum, a reason; cut
 * at 200 characters).
 * Gives: ports in t's arena, in the place of t->p.
 */
const struct ports *desk_noted(struct turn *t, const struct desk *d,
    const char *what, struct str object, struct str detail);
/* Gives: "staff:LOGIN", the actor of use-cases. */
struct str desk_actor(struct turn *t, const struct desk *d);
/* Gives: the same person as a caller of use-cases that know keys. */
struct caller desk_caller(const struct desk *d);
/* Gives: the token that the browser has sent; empty: none. */
struct str desk_token(const struct turn *t);
/* Have the browser keep a token for so long (0: until it ends), or forget it
 * (empty).  Never for another site's requests, and out of reach for scripts. */
void desk_cookie(
    struct turn *t, const char *name, struct str token, int64_t keep_s);
/* Gives: that of the session, of the form that opens one, and of a browser in
 * which somebody has logged in before. */
const char *desk_cookie_name(const struct turn *t);
const char *desk_form_cookie_name(const struct turn *t);
const char *desk_device_cookie_name(const struct turn *t);
/* Add to a page what every page under /cabinet/ names: staff_name, staff_login,
 * supplier_only (flag), csrf, and page_portal_names of the portal. */
void desk_names(struct page *pg, const struct desk *d);

#endif
