#include "kvitok/app/send.h"

#include "kvitok/base/day.h"

#define DOC_MEMORY ((size_t)64 << 20)

struct making {
	const struct ports *p;
	const struct mailbox_owner *who;
	struct arena *a; /* emptied after each document */
	int64_t until;
	const struct pulse *pulse; /* beats with each page of lines */
	bool *more;
	struct send_cursor cursor;
	struct send_range range;
	struct sent_doc doc;
	/* Of one transaction: */
	struct sent_doc next;
	struct settle_mark mark, next_mark;
	bool next_more;
	struct str done_day; /* the cursor moves to it; empty: it stays */
	struct fault *f;
};

static enum err
take_body(void *arg, struct fault *f)
{
	struct making *x = arg;

	x->next = x->doc;
	x->next_mark = x->mark;
	return x->p->send.take(x->p->send.self, x->a, &x->next, &x->range,
	    &x->next_mark, &x->next_more, f);
}

static enum err
take_all(struct making *x)
{
	enum err rc = ERR_OK;

	x->mark =
	    (struct settle_mark){ x->range.from_day, STR(""), STR(""), 0 };
	for (x->next_more = true; rc == ERR_OK && x->next_more;) {
		rc = pulse_beat(x->pulse, x->f);
		if (rc == ERR_OK)
			rc = x->p->tx.run(
			    x->p->tx.self, "send_take", take_body, x, x->f);
		if (rc == ERR_OK) {
			x->doc = x->next;
			x->mark = x->next_mark;
			ports_step(x->p, "send_taken");
		}
	}
	return rc;
}

/* One that has nothing is sent when the supplier wants it, and forgotten
 * otherwise. */
static enum err
end_body(void *arg, struct fault *f)
{
	struct making *x = arg;
	const struct send_store *st = &x->p->send;
	bool wanted = x->doc.items > 0 ||
	    (x->who->send_empty && x->doc.kind < SEND_SETTLEMENT);
	enum err rc;

	x->next = x->doc;
	x->next.made_at = x->p->clock.now(x->p->clock.self);
	rc = wanted ? st->end(st->self, x->a, &x->next, f)
		    : st->drop(st->self, &x->next, f);
	return rc == ERR_OK && x->done_day.len > 0
	    ? st->cursor_move(st->self, &x->cursor, x->done_day, f)
	    : rc;
}

static enum err
begin(struct making *x, enum send_kind kind, struct str period)
{
	const struct ports *p = x->p;
	char id[27];
	enum err rc;

	x->doc = (struct sent_doc){ .portal = x->who->portal,
		.supplier = x->who->supplier,
		.kind = kind,
		.period = period,
		.sha256 = STR(""),
		.words = STR(""),
		.begun_at = p->clock.now(p->clock.self) };
	p->ids.ulid(p->ids.self, x->doc.begun_at, id);
	x->doc.id = arena_str(x->a, str_of(id));
	rc = p->send.begin(p->send.self, &x->doc, x->f);
	ports_step(p, "send_begun");
	return rc;
}

/* Take all that x->doc has room for, and give it its number. */
static enum err
finish(struct making *x)
{
	enum err rc = take_all(x);

	if (rc == ERR_OK)
		rc = x->p->tx.run(x->p->tx.self, "send_end", end_body, x, x->f);
	if (rc == ERR_OK)
		ports_step(x->p, "send_made");
	return rc;
}

/* Gives: *found, one of the kind that a former run has begun. */
static enum err
former(struct making *x, enum send_kind kind, bool *found)
{
	return x->p->send.gathering(x->p->send.self, x->a, x->who->portal,
	    x->who->supplier, kind, &x->doc, found, x->f);
}

/* --- documents of a day ------------------------------------------------- */

static enum err
lines_of_day(struct making *x, enum send_kind kind, struct str day)
{
	bool found;
	enum err rc = former(x, kind, &found);

	if (rc == ERR_OK && !found)
		rc = begin(x, kind, day);
	x->done_day = day;
	return rc == ERR_OK ? finish(x) : rc;
}

