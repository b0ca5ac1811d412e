#include "kvitok/web/cabinet_schedule.h"

#include "kvitok/app/reference.h"
#include "kvitok/app/schedule_desk.h"
#include "kvitok/base/day.h"
#include "kvitok/base/log.h"

#define CHOICES_MAX 500
#define COLS 20
#define MASK_MAX 400
#define NARROWED_MAX 1000

/* --- how a rule is told -------------------------------------------------- */

static struct str
days_words(struct arena *a, const struct schedule_rule *r)
{
	static const char *const weekdays[] = { "понедельникам", "вторникам",
		"средам", "четвергам", "пятницам", "субботам", "воскресеньям" };

	switch (r->days) {
	case SCHEDULE_ANY:
		return r->every == SCHEDULE_WEEK ? STR("по понедельникам")
		    : r->every == SCHEDULE_MONTH ? STR("1-го числа")
						 : STR("каждый день");
	case SCHEDULE_WORKING:
		return r->every == SCHEDULE_WEEK
		    ? STR("в первый рабочий день недели")
		    : r->every == SCHEDULE_MONTH
		    ? STR("в первый рабочий день месяца")
		    : STR("по рабочим дням");
	case SCHEDULE_WEEKDAY:
		return arena_fmt(a, "по %s", weekdays[r->n - 1]);
	case SCHEDULE_MONTH_DAY:
		return arena_fmt(a, "%d-го числа", r->n);
	}
	return STR("");
}

struct str
cabinet_schedule_when(struct arena *a, const struct schedule_rule *r)
{
	char at[SCHEDULE_TIME_SIZE];

	schedule_time_word(r, at);
	return arena_fmt(a, "%.*s в\xC2\xA0%s", STR_ARG(days_words(a, r)), at);
}

struct str
cabinet_schedule_period(struct arena *a, const struct schedule_rule *r)
{
	switch (r->every) {
	case SCHEDULE_DAY:
		return r->back > 1
		    ? arena_fmt(a, "за день, через %d дн.", r->back)
		    : STR("за день");
	case SCHEDULE_WEEK:
		return STR("за неделю");
	case SCHEDULE_MONTH:
		return STR("за месяц");
	case SCHEDULE_SINCE:
		return STR("за дни после прошлого отчёта");
	}
	return STR("");
}

/* --- those that go on ---------------------------------------------------- */

/* Addresses of those that may be chosen; of others only what tells them
 * apart. */
static void
put_targets(struct cabinet_schedule *x, const struct schedule *s,
    const struct schedule_desk *all, struct grid *g)
{
	struct str list = s->target, one;
	struct grid in;
	bool more = true;

	grid_begin(&in, x->t->a, SCHEDULE_MAILS_MAX, 1);
	while (s->by_mail && more && in.len < SCHEDULE_MAILS_MAX) {
		bool seen = false;
		struct buf b;

		more = str_cut(&list, ' ', &one);
		for (size_t i = 0; i < all->to_len && !seen; i++)
			seen = str_eq(all->to[i].email, one);
		buf_init(&b, x->t->a, MASK_MAX);
		if (!seen)
			log_mask(&b, one);
		grid_row(&in);
		grid_text(&in, "words", seen ? one : buf_str(&b));
	}
	if (!s->by_mail) {
		grid_row(&in);
		grid_text(&in, "words", STR("файл в папку на сервере"));
	}
	grid_rows(g, "targets", &in);
}

/* «Поставщик: rts; Состояние: Оплачен». */
static struct str
narrowed(struct cabinet_schedule *x, const struct schedule *s)
{
	struct buf b;

	buf_init(&b, x->t->a, NARROWED_MAX);
	for (int i = 0; i < REPORT_FILTER__COUNT; i++) {
		struct str value = s->q.filter[i];

		if (i == REPORT_PORTAL || value.len == 0 ||
		    (i == REPORT_SUPPLIER && x->d->supplier.len > 0))
			continue;
		if (i == REPORT_STATE)
			value = report_word(report_def(s->q.id)->states, value);
		if (i == REPORT_SUPPLIER)
			value = cabinet_supplier(x->t, x->d->portal, value);
		if (b.len > 0)
			buf_lit(&b, "; ");
		buf_text(&b, value);
	}
	return buf_str(&b);
}

