/*
 * evidence: what happened, what came from outside, what does not fit.
 */
#ifndef KVITOK_PORT_EVIDENCE_H
#define KVITOK_PORT_EVIDENCE_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"

#include <stdint.h>

/* One row of a payment's story. */
struct pay_event {
	struct str id; /* ULID */
	int64_t at;
	struct str kind, actor;
	int n; /* attempt; 0 none */
	struct str from_state, to_state;
	struct str evidence; /* JSON object, "{}" when there is none */
};

struct notice {
	struct str akey, id, number; /* number empty: not ours */
	int n;
	struct str bank, contract, kind, verdict, raw;
	char digest[65];
	int64_t at;
	int64_t times; /* when read */
};

struct pay_case {
	struct str akey, id, portal, number; /* empty: not known */
	int n;
	struct str kind, subject, proposal;
	int64_t sum_kop;
	struct str evidence; /* JSON object */
	int64_t created_at;
	/* When read: */
	struct str state; /* open, resolved; see case_state() */
	struct str owner; /* who has it in hand; empty: nobody */
	int64_t taken_at;
	struct str resolution, note; /* chosen, and why; empty: not yet */
	struct str decided_by;
	int64_t decided_at, resolved_at; /* 0: not yet */
	int64_t times;                   /* how often it was opened */
};

struct evidence {
	void *self;
	/* [tx] Append to the story. */
	KV_MUST_CHECK enum err (*event_put)(void *self, struct str akey,
	    struct str number, const struct pay_event *e, struct fault *f);
	/* The story in order of time, at most limit rows after id. */
	KV_MUST_CHECK enum err (*events)(void *self, struct arena *a,
	    struct str number, struct str after_id, int limit,
	    const struct pay_event **out, size_t *len, struct fault *f);
	/*
	 * Keep a call-back as it came; one that came before (akey, digest) is
	 * counted.  When wake is not empty it is the ref of the job "ask" of
	 * the same akey, which is woken as jobs.wake does (repeats too).
	 * Works inside and outside of tx.run; outside it is one transaction.
	 * Gives: *first, false for a repeat.
	 */
	KV_MUST_CHECK enum err (*notice_put)(void *self, const struct notice *n,
	    struct str wake, int64_t wake_at, bool *first, struct fault *f);
	/* Call-backs of a payment, oldest first, at most limit. */
	KV_MUST_CHECK enum err (*notices)(void *self, struct arena *a,
	    struct str akey, struct str number, int limit,
	    const struct notice **out, size_t *len, struct fault *f);
	/* [tx] Open a case; the same (akey, kind, subject) is one case.
	 * Gives: *made, false when it was there. */
	KV_MUST_CHECK enum err (*case_put)(
	    void *self, const struct pay_case *c, bool *made, struct fault *f);
	/* Cases of a payment, at most limit. */
	KV_MUST_CHECK enum err (*cases_of)(void *self, struct arena *a,
	    struct str akey, struct str number, int limit,
	    const struct pay_case **out, size_t *len, struct fault *f);
};

#endif
