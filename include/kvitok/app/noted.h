/*
 * noted: what people do with money and rights is noted in the trail by the very
 * transaction that does it: at the desk, through a front-end, from the shell.
 */
#ifndef KVITOK_APP_NOTED_H
#define KVITOK_APP_NOTED_H

#include "kvitok/app/ports.h"

#define NOTED_OBJECT_MAX 100 /* characters */
#define NOTED_DETAIL_MAX 200

/* Gives: "staff:LOGIN", as tables name an actor; in a. */
struct str noted_actor(struct arena *a, struct str login);
/* Gives: a line of the trail about what an actor does ("operator:NAME",
 * "frontend:KEY"), with a new id; object, detail and address are empty. */
struct staff_event noted_by(const struct ports *p, struct arena *a,
    struct str actor, struct str portal, const char *what);
/* The same of what somebody at the desk does himself. */
struct staff_event noted_event(const struct ports *p, struct arena *a,
    const struct staff *who, const char *what);
/*
 * The same ports, but every transaction that is run through them also writes
 * the line: with it or not at all.  An action of several transactions is told
 * once, and one that was done before (tx_idle) is not told again.
 * Gives: ports in a.  *e lives as long: what is known later may be filled in
 * until it is done.
 */
const struct ports *noted_ports(
    const struct ports *p, struct arena *a, const struct staff_event *e);

#endif
