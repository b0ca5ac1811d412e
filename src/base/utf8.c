#include "kvitok/base/utf8.h"

#include <assert.h>
#include <unicase.h>
#include <uninorm.h>

#define REPLACEMENT 0xFFFD

/* What the first byte of a character says (RFC 3629, section 3). */
static size_t
size_by_lead(unsigned char lead, uint32_t *bits)
{
	if (lead < 0x80) {
		*bits = lead;
		return 1;
	}
	if (lead >= 0xC2 && lead <= 0xDF) {
		*bits = lead & 0x1FU;
		return 2;
	}
	if (lead >= 0xE0 && lead <= 0xEF) {
		*bits = lead & 0x0FU;
		return 3;
	}
	if (lead >= 0xF0 && lead <= 0xF4) {
		*bits = lead & 0x07U;
		return 4;
	}
	return 0;
}

/* Gives: bytes of the character at s, 0 when it is malformed or cut. */
static size_t
decode(struct str s, uint32_t *c)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = size_by_lead((unsigned char)s.p[0], c);

	if (n == 0 || n > s.len)
		return 0;
	for (size_t i = 1; i < n; i++) {
		unsigned char next = (unsigned char)s.p[i];

		if ((next & 0xC0) != 0x80)
			return 0;
		*c = *c << 6 | (next & 0x3FU);
	}
	if (*c < least[n] || *c > 0x10FFFF || (*c >= 0xD800 && *c <= 0xDFFF))
		return 0;
	return n;
}

uint32_t
utf8_next(struct str *s)
{
	uint32_t c;
	size_t n;

	assert(s->len > 0);
	n = decode(*s, &c);
	if (n == 0) {
		n = 1;
		c = REPLACEMENT;
	}
	s->p += n;
	s->len -= n;
	return c;
}

bool
utf8_valid(struct str s)
{
	while (s.len > 0) {
		uint32_t c;
		size_t n = decode(s, &c);

		if (n == 0)
			return false;
		s.p += n;
		s.len -= n;
	}
	return true;
}

bool
utf8_text(struct str s)
{
	while (s.len > 0) {
		uint32_t c;
		size_t n = decode(s, &c);

		if (n == 0)
			return false;
		if (c < 0x20 && c != '\t' && c != '\n' && c != '\r')
			return false;
		if (c >= 0x7F && c <= 0x9F)
			return false;
		s.p += n;
		s.len -= n;
	}
	return true;
}

size_t
utf8_len(struct str s)
{
	size_t n = 0;

	while (s.len > 0) {
		(void)utf8_next(&s); /* only how far it goes matters */
		n++;
	}
	return n;
}

struct str
utf8_cut_bytes(struct str s, size_t max)
{
	struct str rest = s;

	if (s.len <= max)
		return s;
	while (rest.len > 0) {
		struct str before = rest;

		(void)utf8_next(&rest); /* only how far it goes matters */
		if (s.len - rest.len > max) {
			rest = before;
			break;
		}
	}
	return (struct str){ s.p, s.len - rest.len };
}

struct str
utf8_cut(struct str s, size_t max)
{
	struct str rest = s;

	for (size_t n = 0; n < max && rest.len > 0; n++)
		(void)utf8_next(&rest); /* only how far it goes matters */
	return (struct str){ s.p, s.len - rest.len };
}

static size_t
encode(uint32_t c, char *out)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

static uint32_t
fold_one(uint32_t c)
{
	c = uc_toupper(c);
	return c == 0x401 ? 0x415 : c; /* IO as IE: people write either */
}

/*
 * Composed first: what is typed on a Mac may hold a short I as two
 * characters.  NFC makes of a character three at most (UAX 15).
 */
struct str
utf8_fold(struct arena *a, struct str s)
{
	size_t n = utf8_len(s), i = 0, len = 0, room = 3 * n;
	uint32_t *raw, *nfc;
	char *out;

	if (n == 0)
		return STR_NONE;
	raw = ARENA_ARRAY(a, n, uint32_t);
	nfc = ARENA_ARRAY(a, room, uint32_t);
	while (s.len > 0)
		raw[i++] = utf8_next(&s);
	nfc = u32_normalize(UNINORM_NFC, raw, n, nfc, &room);
	assert(nfc != NULL);
	out = arena_alloc(a, 4 * room + 1);
	for (i = 0; i < room; i++)
		len += encode(fold_one(nfc[i]), out + len);
	out[len] = '\0';
	return (struct str){ out, len };
}
