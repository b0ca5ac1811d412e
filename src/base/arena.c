#include "kvitok/base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * Small things share blocks of this size.  The ASan flavour sets 0, so that
 * each allocation is a malloc of its own whose ends ASan can see.
 */
#ifndef ARENA_BLOCK
#define ARENA_BLOCK 16384
#endif

#define EXIT_OUT_OF_MEMORY 71 /* EX_OSERR */

struct block {
	struct block *next; /* older */
	size_t size, used;
	alignas(max_align_t) unsigned char p[];
};

struct deferred {
	struct deferred *next;
	void (*free_fn)(void *object);
	void *object;
};

struct arena {
	size_t limit, used;
	struct block *newest, *first; /* first is kept by arena_reset */
	struct block *big;            /* one thing each */
	struct deferred *deferred;    /* newest first */
	bool wipe;                    /* what was handed out */
};

/* Calm words for the journal; there is no memory left for the log module. */
KV_NORETURN static void
give_up(const char *why)
{
	static const char head[] = "error event=out_of_memory detail=\"";
	char line[160];
	int len = snprintf(line, sizeof(line), "%s%s\"\n", head, why);

	/* Nobody is left to tell when standard error is gone too. */
	if (len > 0 && write(STDERR_FILENO, line, (size_t)len) < 0)
		_exit(EXIT_OUT_OF_MEMORY + 1);
	_exit(EXIT_OUT_OF_MEMORY);
}

static size_t
round_up(size_t n)
{
	size_t mask = alignof(max_align_t) - 1;

	return (n + mask) & ~mask;
}

static struct block *
block_new(size_t size)
{
	struct block *b = malloc(offsetof(struct block, p) + size);

	if (b == NULL)
		give_up("malloc");
	b->next = NULL;
	b->size = size;
	b->used = 0;
	return b;
}

struct arena *
arena_new(size_t limit)
{
	struct arena *a = malloc(sizeof(*a));

	if (a == NULL)
		give_up("malloc");
	*a = (struct arena){ .limit = limit };
	a->first = a->newest = block_new(ARENA_BLOCK);
	return a;
}

static void
run_deferred(struct arena *a)
{
	while (a->deferred != NULL) {
		struct deferred *d = a->deferred;

		/* Taken off first: what it frees may defer something new. */
		a->deferred = d->next;
		d->free_fn(d->object);
	}
}

/* Written through volatile: the compiler must not see that nobody reads it. */
static void
wipe_blocks(struct block *b)
{
	for (; b != NULL; b = b->next)
		for (volatile unsigned char *p = b->p; p < b->p + b->used; p++)
			*p = 0;
}

static void
free_blocks(struct block *b, const struct block *end)
{
	while (b != end) {
		struct block *next = b->next;

		free(b);
		b = next;
	}
}

void
arena_reset(struct arena *a)
{
	run_deferred(a);
	if (a->wipe) {
		wipe_blocks(a->newest); /* the first is the oldest of them */
		wipe_blocks(a->big);
	}
	a->wipe = false;
	free_blocks(a->newest, a->first);
	free_blocks(a->big, NULL);
	a->newest = a->first;
	a->big = NULL;
	a->first->used = 0;
	a->used = 0;
}

void
arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	arena_reset(a);
	free(a->first);
	free(a);
}

static void *
take_big(struct arena *a, size_t size)
{
	struct block *b = block_new(size);

	b->used = size;
	b->next = a->big;
	a->big = b;
	return b->p;
}

static void
charge(struct arena *a, size_t size)
{
	if (size > a->limit - a->used)
		give_up("arena above its limit");
	a->used += size;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	struct block *b = a->newest;
	void *p;

	if (size == 0)
		size = 1;
	charge(a, size);
	if (round_up(size) > b->size - b->used) {
		if (size > ARENA_BLOCK / 4)
			return take_big(a, size);
		b = block_new(ARENA_BLOCK);
		b->next = a->newest;
		a->newest = b;
	}
	p = b->p + b->used;
	b->used += round_up(size);
	return p;
}

void *
arena_zalloc(struct arena *a, size_t n, size_t size)
{
	void *p;

	if (size > 0 && n > SIZE_MAX / size)
		give_up("size of an array overflows");
	p = arena_alloc(a, n * size);
	memset(p, 0, n * size);
	return p;
}

void *
arena_grow(struct arena *a, void *p, size_t old, size_t size)
{
	struct block *b = a->newest;
	size_t had = round_up(old > 0 ? old : 1), want = round_up(size);
	void *q;

	if (size <= old && p != NULL)
		return p;
	if (p != NULL && b->used >= had && p == b->p + (b->used - had) &&
	    want - had <= b->size - b->used) {
		charge(a, size - old);
		b->used += want - had;
		return p;
	}
	q = arena_alloc(a, size);
	if (p != NULL)
		memcpy(q, p, old);
	return q;
}

char *
arena_z(struct arena *a, struct str s)
{
	char *z = arena_alloc(a, s.len + 1);

	if (s.len > 0)
		memcpy(z, s.p, s.len);
	z[s.len] = '\0';
	return z;
}

struct str
arena_str(struct arena *a, struct str s)
{
	return (struct str){ arena_z(a, s), s.len };
}

struct str
arena_fmt(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	int len;
	char *z;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	assert(len >= 0);
	z = arena_alloc(a, (size_t)len + 1);
	va_start(ap, fmt);
	(void)vsnprintf(z, (size_t)len + 1, fmt, ap); /* measured above */
	va_end(ap);
	return (struct str){ z, (size_t)len };
}

void
arena_defer(struct arena *a, void (*free_fn)(void *object), void *object)
{
	struct deferred *d = arena_alloc(a, sizeof(*d));

	*d = (struct deferred){ a->deferred, free_fn, object };
	a->deferred = d;
}

void
arena_wipe_after(struct arena *a)
{
	a->wipe = true;
}

size_t
arena_used(const struct arena *a)
{
	return a->used;
}
