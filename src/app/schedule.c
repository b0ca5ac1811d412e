#include "kvitok/app/schedule.h"

#include "kvitok/app/reference.h"
#include "kvitok/app/report_order.h"
#include "kvitok/base/secret.h"

#define DUE_MAX 20     /* schedules of one round */
#define AHEAD_DAYS 366 /* that the first period may be away */
#define TARGET_MAX 300 /* of a parcel */
#define PAGE 200
#define HASH_SIZE 65

static enum err
bad(struct fault *f, enum err rc, const char *field, const char *reason)
{
	(void)fault_set(f, rc, reason, "%s", field);
	fault_field(f, field, reason);
	return f->err;
}

static int
zone_of(const struct ref *ref, const struct schedule *s)
{
	const struct ref_portal *po =
	    ref_portal(ref, s->q.filter[REPORT_PORTAL]);

	return po != NULL ? po->zone_min : DAY_ZONE_MOSCOW;
}

static struct report_query
query_of(const struct schedule *s, struct str from, struct str to)
{
	struct report_query q = s->q;

	q.from_day = from;
	q.to_day = to;
	return q;
}

static bool
is_over(const struct schedule *s, const struct schedule_period *x)
{
	return s->to_day.len > 0 && str_cmp(str_of(x->to), s->to_day) > 0;
}

/* --- kept ------------------------------------------------------------ */

/* Where the report of a schedule would lie; of one day, so that {from} and {to}
 * are the same place, as they are for who gets each day. */
static struct str
any_path(struct arena *a, const struct schedule *s, bool *full)
{
	const struct report_query q =
	    query_of(s, STR("2026-11-30"), STR("2026-11-30"));
	struct buf b;

	buf_init(&b, a, TARGET_MAX);
	schedule_path(&b, s->target, s->name, &q, s->format);
	*full = b.full;
	return buf_str(&b);
}

/* No other schedule puts its file into the same place: the one that came last
 * would be all that is left. */
static enum err
folder_free(
    const struct ports *p, struct arena *a, struct str path, struct fault *f)
{
	const struct schedule_store *st = &p->schedules;
	const struct schedule *v;
	struct str after = STR("");
	size_t len = PAGE;
	bool full;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && len == PAGE) {
		rc = st->page(st->self, a, after, PAGE, &v, &len, f);
		for (size_t i = 0; rc == ERR_OK && i < len; i++) {
			after = v[i].name;
			if (!v[i].by_mail &&
			    str_eq(any_path(a, &v[i], &full), path))
				return bad(f, ERR_CONFLICT, "folder",
				    "schedule_folder_taken");
		}
	}
	return rc;
}

/* A file's path that no other schedule has. */
static enum err
folder_ok(const struct ports *p, struct arena *a, const struct schedule *s,
    struct fault *f)
{
	struct str path;
	bool full;
	enum err rc = schedule_path_check(s->target, f);

	if (rc != ERR_OK)
		return rc;
	path = any_path(a, s, &full);
	if (full)
		return bad(f, ERR_INVALID, "folder", "schedule_path");
	return p->outbox.self != NULL
	    ? folder_free(p, a, path, f)
	    : bad(f, ERR_LIMIT, "folder", "schedule_no_folder");
}

static enum err
target_of(const struct ports *p, struct arena *a,
    const struct schedule_request *r, struct schedule *s, struct fault *f)
{
	s->by_mail = r->mail.len > 0;
	s->target = r->folder;
	if (s->by_mail == (r->folder.len > 0))
		return bad(f, ERR_INVALID, "mail", "schedule_target");
	return s->by_mail ? schedule_mails(a, r->mail, &s->target, f)
			  : folder_ok(p, a, s, f);
}

