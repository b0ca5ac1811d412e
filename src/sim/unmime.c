#include "kvitok/sim/unmime.h"

#include "kvitok/base/buf.h"
#include "kvitok/base/num.h"

#include <string.h>

#define STACK_MAX 16

/* A piece of the letter that is still to be looked at. */
struct piece {
	struct str text; /* headers, an empty line, a body */
};

static bool
cut_line(struct str *s, struct str *line)
{
	bool more = str_cut(s, '\n', line);

	if (line->len > 0 && line->p[line->len - 1] == '\r')
		line->len--;
	return more;
}

/* Gives: what stands after the first empty line. */
static struct str
body_of(struct str raw)
{
	while (raw.len > 0) {
		struct str line;

		cut_line(&raw, &line);
		if (line.len == 0)
			return raw;
	}
	return raw;
}

struct str
unmime_header(struct arena *a, struct str raw, const char *name)
{
	struct buf b;
	bool found = false;

	buf_init(&b, a, 65536);
	while (raw.len > 0) {
		struct str line, value, head;

		cut_line(&raw, &line);
		if (line.len == 0)
			break;
		if (line.p[0] == ' ' || line.p[0] == '\t') {
			if (found) {
				buf_lit(&b, " ");
				buf_text(&b, str_trim(line));
			}
			continue;
		}
		if (found)
			break;
		value = line;
		if (!str_cut(&value, ':', &head) ||
		    !str_eq_nocase(str_trim(head), str_of(name)))
			continue;
		found = true;
		buf_text(&b, str_trim(value));
	}
	return buf_str(&b);
}

static int
base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

/* Lenient, as mail readers are: what is no digit is skipped. */
static struct str
from_base64(struct arena *a, struct str in)
{
	char *out = arena_alloc(a, in.len / 4 * 3 + 4);
	size_t n = 0;
	unsigned held = 0;
	int bits = 0;

	for (size_t i = 0; i < in.len && in.p[i] != '='; i++) {
		int d = base64_digit(in.p[i]);

		if (d < 0)
			continue;
		held = held << 6 | (unsigned)d;
		bits += 6;
		if (bits < 8)
			continue;
		bits -= 8;
		out[n++] = (char)(held >> bits & 0xff);
	}
	return (struct str){ out, n };
}

/* words: the Q form of RFC 2047, where _ is a space. */
static struct str
from_quoted(struct arena *a, struct str in, bool words)
{
	char *out = arena_alloc(a, in.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < in.len; i++) {
		struct str rest = { in.p + i + 1, in.len - i - 1 };
		struct str hex = { rest.p, 2 };

		if (in.p[i] == '=' && rest.len >= 2 &&
		    num_parse_hex(hex, out + n, 1)) {
			n++;
			i += 2;
		} else if (in.p[i] == '=' && str_starts(rest, STR("\r\n"))) {
			i += 2;
		} else if (in.p[i] == '=' && str_starts(rest, STR("\n"))) {
			i += 1;
		} else {
			out[n++] = words && in.p[i] == '_' ? ' ' : in.p[i];
		}
	}
	return (struct str){ out, n };
}

/* Read an encoded word at the head of s; gives false when there is none. */
static bool
read_word(struct arena *a, struct str *s, struct str *out)
{
	struct str rest, charset, how, text;
	size_t end;

	if (!str_starts(*s, STR("=?")))
		return false;
	rest = (struct str){ s->p + 2, s->len - 2 };
	if (!str_cut(&rest, '?', &charset) || !str_cut(&rest, '?', &how) ||
	    how.len != 1)
		return false;
	end = str_find(rest, STR("?="));
	if (end == rest.len)
		return false;
	text = (struct str){ rest.p, end };
	if (how.p[0] == 'B' || how.p[0] == 'b')
		*out = from_base64(a, text);
	else
		*out = from_quoted(a, text, true);
	end += 2;
	*s = (struct str){ rest.p + end, rest.len - end };
	return true;
}

struct str
unmime_decode_words(struct arena *a, struct str text)
{
	struct buf b;
	bool after_word = false;

	buf_init(&b, a, text.len * 2 + 16);
	while (text.len > 0) {
		struct str word, ahead = text;

		/* Spaces between two encoded words are not there. */
		while (ahead.len > 0 && ahead.p[0] == ' ')
			ahead = (struct str){ ahead.p + 1, ahead.len - 1 };
		if (after_word && read_word(a, &ahead, &word)) {
			buf_text(&b, word);
			text = ahead;
			continue;
		}
		if (read_word(a, &text, &word)) {
			buf_text(&b, word);
			after_word = true;
			continue;
		}
		after_word = false;
		buf_char(&b, text.p[0]);
		text = (struct str){ text.p + 1, text.len - 1 };
	}
	return buf_str(&b);
}

static struct str
lower(struct arena *a, struct str s)
{
	char *p = arena_z(a, s);

	for (size_t i = 0; i < s.len; i++)
		if (p[i] >= 'A' && p[i] <= 'Z')
			p[i] = (char)(p[i] - 'A' + 'a');
	return (struct str){ p, s.len };
}

