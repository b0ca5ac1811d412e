/*
 * report_outbox: files of reports on their way out.
 */
#ifndef KVITOK_PORT_REPORT_OUTBOX_H
#define KVITOK_PORT_REPORT_OUTBOX_H

#include "kvitok/base/arena.h"
#include "kvitok/base/attr.h"
#include "kvitok/base/fault.h"

struct report_outbox {
	void *self; /* NULL: there is no folder */
	/* Read size bytes, for a letter, and close fd, after failure, too.
	 * Fails: ERR_AGAIN file_unread. */
	KV_MUST_CHECK enum err (*read)(struct arena *a, int fd, int64_t size,
	    struct bytes *out, struct fault *f);
	/* Close fd, that is of no use. */
	void (*close)(int fd);
	/*
	 * Copy all of fd to the path below the folder, and close fd, after
	 * failure, too.  No name of the path begins with a dot; folders on the
	 * way are made, links not followed.
	 * The file comes into being beside its place and takes it when it is
	 * whole and on the disk.
	 * Fails: ERR_AGAIN file_not_written, file_unread; ERR_BUG internal: a
	 * path that is none.
	 */
	KV_MUST_CHECK enum err (*put)(void *self, struct arena *a, int fd,
	    struct str path, struct fault *f);
};

#endif