/* From which day on, and when the first period falls due. */
static enum err
first_of(const struct ports *p, struct arena *a, const struct ref *ref,
    const struct schedule_request *r, struct schedule *s, struct fault *f)
{
	int64_t now = p->clock.now(p->clock.self), missed;
	char today[DAY_TEXT_SIZE], last[DAY_TEXT_SIZE];
	struct schedule_period first;

	day_of(now, DAY_ZONE_MOSCOW, today);
	day_of(now + AHEAD_DAYS * DAY_MS, DAY_ZONE_MOSCOW, last);
	s->next_day =
	    r->from_day.len > 0 ? r->from_day : arena_str(a, str_of(today));
	s->to_day = r->to_day.p != NULL ? r->to_day : STR("");
	if (!day_valid(s->next_day))
		return bad(f, ERR_INVALID, "from", "report_day");
	if (s->to_day.len > 0 && !day_valid(s->to_day))
		return bad(f, ERR_INVALID, "to", "report_day");
	if (s->to_day.len > 0 && str_cmp(s->to_day, s->next_day) < 0)
		return bad(f, ERR_INVALID, "to", "report_upside_down");
	if (str_cmp(s->next_day, str_of(last)) > 0)
		return bad(f, ERR_INVALID, "from", "schedule_from");
	schedule_next(&s->rule, &ref->law.calendar, zone_of(ref, s),
	    s->next_day, s->to_day, now, p->set.report_catch_up_max, &first,
	    &missed);
	if (missed > 0)
		return bad(f, ERR_INVALID, "from", "schedule_from");
	if (is_over(s, &first))
		return bad(f, ERR_INVALID, "to", "schedule_to");
	s->next_at = first.due_at;
	s->next_day = arena_str(a, str_of(first.from));
	return ERR_OK;
}

/* What is asked for is that of the supplier, or of the portal. */
static enum err
judge(const struct ports *p, const struct schedule_request *r,
    struct schedule *s, struct fault *f)
{
	const struct caller who = { .portal = r->portal,
		.supplier = r->supplier };
	struct report_query any = query_of(s, s->next_day, s->next_day);
	enum err rc = report_order_narrow(&who, &any, f);

	if (rc == ERR_OK)
		rc = report_asked(p, &any, s->format, f);
	for (int i = 0; rc == ERR_OK && i < REPORT_FILTER__COUNT; i++)
		s->q.filter[i] = any.filter[i];
	return rc;
}

/* A schedule that is being made, or ended. */
struct keeping {
	const struct ports *p;
	const struct schedule *s;
	struct str by;
};

static enum err
add_body(void *arg, struct fault *f)
{
	const struct keeping *x = arg;

	return x->p->schedules.put(x->p->schedules.self, x->s, f);
}

static enum err
stop_body(void *arg, struct fault *f)
{
	const struct keeping *x = arg;
	const struct ports *p = x->p;

	return p->schedules.stop(
	    p->schedules.self, x->s->id, x->by, p->clock.now(p->clock.self), f);
}

enum err
schedule_add(const struct ports *p, struct arena *a,
    const struct schedule_request *r, struct schedule *out, struct fault *f)
{
	int64_t now = p->clock.now(p->clock.self);
	struct schedule s = { .name = r->name,
		.q = r->q,
		.format = r->format,
		.encoding = r->encoding,
		.separator = r->separator,
		.made_by = r->actor,
		.made_at = now };
	const struct ref *ref;
	char id[27];
	enum err rc;

	if (!schedule_name_ok(r->name))
		return bad(f, ERR_INVALID, "name", "schedule_name");
	s.q.filter[REPORT_PORTAL] = r->portal;
	rc = schedule_rule_of(r->period, r->days, r->at, &s.rule, f);
	if (rc == ERR_OK)
		rc = reference(p, &ref, f);
	if (rc == ERR_OK)
		rc = first_of(p, a, ref, r, &s, f);
	if (rc == ERR_OK)
		rc = judge(p, r, &s, f);
	if (rc == ERR_OK)
		rc = target_of(p, a, r, &s, f);
	if (rc != ERR_OK)
		return rc;
	p->ids.ulid(p->ids.self, now, id);
	s.id = arena_str(a, str_of(id));
	rc = p->tx.run(p->tx.self, "schedule_add", add_body,
	    &(struct keeping){ .p = p, .s = &s }, f);
	if (rc == ERR_CONFLICT)
		return bad(f, ERR_CONFLICT, "name", "schedule_known");
	*out = s;
	return rc;
}

