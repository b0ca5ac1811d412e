#include "kvitok/bank/http.h"

#include <curl/curl.h>

#include <assert.h>
#include <stdlib.h>

/* Below the 75 s of an ordinary nginx, so that we close first. */
#define IDLE_S_MAX 45L

struct http {
	CURL *easy;
	struct http_settings s;
	const char *base, *ca_file; /* NUL-terminated */
};

struct call {
	struct buf body;
	bool once;
	int sendings; /* times that a request was about to be sent */
	char words[CURL_ERROR_SIZE];
};

static void
free_easy(void *easy)
{
	curl_easy_cleanup(easy);
}

static bool
is_loopback(const char *host)
{
	return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
	    (strncmp(host, "127.", 4) == 0 /* but not 127.example.com */
		&& host[strspn(host, "0123456789.")] == '\0');
}

static bool
has_part(CURLU *u, CURLUPart part)
{
	char *text = NULL;
	bool has = curl_url_get(u, part, &text, 0) == CURLUE_OK;

	curl_free(text);
	return has;
}

static bool
url_ok(const char *url)
{
	CURLU *u = curl_url();
	char *scheme = NULL, *host = NULL;
	bool ok = false;

	if (u == NULL)
		abort(); /* out of memory */
	if (curl_url_set(u, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) ==
		CURLUE_OK &&
	    curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
	    curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK)
		ok = (strcmp(scheme, "https") == 0 ||
			 (strcmp(scheme, "http") == 0 && is_loopback(host))) &&
		    !has_part(u, CURLUPART_USER) &&
		    !has_part(u, CURLUPART_FRAGMENT);
	curl_free(scheme);
	curl_free(host);
	curl_url_cleanup(u);
	return ok;
}

enum err
http_new(struct arena *a, const struct http_settings *s, struct http **out,
    struct fault *f)
{
	struct http *h = ARENA_NEW(a, struct http);

	h->s = *s;
	h->base = arena_z(a, s->base);
	h->ca_file = s->ca_file.len > 0 ? arena_z(a, s->ca_file) : NULL;
	if (!url_ok(h->base))
		return fault_set(f, ERR_INVALID, "bank_url_bad",
		    "%s is not https://, nor http:// of this host", h->base);
	h->easy = curl_easy_init();
	if (h->easy == NULL)
		abort(); /* out of memory */
	arena_defer(a, free_easy, h->easy);
	*out = h;
	return ERR_OK;
}

static size_t
on_body(char *p, size_t size, size_t n, void *arg)
{
	struct call *c = arg;

	buf_bytes(&c->body, p, size * n);
	return c->body.full ? 0 : size * n; /* 0 ends the call */
}

/*
 * Called when a connection stands, right before a request is sent on it.
 * Before the first time nothing can have reached the bank; a second time is
 * a repetition.
 */
static int
on_send(void *arg, char *to, char *from, int to_port, int from_port)
{
	struct call *c = arg;

	(void)to;
	(void)from;
	(void)to_port;
	(void)from_port;
	if (c->once && c->sendings > 0)
		return CURL_PREREQFUNC_ABORT;
	c->sendings++;
	return CURL_PREREQFUNC_OK;
}

/* An option that libcurl does not know would leave a door open. */
static void
must(CURLcode rc)
{
	assert(rc == CURLE_OK);
}

/* Options that keep a client honest; the same for every call. */
static void
set_rules(const struct http *h)
{
	CURL *e = h->easy;

	must(curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https"));
	must(curl_easy_setopt(
	    e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1));
	must(curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L));
	must(curl_easy_setopt(e, CURLOPT_PROXY, ""));
	must(curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L));
	must(curl_easy_setopt(e, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L));
	must(curl_easy_setopt(
	    e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2));
	must(curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L));
	must(curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L));
	if (h->ca_file != NULL) {
		must(curl_easy_setopt(e, CURLOPT_CAINFO, h->ca_file));
		/* The folder of the system's store, beside or instead. */
		if (!h->s.ca_system)
			must(curl_easy_setopt(e, CURLOPT_CAPATH, NULL));
	}
	if (h->s.ipv4)
		must(curl_easy_setopt(
		    e, CURLOPT_IPRESOLVE, (long)CURL_IPRESOLVE_V4));
	must(curl_easy_setopt(
	    e, CURLOPT_CONNECTTIMEOUT_MS, (long)h->s.connect_ms));
	must(curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)h->s.total_ms));
	must(curl_easy_setopt(e, CURLOPT_MAXAGE_CONN, IDLE_S_MAX));
	must(curl_easy_setopt(e, CURLOPT_USERAGENT, "Kvitok/" KVITOK_VERSION));
}

