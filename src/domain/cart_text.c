/* cart_text: names in the characters that registers print; see cart.h. */
#include "kvitok/domain/cart.h"

#include "kvitok/base/buf.h"
#include "kvitok/base/utf8.h"

#define TEXT_MAX 4096

/*
 * What typographers write and a register has not: fiscal storages keep CP866,
 * Sberbank takes printable ASCII, Russian letters and № alone (its API 1.0.7,
 * orderBundle).  Angle brackets are HTML to it.
 */
static const struct {
	uint32_t from;
	const char *to;
} likes[] = {
	{ '<', "(" },
	{ '>', ")" },
	{ 0x00AB, "\"" }, /* « */
	{ 0x00BB, "\"" }, /* » */
	{ 0x201C, "\"" },
	{ 0x201D, "\"" },
	{ 0x201E, "\"" },
	{ 0x201F, "\"" },
	{ 0x2018, "'" },
	{ 0x2019, "'" },
	{ 0x201A, "'" },
	{ 0x2032, "'" },
	{ 0x02BC, "'" },
	{ 0x00AD, "" }, /* a hyphen that is not seen */
	{ 0x200B, "" },
	{ 0xFEFF, "" },
	{ 0x2010, "-" },
	{ 0x2011, "-" },
	{ 0x2012, "-" },
	{ 0x2013, "-" },
	{ 0x2014, "-" },
	{ 0x2015, "-" },
	{ 0x2212, "-" },
	{ 0x2026, "..." },
	{ 0x2022, "-" },
	{ 0x00B7, "-" },
	{ 0x00D7, "x" },
	{ 0x00B0, "гр." }, /* degrees */
	{ 0x00B1, "+/-" },
	{ 0x00B2, "2" },
	{ 0x00B3, "3" },
	{ 0x00BD, "1/2" },
	{ 0x00BC, "1/4" },
	{ 0x00BE, "3/4" },
	{ 0x00A7, "пар." },
	{ 0x00A9, "(c)" },
	{ 0x00AE, "(r)" },
	{ 0x2122, "(tm)" },
	{ 0x20BD, "руб." },
	{ 0x20AC, "евро" },
	{ 0x2116, "№" },
};

static bool
is_space(uint32_t ch)
{
	return ch <= ' ' || ch == 0x7F || (ch >= 0x80 && ch <= 0xA0) ||
	    (ch >= 0x2000 && ch <= 0x200A) || ch == 0x202F || ch == 0x205F ||
	    ch == 0x3000 || ch == 0x2028 || ch == 0x2029;
}

static bool
is_printed(uint32_t ch)
{
	return (ch > ' ' && ch < 0x7F) || (ch >= 0x0410 && ch <= 0x044F) ||
	    ch == 0x0401 || ch == 0x0451;
}

static void
put(struct buf *b, uint32_t ch, struct str as_it_is)
{
	for (size_t i = 0; i < KV_COUNT(likes); i++)
		if (likes[i].from == ch) {
			buf_text(b, str_of(likes[i].to));
			return;
		}
	if (is_printed(ch))
		buf_text(b, as_it_is);
	else
		buf_char(b, '?');
}

struct str
cart_text(struct arena *a, struct str s)
{
	struct buf b;
	bool space = false;

	buf_init(&b, a, TEXT_MAX);
	while (s.len > 0 && !b.full) {
		struct str at = s;
		uint32_t ch = utf8_next(&s);

		at.len -= s.len;
		if (is_space(ch)) {
			space = true;
			continue;
		}
		if (space && b.len > 0)
			buf_char(&b, ' ');
		space = false;
		put(&b, ch, at);
	}
	return buf_str(&b);
}

struct str
cart_name(struct arena *a, struct str title, struct str account, size_t max)
{
	struct str head = cart_text(a, title);
	struct str tail = account.len == 0
	    ? STR("")
	    : arena_fmt(a, ", л/с %.*s", STR_ARG(cart_text(a, account)));
	size_t room = utf8_len(tail) < max ? max - utf8_len(tail) : 0;

	if (utf8_len(head) <= room)
		return arena_fmt(a, "%.*s%.*s", STR_ARG(head), STR_ARG(tail));
	/* Whose account it is tells more than the end of a title. */
	head = room > 3 ? utf8_cut(head, room - 3) : STR("");
	return utf8_cut(
	    arena_fmt(a, "%.*s...%.*s", STR_ARG(str_trim(head)), STR_ARG(tail)),
	    max);
}
