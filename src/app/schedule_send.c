#include "kvitok/app/schedule_send.h"

#include "kvitok/app/reference.h"
#include "kvitok/app/report_order.h"
#include "kvitok/app/schedule.h"
#include "kvitok/app/schedule_desk.h"
#include "kvitok/base/json.h"

#include <inttypes.h>

#define PARCEL_MEMORY ((size_t)96 << 20) /* a file, and a letter around it */
#define PAUSE_FIRST_MS 5000
#define PAUSE_MAX_MS 3600000

struct sending {
	const struct ports *p;
	struct arena *a;
	struct parcel_whole w;
	struct report_order o;
	struct fault why; /* of the try */
};

/* --- a letter -------------------------------------------------------- */

static enum err
totals_of(struct sending *x, struct report_totals *out)
{
	const struct report_def *d = report_def(x->o.q.id);
	const struct json *j;
	enum err rc = json_parse(x->a, x->o.totals, JSON_STRICT, &j, &x->why);

	*out = (struct report_totals){ .rows = x->o.lines };
	for (size_t i = 0; rc == ERR_OK && i < d->columns_len; i++) {
		const struct report_column *c = &d->columns[i];
		struct str name = arena_fmt(
		    x->a, "%s%s", c->name, c->type == REPORT_SUM ? "_kop" : "");

		if (c->total && !json_int(json_get(j, name.p), &out->sum[i]))
			rc = fault_set(&x->why, ERR_BUG, "internal",
			    "order %.*s: no total %s", STR_ARG(x->o.id),
			    name.p);
	}
	return rc;
}

static enum err
fill(struct sending *x, struct schedule_letter *l)
{
	const struct str *filter = x->o.q.filter;
	const struct ref *ref;
	const struct ref_portal *po;
	const struct ref_supplier *su;
	struct str host, name;
	enum err rc = reference(x->p, &ref, &x->why);

	if (rc != ERR_OK)
		return rc;
	po = ref_portal(ref, filter[REPORT_PORTAL]);
	if (po == NULL)
		return fault_set(
		    &x->why, ERR_ABSENT, "portal_unknown", "it is gone");
	l->from_name = arena_str(x->a, po->title);
	l->from = arena_str(x->a, po->mail_from);
	l->portal_url = arena_str(x->a, po->url);
	l->support = arena_str(x->a, po->support);
	su = ref_supplier(
	    ref, filter[REPORT_PORTAL], filter[REPORT_SUPPLIER], x->o.q.to_day);
	l->supplier =
	    su != NULL ? arena_str(x->a, su->title) : filter[REPORT_SUPPLIER];
	host = l->from;
	(void)str_cut(&host, '@', &name);
	/* The same for every try: a letter that came twice is known as one. */
	l->message_id =
	    arena_fmt(x->a, "schedule.%.*s.%" PRId64 ".%" PRId64 "@%.*s",
		STR_ARG(x->w.r.id), x->w.p.n, x->w.r.times, STR_ARG(host));
	return ERR_OK;
}

static enum err
mail(struct sending *x)
{
	const struct ports *p = x->p;
	struct report_totals totals;
	struct schedule_letter l = {
		.s = &x->w.s, .o = &x->o, .totals = &totals, .to = x->w.p.target
	};
	int64_t size;
	struct mail m;
	int fd;
	enum err rc = schedule_desk_trusts(p, &x->w.s, x->w.p.target, &x->why);

	if (rc == ERR_OK)
		rc = totals_of(x, &totals);
	if (rc == ERR_OK)
		rc = fill(x, &l);
	if (rc == ERR_OK)
		rc = report_order_open(
		    p, x->a, &x->o, &l.name, &fd, &size, &x->why);
	if (rc != ERR_OK)
		return rc;
	if (size <= p->set.report_letter_max)
		rc = p->outbox.read(x->a, fd, size, &l.file, &x->why);
	else
		p->outbox.close(fd);
	l.url = arena_fmt(x->a, "%.*s/cabinet/reports/%.*s",
	    STR_ARG(p->set.public_url), STR_ARG(x->o.id));
	if (rc == ERR_OK)
		rc = p->letters.scheduled(
		    p->letters.self, x->a, &l, &m, &x->why);
	if (rc == ERR_OK)
		rc = p->mailer.send(p->mailer.self, x->a, &m, &x->why);
	return rc;
}

/* --- a file ---------------------------------------------------------- */

static enum err
put(struct sending *x)
{
	const struct ports *p = x->p;
	struct str name;
	int64_t size;
	int fd;
	enum err rc;

	/* Until the setting is there again. */
	if (p->outbox.self == NULL)
		return fault_set(
		    &x->why, ERR_AGAIN, "schedule_no_folder", "no setting");
	rc = report_order_open(p, x->a, &x->o, &name, &fd, &size, &x->why);
	if (rc != ERR_OK)
		return rc;
	return p->outbox.put(p->outbox.self, x->a, fd, x->w.p.target, &x->why);
}

/* --- how it ended ---------------------------------------------------- */

static int64_t
pause_after(int64_t tries)
{
	int64_t pause = PAUSE_FIRST_MS;

	for (int64_t i = 1; i < tries && pause < PAUSE_MAX_MS; i++)
		pause *= 2;
	return pause < PAUSE_MAX_MS ? pause : PAUSE_MAX_MS;
}

