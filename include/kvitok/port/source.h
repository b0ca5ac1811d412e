/*
 * source: a file that is read in pieces, however large it is.
 */
#ifndef KVITOK_PORT_SOURCE_H
#define KVITOK_PORT_SOURCE_H

#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"

#include <stddef.h>
#include <stdint.h>

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

#endif
