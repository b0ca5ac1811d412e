#include "kvitok/store/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void
close_spool(void *p)
{
	(void)close(((struct spool *)p)->fd); /* nobody needs what is in it */
}

static enum err
failed(const char *what, struct fault *f)
{
	return fault_set(
	    f, ERR_AGAIN, "spool_failed", "%s: %s", what, strerror(errno));
}

enum err
spool_open(struct arena *a, struct str folder, int64_t size_max,
    struct spool **out, struct fault *f)
{
	struct spool *s = ARENA_NEW(a, struct spool);
	char *path =
	    arena_z(a, arena_fmt(a, "%.*s/doc.XXXXXX", STR_ARG(folder)));

	s->size_max = size_max;
	s->fd = mkstemp(path);
	if (s->fd < 0)
		return failed(path, f);
	arena_defer(a, close_spool, s);
	if (unlink(path) != 0)
		return failed(path, f);
	*out = s;
	return ERR_OK;
}

enum err
spool_add(struct spool *s, struct str piece, struct fault *f)
{
	if ((int64_t)piece.len > s->size_max - s->size)
		return fault_set(f, ERR_INVALID, "document_bad",
		    "more than %lld bytes", (long long)s->size_max);
	while (piece.len > 0) {
		ssize_t n = write(s->fd, piece.p, piece.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return failed("write", f);
		piece.p += n;
		piece.len -= (size_t)n;
		s->size += n;
	}
	return ERR_OK;
}

static enum err
read_at(
    void *self, int64_t at, void *p, size_t len, size_t *got, struct fault *f)
{
	const struct spool *s = self;
	ssize_t n;

	do
		n = pread(s->fd, p, len, (off_t)at);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return fault_set(
		    f, ERR_ABSENT, "file_unread", "%s", strerror(errno));
	*got = (size_t)n;
	return ERR_OK;
}

struct source
spool_source(struct spool *s)
{
	return (struct source){ s, s->size, read_at };
}

enum err
spool_file(
    struct arena *a, struct str path, struct source *out, struct fault *f)
{
	struct spool *s = ARENA_NEW(a, struct spool);
	struct stat st;

	/* A pipe must not hold us, nor a link lead elsewhere. */
	s->fd = open(
	    arena_z(a, path), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (s->fd < 0)
		return fault_set(f, ERR_ABSENT, "file_unread", "%.*s: %s",
		    STR_ARG(path), strerror(errno));
	arena_defer(a, close_spool, s);
	if (fstat(s->fd, &st) != 0 || !S_ISREG(st.st_mode))
		return fault_set(f, ERR_ABSENT, "file_unread",
		    "%.*s: not a regular file", STR_ARG(path));
	s->size = (int64_t)st.st_size;
	*out = spool_source(s);
	return ERR_OK;
}
