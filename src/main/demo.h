/*
 * demo: accounts of the demonstration portals.
 *
 * Reads sql/demo/<portal>.tsv, compiled in, and makes the accounts it asks
 * for; the same result at every run, whatever the machine.  Loads nothing by
 * itself: whoever calls hands the list to a store.
 */
#ifndef KVITOK_MAIN_DEMO_H
#define KVITOK_MAIN_DEMO_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/domain/account.h"
#include "kvitok/store/loader.h"

#define DEMO_MEMORY (64U << 20) /* enough for the accounts of a portal */

/* Short names of the portals, closed by NULL. */
extern const char *const demo_portals[];

/*
 * The accounts of a portal: those of its guide, then made-up ones.
 * Gives: *out in a with debts and meters, in the order of the file; *books, a
 * year of each, in the same order.
 * Fails: ERR_BUG internal, naming file and line.
 */
KV_MUST_CHECK enum err demo_accounts(struct arena *a, struct str portal,
    const struct account **out, size_t *len, const struct loader_book **books,
    struct fault *f);

#endif
