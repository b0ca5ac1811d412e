#include "kvitok/store/mailbox.h"

#include "kvitok/base/num.h"
#include "kvitok/base/rename.h"
#include "kvitok/store/spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define NUMBER_MAX INT64_C(999999999999)
#define NAMES_MAX 100000 /* of a folder, that are looked at */
#define PATH_MEMORY ((size_t)256 << 10)
#define PIECE 16384

/* in/N.xml: to us; done/, aside/: what became of it; out/N.xml: from us. */
struct box {
	struct str folder;
	/* What was fetched last: another file may take its name meanwhile. */
	int64_t number;
	struct stat was;
};

static enum err
failed(struct str path, struct fault *f)
{
	return fault_set(f, ERR_AGAIN, "mailbox_unavailable", "%.*s: %s",
	    STR_ARG(path), strerror(errno));
}

struct str
mailbox_path(struct arena *a, struct str folder, const char *part,
    int64_t number, const char *end)
{
	return arena_fmt(
	    a, "%.*s/%s/%lld%s", STR_ARG(folder), part, (long long)number, end);
}

static struct str
path_of(const struct box *x, struct arena *a, const char *in, int64_t number,
    const char *end)
{
	return mailbox_path(a, x->folder, in, number, end);
}

bool
mailbox_number(const char *name, int64_t *n)
{
	struct str s = str_of(name);

	if (!str_ends(s, STR(".xml")) || s.p[0] == '0')
		return false;
	s.len -= 4;
	return num_parse(s, 1, NUMBER_MAX, n);
}

/* Gives: the first number above after in a part of the folder; 0: none. */
static enum err
first_in(const struct box *x, struct arena *a, const char *part, int64_t after,
    int64_t *number, struct fault *f)
{
	struct str path = arena_fmt(a, "%.*s/%s", STR_ARG(x->folder), part);
	DIR *d = opendir(path.p);
	const struct dirent *e;
	int64_t n, first = NUMBER_MAX + 1;

	*number = 0;
	if (d == NULL)
		return failed(path, f);
	for (int i = 0; i < NAMES_MAX && (e = readdir(d)) != NULL; i++)
		if (mailbox_number(e->d_name, &n) && n > after && n < first)
			first = n;
	(void)closedir(d); /* only read */
	if (first <= NUMBER_MAX)
		*number = first;
	return ERR_OK;
}

static enum err
next(void *self, struct arena *a, int64_t after, struct mailbox_item *out,
    bool *found, struct fault *f)
{
	int64_t first;
	enum err rc = first_in(self, a, "in", after, &first, f);

	*found = rc == ERR_OK && first > 0;
	if (*found)
		*out = (struct mailbox_item){ first, STR("") };
	return rc;
}

static enum err
fetch(void *self, struct arena *a, const struct mailbox_item *m,
    const struct pulse *pulse, struct source *out, struct fault *f)
{
	struct box *x = self;
	struct str path = path_of(x, a, "in", m->number, ".xml");
	enum err rc;

	(void)pulse; /* it is where it is */
	x->number = m->number;
	x->was = (struct stat){ .st_ino = 0 };
	if (lstat(path.p, &x->was) != 0)
		return failed(path, f);
	rc = spool_file(a, path, out, f);
	return rc == ERR_ABSENT ? fault_set(f, ERR_AGAIN, "mailbox_unavailable",
				      "in/%lld.xml", (long long)m->number)
				: rc;
}

static enum err
copy(FILE *out, const struct source *text, struct str path, struct fault *f)
{
	char piece[PIECE];
	int64_t at = 0;
	size_t got = 1;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && got > 0) {
		rc = text->read(text->self, at, piece, sizeof(piece), &got, f);
		if (rc == ERR_OK && fwrite(piece, 1, got, out) != got)
			rc = failed(path, f);
		at += (int64_t)got;
	}
	if (rc == ERR_OK && (fflush(out) != 0 || fsync(fileno(out)) != 0))
		rc = failed(path, f);
	return rc;
}

