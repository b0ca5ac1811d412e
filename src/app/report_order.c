#include "kvitok/app/report_order.h"

#include "kvitok/app/reference.h"
#include "kvitok/base/day.h"
#include "kvitok/base/jw.h"
#include "kvitok/domain/email.h"

#include <inttypes.h>

#define RENEW_MS 1000
#define TOTALS_MAX 4096

/* --- asking ---------------------------------------------------------- */

bool
report_order_may(const struct caller *who, const struct report_def *d)
{
	return report_has_filter(d, REPORT_PORTAL) &&
	    (who->supplier.len == 0 || report_has_filter(d, REPORT_SUPPLIER));
}

enum err
report_order_narrow(
    const struct caller *who, struct report_query *q, struct fault *f)
{
	struct str *portal = &q->filter[REPORT_PORTAL];
	struct str *supplier = &q->filter[REPORT_SUPPLIER];
	const char *field = NULL;

	if (!report_order_may(who, report_def(q->id)))
		field = "report";
	else if (portal->len > 0 && !str_eq(*portal, who->portal))
		field = "portal";
	else if (who->supplier.len > 0 && supplier->len > 0 &&
	    !str_eq(*supplier, who->supplier))
		field = "supplier";
	if (field != NULL) {
		(void)fault_set(f, ERR_DENIED, "report_foreign", "%s", field);
		fault_field(f, field, "report_foreign");
		return f->err;
	}
	*portal = who->portal;
	if (who->supplier.len > 0)
		*supplier = who->supplier;
	return ERR_OK;
}

static enum err
title_of(const struct ports *p, struct arena *a, const struct caller *who,
    struct str *out, struct fault *f)
{
	const struct ref *ref;
	enum err rc = reference(p, &ref, f);

	*out = who->person.len > 0 ? who->person : who->key_id;
	if (who->person.len > 0)
		return rc;
	for (size_t i = 0; rc == ERR_OK && i < ref->keys_len; i++)
		if (str_eq(ref->keys[i].key_id, who->key_id))
			*out = arena_str(a, ref->keys[i].title);
	return rc;
}

struct asking {
	const struct ports *p;
	struct arena *a;
	struct report_order *o;
};

static enum err
put_body(void *arg, struct fault *f)
{
	struct asking *x = arg;

	return x->p->report_orders.put(x->p->report_orders.self, x->a, x->o,
	    x->p->set.report_waiting_max, f);
}

/* The same key of idempotency leads to the same order. */
static enum err
find(const struct ports *p, struct arena *a,
    const struct report_order_request *req, struct report_order *out,
    bool *found, struct fault *f)
{
	const struct report_orders *st = &p->report_orders;
	struct str id;
	enum err rc =
	    st->known(st->self, a, req->who->key_id, req->ikey, &id, f);

	*found = rc == ERR_OK && id.len > 0;
	if (*found)
		rc = st->load(st->self, a, id, out, f);
	if (rc != ERR_OK || !*found || str_eq(out->body_hash, req->body_hash))
		return rc;
	(void)fault_set(f, ERR_LIMIT, "idempotency_key_reused",
	    "was used for %.*s", STR_ARG(id));
	fault_field(f, "Idempotency-Key", "idempotency_key_reused");
	return f->err;
}

static enum err
judge(const struct ports *p, const struct report_order_request *req,
    struct report_query *q, struct fault *f)
{
	enum err rc;

	if (p->spool.self == NULL)
		return fault_set(f, ERR_LIMIT, "report_off", "no folder");
	*q = req->q;
	rc = report_order_narrow(req->who, q, f);
	if (rc == ERR_OK)
		rc = report_asked(p, q, req->format, f);
	if (rc == ERR_OK && req->email.len > 0 && !email_ok(req->email)) {
		rc = fault_set(f, ERR_INVALID, "email_bad", "email");
		fault_field(f, "email", "email_bad");
	}
	return rc;
}

enum err
report_order_create(const struct ports *p, struct arena *a,
    const struct report_order_request *req, struct report_order *out,
    bool *replay, struct fault *f)
{
	int64_t now = p->clock.now(p->clock.self);
	struct report_order o = { .key_id = req->who->key_id,
		.by_staff = req->who->person.len > 0,
		.ikey = req->ikey,
		.body_hash = req->body_hash,
		.format = req->format,
		.encoding = req->encoding,
		.separator = req->separator,
		.email = req->email,
		.created_at = now };
	struct asking x = { p, a, &o };
	char id[27];
	enum err rc = find(p, a, req, out, replay, f);

	if (rc != ERR_OK || *replay)
		return rc;
	rc = judge(p, req, &o.q, f);
	if (rc == ERR_OK)
		rc = title_of(p, a, req->who, &o.asked_by, f);
	if (rc != ERR_OK)
		return rc;
	p->ids.ulid(p->ids.self, now, id);
	o.id = arena_str(a, str_of(id));
	rc = p->tx.run(p->tx.self, "report_order", put_body, &x, f);
	if (rc == ERR_CONFLICT) /* the same call, a moment ago */
		return find(p, a, req, out, replay, f);
	return rc == ERR_OK
	    ? p->report_orders.load(p->report_orders.self, a, o.id, out, f)
	    : rc;
}

