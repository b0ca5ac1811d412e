/*
 * kvitok-sim: Sberbank, Gazprombank and a mail server, played on one
 * machine for demos and tests.  Never part of a production host.
 */
#include "kvitok/sim/loop.h"
#include "kvitok/sim/world.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define WORLD_BYTES_MAX ((size_t)256 << 20)

static int stop_pipe[2] = { -1, -1 };

static int64_t
real_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
on_stop(int signo)
{
	char c = (char)signo;

	/* A full pipe says the same as one byte more. */
	(void)!write(stop_pipe[1], &c, 1);
}

static int
catch_signals(void)
{
	struct sigaction stop = { .sa_handler = on_stop };
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	if (pipe(stop_pipe) != 0 ||
	    fcntl(stop_pipe[1], F_SETFL, O_NONBLOCK) != 0)
		return -1;
	sigemptyset(&stop.sa_mask);
	sigemptyset(&ignore.sa_mask);
	return sigaction(SIGTERM, &stop, NULL) == 0 &&
		sigaction(SIGINT, &stop, NULL) == 0 &&
		sigaction(SIGPIPE, &ignore, NULL) == 0
	    ? 0
	    : -1;
}

static int
serve(struct world *w, const char *path)
{
	struct fault f;
	struct buf report;
	enum err rc;

	fault_init(&f);
	buf_init(&report, w->a, 65536);
	rc = setup_load(w->a, path, &w->set, &report, &f);
	if (report.len > 0)
		(void)fputs(report.p, stderr);
	if (rc == ERR_OK) {
		world_init(w);
		rc = loop_open(w, &f);
	}
	if (rc != ERR_OK) {
		log_fault(w->log, LOG_ERROR, "not_started", &f);
		return 1;
	}
	log_event(w->log, LOG_INFO, "started", LOG_TEXT, "http", w->set.http,
	    LOG_TEXT, "https", w->set.https, LOG_TEXT, "smtp", w->set.smtp,
	    LOG_END);
	loop_run(w, stop_pipe[0]);
	loop_close(w);
	log_event(w->log, LOG_INFO, "stopped", LOG_END);
	return 0;
}

int
main(int argc, char **argv)
{
	struct log log = { .fd = STDERR_FILENO,
		.level = LOG_INFO,
		.program = "kvitok-sim",
		.now = real_now };
	struct world w = { .log = &log, .real_now = real_now };
	int rc;

	if (argc != 3 || strcmp(argv[1], "-c") != 0) {
		(void)fputs("usage: kvitok-sim -c FILE\n", stderr);
		return 2;
	}
	if (catch_signals() != 0) {
		(void)fputs("kvitok-sim: cannot start\n", stderr);
		return 1;
	}
	w.a = arena_new(WORLD_BYTES_MAX);
	rc = serve(&w, argv[2]);
	arena_free(w.a);
	return rc;
}
