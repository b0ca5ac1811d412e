#include "kvitok/out/legacy.h"

#include "kvitok/base/utf8.h"

#include <string.h>

/* Used only where the encoding has not the character itself. */
static const struct {
	uint32_t from;
	const char *to;
} likenesses[] = {
	{ 0x00A0, " " },
	{ 0x2002, " " },
	{ 0x2003, " " },
	{ 0x2009, " " },
	{ 0x202F, " " },
	{ 0x00AB, "\"" },
	{ 0x00BB, "\"" },
	{ 0x201C, "\"" },
	{ 0x201D, "\"" },
	{ 0x201E, "\"" },
	{ 0x2018, "'" },
	{ 0x2019, "'" },
	{ 0x02BC, "'" },
	{ 0x2010, "-" },
	{ 0x2011, "-" },
	{ 0x2012, "-" },
	{ 0x2013, "-" },
	{ 0x2014, "-" },
	{ 0x2212, "-" },
	{ 0x2026, "..." },
	{ 0x20BD, "руб." },
	{ 0x2116, "N" },
	{ 0x00D7, "x" },
	{ 0x00A7, "п." },
	{ 0x2022, "*" },
	{ 0x00AD, "" },
};

enum err
legacy_refuse(const char *field, const char *why, struct fault *f)
{
	(void)fault_set(f, ERR_LIMIT, "order_text", "%s: %s", field, why);
	fault_arg(f, "field", str_of(field));
	return ERR_LIMIT;
}

static const char *
likeness(uint32_t c)
{
	for (size_t i = 0; i < KV_COUNT(likenesses); i++)
		if (likenesses[i].from == c)
			return likenesses[i].to;
	return NULL;
}

enum err
legacy_text(struct buf *out, enum codepage cp, const char *field, struct str s,
    struct fault *f)
{
	while (s.len > 0) {
		struct str rest = s, one;
		uint32_t c = utf8_next(&rest);
		const char *like = likeness(c);

		one = (struct str){ s.p, s.len - rest.len };
		if (c < 0x20 || c == 0x7F || (c == 0xFFFD && one.len == 1))
			return legacy_refuse(field, "control character", f);
		if (codepage_write(cp, one, 0, out) != one.len &&
		    (!like ||
			codepage_write(cp, str_of(like), 0, out) !=
			    strlen(like)))
			return legacy_refuse(field, "no such character", f);
		s = rest;
	}
	return ERR_OK;
}