/* The last letter: of several the first that has not gone out. */
static enum err
put_last(struct cabinet_schedule *x, const struct schedule *s, struct grid *g)
{
	const struct schedule_runs *st = &x->t->p->schedule_runs;
	const struct parcel_whole *v, *last = NULL;
	struct arena *a = x->t->a;
	size_t len;
	enum err rc = st->parcels(
	    st->self, a, s->id, true, SCHEDULE_MAILS_MAX, &v, &len, x->t->f);

	if (rc != ERR_OK)
		return rc;
	for (size_t i = 0; i < len && str_eq(v[i].r.id, v[0].r.id); i++)
		if (last == NULL ||
		    (last->p.state == PARCEL_DONE &&
			v[i].p.state != PARCEL_DONE))
			last = &v[i];
	grid_text(g, "last_state",
	    last ? str_of(parcel_state_name(last->p.state)) : STR_NONE);
	grid_text(g, "last_words",
	    last ? cabinet_word(
		       "parcel", str_of(parcel_state_name(last->p.state)))
		 : STR_NONE);
	grid_text(g, "last_at",
	    last ? cabinet_moment(a, last->p.changed_at) : STR_NONE);
	grid_text(g, "last_reason",
	    last && last->p.reason.len > 0
		? str_of(reason_words(arena_z(a, last->p.reason)))
		: STR_NONE);
	return ERR_OK;
}

static enum err
put_schedule(struct cabinet_schedule *x, const struct schedule *s,
    const struct schedule_desk *all, struct grid *g)
{
	struct arena *a = x->t->a;

	grid_row(g);
	grid_text(g, "name", s->name);
	grid_text(g, "words", str_of(report_def(s->q.id)->title));
	grid_text(g, "format_words",
	    cabinet_word("format", str_of(report_format_name(s->format))));
	grid_text(g, "narrowed", narrowed(x, s));
	grid_text(g, "when", cabinet_schedule_when(a, &s->rule));
	grid_text(g, "period", cabinet_schedule_period(a, &s->rule));
	put_targets(x, s, all, g);
	grid_text(g, "by", cabinet_who(a, s->made_by));
	grid_text(g, "next", cabinet_moment(a, s->next_at));
	grid_flag(g, "may_stop", schedule_desk_made(s));
	grid_text(g, "stop_url",
	    arena_fmt(a, "/cabinet/schedules/%.*s/stop", STR_ARG(s->name)));
	return put_last(x, s, g);
}

static enum err
show_list(struct cabinet_schedule *x, const struct schedule_desk *all,
    struct page *pg)
{
	struct grid g;
	enum err rc = ERR_OK;

	grid_begin(&g, x->t->a, SCHEDULE_DESK_MAX, COLS);
	for (size_t i = 0; rc == ERR_OK && i < all->len; i++)
		rc = put_schedule(x, &all->v[i], all, &g);
	grid_put(pg, "schedules", &g);
	page_flag(pg, "full", all->len == SCHEDULE_DESK_MAX);
	return rc;
}

/* --- one that is being made ---------------------------------------------- */

static void
show_reports(struct cabinet_schedule *x, struct page *pg)
{
	struct grid g;

	grid_begin(&g, x->t->a, REPORT__COUNT, 3);
	for (int i = 0; i < REPORT__COUNT; i++) {
		const struct report_def *r = report_def((enum report_id)i);

		if (cabinet_ask_may(x->d, r))
			grid_choice(
			    &g, str_of(r->name), str_of(r->title), x->report);
	}
	grid_put(pg, "reports", &g);
}

