#include "kvitok/sim/timers.h"

void
timers_init(struct timers *t, struct arena *a)
{
	t->heap = ARENA_ARRAY(a, TIMERS_MAX + 1, struct timer *);
	t->len = 0;
}

static void
place(struct timers *t, size_t pos, struct timer *m)
{
	t->heap[pos] = m;
	m->pos = pos;
}

static void
rise(struct timers *t, size_t pos)
{
	struct timer *m = t->heap[pos];

	for (; pos > 1 && t->heap[pos / 2]->at > m->at; pos /= 2)
		place(t, pos, t->heap[pos / 2]);
	place(t, pos, m);
}

static void
sink(struct timers *t, size_t pos)
{
	struct timer *m = t->heap[pos];

	for (;;) {
		size_t child = 2 * pos;

		if (child > t->len)
			break;
		if (child < t->len &&
		    t->heap[child + 1]->at < t->heap[child]->at)
			child++;
		if (t->heap[child]->at >= m->at)
			break;
		place(t, pos, t->heap[child]);
		pos = child;
	}
	place(t, pos, m);
}

bool
timers_set(struct timers *t, struct timer *m, int64_t at,
    void (*fire)(void *owner), void *owner)
{
	timers_cancel(t, m);
	if (t->len == TIMERS_MAX)
		return false;
	m->at = at;
	m->fire = fire;
	m->owner = owner;
	t->heap[++t->len] = m;
	rise(t, t->len);
	return true;
}

void
timers_cancel(struct timers *t, struct timer *m)
{
	size_t pos = m->pos;
	struct timer *last;

	if (pos == 0)
		return;
	m->pos = 0;
	last = t->heap[t->len--];
	if (last == m)
		return;
	place(t, pos, last);
	rise(t, pos);
	sink(t, last->pos);
}

void
timers_run(struct timers *t, int64_t now)
{
	while (t->len > 0 && t->heap[1]->at <= now) {
		struct timer *m = t->heap[1];

		timers_cancel(t, m);
		m->fire(m->owner);
	}
}

int64_t
timers_next(const struct timers *t)
{
	return t->len > 0 ? t->heap[1]->at : -1;
}