/* Of a schedule: for whoever may have all that is in it. */
static bool
may_have(const struct caller *who, const struct report_order *o)
{
	const struct str *filter = o->q.filter;

	if (!str_eq(o->key_id, REPORT_ORDER_SCHEDULED))
		return str_eq(o->key_id, who->key_id);
	return str_eq(filter[REPORT_PORTAL], who->portal) &&
	    (who->supplier.len == 0 ||
		str_eq(filter[REPORT_SUPPLIER], who->supplier));
}

enum err
report_order_load(const struct ports *p, struct arena *a,
    const struct caller *who, struct str id, struct report_order *out,
    struct fault *f)
{
	const struct report_orders *st = &p->report_orders;
	enum err rc = st->load(st->self, a, id, out, f);

	if (rc == ERR_OK && !may_have(who, out))
		return fault_set(
		    f, ERR_ABSENT, "report_order_unknown", "of another key");
	return rc;
}

/* --- files ----------------------------------------------------------- */

/* Of a run: who died has left another one. */
static struct str
spool_name(struct arena *a, const struct report_order *o, int64_t run)
{
	return arena_fmt(a, "%.*s-%" PRId64 ".%s", STR_ARG(o->id), run,
	    report_format_name(o->format));
}

static void
remove_runs(const struct ports *p, struct arena *a,
    const struct report_order *o, int64_t until)
{
	for (int64_t run = 1; run <= until; run++)
		p->spool.remove(p->spool.self, a, spool_name(a, o, run));
}

enum err
report_order_open(const struct ports *p, struct arena *a,
    const struct report_order *o, struct str *name, int *fd, int64_t *size,
    struct fault *f)
{
	struct buf b;

	if (o->state == REPORT_ORDER_GONE || p->spool.self == NULL)
		return fault_set(
		    f, ERR_ABSENT, "report_gone", "its time is over");
	if (o->state != REPORT_ORDER_DONE)
		return fault_set(f, ERR_CONFLICT, "report_not_ready", "%s",
		    report_order_state_name(o->state));
	buf_init(&b, a, 200);
	report_file_name(&b, &o->q, o->format);
	*name = buf_str(&b);
	return p->spool.open(
	    p->spool.self, a, spool_name(a, o, o->runs), fd, size, f);
}

/* --- making ---------------------------------------------------------- */

struct running {
	const struct ports *p;
	struct arena *a;
	struct report_order *o;
	int64_t renewed_at;
};

static enum err
renew(void *arg, const struct report_progress *at, struct fault *f)
{
	struct running *r = arg;
	int64_t now = r->p->clock.now(r->p->clock.self);

	if (now - r->renewed_at < RENEW_MS)
		return ERR_OK;
	r->renewed_at = now;
	r->o->lease_until = now + r->p->set.jobs_lease_ms;
	r->o->lines = at->rows;
	r->o->reached = at->day;
	ports_step(r->p, "report_writing");
	return r->p->report_orders.renew(r->p->report_orders.self, r->o, f);
}

static struct str
totals_json(
    struct arena *a, const struct report_order *o, const struct report_made *m)
{
	const struct report_def *d = report_def(o->q.id);
	struct buf b;
	struct jw w;

	buf_init(&b, a, TOTALS_MAX);
	jw_init(&w, &b);
	jw_object(&w);
	for (size_t i = 0; i < d->columns_len; i++)
		if (d->columns[i].total) {
			jw_name(&w,
			    arena_fmt(a, "%s%s", d->columns[i].name,
				d->columns[i].type == REPORT_SUM ? "_kop"
								 : ""));
			jw_int(&w, m->totals.sum[i]);
		}
	jw_object_end(&w);
	return buf_str(&b);
}

static enum err
end_body(void *arg, struct fault *f)
{
	struct running *r = arg;
	const struct ports *p = r->p;
	int64_t now = p->clock.now(p->clock.self);
	char id[27], akey[PAY_AKEY_LEN + 1];
	enum err rc = p->report_orders.end(p->report_orders.self, r->o, f);

	if (rc != ERR_OK || r->o->email.len == 0)
		return rc;
	p->ids.ulid(p->ids.self, now, id);
	pay_akey(r->o->q.filter[REPORT_PORTAL], r->o->id, akey);
	return p->jobs.put(p->jobs.self,
	    &(struct job){ .akey = str_of(akey),
		.id = str_of(id),
		.kind = STR("report_mail"),
		.ref = r->o->id,
		.due_at = now,
		.created_at = now },
	    f);
}

static enum err
end(struct running *r, struct fault *f)
{
	const struct ports *p = r->p;

	r->o->ended_at = p->clock.now(p->clock.self);
	r->o->expires_at = r->o->ended_at + p->set.report_keep_ms;
	return p->tx.run(p->tx.self, "report_order", end_body, r, f);
}

