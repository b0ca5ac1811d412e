/*
 * door: where the simulator's HTTP and HTTPS requests come in.
 *
 * libmicrohttpd, driven from outside by one loop.  A request is read whole
 * (bounded), handled once, and may wait: for a time, for an answer of the
 * merchant, for notices of an order.  Knows no bank.
 */
#ifndef KVITOK_SIM_DOOR_H
#define KVITOK_SIM_DOOR_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/buf.h"
#include "kvitok/base/fault.h"
#include "kvitok/sim/pairs.h"
#include "kvitok/sim/timers.h"
#include "kvitok/sim/world.h"

#include <stdbool.h>
#include <stdint.h>

#define DOOR_BODY_MAX ((size_t)1 << 20)
#define DOOR_TARGET_MAX 16384
#define DOOR_NO_ORDER UINT64_MAX

struct req {
	struct arena *a;
	struct world *w;
	struct door *door;
	uint64_t serial;

	struct str method, path; /* path is percent-decoded */
	struct pairs query;
	struct str content_type, body;
	struct str user, password; /* HTTP Basic; empty when not given */
	bool broken;               /* the target or query cannot be decoded */

	/* The answer; status 0 is a bug. */
	int status;
	const char *type;
	struct buf out;
	struct str location, allow, session; /* headers; empty: none */
	bool drop;          /* close the connection, answer nothing */
	bool ask_basic;     /* WWW-Authenticate */
	const char *policy; /* Content-Security-Policy; NULL: none */

	/* For the journal. */
	const char *note;
	struct str number;

	/* Waiting: set by door_hold and its kin. */
	bool held;
	void (*again)(struct req *); /* run when let go; NULL: answer stands */
	uint64_t hold_order, order;  /* order: for again, as its setter likes */
	struct timer wake;

	/* Of the door. */
	void *connection;
	char *body_p;
	struct req *next, *prev;
	bool handled, suspended, complete;
};

/*
 * Listen at host:port; with cert and key (PEM file names) HTTPS.  Every
 * request goes to handle, which fills the answer.
 * Gives: *out, owned by w->a.
 * Fails: ERR_INVALID sim_listen.
 */
KV_MUST_CHECK enum err door_open(struct world *w, struct str address,
    struct str cert, struct str key, void (*handle)(struct req *),
    struct door **out, struct fault *f);
/* Let all that wait go unanswered and stop listening. */
void door_close(struct door *d);
/* The descriptor to wait for, and how long at most: -1 no limit. */
int door_fd(const struct door *d);
int door_timeout_ms(const struct door *d);
/* Do what is to be done now. */
void door_run(struct door *d);

/* Header of the request, or STR_NONE. */
struct str door_header(const struct req *r, const char *name);
/* The pairs of a posted form; false when the body is none. */
KV_MUST_CHECK bool door_form(struct req *r, struct pairs *out);

/* Hold the answer back until door_let_go; again may fill it then. */
void door_hold(struct req *r, void (*again)(struct req *));
/* Hold it for a time of the simulator's clock. */
void door_hold_ms(struct req *r, int64_t ms);
/* Hold it until the first tries of the order's open notices are over. */
void door_hold_order(
    struct req *r, const struct order *o, void (*again)(struct req *));
/* Gives: the waiting request of that serial, or NULL when it is gone. */
struct req *door_waiting(const struct world *w, uint64_t serial);
void door_let_go(struct req *r);
/* Let go all that wait for this order. */
void door_let_go_order(const struct world *w, uint64_t order);
/* Let all go, unanswered. */
void door_drop_waiting(const struct world *w);

#endif
