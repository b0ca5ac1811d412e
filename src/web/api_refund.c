#include "kvitok/app/refund.h"

#include "kvitok/http/form.h"
#include "kvitok/web/handlers.h"
#include "kvitok/web/pay_form.h"

struct line_in {
	int64_t n, sum_kop;
};

struct body_in {
	int64_t sum_kop;
	struct form_list lines;
	struct str reason, fee;
};

static const struct field line_fields[] = {
	{ "n", FIELD_INT, true, 1, PAY_LINES_MAX, offsetof(struct line_in, n),
	    NULL, NULL },
	{ "sum_kop", FIELD_INT, false, 1, INT64_MAX,
	    offsetof(struct line_in, sum_kop), NULL, "sum_not_positive" },
};
static const struct form line_form = { line_fields, KV_COUNT(line_fields),
	sizeof(struct line_in) };

static const struct field body_fields[] = {
	{ "sum_kop", FIELD_INT, false, 1, INT64_MAX,
	    offsetof(struct body_in, sum_kop), NULL, "sum_not_positive" },
	{ "lines", FIELD_LIST, false, 1, PAY_LINES_MAX,
	    offsetof(struct body_in, lines), &line_form, NULL },
	{ "reason", FIELD_TEXT, true, REFUND_REASON_MIN, REFUND_REASON_MAX,
	    offsetof(struct body_in, reason), NULL, NULL },
	{ "fee", FIELD_TEXT, false, 1, 10, offsetof(struct body_in, fee), NULL,
	    NULL },
};
static const struct form body_form = { body_fields, KV_COUNT(body_fields),
	sizeof(struct body_in) };

static void
put_refund(struct jw *w, const struct refund *r)
{
	jw_object(w);
	jw_ktext(w, "id", r->id);
	jw_ktext(w, "number", r->number);
	jw_ktext(w, "state", str_of(refund_state_name(r->state)));
	jw_key(w, "lines");
	jw_list(w);
	for (size_t i = 0; i < r->lines_len; i++) {
		jw_object(w);
		jw_kint(w, "n", r->lines[i].n);
		jw_kint(w, "sum_kop", r->lines[i].sum_kop);
		jw_kint(w, "fee_kop", r->lines[i].fee_kop);
		jw_object_end(w);
	}
	jw_list_end(w);
	jw_kint(w, "sum_kop", r->sum_kop);
	jw_kint(w, "fee_kop", r->fee_kop);
	jw_kint(w, "total_kop", refund_total(r));
	jw_ktext(w, "reason", r->reason);
	jw_ktime(w, "created_at", r->created_at);
	jw_ktime(w, "ended_at", r->ended_at);
	jw_object_end(w);
}

static void
render(struct buf *b, const struct refund *r)
{
	struct jw w;

	jw_init(&w, b);
	put_refund(&w, r);
	buf_char(b, '\n');
}

static enum err
read_fee(struct turn *t, struct str fee, enum refund_fee *out)
{
	*out = REFUND_FEE_RULE;
	if (fee.len == 0)
		return ERR_OK;
	if (str_eq(fee, STR("keep"))) {
		*out = REFUND_FEE_KEEP;
		return ERR_OK;
	}
	if (str_eq(fee, STR("return"))) {
		*out = REFUND_FEE_RETURN;
		return ERR_OK;
	}
	(void)fault_set(t->f, ERR_INVALID, "field_form", "fee");
	fault_field(t->f, "/fee", "field_form");
	return ERR_INVALID;
}

static void
put_wants(struct turn *t, const struct form_list *in, struct refund_ask *out)
{
	const struct line_in *from = in->items;
	struct refund_want *to =
	    ARENA_ARRAY(t->a, in->len + 1, struct refund_want);

	for (size_t i = 0; i < in->len; i++)
		to[i] = (struct refund_want){ (int)from[i].n, from[i].sum_kop };
	out->lines = to;
	out->lines_len = in->len;
}

static enum err
read_body(struct turn *t, struct refund_request *req)
{
	struct body_in in;
	const struct json *j;
	enum err rc = pay_form_key(t, &req->ikey);

	memset(&in, 0, sizeof(in));
	if (rc == ERR_OK)
		rc = request_json(t->rq, t->a, &j, t->f);
	if (rc == ERR_OK)
		rc = form_json(t->a, &body_form, j, &in, t->f);
	if (rc == ERR_OK)
		rc = read_fee(t, in.fee, &req->ask.fee);
	if (rc != ERR_OK)
		return rc;
	req->ask.sum_kop = in.sum_kop;
	put_wants(t, &in.lines, &req->ask);
	req->reason = in.reason;
	return pay_form_mark(t, j, req->body_hash);
}

/* Gives: «1 218,00 ₽: причина»; the sum of lines may not be said. */
static struct str
note_of(struct arena *a, const struct refund_request *req)
{
	return req->ask.sum_kop == 0
	    ? req->reason
	    : arena_fmt(a, "%.*s ₽: %.*s",
		  STR_ARG(buf_roubles_str(a, req->ask.sum_kop)),
		  STR_ARG(req->reason));
}

enum err
api_refund(struct turn *t)
{
	struct refund_request req = { .portal = t->who.portal,
		.number = t->params.v[0],
		.actor =
		    arena_fmt(t->a, "frontend:%.*s", STR_ARG(t->who.key_id)),
		.render = render };
	struct refund_made made;
	enum err rc = read_body(t, &req);

	if (rc == ERR_OK)
		rc = refund_create(turn_noted(t, req.actor, "refund",
				       req.number, note_of(t->a, &req)),
		    t->a, &req, &made, t->f);
	if (rc != ERR_OK)
		return rc;
	reply_body(t->out, 201, "application/json", made.answer);
	reply_header(t->out, "Location",
	    arena_fmt(
		t->a, "/api/v1/payments/%.*s/refunds", STR_ARG(made.number)));
	reply_header(t->out, "Cache-Control", STR("no-store"));
	if (made.replay)
		reply_header(t->out, "Idempotent-Replay", STR("true"));
	return ERR_OK;
}

enum err
api_refunds(struct turn *t)
{
	const struct refund *list;
	size_t len;
	struct buf b;
	struct jw w;
	enum err rc = refund_list(
	    t->p, t->a, t->who.portal, t->params.v[0], &list, &len, t->f);

	if (rc != ERR_OK)
		return rc;
	turn_items(t, &b, &w);
	for (size_t i = 0; i < len; i++)
		put_refund(&w, &list[i]);
	return turn_items_end(t, &b, &w);
}
