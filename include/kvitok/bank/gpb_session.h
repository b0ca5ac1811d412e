/*
 * gpb_session: a session with Gazprombank's API v4, for its console calls.
 */
#ifndef KVITOK_BANK_GPB_SESSION_H
#define KVITOK_BANK_GPB_SESSION_H

#include "kvitok/bank/contract.h"

#define GPB_FORM_TYPE STR("application/x-www-form-urlencoded")

/* c and a are the caller's; header is then sent with every call. */
struct gpb_session {
	const struct contract *c;
	struct arena *a;
	struct str header;
};

/*
 * Open it with the contract's api_login; it moves no money and is repeated
 * at will.
 * Gives: s->header.  Fails: ERR_AGAIN bank_unavailable.
 */
KV_MUST_CHECK enum err gpb_session_start(
    struct gpb_session *s, struct fault *f);
/* End it, whatever comes of that: sessions run out by themselves, too. */
void gpb_session_finish(const struct gpb_session *s);

#endif
