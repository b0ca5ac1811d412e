/* Reports by schedule on the accountant's pages: seen, made, stopped. */
#include "kvitok/app/schedule_desk.h"
#include "kvitok/base/log.h"
#include "kvitok/base/utf8.h"
#include "kvitok/web/cabinet_schedule.h"
#include "kvitok/web/handlers.h"

#define NAME_KEY 12 /* characters of a form's key in a schedule's name */
#define NAME_FROM 5 /* after "desk-" */
#define FIELD_MAX 64

/* How often, as it is chosen: a period and the days that it falls due on. */
static const struct {
	const char *id, *period, *days;
} oftens[] = {
	{ "day", "day", "every" },
	{ "working", "since", "working" },
	{ "week", "week", "every" },
	{ "month", "month", "every" },
	{ "month_working", "month", "working" },
};

/* --- what is asked for --------------------------------------------------- */

static struct str
taken(const struct url_params *q, const char *name, const char *usual)
{
	struct str s = str_trim(url_param(q, name));

	return s.len == 0 || s.len > FIELD_MAX ? str_of(usual) : s;
}

/* Every box that is ticked, parted by spaces. */
static struct str
mails_of(struct turn *t, const struct url_params *q)
{
	struct buf b;

	buf_init(&b, t->a, SCHEDULE_TARGET_MAX);
	for (size_t i = 0; i < q->len; i++) {
		if (!str_eq(q->v[i].name, STR("mail")))
			continue;
		if (b.len > 0)
			buf_char(&b, ' ');
		buf_text(&b, q->v[i].value);
	}
	return buf_str(&b);
}

static void
read_ask(struct cabinet_schedule *x, const struct url_params *q)
{
	x->report = taken(q, "report", "payments");
	x->supplier = taken(q, "supplier", "");
	x->format = taken(q, "format", "xlsx");
	x->often = taken(q, "often", "working");
	x->at = taken(q, "at", "08:00");
	x->mails = mails_of(x->t, q);
}

static struct str *
place_of(struct cabinet_schedule *x, const char *field)
{
	const struct {
		const char *name;
		struct str *place;
	} places[] = {
		{ "report", &x->report_wrong },
		{ "supplier", &x->supplier_wrong },
		{ "format", &x->format_wrong },
		{ "at", &x->at_wrong },
		{ "mail", &x->mail_wrong },
	};

	for (size_t i = 0; i < KV_COUNT(places); i++)
		if (strcmp(places[i].name, field) == 0)
			return places[i].place;
	return &x->wrong;
}

/* Note t->f beside its field.  Gives: ERR_OK, or what a page of its own says.
 */
static enum err
refuse(struct cabinet_schedule *x)
{
	struct fault *f = x->t->f;

	if (!cabinet_told(f))
		return f->err;
	x->status = reply_status(f);
	*place_of(x, f->fields_len > 0 ? f->fields[0].pointer : "") =
	    cabinet_words(x->t);
	fault_init(f);
	return ERR_OK;
}

/* --- seen ---------------------------------------------------------------- */

enum err
page_cabinet_schedules(struct turn *t)
{
	struct cabinet_schedule x = { .t = t, .status = 200 };
	struct url_params q;
	struct desk d;
	enum err rc;

	if (!desk_enter(t, RIGHT_REPORT, &d))
		return t->f->err;
	rc = url_params(t->a, t->rq->query, &q, t->f);
	if (rc != ERR_OK)
		return rc;
	x.d = &d;
	read_ask(&x, &q);
	x.done = url_param(&q, "done");
	return cabinet_schedule_show(&x);
}

/* --- made ---------------------------------------------------------------- */

/* Of the key of the form: what is sent twice has the same name. */
static struct str
name_of(struct arena *a, struct str report, struct str ikey)
{
	char *p = arena_z(a, report);

	for (char *at = p; *at != '\0'; at++)
		if (*at == '_')
			*at = '-';
	return arena_fmt(a, "%s-%.*s", p, NAME_KEY, ikey.p + NAME_FROM);
}

static enum err
read_request(struct cabinet_schedule *x, const struct url_params *form,
    struct schedule_request *r)
{
	struct turn *t = x->t;
	struct str ikey;
	size_t i = 0;
	enum err rc = cabinet_key_read(t, form, &ikey);

	if (rc != ERR_OK)
		return rc;
	*r = (struct schedule_request){ .name = name_of(t->a, x->report, ikey),
		.supplier = x->supplier,
		.separator = ';',
		.at = x->at,
		.mail = x->mails,
		.folder = STR(""),
		.from_day = STR(""),
		.to_day = STR(""),
		.actor = desk_actor(t, x->d) };
	if (!report_of(x->report, &r->q.id) ||
	    !cabinet_ask_may(x->d, report_def(r->q.id)))
		return turn_refuse(t, "report", "field_form");
	if (!report_format_of(x->format, &r->format))
		return turn_refuse(t, "format", "field_form");
	while (i < KV_COUNT(oftens) && !str_eq(x->often, str_of(oftens[i].id)))
		i++;
	if (i == KV_COUNT(oftens))
		return turn_refuse(t, "often", "field_form");
	r->period = str_of(oftens[i].period);
	r->days = str_of(oftens[i].days);
	return ERR_OK;
}

static enum err
make(struct cabinet_schedule *x, const struct url_params *form)
{
	struct caller who = cabinet_caller(x->d);
	struct turn *t = x->t;
	struct schedule_request r;
	struct schedule made;
	enum err rc = read_request(x, form, &r);

	return rc == ERR_OK
	    ? schedule_desk_add(desk_noted(t, x->d, "schedule_add", r.name,
				    arena_fmt(t->a, "%.*s, %.*s, %.*s %.*s",
					STR_ARG(x->report), STR_ARG(x->format),
					STR_ARG(x->often), STR_ARG(x->at))),
		  t->a, &who, &r, &made, t->f)
	    : rc;
}

enum err
page_cabinet_schedule_add(struct turn *t)
{
	struct cabinet_schedule x = { .t = t, .status = 200 };
	struct url_params form;
	struct desk d;
	enum err rc;

	if (!desk_enter(t, RIGHT_REPORT, &d) || !desk_form(t, &d, &form))
		return t->f->err;
	x.d = &d;
	read_ask(&x, &form);
	rc = make(&x, &form);
	if (rc == ERR_OK) {
		reply_see_other(t->out, STR("/cabinet/schedules?done=made"));
		return ERR_OK;
	}
	rc = refuse(&x);
	return rc == ERR_OK ? cabinet_schedule_show(&x) : rc;
}

/* --- stopped ------------------------------------------------------------- */

enum err
page_cabinet_schedule_stop(struct turn *t)
{
	struct str name = t->params.v[0];
	struct url_params form;
	struct caller who;
	struct desk d;
	enum err rc;

	if (!desk_enter(t, RIGHT_REPORT, &d) || !desk_form(t, &d, &form))
		return t->f->err;
	who = cabinet_caller(&d);
	rc = schedule_name_ok(name)
	    ? schedule_desk_stop(
		  desk_noted(t, &d, "schedule_stop", name, STR("")), t->a, &who,
		  name, desk_actor(t, &d), t->f)
	    : fault_set(t->f, ERR_ABSENT, "schedule_unknown", "no name");
	if (rc == ERR_OK)
		reply_see_other(t->out, STR("/cabinet/schedules?done=stopped"));
	return rc;
}
