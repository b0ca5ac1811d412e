#include "kvitok/app/settle.h"
#include "kvitok/app/settle_files.h"
#include "kvitok/base/day.h"
#include "kvitok/http/form.h"
#include "kvitok/http/url.h"
#include "kvitok/web/cursor.h"
#include "kvitok/web/handlers.h"
#include "kvitok/web/pay_form.h"
#include "kvitok/web/settle_answer.h"

#define LIMIT_MAX 200
#define LIMIT_USUAL 50
#define FILE_MAX ((size_t)16 << 20)

static void
put_party(struct jw *w, const char *name, const struct settle_party *p)
{
	jw_key(w, name);
	jw_object(w);
	jw_ktext(w, "title", p->title);
	jw_ktext(w, "inn", p->inn);
	jw_kopt(w, "kpp", p->kpp);
	jw_ktext(w, "account", p->account);
	jw_ktext(w, "bic", p->bic);
	jw_ktext(w, "bank", p->bank);
	jw_kopt(w, "correspondent", p->correspondent);
	jw_object_end(w);
}

static void
put_sums(struct jw *w, const struct settle_sums *s)
{
	jw_kint(w, "items", s->items);
	jw_kint(w, "held_items", s->held_items);
	jw_kint(w, "taken_kop", s->taken_kop);
	jw_kint(w, "refunded_kop", s->refunded_kop);
	jw_kint(w, "other_kop", s->other_kop);
	jw_kint(w, "fee_kop", s->fee_kop);
	jw_kint(w, "supplier_fee_kop", s->supplier_fee_kop);
	jw_kint(w, "transfer_kop", s->transfer_kop);
	jw_kint(w, "held_kop", s->held_kop);
	jw_kint(w, "released_kop", s->released_kop);
}

static void
put_settlement(struct jw *w, const struct settlement *s)
{
	jw_object(w);
	jw_ktext(w, "id", s->id);
	jw_ktext(w, "supplier", s->supplier);
	jw_ktext(w, "day", s->day);
	jw_ktext(w, "state", str_of(settle_state_name(s->state)));
	put_sums(w, &s->sums);
	jw_kint(w, "min_kop", s->min_kop);
	jw_kbool(w, "carried", settle_carried(s));
	jw_ktext(w, "contract", s->contract);
	put_party(w, "payer", &s->payer);
	put_party(w, "payee", &s->payee);
	jw_kopt(w, "purpose", s->purpose);
	jw_key(w, "order_no");
	if (s->order_no > 0)
		jw_int(w, s->order_no);
	else
		jw_null(w);
	jw_kopt(w, "order_day", s->order_day);
	jw_ktime(w, "created_at", s->created_at);
	jw_ktext(w, "created_by", s->created_by);
	jw_ktime(w, "confirmed_at", s->confirmed_at);
	jw_kopt(w, "confirmed_by", s->confirmed_by);
	jw_ktime(w, "returned_at", s->returned_at);
	jw_kopt(w, "reason", s->reason);
	jw_object_end(w);
}

static void
render(struct buf *b, const struct settlement *s)
{
	struct jw w;

	jw_init(&w, b);
	put_settlement(&w, s);
	buf_char(b, '\n');
}

enum err
api_settlement(struct turn *t)
{
	struct settlement s = { .id = STR("") };
	struct buf b;
	enum err rc =
	    settle_load(t->p, t->a, t->who.portal, t->params.v[0], &s, t->f);

	if (rc != ERR_OK)
		return rc;
	turn_buf(t, &b);
	render(&b, &s);
	return turn_json(t, 200, &b);
}

/* --- lists ----------------------------------------------------------- */

struct list_in {
	struct str from, to, after;
	int64_t limit;
};

static const struct field list_fields[] = {
	{ "from", FIELD_TEXT, false, 10, 10, offsetof(struct list_in, from),
	    NULL, NULL },
	{ "to", FIELD_TEXT, false, 10, 10, offsetof(struct list_in, to), NULL,
	    NULL },
	{ "limit", FIELD_INT, false, 1, LIMIT_MAX,
	    offsetof(struct list_in, limit), NULL, NULL },
	{ "after", FIELD_TEXT, false, 1, CURSOR_DAY_MAX,
	    offsetof(struct list_in, after), NULL, "cursor_bad" },
};
static const struct form list_form = { list_fields, KV_COUNT(list_fields),
	sizeof(struct list_in) };

static enum err
read_list(struct turn *t, struct settle_query *q)
{
	struct list_in in = { .limit = LIMIT_USUAL };
	enum err rc = turn_query(t, &list_form, &in);

	if (rc != ERR_OK)
		return rc;
	if (in.from.len > 0 && !day_valid(in.from))
		return turn_refuse(t, "from", "field_form");
	if (in.to.len > 0 && !day_valid(in.to))
		return turn_refuse(t, "to", "field_form");
	*q = (struct settle_query){ .portal = t->who.portal,
		.from_day = in.from,
		.to_day = in.to,
		.limit = (int)in.limit };
	if (in.after.len > 0 &&
	    !cursor_read_day(in.after, &q->after_day, &q->after_id))
		return turn_refuse(t, "after", "cursor_bad");
	return ERR_OK;
}

