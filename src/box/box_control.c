#include "kvitok/box/box_control.h"

#include "kvitok/base/day.h"
#include "kvitok/base/num.h"
#include "kvitok/base/utf8.h"
#include "kvitok/box/box.h"
#include "kvitok/box/box_request.h"
#include "kvitok/box/box_show.h"
#include "kvitok/sim/control.h"

#include <stdio.h>

#define LIST_DEFAULT 50
#define LIST_MAX 1000
#define ELSEWHERE_MAX 1000
#define COUNT_MAX 1000
#define TEXT_MAX 4000
#define TIME_MAX_MS INT64_C(3600000)

/* --- answers -------------------------------------------------------------- */

static void
failed(struct req *r, const struct fault *f)
{
	control_refuse(r,
	    f->err == ERR_CONFLICT    ? 409
		: f->err == ERR_AGAIN ? 503
				      : 500,
	    arena_fmt(r->a, "%s: %s", f->reason, f->detail).p);
}

static void
state(struct req *r)
{
	struct fault f;
	struct jw w;

	control_json(r, &w);
	if (box_show_state(r->w->box, &w, &f) != ERR_OK) {
		buf_init(&r->out, r->a, 4096);
		failed(r, &f);
	}
}

/* --- work ----------------------------------------------------------------- */

/* One thing that the accountant does, in a transaction. */
struct task {
	struct str month, paid_to_day;
	int64_t elsewhere;
	struct box_request_reply reply;
	KV_MUST_CHECK enum err (*run)(
	    const struct box_work *w, const struct task *o);
};

static void
carry_out(struct req *r, const struct task *o)
{
	struct fault f;
	struct box_work w = box_work(r->w->box, &f);
	enum err rc = box_db_begin(w.db, &f);

	if (rc == ERR_OK)
		rc = o->run(&w, o);
	if (rc == ERR_OK)
		rc = box_db_commit(w.db, &f);
	else
		box_db_rollback(w.db);
	if (rc != ERR_OK)
		failed(r, &f);
	else
		state(r);
}

static enum err
run_charge(const struct box_work *w, const struct task *o)
{
	return box_books_charge(w, o->month, o->paid_to_day);
}

static void
charge(struct req *r)
{
	static const char *const known[] = { "month", "paid_to_day", NULL };
	struct task o = { .run = run_charge };
	const struct json *j;

	if (!control_body(r, known, &j))
		return;
	if (!json_text(json_get(j, "month"), &o.month) ||
	    !day_month_valid(o.month))
		control_refuse(r, 400, "month: YYYY-MM");
	else if (!json_text(json_get(j, "paid_to_day"), &o.paid_to_day) ||
	    !day_valid(o.paid_to_day))
		control_refuse(r, 400,
		    "paid_to_day: YYYY-MM-DD, the last day whose payments "
		    "have all come");
	else
		carry_out(r, &o);
}

static enum err
run_day(const struct box_work *w, const struct task *o)
{
	enum err rc = o->elsewhere > 0 ? box_books_elsewhere(w, o->elsewhere)
				       : box_books_balances(w);

	return rc == ERR_OK ? box_books_answer_readings(w) : rc;
}

static void
day(struct req *r)
{
	static const char *const known[] = { "elsewhere", NULL };
	struct task o = { .elsewhere = 3, .run = run_day };
	const struct json *j, *n;

	if (!control_body(r, known, &j))
		return;
	n = json_get(j, "elsewhere");
	if (n != NULL &&
	    (!json_int(n, &o.elsewhere) || o.elsewhere < 0 ||
		o.elsewhere > ELSEWHERE_MAX))
		control_refuse(r, 400, "elsewhere: 0 to 1000 payments");
	else
		carry_out(r, &o);
}

static enum err
run_answer(const struct box_work *w, const struct task *o)
{
	return box_request_answer(w, &o->reply);
}

static bool
answer_state(struct str s)
{
	return str_eq(s, STR("in_progress")) ||
	    str_eq(s, STR("needs_answer")) || str_eq(s, STR("done")) ||
	    str_eq(s, STR("refused"));
}

static void
answer(struct req *r)
{
	static const char *const known[] = { "request", "state", "text", NULL };
	struct task o = { .run = run_answer };
	struct box_request_reply *a = &o.reply;
	const struct json *j;

	if (!control_body(r, known, &j))
		return;
	a->request = a->text = STR("");
	if (!json_text(json_get(j, "state"), &a->state) ||
	    !answer_state(a->state))
		control_refuse(r, 400,
		    "state: in_progress, needs_answer, done or refused");
	else if (json_get(j, "request") != NULL &&
	    (!json_text(json_get(j, "request"), &a->request) ||
		a->request.len == 0))
		control_refuse(
		    r, 400, "request: its id; all that wait without");
	else if (json_get(j, "text") != NULL &&
	    (!json_text(json_get(j, "text"), &a->text) ||
		utf8_len(a->text) > TEXT_MAX))
		control_refuse(r, 400, "text: at most 4000 characters");
	else
		carry_out(r, &o);
}

/* --- what stands in the books --------------------------------------------- */

static void
balances(struct req *r)
{
	struct fault f;

	r->status = 200;
	r->type = "text/csv; charset=utf-8";
	if (box_balances(r->w->box, &r->out, &f) != ERR_OK) {
		buf_init(&r->out, r->a, 4096);
		failed(r, &f);
	}
}

