/* Reports on the accountant's pages: asked for, counted, ordered, fetched. */
#include "kvitok/app/report_order.h"
#include "kvitok/base/json.h"
#include "kvitok/web/cabinet_ask.h"
#include "kvitok/web/cabinet_order.h"
#include "kvitok/web/handlers.h"
#include "kvitok/web/report_file.h"

/* Somebody waits: what takes longer is for the file. */
#define COUNT_PATIENCE_MS 2000
#define COUNT_ROWS_MAX 200000

static enum err
read_ask(struct turn *t, const struct desk *d, struct cabinet_ask *x)
{
	struct url_params q;
	enum err rc = url_params(t->a, t->rq->query, &q, t->f);

	return rc == ERR_OK ? cabinet_ask_read(x, t, d, &q) : rc;
}

enum err
page_cabinet_reports(struct turn *t)
{
	struct cabinet_ask x;
	struct desk d;
	enum err rc;

	if (!desk_enter(t, RIGHT_REPORT, &d))
		return t->f->err;
	rc = read_ask(t, &d, &x);
	return rc == ERR_OK ? cabinet_ask_show(&x) : rc;
}

static enum err
count(struct cabinet_ask *x)
{
	static const struct report_bounds bounds = { COUNT_PATIENCE_MS,
		COUNT_ROWS_MAX };
	struct turn *t = x->t;
	enum err rc;

	if (x->refused)
		return ERR_OK;
	rc = report_count(t->p, t->a, &x->q, &bounds, &x->sum, t->f);
	x->counted = rc == ERR_OK;
	return rc == ERR_OK ? rc : cabinet_ask_refuse(x);
}

enum err
page_cabinet_count(struct turn *t)
{
	struct cabinet_ask x;
	struct desk d;
	enum err rc;

	if (!desk_enter(t, RIGHT_REPORT, &d))
		return t->f->err;
	rc = read_ask(t, &d, &x);
	if (rc == ERR_OK)
		rc = count(&x);
	return rc == ERR_OK ? cabinet_ask_show(&x) : rc;
}

/* --- ordering ---------------------------------------------------------- */

/* Of CSV alone; the others have no say in it. */
static enum err
read_csv(struct cabinet_ask *x, struct report_order_request *req)
{
	bool tab = str_eq(x->separator, STR("tab"));

	req->encoding = CODEPAGE_UTF8;
	req->separator = ';';
	if (req->format != REPORT_CSV)
		return ERR_OK;
	if (!codepage_of(x->encoding, &req->encoding) ||
	    req->encoding == CODEPAGE_CP866)
		return turn_refuse(x->t, "encoding", "field_form");
	if (!tab && !str_eq(x->separator, STR(";")) &&
	    !str_eq(x->separator, STR(",")))
		return turn_refuse(x->t, "separator", "field_form");
	req->separator = tab ? '\t' : x->separator.p[0];
	return ERR_OK;
}

static enum err
order(struct cabinet_ask *x, const struct url_params *form,
    struct report_order *o)
{
	struct turn *t = x->t;
	struct caller who = cabinet_caller(x->d);
	struct report_order_request req = {
		.who = &who, .q = x->q, .email = x->email
	};
	char mark[65];
	bool replay;
	enum err rc = cabinet_key_read(t, form, &req.ikey);

	if (rc != ERR_OK)
		return rc;
	cabinet_mark(t, form, mark);
	req.body_hash = str_of(mark);
	if (!report_format_of(x->format, &req.format))
		req.format = REPORT_FORMAT__COUNT; /* report_check refuses */
	rc = read_csv(x, &req);
	return rc == ERR_OK
	    ? report_order_create(
		  desk_noted(t, x->d, "report_order",
		      str_of(report_def(x->q.id)->name),
		      arena_fmt(t->a, "%.*s — %.*s, %.*s",
			  STR_ARG(x->q.from_day), STR_ARG(x->q.to_day),
			  STR_ARG(x->format))),
		  t->a, &req, o, &replay, t->f)
	    : rc;
}

enum err
page_cabinet_order(struct turn *t)
{
	struct cabinet_ask x;
	struct url_params form;
	struct report_order o;
	struct desk d;
	enum err rc;

	if (!desk_enter(t, RIGHT_REPORT, &d) || !desk_form(t, &d, &form))
		return t->f->err;
	rc = cabinet_ask_read(&x, t, &d, &form);
	if (rc != ERR_OK)
		return rc;
	if (!x.refused) {
		rc = order(&x, &form, &o);
		if (rc == ERR_OK) {
			reply_see_other(t->out,
			    arena_fmt(
				t->a, "/cabinet/reports/%.*s", STR_ARG(o.id)));
			return ERR_OK;
		}
		rc = cabinet_ask_refuse(&x);
	}
	return rc == ERR_OK ? cabinet_ask_show(&x) : rc;
}

/* --- looking, fetching ------------------------------------------------- */

static enum err
load(struct turn *t, const struct desk *d, struct report_order *o)
{
	struct caller who = cabinet_caller(d);

	return report_order_load(t->p, t->a, &who, t->params.v[0], o, t->f);
}

static enum err
put_totals(struct turn *t, const struct report_order *o, struct page *pg)
{
	const struct report_def *r = report_def(o->q.id);
	const struct json *j = NULL;
	struct grid g;
	enum err rc = ERR_OK;

	grid_begin(&g, t->a, REPORT_COLUMNS_MAX, 4);
	if (o->state == REPORT_ORDER_DONE)
		rc = json_parse(t->a, o->totals, JSON_STRICT, &j, t->f);
	for (size_t i = 0; j && i < r->columns_len; i++) {
		const struct report_column *c = &r->columns[i];
		struct str name = arena_fmt(
		    t->a, "%s%s", c->name, c->type == REPORT_SUM ? "_kop" : "");
		int64_t n;

		if (c->total && json_int(json_get(j, name.p), &n))
			cabinet_order_total(t->a, &g, c, n);
	}
	grid_put(pg, "totals", &g);
	return rc;
}

enum err
page_cabinet_report(struct turn *t)
{
	struct report_order o;
	struct desk d;
	struct page pg;
	struct grid g;
	enum err rc;

	if (!desk_enter(t, RIGHT_REPORT, &d))
		return t->f->err;
	rc = load(t, &d, &o);
	if (rc != ERR_OK)
		return rc;
	cabinet_begin(&pg, t, &d, "reports");
	rc = put_totals(t, &o, &pg);
	if (rc != ERR_OK)
		return rc;
	cabinet_order_rows(t, &o, 1, &g);
	grid_put(&pg, "order", &g);
	page_flag(&pg, "live",
	    o.state == REPORT_ORDER_WAITING || o.state == REPORT_ORDER_RUNNING);
	page_text(&pg, "hash", o.hash);
	page_text(&pg, "told", o.email);
	return page_send(&pg, 200, "tpl/page/cabinet_report.html");
}

enum err
page_cabinet_report_file(struct turn *t)
{
	struct report_order o;
	struct desk d;
	enum err rc;

	if (!desk_enter(t, RIGHT_REPORT, &d))
		return t->f->err;
	rc = load(t, &d, &o);
	return rc == ERR_OK ? report_answer_file(t, &o) : rc;
}