enum err
api_settlements(struct turn *t)
{
	const struct settle_reader *rd = &t->p->settlements;
	const struct settlement *v;
	struct settle_query q;
	struct buf b;
	struct jw w;
	size_t len;
	enum err rc = read_list(t, &q);

	if (rc == ERR_OK)
		rc = rd->list(rd->self, t->a, &q, &v, &len, t->f);
	if (rc != ERR_OK)
		return rc;
	turn_items(t, &b, &w);
	for (size_t i = 0; i < len; i++)
		put_settlement(&w, &v[i]);
	return turn_items_next(t, &b, &w,
	    len == (size_t)q.limit
		? cursor_make_day(t->a, v[len - 1].day, v[len - 1].id)
		: STR_NONE);
}

struct items_in {
	int64_t limit, after;
};

static const struct field items_fields[] = {
	{ "limit", FIELD_INT, false, 1, LIMIT_MAX,
	    offsetof(struct items_in, limit), NULL, NULL },
	{ "after", FIELD_INT, false, 0, INT64_MAX,
	    offsetof(struct items_in, after), NULL, "cursor_bad" },
};
static const struct form items_form = { items_fields, KV_COUNT(items_fields),
	sizeof(struct items_in) };

static void
put_item(struct jw *w, const struct settle_item *x)
{
	jw_object(w);
	jw_kint(w, "n", x->n);
	jw_ktext(w, "day", x->day);
	jw_ktext(w, "kind", x->kind);
	jw_kopt(w, "number", x->number);
	jw_ktext(w, "cause", x->cause);
	jw_kbool(w, "held", x->held);
	jw_kint(w, "gross_kop", x->gross_kop);
	jw_kint(w, "fee_kop", x->fee_kop);
	jw_kint(w, "supplier_fee_kop", x->supplier_fee_kop);
	jw_kint(w, "net_kop", x->net_kop);
	jw_object_end(w);
}

enum err
api_settlement_items(struct turn *t)
{
	const struct settle_reader *rd = &t->p->settlements;
	struct items_in in = { .limit = LIMIT_USUAL };
	const struct settle_item *v;
	struct settlement s = { .id = STR("") };
	struct buf b;
	struct jw w;
	size_t len;
	enum err rc = turn_query(t, &items_form, &in);

	if (rc == ERR_OK)
		rc = settle_load(
		    t->p, t->a, t->who.portal, t->params.v[0], &s, t->f);
	if (rc == ERR_OK)
		rc = rd->items(rd->self, t->a, s.id, in.after, (int)in.limit,
		    &v, &len, t->f);
	if (rc != ERR_OK)
		return rc;
	turn_items(t, &b, &w);
	for (size_t i = 0; i < len; i++)
		put_item(&w, &v[i]);
	return turn_items_next(t, &b, &w,
	    len == (size_t)in.limit
		? arena_fmt(t->a, "%lld", (long long)v[len - 1].n)
		: STR_NONE);
}

/* --- confirming ------------------------------------------------------ */

struct confirm_in {
	int64_t sum_kop;
};

static const struct field confirm_fields[] = {
	{ "sum_kop", FIELD_INT, true, 1, INT64_MAX,
	    offsetof(struct confirm_in, sum_kop), NULL, "sum_not_positive" },
};
static const struct form confirm_form = { confirm_fields,
	KV_COUNT(confirm_fields), sizeof(struct confirm_in) };

enum err
api_settlement_confirm(struct turn *t)
{
	struct settle_confirm_request req = { .portal = t->who.portal,
		.id = t->params.v[0],
		.actor =
		    arena_fmt(t->a, "frontend:%.*s", STR_ARG(t->who.key_id)),
		.render = render };
	struct confirm_in in = { 0 };
	struct settle_confirmed made;
	const struct json *j;
	enum err rc = pay_form_key(t, &req.ikey);

	if (rc == ERR_OK)
		rc = request_json(t->rq, t->a, &j, t->f);
	if (rc == ERR_OK)
		rc = form_json(t->a, &confirm_form, j, &in, t->f);
	if (rc == ERR_OK)
		rc = pay_form_mark(t, j, req.body_hash);
	req.sum_kop = in.sum_kop;
	if (rc == ERR_OK)
		rc = settle_confirm(
		    turn_noted(t, req.actor, "settlement_confirm", req.id,
			arena_fmt(t->a, "%.*s ₽",
			    STR_ARG(buf_roubles_str(t->a, req.sum_kop)))),
		    t->a, &req, &made, t->f);
	if (rc != ERR_OK)
		return rc;
	reply_body(t->out, 200, "application/json", made.answer);
	reply_header(t->out, "Cache-Control", STR("no-store"));
	if (made.replay)
		reply_header(t->out, "Idempotent-Replay", STR("true"));
	return ERR_OK;
}