static struct str
unquote(struct str s)
{
	s = str_trim(s);
	if (s.len >= 2 && s.p[0] == '"' && s.p[s.len - 1] == '"')
		return (struct str){ s.p + 1, s.len - 2 };
	return s;
}

/* Gives: one parameter of a header's value; empty when it is not there. */
static struct str
parameter(struct str value, const char *name)
{
	struct str head;

	str_cut(&value, ';', &head);
	while (value.len > 0) {
		struct str item, key;
		bool quoted = false;
		size_t i = 0;

		while (i < value.len && (quoted || value.p[i] != ';'))
			quoted ^= value.p[i++] == '"';
		item = (struct str){ value.p, i };
		i += i < value.len;
		value = (struct str){ value.p + i, value.len - i };
		if (str_cut(&item, '=', &key) &&
		    str_eq_nocase(str_trim(key), str_of(name)))
			return unquote(item);
	}
	return STR_NONE;
}

/* filename*=UTF-8''%D0%A7... of RFC 2231 */
static struct str
from_extended(struct arena *a, struct str s)
{
	struct str charset, language;
	char *out = arena_alloc(a, s.len + 1);
	size_t n = 0;

	if (!str_cut(&s, '\'', &charset) || !str_cut(&s, '\'', &language))
		return STR_NONE;
	for (size_t i = 0; i < s.len; i++) {
		struct str hex = { s.p + i + 1, 2 };

		if (s.p[i] == '%' && s.len - i >= 3 &&
		    num_parse_hex(hex, out + n, 1))
			i += 2;
		else
			out[n] = s.p[i];
		n++;
	}
	return (struct str){ out, n };
}

static struct str
file_name(struct arena *a, struct str disposition, struct str type)
{
	struct str name = parameter(disposition, "filename*");

	if (name.len > 0)
		return from_extended(a, name);
	name = parameter(disposition, "filename");
	if (name.len == 0)
		name = parameter(type, "name");
	return unmime_decode_words(a, name);
}

static void
add_leaf(struct arena *a, struct str text, struct str type, struct unmime *out)
{
	struct unmime_part *p;
	struct str how = unmime_header(a, text, "Content-Transfer-Encoding");
	struct str disposition = unmime_header(a, text, "Content-Disposition");
	struct str rest = type, bare;

	if (out->parts_len == UNMIME_PARTS_MAX)
		return;
	str_cut(&rest, ';', &bare);
	p = &out->parts[out->parts_len++];
	p->type = bare.len > 0 ? lower(a, str_trim(bare)) : STR("text/plain");
	p->charset = lower(a, parameter(type, "charset"));
	p->name = file_name(a, disposition, type);
	p->body = body_of(text);
	if (str_eq_nocase(how, STR("base64")))
		p->body = from_base64(a, p->body);
	else if (str_eq_nocase(how, STR("quoted-printable")))
		p->body = from_quoted(a, p->body, false);
}

/* Put the parts between boundaries on the stack, the first one on top. */
static void
push_parts(
    struct str body, struct str boundary, struct piece *stack, size_t *depth)
{
	struct piece found[STACK_MAX];
	size_t n = 0;
	const char *begin = NULL;

	while (body.len > 0 && n < STACK_MAX) {
		const char *at = body.p;
		struct str line, tail;

		cut_line(&body, &line);
		if (!str_starts(line, STR("--")))
			continue;
		tail = (struct str){ line.p + 2, line.len - 2 };
		if (!str_starts(tail, boundary))
			continue;
		tail = (struct str){ tail.p + boundary.len,
			tail.len - boundary.len };
		tail = str_trim(tail);
		if (tail.len > 0 && !str_eq(tail, STR("--")))
			continue;
		if (begin && at > begin) {
			size_t len = (size_t)(at - begin);

			/* The line end before a boundary belongs to it. */
			len -= len > 0 && begin[len - 1] == '\n';
			len -= len > 0 && begin[len - 1] == '\r';
			found[n++].text = (struct str){ begin, len };
		}
		begin = body.p;
		if (tail.len > 0)
			break;
	}
	while (n > 0 && *depth < STACK_MAX)
		stack[(*depth)++] = found[--n];
}

void
unmime_parse(struct arena *a, struct str raw, struct unmime *out)
{
	struct piece stack[STACK_MAX];
	size_t depth = 0;

	*out = (struct unmime){ 0 };
	out->from = unmime_decode_words(a, unmime_header(a, raw, "From"));
	out->to = unmime_decode_words(a, unmime_header(a, raw, "To"));
	out->subject = unmime_decode_words(a, unmime_header(a, raw, "Subject"));
	out->message_id = unmime_header(a, raw, "Message-ID");
	out->date = unmime_header(a, raw, "Date");
	stack[depth++].text = raw;
	while (depth > 0) {
		struct str text = stack[--depth].text;
		struct str type = unmime_header(a, text, "Content-Type");
		struct str boundary = parameter(type, "boundary");
		struct str start = { type.p, type.len < 10 ? type.len : 10 };

		if (boundary.len > 0 && boundary.len <= 70 &&
		    str_eq_nocase(start, STR("multipart/")))
			push_parts(body_of(text), boundary, stack, &depth);
		else
			add_leaf(a, text, type, out);
	}
}
