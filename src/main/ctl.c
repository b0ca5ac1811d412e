#include "ctl.h"

#include "kvitok/base/day.h"
#include "kvitok/base/utf8.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAME_MAX_LEN 50 /* of "operator:NAME", 64 in the tables */

struct str
ctl_option(const struct ctl *c, const char *name)
{
	size_t i = 0;

	while (i < CTL_OPTIONS_MAX &&
	    (c->options[i].name == NULL ||
		strcmp(c->options[i].name, name) != 0))
		i++;
	assert(i < CTL_OPTIONS_MAX); /* else the command's table is wrong */
	return c->options[i].value;
}

void
ctl_say(struct buf *b, const char *before, struct str s)
{
	buf_text(b, str_of(before));
	while (s.len > 0) {
		struct str at = s;
		uint32_t ch = utf8_next(&s);

		if (ch < 0x20 || (ch >= 0x7F && ch < 0xA0) || ch == 0xFFFD)
			buf_char(b, '.');
		else
			buf_bytes(b, at.p, at.len - s.len);
	}
}

void
ctl_cell(struct buf *b, struct str s, size_t width)
{
	ctl_say(b, "", s);
	for (size_t n = utf8_len(s); n < width; n++)
		buf_char(b, ' ');
	/* A cell that is full still ends before the next one. */
	if (utf8_len(s) >= width)
		buf_char(b, ' ');
}

void
ctl_time(struct buf *b, int64_t at)
{
	char text[DAY_RFC3339_SIZE];

	if (at == 0) {
		buf_lit(b, "-                      ");
		return;
	}
	day_rfc3339(at, text);
	buf_bytes(b, text, 10);
	buf_char(b, ' ');
	buf_bytes(b, text + 11, 8);
	buf_lit(b, " UTC");
}

/* Whoever called sudo, or whose process it is. */
struct str
ctl_operator(struct ctl *c)
{
	const char *sudo = getenv("SUDO_USER");
	const struct passwd *pw = getpwuid(getuid());
	struct str name = STR("unknown");

	if (sudo != NULL && *sudo != '\0')
		name = str_of(sudo);
	else if (pw != NULL)
		name = str_of(pw->pw_name);
	if (name.len > NAME_MAX_LEN)
		name.len = NAME_MAX_LEN;
	return arena_fmt(c->a, "operator:%.*s", STR_ARG(name));
}

enum err
ctl_read_file(struct ctl *c, struct str path, size_t max, struct str *out)
{
	const char *name = arena_z(c->a, path);
	char *text = arena_alloc(c->a, max + 1);
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t n = fd < 0 ? -1 : 1;

	while (len <= max && n > 0) {
		n = read(fd, text + len, max + 1 - len);
		if (n > 0)
			len += (size_t)n;
	}
	if (n < 0)
		(void)fault_set(&c->f, ERR_ABSENT, "file_unread", "%s: %s",
		    name, strerror(errno));
	if (fd >= 0)
		(void)close(fd); /* only read */
	if (n < 0)
		return ERR_ABSENT;
	*out = (struct str){ text, len };
	if (len > max || !utf8_text(*out))
		return fault_set(&c->f, ERR_INVALID, "file_unread",
		    "%s: not UTF-8 text of at most %zu bytes", name, max);
	return ERR_OK;
}
