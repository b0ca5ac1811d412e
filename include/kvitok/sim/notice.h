/*
 * notice: what a bank tells the merchant, until the merchant took it.
 *
 * Carries out the plan of repeats and the faults of delivery (late, lost,
 * repeated, before or after the return).  What is said is built by the
 * bank's own module, afresh for each try.
 */
#ifndef KVITOK_SIM_NOTICE_H
#define KVITOK_SIM_NOTICE_H

#include "kvitok/base/attr.h"
#include "kvitok/sim/caller.h"
#include "kvitok/sim/order.h"
#include "kvitok/sim/pairs.h"
#include "kvitok/sim/world.h"

#include <stdbool.h>
#include <stdint.h>

#define NOTICE_OPEN_MAX 20000

/* How this notice is spoilt; the building function looks at it. */
struct notice_spoil {
	bool bad_signature, next_key, raw_base64;
};

struct notice {
	struct arena *a; /* its own */
	struct world *w;
	const struct contract *c;
	uint64_t order; /* serial */
	struct str number;
	size_t slot; /* in the order's table of notices */
	const char *what;
	struct pairs say;
	bool as_json; /* Sberbank's new dialect */
	struct notice_spoil spoil;
	/* Fill url, body and so on of a call for the next try. */
	void (*build)(struct notice *n, struct call *call);
	/* Did the merchant take it?  NULL: status 200. */
	bool (*taken)(const struct call *call);
	/* Told after each try, with the order if it still exists; or NULL. */
	void (*over)(struct notice *n, struct order *o, bool taken);

	int tries;
	size_t at_once, out; /* calls of this try: planned, not over yet */
	bool any_taken, first_over;
	struct timer timer;
	struct notice *next, *prev;
};

struct notices;

/* Gives: no notices yet, in w->a. */
struct notices *notices_new(struct world *w);
/* Drop all that is not delivered. */
void notices_clear(struct notices *ns);
/*
 * Gives: an empty notice about o, named operation, saying ok or not; to be
 * filled and sent by notice_send.  NULL when NOTICE_OPEN_MAX are open.
 */
struct notice *notice_new(
    struct world *w, struct order *o, const char *operation, int ok);
/*
 * Send it: at once, or as the armed faults of delivery say; delay_ms is
 * added.
 */
void notice_send(struct notice *n, int64_t delay_ms);
/*
 * Gives: true when the browser is to wait for the order's open notices
 * (fault callback_before_return; asked once per return).
 */
bool notice_before_return(struct world *w, const struct order *o);

#endif
