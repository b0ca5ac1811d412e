/*
 * noted: what somebody at the desk does with money and rights is noted in the
 * trail by the very transaction that does it.
 */
#ifndef KVITOK_APP_NOTED_H
#define KVITOK_APP_NOTED_H

#include "kvitok/app/ports.h"

/* Gives: "staff:LOGIN", as tables name an actor; in a. */
struct str noted_actor(struct arena *a, struct str login);
/* Gives: a line of the trail about what somebody does himself, with a new id;
 * object, detail and address are empty. */
struct staff_event noted_event(const struct ports *p, struct arena *a,
    const struct staff *who, const char *what);
/*
 * The same ports, but every transaction that is run through them also writes
 * the line: with it or not at all.  An action of several transactions is told
 * once, and one that was done before (tx_idle) is not told again.
 * Gives: ports in a; texts of e must live as long.
 */
const struct ports *noted_ports(
    const struct ports *p, struct arena *a, const struct staff_event *e);

#endif
