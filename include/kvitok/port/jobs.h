/*
 * jobs: what is owed.
 *
 * A job is due, claimed for the time of a lease, then done, put off, or
 * failed for good.  A claim whose worker died falls due again by itself.
 * Handlers tolerate being run twice.
 */
#ifndef KVITOK_PORT_JOBS_H
#define KVITOK_PORT_JOBS_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"

#include <stdint.h>

struct job {
	struct str akey, id, kind, ref;
	int64_t due_at; /* claimed: the end of the lease */
	int64_t runs;   /* the fence of this claim */
	int64_t fails;  /* in a row */
	int64_t created_at;
	struct str last_error;
	struct str progress; /* the handler's memory, "" at first */
	struct str state;    /* when read by list: due, done, failed */
};

struct job_ages {
	int64_t due;           /* due now, not claimed */
	int64_t oldest_due_at; /* 0: none */
	int64_t failed;
};

struct jobs {
	void *self;
	/*
	 * [tx] Owe a job; (akey, kind, ref) is owed once.  One that is there
	 * and not done falls due at due_at if that is earlier.
	 */
	KV_MUST_CHECK enum err (*put)(
	    void *self, const struct job *j, struct fault *f);
	/*
	 * Wake a job, made when it is not there: due at due_at, even when it
	 * was done, failed or is leased.  A running claim loses its fence
	 * (runs is raised), so that its outcome, found before the wake, does
	 * not put the job to sleep.  Works in and outside of tx.run.
	 */
	KV_MUST_CHECK enum err (*wake)(
	    void *self, const struct job *j, struct fault *f);
	/*
	 * Lease up to limit due jobs to worker until lease_until; a
	 * transaction of its own.  Gives: *out in a, with runs raised.
	 */
	KV_MUST_CHECK enum err (*claim)(void *self, struct arena *a,
	    struct str worker, int64_t now, int64_t lease_until, int limit,
	    const struct job **out, size_t *len, struct fault *f);
	/* Lease on, until then.  Fails: ERR_CONFLICT lease_lost. */
	KV_MUST_CHECK enum err (*keep)(void *self, const struct job *j,
	    int64_t lease_until, struct fault *f);
	/* Works in and outside of tx.run.  Fails: ERR_CONFLICT lease_lost. */
	KV_MUST_CHECK enum err (*done)(
	    void *self, const struct job *j, int64_t at, struct fault *f);
	/* Due again at due_at; failed: counts as a failure with words, else
	 * fails becomes 0.  Fails: ERR_CONFLICT lease_lost. */
	KV_MUST_CHECK enum err (*put_off)(void *self, const struct job *j,
	    int64_t due_at, bool failed, struct str words, struct str progress,
	    struct fault *f);
	/* Given up; kept, counted, shown.  Fails: ERR_CONFLICT lease_lost. */
	KV_MUST_CHECK enum err (*fail)(void *self, const struct job *j,
	    int64_t at, struct str words, struct fault *f);
	/* state empty: any; newest first, at most limit. */
	KV_MUST_CHECK enum err (*list)(void *self, struct arena *a,
	    struct str state, int limit, const struct job **out, size_t *len,
	    struct fault *f);
	KV_MUST_CHECK enum err (*ages)(
	    void *self, int64_t now, struct job_ages *out, struct fault *f);
};

#endif