enum err
schedule_remove(const struct ports *p, struct arena *a, struct str name,
    struct str actor, struct fault *f)
{
	const struct schedule_store *st = &p->schedules;
	struct schedule s;
	enum err rc = st->by_name(st->self, a, name, &s, f);

	return rc == ERR_OK ? p->tx.run(p->tx.self, "schedule_stop", stop_body,
				  &(struct keeping){ p, &s, actor }, f)
			    : rc;
}

/* --- due ------------------------------------------------------------- */

void
schedule_order(const struct ports *p, struct arena *a, const struct schedule *s,
    const struct schedule_run *r, struct report_order *out)
{
	int64_t now = p->clock.now(p->clock.self);
	char id[27], hash[HASH_SIZE];

	p->ids.ulid(p->ids.self, now, id);
	secret_sha256_hex(r->id, hash);
	*out = (struct report_order){ .id = arena_str(a, str_of(id)),
		.key_id = REPORT_ORDER_SCHEDULED,
		.body_hash = arena_str(a, str_of(hash)),
		.q = query_of(s, r->from_day, r->to_day),
		.format = s->format,
		.encoding = s->encoding,
		.separator = s->separator,
		.asked_by = arena_fmt(a, "расписание %.*s", STR_ARG(s->name)),
		.email = STR(""),
		.created_at = now };
	out->ikey = out->id;
}

/* A run that is being written. */
struct planning {
	const struct ports *p;
	struct arena *a;
	const struct schedule *s;
	struct schedule to; /* where s goes on; of a run by hand: not at all */
	bool moves;
	struct schedule_run r; /* id empty: no period is due */
	struct str reason;     /* why it cannot be ordered; empty: it can */
};

static enum err
put_parcel(struct planning *x, int64_t n, struct str target, struct fault *f)
{
	int64_t now = x->p->clock.now(x->p->clock.self);

	return x->p->schedule_runs.parcel(x->p->schedule_runs.self,
	    &(struct parcel){ .run = x->r.id,
		.n = n,
		.target = target,
		.state = x->reason.len > 0 ? PARCEL_FAILED : PARCEL_WAITING,
		.reason = x->reason,
		.next_at = x->r.due_at,
		.changed_at = now },
	    f);
}

static enum err
put_parcels(struct planning *x, struct fault *f)
{
	const struct report_query q =
	    query_of(x->s, x->r.from_day, x->r.to_day);
	struct str list = x->s->target, one;
	struct buf b;
	int64_t n = 0;
	bool more = true;
	enum err rc = ERR_OK;

	if (!x->s->by_mail) {
		buf_init(&b, x->a, TARGET_MAX);
		schedule_path(&b, x->s->target, x->s->name, &q, x->s->format);
		return put_parcel(x, 1, buf_str(&b), f);
	}
	while (rc == ERR_OK && more) {
		more = str_cut(&list, ' ', &one);
		rc = put_parcel(x, ++n, one, f);
	}
	return rc;
}

static enum err
put_run(struct planning *x, struct fault *f)
{
	const struct ports *p = x->p;
	struct report_order o;
	bool made;
	enum err rc;

	schedule_order(p, x->a, x->s, &x->r, &o);
	x->r.order = x->reason.len > 0 ? STR("") : o.id;
	rc = p->schedule_runs.put(p->schedule_runs.self, &x->r, &made, f);
	if (rc != ERR_OK || !made)
		return rc; /* by hand, before its time */
	if (x->reason.len == 0)
		rc = p->report_orders.put(
		    p->report_orders.self, x->a, &o, INT64_MAX, f);
	return rc == ERR_OK ? put_parcels(x, f) : rc;
}

