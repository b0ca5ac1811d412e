/*
 * arena: memory that lives as long as a request or a job item.
 *
 * The only module that calls malloc and free.  Allocation never fails: a
 * process that is out of memory, or an arena above its limit, ends with a
 * line in the log; its transaction rolls back and a keeper starts another.
 * Hence every input is bounded before memory is taken for it.
 */
#ifndef KVITOK_BASE_ARENA_H
#define KVITOK_BASE_ARENA_H

#include "kvitok/base/attr.h"
#include "kvitok/base/str.h"

#include <stddef.h>

struct arena;

/* Gives: an empty arena that ends the process above limit bytes. */
KV_RETURNS_NONNULL struct arena *arena_new(size_t limit);
/* Runs what was deferred, newest first, and frees all; NULL is nothing. */
void arena_free(struct arena *a);
/* The same, but the arena can be used again; keeps its first block. */
void arena_reset(struct arena *a);
/* Gives: size bytes, aligned for anything, not initialised. */
KV_RETURNS_NONNULL void *arena_alloc(struct arena *a, size_t size);
/* Gives: n zeroed elements of size bytes; n * size is checked. */
KV_RETURNS_NONNULL void *arena_zalloc(struct arena *a, size_t n, size_t size);
/*
 * Grow the block p from old to size bytes; in place when it was the last one.
 * Gives: the block, perhaps moved; its first old bytes are kept.
 */
KV_RETURNS_NONNULL void *arena_grow(
    struct arena *a, void *p, size_t old, size_t size);
/* Gives: a copy of s that also ends in NUL. */
struct str arena_str(struct arena *a, struct str s);
/* Gives: a NUL-terminated copy of s. */
KV_RETURNS_NONNULL char *arena_z(struct arena *a, struct str s);
/* Gives: formatted text, NUL-terminated. */
struct str arena_fmt(struct arena *a, const char *fmt, ...) KV_PRINTF(2, 3);
/* Have free_fn(object) called when the arena is reset or freed. */
void arena_defer(struct arena *a, void (*free_fn)(void *object), void *object);
/* A secret is in it: what was handed out is wiped when the arena is reset or
 * freed. */
void arena_wipe_after(struct arena *a);
/* Gives: bytes handed out since the last reset. */
size_t arena_used(const struct arena *a);

#define ARENA_NEW(a, type) ((type *)arena_zalloc((a), 1, sizeof(type)))
#define ARENA_ARRAY(a, n, type) ((type *)arena_zalloc((a), (n), sizeof(type)))

#endif
