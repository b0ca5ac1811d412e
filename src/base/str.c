#include "kvitok/base/str.h"

static unsigned char
lower(char c)
{
	unsigned char u = (unsigned char)c;

	return u >= 'A' && u <= 'Z' ? (unsigned char)(u - 'A' + 'a') : u;
}

int
str_cmp(struct str a, struct str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int way = n > 0 ? memcmp(a.p, b.p, n) : 0;

	if (way != 0)
		return way;
	return (a.len > b.len) - (a.len < b.len);
}

bool
str_eq_nocase(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	return true;
}

bool
str_starts(struct str s, struct str prefix)
{
	if (s.len < prefix.len)
		return false;
	return str_eq((struct str){ s.p, prefix.len }, prefix);
}

bool
str_ends(struct str s, struct str suffix)
{
	if (s.len < suffix.len)
		return false;
	if (suffix.len == 0)
		return true;
	return str_eq(
	    (struct str){ s.p + (s.len - suffix.len), suffix.len }, suffix);
}

size_t
str_find(struct str s, struct str needle)
{
	size_t at = 0;

	if (needle.len == 0)
		return 0;
	while (s.len - at >= needle.len) {
		const char *hit =
		    memchr(s.p + at, needle.p[0], s.len - at - needle.len + 1);

		if (hit == NULL)
			break;
		if (memcmp(hit, needle.p, needle.len) == 0)
			return (size_t)(hit - s.p);
		at = (size_t)(hit - s.p) + 1;
	}
	return s.len;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str
str_trim(struct str s)
{
	while (s.len > 0 && is_blank(s.p[0])) {
		s.p++;
		s.len--;
	}
	while (s.len > 0 && is_blank(s.p[s.len - 1]))
		s.len--;
	return s;
}

bool
str_cut(struct str *s, char sep, struct str *head)
{
	const char *hit = s->len > 0 ? memchr(s->p, sep, s->len) : NULL;

	if (hit == NULL) {
		*head = *s;
		*s = STR_NONE;
		return false;
	}
	*head = (struct str){ s->p, (size_t)(hit - s->p) };
	s->p = hit + 1;
	s->len -= head->len + 1;
	return true;
}