static enum err
day_done_body(void *arg, struct fault *f)
{
	const struct making *x = arg;

	return x->p->send.cursor_move(
	    x->p->send.self, &x->cursor, x->done_day, f);
}

/* One document for each month of which readings wait. */
static enum err
readings_of_day(struct making *x, struct str day)
{
	const struct ports *p = x->p;
	bool found, sent = false;
	struct str month;
	enum err rc = former(x, SEND_READINGS, &found);

	x->done_day = STR("");
	if (rc == ERR_OK && found) {
		sent = true;
		rc = finish(x);
	}
	for (month = day; rc == ERR_OK && month.len > 0;) {
		rc = p->send.month(p->send.self, x->a, x->who->portal,
		    x->who->supplier, &x->range, &month, x->f);
		if (rc == ERR_OK && month.len == 0 && !sent &&
		    x->who->send_empty)
			month = (struct str){ day.p, DAY_MONTH_SIZE - 1 };
		if (rc != ERR_OK || month.len == 0)
			break;
		sent = true;
		rc = begin(x, SEND_READINGS, month);
		if (rc == ERR_OK)
			rc = finish(x);
	}
	x->done_day = day;
	return rc == ERR_OK
	    ? p->tx.run(p->tx.self, "send_day", day_done_body, x, x->f)
	    : rc;
}

static enum err
range_of_day(struct making *x, struct str day)
{
	const struct send_cursor *c = &x->cursor;
	char from[DAY_TEXT_SIZE], after[DAY_TEXT_SIZE];

	send_look_from(day, c->from_day, c->look_day, from);
	x->range =
	    (struct send_range){ .from_day = arena_str(x->a, str_of(from)),
		    .to_day = day };
	if (!day_step(day, 1, after) ||
	    !day_start(x->range.from_day, DAY_ZONE_MOSCOW, &x->range.from_at) ||
	    !day_start(str_of(after), DAY_ZONE_MOSCOW, &x->range.before_at))
		return fault_set(
		    x->f, ERR_BUG, "internal", "day %.*s", STR_ARG(day));
	return ERR_OK;
}

static enum err
read_cursor(struct making *x, enum send_kind kind)
{
	const struct send_store *st = &x->p->send;
	const struct send_cursor fresh = { x->who->portal, x->who->supplier,
		kind, x->who->send_from, STR(""), STR("") };
	bool found;
	enum err rc = st->cursor(st->self, x->a, x->who->portal,
	    x->who->supplier, kind, &x->cursor, &found, x->f);

	if (rc != ERR_OK || found)
		return rc;
	x->cursor = fresh;
	return st->cursor_put(st->self, &fresh, x->f);
}

static enum err
next_day(struct making *x, enum send_kind kind, bool *due)
{
	char day[DAY_TEXT_SIZE], over[DAY_TEXT_SIZE];
	struct str of;
	enum err rc = read_cursor(x, kind);

	*due = false;
	if (rc != ERR_OK)
		return rc;
	of = x->cursor.from_day;
	if (x->cursor.day.len > 0 && day_step(x->cursor.day, 1, day))
		of = arena_str(x->a, str_of(day));
	send_over_day(x->p->clock.now(x->p->clock.self), over);
	*due = str_cmp(of, str_of(over)) <= 0;
	if (!*due)
		return ERR_OK;
	rc = range_of_day(x, of);
	if (rc != ERR_OK)
		return rc;
	return kind == SEND_READINGS ? readings_of_day(x, of)
				     : lines_of_day(x, kind, of);
}

static bool
time_is_over(struct making *x)
{
	bool over = x->p->clock.now(x->p->clock.self) >= x->until;

	*x->more = *x->more || over;
	return over;
}

static enum err
days(struct making *x, enum send_kind kind)
{
	bool due = true;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && due && !time_is_over(x)) {
		rc = next_day(x, kind, &due);
		arena_reset(x->a);
	}
	return rc;
}

/* --- settlements -------------------------------------------------------- */

