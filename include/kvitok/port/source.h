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
