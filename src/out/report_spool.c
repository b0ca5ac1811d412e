#include "kvitok/out/report_spool.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct spool {
	struct str folder;
};

static struct str
spool_path(void *self, struct arena *a, struct str name)
{
	const struct spool *s = self;

	return arena_fmt(a, "%.*s/%.*s", STR_ARG(s->folder), STR_ARG(name));
}

static void
spool_remove(void *self, struct arena *a, struct str name)
{
	struct str path = spool_path(self, a, name);

	/* Neither may be there; what cannot be removed is seen in the folder.
	 */
	(void)unlink(path.p);
	(void)unlink(arena_fmt(a, "%.*s.part", STR_ARG(path)).p);
}

static enum err
spool_open(void *self, struct arena *a, struct str name, int *fd, int64_t *size,
    struct fault *f)
{
	struct str path = spool_path(self, a, name);
	struct stat st;

	*fd = open(path.p, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (*fd < 0 && errno != ENOENT)
		return fault_set(
		    f, ERR_AGAIN, "busy", "%s: %s", path.p, strerror(errno));
	if (*fd < 0)
		return fault_set(
		    f, ERR_ABSENT, "report_gone", "%s: no file", path.p);
	if (fstat(*fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		(void)close(*fd); /* it was only read */
		return fault_set(
		    f, ERR_ABSENT, "report_gone", "%s: no file", path.p);
	}
	*size = (int64_t)st.st_size;
	return ERR_OK;
}

struct report_spool
report_spool_of(struct arena *a, struct str folder)
{
	struct spool *s = ARENA_NEW(a, struct spool);

	s->folder = folder;
	return (struct report_spool){ folder.len > 0 ? s : NULL, spool_path,
		spool_remove, spool_open };
}