static void
note(const struct sending *x)
{
	const struct parcel *t = &x->w.p;
	const struct log *l = x->p->log;
	bool ended = t->state != PARCEL_WAITING;

	if (l == NULL)
		return;
	if (t->state != PARCEL_DONE)
		log_fault(l, ended ? LOG_ERROR : LOG_WARN, "schedule_failure",
		    &x->why);
	log_event(l, LOG_INFO, "schedule_parcel", LOG_TEXT, "schedule",
	    x->w.s.name, LOG_TEXT, "from", x->w.r.from_day, LOG_TEXT, "to",
	    x->w.r.to_day, x->w.s.by_mail ? LOG_MASK : LOG_TEXT, "target",
	    t->target, LOG_TEXT, "state", str_of(parcel_state_name(t->state)),
	    LOG_INT, "tries", t->tries, LOG_END);
}

static enum err
end(struct sending *x, enum parcel_state state, struct fault *f)
{
	struct parcel *t = &x->w.p;
	int64_t now = x->p->clock.now(x->p->clock.self);
	enum err rc;

	t->state = state;
	t->reason = state == PARCEL_DONE ? STR("") : str_of(x->why.reason);
	t->changed_at = now;
	t->next_at =
	    state == PARCEL_WAITING ? now + pause_after(t->tries) : now;
	note(x);
	rc = x->p->schedule_runs.end(x->p->schedule_runs.self, t, f);
	/* Sent again by hand meanwhile, or our lease ran out. */
	return rc == ERR_CONFLICT ? ERR_OK : rc;
}

static bool
last_try(const struct sending *x)
{
	return x->w.p.tries >= x->p->set.job_fails_max;
}

static enum err
failed(struct sending *x, enum err rc, struct fault *f)
{
	bool letter = str_starts(str_of(x->why.reason), STR("mail_")) ||
	    str_starts(str_of(x->why.reason), STR("email_"));

	if ((rc == ERR_AGAIN || rc == ERR_UNSURE) && !last_try(x))
		return end(x, PARCEL_WAITING, f);
	return end(
	    x, rc == ERR_INVALID && letter ? PARCEL_REFUSED : PARCEL_FAILED, f);
}

/* --- a report that is not there -------------------------------------- */

struct reordering {
	struct sending *x;
	struct report_order o;
};

static enum err
reorder_body(void *arg, struct fault *f)
{
	struct reordering *y = arg;
	const struct ports *p = y->x->p;
	bool changed;
	enum err rc = p->schedule_runs.reorder(
	    p->schedule_runs.self, &y->x->w.r, y->o.id, &changed, f);

	/* Another parcel of the run has done it. */
	if (rc != ERR_OK || !changed)
		return rc;
	return p->report_orders.put(
	    p->report_orders.self, y->x->a, &y->o, INT64_MAX, f);
}

/* The maker writes how it went: the parcel waits for it, and longer each
 * time. */
static enum err
make_again(struct sending *x, struct fault *f)
{
	struct reordering y = { .x = x };
	enum err rc;

	if (last_try(x))
		return end(x, PARCEL_FAILED, f);
	schedule_order(x->p, x->a, &x->w.s, &x->w.r, &y.o);
	rc = x->p->tx.run(
	    x->p->tx.self, "schedule_reorder", reorder_body, &y, f);
	/* Whether it was written is seen by the next try. */
	if (rc != ERR_OK && rc != ERR_UNSURE)
		return rc;
	return end(x, PARCEL_WAITING, f);
}

static bool
is_gone(const struct fault *f)
{
	return f->err == ERR_ABSENT &&
	    str_eq(str_of(f->reason), STR("report_gone"));
}

static enum err
send(struct sending *x, struct fault *f)
{
	const struct report_orders *st = &x->p->report_orders;
	enum err rc = st->load(st->self, x->a, x->w.r.order, &x->o, f);

	if (rc != ERR_OK)
		return rc;
	fault_init(&x->why);
	if (x->o.state == REPORT_ORDER_FAILED)
		rc = fault_set(&x->why, ERR_AGAIN, arena_z(x->a, x->o.reason),
		    "order %.*s", STR_ARG(x->o.id));
	else
		rc = x->w.s.by_mail ? mail(x) : put(x);
	ports_step(x->p, "schedule_sent");
	if (x->o.state == REPORT_ORDER_FAILED || is_gone(&x->why))
		return make_again(x, f);
	return rc == ERR_OK ? end(x, PARCEL_DONE, f) : failed(x, rc, f);
}

enum err
schedule_send(
    const struct ports *p, struct arena *a, bool *did, struct fault *f)
{
	const struct schedule_runs *st = &p->schedule_runs;
	int64_t now = p->clock.now(p->clock.self);
	struct sending x = { .p = p };
	enum err rc = ERR_OK;

	*did = false;
	if (p->spool.self == NULL)
		return ERR_OK;
	rc = st->claim(
	    st->self, a, now, now + p->set.jobs_lease_ms, did, &x.w, f);
	if (rc != ERR_OK || !*did)
		return rc;
	x.a = arena_new(PARCEL_MEMORY);
	rc = send(&x, f);
	arena_free(x.a);
	return rc;
}
