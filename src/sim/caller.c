#include "kvitok/sim/caller.h"

#include "kvitok/base/buf.h"
#include "kvitok/sim/journal.h"
#include "kvitok/sim/world.h"

#include <assert.h>
#include <curl/curl.h>
#include <string.h>

#define CALL_BYTES_MAX ((size_t)4 << 20)
#define CONNECT_MS 5000L

struct caller {
	struct world *w;
	CURLM *multi;
	struct str ca_file;
	struct call *waiting, *waiting_last; /* first come, first called */
	struct call *running;
	size_t running_len;
	CURL *spare[CALLER_AT_ONCE];
	size_t spare_len;
};

static void
caller_free(void *object)
{
	struct caller *c = object;

	caller_clear(c);
	while (c->spare_len > 0)
		curl_easy_cleanup(c->spare[--c->spare_len]);
	curl_multi_cleanup(c->multi);
	curl_global_cleanup();
}

struct caller *
caller_new(struct world *w, struct str ca_file)
{
	struct caller *c = ARENA_NEW(w->a, struct caller);

	/* Fails only without memory; the first call then says so. */
	(void)curl_global_init(CURL_GLOBAL_DEFAULT);
	c->w = w;
	c->multi = curl_multi_init();
	c->ca_file = ca_file;
	arena_defer(w->a, caller_free, c);
	return c;
}

struct call *
caller_call(struct caller *c)
{
	struct arena *a = arena_new(CALL_BYTES_MAX);
	struct call *call = ARENA_NEW(a, struct call);

	call->a = a;
	call->w = c->w;
	call->trouble = "";
	call->timeout_ms = 15000;
	return call;
}

static size_t
on_data(char *p, size_t size, size_t n, void *self)
{
	struct call *call = self;
	size_t len = size * n;

	if (call->answer.len + len > CALLER_ANSWER_MAX)
		return 0;
	call->answer_p = arena_grow(
	    call->a, call->answer_p, call->answer.len, call->answer.len + len);
	memcpy(call->answer_p + call->answer.len, p, len);
	call->answer = (struct str){ call->answer_p, call->answer.len + len };
	return len;
}

/* The merchant's public name is asked for; the socket goes elsewhere. */
static struct str
target(struct call *call)
{
	struct str rest = call->url, head;
	struct buf b;

	if (call->connect.len == 0)
		return call->url;
	if (!str_cut(&rest, '?', &head))
		return call->connect;
	buf_init(&b, call->a, 1 << 20);
	buf_text(&b, call->connect);
	buf_lit(&b, "?");
	buf_text(&b, rest);
	return buf_str(&b);
}

static void
set_up(struct caller *c, struct call *call, CURL *e)
{
	struct curl_slist *h = NULL;

	curl_easy_reset(e);
	curl_easy_setopt(e, CURLOPT_URL, arena_z(call->a, target(call)));
	curl_easy_setopt(e, CURLOPT_PRIVATE, call);
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_PROXY, "");
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(e, CURLOPT_USERAGENT, "kvitok-sim");
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)call->timeout_ms);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_data);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, call);
	if (c->ca_file.len > 0)
		curl_easy_setopt(
		    e, CURLOPT_CAINFO, arena_z(call->a, c->ca_file));
	if (call->user.len > 0) {
		curl_easy_setopt(
		    e, CURLOPT_USERNAME, arena_z(call->a, call->user));
		curl_easy_setopt(
		    e, CURLOPT_PASSWORD, arena_z(call->a, call->password));
		curl_easy_setopt(e, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
	}
	if (call->body.p) {
		h = curl_slist_append(h,
		    arena_fmt(
			call->a, "Content-Type: %.*s", STR_ARG(call->type))
			.p);
		curl_easy_setopt(e, CURLOPT_POSTFIELDS, call->body.p);
		curl_easy_setopt(
		    e, CURLOPT_POSTFIELDSIZE, (long)call->body.len);
		curl_easy_setopt(e, CURLOPT_HTTPHEADER, h);
	}
	call->headers = h;
}

static void
start(struct caller *c, struct call *call)
{
	CURL *e =
	    c->spare_len > 0 ? c->spare[--c->spare_len] : curl_easy_init();

	call->easy = e;
	set_up(c, call, e);
	call->running = true;
	call->prev = NULL;
	call->next = c->running;
	if (c->running)
		c->running->prev = call;
	c->running = call;
	c->running_len++;
	curl_multi_add_handle(c->multi, e);
}

void
caller_send(struct caller *c, struct call *call)
{
	if (c->running_len < CALLER_AT_ONCE) {
		start(c, call);
		return;
	}
	call->next = NULL;
	if (c->waiting_last)
		c->waiting_last->next = call;
	else
		c->waiting = call;
	c->waiting_last = call;
}

/* Take a running call off the list and its handle back. */
static void
stop(struct caller *c, struct call *call)
{
	curl_multi_remove_handle(c->multi, call->easy);
	curl_slist_free_all(call->headers);
	if (c->spare_len < CALLER_AT_ONCE)
		c->spare[c->spare_len++] = call->easy;
	else
		curl_easy_cleanup(call->easy);
	if (call->prev)
		call->prev->next = call->next;
	else
		c->running = call->next;
	if (call->next)
		call->next->prev = call->prev;
	c->running_len--;
	call->running = false;
}

void
caller_clear(struct caller *c)
{
	struct call *call;

	while ((call = c->running)) {
		stop(c, call);
		arena_free(call->a);
	}
	while ((call = c->waiting)) {
		c->waiting = call->next;
		arena_free(call->a);
	}
	c->waiting_last = NULL;
}

void
caller_wait(
    struct caller *c, struct caller_fd *fds, size_t fds_len, int timeout_ms)
{
	struct curl_waitfd w[CALLER_FDS_MAX];

	assert(fds_len <= CALLER_FDS_MAX);
	for (size_t i = 0; i < fds_len; i++) {
		int want = (fds[i].to_read ? CURL_WAIT_POLLIN : 0) |
		    (fds[i].to_write ? CURL_WAIT_POLLOUT : 0);

		w[i] = (struct curl_waitfd){ fds[i].fd, (short)want, 0 };
	}
	/* What it returns is only how many are ready; all are looked at. */
	(void)curl_multi_poll(c->multi, w, (unsigned)fds_len, timeout_ms, NULL);
	for (size_t i = 0; i < fds_len; i++)
		fds[i].ready = w[i].revents != 0;
}

static void
finish(struct caller *c, struct call *call, CURLcode code)
{
	long status = 0;

	if (code == CURLE_OK)
		curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
	else
		call->trouble = curl_easy_strerror(code);
	call->status = (int)status;
	if (call->status == 0)
		call->answer = STR_NONE;
	stop(c, call);
	journal_out(c->w->journal, call, world_now(c->w));
	call->done(call);
	arena_free(call->a);
}

void
caller_run(struct caller *c)
{
	CURLMsg *m;
	int left, running;

	curl_multi_perform(c->multi, &running);
	while ((m = curl_multi_info_read(c->multi, &left))) {
		struct call *call = NULL;

		if (m->msg != CURLMSG_DONE)
			continue;
		CURLcode code = m->data.result;

		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &call);
		finish(c, call, code);
	}
	while (c->waiting && c->running_len < CALLER_AT_ONCE) {
		struct call *call = c->waiting;

		c->waiting = call->next;
		if (!c->waiting)
			c->waiting_last = NULL;
		start(c, call);
	}
}