static enum err
plan_body(void *arg, struct fault *f)
{
	struct planning *x = arg;
	const struct schedule_store *st = &x->p->schedules;
	bool moved = true;
	enum err rc = ERR_OK;

	if (x->moves)
		rc = st->move(st->self, x->s, &x->to, &moved, f);
	if (rc != ERR_OK || !moved || x->r.id.len == 0)
		return rc;
	return put_run(x, f);
}

/* What may have changed since the schedule was made: its portal, its
 * supplier. */
static enum err
order_ok(struct planning *x, struct fault *f)
{
	const struct report_query q =
	    query_of(x->s, x->r.from_day, x->r.to_day);
	struct fault own;
	enum err rc;

	fault_init(&own);
	rc = report_asked(x->p, &q, x->s->format, &own);
	x->reason = STR("");
	if (rc == ERR_INVALID)
		x->reason = str_of(own.reason);
	else if (rc != ERR_OK)
		*f = own;
	return rc == ERR_INVALID ? ERR_OK : rc;
}

static void
begin_run(struct planning *x, const struct schedule_period *now)
{
	char id[27];
	int64_t at = x->p->clock.now(x->p->clock.self);

	x->p->ids.ulid(x->p->ids.self, at, id);
	x->r = (struct schedule_run){ .id = arena_str(x->a, str_of(id)),
		.schedule = x->s->id,
		.from_day = arena_str(x->a, str_of(now->from)),
		.to_day = arena_str(x->a, str_of(now->to)),
		.due_at = now->due_at,
		.times = 1,
		.made_at = at };
}

/* The period that is due, and where the schedule goes on after it.  When the
 * calendar has changed since, it may be not yet due. */
static void
look_ahead(struct planning *x, const struct ref *ref)
{
	const struct schedule *s = x->s;
	const struct calendar *c = &ref->law.calendar;
	int64_t now = x->p->clock.now(x->p->clock.self), none;
	struct schedule_period due, next;
	char after[DAY_TEXT_SIZE];

	schedule_next(&s->rule, c, zone_of(ref, s), s->next_day, s->to_day, now,
	    x->p->set.report_catch_up_max, &due, &x->to.missed);
	next = due;
	if (due.due_at <= now && !is_over(s, &due)) {
		begin_run(x, &due);
		day_text(day_number(str_of(due.to)) + 1, after);
		schedule_next(&s->rule, c, zone_of(ref, s), str_of(after),
		    s->to_day, now, INT64_MAX, &next, &none);
	}
	x->to.next_day = arena_str(x->a, str_of(next.from));
	x->to.next_at = is_over(s, &next) ? 0 : next.due_at;
}

static void
note(const struct planning *x)
{
	const struct log *l = x->p->log;

	if (l == NULL)
		return;
	if (x->to.missed > 0)
		log_event(l, LOG_ERROR, "schedule_missed", LOG_TEXT, "schedule",
		    x->s->name, LOG_INT, "periods", x->to.missed, LOG_END);
	if (x->r.id.len > 0)
		log_event(l, x->reason.len > 0 ? LOG_ERROR : LOG_INFO,
		    "schedule_due", LOG_TEXT, "schedule", x->s->name, LOG_TEXT,
		    "from", x->r.from_day, LOG_TEXT, "to", x->r.to_day,
		    LOG_TEXT, "reason", x->reason, LOG_END);
}

static enum err
plan_one(const struct ports *p, struct arena *a, const struct schedule *s,
    struct fault *f)
{
	struct planning x = {
		.p = p, .a = a, .s = s, .moves = true, .reason = STR("")
	};
	const struct ref *ref;
	enum err rc = reference(p, &ref, f);

	if (rc != ERR_OK)
		return rc;
	look_ahead(&x, ref);
	if (x.r.id.len > 0)
		rc = order_ok(&x, f);
	if (rc == ERR_OK)
		rc = p->tx.run(p->tx.self, "schedule_plan", plan_body, &x, f);
	ports_step(p, "schedule_planned");
	if (rc == ERR_OK)
		note(&x);
	/* Whether it was written is seen by the next round. */
	return rc == ERR_UNSURE ? ERR_OK : rc;
}

