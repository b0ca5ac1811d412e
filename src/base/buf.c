#include "kvitok/base/buf.h"
#include "kvitok/base/utf8.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */
#define NBSP "\xC2\xA0"

/* A word is at most 75 characters with "=?UTF-8?B?" and "?=" (RFC 2047, 2):
 * 63 of base64, whole groups of which hold 45 bytes. */
#define WORD_BYTES 45
/* The first line begins with the header's name: leave it 30 columns. */
#define FIRST_WORD_BYTES 21
/* RFC 5322, 2.1.1 allows 998 characters in a line, its header's name too. */
#define PLAIN_MAX 900

/* Sign, 19 digits, and a point. */
#define NUMBER_MAX 24
#define ROUBLES_MAX 64

void
buf_init(struct buf *b, struct arena *a, size_t max)
{
	*b = (struct buf){ .a = a, .max = max };
}

struct str
buf_str(const struct buf *b)
{
	return (struct str){ b->p, b->len };
}

/* Make room for len bytes and a NUL.  Gives: false when it is above max. */
static bool
room(struct buf *b, size_t len)
{
	size_t cap;

	if (b->full || len > b->max - b->len) {
		b->full = true;
		return false;
	}
	if (b->len + len < b->cap)
		return true;
	cap = b->cap > 0 ? b->cap * 2 : 256;
	if (cap > b->max)
		cap = b->max + 1;
	if (cap < b->len + len + 1)
		cap = b->len + len + 1;
	b->p = arena_grow(b->a, b->p, b->cap, cap);
	b->cap = cap;
	return true;
}

void
buf_bytes(struct buf *b, const void *p, size_t len)
{
	if (!room(b, len))
		return;
	if (len > 0)
		memcpy(b->p + b->len, p, len);
	b->len += len;
	b->p[b->len] = '\0';
}

void
buf_text(struct buf *b, struct str s)
{
	buf_bytes(b, s.p, s.len);
}

void
buf_char(struct buf *b, char c)
{
	buf_bytes(b, &c, 1);
}

void
buf_fill(struct buf *b, char c, size_t n)
{
	if (!room(b, n))
		return;
	memset(b->p + b->len, c, n);
	b->len += n;
	b->p[b->len] = '\0';
}

/* Gives: the digits of n, which end at end; at least so many. */
static char *
put_digits(char *end, uint64_t n, int least)
{
	for (; n > 0 || least > 0; n /= 10, least--)
		*--end = (char)('0' + n % 10);
	return end;
}

/* The negation of INT64_MIN has no room in int64. */
static uint64_t
magnitude(int64_t n)
{
	return n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
}

/* By hand, not by a format: a report has millions of them. */
void
buf_i64(struct buf *b, int64_t n)
{
	char text[NUMBER_MAX], *end = text + sizeof(text);
	char *p = put_digits(end, magnitude(n), 1);

	if (n < 0)
		*--p = '-';
	buf_bytes(b, p, (size_t)(end - p));
}

void
buf_fmt(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	assert(len >= 0);
	if (!room(b, (size_t)len))
		return;
	va_start(ap, fmt);
	/* Measured above. */
	(void)vsnprintf(b->p + b->len, (size_t)len + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)len;
}

/* Gives: what stands for c in markup, or empty when c stands for itself. */
static struct str
markup_escape(char c)
{
	switch (c) {
	case '&':
		return STR("&amp;");
	case '<':
		return STR("&lt;");
	case '>':
		return STR("&gt;");
	case '"':
		return STR("&quot;");
	case '\'':
		return STR("&#39;");
	default:
		return STR_NONE;
	}
}

void
buf_html(struct buf *b, struct str s)
{
	size_t from = 0;

	for (size_t i = 0; i < s.len; i++) {
		struct str esc = markup_escape(s.p[i]);

		if (esc.len == 0)
			continue;
		buf_bytes(b, s.p + from, i - from);
		buf_text(b, esc);
		from = i + 1;
	}
	buf_bytes(b, s.len > 0 ? s.p + from : NULL, s.len - from);
}

/* XML 1.0, production 2 (Char), without what is escaped before. */
static bool
xml_allows(uint32_t c)
{
	return c >= 0x20 && c != 0xFFFE && c != 0xFFFF;
}

void
buf_xml(struct buf *b, struct str s)
{
	while (s.len > 0) {
		const char *at = s.p;
		struct str esc = markup_escape(*at);
		uint32_t c = utf8_next(&s);

		if (esc.len > 0)
			buf_text(b, esc);
		else if (c == '\t' || c == '\n' || c == '\r')
			/* Else a parser makes spaces of them in attributes,
			 * and LF of CR everywhere. */
			buf_fmt(b, "&#%u;", (unsigned)c);
		else if (!xml_allows(c) || (c == 0xFFFD && s.p == at + 1))
			buf_lit(b, REPLACEMENT);
		else
			buf_bytes(b, at, (size_t)(s.p - at));
	}
}

