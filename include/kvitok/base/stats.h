/*
 * stats: counters that all processes of a host share, for /metrics.
 *
 * A fixed table in a memory-mapped file of the runtime folder; additions are
 * atomic, nobody locks.  The file is made anew when its layout differs.
 * Never holds anything that must survive a reboot.
 */
#ifndef KVITOK_BASE_STATS_H
#define KVITOK_BASE_STATS_H

#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"

#include <stdbool.h>
#include <stdint.h>

struct stats;

/*
 * Map the file path with n 64-bit counters for a layout named by its text
 * (same text, same meaning of every slot); a file of another layout is
 * replaced.  path NULL: private memory, for tests and tools.
 * Gives: *out; lives until stats_close.
 * Fails: ERR_BUG stats_file.
 */
KV_MUST_CHECK enum err stats_open(const char *path, const char *layout,
    size_t n, struct stats **out, struct fault *f);
void stats_close(struct stats *s);
/* Slots out of range are a bug of ours (asserted); s NULL does nothing. */
void stats_add(struct stats *s, size_t slot, int64_t n);
void stats_set(struct stats *s, size_t slot, int64_t n);
/*
 * Set slot to n if it is still was: of several processes that try at once
 * one succeeds.  Gives: true for that one; with s NULL for everybody.
 */
KV_MUST_CHECK bool stats_swap(
    struct stats *s, size_t slot, int64_t was, int64_t n);
int64_t stats_get(const struct stats *s, size_t slot);

#endif
