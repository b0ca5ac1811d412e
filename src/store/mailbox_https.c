/* A folder of our own: kvitokd fills it, kvitok-jobs empties it. */
#include "kvitok/store/mailbox.h"

#include "kvitok/base/rename.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define DRAFT ".draft." /* in/.draft.XXXXXX: no paper */
#define DRAFT_OLD_S 86400
#define NAMES_MAX 100000 /* of a folder, that are looked at */
#define PATH_MEMORY ((size_t)256 << 10)
#define PART 65536

static enum err
failed(struct str path, struct fault *f)
{
	return fault_set(f, ERR_AGAIN, "mailbox_unavailable", "%.*s: %s",
	    STR_ARG(path), strerror(errno));
}

static enum err
not_kept(const char *what, struct fault *f)
{
	return fault_set(
	    f, ERR_AGAIN, "spool_failed", "%s: %s", what, strerror(errno));
}

static enum err
make_folders(struct arena *a, struct str folder, struct fault *f)
{
	static const char *const parts[] = { "", "/in", "/out", "/done",
		"/aside" };

	for (size_t i = 0; i < KV_COUNT(parts); i++) {
		struct str path =
		    arena_fmt(a, "%.*s%s", STR_ARG(folder), parts[i]);

		if (mkdir(path.p, 0700) != 0 && errno != EEXIST)
			return failed(path, f);
	}
	return ERR_OK;
}

/* --- from behind: kvitok-jobs ------------------------------------------- */

struct behind {
	struct str folder;
	struct mailbox box; /* the same folder, as any supplier's */
};

static enum err
next(void *self, struct arena *a, int64_t after, struct mailbox_item *out,
    bool *found, struct fault *f)
{
	const struct behind *x = self;

	return x->box.next(x->box.self, a, after, out, found, f);
}

static enum err
fetch(void *self, struct arena *a, const struct mailbox_item *m,
    const struct pulse *pulse, struct source *out, struct fault *f)
{
	const struct behind *x = self;

	return x->box.fetch(x->box.self, a, m, pulse, out, f);
}

static enum err
remove_paper(struct arena *a, struct str folder, const char *part,
    int64_t number, struct fault *f)
{
	struct str path = mailbox_path(a, folder, part, number, ".xml");

	return unlink(path.p) == 0 || errno == ENOENT ? ERR_OK
						      : failed(path, f);
}

/* What is applied is in the tables, and the supplier has it: ours goes. */
static enum err
answer(void *self, int64_t number, const char *state, struct str words,
    int64_t at, struct fault *f)
{
	const struct behind *x = self;
	struct arena *a;
	enum err rc;

	if (strcmp(state, "applied") != 0 && strcmp(state, "skipped") != 0)
		return x->box.answer(x->box.self, number, state, words, at, f);
	a = arena_new(PATH_MEMORY);
	rc = remove_paper(a, x->folder, "in", number, f);
	if (rc == ERR_OK)
		rc = remove_paper(a, x->folder, "aside", number, f);
	/* The reason why it was aside; it may not be there. */
	(void)unlink(mailbox_path(a, x->folder, "aside", number, ".txt").p);
	arena_free(a);
	return rc;
}

static enum err
hand(void *self, const struct mailbox_letter *m, struct fault *f)
{
	const struct behind *x = self;

	return x->box.hand(x->box.self, m, f);
}

static enum err
untaken(void *self, int64_t *number, struct fault *f)
{
	const struct behind *x = self;

	return x->box.untaken(x->box.self, number, f);
}

/* Drafts of processes that were killed. */
static void
sweep(struct arena *a, struct str folder)
{
	struct str path = arena_fmt(a, "%.*s/in", STR_ARG(folder));
	time_t old = time(NULL) - DRAFT_OLD_S;
	DIR *d = opendir(path.p);
	const struct dirent *e;
	struct stat st;

	for (int i = 0; d != NULL && i < NAMES_MAX && (e = readdir(d)) != NULL;
	     i++)
		if (strncmp(e->d_name, DRAFT, sizeof(DRAFT) - 1) == 0 &&
		    fstatat(dirfd(d), e->d_name, &st, 0) == 0 &&
		    st.st_mtime < old)
			(void)unlinkat(dirfd(d), e->d_name, 0); /* next time */
	if (d != NULL)
		(void)closedir(d); /* only read */
}

