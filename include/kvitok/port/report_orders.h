/*
 * report_orders: reports that were asked for, and where their files lie.
 *
 * An order waits, is claimed for the time of a lease by who makes it, and is
 * done or failed; after its time its file goes.  Whoever dies leaves it to be
 * claimed again.
 */
#ifndef KVITOK_PORT_REPORT_ORDERS_H
#define KVITOK_PORT_REPORT_ORDERS_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/codepage.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/report.h"

enum report_order_state {
	REPORT_ORDER_WAITING,
	REPORT_ORDER_RUNNING,
	REPORT_ORDER_DONE,
	REPORT_ORDER_FAILED,
	REPORT_ORDER_GONE, /* it was done; its file has been removed */
	REPORT_ORDER__COUNT
};

/* The key_id of orders that schedules have made: no key has it. */
#define REPORT_ORDER_SCHEDULED STR("schedule")

struct report_order {
	struct str id, key_id, ikey, body_hash;
	bool by_staff; /* key_id is that of a person at the desk */
	struct report_query q;
	enum report_format format;
	enum codepage encoding;
	char separator;
	struct str asked_by, email;
	enum report_order_state state;
	int64_t runs; /* the fence of the claim */
	int64_t lease_until;
	int64_t lines; /* so far, or in the file */
	struct str reached;
	int64_t size, replaced;
	struct str hash, digest, totals, reason;
	int64_t created_at, started_at, ended_at, expires_at; /* 0: not yet */
};

/* Gives: "waiting", "running", "done", "failed", "gone". */
static inline const char *
report_order_state_name(enum report_order_state s)
{
	static const char *const names[REPORT_ORDER__COUNT] = {
		[REPORT_ORDER_WAITING] = "waiting",
		[REPORT_ORDER_RUNNING] = "running",
		[REPORT_ORDER_DONE] = "done",
		[REPORT_ORDER_FAILED] = "failed",
		[REPORT_ORDER_GONE] = "gone",
	};

	return names[s];
}

struct report_orders {
	void *self;
	/* [tx] Keep an order that waits.  Fails: ERR_LIMIT report_too_many:
	 * max of its key or person wait already; ERR_CONFLICT row_conflict. */
	KV_MUST_CHECK enum err (*put)(void *self, struct arena *a,
	    const struct report_order *o, int64_t max, struct fault *f);
	/* Gives: *id of the order that the key or person has made so; empty:
	 * none. */
	KV_MUST_CHECK enum err (*known)(void *self, struct arena *a,
	    struct str key_id, struct str ikey, struct str *id,
	    struct fault *f);
	/* Fails: ERR_ABSENT report_order_unknown. */
	KV_MUST_CHECK enum err (*load)(void *self, struct arena *a,
	    struct str id, struct report_order *out, struct fault *f);
	/* Orders of a key before an id (empty: from the newest). */
	KV_MUST_CHECK enum err (*list)(void *self, struct arena *a,
	    struct str key_id, struct str before, int limit,
	    const struct report_order **out, size_t *len, struct fault *f);
	/* Lease the oldest that nobody has.  Gives: *found; *out. */
	KV_MUST_CHECK enum err (*claim)(void *self, struct arena *a,
	    int64_t now, int64_t lease_until, bool *found,
	    struct report_order *out, struct fault *f);
	/* Write lease_until, lines and reached.  Fails: ERR_CONFLICT
	 * lease_lost. */
	KV_MUST_CHECK enum err (*renew)(
	    void *self, const struct report_order *o, struct fault *f);
	/* Write how it ended: done, or failed with its reason.  Works in and
	 * outside of tx.run.  Fails: ERR_CONFLICT lease_lost. */
	KV_MUST_CHECK enum err (*end)(
	    void *self, const struct report_order *o, struct fault *f);
	/* Orders whose time is over; and that the file of one has gone. */
	KV_MUST_CHECK enum err (*over)(void *self, struct arena *a, int64_t now,
	    int limit, const struct str **ids, size_t *len, struct fault *f);
	KV_MUST_CHECK enum err (*gone)(
	    void *self, struct str id, struct fault *f);
};

/* The folder of files. */
struct report_spool {
	void *self; /* NULL: there is none */
	/* Gives: where the file of this name lies, in a. */
	struct str (*path)(void *self, struct arena *a, struct str name);
	/* Remove a file and what is left of its making; it may be absent. */
	void (*remove)(void *self, struct arena *a, struct str name);
	/* Open for reading.  Gives: *fd, the caller's to close; *size.
	 * Fails: ERR_ABSENT report_gone: it is not there; ERR_AGAIN busy: it
	 * cannot be opened now. */
	KV_MUST_CHECK enum err (*open)(void *self, struct arena *a,
	    struct str name, int *fd, int64_t *size, struct fault *f);
};

#endif