static void
list(struct req *r,
    enum err (*show)(
	struct box *b, int64_t limit, struct jw *w, struct fault *f))
{
	int64_t limit = LIST_DEFAULT;
	struct fault f;
	struct jw w;

	if (pairs_has(&r->query, "limit") &&
	    !num_parse(pairs_get(&r->query, "limit"), 1, LIST_MAX, &limit)) {
		control_refuse(r, 400, "limit: 1 to 1000");
		return;
	}
	control_json(r, &w);
	if (show(r->w->box, limit, &w, &f) != ERR_OK) {
		buf_init(&r->out, r->a, 4096);
		failed(r, &f);
	}
}

static void
documents(struct req *r)
{
	list(r, box_show_documents);
}

static void
taken(struct req *r)
{
	list(r, box_show_taken);
}

static void
requests(struct req *r)
{
	list(r, box_show_requests);
}

static void
check(struct req *r)
{
	list(r, box_show_check);
}

/* --- faults --------------------------------------------------------------- */

static void
faults(struct req *r)
{
	struct jw w;

	control_json(r, &w);
	box_show_faults(r->w->box, &w);
}

static bool
read_int(const struct json *j, const char *name, int64_t min, int64_t max,
    int64_t *out)
{
	const struct json *v = json_get(j, name);

	return v == NULL || (json_int(v, out) && *out >= min && *out <= max);
}

/* Gives: NULL, or what is wrong. */
static const char *
read_armed(const struct json *j, struct box_armed *x)
{
	struct str name = STR(""), kind = STR("");

	if (!json_text(json_get(j, "fault"), &name) ||
	    (x->fault = box_fault_find(name)) == BOX_FAULT_NONE)
		return "fault: see GET /control/faults";
	x->ms = box_fault_item(x->fault)->ms;
	if (json_get(j, "kind") != NULL &&
	    (!json_text(json_get(j, "kind"), &kind) ||
		kind.len >= sizeof(x->kind)))
		return "kind: of a document, as charges";
	if (!read_int(j, "count", 1, COUNT_MAX, &x->count))
		return "count: 1 to 1000 documents";
	if (!read_int(j, "ms", 0, TIME_MAX_MS, &x->ms))
		return "ms: at most an hour";
	(void)snprintf(x->kind, sizeof(x->kind), "%.*s", STR_ARG(kind));
	return NULL;
}

/* The mailbox goes away, for all who look into it. */
static void
go_away(struct req *r, const struct json *j)
{
	struct box *b = r->w->box;
	int64_t ms = 5000;
	struct fault f;

	if (!read_int(j, "ms", 1, TIME_MAX_MS, &ms))
		control_refuse(r, 400, "ms: at most an hour");
	else if (box_away(b, world_now(&b->w) + ms, &f) != ERR_OK)
		failed(r, &f);
	else
		faults(r);
}

static void
fault_arm(struct req *r)
{
	static const char *const known[] = { "fault", "kind", "count", "ms",
		NULL };
	struct box_armed x = { .count = 1 };
	struct str name;
	const struct json *j;
	const char *wrong;

	if (!control_body(r, known, &j))
		return;
	if (json_text(json_get(j, "fault"), &name) && str_eq(name, STR("down")))
		go_away(r, j);
	else if ((wrong = read_armed(j, &x)) != NULL)
		control_refuse(r, 400, wrong);
	else if (!box_fault_arm(&r->w->box->faults, &x))
		control_refuse(r, 409, "32 faults are armed already");
	else
		faults(r);
}

static void
chance(struct req *r)
{
	static const char *const known[] = { "percent", NULL };
	struct box_faults *x = &r->w->box->faults;
	const struct json *j;
	int64_t percent = -1;

	if (!control_body(r, known, &j))
		return;
	if (!json_int(json_get(j, "percent"), &percent) || percent < 0 ||
	    percent > 100) {
		control_refuse(r, 400, "percent: 0 to 100 of all documents");
		return;
	}
	x->chance_pct = percent;
	faults(r);
}

/* Those that were armed; a mailbox that is away comes back. */
static void
mend(struct req *r)
{
	struct box *b = r->w->box;
	struct fault f;

	b->faults.len = 0;
	b->faults.chance_pct = 0;
	if (b->down_until > 0 && box_away(b, 0, &f) != ERR_OK)
		failed(r, &f);
	else
		faults(r);
}

/* --- addresses ------------------------------------------------------------ */

static const struct {
	const char *method, *path;
	void (*run)(struct req *);
} routes[] = {
	{ "GET", "/control/state", state },
	{ "GET", "/control/balances", balances },
	{ "GET", "/control/documents", documents },
	{ "GET", "/control/taken", taken },
	{ "GET", "/control/requests", requests },
	{ "POST", "/control/answers", answer },
	{ "GET", "/control/check", check },
	{ "POST", "/control/charge", charge },
	{ "POST", "/control/day", day },
	{ "GET", "/control/faults", faults },
	{ "POST", "/control/faults", fault_arm },
	{ "DELETE", "/control/faults", mend },
	{ "POST", "/control/chance", chance },
};

void
box_control(struct req *r)
{
	bool known = false;

	for (size_t i = 0; i < KV_COUNT(routes); i++) {
		if (!str_eq(r->path, str_of(routes[i].path)))
			continue;
		known = true;
		if (!str_eq(r->method, str_of(routes[i].method)))
			continue;
		routes[i].run(r);
		return;
	}
	control_refuse(r, known ? 405 : 404,
	    known ? "this method is not for this address"
		  : "there is no such address");
}
