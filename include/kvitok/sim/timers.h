/*
 * timers: what is to happen at an instant of the simulator's clock.
 *
 * A heap of timers that live inside their owners, so that cancelling one
 * costs nothing to find.  Knows no clock: the loop says what time it is.
 */
#ifndef KVITOK_SIM_TIMERS_H
#define KVITOK_SIM_TIMERS_H

#include "kvitok/base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TIMERS_MAX 100000

struct timer {
	int64_t at;
	size_t pos; /* place in the heap, from 1; 0: not set */
	void (*fire)(void *owner);
	void *owner;
};

struct timers {
	struct timer **heap; /* heap[0] is not used */
	size_t len;
};

/* An empty heap with room for TIMERS_MAX, in a. */
void timers_init(struct timers *t, struct arena *a);
/*
 * Have fire(owner) called at the instant; a timer that was set is moved.
 * Gives: false, nothing set, when TIMERS_MAX are set already.
 */
bool timers_set(struct timers *t, struct timer *m, int64_t at,
    void (*fire)(void *owner), void *owner);
/* A timer that is not set is left alone. */
void timers_cancel(struct timers *t, struct timer *m);
/* Call what is due at now, the earliest first. */
void timers_run(struct timers *t, int64_t now);
/* Gives: instant of the next timer, or -1. */
int64_t timers_next(const struct timers *t);

#endif
