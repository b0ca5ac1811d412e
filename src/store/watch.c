#include "kvitok/store/watch.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#define NUDGE_MS 50

static size_t
append(char *line, size_t len, size_t max, const char *z)
{
	while (*z != '\0' && len < max)
		line[len++] = *z++;
	return len;
}

/* Only calls that POSIX allows in a signal handler. */
static void
on_alarm(int sig, siginfo_t *info, void *context)
{
	const struct watch *w;
	char line[160];
	size_t len;

	(void)sig;     /* there is one */
	(void)context; /* of no use here */
	if (info->si_code != SI_TIMER)
		return; /* somebody else's alarm */
	w = info->si_value.sival_ptr;
	if (!w->fatal)
		return;
	len = append(line, 0, sizeof(line) - 1,
	    "error event=database_silent statement=");
	len = append(line, len, sizeof(line) - 1, w->what);
	line[len++] = '\n';
	/* It ends here anyway; there is nobody to tell of a failed write. */
	if (write(STDERR_FILENO, line, len) < 0)
		_exit(WATCH_EXIT);
	_exit(WATCH_EXIT);
}

enum err
watch_make(struct watch *w, struct fault *f)
{
	struct sigaction sa;
	struct sigevent ev;

	memset(&sa, 0, sizeof(sa));
	sa.sa_sigaction = on_alarm;
	sa.sa_flags = SA_SIGINFO; /* no SA_RESTART: flock is to be nudged */
	memset(&ev, 0, sizeof(ev));
	ev.sigev_notify = SIGEV_SIGNAL;
	ev.sigev_signo = SIGALRM;
	ev.sigev_value.sival_ptr = w;
	if (sigemptyset(&sa.sa_mask) != 0 ||
	    sigaction(SIGALRM, &sa, NULL) != 0 ||
	    timer_create(CLOCK_MONOTONIC, &ev, &w->timer) != 0)
		return fault_set(
		    f, ERR_BUG, "internal", "timer: %s", strerror(errno));
	w->made = true;
	return ERR_OK;
}

void
watch_free(struct watch *w)
{
	if (w->made && timer_delete(w->timer) == 0)
		w->made = false;
}

static void
set(struct watch *w, int64_t ms, int64_t every)
{
	struct itimerspec t;
	int rc;

	t.it_value.tv_sec = (time_t)(ms / 1000);
	t.it_value.tv_nsec = (long)(ms % 1000) * 1000000;
	t.it_interval.tv_sec = 0;
	t.it_interval.tv_nsec = (long)every * 1000000;
	/* Fails only for a timer or a time that is not one. */
	rc = timer_settime(w->timer, 0, &t, NULL);

	assert(rc == 0);
	(void)rc; /* read by assert alone */
}

void
watch_start(struct watch *w, int64_t ms, const char *what)
{
	w->what = what;
	w->fatal = 1;
	set(w, ms, 0);
}

void
watch_nudge(struct watch *w, int64_t ms)
{
	w->fatal = 0;
	set(w, ms > 0 ? ms : 1, NUDGE_MS);
}

void
watch_stop(struct watch *w)
{
	w->fatal = 0;
	set(w, 0, 0);
}

int64_t
watch_now(void)
{
	struct timespec t = { 0, 0 };

	/* Fails only for a clock that does not exist. */
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void
watch_sleep(int64_t ms)
{
	struct timespec t;

	t.tv_sec = (time_t)(ms / 1000);
	t.tv_nsec = (long)(ms % 1000) * 1000000;
	(void)nanosleep(&t, NULL); /* cut short by a signal is fine */
}
