/*
 * session: who asks.
 */
#ifndef KVITOK_WEB_SESSION_H
#define KVITOK_WEB_SESSION_H

#include "kvitok/web/turn.h"

/*
 * The front-end whose key came as "Authorization: Bearer kv_...", with one of
 * the rights that the route asks for.
 * Gives: t->who.
 * Fails: ERR_DENIED key_missing, key_unknown, right_missing; ERR_AGAIN.
 */
KV_MUST_CHECK enum err session_bearer(struct turn *t);
/*
 * The public page of a portal: it acts with a key that is kept here.
 * Gives: t->who.
 * Fails: ERR_ABSENT path_unknown (no such page); ERR_AGAIN.
 */
KV_MUST_CHECK enum err session_page(struct turn *t, struct str portal);
/*
 * A request that changes something came from a page of ours.
 * Fails: ERR_DENIED page_foreign.
 */
KV_MUST_CHECK enum err session_same_site(const struct turn *t);
/* The same for its script, which sends X-Requested-With: kvitok, too. */
KV_MUST_CHECK enum err session_script(const struct turn *t);

#endif
