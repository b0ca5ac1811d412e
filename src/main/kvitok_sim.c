/*
 * kvitok-sim: Sberbank, Gazprombank and a mail server, played on one
 * machine for demos and tests; or, called so, a supplier's accounting system.
 * Never part of a production host.
 */
#include "kvitok/box/box.h"
#include "kvitok/box/box_show.h"
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

/* --- a supplier in the box ------------------------------------------------ */

/* Balances to standard output; what is wrong, to standard error. */
static enum err
check(struct box *b, bool *clean, struct fault *f)
{
	struct buf balances, findings;
	int64_t n = 0;
	enum err rc;

	buf_init(&balances, b->w.a, (size_t)16 << 20);
	buf_init(&findings, b->w.a, 65536);
	rc = box_balances(b, &balances, f);
	if (rc == ERR_OK)
		rc = box_findings(b, &findings, &n, f);
	if (rc != ERR_OK)
		return rc;
	*clean = n == 0;
	if (fwrite(balances.p, 1, balances.len, stdout) != balances.len ||
	    fflush(stdout) != 0)
		return fault_set(f, ERR_AGAIN, "sim_file", "standard output");
	(void)fwrite(findings.p, 1, findings.len, stderr);
	return ERR_OK;
}

static int
supplier(struct box *b, const char *path, const char *word)
{
	struct fault f;
	struct buf report;
	bool clean = true;
	enum err rc;

	fault_init(&f);
	buf_init(&report, b->w.a, 65536);
	rc = box_begin(b, path, &report, &f);
	if (report.len > 0)
		(void)fputs(report.p, stderr);
	if (rc == ERR_OK && word == NULL)
		rc = box_serve(b, stop_pipe[0], &f);
	else if (rc == ERR_OK && strcmp(word, "create") == 0)
		rc = box_create(b, &f);
	else if (rc == ERR_OK)
		rc = check(b, &clean, &f);
	if (rc != ERR_OK)
		log_fault(b->w.log, LOG_ERROR, "supplier_failed", &f);
	box_end(b);
	return rc == ERR_OK && clean ? 0 : 1;
}

static bool
is_supplier(int argc, char **argv)
{
	return argc >= 4 && argc <= 5 && strcmp(argv[1], "supplier") == 0 &&
	    strcmp(argv[2], "-c") == 0 &&
	    (argc == 4 || strcmp(argv[4], "create") == 0 ||
		strcmp(argv[4], "check") == 0);
}

int
main(int argc, char **argv)
{
	struct log log = { .fd = STDERR_FILENO,
		.level = LOG_INFO,
		.program = "kvitok-sim",
		.now = real_now };
	struct world w = { .log = &log, .real_now = real_now };
	struct box b = { .w = w };
	int rc;

	if ((argc != 3 || strcmp(argv[1], "-c") != 0) &&
	    !is_supplier(argc, argv)) {
		(void)fputs("usage: kvitok-sim -c FILE\n"
			    "       kvitok-sim supplier -c FILE "
			    "[create | check]\n",
		    stderr);
		return 2;
	}
	if (catch_signals() != 0) {
		(void)fputs("kvitok-sim: cannot start\n", stderr);
		return 1;
	}
	w.a = b.w.a = arena_new(WORLD_BYTES_MAX);
	rc = argc == 3 ? serve(&w, argv[2])
		       : supplier(&b, argv[3], argc == 5 ? argv[4] : NULL);
	arena_free(w.a);
	return rc;
}
