/*
 * world: everything that one running simulator has, and its clock.
 *
 * The clock is the computer's plus what POST /control/clock added; it never
 * goes back while orders live.
 */
#ifndef KVITOK_SIM_WORLD_H
#define KVITOK_SIM_WORLD_H

#include "kvitok/base/arena.h"
#include "kvitok/base/log.h"
#include "kvitok/sim/book.h"
#include "kvitok/sim/menu.h"
#include "kvitok/sim/setup.h"
#include "kvitok/sim/timers.h"

#include <stdbool.h>
#include <stdint.h>

struct box;
struct caller;
struct door;
struct echoes;
struct gazprom_sessions;
struct journal;
struct mailbox;
struct notices;
struct sink;
struct wallet;

struct world {
	struct arena *a; /* as long as the process */
	struct log *log;
	struct setup set;
	int64_t (*real_now)(void);
	int64_t skew_ms;
	struct timers timers;
	struct menu menu;
	struct book *book;
	struct wallet *wallet;
	struct gazprom_sessions *gazprom_sessions;
	struct journal *journal;
	struct echoes *echoes;
	struct caller *caller;
	struct notices *notices;
	struct mailbox *mailbox;
	struct door *door, *door_tls; /* door_tls may be NULL */
	struct sink *sink;            /* may be NULL */
	struct box
	    *box; /* a supplier in the box, which has no banks; or NULL */
};

/* Make all parts; sockets are opened by loop.h.  set is filled already. */
void world_init(struct world *w);
/* Forget orders, cards, mails, faults, calls; the clock goes back too. */
void world_reset(struct world *w);
/* Gives: the simulator's time, ms UTC. */
int64_t world_now(const struct world *w);

#endif
