/*
 * killing: a process that dies between two steps of a use-case.
 */
#ifndef KVITOK_TESTS_STORE_KILLING_H
#define KVITOK_TESTS_STORE_KILLING_H

#include "life.h"

static jmp_buf killing_end;
static int killing_left;

static inline void
killing_step(const char *name)
{
	(void)name; /* any of them */
	if (killing_left > 0 && --killing_left == 0)
		longjmp(killing_end, 1);
}

/* Run, killed after so many steps.  Gives: whether it was. */
static inline bool
was_killed(struct world *w, int steps, void (*run)(struct world *w, void *arg),
    void *arg)
{
	w->p.step = killing_step;
	killing_left = steps;
	if (setjmp(killing_end) != 0) {
		w->p.step = NULL;
		return true;
	}
	run(w, arg);
	w->p.step = NULL;
	return false;
}

#endif
