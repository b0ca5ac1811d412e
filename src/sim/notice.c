#include "kvitok/sim/notice.h"

#include "kvitok/sim/door.h"

#include <stdio.h>

#define NOTICE_BYTES_MAX ((size_t)4 << 20)
#define LATE_MS 5000
#define AFTER_RETURN_MS 2000
#define REPEAT_DEFAULT 10

struct notices {
	struct world *w;
	struct notice *open;
	size_t len;
};

struct notices *
notices_new(struct world *w)
{
	struct notices *ns = ARENA_NEW(w->a, struct notices);

	ns->w = w;
	return ns;
}

static void
forget(struct notice *n)
{
	struct notices *ns = n->w->notices;

	timers_cancel(&n->w->timers, &n->timer);
	if (n->prev)
		n->prev->next = n->next;
	else
		ns->open = n->next;
	if (n->next)
		n->next->prev = n->prev;
	ns->len--;
	arena_free(n->a);
}

void
notices_clear(struct notices *ns)
{
	while (ns->open)
		forget(ns->open);
}

struct notice *
notice_new(struct world *w, struct order *o, const char *operation, int ok)
{
	struct notices *ns = w->notices;
	struct arena *a;
	struct notice *n;

	if (ns->len == NOTICE_OPEN_MAX)
		return NULL;
	a = arena_new(NOTICE_BYTES_MAX);
	n = ARENA_NEW(a, struct notice);
	*n = (struct notice){ .a = a,
		.w = w,
		.c = o->c,
		.order = o->serial,
		.what = "callback",
		.at_once = 1,
		.slot = o->notices_len };
	n->number = arena_str(a, o->number);
	pairs_init(&n->say, a);
	if (o->notices_len < ORDER_NOTICES_MAX) {
		struct order_notice *s = &o->notices[o->notices_len];

		*s = (struct order_notice){ .at = world_now(w), .ok = ok };
		(void)snprintf(
		    s->operation, sizeof(s->operation), "%s", operation);
	}
	o->notices_len++;
	o->notices_open++;
	n->next = ns->open;
	if (ns->open)
		ns->open->prev = n;
	ns->open = n;
	ns->len++;
	return n;
}

/* The first try is over, or there will be none. */
static void
first_over(struct notice *n, struct order *o)
{
	if (n->first_over)
		return;
	n->first_over = true;
	if (o && o->notices_open > 0 && --o->notices_open == 0)
		door_let_go_order(n->w, o->serial);
}

static void try_now(void *owner);

static void
after_try(struct notice *n)
{
	struct order *o = book_by_serial(n->w->book, n->order);
	int64_t pause = setup_pause(n->c->plan, n->tries);

	if (n->over)
		n->over(n, o, n->any_taken);
	first_over(n, o);
	if (n->any_taken || pause < 0 ||
	    !timers_set(
		&n->w->timers, &n->timer, world_now(n->w) + pause, try_now, n))
		forget(n);
}

static void
note_result(const struct notice *n, const struct call *call, bool taken)
{
	struct order *o = book_by_serial(n->w->book, n->order);

	if (!o || n->slot >= ORDER_NOTICES_MAX)
		return;
	o->notices[n->slot].http_status = call->status;
	o->notices[n->slot].tries = n->tries;
	o->notices[n->slot].accepted = o->notices[n->slot].accepted || taken;
}

static void
on_done(struct call *call)
{
	struct notice *n = call->owner;
	bool taken = n->taken ? n->taken(call) : call->status == 200;

	n->any_taken = n->any_taken || taken;
	note_result(n, call, taken);
	if (--n->out == 0)
		after_try(n);
}

static void
try_now(void *owner)
{
	struct notice *n = owner;
	size_t copies = n->at_once;

	n->tries++;
	n->at_once = 1; /* repeats by plan come one by one */
	n->out = copies;
	for (size_t i = 0; i < copies; i++) {
		struct call *call = caller_call(n->w->caller);

		call->what = n->what;
		call->number = arena_str(call->a, n->number);
		call->owner = n;
		call->done = on_done;
		n->build(n, call);
		caller_send(n->w->caller, call);
	}
}

void
notice_send(struct notice *n, int64_t delay_ms)
{
	struct world *w = n->w;
	enum bank bank = n->c->bank;
	struct menu_armed armed;

	if (menu_take(
		&w->menu, bank, MENU_CALLBACK_LOST, n->number, NULL, NULL)) {
		first_over(n, book_by_serial(w->book, n->order));
		forget(n);
		return;
	}
	if (menu_take(
		&w->menu, bank, MENU_CALLBACK_LATE, n->number, NULL, &armed))
		delay_ms += armed.delay_ms < 0 ? LATE_MS : armed.delay_ms;
	if (menu_take(&w->menu, bank, MENU_CALLBACK_AFTER_RETURN, n->number,
		NULL, &armed))
		delay_ms +=
		    armed.delay_ms < 0 ? AFTER_RETURN_MS : armed.delay_ms;
	if (menu_take(
		&w->menu, bank, MENU_CALLBACK_REPEAT, n->number, NULL, &armed))
		n->at_once =
		    armed.repeat > 0 ? (size_t)armed.repeat : REPEAT_DEFAULT;
	if (delay_ms <= 0 ||
	    !timers_set(
		&w->timers, &n->timer, world_now(w) + delay_ms, try_now, n))
		try_now(n);
}

bool
notice_before_return(struct world *w, const struct order *o)
{
	return menu_take(&w->menu, o->c->bank, MENU_CALLBACK_BEFORE_RETURN,
		   o->number, NULL, NULL) &&
	    o->notices_open > 0;
}
