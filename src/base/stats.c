/* For MAP_ANONYMOUS, which POSIX has only since 2024. */
#define _DEFAULT_SOURCE /* NOLINT(bugprone-reserved-identifier,cert-*) */

#include "kvitok/base/stats.h"
#include "kvitok/base/arena.h"
#include "kvitok/base/secret.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SLOTS_MAX 65536
#define LOCK_TRIES 200 /* of 10 ms */

static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "counters are shared by processes");

struct table {
	uint8_t layout[SECRET_SHA256_SIZE];
	uint64_t n;
	_Atomic int64_t slot[];
};

struct stats {
	struct arena *a; /* this struct's own */
	struct table *t;
	size_t n, size;
};

static enum err
failed(struct fault *f, const char *path, const char *what)
{
	return fault_set(
	    f, ERR_BUG, "stats_file", "%s: %s: errno %d", path, what, errno);
}

/* Processes that start together agree on one file under this lock. */
static enum err
lock_take(struct arena *a, const char *path, int *out, struct fault *f)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	const struct timespec pause = { 0, 10000000 };
	struct str name = arena_fmt(a, "%s.lock", path);
	int fd = open(name.p, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return failed(f, name.p, "open");
	for (int i = 0; i < LOCK_TRIES; i++) {
		if (fcntl(fd, F_SETLK, &whole) == 0) {
			*out = fd;
			return ERR_OK;
		}
		if (errno != EACCES && errno != EAGAIN)
			break;
		(void)nanosleep(&pause, NULL); /* woken early: tries again */
	}
	(void)failed(f, name.p, "lock"); /* returned below */
	(void)close(fd);                 /* nothing was written */
	return f->err;
}

static bool
is_ours(int fd, const struct table *want, size_t size)
{
	struct table head;
	struct stat st;

	if (fstat(fd, &st) != 0 || st.st_size != (off_t)size)
		return false;
	return pread(fd, &head, sizeof(head), 0) == (ssize_t)sizeof(head) &&
	    memcmp(head.layout, want->layout, sizeof(head.layout)) == 0 &&
	    head.n == want->n;
}

/*
 * Called under the lock.  A file of another layout is not changed but
 * replaced: a worker of the former release may still count in it.
 */
static enum err
file_open(const char *path, const struct table *want, size_t size, int *out,
    struct fault *f)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd >= 0 && is_ours(fd, want, size)) {
		*out = fd;
		return ERR_OK;
	}
	if (fd >= 0)
		(void)close(fd); /* nothing was written */
	if (unlink(path) != 0 && errno != ENOENT)
		return failed(f, path, "unlink");
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return failed(f, path, "create");
	if (ftruncate(fd, (off_t)size) != 0 ||
	    pwrite(fd, want, sizeof(*want), 0) != (ssize_t)sizeof(*want)) {
		(void)failed(f, path, "write"); /* returned below */
		(void)close(fd);                /* it is not used */
		return f->err;
	}
	*out = fd;
	return ERR_OK;
}

static enum err
map(struct stats *s, const char *path, int fd, struct fault *f)
{
	int flags = fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED;
	void *p = mmap(NULL, s->size, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (p == MAP_FAILED)
		return failed(f, path, "mmap");
	s->t = p;
	return ERR_OK;
}

static enum err
open_shared(struct stats *s, const char *path, const struct table *want,
    struct fault *f)
{
	int lock = -1, fd = -1;
	enum err rc;

	if ((rc = lock_take(s->a, path, &lock, f)) != ERR_OK)
		return rc;
	if ((rc = file_open(path, want, s->size, &fd, f)) != ERR_OK)
		goto err_lock;
	rc = map(s, path, fd, f);
	(void)close(fd); /* the mapping stays */
err_lock:
	(void)close(lock); /* gives the lock back */
	return rc;
}

enum err
stats_open(const char *path, const char *layout, size_t n, struct stats **out,
    struct fault *f)
{
	struct arena *a = arena_new(65536);
	struct stats *s = ARENA_NEW(a, struct stats);
	struct table want = { .n = n };
	enum err rc;

	assert(n > 0 && n <= SLOTS_MAX);
	s->a = a;
	s->n = n;
	s->size = sizeof(struct table) + n * sizeof(int64_t);
	secret_sha256(layout, strlen(layout), want.layout);
	rc = path != NULL ? open_shared(s, path, &want, f)
			  : map(s, "memory", -1, f);
	if (rc != ERR_OK) {
		arena_free(a);
		return rc;
	}
	*out = s;
	return ERR_OK;
}

void
stats_close(struct stats *s)
{
	if (s == NULL)
		return;
	(void)munmap(s->t, s->size); /* fails for a wrong address only */
	arena_free(s->a);
}

void
stats_add(struct stats *s, size_t slot, int64_t n)
{
	if (s == NULL)
		return;
	assert(slot < s->n);
	atomic_fetch_add_explicit(&s->t->slot[slot], n, memory_order_relaxed);
}

void
stats_set(struct stats *s, size_t slot, int64_t n)
{
	if (s == NULL)
		return;
	assert(slot < s->n);
	atomic_store_explicit(&s->t->slot[slot], n, memory_order_relaxed);
}

bool
stats_swap(struct stats *s, size_t slot, int64_t was, int64_t n)
{
	if (s == NULL)
		return true;
	assert(slot < s->n);
	return atomic_compare_exchange_strong_explicit(&s->t->slot[slot], &was,
	    n, memory_order_relaxed, memory_order_relaxed);
}

int64_t
stats_get(const struct stats *s, size_t slot)
{
	if (s == NULL)
		return 0;
	assert(slot < s->n);
	return atomic_load_explicit(&s->t->slot[slot], memory_order_relaxed);
}
