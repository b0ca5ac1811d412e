/*
 * journal: the last requests that the simulator got and made.
 *
 * For tests that count calls and for people who wonder.  Paths only: never
 * a query, a body, a header, hence no password and no card.
 */
#ifndef KVITOK_SIM_JOURNAL_H
#define KVITOK_SIM_JOURNAL_H

#include "kvitok/base/arena.h"
#include "kvitok/base/json.h"
#include "kvitok/base/str.h"

#include <stdint.h>

#define JOURNAL_MAX 5000

struct call;
struct journal;
struct pairs;
struct req;

/* Gives: an empty journal in a. */
struct journal *journal_new(struct arena *a);
/* Forget all entries. */
void journal_clear(struct journal *j);
/* Note a request that is being answered; the control calls are left out. */
void journal_in(struct journal *j, const struct req *r);
/* Note a call that the simulator made, when it is over. */
void journal_out(struct journal *j, const struct call *c, int64_t at);
/*
 * Write the entries, newest first, as a JSON list: those that the filters
 * direction, call, number (each may be absent) let through, at most
 * limit.
 */
void journal_write(const struct journal *j, const struct pairs *filter,
    size_t limit, struct jw *w);

#endif
