/*
 * kvitok-jobs: does what is owed (see app/work.h), and sees to it that a look
 * into each supplier's mailbox is owed; any number may run side
 * by side.  SIGTERM ends it after the job in hand.
 *
 * With --reports it makes reports that were asked for or are due by a
 * schedule, and sends the latter, and nothing else: a long one must not keep
 * letters and questions to banks waiting.  SIGTERM
 * ends it at once: whoever comes next makes the report from its begin.
 */
#include "wire.h"

#include "kvitok/app/appeal_file.h"
#include "kvitok/app/exchange_run.h"
#include "kvitok/app/login.h"
#include "kvitok/app/mailing.h"
#include "kvitok/app/reference.h"
#include "kvitok/app/report_order.h"
#include "kvitok/app/schedule.h"
#include "kvitok/app/schedule_send.h"
#include "kvitok/app/subscriber.h"
#include "kvitok/app/supplied.h"
#include "kvitok/app/sweep.h"
#include "kvitok/app/work.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LIFE_MAX ((size_t)256 << 20) /* memory of the process's own things */
#define ROUND_MAX ((size_t)16 << 20) /* of one round */
#define SWEEP_MS 60000
#define SWEEP_LIMIT 200
#define DOWN_PAUSE_MS 1000

static volatile sig_atomic_t stopping;

static void
on_term(int sig)
{
	(void)sig;
	stopping = 1;
}

static void
catch_signals(bool reports)
{
	struct sigaction sa = { .sa_handler = on_term };

	(void)sigemptyset(&sa.sa_mask); /* cannot fail */
	if (!reports) {
		(void)sigaction(SIGTERM, &sa, NULL);
		(void)sigaction(SIGINT, &sa, NULL);
	}
	sa.sa_handler = SIG_IGN;
	(void)sigaction(SIGPIPE, &sa, NULL);
}

static void
rest(int64_t ms)
{
	struct timespec t = { .tv_sec = (time_t)(ms / 1000),
		.tv_nsec = (long)(ms % 1000) * 1000000 };

	(void)nanosleep(&t, NULL); /* cut short by a signal: look again */
}

/* The name of this worker in leases: host and process. */
static struct str
worker_name(struct arena *a)
{
	char host[40] = "";

	if (gethostname(host, sizeof(host) - 1) != 0)
		host[0] = '\0';
	return arena_fmt(a, "%s.%ld", host, (long)getpid());
}

static enum err
sweep(struct wired *w, struct arena *round, int64_t *last, struct fault *f)
{
	int64_t now = w->ports.clock.now(w->ports.clock.self);
	size_t did;
	enum err rc;

	if (now - *last < SWEEP_MS && now >= *last)
		return ERR_OK;
	*last = now;
	rc = sweep_payments(&w->ports, round, SWEEP_LIMIT, &did, f);
	if (rc == ERR_OK)
		rc = login_sweep(&w->ports, f);
	if (rc == ERR_OK)
		rc = subscriber_sweep(&w->ports, round, SWEEP_LIMIT, f);
	if (rc == ERR_OK)
		rc = supplied_sweep(&w->ports, round, SWEEP_LIMIT, f);
	if (rc == ERR_OK)
		rc = appeal_file_sweep(&w->ports, f);
	return rc == ERR_OK ? mailing_plan(&w->ports, &did, f) : rc;
}

/* One report at a time, and one parcel. */
static enum err
make_reports(struct wired *w, struct arena *round, size_t *did, struct fault *f)
{
	bool made = false, sent = false;
	enum err rc = schedule_plan(&w->ports, round, did, f);

	if (rc == ERR_OK)
		rc = report_order_work(&w->ports, round, &made, f);
	if (rc == ERR_OK)
		rc = schedule_send(&w->ports, round, &sent, f);
	*did += (size_t)made + (size_t)sent;
	return rc;
}

static enum err
do_some(struct wired *w, struct arena *round, struct str worker, int64_t *swept,
    size_t *did, struct fault *f)
{
	enum err rc;

	if (w->reports_db != NULL)
		return make_reports(w, round, did, f);
	rc = sweep(w, round, swept, f);
	return rc == ERR_OK
	    ? work_some(&w->ports, round, worker, w->set.jobs_batch, did, f)
	    : rc;
}

static void
work(struct wired *w, struct str worker)
{
	struct arena *round = arena_new(ROUND_MAX);
	struct fault f;
	int64_t swept = 0;
	bool begun = w->reports_db != NULL; /* mailboxes are not its own */

	while (!stopping) {
		size_t did = 0;
		enum err rc;

		fault_init(&f);
		rc = begun ? ERR_OK : exchange_run_begin(&w->ports, &f);
		begun = begun || rc == ERR_OK;
		if (rc == ERR_OK)
			rc = do_some(w, round, worker, &swept, &did, &f);
		if (rc != ERR_OK)
			log_fault(&w->log, LOG_ERROR, "jobs_stopped", &f);
		arena_reset(round);
		ref_cache_settle(w->ports.cache);
		if (did == 0 && !stopping)
			rest(
			    rc == ERR_OK ? w->set.jobs_poll_ms : DOWN_PAUSE_MS);
	}
	arena_free(round);
}

static bool
has_flag(int argc, char **argv, const char *flag)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], flag) == 0)
			return true;
	return false;
}

int
main(int argc, char **argv)
{
	const char *path = wire_conf_path(argc, argv);
	bool reports = has_flag(argc, argv, "--reports");
	struct arena *life;
	struct wired w;
	struct fault f;

	if (!path) {
		(void)fputs("usage: kvitok-jobs -c FILE [--reports]\n", stderr);
		return 2;
	}
	catch_signals(reports);
	life = arena_new(LIFE_MAX);
	fault_init(&f);
	if (wire_open(life, path, "kvitok-jobs",
		reports ? WIRE_REPORTS : WIRE_JOBS, &w, &f) != ERR_OK) {
		(void)fprintf(stderr, "kvitok-jobs: %s: %s\n",
		    f.reason ? f.reason : "", f.detail);
		arena_free(life);
		return 1;
	}
	log_event(&w.log, LOG_NOTICE, "jobs_started", LOG_END);
	work(&w, worker_name(life));
	log_event(&w.log, LOG_NOTICE, "jobs_ended", LOG_END);
	wire_close(&w);
	arena_free(life);
	return 0;
}
