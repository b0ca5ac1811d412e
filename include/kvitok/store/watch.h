/*
 * watch: a deadline around one call into a driver.
 *
 * A server that keeps the connection alive and never answers holds a driver
 * for ever, whatever time-outs it was given.  Past the deadline the process
 * writes one line and ends; its transaction rolls back, a keeper starts
 * another.  The softer kind only interrupts a system call (EINTR).
 * One timer per connection; uses SIGALRM, which nothing else may use.
 */
#ifndef KVITOK_STORE_WATCH_H
#define KVITOK_STORE_WATCH_H

#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define WATCH_EXIT 75 /* sysexits.h: EX_TEMPFAIL */

struct watch {
	timer_t timer;
	bool made;
	volatile sig_atomic_t fatal;
	const char *volatile what; /* named in the last line */
};

/* Fails: ERR_BUG internal (the system gives no timer). */
KV_MUST_CHECK enum err watch_make(struct watch *w, struct fault *f);
void watch_free(struct watch *w);
/* End the process ms from now unless watch_stop comes first. */
void watch_start(struct watch *w, int64_t ms, const char *what);
/* Interrupt system calls ms from now, and every 50 ms after that. */
void watch_nudge(struct watch *w, int64_t ms);
void watch_stop(struct watch *w);

/* ms of a clock that is never set back. */
int64_t watch_now(void);
/* Sleep; signals may cut it short. */
void watch_sleep(int64_t ms);

#endif
