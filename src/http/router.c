#include "kvitok/http/router.h"

#include "kvitok/http/url.h"

#include <assert.h>
#include <stdio.h>

#define SEGMENTS_MAX 12

struct segments {
	struct str v[SEGMENTS_MAX];
	size_t len;
	bool too_many;
};

/* "/a/b/" is "a", "b", "". */
static enum err
split(struct arena *a, struct str path, struct segments *out, struct fault *f)
{
	bool more = true;

	assert(path.len > 0); /* request_begin */
	path.p++;
	path.len--;
	while (more) {
		struct str raw;
		enum err rc;

		if (out->len == SEGMENTS_MAX) {
			out->too_many = true;
			return ERR_OK;
		}
		more = str_cut(&path, '/', &raw);
		rc = url_decode(a, raw, false, &out->v[out->len++], f);
		if (rc != ERR_OK)
			return rc;
	}
	return ERR_OK;
}

static bool
fits(const char *pattern, const struct segments *s, struct route_params *params)
{
	struct str rest = str_of(pattern + 1);
	bool more = true;
	size_t i = 0;

	params->len = 0;
	while (more) {
		struct str want;

		more = str_cut(&rest, '/', &want);
		if (i == s->len)
			return false;
		if (str_starts(want, STR("{"))) {
			if (s->v[i].len == 0)
				return false;
			assert(params->len < ROUTE_PARAMS_MAX);
			params->v[params->len++] = s->v[i];
		} else if (!str_eq(want, s->v[i])) {
			return false;
		}
		i++;
	}
	return i == s->len;
}

static bool
takes(const struct route *row, enum http_method m)
{
	return row->method == m || (row->method == HTTP_GET && m == HTTP_HEAD);
}

static void
list_methods(const bool seen[HTTP_OTHER], char allow[ROUTE_ALLOW_SIZE])
{
	size_t n = 0;

	allow[0] = '\0';
	for (int m = HTTP_GET; m < HTTP_OTHER; m++) {
		int put;

		if (!seen[m])
			continue;
		put = snprintf(allow + n, ROUTE_ALLOW_SIZE - n, "%s%s",
		    n ? ", " : "", http_method_name((enum http_method)m));
		assert(put > 0 && (size_t)put < ROUTE_ALLOW_SIZE - n);
		n += (size_t)put;
	}
}

enum err
route_find(struct arena *a, const struct route *table, size_t len,
    unsigned pools, const struct request *r, const struct route **out,
    struct route_params *params, char allow[ROUTE_ALLOW_SIZE], struct fault *f)
{
	struct segments s = { .len = 0 };
	bool seen[HTTP_OTHER] = { false };
	enum err rc;

	*out = NULL;
	params->len = 0;
	allow[0] = '\0';
	rc = split(a, r->path, &s, f);
	if (rc != ERR_OK)
		return rc;
	for (size_t i = 0; i < len && !s.too_many; i++) {
		/* An address of its own is none of the patterns below it. */
		if (!(table[i].pools & pools) ||
		    (*out && strcmp((*out)->path, table[i].path) != 0) ||
		    !fits(table[i].path, &s, params))
			continue;
		if (takes(&table[i], r->method)) {
			*out = &table[i];
			return ERR_OK;
		}
		*out = &table[i];
		seen[table[i].method] = true;
		if (table[i].method == HTTP_GET)
			seen[HTTP_HEAD] = true;
	}
	if (!*out)
		return fault_set(f, ERR_ABSENT, "path_unknown", "no such path");
	list_methods(seen, allow);
	return fault_set(
	    f, ERR_INVALID, "method_not_allowed", "allowed: %s", allow);
}
