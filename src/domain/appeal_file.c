#include "kvitok/domain/appeal_file.h"

#include "kvitok/base/utf8.h"

#define ENDINGS_MAX 2

/* PNG: the signature and its first chunk (ISO/IEC 15948, 5.2 and 11.2.2);
 * JPEG: SOI and the begin of a marker (ITU-T T.81, B.1.1); PDF: the header
 * (ISO 32000-1, 7.5.2). */
static const struct media {
	const char *name;
	struct str magic;
	const char *endings[ENDINGS_MAX]; /* the first one is given */
} media[APPEAL_MEDIA__COUNT] = {
	[APPEAL_PDF] = { "application/pdf", { "%PDF-", 5 }, { ".pdf" } },
	[APPEAL_JPEG] = { "image/jpeg", { "\xff\xd8\xff", 3 },
	    { ".jpg", ".jpeg" } },
	[APPEAL_PNG] = { "image/png", { "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16 },
	    { ".png" } },
};

const char *
appeal_media_name(enum appeal_media m)
{
	return media[m].name;
}

enum appeal_media
appeal_media_of(struct str name)
{
	size_t i = 0;

	while (i < APPEAL_MEDIA__COUNT && !str_eq(name, str_of(media[i].name)))
		i++;
	return (enum appeal_media)i;
}

enum appeal_media
appeal_media_judge(struct str bytes)
{
	size_t i = 0;

	while (i < APPEAL_MEDIA__COUNT && !str_starts(bytes, media[i].magic))
		i++;
	return (enum appeal_media)i;
}

/* --- names -------------------------------------------------------------- */

/* Controls; marks and overrides of direction, by which "gpj.exe" reads
 * "exe.jpg"; what is no character at all. */
static bool
is_hidden(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0) ||
	    (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
	    (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
	    (c >= 0xFFFD && c <= 0xFFFF);
}

static bool
is_edge(char c)
{
	return c == ' ' || c == '.';
}

static struct str
last_part(struct str s)
{
	for (size_t i = s.len; i > 0; i--)
		if (s.p[i - 1] == '/' || s.p[i - 1] == '\\')
			return (struct str){ s.p + i, s.len - i };
	return s;
}

static struct str
without_edges(struct str s)
{
	while (s.len > 0 && is_edge(s.p[0]))
		s = (struct str){ s.p + 1, s.len - 1 };
	while (s.len > 0 && is_edge(s.p[s.len - 1]))
		s.len--;
	return s;
}

/* Gives: s without an ending of the kind. */
static struct str
without_ending(struct str s, enum appeal_media m, struct str *ending)
{
	*ending = str_of(media[m].endings[0]);
	for (size_t i = 0; i < ENDINGS_MAX; i++) {
		struct str e = str_of(media[m].endings[i]), tail;

		if (e.len == 0 || s.len <= e.len)
			continue;
		tail = (struct str){ s.p + s.len - e.len, e.len };
		if (!str_eq_nocase(tail, e))
			continue;
		*ending = tail;
		s.len -= e.len;
		break;
	}
	return s;
}

void
appeal_file_name(struct str given, enum appeal_media m, struct buf *out)
{
	struct str ending,
	    rest = without_ending(without_edges(last_part(given)), m, &ending);
	size_t room = APPEAL_FILE_NAME_MAX - ending.len, n = 0;

	while (rest.len > 0 && n < room) {
		const char *at = rest.p;
		uint32_t c = utf8_next(&rest);

		if (is_hidden(c))
			continue;
		if (c < 0x80 && strchr("<>:\"|?*", (int)c) != NULL)
			buf_char(out, '_');
		else
			buf_bytes(out, at, (size_t)(rest.p - at));
		n++;
	}
	if (n == 0)
		buf_lit(out, "file");
	buf_text(out, ending);
}

int64_t
appeal_file_parts(int64_t size)
{
	return (size + (int64_t)APPEAL_FILE_PART - 1) /
	    (int64_t)APPEAL_FILE_PART;
}
