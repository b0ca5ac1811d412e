#include "kvitok/app/cases.h"
#include "kvitok/base/jw.h"
#include "kvitok/http/form.h"
#include "kvitok/web/cursor.h"
#include "kvitok/web/handlers.h"
#include "kvitok/web/pay_form.h"

#define LIMIT_MAX 200
#define LIMIT_USUAL 50
#define WORD_MAX 32
#define OWNER_MAX 64

/* --- how a case is told ----------------------------------------------------
 */

static void
put_words(struct jw *w, struct str kind)
{
	jw_key(w, "resolutions");
	jw_list(w);
	for (size_t i = 0; i < resolutions_len; i++)
		if (str_eq(kind, str_of(resolutions[i].kind)))
			jw_text(w, str_of(resolutions[i].how));
	jw_list_end(w);
}

static void
put_resolution(struct jw *w, const struct pay_case *c)
{
	jw_key(w, "resolution");
	if (c->resolution.len == 0) {
		jw_null(w);
		return;
	}
	jw_object(w);
	jw_ktext(w, "how", c->resolution);
	jw_ktext(w, "reason", c->note);
	jw_ktext(w, "by", c->decided_by);
	jw_ktime(w, "at", c->decided_at);
	jw_ktime(w, "ended_at", c->resolved_at);
	jw_object_end(w);
}

/* The members that a list has, too. */
static void
put_case(struct jw *w, const struct pay_case *c)
{
	jw_ktext(w, "id", c->id);
	jw_ktext(w, "kind", c->kind);
	jw_ktext(w, "state",
	    str_of(case_state_name(
		case_state(c->state, c->owner, c->resolution))));
	jw_ktext(w, "portal", c->portal);
	jw_kopt(w, "number", c->number);
	jw_key(w, "attempt");
	if (c->n > 0)
		jw_int(w, c->n);
	else
		jw_null(w);
	jw_ktext(w, "subject", c->subject);
	jw_kint(w, "sum_kop", c->sum_kop);
	jw_ktext(w, "proposal", c->proposal);
	jw_kopt(w, "owner", c->owner);
	jw_ktime(w, "created_at", c->created_at);
	jw_ktime(w, "taken_at", c->taken_at);
	jw_kint(w, "times", c->times);
	put_resolution(w, c);
}

static void
put_backs(struct jw *w, const struct case_detail *d)
{
	jw_key(w, "give_backs");
	jw_list(w);
	for (size_t i = 0; i < d->backs_len; i++) {
		const struct give_back *g = &d->backs[i];

		if (!str_eq(g->case_id, d->c.id))
			continue;
		jw_object(w);
		jw_ktext(w, "id", g->id);
		jw_ktext(w, "state", str_of(refund_state_name(g->state)));
		jw_ktext(w, "way", str_of(refund_way_name(g->way)));
		jw_kopt(w, "own_account", g->own_account);
		jw_kint(w, "sum_kop", g->sum_kop);
		jw_ktext(w, "bank_no", g->bank_no);
		jw_ktext(w, "bank_id", g->bank_id);
		jw_kopt(w, "code", g->code);
		jw_ktime(w, "created_at", g->created_at);
		jw_ktime(w, "ended_at", g->ended_at);
		jw_object_end(w);
	}
	jw_list_end(w);
}

static void
put_trail(struct jw *w, const struct case_detail *d)
{
	jw_key(w, "events");
	jw_list(w);
	for (size_t i = 0; i < d->events_len; i++) {
		const struct case_event *e = &d->events[i];

		jw_object(w);
		jw_ktime(w, "at", e->at);
		jw_ktext(w, "kind", e->kind);
		jw_ktext(w, "actor", e->actor);
		jw_kopt(w, "resolution", e->resolution);
		jw_kopt(w, "reason", e->note);
		jw_key(w, "evidence");
		jw_raw(w, e->evidence); /* an object, as it was kept */
		jw_object_end(w);
	}
	jw_list_end(w);
}