enum err
schedule_plan(
    const struct ports *p, struct arena *a, size_t *did, struct fault *f)
{
	const struct schedule_store *st = &p->schedules;
	const struct schedule *v;
	size_t len = 0;
	enum err rc;

	*did = 0;
	if (p->spool.self == NULL)
		return ERR_OK;
	rc = st->due(
	    st->self, a, p->clock.now(p->clock.self), DUE_MAX, &v, &len, f);
	for (size_t i = 0; rc == ERR_OK && i < len; i++) {
		rc = plan_one(p, a, &v[i], f);
		*did += rc == ERR_OK;
	}
	return rc;
}

/* --- by hand --------------------------------------------------------- */

static enum err
again_body(void *arg, struct fault *f)
{
	struct planning *x = arg;
	const struct schedule_runs *st = &x->p->schedule_runs;
	struct report_order o;
	bool changed;
	enum err rc =
	    st->again(st->self, &x->r, x->p->clock.now(x->p->clock.self), f);

	if (rc != ERR_OK || x->r.order.len > 0)
		return rc; /* an order that failed is put anew by who sends */
	schedule_order(x->p, x->a, x->s, &x->r, &o);
	rc = st->reorder(st->self, &x->r, o.id, &changed, f);
	return rc == ERR_OK ? x->p->report_orders.put(x->p->report_orders.self,
				  x->a, &o, INT64_MAX, f)
			    : rc;
}

/* Gives: the period of the day, which must be over. */
static enum err
first_time(
    struct planning *x, const struct ref *ref, struct str day, struct fault *f)
{
	int64_t now = x->p->clock.now(x->p->clock.self);
	struct schedule_period period;
	char today[DAY_TEXT_SIZE];

	day_of(now, DAY_ZONE_MOSCOW, today);
	if (str_cmp(day, str_of(today)) < 0)
		schedule_period_with(&x->s->rule, &ref->law.calendar,
		    zone_of(ref, x->s), x->s->next_day, day, &period);
	if (str_cmp(day, str_of(today)) >= 0 ||
	    str_cmp(str_of(period.to), str_of(today)) >= 0)
		return fault_set(
		    f, ERR_CONFLICT, "schedule_not_over", "%.*s", STR_ARG(day));
	period.due_at = now;
	begin_run(x, &period);
	return ERR_OK;
}

static enum err
send_now(struct planning *x, struct str day, struct fault *f)
{
	const struct schedule_runs *st = &x->p->schedule_runs;
	struct report_query q;
	const struct ref *ref;
	bool found;
	enum err rc = st->find(st->self, x->a, x->s->id, day, &found, &x->r, f);

	if (rc == ERR_OK && !found)
		rc = reference(x->p, &ref, f);
	if (rc == ERR_OK && !found)
		rc = first_time(x, ref, day.len > 0 ? day : x->s->next_day, f);
	if (rc == ERR_OK) {
		q = query_of(x->s, x->r.from_day, x->r.to_day);
		rc = report_asked(x->p, &q, x->s->format, f);
	}
	if (rc != ERR_OK)
		return rc;
	return x->p->tx.run(x->p->tx.self, "schedule_now",
	    found ? again_body : plan_body, x, f);
}

enum err
schedule_send_now(const struct ports *p, struct arena *a, struct str name,
    struct str day, struct schedule_run *out, struct fault *f)
{
	struct schedule s;
	struct planning x = { .p = p, .a = a, .s = &s, .reason = STR("") };
	enum err rc;

	if (day.len > 0 && !day_valid(day))
		return bad(f, ERR_INVALID, "day", "report_day");
	rc = p->schedules.by_name(p->schedules.self, a, name, &s, f);
	if (rc == ERR_OK)
		rc = send_now(&x, day, f);
	*out = x.r;
	return rc;
}
