#include "ctl.h"

#include "kvitok/app/schedule.h"
#include "kvitok/base/log.h"

#include <inttypes.h>

#define PAGE 200
#define PARCELS_SHOWN 60
#define MASK_MAX 400

/* A screen is a log: addresses are masked. */
static void
say_target(struct ctl *c, bool by_mail, struct str target)
{
	struct str one;
	bool more = true, first = true;

	if (!by_mail) {
		ctl_say(&c->out, "", target);
		return;
	}
	while (more) {
		struct buf mask;

		more = str_cut(&target, ' ', &one);
		buf_init(&mask, c->a, MASK_MAX);
		log_mask(&mask, one);
		ctl_say(&c->out, first ? "" : ", ", buf_str(&mask));
		first = false;
	}
}

static void
say_schedule(struct ctl *c, const struct schedule *s)
{
	char period[SCHEDULE_WORD_SIZE], days[SCHEDULE_WORD_SIZE];
	char at[SCHEDULE_TIME_SIZE];
	struct buf *b = &c->out;

	schedule_period_word(&s->rule, period);
	schedule_days_word(&s->rule, days);
	schedule_time_word(&s->rule, at);
	ctl_say(b, "", s->name);
	ctl_say(b, ": ", s->q.filter[REPORT_PORTAL]);
	if (s->q.filter[REPORT_SUPPLIER].len > 0)
		ctl_say(b, "/", s->q.filter[REPORT_SUPPLIER]);
	buf_fmt(b, " %s %s, period %s, days %s, at %s, ",
	    report_def(s->q.id)->name, report_format_name(s->format), period,
	    days, at);
	buf_text(b, s->by_mail ? STR("mail to ") : STR("into "));
	say_target(c, s->by_mail, s->target);
	buf_lit(b, "\n    next ");
	ctl_time(b, s->next_at);
	if (s->next_at > 0)
		ctl_say(b, ", begins ", s->next_day);
	if (s->to_day.len > 0)
		ctl_say(b, ", until ", s->to_day);
	if (s->missed > 0)
		buf_fmt(b, ", left out %" PRId64, s->missed);
	ctl_say(b, ", made by ", s->made_by);
	buf_char(b, '\n');
}

static void
say_parcel(
    struct ctl *c, const struct schedule *s, const struct parcel_whole *x)
{
	struct buf *b = &c->out;

	ctl_say(b, "    ", x->r.from_day);
	if (!str_eq(x->r.from_day, x->r.to_day))
		ctl_say(b, " to ", x->r.to_day);
	buf_fmt(b, "  %s, tries %" PRId64 ", ", parcel_state_name(x->p.state),
	    x->p.tries);
	say_target(c, s->by_mail, x->p.target);
	buf_char(b, ' ');
	ctl_time(b, x->p.changed_at);
	if (x->p.reason.len > 0)
		ctl_say(b, ", ", x->p.reason);
	if (x->r.order.len > 0)
		ctl_say(b, ", order ", x->r.order);
	buf_char(b, '\n');
}

/* all: also what went well. */
static enum err
say_parcels(struct ctl *c, const struct schedule *s, bool all)
{
	const struct parcel_whole *v;
	size_t len = 0;
	enum err rc = c->p->schedule_runs.parcels(c->p->schedule_runs.self,
	    c->a, s->id, all, PARCELS_SHOWN, &v, &len, &c->f);

	for (size_t i = 0; rc == ERR_OK && i < len; i++)
		say_parcel(c, s, &v[i]);
	return rc;
}

static struct str
given(struct ctl *c, const char *name)
{
	struct str s = ctl_option(c, name);

	return s.p != NULL ? s : STR("");
}

static enum err
read_request(struct ctl *c, struct schedule_request *r)
{
	struct str name = ctl_option(c, "report");

	*r = (struct schedule_request){ .name = c->words[0],
		.portal = ctl_option(c, "portal"),
		.supplier = given(c, "supplier"),
		.period = ctl_option(c, "period"),
		.days = ctl_option(c, "days"),
		.at = ctl_option(c, "at"),
		.mail = given(c, "mail"),
		.folder = given(c, "folder"),
		.from_day = given(c, "from"),
		.to_day = given(c, "to"),
		.actor = ctl_operator(c) };
	if (!report_of(name, &r->q.id))
		return fault_set(&c->f, ERR_ABSENT, "report_unknown",
		    "no report \"%.*s\"; see kvitokctl report list",
		    STR_ARG(name));
	if (!report_format_of(ctl_option(c, "format"), &r->format))
		r->format = REPORT_FORMAT__COUNT; /* report_check refuses */
	for (int i = REPORT_CONTRACT; i < REPORT_FILTER__COUNT; i++)
		r->q.filter[i] =
		    given(c, report_filter_name((enum report_filter)i));
	return ctl_report_csv(c, r->format, &r->encoding, &r->separator);
}

enum err
ctl_schedule_add(struct ctl *c)
{
	struct schedule_request r;
	struct schedule s;
	enum err rc = read_request(c, &r);

	if (rc == ERR_OK)
		rc = schedule_add(c->p, c->a, &r, &s, &c->f);
	if (rc == ERR_OK)
		say_schedule(c, &s);
	return rc;
}

enum err
ctl_schedule_list(struct ctl *c)
{
	const struct schedule_store *st = &c->p->schedules;
	const struct schedule *v;
	struct str after = STR("");
	size_t len = PAGE;
	enum err rc = ERR_OK;

	while (rc == ERR_OK && len == PAGE && !c->out.full) {
		rc = st->page(st->self, c->a, after, PAGE, &v, &len, &c->f);
		for (size_t i = 0; rc == ERR_OK && i < len; i++) {
			say_schedule(c, &v[i]);
			rc = say_parcels(c, &v[i], false);
			after = v[i].name;
		}
	}
	return rc;
}

enum err
ctl_schedule_show(struct ctl *c)
{
	struct schedule s;
	enum err rc = c->p->schedules.by_name(
	    c->p->schedules.self, c->a, c->words[0], &s, &c->f);

	if (rc != ERR_OK)
		return rc;
	say_schedule(c, &s);
	return say_parcels(c, &s, true);
}

enum err
ctl_schedule_remove(struct ctl *c)
{
	enum err rc =
	    schedule_remove(c->p, c->a, c->words[0], ctl_operator(c), &c->f);

	if (rc == ERR_OK)
		buf_lit(&c->out, "removed\n");
	return rc;
}

enum err
ctl_schedule_run(struct ctl *c)
{
	struct schedule_run r;
	enum err rc = schedule_send_now(c->p, c->a, c->words[0],
	    c->words_len > 1 ? c->words[1] : STR(""), &r, &c->f);
	if (rc != ERR_OK)
		return rc;
	ctl_say(&c->out, "", r.from_day);
	ctl_say(&c->out, " to ", r.to_day);
	buf_lit(&c->out, ": is on its way\n");
	return ERR_OK;
}