static void
render(struct buf *b, const struct pay_case *c)
{
	struct jw w;

	jw_init(&w, b);
	jw_object(&w);
	put_case(&w, c);
	jw_object_end(&w);
	buf_char(b, '\n');
}

/* --- reading ---------------------------------------------------------------
 */

struct list_in {
	struct str state, kind, owner, after;
	int64_t limit;
};

static const struct field list_fields[] = {
	{ "state", FIELD_TEXT, false, 1, WORD_MAX,
	    offsetof(struct list_in, state), NULL, NULL },
	{ "kind", FIELD_TEXT, false, 1, WORD_MAX,
	    offsetof(struct list_in, kind), NULL, NULL },
	{ "owner", FIELD_TEXT, false, 1, OWNER_MAX,
	    offsetof(struct list_in, owner), NULL, NULL },
	{ "limit", FIELD_INT, false, 1, LIMIT_MAX,
	    offsetof(struct list_in, limit), NULL, NULL },
	{ "after", FIELD_TEXT, false, 1, CURSOR_MAX,
	    offsetof(struct list_in, after), NULL, "cursor_bad" },
};
static const struct form list_form = { list_fields, KV_COUNT(list_fields),
	sizeof(struct list_in) };

static enum err
read_list(struct turn *t, struct case_query *q)
{
	struct list_in in = { .limit = LIMIT_USUAL };
	enum err rc = turn_query(t, &list_form, &in);

	if (rc != ERR_OK)
		return rc;
	*q = (struct case_query){ .portal = t->who.portal,
		.kind = in.kind,
		.owner = in.owner,
		.has_state = in.state.len > 0,
		/* One more tells whether there are more. */
		.limit = (int)in.limit + 1 };
	if (q->has_state && !case_state_of(in.state, &q->state))
		return turn_refuse(t, "state", "field_form");
	if (in.after.len > 0 &&
	    !cursor_read_id(t->a, in.after, &q->after_at, &q->after_id))
		return turn_refuse(t, "after", "cursor_bad");
	return ERR_OK;
}

enum err
api_cases(struct turn *t)
{
	const struct pay_case *v;
	struct case_query q;
	size_t len, shown;
	struct buf b;
	struct jw w;
	enum err rc = read_list(t, &q);

	if (rc == ERR_OK)
		rc = cases_list(t->p, t->a, &q, &v, &len, t->f);
	if (rc != ERR_OK)
		return rc;
	shown = len == (size_t)q.limit ? len - 1 : len;
	turn_items(t, &b, &w);
	for (size_t i = 0; i < shown; i++) {
		jw_object(&w);
		put_case(&w, &v[i]);
		jw_object_end(&w);
	}
	return turn_items_next(t, &b, &w,
	    shown < len
		? cursor_make(t->a, v[shown - 1].created_at, v[shown - 1].id)
		: STR_NONE);
}

enum err
api_case(struct turn *t)
{
	struct case_detail d;
	struct buf b;
	struct jw w;
	enum err rc =
	    cases_read(t->p, t->a, t->who.portal, t->params.v[0], &d, t->f);

	if (rc != ERR_OK)
		return rc;
	turn_buf(t, &b);
	jw_init(&w, &b);
	jw_object(&w);
	put_case(&w, &d.c);
	put_words(&w, d.c.kind);
	jw_key(&w, "evidence");
	jw_raw(&w, d.c.evidence); /* an object, as it was kept */
	put_backs(&w, &d);
	put_trail(&w, &d);
	jw_object_end(&w);
	buf_char(&b, '\n');
	return turn_json(t, 200, &b);
}

/* --- changing --------------------------------------------------------------
 */

struct hand_in {
	struct str operator_name;
};

static const struct field hand_fields[] = {
	{ "operator", FIELD_TEXT, false, 1, CASE_OPERATOR_MAX,
	    offsetof(struct hand_in, operator_name), NULL, NULL },
};
static const struct form hand_form = { hand_fields, KV_COUNT(hand_fields),
	sizeof(struct hand_in) };