enum err
mailbox_https(struct arena *a, const struct mailbox_settings *s,
    struct mailbox *out, struct fault *f)
{
	struct behind *x = ARENA_NEW(a, struct behind);
	enum err rc = make_folders(a, s->folder, f);

	x->folder = s->folder;
	if (rc == ERR_OK)
		rc = mailbox_folder(a, s, &x->box, f);
	if (rc != ERR_OK)
		return rc;
	sweep(a, s->folder);
	*out = (struct mailbox){ x, next, fetch, answer, hand, untaken };
	return ERR_OK;
}

/* --- from the front: kvitokd -------------------------------------------- */

struct front {
	struct str folder;
};

struct desk_draft {
	char *path;
	int fd;
	int64_t size;
};

static void
drop_draft(void *p)
{
	const struct desk_draft *d = p;

	/* Kept, it has another name, too. */
	(void)unlink(d->path);
	(void)close(d->fd);
}

static enum err
begin(void *self, struct arena *a, struct desk_draft **out, struct fault *f)
{
	const struct front *x = self;
	struct desk_draft *d = ARENA_NEW(a, struct desk_draft);

	d->path = arena_z(
	    a, arena_fmt(a, "%.*s/in/" DRAFT "XXXXXX", STR_ARG(x->folder)));
	d->fd = mkstemp(d->path);
	if (d->fd < 0)
		return not_kept(d->path, f);
	arena_defer(a, drop_draft, d);
	*out = d;
	return ERR_OK;
}

