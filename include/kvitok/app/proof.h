/*
 * proof: evidence under construction, for events of stories and for cases.
 *
 * A JSON object of bounded size; what is too large is told as such.
 */
#ifndef KVITOK_APP_PROOF_H
#define KVITOK_APP_PROOF_H

#include "kvitok/base/jw.h"

struct proof {
	struct buf b;
	struct jw w;
};

/* An empty object in a, to be filled through e->w. */
void proof_begin(struct proof *e, struct arena *a);
/* Gives: the finished object, valid as long as the arena. */
struct str proof_end(struct proof *e);

#endif
