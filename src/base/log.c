#include "kvitok/base/log.h"
#include "kvitok/base/day.h"
#include "kvitok/base/utf8.h"

#include <stdarg.h>
#include <unistd.h>

#define LINE_MAX_BYTES 2000

static const char *
level_name(enum log_level level)
{
	switch (level) {
	case LOG_DEBUG:
		return "debug";
	case LOG_INFO:
		return "info";
	case LOG_NOTICE:
		return "notice";
	case LOG_WARN:
		return "warn";
	case LOG_ERROR:
		return "error";
	}
	return "error";
}

/* What a terminal or a reader of lines may take for more than a letter. */
static bool
is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 ||
	    c == 0x2029;
}

static bool
needs_quotes(struct str s)
{
	if (s.len == 0 || !utf8_valid(s))
		return true;
	while (s.len > 0) {
		uint32_t c = utf8_next(&s);

		if (is_control(c) || c == ' ' || c == '"' || c == '\\' ||
		    c == '=')
			return true;
	}
	return false;
}

/* Character by character, so that a long value is cut and not left out. */
static void
put_value(struct buf *b, struct str s)
{
	bool quotes = needs_quotes(s);

	if (quotes)
		buf_char(b, '"');
	while (s.len > 0 && !b->full) {
		const char *at = s.p;
		uint32_t c = utf8_next(&s);

		if (is_control(c))
			buf_fmt(b, "\\u%04x", (unsigned)c);
		else if (c == '"' || c == '\\')
			buf_fmt(b, "\\%c", (char)c);
		else if (c == 0xFFFD)
			buf_lit(b, "\xEF\xBF\xBD");
		else
			buf_bytes(b, at, (size_t)(s.p - at));
	}
	if (quotes)
		buf_char(b, '"');
}

static void
put_pair(struct buf *b, const char *name, struct str value)
{
	buf_char(b, ' ');
	buf_text(b, str_of(name));
	buf_char(b, '=');
	put_value(b, value);
}

static bool
is_phone(struct str s)
{
	size_t digits = 0;

	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];

		if (c >= '0' && c <= '9')
			digits++;
		else if (c == '\0' || strchr("+-() ", c) == NULL)
			return false;
	}
	return digits >= 7;
}

static void
mask_phone(struct buf *b, struct str s)
{
	char last[2] = { '0', '0' };

	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] >= '0' && s.p[i] <= '9') {
			last[0] = last[1];
			last[1] = s.p[i];
		}
	/* Seven countries or one: the code says nothing of the person. */
	if (str_starts(s, STR("+7")))
		buf_lit(b, "+7");
	buf_lit(b, "***");
	buf_bytes(b, last, sizeof(last));
}

void
log_mask(struct buf *b, struct str s)
{
	size_t at = s.len;

	if (s.len == 0)
		return;
	if (is_phone(s)) {
		mask_phone(b, s);
		return;
	}
	buf_text(b, utf8_cut(s, 1));
	buf_lit(b, "***");
	for (size_t i = 1; i < s.len; i++)
		if (s.p[i] == '@')
			at = i;
	if (at < s.len)
		buf_bytes(b, s.p + at, s.len - at);
}

static void
put_masked(struct buf *b, const char *name, struct str s)
{
	char text[320];
	struct buf masked = {
		.p = text, .cap = sizeof(text), .max = sizeof(text) - 1
	};

	log_mask(&masked, s);
	put_pair(b, name, buf_str(&masked));
}

static void
begin(
    const struct log *l, struct buf *b, enum log_level level, const char *event)
{
	char time[DAY_RFC3339_SIZE];

	day_rfc3339(l->now(), time);
	buf_text(b, str_of(time));
	buf_char(b, ' ');
	buf_text(b, str_of(level_name(level)));
	if (l->program != NULL)
		put_pair(b, "program", str_of(l->program));
	if (l->context[0] != '\0')
		put_pair(b, "req", str_of(l->context));
	put_pair(b, "event", str_of(event));
}

static void
end(const struct log *l, struct buf *b)
{
	b->p[b->len] = '\n';
	/* Where a log line does not go, its loss cannot be told either. */
	if (write(l->fd, b->p, b->len + 1) < 0)
		return;
}

/* A buffer on the stack: logging must work when memory is what is short.
 * One byte is kept for the NUL or the line's end. */
#define LINE_BUF(line)                                                         \
	{                                                                      \
		.p = (line), .cap = sizeof(line), .max = sizeof(line) - 1      \
	}

void
log_event(const struct log *l, enum log_level level, const char *event, ...)
{
	char line[LINE_MAX_BYTES];
	struct buf b = LINE_BUF(line);
	va_list ap;
	int kind;

	if (level < l->level)
		return;
	begin(l, &b, level, event);
	va_start(ap, event);
	while ((kind = va_arg(ap, int)) != LOG_END) {
		const char *name = va_arg(ap, const char *);

		if (kind == LOG_INT) {
			buf_char(&b, ' ');
			buf_text(&b, str_of(name));
			buf_char(&b, '=');
			buf_i64(&b, va_arg(ap, int64_t));
		} else if (kind == LOG_MASK) {
			put_masked(&b, name, va_arg(ap, struct str));
		} else {
			put_pair(&b, name, va_arg(ap, struct str));
		}
	}
	va_end(ap);
	end(l, &b);
}

void
log_fault(const struct log *l, enum log_level level, const char *event,
    const struct fault *f)
{
	log_event(l, level, event, LOG_TEXT, "class", str_of(err_name(f->err)),
	    LOG_TEXT, "reason", str_of(f->reason), LOG_TEXT, "detail",
	    str_of(f->detail), LOG_END);
}
