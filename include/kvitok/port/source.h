/*
 * source: a file that is read in pieces, however large it is.
 */
#ifndef KVITOK_PORT_SOURCE_H
#define KVITOK_PORT_SOURCE_H

#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"
#include "kvitok/base/str.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct source {
	void *self;
	int64_t size; /* as it was when it was opened */
	/*
	 * Read up to len bytes at an offset.
	 * Gives: *got, 0 at the end.  Fails: ERR_ABSENT file_unread.
	 */
	KV_MUST_CHECK enum err (*read)(void *self, int64_t at, void *p,
	    size_t len, size_t *got, struct fault *f);
};

/* Who does something for long keeps it his by saying so now and then. */
struct pulse {
	void *self;
	/* Fails: ERR_AGAIN lease_lost: somebody else does it by now. */
	KV_MUST_CHECK enum err (*beat)(void *self, struct fault *f);
};

/* pulse NULL: nobody else can do it. */
static inline enum err
pulse_beat(const struct pulse *pulse, struct fault *f)
{
	return pulse == NULL ? ERR_OK : pulse->beat(pulse->self, f);
}

/* A source each read of which is a beat. */
struct source_paced {
	struct source src;
	const struct pulse *pulse;
};

/* The read of a source whose self is a struct source_paced. */
static inline enum err
source_paced_read(
    void *self, int64_t at, void *p, size_t len, size_t *got, struct fault *f)
{
	struct source_paced *x = self;
	enum err rc = pulse_beat(x->pulse, f);

	return rc == ERR_OK ? x->src.read(x->src.self, at, p, len, got, f) : rc;
}

/* The read of a source whose self is a struct str. */
static inline enum err
source_of_text(
    void *self, int64_t at, void *p, size_t len, size_t *got, struct fault *f)
{
	const struct str *text = self;
	size_t left = text->len - (size_t)at;

	(void)f; /* it is there */
	*got = len < left ? len : left;
	if (*got > 0)
		memcpy(p, text->p + at, *got);
	return ERR_OK;
}

#endif
