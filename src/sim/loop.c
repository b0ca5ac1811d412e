#include "kvitok/sim/loop.h"

#include "kvitok/sim/caller.h"
#include "kvitok/sim/control.h"
#include "kvitok/sim/door.h"
#include "kvitok/sim/gazprom.h"
#include "kvitok/sim/pages.h"
#include "kvitok/sim/sberbank.h"
#include "kvitok/sim/sink.h"

#include <stdbool.h>

#define TICK_MS 1000

static void
handle(struct req *r)
{
	if (str_starts(r->path, STR(SBERBANK_OLD_PREFIX)) ||
	    str_starts(r->path, STR(SBERBANK_NEW_PREFIX)))
		sberbank_handle(r);
	else if (gazprom_is_start(r->path))
		gazprom_start(r);
	else if (str_starts(r->path, STR("/api/v4/")))
		gazprom_api(r);
	else if (str_starts(r->path, STR("/merchantapi/")))
		gazprom_merchantapi(r);
	else if (str_starts(r->path, STR("/control/")))
		control_handle(r);
	else if (!pages_handle(r))
		control_refuse(r, 404, "there is no such address");
}

enum err
loop_open(struct world *w, struct fault *f)
{
	const struct setup *s = &w->set;
	enum err rc =
	    door_open(w, s->http, STR_NONE, STR_NONE, handle, &w->door, f);

	if (rc == ERR_OK && s->https.len > 0)
		rc = door_open(
		    w, s->https, s->cert, s->key, handle, &w->door_tls, f);
	if (rc == ERR_OK && s->smtp.len > 0)
		rc = sink_open(w, s->smtp, &w->sink, f);
	return rc;
}

static int
shorter(int a, int b)
{
	if (a < 0)
		return b;
	return b < 0 || a < b ? a : b;
}

static int
time_to_wait(const struct world *w)
{
	int ms = TICK_MS;
	int64_t next = timers_next(&w->timers), now = world_now(w);

	if (next >= 0 && next - now < TICK_MS)
		ms = next > now ? (int)(next - now) : 0;
	ms = shorter(ms, door_timeout_ms(w->door));
	if (w->door_tls)
		ms = shorter(ms, door_timeout_ms(w->door_tls));
	return ms;
}

void
loop_run(struct world *w, int stop_fd)
{
	struct caller_fd fds[CALLER_FDS_MAX];

	for (;;) {
		size_t n = 0;

		fds[n++] = (struct caller_fd){ .fd = stop_fd, .to_read = true };
		fds[n++] = (struct caller_fd){ .fd = door_fd(w->door),
			.to_read = true };
		if (w->door_tls)
			fds[n++] =
			    (struct caller_fd){ .fd = door_fd(w->door_tls),
				    .to_read = true };
		if (w->sink)
			n += sink_fds(w->sink, fds + n);
		caller_wait(w->caller, fds, n, time_to_wait(w));
		if (fds[0].ready)
			return;
		door_run(w->door);
		if (w->door_tls)
			door_run(w->door_tls);
		if (w->sink)
			sink_run(w->sink);
		caller_run(w->caller);
		timers_run(&w->timers, world_now(w));
	}
}

void
loop_close(struct world *w)
{
	caller_clear(w->caller);
	if (w->sink)
		sink_drop_all(w->sink);
	if (w->door_tls)
		door_close(w->door_tls);
	if (w->door)
		door_close(w->door);
}