/* What was made counts when it is written that it is; else nobody will ever
 * ask for it. */
static enum err
done(struct running *r, const struct report_made *m, struct fault *f)
{
	struct report_order *o = r->o;
	enum err rc;

	o->state = REPORT_ORDER_DONE;
	o->lines = m->totals.rows;
	o->size = m->file.size;
	o->replaced = m->file.replaced;
	o->hash = str_of(m->hash);
	o->digest = str_of(m->file.digest);
	o->totals = totals_json(r->a, o, m);
	ports_step(r->p, "report_written");
	rc = end(r, f);
	if (rc == ERR_CONFLICT)
		r->p->spool.remove(
		    r->p->spool.self, r->a, spool_name(r->a, o, o->runs));
	return rc == ERR_CONFLICT ? ERR_OK : rc;
}

/* The database was away, or somebody else has it: it falls due again.  What
 * will not be better is written down. */
static enum err
failed(struct running *r, const struct fault *why, struct fault *f)
{
	const struct ports *p = r->p;
	bool file = str_eq(str_of(why->reason), STR("file_not_written"));
	enum err rc;

	if (p->log != NULL)
		log_fault(p->log, LOG_ERROR, "report_failed", why);
	if (why->err == ERR_CONFLICT || (why->err == ERR_AGAIN && !file))
		return ERR_OK;
	r->o->state = REPORT_ORDER_FAILED;
	r->o->reason = str_of(why->reason);
	rc = end(r, f);
	return rc == ERR_CONFLICT ? ERR_OK : rc;
}

static enum err
run(struct running *r, struct fault *f)
{
	const struct ports *p = r->p;
	struct report_order *o = r->o;
	struct report_made made;
	struct fault own;
	struct report_request req = { .q = o->q,
		.format = o->format,
		.encoding = o->encoding,
		.separator = o->separator,
		.asked_by = o->asked_by,
		.progress = renew,
		.arg = r };

	fault_init(&own);
	remove_runs(p, r->a, o, o->runs - 1);
	if (o->runs > REPORT_RUNS_MAX) {
		(void)fault_set(&own, ERR_BUG, "report_given_up",
		    "%d runs have died", REPORT_RUNS_MAX);
		return failed(r, &own, f);
	}
	req.path =
	    p->spool.path(p->spool.self, r->a, spool_name(r->a, o, o->runs));
	if (report_make(p, r->a, &req, &made, &own) == ERR_OK)
		return done(r, &made, f);
	return failed(r, &own, f);
}

/* Files first: an order says that its file is there for as long as it is. */
static enum err
sweep(const struct ports *p, struct arena *a, struct fault *f)
{
	const struct report_orders *st = &p->report_orders;
	const struct str *ids;
	size_t len = 0;
	enum err rc = st->over(
	    st->self, a, p->clock.now(p->clock.self), 20, &ids, &len, f);

	for (size_t i = 0; rc == ERR_OK && i < len; i++) {
		struct report_order o;

		rc = st->load(st->self, a, ids[i], &o, f);
		if (rc != ERR_OK)
			break;
		remove_runs(p, a, &o, o.runs);
		rc = st->gone(st->self, ids[i], f);
	}
	return rc;
}

enum err
report_order_work(
    const struct ports *p, struct arena *a, bool *did, struct fault *f)
{
	const struct report_orders *st = &p->report_orders;
	int64_t now = p->clock.now(p->clock.self);
	struct report_order o;
	struct running r = { .p = p, .a = a, .o = &o, .renewed_at = now };
	enum err rc;

	*did = false;
	if (p->spool.self == NULL)
		return ERR_OK;
	rc = sweep(p, a, f);
	if (rc == ERR_OK)
		rc = st->claim(
		    st->self, a, now, now + p->set.jobs_lease_ms, did, &o, f);
	return rc == ERR_OK && *did ? run(&r, f) : rc;
}

/* --- telling --------------------------------------------------------- */

enum err
report_order_mail(
    const struct ports *p, struct arena *a, struct str id, struct fault *f)
{
	const struct ref *ref;
	const struct ref_portal *po;
	struct report_order o;
	struct mail m;
	struct str host, name;
	enum err rc =
	    p->report_orders.load(p->report_orders.self, a, id, &o, f);

	if (rc == ERR_OK)
		rc = reference(p, &ref, f);
	if (rc != ERR_OK)
		return rc;
	po = ref_portal(ref, o.q.filter[REPORT_PORTAL]);
	if (po == NULL)
		return fault_set(f, ERR_ABSENT, "portal_unknown", "it is gone");
	host = po->mail_from;
	(void)str_cut(&host, '@', &name);
	/* The same for every try: a letter that came twice is known as one. */
	rc = p->letters.report(p->letters.self, a, &o, po,
	    arena_fmt(a, "report.%.*s@%.*s", STR_ARG(id), STR_ARG(host)), &m,
	    f);
	return rc == ERR_OK ? p->mailer.send(p->mailer.self, a, &m, f) : rc;
}