static enum err
add(struct desk_draft *d, struct str piece, struct fault *f)
{
	while (piece.len > 0) {
		ssize_t n = write(d->fd, piece.p, piece.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return not_kept("write", f);
		piece.p += n;
		piece.len -= (size_t)n;
		d->size += n;
	}
	return ERR_OK;
}

/* Gives: bytes that were read, fewer than len at the end only; -1. */
static ssize_t
read_at(int fd, void *p, size_t len, int64_t at)
{
	size_t got = 0;

	while (got < len) {
		ssize_t n = pread(
		    fd, (char *)p + got, len - got, (off_t)at + (off_t)got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		got += (size_t)n;
	}
	return (ssize_t)got;
}

static enum err
read_draft(
    void *self, int64_t at, void *p, size_t len, size_t *got, struct fault *f)
{
	const struct desk_draft *d = self;
	ssize_t n = read_at(d->fd, p, len, at);

	if (n < 0)
		return fault_set(
		    f, ERR_ABSENT, "file_unread", "%s", strerror(errno));
	*got = (size_t)n;
	return ERR_OK;
}

static struct source
draft_source(struct desk_draft *d)
{
	return (struct source){ d, d->size, read_draft };
}

/* Gives: 1 when both hold the same bytes, 0 when not, -1 when they cannot be
 * read. */
static int
same(const struct desk_draft *d, int other, char *p)
{
	struct stat st;
	ssize_t n;

	if (fstat(other, &st) != 0)
		return -1;
	if ((int64_t)st.st_size != d->size)
		return 0;
	for (int64_t at = 0; at < d->size; at += n) {
		n = read_at(d->fd, p, PART, at);
		if (n <= 0 || read_at(other, p + PART, PART, at) != n)
			return -1;
		if (memcmp(p, p + PART, (size_t)n) != 0)
			return 0;
	}
	return 1;
}

/* Something lies there.  Gives: *gone when it does no more. */
static enum err
compare(struct arena *a, const struct desk_draft *d, struct str path,
    bool *gone, struct fault *f)
{
	int fd = open(path.p, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), is;

	*gone = fd < 0 && errno == ENOENT;
	if (*gone)
		return ERR_OK;
	if (fd < 0)
		return not_kept(path.p, f);
	is = same(d, fd, arena_alloc(a, (size_t)2 * PART));
	(void)close(fd); /* only read */
	if (is < 0)
		return not_kept(path.p, f);
	return is == 1
	    ? ERR_OK
	    : fault_set(f, ERR_CONFLICT, "exchange_number_waits", "%s", path.p);
}

/* By a link, which never takes the place of what lies there: kvitok-jobs may
 * be applying it. */
static enum err
keep(void *self, struct desk_draft *d, int64_t number, struct fault *f)
{
	const struct front *x = self;
	struct arena *a = arena_new(PATH_MEMORY);
	struct str path = mailbox_path(a, x->folder, "in", number, ".xml");
	bool gone = true;
	enum err rc = ERR_OK;

	if (fsync(d->fd) != 0)
		rc = not_kept("fsync", f);
	for (int i = 0; rc == ERR_OK && gone; i++) {
		gone = false;
		if (link(d->path, path.p) == 0)
			break;
		if (errno != EEXIST || i == 3)
			rc = not_kept(path.p, f);
		else
			rc = compare(a, d, path, &gone, f);
	}
	folder_for_good(path.p);
	arena_free(a);
	return rc;
}

/* The limit smallest numbers, whatever the order of the folder. */
static void
put_paper(struct desk_paper *v, size_t *len, size_t limit, struct desk_paper x)
{
	size_t at = *len;

	if (*len == limit && (limit == 0 || x.number > v[limit - 1].number))
		return;
	if (*len < limit)
		++*len;
	else
		at--;
	for (; at > 0 && v[at - 1].number > x.number; at--)
		v[at] = v[at - 1];
	v[at] = x;
}

static enum err
list(void *self, struct arena *a, enum desk_side side, int64_t after,
    size_t limit, const struct desk_paper **out, size_t *len, struct fault *f)
{
	const struct front *x = self;
	struct str path = arena_fmt(
	    a, "%.*s/%s", STR_ARG(x->folder), side == DESK_IN ? "in" : "out");
	struct desk_paper *v = ARENA_ARRAY(a, limit + 1, struct desk_paper);
	DIR *d = opendir(path.p);
	const struct dirent *e;
	struct stat st;
	int64_t n;

	*len = 0;
	*out = v;
	if (d == NULL)
		return failed(path, f);
	for (int i = 0; i < NAMES_MAX && (e = readdir(d)) != NULL; i++)
		if (mailbox_number(e->d_name, &n) && n > after &&
		    fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0)
			put_paper(v, len, limit,
			    (struct desk_paper){ n, (int64_t)st.st_size });
	(void)closedir(d); /* only read */
	return ERR_OK;
}

static enum err
open_paper(void *self, struct arena *a, int64_t number, int *fd, int64_t *size,
    struct fault *f)
{
	const struct front *x = self;
	struct str path = mailbox_path(a, x->folder, "out", number, ".xml");
	struct stat st;

	*fd = open(path.p, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (*fd < 0)
		return fault_set(f, ERR_ABSENT, "exchange_unknown", "%s: %s",
		    path.p, strerror(errno));
	if (fstat(*fd, &st) != 0) {
		(void)close(*fd); /* only read */
		return failed(path, f);
	}
	*size = (int64_t)st.st_size;
	return ERR_OK;
}

static enum err
taken(void *self, struct arena *a, int64_t number, struct fault *f)
{
	const struct front *x = self;

	return remove_paper(a, x->folder, "out", number, f);
}

enum err
mailbox_desk(struct arena *a, const struct mailbox_settings *s,
    struct supplier_desk *out, struct fault *f)
{
	struct front *x = ARENA_NEW(a, struct front);

	x->folder = s->folder;
	*out = (struct supplier_desk){ x, s->size_max, begin, add, draft_source,
		keep, list, open_paper, taken };
	return make_folders(a, s->folder, f);
}
