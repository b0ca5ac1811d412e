#include "kvitok/base/secret.h"
#include "kvitok/base/tpl.h"
#include "kvitok/web/handlers.h"

#define TAG_LEN 16

static const struct {
	const char *end, *type;
} types[] = {
	{ ".css", "text/css; charset=utf-8" },
	{ ".js", "text/javascript; charset=utf-8" },
	{ ".svg", "image/svg+xml" },
	{ ".png", "image/png" },
	{ ".woff2", "font/woff2" },
	{ ".webmanifest", "application/manifest+json" },
	{ ".txt", "text/plain; charset=utf-8" },
};

static const char *
type_of(struct str name)
{
	for (size_t i = 0; i < KV_COUNT(types); i++)
		if (str_ends(name, str_of(types[i].end)))
			return types[i].type;
	return "application/octet-stream";
}

static enum err
send_file(struct turn *t, struct str name)
{
	struct bytes file =
	    asset_get(arena_fmt(t->a, "static/%.*s", STR_ARG(name)));
	struct str body = { (const char *)file.p, file.len };
	char hash[65];

	/* A folder below is not of the payer's pages. */
	if (!file.p || str_find(name, STR("/")) < name.len)
		return fault_set(t->f, ERR_ABSENT, "path_unknown", "no file");
	secret_sha256_hex(body, hash);
	/* Asked about each time: a page and its script are of one release. */
	reply_header(t->out, "Cache-Control", STR("no-cache"));
	if (!reply_unchanged(t->out, t->rq, (struct str){ hash, TAG_LEN }))
		reply_body(t->out, 200, type_of(name), body);
	return ERR_OK;
}

enum err
static_file(struct turn *t)
{
	return send_file(t, t->params.v[0]);
}

enum err
static_favicon(struct turn *t)
{
	return send_file(t, STR("favicon.svg"));
}

enum err
static_robots(struct turn *t)
{
	return send_file(t, STR("robots.txt"));
}
