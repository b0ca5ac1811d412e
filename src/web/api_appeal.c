#include "kvitok/app/appeal.h"

#include "kvitok/domain/account.h"
#include "kvitok/http/form.h"
#include "kvitok/web/cursor.h"
#include "kvitok/web/handlers.h"
#include "kvitok/web/pay_form.h"

#define LIMIT_MAX 200
#define LIMIT_USUAL 50
#define WORD_MAX 32
#define PAYER_MAX 64
#define EMAIL_LEN_MAX 254
#define NUMBER_MAX 120
#define ID_MAX 40

/* --- how one is told ---------------------------------------------------- */

static void
put_state(struct jw *w, enum appeal_state s)
{
	jw_ktext(w, "state", str_of(appeal_state_name(s)));
	jw_ktext(w, "state_title", str_of(appeal_state_title(s)));
}

static void
put_appeal(struct jw *w, const struct appeal *x)
{
	jw_ktext(w, "id", x->id);
	jw_ktext(w, "kind", str_of(appeal_kind_name(x->kind)));
	put_state(w, x->state);
	jw_ktext(w, "supplier", x->supplier);
	jw_kopt(w, "account", x->account);
	jw_kopt(w, "shown", x->shown);
	jw_kopt(w, "payer", x->payer);
	jw_kopt(w, "email", x->email);
	jw_ktext(w, "text", x->text);
	jw_kint(w, "files", x->files);
	jw_ktime(w, "created_at", x->created_at);
	jw_ktime(w, "answered_at", x->answered_at);
	jw_ktime(w, "closed_at", x->closed_at);
}

static enum err
answer_appeal(struct turn *t, int status, struct str id)
{
	const struct appeal_answer *v;
	struct appeal x;
	struct buf b;
	struct jw w;
	size_t len;
	enum err rc =
	    appeal_read(t->p, t->a, t->who.portal, id, &x, &v, &len, t->f);

	if (rc != ERR_OK)
		return rc;
	turn_buf(t, &b);
	jw_init(&w, &b);
	jw_object(&w);
	put_appeal(&w, &x);
	jw_key(&w, "fields");
	jw_raw(&w, x.fields); /* a list, as it was kept */
	jw_key(&w, "answers");
	jw_list(&w);
	for (size_t i = 0; i < len; i++) {
		jw_object(&w);
		put_state(&w, v[i].state);
		jw_ktext(&w, "text", v[i].text);
		jw_ktime(&w, "at", v[i].at);
		jw_object_end(&w);
	}
	jw_list_end(&w);
	jw_object_end(&w);
	buf_char(&b, '\n');
	return turn_json(t, status, &b);
}

/* --- making one --------------------------------------------------------- */

struct body_in {
	struct str kind, supplier, account, payer, email, text;
	struct form_list fields, files;
};

static const struct field item_fields[] = {
	{ "name", FIELD_TEXT, true, 1, WORD_MAX,
	    offsetof(struct appeal_field, name), NULL, NULL },
	{ "value", FIELD_LINES, true, 1, APPEAL_TEXT_MAX,
	    offsetof(struct appeal_field, value), NULL, NULL },
};
static const struct form item_form = { item_fields, KV_COUNT(item_fields),
	sizeof(struct appeal_field) };
static const struct field file_fields[] = {
	{ "id", FIELD_TEXT, true, 1, ID_MAX, 0, NULL, NULL },
};
static const struct form file_form = { file_fields, KV_COUNT(file_fields),
	sizeof(struct str) };
static const struct field body_fields[] = {
	{ "kind", FIELD_TEXT, true, 1, WORD_MAX, offsetof(struct body_in, kind),
	    NULL, NULL },
	{ "supplier", FIELD_TEXT, true, 1, WORD_MAX,
	    offsetof(struct body_in, supplier), NULL, NULL },
	{ "account", FIELD_TEXT, false, 1, NUMBER_MAX,
	    offsetof(struct body_in, account), NULL, NULL },
	{ "payer", FIELD_TEXT, false, 1, PAYER_MAX,
	    offsetof(struct body_in, payer), NULL, NULL },
	{ "email", FIELD_TEXT, false, 1, EMAIL_LEN_MAX,
	    offsetof(struct body_in, email), NULL, NULL },
	{ "text", FIELD_LINES, false, 1, APPEAL_TEXT_MAX,
	    offsetof(struct body_in, text), NULL, NULL },
	{ "fields", FIELD_LIST, false, 1, APPEAL_FIELDS_MAX,
	    offsetof(struct body_in, fields), &item_form, NULL },
	{ "files", FIELD_LIST, false, 1, APPEAL_FILES_MAX,
	    offsetof(struct body_in, files), &file_form, NULL },
};
static const struct form body_form = { body_fields, KV_COUNT(body_fields),
	sizeof(struct body_in) };

/* The use-case names a field, as does an address: here it is a member. */
static void
point_into_body(struct turn *t)
{
	for (size_t i = 0; i < t->f->fields_len; i++) {
		char *p = t->f->fields[i].pointer;
		struct str text;

		if (p[0] == '/' || strcmp(p, "Idempotency-Key") == 0)
			continue;
		text = arena_fmt(
		    t->a, "/%s", strcmp(p, "number") == 0 ? "account" : p);
		if (text.len < sizeof(t->f->fields[i].pointer))
			memcpy(p, text.p, text.len + 1);
	}
}

