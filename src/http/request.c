#include "kvitok/http/request.h"

#include "kvitok/base/num.h"

#define PIECE 65536

static const struct {
	const char *name;
	enum http_method method;
} methods[] = {
	{ "GET", HTTP_GET },
	{ "HEAD", HTTP_HEAD },
	{ "POST", HTTP_POST },
	{ "PUT", HTTP_PUT },
	{ "DELETE", HTTP_DELETE },
};

const char *
http_method_name(enum http_method m)
{
	for (size_t i = 0; i < KV_COUNT(methods); i++)
		if (methods[i].method == m)
			return methods[i].name;
	return "OTHER";
}

struct str
request_env(const struct request *r, const char *name)
{
	size_t len = strlen(name);

	for (const char *const *e = r->env; *e; e++)
		if (strncmp(*e, name, len) == 0 && (*e)[len] == '=')
			return str_of(*e + len + 1);
	return STR_NONE;
}

struct str
request_cookie(const struct request *r, const char *name)
{
	struct str rest = request_env(r, "HTTP_COOKIE"), pair, key;
	bool more = rest.len > 0;

	while (more) {
		more = str_cut(&rest, ';', &pair);
		pair = str_trim(pair);
		if (str_cut(&pair, '=', &key) && str_eq(key, str_of(name)))
			return pair;
	}
	return STR_NONE;
}

static bool
id_ok(struct str s)
{
	if (s.len < 8 || s.len > 64)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= 'a' && c <= 'z') && c != '.' && c != '_' && c != '-')
			return false;
	}
	return true;
}

static struct str
choose_id(const struct request *r, struct str made_id)
{
	struct str id = request_env(r, "REQUEST_ID");

	if (!id_ok(id))
		id = request_env(r, "HTTP_X_REQUEST_ID");
	return id_ok(id) ? id : made_id;
}

enum err
request_begin(struct request *r, struct str made_id, struct fault *f)
{
	struct str name = request_env(r, "REQUEST_METHOD");
	struct str rest = request_env(r, "REQUEST_URI");

	r->id = choose_id(r, made_id);
	r->remote = request_env(r, "REMOTE_ADDR");
	r->type = request_env(r, "CONTENT_TYPE");
	r->body = STR_NONE;
	r->method = HTTP_OTHER;
	for (size_t i = 0; i < KV_COUNT(methods); i++)
		if (str_eq(name, str_of(methods[i].name)))
			r->method = methods[i].method;
	(void)str_cut(&rest, '?', &r->path); /* no query: all is path */
	r->query = rest;
	if (r->path.len > REQUEST_PATH_MAX || r->query.len > REQUEST_QUERY_MAX)
		return fault_set(f, ERR_INVALID, "url_too_long",
		    "path %zu, query %zu bytes", r->path.len, r->query.len);
	if (!str_starts(r->path, STR("/")))
		return fault_set(
		    f, ERR_INVALID, "request_malformed", "no path");
	return ERR_OK;
}

static enum err
body_length(
    const struct request *r, int64_t max, int64_t *want, struct fault *f)
{
	struct str length = request_env(r, "CONTENT_LENGTH");

	*want = 0;
	if (length.len > 0 && !num_parse(length, 0, INT64_MAX, want))
		return fault_set(f, ERR_INVALID, "request_malformed",
		    "Content-Length is no number");
	if (*want > max)
		return fault_set(f, ERR_INVALID, "body_too_large",
		    "%lld bytes, at most %lld", (long long)*want,
		    (long long)max);
	return ERR_OK;
}

static enum err
ends_early(int64_t got, int64_t want, struct fault *f)
{
	return fault_set(f, ERR_INVALID, "request_malformed",
	    "the body ends after %lld of %lld bytes", (long long)got,
	    (long long)want);
}

enum err
request_pass(const struct request *r, struct arena *a, int64_t max,
    enum err (*put)(void *arg, struct str piece, struct fault *f), void *arg,
    struct fault *f)
{
	int64_t want, got = 0;
	enum err rc = body_length(r, max, &want, f);
	char *p = arena_alloc(a, PIECE);

	while (rc == ERR_OK && got < want) {
		int64_t left = want - got;
		size_t n =
		    r->read(r->self, p, left < PIECE ? (size_t)left : PIECE);

		got += (int64_t)n;
		rc = n > 0 ? put(arg, (struct str){ p, n }, f)
			   : ends_early(got, want, f);
	}
	return rc;
}

enum err
request_body(struct request *r, struct arena *a, size_t max, struct fault *f)
{
	int64_t want;
	size_t got = 0;
	enum err rc = body_length(r, (int64_t)max, &want, f);
	char *p;

	if (rc != ERR_OK || want == 0)
		return rc;
	p = arena_alloc(a, (size_t)want + 1);
	while (got < (size_t)want) {
		size_t n = r->read(r->self, p + got, (size_t)want - got);

		if (n == 0)
			return ends_early((int64_t)got, want, f);
		got += n;
	}
	p[got] = '\0';
	r->body = (struct str){ p, got };
	return ERR_OK;
}

bool
request_is(const struct request *r, const char *type)
{
	struct str rest = r->type, head;

	(void)str_cut(&rest, ';', &head); /* parameters are not looked at */
	return str_eq_nocase(str_trim(head), str_of(type));
}

enum err
request_json(const struct request *r, struct arena *a, const struct json **out,
    struct fault *f)
{
	if (!request_is(r, "application/json"))
		return fault_set(
		    f, ERR_INVALID, "media_type", "not application/json");
	return json_parse(a, r->body, JSON_REALS, out, f);
}

/* "https://pay.example:8443" names the host that was asked? */
static bool
origin_is_host(const struct request *r, struct str origin)
{
	struct str host = request_env(r, "HTTP_HOST");
	size_t at = str_find(origin, STR("://"));

	if (at == origin.len || host.len == 0)
		return false;
	origin.p += at + 3;
	origin.len -= at + 3;
	return str_eq_nocase(origin, host);
}

bool
request_same_site(const struct request *r)
{
	struct str site = request_env(r, "HTTP_SEC_FETCH_SITE");
	struct str origin = request_env(r, "HTTP_ORIGIN");

	if (site.len > 0)
		return str_eq(site, STR("same-origin")) ||
		    str_eq(site, STR("none"));
	/* Browsers before Fetch Metadata send the origin with a POST. */
	return origin.len == 0 || origin_is_host(r, origin);
}
