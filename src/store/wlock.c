/* flock is of BSD, not of POSIX; POSIX's own record locks are lost when any
 * descriptor of the file is closed, and have no fair queue. */
#define _DEFAULT_SOURCE 1 /* NOLINT: a feature macro has this name */

#include "kvitok/store/wlock.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum err
wlock_open(const char *path, int *fd, struct fault *f)
{
	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0660);
	if (*fd < 0)
		return fault_set(f, ERR_AGAIN, "database_unavailable", "%s: %s",
		    path, strerror(errno));
	return ERR_OK;
}

enum err
wlock_take(int fd, struct watch *w, int64_t ms, struct fault *f)
{
	int64_t until;
	enum err rc = ERR_OK;

	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return ERR_OK;
	until = watch_now() + ms;
	watch_nudge(w, ms);
	while (flock(fd, LOCK_EX) != 0) {
		if (errno != EINTR) {
			rc = fault_set(f, ERR_BUG, "internal", "flock: %s",
			    strerror(errno));
			break;
		}
		if (watch_now() >= until) {
			rc = fault_set(f, ERR_AGAIN, "busy",
			    "write lock not free after %d ms", (int)ms);
			break;
		}
	}
	watch_stop(w);
	return rc;
}

void
wlock_free(int fd)
{
	int rc = flock(fd, LOCK_UN);

	assert(rc == 0); /* fails only for what is no open file */
	(void)rc;        /* read by assert alone */
}

void
wlock_close(int *fd)
{
	/* Nothing was written to it that a failed close could lose. */
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}
