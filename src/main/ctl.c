#include "ctl.h"

#include "kvitok/base/day.h"
#include "kvitok/base/utf8.h"

#include <assert.h>
#include <string.h>

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
