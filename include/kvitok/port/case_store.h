/*
 * case_store: cases in the hands of people, and what was done with them.
 *
 * Opening one is evidence.case_put's.  Changes are compare-and-set, as in
 * pay_store.
 */
#ifndef KVITOK_PORT_CASE_STORE_H
#define KVITOK_PORT_CASE_STORE_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/give_back.h"
#include "kvitok/domain/resolution.h"
#include "kvitok/port/evidence.h"

#define CASE_EVENTS_MAX 1000 /* of one case, that are read */
#define GIVE_BACKS_MAX 100   /* of one payment, those that failed too */

struct case_query {
	struct str portal;      /* empty: of all */
	struct str kind, owner; /* empty: any */
	bool unresolved;        /* any state but resolved */
	bool has_state;
	enum case_state state; /* when has_state */
	bool newest;           /* first; of those that may be resolved */
	int64_t after_at;      /* cursor: created_at and id of the last row */
	struct str after_id;   /* empty: from the first */
	int limit;
};

/* One row of what was done with a case. */
struct case_event {
	struct str id;
	int64_t at;
	struct str kind; /* taken, released, decided, refused, ... */
	struct str actor, resolution, note;
	struct str evidence; /* JSON object */
};

struct case_age {
	struct str kind;
	int64_t open, oldest_at;
};

struct case_store {
	void *self;
	/* Oldest first: they have waited longest. */
	KV_MUST_CHECK enum err (*list)(void *self, struct arena *a,
	    const struct case_query *q, const struct pay_case **out,
	    size_t *len, struct fault *f);
	/* Gives: *out in a.  Fails: ERR_ABSENT case_unknown. */
	KV_MUST_CHECK enum err (*get)(void *self, struct arena *a,
	    struct str id, struct pay_case *out, struct fault *f);
	/* Gives: *out in a; *found, false when there is no such case. */
	KV_MUST_CHECK enum err (*find)(void *self, struct arena *a,
	    struct str akey, struct str kind, struct str subject,
	    struct pay_case *out, bool *found, struct fault *f);
	/* [tx] Write what may change of a case as it is in to.  Fails:
	 * ERR_AGAIN when the row no longer is as in from. */
	KV_MUST_CHECK enum err (*move)(void *self, const struct pay_case *from,
	    const struct pay_case *to, struct fault *f);
	/*
	 * [tx] Open the case of c's akey, kind and subject again, with c's sum
	 * and evidence, if it was resolved by asking the bank again.
	 * Gives: *out in a, as it is now; *did, false when it is not so.
	 */
	KV_MUST_CHECK enum err (*reopen)(void *self, struct arena *a,
	    const struct pay_case *c, struct pay_case *out, bool *did,
	    struct fault *f);
	/* [tx] Append to what was done with c. */
	KV_MUST_CHECK enum err (*event_put)(void *self,
	    const struct pay_case *c, const struct case_event *e,
	    struct fault *f);
	/* What was done with a case, oldest first. */
	KV_MUST_CHECK enum err (*events)(void *self, struct arena *a,
	    struct str akey, struct str case_id, const struct case_event **out,
	    size_t *len, struct fault *f);
	/* Unresolved cases by kind, in order of kind; portal empty: of all. */
	KV_MUST_CHECK enum err (*ages)(void *self, struct arena *a,
	    struct str portal, const struct case_age **out, size_t *len,
	    struct fault *f);
};

struct give_back_move {
	struct str akey, number, id;
	enum refund_state from, to;
	struct str code;           /* p NULL: unchanged */
	int64_t sent_at, ended_at; /* 0: unchanged; ended_at with an end only */
};

struct give_back_store {
	void *self;
	/* [tx] A new one.  Gives: *made, false when this money is going back,
	 * or has gone. */
	KV_MUST_CHECK enum err (*put)(
	    void *self, const struct give_back *g, bool *made, struct fault *f);
	/* Those of a payment, oldest first. */
	KV_MUST_CHECK enum err (*list)(void *self, struct arena *a,
	    struct str akey, struct str number, const struct give_back **out,
	    size_t *len, struct fault *f);
	/* Which payment one is of.  Fails: ERR_ABSENT refund_unknown. */
	KV_MUST_CHECK enum err (*number)(void *self, struct arena *a,
	    struct str akey, struct str id, struct str *out, struct fault *f);
	/* [tx] Fails: ERR_AGAIN when the row is not in state from. */
	KV_MUST_CHECK enum err (*move)(
	    void *self, const struct give_back_move *m, struct fault *f);
	/* [tx] As refund_store.calling. */
	KV_MUST_CHECK enum err (*calling)(void *self, const struct give_back *g,
	    int64_t before_kop, int64_t at, bool *mine, struct fault *f);
};

#endif
