/*
 * working: a job in hand: what its handler is told, and what it says is to
 * become of the job.
 *
 * Handlers never touch the job's own row: work.c does, by the fate they name.
 */
#ifndef KVITOK_APP_WORKING_H
#define KVITOK_APP_WORKING_H

#include "kvitok/app/ports.h"

/* What is to become of a job after its handler ran. */
enum fate {
	FATE_DONE,
	FATE_LATER,  /* due again at next_at, nothing wrong */
	FATE_RETRY,  /* failed: again after a growing pause, then given up */
	FATE_GIVE_UP /* failed for good */
};

struct working {
	const struct ports *p;
	struct arena *a;
	const struct job *j;
	int64_t next_at; /* of FATE_LATER, and of FATE_RETRY when not 0 */
	struct fault *f;
};

/* Gives: pause and up to a quarter of it more, so that what failed together is
 * not tried together. */
int64_t working_jittered(const struct ports *p, int64_t pause);

#endif
