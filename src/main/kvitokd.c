/*
 * kvitokd: a worker; serves the addresses of one pool, one request at a time.
 *
 * Started by a keeper (systemd, multiwatch, spawn-fcgi) with a listening
 * socket as descriptor 0, which it shares with the other workers of the pool.
 * SIGTERM ends it after the request in hand.
 */
#include "wire.h"

#include "kvitok/app/reference.h"
#include "kvitok/base/secret.h"
#include "kvitok/http/fcgi.h"
#include "kvitok/web/note.h"
#include "kvitok/web/web.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define LIFE_MAX ((size_t)256 << 20) /* memory of the process's own things */
#define TURN_MAX ((size_t)32 << 20)  /* of one request */

static_assert(NOTE_SLOTS <= WIRE_WEB_SLOTS, "counters of the web fit");

/* What takes the place of the listening socket when it is time to end. */
static int no_socket = -1;

/*
 * Signals are let in only while the worker waits for a request; on what is no
 * socket, waiting ends at once, and so it does when the signal came first.
 */
static void
on_stop(int sig)
{
	int kept = errno;

	(void)sig;
	if (dup2(no_socket, STDIN_FILENO) < 0)
		_exit(1); /* cannot be; better than waiting for ever */
	errno = kept;
}

static bool
catch_signals(void)
{
	struct sigaction sa = { .sa_handler = on_stop };

	no_socket = open("/dev/null", O_RDONLY | O_CLOEXEC);
	return no_socket >= 0 && sigemptyset(&sa.sa_mask) == 0 &&
	    sigaction(SIGTERM, &sa, NULL) == 0 &&
	    sigaction(SIGINT, &sa, NULL) == 0;
}

static int64_t
monotonic_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t); /* fails on bad ids only */
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void
bank_more(void *self, int64_t now, struct buf *out)
{
	bank_metrics(self, now, out);
}

static void
bank_health(void *self, int64_t now, struct jw *w)
{
	bank_ready(self, now, w);
}

static void
fill_web(struct arena *a, struct wired *w, enum web_pool pool, struct web *out)
{
	struct web_page *pages =
	    ARENA_ARRAY(a, w->set.pages_len + 1, struct web_page);

	for (size_t i = 0; i < w->set.pages_len; i++)
		pages[i] = (struct web_page){ w->set.pages[i].portal,
			w->set.pages[i].key };
	*out = (struct web){ .ports = &w->ports,
		.pool = pool,
		.pages = pages,
		.pages_len = w->set.pages_len,
		.stats = w->stats,
		.more_metrics = bank_more,
		.more_ready = bank_health,
		.more_self = w->bank };
}

static void
serve_one(struct fcgi *fcgi, const struct web *web, struct log *log,
    struct request *r, struct arena *a)
{
	int64_t began = monotonic_us();
	char made_id[SECRET_ULID_SIZE];
	struct served served;
	struct reply out;

	secret_ulid(web->ports->clock.now(web->ports->clock.self), made_id);
	web_serve(web, a, str_of(made_id), r, &out, &served);
	(void)snprintf(log->context, sizeof(log->context), "%.*s",
	    STR_ARG(r->id)); /* at most 64: the last one may be cut */
	note_served(web, log, r, &out, &served, monotonic_us() - began);
	fcgi_answer(fcgi, r, &out);
	log->context[0] = '\0';
}

static enum err
serve(struct arena *life, struct wired *w, enum web_pool pool, struct fault *f)
{
	struct arena *turn;
	struct fcgi *fcgi;
	struct request r;
	struct web web;
	enum err rc = fcgi_open(life, &fcgi, f);

	if (rc != ERR_OK)
		return rc;
	fill_web(life, w, pool, &web);
	turn = arena_new(TURN_MAX);
	log_event(&w->log, LOG_NOTICE, "worker_started", LOG_END);
	while (fcgi_accept(fcgi, &r)) {
		serve_one(fcgi, &web, &w->log, &r, turn);
		arena_reset(turn);
		ref_cache_settle(w->ports.cache);
	}
	log_event(&w->log, LOG_NOTICE, "worker_ended", LOG_END);
	arena_free(turn);
	return ERR_OK;
}

static bool
pool_of(int argc, char **argv, enum web_pool *pool)
{
	for (int i = 1; i + 1 < argc; i++)
		if (strcmp(argv[i], "--pool") == 0)
			return web_pool_of(str_of(argv[i + 1]), pool);
	return false;
}

int
main(int argc, char **argv)
{
	const char *path = wire_conf_path(argc, argv);
	struct arena *life;
	enum web_pool pool;
	struct wired w;
	struct fault f;
	enum err rc;

	if (!path || !pool_of(argc, argv, &pool)) {
		(void)fputs("usage: kvitokd -c FILE --pool "
			    "api|pay|bank|report <SOCKET\n",
		    stderr);
		return 2;
	}
	if (!catch_signals()) {
		perror("kvitokd: signals");
		return 1;
	}
	life = arena_new(LIFE_MAX);
	fault_init(&f);
	rc = wire_open(life, path, "kvitokd",
	    pool == WEB_REPORT ? WIRE_FILES : WIRE_WORKER, &w, &f);
	if (rc == ERR_OK) {
		rc = serve(life, &w, pool, &f);
		wire_close(&w);
	}
	if (rc != ERR_OK)
		(void)fprintf(stderr, "kvitokd: %s: %s\n",
		    f.reason ? f.reason : "", f.detail);
	arena_free(life);
	return rc == ERR_OK ? 0 : 1;
}
