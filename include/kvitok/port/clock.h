/*
 * clock: the time, and ids and secrets made from time and chance; a test
 * sets both.
 */
#ifndef KVITOK_PORT_CLOCK_H
#define KVITOK_PORT_CLOCK_H

#include <stddef.h>
#include <stdint.h>

struct clock {
	void *self;
	int64_t (*now)(void *self); /* ms since 1970, UTC */
};

struct ids {
	void *self;
	/* A ULID for the instant: 26 characters and NUL. */
	void (*ulid)(void *self, int64_t at, char out[27]);
	/* n random characters of base32 and NUL. */
	void (*text)(void *self, char *out, size_t n);
};

#endif
