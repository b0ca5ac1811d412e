/*
 * caller: requests that the simulator makes to the merchant.
 *
 * libcurl's multi interface, which is also the loop's poll.  A call is made
 * once; whoever wants it repeated makes another one.  Follows no redirect.
 */
#ifndef KVITOK_SIM_CALLER_H
#define KVITOK_SIM_CALLER_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define CALLER_AT_ONCE 64 /* more wait in a queue */
#define CALLER_ANSWER_MAX 65536
#define CALLER_FDS_MAX 128

struct caller;
struct world;

/* A descriptor of somebody else that is waited for together. */
struct caller_fd {
	int fd;
	bool to_read, to_write;
	bool ready;
};

struct call {
	struct arena *a; /* its own, freed after done */
	struct world *w;
	/* Filled by the one who calls. */
	const char *what;  /* "callback", "rp", "cpa": for the journal */
	struct str number; /* merchant's order number, for the journal */
	struct str url;
	struct str connect;    /* when not empty: asked instead of url's base */
	struct str type, body; /* a body makes it a POST */
	struct str user, password;
	int64_t timeout_ms;
	void (*done)(struct call *);
	void *owner;
	uint64_t key, key2;
	/* Filled when it is over. */
	int status;          /* 0: no answer */
	struct str answer;   /* empty when it was too long */
	const char *trouble; /* "" or libcurl's words */
	/* Of the caller. */
	void *easy, *headers;
	char *answer_p;
	bool running;
	struct call *next, *prev;
};

/* Gives: a caller that trusts the CAs of ca_file; empty: the system's. */
struct caller *caller_new(struct world *w, struct str ca_file);
/* Gives: an empty call with its own arena. */
struct call *caller_call(struct caller *c);
/* Start it, now or when there is room; done is called from caller_run. */
void caller_send(struct caller *c, struct call *call);
/* Give up all calls; their done is not called. */
void caller_clear(struct caller *c);
/*
 * Wait for traffic on fds (at most CALLER_FDS_MAX) and on the calls, at most
 * timeout_ms; fills ready.
 */
void caller_wait(
    struct caller *c, struct caller_fd *fds, size_t fds_len, int timeout_ms);
/* Move the calls on. */
void caller_run(struct caller *c);

#endif
