/*
 * schedule_store: reports that somebody gets regularly, their runs, and what
 * became of each parcel: a letter to one address, or a file in the folder.
 *
 * A run is one period of a schedule, and there is one of each.  A parcel
 * waits, is claimed for the time of a lease, and ends; whoever dies leaves it
 * to be claimed again.
 */
#ifndef KVITOK_PORT_SCHEDULE_STORE_H
#define KVITOK_PORT_SCHEDULE_STORE_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/codepage.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/report.h"
#include "kvitok/domain/schedule.h"

struct schedule {
	struct str id, name;
	struct report_query q; /* without days */
	enum report_format format;
	enum codepage encoding;
	char separator;
	struct schedule_rule rule;
	bool by_mail;
	struct str target;   /* addresses parted by a space; or a pattern */
	struct str next_day; /* that the next period begins with */
	struct str to_day;   /* the last one that a period may have; empty */
	int64_t next_at;     /* that it falls due; 0: never */
	int64_t missed;      /* periods that were left out */
	struct str made_by;
	int64_t made_at;
};

struct schedule_run {
	struct str id, schedule, from_day, to_day;
	struct str order; /* of the report; empty: none could be ordered */
	int64_t due_at, made_at;
	int64_t times; /* that it was sent on purpose, 1 at first */
};

enum parcel_state {
	PARCEL_WAITING,
	PARCEL_DONE,
	PARCEL_REFUSED, /* by the mail server, for good */
	PARCEL_FAILED,
	PARCEL__COUNT
};

struct parcel {
	struct str run;
	int64_t n; /* 1, 2, ... of the run */
	struct str target;
	enum parcel_state state;
	struct str reason; /* of the last try that failed; empty */
	int64_t tries;     /* since it was sent on purpose */
	int64_t fence;     /* of the claim */
	int64_t next_at;   /* claimed: the end of the lease */
	int64_t changed_at;
};

/* A parcel with all that it is of. */
struct parcel_whole {
	struct schedule s;
	struct schedule_run r;
	struct parcel p;
};

struct schedule_health {
	int64_t n[PARCEL__COUNT]; /* of live schedules; not PARCEL_DONE */
	int64_t oldest_due_at;    /* that is neither sent nor ended; 0: none */
};

/* Gives: "waiting", "done", "refused", "failed". */
static inline const char *
parcel_state_name(enum parcel_state s)
{
	static const char *const names[PARCEL__COUNT] = {
		[PARCEL_WAITING] = "waiting",
		[PARCEL_DONE] = "done",
		[PARCEL_REFUSED] = "refused",
		[PARCEL_FAILED] = "failed",
	};

	return names[s];
}

struct schedule_store {
	void *self;
	/* Fails: ERR_CONFLICT row_conflict: the name is taken. */
	KV_MUST_CHECK enum err (*put)(
	    void *self, const struct schedule *s, struct fault *f);
	/* It goes on no more; its parcels that wait are not sent. */
	KV_MUST_CHECK enum err (*stop)(void *self, struct str id, struct str by,
	    int64_t at, struct fault *f);
	/* Fails: ERR_ABSENT schedule_unknown. */
	KV_MUST_CHECK enum err (*by_name)(void *self, struct arena *a,
	    struct str name, struct schedule *out, struct fault *f);
	/* A page of those that go on, by name, after one. */
	KV_MUST_CHECK enum err (*page)(void *self, struct arena *a,
	    struct str after, int limit, const struct schedule **out,
	    size_t *len, struct fault *f);
	/* Some that fall due by now. */
	KV_MUST_CHECK enum err (*due)(void *self, struct arena *a, int64_t now,
	    int limit, const struct schedule **out, size_t *len,
	    struct fault *f);
	/* Write next_day and next_at of to, and add its missed ones, when
	 * next_day is still that of from.  Gives: *moved. */
	KV_MUST_CHECK enum err (*move)(void *self, const struct schedule *from,
	    const struct schedule *to, bool *moved, struct fault *f);
	KV_MUST_CHECK enum err (*health)(void *self, int64_t now,
	    struct schedule_health *out, struct fault *f);
};

struct schedule_runs {
	void *self;
	/* [tx] Gives: *made, false when the period has its run. */
	KV_MUST_CHECK enum err (*put)(void *self, const struct schedule_run *r,
	    bool *made, struct fault *f);
	/* [tx] */
	KV_MUST_CHECK enum err (*parcel)(
	    void *self, const struct parcel *p, struct fault *f);
	/* The last run of a schedule that has the day; the last one of all
	 * when day is empty.  Gives: *found. */
	KV_MUST_CHECK enum err (*find)(void *self, struct arena *a,
	    struct str schedule, struct str day, bool *found,
	    struct schedule_run *out, struct fault *f);
	/* Parcels of a schedule, newest period first, all or those that have
	 * not reached anybody; s is not filled. */
	KV_MUST_CHECK enum err (*parcels)(void *self, struct arena *a,
	    struct str schedule, bool all, int limit,
	    const struct parcel_whole **out, size_t *len, struct fault *f);
	/* [tx] Its parcels wait again, all of them; times goes up.  Fails:
	 * ERR_AGAIN busy: times is no longer that of r. */
	KV_MUST_CHECK enum err (*again)(void *self,
	    const struct schedule_run *r, int64_t at, struct fault *f);
	/* [tx] The report is made by another order, when that of r is still
	 * the one.  Gives: *changed. */
	KV_MUST_CHECK enum err (*reorder)(void *self,
	    const struct schedule_run *r, struct str order, bool *changed,
	    struct fault *f);
	/* Lease the oldest parcel whose report has ended.  Gives: *found. */
	KV_MUST_CHECK enum err (*claim)(void *self, struct arena *a,
	    int64_t now, int64_t lease_until, bool *found,
	    struct parcel_whole *out, struct fault *f);
	/* Write state, reason, next_at and changed_at.  Fails: ERR_CONFLICT
	 * lease_lost. */
	KV_MUST_CHECK enum err (*end)(
	    void *self, const struct parcel *p, struct fault *f);
};

#endif