static enum err
next_settlement(struct making *x, bool *due)
{
	struct str day;
	bool found;
	enum err rc = read_cursor(x, SEND_SETTLEMENT);

	*due = false;
	x->done_day = STR("");
	x->range = (struct send_range){ .from_day = STR("") };
	if (rc == ERR_OK)
		rc = former(x, SEND_SETTLEMENT, &found);
	if (rc != ERR_OK)
		return rc;
	/* Killed before it took its settlement, it takes none: forgotten. */
	if (found && x->doc.items == 0) {
		*due = true;
		return x->p->tx.run(
		    x->p->tx.self, "send_end", end_body, x, x->f);
	}
	if (!found) {
		rc = x->p->send.settlement(x->p->send.self, x->a, &x->cursor,
		    &x->range.settlement, &day, &x->range.returned, x->f);
		if (rc != ERR_OK || x->range.settlement.len == 0)
			return rc;
		rc = begin(x, SEND_SETTLEMENT, day);
	}
	*due = true;
	return rc == ERR_OK ? finish(x) : rc;
}

/* --- requests ----------------------------------------------------------- */

/* They wait for no end of a day: what was asked, or closed, since a week
 * before the last document. */
static enum err
range_of_requests(struct making *x)
{
	const struct send_cursor *c = &x->cursor;
	char from[DAY_TEXT_SIZE], over[DAY_TEXT_SIZE];

	send_over_day(x->p->clock.now(x->p->clock.self), over);
	x->done_day = arena_str(x->a, str_of(over));
	send_look_from(c->day.len > 0 ? c->day : c->from_day, c->from_day,
	    c->look_day, from);
	x->range =
	    (struct send_range){ .from_day = arena_str(x->a, str_of(from)) };
	return day_start(x->range.from_day, DAY_ZONE_MOSCOW, &x->range.from_at)
	    ? ERR_OK
	    : fault_set(x->f, ERR_BUG, "internal", "day %s", from);
}

static enum err
next_requests(struct making *x, bool *due)
{
	const struct send_store *st = &x->p->send;
	char today[DAY_TEXT_SIZE];
	bool found = false;
	enum err rc = read_cursor(x, SEND_REQUESTS);

	if (rc == ERR_OK)
		rc = range_of_requests(x);
	if (rc == ERR_OK)
		rc = former(x, SEND_REQUESTS, &found);
	*due = found;
	if (rc == ERR_OK && !found)
		rc = st->asked(st->self, x->a, x->who->portal, x->who->supplier,
		    &x->range, due, x->f);
	if (rc != ERR_OK || !*due)
		return rc;
	day_of(x->p->clock.now(x->p->clock.self), DAY_ZONE_MOSCOW, today);
	if (!found)
		rc = begin(x, SEND_REQUESTS, arena_str(x->a, str_of(today)));
	return rc == ERR_OK ? finish(x) : rc;
}

/* One by one, for as long as one is due. */
static enum err
each(struct making *x, enum err (*next)(struct making *x, bool *due))
{
	bool due = true;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && due && !time_is_over(x)) {
		rc = next(x, &due);
		arena_reset(x->a);
	}
	return rc;
}

static enum err
make_kind(struct making *x, enum send_kind k)
{
	if (k == SEND_SETTLEMENT)
		return each(x, next_settlement);
	return k == SEND_REQUESTS ? each(x, next_requests) : days(x, k);
}

enum err
send_make(const struct ports *p, const struct mailbox_owner *who, int64_t until,
    const struct pulse *pulse, bool *more, struct fault *f)
{
	struct making x = { .p = p,
		.who = who,
		.until = until,
		.pulse = pulse,
		.more = more,
		.f = f };
	enum err rc = ERR_OK;

	if (who->send == 0)
		return ERR_OK;
	x.a = arena_new(DOC_MEMORY);
	for (unsigned k = 0; k < SEND_KIND__COUNT && rc == ERR_OK; k++) {
		if ((who->send & (1U << k)) != 0)
			rc = make_kind(&x, (enum send_kind)k);
	}
	arena_free(x.a);
	return rc;
}
