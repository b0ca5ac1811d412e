#include "kvitok/app/report_order.h"

#include "kvitok/http/form.h"
#include "kvitok/web/handlers.h"
#include "kvitok/web/pay_form.h"
#include "kvitok/web/report_file.h"

#define RECENT 50

static const char *const types[REPORT_TYPE__COUNT] = {
	[REPORT_TEXT] = "text",
	[REPORT_WORD] = "word",
	[REPORT_DAY] = "day",
	[REPORT_INSTANT] = "instant",
	[REPORT_SUM] = "sum",
	[REPORT_NUMBER] = "number",
};

/* --- what there is --------------------------------------------------- */

static void
put_words(struct jw *w, const char *name, const struct report_word *words)
{
	if (words == NULL)
		return;
	jw_key(w, name);
	jw_object(w);
	for (; words->id != NULL; words++)
		jw_ktext(w, words->id, str_of(words->words));
	jw_object_end(w);
}

static void
put_column(struct jw *w, const struct report_column *c)
{
	jw_object(w);
	jw_ktext(w, "name", str_of(c->name));
	jw_ktext(w, "title", str_of(c->title));
	jw_ktext(w, "type", str_of(types[c->type]));
	jw_kbool(w, "total", c->total);
	put_words(w, "words", c->words);
	jw_object_end(w);
}

/* The portal, and the supplier of a key that has one, are not chosen. */
static void
put_filters(struct jw *w, const struct report_def *d, const struct caller *who)
{
	jw_key(w, "filters");
	jw_list(w);
	for (int i = 0; i < REPORT_FILTER__COUNT; i++)
		if (i != REPORT_PORTAL &&
		    (i != REPORT_SUPPLIER || who->supplier.len == 0) &&
		    report_has_filter(d, (enum report_filter)i))
			jw_text(w,
			    str_of(report_filter_name((enum report_filter)i)));
	jw_list_end(w);
}

static void
put_def(struct jw *w, const struct report_def *d, const struct caller *who)
{
	jw_object(w);
	jw_ktext(w, "name", str_of(d->name));
	jw_ktext(w, "title", str_of(d->title));
	jw_ktext(w, "about", str_of(d->about));
	jw_key(w, "formats");
	jw_list(w);
	for (int i = 0; i < REPORT_FORMAT__COUNT; i++)
		if (report_has_format(d, (enum report_format)i))
			jw_text(w,
			    str_of(report_format_name((enum report_format)i)));
	jw_list_end(w);
	put_filters(w, d, who);
	put_words(w, "states", d->states);
	jw_key(w, "columns");
	jw_list(w);
	for (size_t i = 0; i < d->columns_len; i++)
		put_column(w, &d->columns[i]);
	jw_list_end(w);
	jw_object_end(w);
}

static void
put_asked(struct jw *w, const struct report_order *o)
{
	jw_ktext(w, "report", str_of(report_def(o->q.id)->name));
	jw_ktext(w, "format", str_of(report_format_name(o->format)));
	jw_ktext(w, "from", o->q.from_day);
	jw_ktext(w, "to", o->q.to_day);
	for (int i = 0; i < REPORT_FILTER__COUNT; i++)
		if (i != REPORT_PORTAL && o->q.filter[i].len > 0)
			jw_ktext(w,
			    i == REPORT_STATE
				? "state_filter"
				: report_filter_name((enum report_filter)i),
			    o->q.filter[i]);
}

static void
put_order(struct turn *t, struct jw *w, const struct report_order *o)
{
	struct buf name;

	buf_init(&name, t->a, 200);
	report_file_name(&name, &o->q, o->format);
	jw_object(w);
	jw_ktext(w, "id", o->id);
	put_asked(w, o);
	jw_ktext(w, "state", str_of(report_order_state_name(o->state)));
	jw_kint(w, "rows", o->lines);
	jw_kopt(w, "reached_day", o->reached);
	jw_kopt(w, "reason", o->reason);
	if (o->reason.len > 0)
		jw_ktext(w, "detail",
		    str_of(reason_words(arena_z(t->a, o->reason))));
	if (o->state == REPORT_ORDER_DONE) {
		jw_ktext(w, "file", buf_str(&name));
		jw_kint(w, "size", o->size);
		jw_kint(w, "replaced", o->replaced);
		jw_ktext(w, "rows_sha256", o->hash);
		jw_ktext(w, "file_sha256", o->digest);
		jw_key(w, "totals");
		jw_raw(w, o->totals);
	}
	jw_ktime(w, "created_at", o->created_at);
	jw_ktime(w, "ended_at", o->ended_at);
	jw_ktime(w, "expires_at", o->expires_at);
	jw_object_end(w);
}

