#include "kvitok/out/report_file.h"

#include "kvitok/base/day.h"
#include "kvitok/base/rename.h"
#include "kvitok/base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define HELD_MAX ((size_t)128 << 10)
#define LOOK_MAX ((size_t)64 << 10)

static const char *const labels[REPORT_LABEL__COUNT] = {
#define WORD(id, text) text,
#include "kvitok/out/report_words.def"
#undef WORD
};

struct str
report_label(enum report_label x)
{
	return str_of(labels[x]);
}

/* --- the file -------------------------------------------------------- */

enum err
report_target_fail(
    const struct report_target *t, const char *what, struct fault *f)
{
	return fault_set(f, ERR_AGAIN, "file_not_written", "%s: %s: %s",
	    t->path, what, strerror(errno));
}

enum err
report_target_open(
    struct arena *a, struct str path, struct report_target *t, struct fault *f)
{
	*t = (struct report_target){ .path = arena_z(a, path) };
	t->part = arena_fmt(a, "%.*s.part", STR_ARG(path)).p;
	t->held = arena_alloc(a, HELD_MAX);
	t->fd = open(t->part, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	return t->fd >= 0 ? ERR_OK : report_target_fail(t, "open", f);
}

static enum err
write_at(
    struct report_target *t, int64_t offset, struct str bytes, struct fault *f)
{
	while (bytes.len > 0) {
		ssize_t n = pwrite(t->fd, bytes.p, bytes.len, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return report_target_fail(t, "write", f);
		bytes.p += n;
		bytes.len -= (size_t)n;
		offset += n;
	}
	return ERR_OK;
}

static enum err
flush(struct report_target *t, struct fault *f)
{
	struct str bytes = { t->held, t->held_len };
	enum err rc = write_at(t, t->pos, bytes, f);

	t->pos += (int64_t)t->held_len;
	t->held_len = 0;
	return rc;
}

enum err
report_target_put(struct report_target *t, struct str bytes, struct fault *f)
{
	while (bytes.len > 0) {
		size_t room = HELD_MAX - t->held_len;
		size_t n = bytes.len < room ? bytes.len : room;

		memcpy(t->held + t->held_len, bytes.p, n);
		t->held_len += n;
		bytes.p += n;
		bytes.len -= n;
		if (t->held_len == HELD_MAX && flush(t, f) != ERR_OK)
			return f->err;
	}
	return ERR_OK;
}

enum err
report_target_patch(
    struct report_target *t, int64_t offset, struct str bytes, struct fault *f)
{
	enum err rc = flush(t, f);

	return rc == ERR_OK ? write_at(t, offset, bytes, f) : rc;
}

/* As it lies there: another library may have written it. */
static enum err
digest(struct report_target *t, struct report_file *out, struct fault *f)
{
	struct secret_sum sum;
	ssize_t n = 1;

	out->size = 0;
	secret_sum_begin(&sum);
	while (n > 0) {
		n = pread(t->fd, t->held, LOOK_MAX, (off_t)out->size);
		if (n > 0) {
			secret_sum_add(
			    &sum, (struct str){ t->held, (size_t)n });
			out->size += n;
		}
	}
	secret_sum_end(&sum, out->digest);
	return n == 0 ? ERR_OK : report_target_fail(t, "read", f);
}

enum err
report_target_end(struct report_target *t, enum err rc, struct report_file *out,
    struct fault *f)
{
	if (rc == ERR_OK)
		rc = flush(t, f);
	if (rc == ERR_OK)
		rc = digest(t, out, f);
	if (rc == ERR_OK && fsync(t->fd) != 0)
		rc = report_target_fail(t, "fsync", f);
	if (t->fd >= 0 && close(t->fd) != 0 && rc == ERR_OK)
		rc = report_target_fail(t, "close", f);
	t->fd = -1;
	if (rc == ERR_OK && rename_for_good(t->part, t->path) != 0)
		rc = report_target_fail(t, "rename", f);
	if (rc != ERR_OK)
		report_target_drop(t);
	return rc;
}

void
report_target_drop(struct report_target *t)
{
	if (t->fd >= 0)
		(void)close(t->fd); /* what was not written goes, too */
	t->fd = -1;
	(void)unlink(t->part); /* it may not be there */
}

/* --- what stands before the rows ------------------------------------- */

static void
pair(struct report_pair *v, size_t *n, struct str name, struct str value)
{
	v[(*n)++] = (struct report_pair){ name, value };
}

static struct str
period(struct arena *a, const struct report_query *q)
{
	struct buf b;

	buf_init(&b, a, 64);
	report_days(&b, q);
	return buf_str(&b);
}

size_t
report_pairs(struct arena *a, const struct report_head *head,
    struct report_pair out[REPORT_PAIRS_MAX])
{
	static const struct report_column at = { .type = REPORT_INSTANT };
	const struct report_def *d = report_def(head->q->id);
	struct report_cell made = { .n = head->made_at };
	struct buf b;
	size_t n = 0;

	pair(out, &n, report_label(REPORT_LABEL_ABOUT), str_of(d->about));
	pair(out, &n, report_label(REPORT_LABEL_PERIOD), period(a, head->q));
	for (int i = 0; i < REPORT_FILTER__COUNT; i++) {
		struct str value = head->q->filter[i];

		if (value.len == 0)
			continue;
		if (i == REPORT_STATE)
			value = report_word(d->states, value);
		pair(out, &n,
		    str_of(report_filter_title((enum report_filter)i)), value);
	}
	pair(out, &n, report_label(REPORT_LABEL_ASKED_BY), head->asked_by);
	buf_init(&b, a, 64);
	report_plain(&b, &at, &made, ',');
	pair(out, &n, report_label(REPORT_LABEL_MADE_AT), buf_str(&b));
	return n;
}

/* --- the port -------------------------------------------------------- */

static enum err
press_open(void *self, struct arena *a, const struct report_head *head,
    enum report_format format, struct str path, struct report_writer *out,
    struct fault *f)
{
	(void)self;
	switch (format) {
	case REPORT_CSV:
		return report_csv_open(a, head, path, out, f);
	case REPORT_XML:
		return report_xml_open(a, head, path, out, f);
	case REPORT_XLSX:
		return report_xlsx_open(a, head, path, out, f);
	case REPORT_PDF:
		return report_pdf_open(a, head, path, out, f);
	case REPORT_DBF:
		return report_dbf_open(a, head, path, out, f);
	case REPORT_FORMAT__COUNT:
		break;
	}
	return fault_set(f, ERR_BUG, "internal", "no such format");
}

struct report_press
report_press_of(void)
{
	return (struct report_press){ NULL, press_open };
}
