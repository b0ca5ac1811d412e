#include "ctl.h"

#include "kvitok/app/settle_files.h"
#include "kvitok/base/day.h"
#include "kvitok/base/rename.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A file in the making, beside its place until it is whole. */
struct target {
	struct ctl *c;
	const char *path, *part;
	int fd;
};

static enum err
complain(struct target *t, const char *what, struct fault *f)
{
	return fault_set(f, ERR_AGAIN, "file_not_written", "%s: %s: %s",
	    t->path, what, strerror(errno));
}

static enum err
target_open(struct ctl *c, struct target *t)
{
	struct str path = ctl_option(c, "out");

	*t = (struct target){ .c = c, .path = arena_z(c->a, path) };
	t->part = arena_fmt(c->a, "%.*s.part", STR_ARG(path)).p;
	t->fd = open(t->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	return t->fd >= 0 ? ERR_OK : complain(t, "open", &c->f);
}

static enum err
target_put(void *self, struct str bytes, struct fault *f)
{
	struct target *t = self;

	while (bytes.len > 0) {
		ssize_t n = write(t->fd, bytes.p, bytes.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return complain(t, "write", f);
		bytes.p += n;
		bytes.len -= (size_t)n;
	}
	return ERR_OK;
}

/* Whole, on the disk, and only then in its place. */
static enum err
target_close(struct target *t, enum err rc)
{
	if (rc == ERR_OK && fsync(t->fd) != 0)
		rc = complain(t, "fsync", &t->c->f);
	if (close(t->fd) != 0 && rc == ERR_OK)
		rc = complain(t, "close", &t->c->f);
	if (rc == ERR_OK && rename_for_good(t->part, t->path) != 0)
		rc = complain(t, "rename", &t->c->f);
	if (rc != ERR_OK)
		(void)unlink(t->part); /* it may not be there */
	return rc;
}

static enum err
read_format(struct ctl *c, enum order_format *out)
{
	struct str s = ctl_option(c, "format");

	*out = str_eq(s, STR("1c")) ? ORDER_1C : ORDER_PAIN001;
	if (str_eq(s, STR("1c")) || str_eq(s, STR("pain001")))
		return ERR_OK;
	return fault_set(
	    &c->f, ERR_INVALID, "usage", "--format is 1c or pain001");
}

enum err
ctl_settle_order(struct ctl *c)
{
	enum order_format format;
	struct target t;
	struct str text;
	enum err rc = read_format(c, &format);

	if (rc == ERR_OK)
		rc = day_valid(c->words[0])
		    ? settle_orders(c->p, c->a, STR_NONE, c->words[0], format,
			  &text, &c->f)
		    : settle_order(c->p, c->a, STR_NONE, c->words[0], format,
			  &text, &c->f);
	if (rc == ERR_OK)
		rc = target_open(c, &t);
	if (rc != ERR_OK)
		return rc;
	rc = target_close(&t, target_put(&t, text, &c->f));
	if (rc == ERR_OK)
		buf_fmt(&c->out, "%s\n", t.path);
	return rc;
}

enum err
ctl_settle_register(struct ctl *c)
{
	struct target t;
	struct str name;
	enum err rc = target_open(c, &t);

	if (rc != ERR_OK)
		return rc;
	rc = settle_register(c->p, c->a, STR_NONE, c->words[0],
	    &(struct paper_sink){ &t, target_put }, &name, &c->f);
	rc = target_close(&t, rc);
	if (rc == ERR_OK) {
		buf_fmt(&c->out, "%s, for the supplier ", t.path);
		ctl_say(&c->out, "", name);
		buf_char(&c->out, '\n');
	}
	return rc;
}

enum err
ctl_settle_layout(struct ctl *c)
{
	struct pay_layout *l = ARENA_NEW(c->a, struct pay_layout);
	struct str text;
	enum err rc = ctl_read_file(c, c->words[0], PAY_LAYOUT_MAX, &text);

	if (rc == ERR_OK)
		rc = settle_layout_add(
		    c->p, c->a, text, ctl_operator(c), l, &c->f);
	if (rc == ERR_OK) {
		ctl_say(&c->out, "layout ", l->layout);
		ctl_say(&c->out, ": ", l->title);
		buf_char(&c->out, '\n');
	}
	return rc;
}
