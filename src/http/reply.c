#include "kvitok/http/reply.h"

#include "kvitok/base/json.h"

#include <assert.h>
#include <inttypes.h>

#define PROBLEM_MAX 65536 /* sixteen fields, names all of escapes */
#define URL_MAX 8192
#define WORDS_MAX 1024
#define RETRY_S 3 /* where the fault does not say when */

static const struct {
	int status;
	const char *phrase;
} phrases[] = {
	{ 200, "OK" },
	{ 201, "Created" },
	{ 202, "Accepted" },
	{ 204, "No Content" },
	{ 303, "See Other" },
	{ 304, "Not Modified" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 409, "Conflict" },
	{ 413, "Content Too Large" },
	{ 414, "URI Too Long" },
	{ 410, "Gone" },
	{ 415, "Unsupported Media Type" },
	{ 422, "Unprocessable Content" },
	{ 429, "Too Many Requests" },
	{ 500, "Internal Server Error" },
	{ 503, "Service Unavailable" },
};

const char *
reply_phrase(int status)
{
	for (size_t i = 0; i < KV_COUNT(phrases); i++)
		if (phrases[i].status == status)
			return phrases[i].phrase;
	return "Status";
}

void
reply_begin(struct reply *r, struct arena *a)
{
	memset(r, 0, sizeof(*r));
	r->a = a;
}

void
reply_header(struct reply *r, const char *name, struct str value)
{
	/* A line end in a value would begin another header. */
	for (size_t i = 0; i < value.len; i++)
		assert((unsigned char)value.p[i] >= ' ' && value.p[i] != 0x7f);
	assert(r->headers_len < REPLY_HEADERS_MAX);
	r->headers[r->headers_len++] = (struct reply_header){ name, value };
}

void
reply_body(struct reply *r, int status, const char *type, struct str body)
{
	r->status = status;
	r->body = body;
	reply_header(r, "Content-Type", str_of(type));
}

void
reply_file(struct reply *r, int status, const char *type, int fd, int64_t size)
{
	reply_body(r, status, type, STR_NONE);
	r->has_file = true;
	r->file = fd;
	r->file_size = size;
}

/* RFC 3986: everything else is percent-encoded already, or must be. */
static bool
may_stand_in_url(unsigned char c)
{
	return c > ' ' && c < 0x7f && !strchr("\"<>\\^`{|}", c);
}

void
reply_see_other(struct reply *r, struct str url)
{
	struct buf b;

	buf_init(&b, r->a, URL_MAX);
	for (size_t i = 0; i < url.len; i++) {
		unsigned char c = (unsigned char)url.p[i];

		if (may_stand_in_url(c))
			buf_char(&b, (char)c);
		else
			buf_fmt(&b, "%%%02X", c);
	}
	assert(!b.full);
	r->status = 303;
	r->body = STR_NONE;
	reply_header(r, "Location", buf_str(&b));
	reply_header(r, "Cache-Control", STR("no-store"));
}

int
reply_status(const struct fault *f)
{
	return reason_status(f->reason);
}

void
reply_retry(struct reply *r, const struct fault *f)
{
	int status = reply_status(f), s = f->retry_after_s;

	if (s == 0 && (status == 503 || status == 429))
		s = RETRY_S;
	if (s > 0)
		reply_header(r, "Retry-After", arena_fmt(r->a, "%d", s));
}

static void
put_words(
    struct jw *w, struct arena *a, const struct fault *f, const char *reason)
{
	struct buf words;

	buf_init(&words, a, WORDS_MAX);
	fault_words_of(f, reason, &words);
	jw_ktext(w, "detail", buf_str(&words));
}

static void
put_fields(struct jw *w, struct arena *a, const struct fault *f)
{
	jw_key(w, "fields");
	jw_list(w);
	for (size_t i = 0; i < f->fields_len; i++) {
		jw_object(w);
		jw_ktext(w, "pointer", str_of(f->fields[i].pointer));
		jw_ktext(w, "reason", str_of(f->fields[i].reason));
		put_words(w, a, f, f->fields[i].reason);
		jw_object_end(w);
	}
	jw_list_end(w);
}

void
reply_problem(struct reply *r, const struct fault *f, struct str request_id)
{
	int status = reply_status(f);
	/* Ids that are not in the table are no business of a front-end. */
	const char *reason = reason_known(f->reason) ? f->reason : "internal";
	struct buf b;
	struct jw w;

	buf_init(&b, r->a, PROBLEM_MAX);
	jw_init(&w, &b);
	jw_object(&w);
	jw_ktext(&w, "type", arena_fmt(r->a, "urn:kvitok:reason:%s", reason));
	jw_ktext(&w, "title", str_of(reply_phrase(status)));
	jw_kint(&w, "status", status);
	put_words(&w, r->a, f, reason);
	jw_ktext(&w, "reason", str_of(reason));
	jw_ktext(&w, "request_id", request_id);
	if (f->fields_len > 0)
		put_fields(&w, r->a, f);
	jw_object_end(&w);
	buf_lit(&b, "\n");
	assert(!b.full);
	reply_begin(r, r->a);
	reply_body(r, status, "application/problem+json", buf_str(&b));
	reply_header(r, "Cache-Control", STR("no-store"));
	reply_retry(r, f);
}

void
reply_head(const struct reply *r, struct str request_id, struct buf *out)
{
	buf_fmt(out, "Status: %d %s\r\n", r->status, reply_phrase(r->status));
	for (size_t i = 0; i < r->headers_len; i++) {
		buf_text(out, str_of(r->headers[i].name));
		buf_lit(out, ": ");
		buf_text(out, r->headers[i].value);
		buf_lit(out, "\r\n");
	}
	if (r->status != 304 && r->status != 204)
		buf_fmt(out, "Content-Length: %" PRId64 "\r\n",
		    r->has_file ? r->file_size : (int64_t)r->body.len);
	buf_lit(out, "X-Request-Id: ");
	buf_text(out, request_id);
	buf_lit(out, "\r\n\r\n");
}

bool
reply_unchanged(struct reply *r, const struct request *rq, struct str tag)
{
	struct str had = request_env(rq, "HTTP_IF_NONE_MATCH");
	struct str quoted = arena_fmt(r->a, "\"%.*s\"", STR_ARG(tag));

	reply_header(r, "ETag", quoted);
	/* Weak tags, which nginx makes of ours when it packs, fit too. */
	if (had.len == 0 || str_find(had, quoted) == had.len)
		return false;
	r->status = 304;
	return true;
}