/* Behind one key there may be several people. */
static struct case_hand
hand_of(struct turn *t, struct str operator_name)
{
	struct str actor =
	    arena_fmt(t->a, "frontend:%.*s", STR_ARG(t->who.key_id));

	if (operator_name.len > 0)
		actor = arena_fmt(
		    t->a, "%.*s:%.*s", STR_ARG(actor), STR_ARG(operator_name));
	return (struct case_hand){ t->who.portal, t->params.v[0], actor };
}

static enum err
hand(struct turn *t, const char *what,
    enum err (*call)(const struct ports *p, struct arena *a,
	const struct case_hand *h, struct pay_case *out, struct fault *f))
{
	struct hand_in in = { .operator_name = STR_NONE };
	const struct json *j;
	struct case_hand h;
	struct pay_case c;
	struct buf b;
	enum err rc = ERR_OK;

	if (t->rq->body.len > 0) {
		rc = request_json(t->rq, t->a, &j, t->f);
		if (rc == ERR_OK)
			rc = form_json(t->a, &hand_form, j, &in, t->f);
	}
	if (rc != ERR_OK)
		return rc;
	h = hand_of(t, in.operator_name);
	rc = call(
	    turn_noted(t, h.actor, what, h.id, STR("")), t->a, &h, &c, t->f);
	if (rc != ERR_OK)
		return rc;
	turn_buf(t, &b);
	render(&b, &c);
	return turn_json(t, 200, &b);
}

enum err
api_case_take(struct turn *t)
{
	return hand(t, "case_take", cases_take);
}

enum err
api_case_release(struct turn *t)
{
	return hand(t, "case_release", cases_release);
}

struct resolve_in {
	struct str how, reason, own_account, number, operator_name;
};

static const struct field resolve_fields[] = {
	{ "resolution", FIELD_TEXT, true, 1, WORD_MAX,
	    offsetof(struct resolve_in, how), NULL, NULL },
	{ "reason", FIELD_TEXT, true, CASE_REASON_MIN, CASE_REASON_MAX,
	    offsetof(struct resolve_in, reason), NULL, NULL },
	{ "own_account", FIELD_TEXT, false, 1, WORD_MAX,
	    offsetof(struct resolve_in, own_account), NULL, NULL },
	{ "number", FIELD_TEXT, false, 1, WORD_MAX,
	    offsetof(struct resolve_in, number), NULL, NULL },
	{ "operator", FIELD_TEXT, false, 1, CASE_OPERATOR_MAX,
	    offsetof(struct resolve_in, operator_name), NULL, NULL },
};
static const struct form resolve_form = { resolve_fields,
	KV_COUNT(resolve_fields), sizeof(struct resolve_in) };

static enum err
read_resolve(struct turn *t, struct case_resolve *req)
{
	struct resolve_in in;
	const struct json *j;
	enum err rc = pay_form_key(t, &req->ikey);

	memset(&in, 0, sizeof(in));
	if (rc == ERR_OK)
		rc = request_json(t->rq, t->a, &j, t->f);
	if (rc == ERR_OK)
		rc = form_json(t->a, &resolve_form, j, &in, t->f);
	if (rc != ERR_OK)
		return rc;
	req->hand = hand_of(t, in.operator_name);
	req->how = in.how;
	req->reason = in.reason;
	req->own_account = in.own_account;
	req->number = in.number;
	return pay_form_mark(t, j, req->body_hash);
}

enum err
api_case_resolve(struct turn *t)
{
	struct case_resolve req = { .render = render };
	struct case_resolved made;
	enum err rc = read_resolve(t, &req);

	if (rc == ERR_OK)
		rc = cases_resolve(
		    turn_noted(t, req.hand.actor, "case_resolve", req.hand.id,
			arena_fmt(t->a, "%.*s: %.*s", STR_ARG(req.how),
			    STR_ARG(req.reason))),
		    t->a, &req, &made, t->f);
	if (rc != ERR_OK)
		return rc;
	reply_body(t->out, 200, "application/json", made.answer);
	reply_header(t->out, "Cache-Control", STR("no-store"));
	if (made.replay)
		reply_header(t->out, "Idempotent-Replay", STR("true"));
	return ERR_OK;
}
