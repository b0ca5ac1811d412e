#include "kvitok/domain/csv.h"

/* A quoted field at *p; *p goes past its closing quote. */
static bool
quoted(struct arena *a, const char **p, const char *end, struct str *out)
{
	char *to = arena_alloc(a, (size_t)(end - *p));
	size_t n = 0;

	for ((*p)++; *p < end; (*p)++) {
		if (**p != '"') {
			to[n++] = **p;
			continue;
		}
		if (*p + 1 == end || (*p)[1] != '"') {
			(*p)++;
			*out = (struct str){ to, n };
			return true;
		}
		to[n++] = '"';
		(*p)++;
	}
	return false; /* not closed */
}

static void
skip_spaces(const char **p, const char *end)
{
	while (*p < end && (**p == ' ' || **p == '\t'))
		(*p)++;
}

/* A field that begins at *p; *p is left at the separator, or at the end. */
static bool
field(
    struct arena *a, const char **p, const char *end, char sep, struct str *out)
{
	const char *from;

	skip_spaces(p, end);
	if (*p < end && **p == '"') {
		if (!quoted(a, p, end, out))
			return false;
		skip_spaces(p, end);
		return *p == end || **p == sep;
	}
	for (from = *p; *p < end && **p != sep; (*p)++)
		if (**p == '"')
			return false;
	*out = str_trim((struct str){ from, (size_t)(*p - from) });
	return true;
}

bool
csv_split(struct arena *a, struct str line, char sep, struct str *fields,
    size_t max, size_t *len)
{
	const char *p = line.p, *end = line.p + line.len;

	*len = 0;
	for (;;) {
		if (*len == max || !field(a, &p, end, sep, &fields[*len]))
			return false;
		(*len)++;
		if (p == end)
			return true;
		p++; /* the separator */
	}
}