static void
set_call(const struct http *h, const char *url, const struct http_request *rq,
    struct call *c)
{
	CURL *e = h->easy;

	must(curl_easy_setopt(e, CURLOPT_URL, url));
	must(curl_easy_setopt(e, CURLOPT_ERRORBUFFER, c->words));
	must(curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body));
	must(curl_easy_setopt(e, CURLOPT_WRITEDATA, c));
	must(curl_easy_setopt(e, CURLOPT_PREREQFUNCTION, on_send));
	must(curl_easy_setopt(e, CURLOPT_PREREQDATA, c));
	if (rq->once)
		must(curl_easy_setopt(e, CURLOPT_FRESH_CONNECT, 1L));
	if (rq->type.len > 0) {
		must(curl_easy_setopt(e, CURLOPT_POST, 1L));
		must(curl_easy_setopt(
		    e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)rq->body.len));
		must(curl_easy_setopt(
		    e, CURLOPT_POSTFIELDS, rq->body.len > 0 ? rq->body.p : ""));
	}
}

static struct curl_slist *
headers_of(struct arena *a, const struct http_request *rq)
{
	struct curl_slist *list, *more;

	list = curl_slist_append(NULL, "Accept: application/json");
	if (list == NULL)
		abort(); /* out of memory */
	if (rq->header.len > 0) {
		more = curl_slist_append(list, arena_z(a, rq->header));
		if (more == NULL)
			abort(); /* out of memory */
	}
	if (rq->type.len == 0)
		return list;
	more = curl_slist_append(
	    list, arena_fmt(a, "Content-Type: %.*s", STR_ARG(rq->type)).p);
	/* No "100 Continue": its wait is a second of the payer's time. */
	more = more ? curl_slist_append(more, "Expect:") : NULL;
	if (more == NULL)
		abort(); /* out of memory */
	return list;
}

enum err
http_call(struct http *h, struct arena *a, const struct http_request *rq,
    struct http_answer *out, struct fault *f)
{
	const char *url = arena_fmt(a, "%s%.*s", h->base, STR_ARG(rq->path)).p;
	struct curl_slist *headers = headers_of(a, rq);
	struct call c = { .once = rq->once };
	curl_off_t took_us = 0;
	long status = 0;
	CURLcode rc;

	*out = (struct http_answer){ 0 };
	buf_init(&c.body, a, HTTP_ANSWER_MAX);
	curl_easy_reset(h->easy); /* keeps connections */
	set_rules(h);
	set_call(h, url, rq, &c);
	must(curl_easy_setopt(h->easy, CURLOPT_HTTPHEADER, headers));
	rc = curl_easy_perform(h->easy);
	must(curl_easy_getinfo(h->easy, CURLINFO_TOTAL_TIME_T, &took_us));
	must(curl_easy_getinfo(h->easy, CURLINFO_RESPONSE_CODE, &status));
	/* It points at this call's memory. */
	curl_easy_reset(h->easy);
	curl_slist_free_all(headers);

	out->took_ms = took_us / 1000;
	if (rc != CURLE_OK)
		return c.sendings == 0
		    ? fault_set(f, ERR_AGAIN, "bank_unavailable",
			  "not sent: %s (%d)",
			  c.words[0] ? c.words : curl_easy_strerror(rc),
			  (int)rc)
		    : fault_set(f, ERR_UNSURE, "bank_unsure",
			  "sent, no whole answer: %s (%d)",
			  c.words[0] ? c.words : curl_easy_strerror(rc),
			  (int)rc);
	out->status = (int)status;
	out->body = buf_str(&c.body);
	return ERR_OK;
}