/* --- files ----------------------------------------------------------- */

struct order_in {
	struct str day, format;
};

static const struct field order_fields[] = {
	{ "format", FIELD_TEXT, true, 2, 7, offsetof(struct order_in, format),
	    NULL, NULL },
	{ "day", FIELD_TEXT, true, 10, 10, offsetof(struct order_in, day), NULL,
	    NULL },
};
static const struct form orders_form = { order_fields, 2,
	sizeof(struct order_in) };
static const struct form order_form = { order_fields, 1,
	sizeof(struct order_in) };

static enum err
read_format(struct turn *t, struct str s, enum order_format *out)
{
	*out = str_eq(s, STR("1c")) ? ORDER_1C : ORDER_PAIN001;
	return str_eq(s, STR("1c")) || str_eq(s, STR("pain001"))
	    ? ERR_OK
	    : turn_refuse(t, "format", "field_form");
}

static enum err
answer_file(struct turn *t, const char *type, struct str name, struct str body)
{
	reply_body(t->out, 200, type, body);
	reply_header(t->out, "Content-Disposition",
	    arena_fmt(t->a, "attachment; filename=\"%.*s\"", STR_ARG(name)));
	reply_header(t->out, "Cache-Control", STR("no-store"));
	return ERR_OK;
}

static enum err
answer_order(
    struct turn *t, enum order_format format, struct str name, struct str body)
{
	bool text = format == ORDER_1C;

	return answer_file(t,
	    text ? "text/plain; charset=windows-1251" : "application/xml",
	    arena_fmt(t->a, "%s-%.*s.%s", text ? "kl_to_1c" : "pain001",
		STR_ARG(name), text ? "txt" : "xml"),
	    body);
}

enum err
settle_answer_orders(
    struct turn *t, struct str portal, struct str day, struct str format)
{
	enum order_format fmt = ORDER_1C;
	struct str body;
	enum err rc = ERR_OK;

	if (!day_valid(day))
		rc = turn_refuse(t, "day", "field_form");
	if (rc == ERR_OK)
		rc = read_format(t, format, &fmt);
	if (rc == ERR_OK)
		rc = settle_orders(t->p, t->a, portal, day, fmt, &body, t->f);
	return rc == ERR_OK ? answer_order(t, fmt, day, body) : rc;
}

enum err
api_settlement_orders(struct turn *t)
{
	struct order_in in = { .day = STR("") };
	enum err rc = turn_query(t, &orders_form, &in);

	return rc == ERR_OK
	    ? settle_answer_orders(t, t->who.portal, in.day, in.format)
	    : rc;
}

enum err
settle_answer_order(
    struct turn *t, struct str portal, struct str id, struct str format)
{
	enum order_format fmt = ORDER_1C;
	struct settlement s = { .id = STR("") };
	struct str body;
	enum err rc = read_format(t, format, &fmt);

	if (rc == ERR_OK)
		rc = settle_load(t->p, t->a, portal, id, &s, t->f);
	if (rc == ERR_OK)
		rc = settle_order(t->p, t->a, portal, s.id, fmt, &body, t->f);
	return rc == ERR_OK ? answer_order(t, fmt, s.id, body) : rc;
}

enum err
api_settlement_order(struct turn *t)
{
	struct order_in in = { .day = STR("") };
	enum err rc = turn_query(t, &order_form, &in);

	return rc == ERR_OK
	    ? settle_answer_order(t, t->who.portal, t->params.v[0], in.format)
	    : rc;
}

/* The whole of it: what is larger is for kvitokctl. */
static enum err
gather(void *self, struct str bytes, struct fault *f)
{
	struct buf *b = self;

	buf_bytes(b, bytes.p, bytes.len);
	return b->full ? fault_set(f, ERR_LIMIT, "file_too_large",
			     "above %zu bytes", b->max)
		       : ERR_OK;
}

enum err
settle_answer_register(struct turn *t, struct str portal, struct str id)
{
	struct buf b;
	struct str name;
	enum err rc;

	buf_init(&b, t->a, FILE_MAX);
	rc = settle_register(t->p, t->a, portal, id,
	    &(struct paper_sink){ &b, gather }, &name, t->f);
	return rc == ERR_OK
	    ? answer_file(t, "application/octet-stream", name, buf_str(&b))
	    : rc;
}

enum err
api_settlement_register(struct turn *t)
{
	return settle_answer_register(t, t->who.portal, t->params.v[0]);
}
