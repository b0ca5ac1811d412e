#include "file_source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct file {
	int fd;
	const char *path;
};

static void
close_file(void *object)
{
	(void)close(((struct file *)object)->fd); /* only read */
}

static enum err
unread(const struct file *x, struct fault *f)
{
	return fault_set(
	    f, ERR_ABSENT, "file_unread", "%s: %s", x->path, strerror(errno));
}

static enum err
read_at(
    void *self, int64_t at, void *p, size_t len, size_t *got, struct fault *f)
{
	const struct file *x = self;
	ssize_t n;

	do
		n = pread(x->fd, p, len, (off_t)at);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return unread(x, f);
	*got = (size_t)n;
	return ERR_OK;
}

enum err
file_source_open(
    struct arena *a, struct str path, struct source *out, struct fault *f)
{
	struct file *x = ARENA_NEW(a, struct file);
	struct stat st;

	x->path = arena_z(a, path);
	x->fd = open(x->path, O_RDONLY | O_CLOEXEC);
	if (x->fd < 0)
		return unread(x, f);
	arena_defer(a, close_file, x);
	if (fstat(x->fd, &st) != 0)
		return unread(x, f);
	if (!S_ISREG(st.st_mode))
		return fault_set(f, ERR_ABSENT, "file_unread",
		    "%s: not a regular file", x->path);
	*out = (struct source){ x, (int64_t)st.st_size, read_at };
	return ERR_OK;
}
