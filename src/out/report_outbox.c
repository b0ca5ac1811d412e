#include "kvitok/out/report_outbox.h"

#include "kvitok/base/rename.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE 65536

struct outbox {
	struct str folder;
};

static ssize_t
read_some(int fd, void *to, size_t max)
{
	ssize_t n;

	do
		n = read(fd, to, max);
	while (n < 0 && errno == EINTR);
	return n;
}

static enum err
read_all(
    struct arena *a, int fd, int64_t size, struct bytes *out, struct fault *f)
{
	unsigned char *p = arena_alloc(a, (size_t)size + 1);
	size_t len = 0;

	/* One more than there are: a file that grows is none of ours. */
	while (len <= (size_t)size) {
		ssize_t n = read_some(fd, p + len, (size_t)size + 1 - len);

		if (n < 0)
			return fault_set(
			    f, ERR_AGAIN, "file_unread", "%s", strerror(errno));
		if (n == 0)
			break;
		len += (size_t)n;
	}
	if (len != (size_t)size)
		return fault_set(
		    f, ERR_AGAIN, "file_unread", "its size is another one");
	*out = (struct bytes){ p, len };
	return ERR_OK;
}

static enum err
outbox_read(
    struct arena *a, int fd, int64_t size, struct bytes *out, struct fault *f)
{
	enum err rc = read_all(a, fd, size, out, f);

	(void)close(fd); /* only read */
	return rc;
}

static void
outbox_close(int fd)
{
	(void)close(fd); /* only read */
}

static enum err
not_written(struct fault *f, const char *what)
{
	return fault_set(
	    f, ERR_AGAIN, "file_not_written", "%s: %s", what, strerror(errno));
}

/* The folder under at; it is made when it is not there.  Closes at. */
static int
step_into(int at, const char *name)
{
	int fd;

	/* What stands there that is no folder is seen by open. */
	if (mkdirat(at, name, 0770) == 0)
		(void)fsync(at); /* else it may be gone with its files */
	fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	(void)close(at); /* only read */
	return fd;
}

/* Gives: the folder that path is in; *name what it is there. */
static int
folder_of(
    const struct outbox *o, struct arena *a, struct str path, struct str *name)
{
	int fd = open(o->folder.p, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	while (fd >= 0 && str_cut(&path, '/', name))
		fd = step_into(fd, arena_z(a, *name));
	return fd;
}

static bool
write_all(int fd, const char *p, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		p += n;
		len -= (size_t)n;
	}
	return true;
}

static enum err
copy(int from, int to, struct fault *f)
{
	char piece[PIECE];
	ssize_t n;

	if (lseek(from, 0, SEEK_SET) != 0 || ftruncate(to, 0) != 0)
		return not_written(f, "to its begin");
	while ((n = read_some(from, piece, sizeof(piece))) > 0)
		if (!write_all(to, piece, (size_t)n))
			return not_written(f, "write");
	if (n < 0)
		return fault_set(
		    f, ERR_AGAIN, "file_unread", "%s", strerror(errno));
	return fsync(to) == 0 ? ERR_OK : not_written(f, "fsync");
}

static enum err
put_into(
    int folder, struct arena *a, struct str name, int from, struct fault *f)
{
	const char *part = arena_fmt(a, ".%.*s.part", STR_ARG(name)).p;
	const char *to = arena_z(a, name);
	/* A pipe that nobody reads is not waited for. */
	int fd = openat(folder, part,
	    O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0660);
	enum err rc;

	if (fd < 0)
		return not_written(f, to);
	if (!draft_is_ours(folder, part, fd)) {
		(void)close(fd); /* nothing was written */
		return fault_set(f, ERR_AGAIN, "file_not_written",
		    "%s: somebody else writes it, or it is no file", part);
	}
	rc = copy(from, fd, f);
	if (rc == ERR_OK && rename_within(folder, part, to) != 0)
		rc = not_written(f, to);
	if (rc != ERR_OK)
		(void)unlinkat(folder, part, 0); /* or it is in the way */
	(void)close(fd); /* it is on the disk, or given up */
	return rc;
}

/* Names come out of reference data: none leads out of the folder. */
static bool
path_ok(struct str path)
{
	struct str name;
	bool more = true, ok = true;

	while (ok && more) {
		more = str_cut(&path, '/', &name);
		ok = name.len > 0 && name.p[0] != '.';
	}
	return ok;
}

static enum err
put_below(const struct outbox *o, struct arena *a, int fd, struct str path,
    struct fault *f)
{
	struct str name = STR("");
	int folder;
	enum err rc;

	if (!path_ok(path))
		return fault_set(f, ERR_BUG, "internal", "path of a parcel");
	folder = folder_of(o, a, path, &name);
	if (folder < 0)
		return not_written(f, "folder");
	rc = put_into(folder, a, name, fd, f);
	(void)close(folder); /* only read */
	return rc;
}

static enum err
outbox_put(
    void *self, struct arena *a, int fd, struct str path, struct fault *f)
{
	enum err rc = put_below(self, a, fd, path, f);

	(void)close(fd); /* only read */
	return rc;
}

struct report_outbox
report_outbox_of(struct arena *a, struct str folder)
{
	struct outbox *o = ARENA_NEW(a, struct outbox);

	o->folder = arena_str(a, folder);
	return (struct report_outbox){ folder.len > 0 ? o : NULL, outbox_read,
		outbox_close, outbox_put };
}
