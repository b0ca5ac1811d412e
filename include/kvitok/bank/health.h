/*
 * health: how a bank has been doing, seen by all processes of a host.
 *
 * Calls of the last window are counted in shared memory (base/stats.h); when
 * too many failed or were slow the bank is taken for down, and after a pause
 * one call at a time shows whether it still is.  Nobody locks: two processes
 * that turn a page of the window at once may lose a few counts, which no
 * decision here depends on.  Also counts the bank's calls for /metrics.
 */
#ifndef KVITOK_BANK_HEALTH_H
#define KVITOK_BANK_HEALTH_H

#include "kvitok/base/buf.h"
#include "kvitok/base/fault.h"
#include "kvitok/base/stats.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum health_call {
	HEALTH_START,
	HEALTH_STATUS,
	HEALTH_CANCEL,
	HEALTH_REFUND,
	HEALTH_CALL__COUNT
};

enum health_end {
	HEALTH_ANSWERED,   /* an answer with HTTP status below 500 */
	HEALTH_HTTP_ERROR, /* 500 and above */
	HEALTH_NOT_SENT,   /* no name, no connection, no TLS */
	HEALTH_UNSURE,     /* sent, and no whole answer */
	HEALTH_END__COUNT
};

#define HEALTH_PAGES 10  /* the window is counted in tenths */
#define HEALTH_BUCKETS 9 /* upper bounds of latency; the last is infinite */
#define HEALTH_SLOTS                                                           \
	(3 + 4 * HEALTH_PAGES + HEALTH_CALL__COUNT * HEALTH_END__COUNT +       \
	    HEALTH_BUCKETS + 1)

struct health {
	struct stats *stats; /* NULL: never down, nothing counted */
	size_t first;        /* of HEALTH_SLOTS slots */
	int64_t window_s, min_calls, share_pct, slow_ms, open_s;
	int64_t trial_ms; /* what a call may take; who tries has so long */
};

enum health_state {
	HEALTH_CLOSED,    /* calls go through */
	HEALTH_OPEN,      /* down: nobody calls it */
	HEALTH_HALF_OPEN, /* one call at a time tries it */
	HEALTH_STATE__COUNT
};

struct health_view {
	enum health_state state;
	int64_t since_at; /* down, or up again, since; 0: never was down */
	int64_t calls, failed, slow; /* in the window; a call is one of both */
};

/* Note the end of a call at now (ms) that took took_ms. */
void health_note(const struct health *h, enum health_call call,
    enum health_end end, int64_t took_ms, int64_t now);
/*
 * Down: of at least min_calls in the window share_pct or more failed or took
 * slow_ms or more.  It stays so for open_s; then calls are let through, and
 * the first to end decides for another open_s or for good.
 */
bool health_is_down(const struct health *h, int64_t now);
/*
 * May a call be made now?  When the pause is over it is given to one caller
 * at a time, who may take trial_ms; whoever is killed meanwhile is followed
 * by another.
 */
bool health_admits(const struct health *h, int64_t now);

/* How it stands; counts belong to the window that ends now. */
void health_look(const struct health *h, int64_t now, struct health_view *out);
/* "closed", "open", "half_open" */
const char *health_state_name(enum health_state s);

/* Append samples of one contract in the Prometheus text format. */
void health_calls_text(
    const struct health *h, struct str contract, struct buf *b);
void health_latency_text(
    const struct health *h, struct str contract, struct buf *b);

#endif
