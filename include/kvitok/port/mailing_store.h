/*
 * mailing_store: who asked for bills by mail, and what became of each letter.
 */
#ifndef KVITOK_PORT_MAILING_STORE_H
#define KVITOK_PORT_MAILING_STORE_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/mailing.h"

#include <stdint.h>

struct mailing {
	struct str akey, portal, supplier, account, email, token;
	struct str asked_by, stopped_by;
	int64_t asked_at, stopped_at; /* stopped_at 0: it goes on */
};

/* The letter of an account and a month. */
struct mailing_letter {
	struct str akey, id, portal, supplier, account, month, reason;
	enum mailing_state state;
	int64_t due_at, tries, changed_at;
};

struct mailing_count {
	struct str portal, supplier, reason;
	enum mailing_state state;
	int64_t n;
};

struct mailing_store {
	void *self;
	/* Asked for; the same address again changes nothing. */
	KV_MUST_CHECK enum err (*put)(
	    void *self, const struct mailing *m, struct fault *f);
	/* Stop m when it is still the one that was read (by its token), and
	 * goes on; else nothing. */
	KV_MUST_CHECK enum err (*stop)(void *self, const struct mailing *m,
	    struct str by, int64_t at, struct fault *f);
	/* Fails: ERR_ABSENT mailing_unknown. */
	KV_MUST_CHECK enum err (*of)(void *self, struct arena *a,
	    struct str akey, struct str portal, struct str supplier,
	    struct str account, struct mailing *out, struct fault *f);
	/* The same by the token of a letter's link. */
	KV_MUST_CHECK enum err (*by_token)(void *self, struct arena *a,
	    struct str akey, struct str token, struct mailing *out,
	    struct fault *f);
	/* A page of a portal's, after the one; an empty one at first. */
	KV_MUST_CHECK enum err (*page)(void *self, struct arena *a,
	    struct str portal, const struct mailing *after, int limit,
	    const struct mailing **out, size_t *len, struct fault *f);
	/* A page of those that go on and have no letter for the month. */
	KV_MUST_CHECK enum err (*unplanned)(void *self, struct arena *a,
	    struct str month, const struct mailing *after, int limit,
	    const struct mailing **out, size_t *len, struct fault *f);
	/* [tx] Gives: *made, false when the month has its letter. */
	KV_MUST_CHECK enum err (*plan)(void *self,
	    const struct mailing_letter *l, bool *made, struct fault *f);
	/* Fails: ERR_ABSENT mailing_unknown. */
	KV_MUST_CHECK enum err (*letter)(void *self, struct arena *a,
	    struct str akey, struct str id, struct mailing_letter *out,
	    struct fault *f);
	/* Write state, reason, due_at, tries and changed_at of l, unless it was
	 * sent or has ended otherwise for good. */
	KV_MUST_CHECK enum err (*move)(
	    void *self, const struct mailing_letter *l, struct fault *f);
	/* What became of a month's letters. */
	KV_MUST_CHECK enum err (*counts)(void *self, struct arena *a,
	    struct str month, const struct mailing_count **out, size_t *len,
	    struct fault *f);
	/* A page of those that are not sent for a reason, after the one. */
	KV_MUST_CHECK enum err (*unsent)(void *self, struct arena *a,
	    struct str month, const struct mailing_letter *after, int limit,
	    const struct mailing_letter **out, size_t *len, struct fault *f);
	/* Gives: how many of a month's letters are in each state. */
	KV_MUST_CHECK enum err (*states)(void *self, struct str month,
	    int64_t n[MAILING__COUNT], struct fault *f);
};

#endif