enum err
api_reports(struct turn *t)
{
	const struct report_orders *st = &t->p->report_orders;
	const struct report_order *v;
	struct buf b;
	struct jw w;
	size_t len;
	enum err rc = st->list(
	    st->self, t->a, t->who.key_id, STR(""), RECENT, &v, &len, t->f);

	if (rc != ERR_OK)
		return rc;
	turn_buf(t, &b);
	jw_init(&w, &b);
	jw_object(&w);
	jw_key(&w, "reports");
	jw_list(&w);
	for (int i = 0; i < REPORT__COUNT; i++) {
		const struct report_def *d = report_def((enum report_id)i);

		if (report_order_may(&t->who, d))
			put_def(&w, d, &t->who);
	}
	jw_list_end(&w);
	jw_key(&w, "recent");
	jw_list(&w);
	for (size_t i = 0; i < len; i++)
		put_order(t, &w, &v[i]);
	jw_list_end(&w);
	jw_object_end(&w);
	buf_char(&b, '\n');
	return turn_json(t, 200, &b);
}

/* --- asking ---------------------------------------------------------- */

struct body_in {
	struct str report, format, from, to, supplier, contract, bank, state,
	    account, encoding, separator, email;
};

#define TEXT(name, must, min, max)                                             \
	{                                                                      \
#name, FIELD_TEXT, must, min, max,                             \
		    offsetof(struct body_in, name), NULL, NULL                 \
	}

static const struct field body_fields[] = {
	TEXT(report, true, 1, 40),
	TEXT(format, true, 1, 8),
	TEXT(from, true, 1, 40),
	TEXT(to, true, 1, 40),
	TEXT(supplier, false, 1, 32),
	TEXT(contract, false, 1, 32),
	TEXT(bank, false, 1, 16),
	TEXT(state, false, 1, 32),
	TEXT(account, false, 1, 100),
	TEXT(encoding, false, 1, 8),
	TEXT(separator, false, 1, 3),
	TEXT(email, false, 1, 254),
};
static const struct form body_form = { body_fields, KV_COUNT(body_fields),
	sizeof(struct body_in) };

static enum err
refuse(struct turn *t, enum err err, const char *name, const char *reason)
{
	(void)fault_set(t->f, err, reason, "%s", name);
	fault_field(t->f, name, reason);
	return t->f->err;
}

static enum err
read_csv(
    struct turn *t, const struct body_in *in, struct report_order_request *req)
{
	req->encoding = CODEPAGE_UTF8;
	req->separator = ';';
	if (in->encoding.len > 0 &&
	    (req->format != REPORT_CSV ||
		!codepage_of(in->encoding, &req->encoding) ||
		req->encoding == CODEPAGE_CP866))
		return refuse(t, ERR_INVALID, "/encoding", "field_form");
	if (in->separator.len == 0)
		return ERR_OK;
	if (str_eq(in->separator, STR("tab")))
		req->separator = '\t';
	else
		req->separator = in->separator.p[0];
	return req->format == REPORT_CSV &&
		(req->separator == '\t' || str_eq(in->separator, STR(";")) ||
		    str_eq(in->separator, STR(",")))
	    ? ERR_OK
	    : refuse(t, ERR_INVALID, "/separator", "field_form");
}

static enum err
put_query(
    struct turn *t, const struct body_in *in, struct report_order_request *req)
{
	struct report_query *q = &req->q;