static enum err
read_body(struct turn *t, struct appeal_request *rq, char hash[65])
{
	struct body_in in;
	const struct json *j;
	enum err rc = request_json(t->rq, t->a, &j, t->f);

	memset(&in, 0, sizeof(in));
	if (rc == ERR_OK)
		rc = form_json(t->a, &body_form, j, &in, t->f);
	if (rc == ERR_OK)
		rc = pay_form_mark(t, j, hash);
	if (rc != ERR_OK)
		return rc;
	rq->supplier = in.supplier;
	rq->account = in.account;
	rq->kind = appeal_kind_of(in.kind);
	rq->payer = in.payer;
	rq->email = in.email;
	rq->text = in.text;
	rq->fields = in.fields.items;
	rq->fields_len = in.fields.len;
	rq->files = in.files.items;
	rq->files_len = in.files.len;
	rq->body_hash = str_of(hash);
	return rq->kind != APPEAL_KIND__COUNT
	    ? ERR_OK
	    : turn_refuse(t, "/kind", "field_form");
}

enum err
api_appeal_create(struct turn *t)
{
	struct appeal_request rq = { .who = &t->who };
	struct appeal x;
	char hash[65];
	bool replay = false;
	enum err rc = pay_form_key(t, &rq.ikey);

	if (rc == ERR_OK)
		rc = read_body(t, &rq, hash);
	if (rc == ERR_OK)
		rc = appeal_create(t->p, t->a, &rq, &x, &replay, t->f);
	if (rc != ERR_OK) {
		point_into_body(t);
		return rc;
	}
	if (replay)
		reply_header(t->out, "Idempotent-Replay", STR("true"));
	reply_header(t->out, "Location",
	    arena_fmt(t->a, "/api/v1/requests/%.*s", STR_ARG(x.id)));
	return answer_appeal(t, 201, x.id);
}

/* --- reading, closing --------------------------------------------------- */

enum err
api_appeal(struct turn *t)
{
	return answer_appeal(t, 200, t->params.v[0]);
}

enum err
api_appeal_close(struct turn *t)
{
	enum err rc = turn_nothing(t);

	if (rc == ERR_OK)
		rc =
		    appeal_end(t->p, t->a, t->who.portal, t->params.v[0], t->f);

	return rc == ERR_OK ? answer_appeal(t, 200, t->params.v[0]) : rc;
}

struct list_in {
	struct str payer, supplier, account, state, after;
	int64_t limit;
};

static const struct field list_fields[] = {
	{ "payer", FIELD_TEXT, false, 1, PAYER_MAX,
	    offsetof(struct list_in, payer), NULL, NULL },
	{ "supplier", FIELD_TEXT, false, 1, WORD_MAX,
	    offsetof(struct list_in, supplier), NULL, NULL },
	{ "account", FIELD_TEXT, false, 1, NUMBER_MAX,
	    offsetof(struct list_in, account), NULL, NULL },
	{ "state", FIELD_TEXT, false, 1, WORD_MAX,
	    offsetof(struct list_in, state), NULL, NULL },
	{ "limit", FIELD_INT, false, 1, LIMIT_MAX,
	    offsetof(struct list_in, limit), NULL, NULL },
	{ "after", FIELD_TEXT, false, 1, CURSOR_MAX,
	    offsetof(struct list_in, after), NULL, "cursor_bad" },
};
static const struct form list_form = { list_fields, KV_COUNT(list_fields),
	sizeof(struct list_in) };

static enum err
read_list(struct turn *t, struct appeal_query *q)
{
	struct list_in in = { .limit = LIMIT_USUAL };
	int64_t at;
	enum err rc = turn_query(t, &list_form, &in);

	if (rc != ERR_OK)
		return rc;
	*q = (struct appeal_query){ .portal = t->who.portal,
		.payer = in.payer,
		.supplier = in.supplier,
		.state = in.state,
		/* One more tells whether there are more. */
		.limit = (int)in.limit + 1 };
	if (in.account.len > 0 && !account_fold(t->a, in.account, &q->account))
		return turn_refuse(t, "account", "account_form");
	if (in.state.len > 0 &&
	    appeal_state_of(in.state) == APPEAL_STATE__COUNT)
		return turn_refuse(t, "state", "field_form");
	if (in.after.len > 0 &&
	    !cursor_read_id(t->a, in.after, &at, &q->before))
		return turn_refuse(t, "after", "cursor_bad");
	return ERR_OK;
}

enum err
api_appeals(struct turn *t)
{
	const struct appeal *v;
	struct appeal_query q;
	size_t len, shown;
	struct buf b;
	struct jw w;
	enum err rc = read_list(t, &q);

	if (rc == ERR_OK)
		rc = t->p->appeals.list(
		    t->p->appeals.self, t->a, &q, &v, &len, t->f);
	if (rc != ERR_OK)
		return rc;
	shown = len == (size_t)q.limit ? len - 1 : len;
	turn_items(t, &b, &w);
	for (size_t i = 0; i < shown; i++) {
		jw_object(&w);
		put_appeal(&w, &v[i]);
		jw_object_end(&w);
	}
	return turn_items_next(t, &b, &w,
	    shown < len
		? cursor_make(t->a, v[shown - 1].created_at, v[shown - 1].id)
		: STR_NONE);
}