static enum err
show_suppliers(struct cabinet_schedule *x, struct page *pg)
{
	const struct ref *r;
	struct grid g;
	enum err rc = reference(x->t->p, &r, x->t->f);

	grid_begin(&g, x->t->a, CHOICES_MAX, 3);
	for (size_t i = 0; rc == ERR_OK && i < r->suppliers_len; i++) {
		const struct ref_supplier *s = &r->suppliers[i];
		bool again = !str_eq(s->portal, x->d->portal);

		for (size_t k = 0; k < g.len && !again; k++)
			again = str_eq(g.rows[k].v[0].text, s->supplier);
		if (!again)
			grid_choice(&g, arena_str(x->t->a, s->supplier),
			    arena_str(x->t->a, s->title), x->supplier);
	}
	grid_put(pg, "suppliers", &g);
	return rc;
}

static void
show_words(struct cabinet_schedule *x, struct page *pg)
{
	static const char *const formats[] = { "xlsx", "pdf", "csv", "xml",
		"dbf" };
	static const char *const oftens[] = { "working", "day", "week", "month",
		"month_working" };
	struct grid g;

	grid_begin(&g, x->t->a, KV_COUNT(formats), 3);
	for (size_t i = 0; i < KV_COUNT(formats); i++)
		grid_choice(&g, str_of(formats[i]),
		    cabinet_word("format", str_of(formats[i])), x->format);
	grid_put(pg, "formats", &g);
	grid_begin(&g, x->t->a, KV_COUNT(oftens), 3);
	for (size_t i = 0; i < KV_COUNT(oftens); i++)
		grid_choice(&g, str_of(oftens[i]),
		    cabinet_word("often", str_of(oftens[i])), x->often);
	grid_put(pg, "oftens", &g);
}

static bool
is_ticked(const struct cabinet_schedule *x, struct str email)
{
	struct str list = x->mails, one;
	bool more = true;

	while (more) {
		more = str_cut(&list, ' ', &one);
		if (str_eq(one, email))
			return true;
	}
	return false;
}

/* Whose an address is: the portal's, or that of a supplier or several. */
static void
show_addresses(struct cabinet_schedule *x, const struct schedule_desk *all,
    struct page *pg)
{
	struct grid g;

	grid_begin(&g, x->t->a, SCHEDULE_ADDRESSES_MAX, 3);
	for (size_t i = 0; i < all->to_len; i++) {
		const struct schedule_address *to = &all->to[i];

		grid_row(&g);
		grid_text(&g, "value", to->email);
		grid_text(&g, "words",
		    to->supplier.len == 0
			? STR("любые отчёты портала")
			: cabinet_supplier(x->t, x->d->portal, to->supplier));
		grid_flag(&g, "chosen", is_ticked(x, to->email));
	}
	grid_put(pg, "addresses", &g);
}

static void
show_wrong(const struct cabinet_schedule *x, struct page *pg)
{
	page_text(pg, "wrong", x->wrong);
	page_text(pg, "report_wrong", x->report_wrong);
	page_text(pg, "supplier_wrong", x->supplier_wrong);
	page_text(pg, "format_wrong", x->format_wrong);
	page_text(pg, "at_wrong", x->at_wrong);
	page_text(pg, "mail_wrong", x->mail_wrong);
}

enum err
cabinet_schedule_show(struct cabinet_schedule *x)
{
	struct caller who = cabinet_caller(x->d);
	struct turn *t = x->t;
	struct schedule_desk all;
	struct page pg;
	enum err rc = schedule_desk_read(t->p, t->a, &who, &all, t->f);

	if (rc != ERR_OK)
		return rc;
	cabinet_begin(&pg, t, x->d, "reports");
	rc = show_list(x, &all, &pg);
	if (rc == ERR_OK)
		rc = show_suppliers(x, &pg);
	if (rc != ERR_OK)
		return rc;
	page_text(&pg, "ikey", cabinet_key(t));
	page_text(&pg, "at", x->at);
	page_flag(&pg, "made", str_eq(x->done, STR("made")));
	page_flag(&pg, "stopped", str_eq(x->done, STR("stopped")));
	show_reports(x, &pg);
	show_words(x, &pg);
	show_addresses(x, &all, &pg);
	show_wrong(x, &pg);
	return page_send(&pg, x->status, "tpl/page/cabinet_schedules.html");
}