	if (!report_of(in->report, &q->id))
		return refuse(t, ERR_ABSENT, "/report", "report_unknown");
	if (!report_format_of(in->format, &req->format))
		req->format = REPORT_FORMAT__COUNT; /* report_check refuses */
	q->from_day = in->from;
	q->to_day = in->to;
	q->filter[REPORT_SUPPLIER] = in->supplier;
	q->filter[REPORT_CONTRACT] = in->contract;
	q->filter[REPORT_BANK] = in->bank;
	q->filter[REPORT_STATE] = in->state;
	q->filter[REPORT_ACCOUNT] = in->account;
	req->email = in->email;
	return read_csv(t, in, req);
}

/* Use-cases name a field; in a body it is a member. */
static void
point_into_body(struct fault *f)
{
	for (size_t i = 0; i < f->fields_len; i++) {
		char *p = f->fields[i].pointer;
		size_t len = strlen(p);

		if (p[0] == '/' || str_eq(str_of(p), STR("Idempotency-Key")) ||
		    len + 2 > sizeof(f->fields[i].pointer))
			continue;
		memmove(p + 1, p, len + 1);
		p[0] = '/';
	}
}

static enum err
answer_order(struct turn *t, int status, const struct report_order *o)
{
	struct buf b;
	struct jw w;

	turn_buf(t, &b);
	jw_init(&w, &b);
	put_order(t, &w, o);
	buf_char(&b, '\n');
	return turn_json(t, status, &b);
}

enum err
api_report_ask(struct turn *t)
{
	struct report_order_request req = { .who = &t->who };
	struct report_order o;
	struct body_in in;
	const struct json *j;
	char hash[65];
	bool replay;
	enum err rc = pay_form_key(t, &req.ikey);

	memset(&in, 0, sizeof(in));
	if (rc == ERR_OK)
		rc = request_json(t->rq, t->a, &j, t->f);
	if (rc == ERR_OK)
		rc = form_json(t->a, &body_form, j, &in, t->f);
	if (rc == ERR_OK)
		rc = pay_form_mark(t, j, hash);
	if (rc == ERR_OK)
		rc = put_query(t, &in, &req);
	if (rc != ERR_OK)
		return rc;
	req.body_hash = str_of(hash);
	rc = report_order_create(
	    turn_noted(t,
		arena_fmt(t->a, "frontend:%.*s", STR_ARG(t->who.key_id)),
		"report_order", str_of(report_def(req.q.id)->name),
		arena_fmt(t->a, "%.*s — %.*s", STR_ARG(req.q.from_day),
		    STR_ARG(req.q.to_day))),
	    t->a, &req, &o, &replay, t->f);
	point_into_body(t->f);
	if (rc != ERR_OK)
		return rc;
	if (replay)
		reply_header(t->out, "Idempotent-Replay", STR("true"));
	reply_header(t->out, "Location",
	    arena_fmt(t->a, "/api/v1/reports/%.*s", STR_ARG(o.id)));
	return answer_order(t, replay ? 200 : 202, &o);
}

/* --- looking, fetching ----------------------------------------------- */

enum err
api_report(struct turn *t)
{
	struct report_order o;
	enum err rc =
	    report_order_load(t->p, t->a, &t->who, t->params.v[0], &o, t->f);

	return rc == ERR_OK ? answer_order(t, 200, &o) : rc;
}

enum err
report_answer_file(struct turn *t, const struct report_order *o)
{
	struct str name;
	int64_t size;
	int fd;
	enum err rc = report_order_open(t->p, t->a, o, &name, &fd, &size, t->f);

	if (rc != ERR_OK)
		return rc;
	reply_file(t->out, 200, report_format_type(o->format), fd, size);
	reply_header(t->out, "Content-Disposition",
	    arena_fmt(t->a, "attachment; filename=\"%.*s\"", STR_ARG(name)));
	reply_header(t->out, "Cache-Control", STR("private, no-store"));
	reply_header(
	    t->out, "ETag", arena_fmt(t->a, "\"%.*s\"", STR_ARG(o->digest)));
	reply_header(t->out, "X-Rows-SHA256", o->hash);
	return ERR_OK;
}

enum err
api_report_file(struct turn *t)
{
	struct report_order o;
	enum err rc =
	    report_order_load(t->p, t->a, &t->who, t->params.v[0], &o, t->f);

	return rc == ERR_OK ? report_answer_file(t, &o) : rc;
}