/* What a former writer has left is in nobody's way; another writer is. */
static enum err
open_draft(struct str draft, FILE **out, struct fault *f)
{
	/* A pipe that nobody reads is not waited for. */
	int fd = open(draft.p,
	    O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666);
	enum err rc = ERR_OK;

	if (fd < 0)
		return failed(draft, f);
	if (!draft_is_ours(AT_FDCWD, draft.p, fd))
		rc = fault_set(f, ERR_AGAIN, "mailbox_unavailable",
		    "%.*s: somebody else writes it", STR_ARG(draft));
	else if (ftruncate(fd, 0) != 0 || (*out = fdopen(fd, "w")) == NULL)
		rc = failed(draft, f);
	if (rc != ERR_OK)
		(void)close(fd); /* nothing was written */
	return rc;
}

/* Under a name that nobody looks for, then by rename: never seen half.  It is
 * ours until it is closed, and so until it has its name. */
static enum err
put_file(struct arena *a, struct str path, const struct source *text,
    struct fault *f)
{
	struct str draft = arena_fmt(a, "%.*s.part", STR_ARG(path));
	FILE *out = NULL;
	enum err rc = open_draft(draft, &out, f);

	if (rc != ERR_OK)
		return rc;
	rc = copy(out, text, path, f); /* it is on the disk */
	if (rc == ERR_OK && rename_for_good(draft.p, path.p) != 0)
		rc = failed(path, f);
	(void)fclose(out);
	return rc;
}

/* The supplier has put another file where the one was that we read. */
static bool
put_right(const struct box *x, int64_t number, struct str path)
{
	struct stat now;

	return x->number == number && lstat(path.p, &now) == 0 &&
	    (now.st_ino != x->was.st_ino ||
		now.st_mtim.tv_sec != x->was.st_mtim.tv_sec ||
		now.st_mtim.tv_nsec != x->was.st_mtim.tv_nsec);
}

static enum err
answer(void *self, int64_t number, const char *state, struct str words,
    int64_t at, struct fault *f)
{
	struct arena *a = arena_new(PATH_MEMORY);
	bool done =
	    strcmp(state, "applied") == 0 || strcmp(state, "skipped") == 0;
	const char *to = done ? "done" : "aside";
	struct str from = path_of(self, a, "in", number, ".xml");
	enum err rc = ERR_OK;

	(void)at; /* the file has its own time */
	if (strcmp(state, "held") != 0 && !put_right(self, number, from)) {
		if (!done)
			rc = put_file(a, path_of(self, a, to, number, ".txt"),
			    &(struct source){
				&words, (int64_t)words.len, source_of_text },
			    f);
		/* Gone: it was moved by a former try. */
		if (rc == ERR_OK &&
		    rename_for_good(
			from.p, path_of(self, a, to, number, ".xml").p) != 0 &&
		    errno != ENOENT)
			rc = failed(from, f);
	}
	arena_free(a);
	return rc;
}

static enum err
hand(void *self, const struct mailbox_letter *m, struct fault *f)
{
	struct arena *a = arena_new(PATH_MEMORY);
	enum err rc =
	    put_file(a, path_of(self, a, "out", m->number, ".xml"), m->text, f);

	arena_free(a);
	return rc;
}

/* What the supplier has taken it moves away, or removes. */
static enum err
untaken(void *self, int64_t *number, struct fault *f)
{
	struct arena *a = arena_new(PATH_MEMORY);
	enum err rc = first_in(self, a, "out", 0, number, f);

	arena_free(a);
	return rc;
}

enum err
mailbox_folder(struct arena *a, const struct mailbox_settings *s,
    struct mailbox *out, struct fault *f)
{
	static const char *const parts[] = { "in", "out", "done", "aside" };
	struct box *x = ARENA_NEW(a, struct box);

	x->folder = s->folder;
	for (size_t i = 0; i < KV_COUNT(parts); i++) {
		struct str path =
		    arena_fmt(a, "%.*s/%s", STR_ARG(s->folder), parts[i]);

		if (access(path.p, R_OK | W_OK | X_OK) != 0)
			return failed(path, f);
	}
	*out = (struct mailbox){ x, next, fetch, answer, hand, untaken };
	return ERR_OK;
}
