/*
 * spoil: the faults of a call, committed around whatever the call does.
 */
#ifndef KVITOK_SIM_SPOIL_H
#define KVITOK_SIM_SPOIL_H

#include "kvitok/sim/door.h"

#include <stdbool.h>

/*
 * Before the effect: may close the connection or answer 502.
 * Gives: true when the call is over.
 */
bool spoil_before(
    struct req *r, enum bank bank, struct str number, const char *call);
/* After the effect: may lose, replace or delay the answer. */
void spoil_after(
    struct req *r, enum bank bank, struct str number, const char *call);

#endif