static void
json_escape(struct buf *b, uint32_t c)
{
	switch (c) {
	case '"':
		buf_lit(b, "\\\"");
		break;
	case '\\':
		buf_lit(b, "\\\\");
		break;
	case '\n':
		buf_lit(b, "\\n");
		break;
	case '\r':
		buf_lit(b, "\\r");
		break;
	case '\t':
		buf_lit(b, "\\t");
		break;
	default:
		buf_fmt(b, "\\u%04x", (unsigned)c);
		break;
	}
}

void
buf_json(struct buf *b, struct str s)
{
	while (s.len > 0) {
		const char *at = s.p;
		uint32_t c = utf8_next(&s);

		if (c < 0x20 || c == '"' || c == '\\')
			json_escape(b, c);
		else if (c == 0xFFFD && s.p == at + 1)
			buf_lit(b, REPLACEMENT);
		else
			buf_bytes(b, at, (size_t)(s.p - at));
	}
}

static bool
is_unreserved(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	    (c >= '0' && c <= '9') || (c != '\0' && strchr("-._~", c) != NULL);
}

static void
percent(struct buf *b, struct str s, bool plus)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];

		if (is_unreserved(c))
			buf_char(b, c);
		else if (plus && c == ' ')
			buf_char(b, '+');
		else
			buf_fmt(b, "%%%02X", (unsigned)(unsigned char)c);
	}
}

void
buf_url(struct buf *b, struct str s)
{
	percent(b, s, false);
}

void
buf_form(struct buf *b, struct str s)
{
	percent(b, s, true);
}

static const char base64_std[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char base64_url[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void
base64(struct buf *b, const unsigned char *p, size_t len, const char *digits,
    bool pad)
{
	for (size_t i = 0; i < len; i += 3) {
		size_t n = len - i < 3 ? len - i : 3;
		uint32_t v = (uint32_t)p[i] << 16;
		char out[4] = { '=', '=', '=', '=' };

		if (n > 1)
			v |= (uint32_t)p[i + 1] << 8;
		if (n > 2)
			v |= p[i + 2];
		for (size_t k = 0; k <= n; k++)
			out[k] = digits[v >> (18 - 6 * k) & 63];
		buf_bytes(b, out, pad ? 4 : n + 1);
	}
}

void
buf_base64(struct buf *b, const void *p, size_t len)
{
	base64(b, p, len, base64_std, true);
}

void
buf_base64url(struct buf *b, const void *p, size_t len)
{
	base64(b, p, len, base64_url, false);
}

void
buf_hex(struct buf *b, const void *p, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *u = p;

	for (size_t i = 0; i < len; i++) {
		buf_char(b, digits[u[i] >> 4]);
		buf_char(b, digits[u[i] & 15]);
	}
}

/* Printable ASCII that no reader takes for an encoded word. */
static bool
stands_as_it_is(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];

		if ((c < ' ' || c > '~') && c != '\r' && c != '\n')
			return false;
	}
	return s.len <= PLAIN_MAX && str_find(s, STR("=?")) == s.len;
}

static void
put_plain(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		buf_char(b, s.p[i] == '\r' || s.p[i] == '\n' ? ' ' : s.p[i]);
}

/* Fill word with characters of s, at most max bytes; none is split. */
static size_t
take_word(struct str *s, size_t max, char word[WORD_BYTES])
{
	size_t len = 0;

	while (s->len > 0) {
		struct str before = *s;
		uint32_t c = utf8_next(s);
		struct str one = { before.p, before.len - s->len };

		if (c < ' ' || c == 0x7F)
			one = STR(" ");
		else if (c == 0xFFFD && one.len == 1)
			one = STR("\xEF\xBF\xBD");
		if (len + one.len > max) {
			*s = before;
			break;
		}
		memcpy(word + len, one.p, one.len);
		len += one.len;
	}
	return len;
}

void
buf_header(struct buf *b, struct str s)
{
	size_t max = FIRST_WORD_BYTES;

	if (stands_as_it_is(s)) {
		put_plain(b, s);
		return;
	}
	while (s.len > 0) {
		char word[WORD_BYTES];
		size_t len = take_word(&s, max, word);

		if (max == WORD_BYTES)
			buf_lit(b, "\r\n ");
		buf_lit(b, "=?UTF-8?B?");
		buf_base64(b, word, len);
		buf_lit(b, "?=");
		max = WORD_BYTES;
	}
}

void
buf_roubles(struct buf *b, int64_t kop)
{
	uint64_t m = magnitude(kop), whole = m / 100;
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%" PRIu64, whole);

	if (kop < 0)
		buf_char(b, '-');
	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			buf_lit(b, NBSP);
		buf_char(b, digits[i]);
	}
	buf_fmt(b, ",%02u", (unsigned)(m % 100));
}

struct str
buf_roubles_str(struct arena *a, int64_t kop)
{
	struct buf b;

	buf_init(&b, a, ROUBLES_MAX);
	buf_roubles(&b, kop);
	return buf_str(&b);
}

void
buf_decimal(struct buf *b, int64_t kop)
{
	char text[NUMBER_MAX], *end = text + sizeof(text);
	uint64_t m = magnitude(kop);
	char *p = put_digits(end, m % 100, 2);

	*--p = '.';
	p = put_digits(p, m / 100, 1);
	if (kop < 0)
		*--p = '-';
	buf_bytes(b, p, (size_t)(end - p));
}
