/*
 * staff_store: people at the desk, their sessions, wrong passwords, and the
 * trail of what was done.
 */
#ifndef KVITOK_PORT_STAFF_STORE_H
#define KVITOK_PORT_STAFF_STORE_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"

#include <stdbool.h>
#include <stdint.h>

struct staff {
	struct str id, login, name, hash, portal;
	struct str supplier; /* that alone is seen; empty: the whole portal */
	struct str created_by;
	unsigned rights; /* of enum right */
	bool blocked, must_change;
	int64_t created_at, changed_at, password_at;
	int64_t entered_at; /* 0: never */
};

struct staff_session {
	struct str digest, staff, address;
	int64_t created_at, seen_at, expires_at;
};

/* A session in a list, with whose it is. */
struct staff_present {
	struct str login, name, portal;
	struct staff_session s; /* without digest and staff */
};

/* Wrong passwords of a login from an address. */
struct staff_try {
	struct str subject, login; /* login empty: there is none */
	int64_t fails, last_at, locked_until;
};

/* A line of the trail; staff: whom it is about, empty: nobody here. */
struct staff_event {
	struct str id, actor, staff, portal, what, object, detail, address;
	int64_t at;
};

struct staff_store {
	void *self;
	/* Fails: ERR_CONFLICT row_conflict (the login is taken). */
	KV_MUST_CHECK enum err (*put)(
	    void *self, const struct staff *s, struct fault *f);
	/* Fails: ERR_ABSENT staff_unknown. */
	KV_MUST_CHECK enum err (*by_login)(void *self, struct arena *a,
	    struct str login, struct staff *out, struct fault *f);
	/* In order of login, after one; portal empty: all. */
	KV_MUST_CHECK enum err (*page)(void *self, struct arena *a,
	    struct str portal, struct str after, int limit,
	    const struct staff **out, size_t *len, struct fault *f);
	/* Write rights, blocked and changed_at; was: as they were read.
	 * Fails: ERR_CONFLICT row_conflict (somebody else changed them). */
	KV_MUST_CHECK enum err (*may)(void *self, const struct staff *s,
	    const struct staff *was, struct fault *f);
	/* Write hash, must_change, password_at; was: the hash before.
	 * Fails: ERR_CONFLICT row_conflict (somebody else changed it). */
	KV_MUST_CHECK enum err (*password)(
	    void *self, const struct staff *s, struct str was, struct fault *f);
	/* Write entered_at and hash; was: the hash before.  Fails:
	 * ERR_CONFLICT row_conflict (another password since, or blocked). */
	KV_MUST_CHECK enum err (*entered)(
	    void *self, const struct staff *s, struct str was, struct fault *f);
};

struct staff_sessions {
	void *self;
	KV_MUST_CHECK enum err (*put)(
	    void *self, const struct staff_session *s, struct fault *f);
	/* Fails: ERR_ABSENT session_over. */
	KV_MUST_CHECK enum err (*find)(void *self, struct arena *a,
	    struct str digest, struct staff *who, struct staff_session *s,
	    struct fault *f);
	KV_MUST_CHECK enum err (*seen)(
	    void *self, struct str digest, int64_t at, struct fault *f);
	/* One that is not there is no failure. */
	KV_MUST_CHECK enum err (*end)(
	    void *self, struct str digest, struct fault *f);
	/* All of a person but so many newest ones. */
	KV_MUST_CHECK enum err (*trim)(
	    void *self, struct str staff, int keep, struct fault *f);
	/* Live ones, the last seen first; login empty: everybody's. */
	KV_MUST_CHECK enum err (*list)(void *self, struct arena *a,
	    struct str login, int64_t now, int64_t idle_since, int limit,
	    const struct staff_present **out, size_t *len, struct fault *f);
	KV_MUST_CHECK enum err (*sweep)(
	    void *self, int64_t now, int64_t idle_since, struct fault *f);
	KV_MUST_CHECK enum err (*count)(void *self, int64_t now,
	    int64_t idle_since, int64_t *n, struct fault *f);
};

/* Browsers in which somebody has logged in before. */
struct staff_devices {
	void *self;
	KV_MUST_CHECK enum err (*known)(void *self, struct str staff,
	    struct str digest, bool *known, struct fault *f);
	/* Keep one, and so many of the newest. */
	KV_MUST_CHECK enum err (*put)(void *self, struct str staff,
	    struct str digest, int64_t at, int keep, struct fault *f);
	/* All of a person. */
	KV_MUST_CHECK enum err (*forget)(
	    void *self, struct str staff, struct fault *f);
	KV_MUST_CHECK enum err (*sweep)(
	    void *self, int64_t before, struct fault *f);
};

struct staff_tries {
	void *self;
	/* Gives: fails 0 when there is none. */
	KV_MUST_CHECK enum err (*get)(void *self, struct arena *a,
	    struct str subject, struct staff_try *out, struct fault *f);
	/* Put t in the place of was.  Fails: ERR_AGAIN busy: it has changed. */
	KV_MUST_CHECK enum err (*put)(void *self, const struct staff_try *t,
	    const struct staff_try *was, struct fault *f);
	KV_MUST_CHECK enum err (*forget)(
	    void *self, struct str subject, struct fault *f);
	/* From wherever they came. */
	KV_MUST_CHECK enum err (*forget_login)(
	    void *self, struct str login, struct fault *f);
	KV_MUST_CHECK enum err (*sweep)(
	    void *self, int64_t before, int limit, struct fault *f);
	KV_MUST_CHECK enum err (*locked)(
	    void *self, int64_t now, int64_t *n, struct fault *f);
};

struct staff_trail {
	void *self;
	/* [tx] One that is there already is no failure. */
	KV_MUST_CHECK enum err (*put)(
	    void *self, const struct staff_event *e, struct fault *f);
	/* Newest first; staff empty: everybody's; before empty: the newest. */
	KV_MUST_CHECK enum err (*page)(void *self, struct arena *a,
	    struct str staff, struct str before, int limit,
	    const struct staff_event **out, size_t *len, struct fault *f);
	/* Remove what is older; of strangers what is older than that. */
	KV_MUST_CHECK enum err (*sweep)(void *self, int64_t before,
	    int64_t strangers_before, int limit, struct fault *f);
};

#endif
