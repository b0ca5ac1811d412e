/* Who is free of commission, for front-ends that keep such a list. */
#include "kvitok/app/exempt.h"

#include "kvitok/base/jw.h"
#include "kvitok/http/form.h"
#include "kvitok/web/handlers.h"

struct body_in {
	struct str kind, document, document_number, seen_by, from_day, to_day;
};

static const struct field body_fields[] = {
	{ "kind", FIELD_TEXT, true, 1, 32, offsetof(struct body_in, kind), NULL,
	    NULL },
	{ "document", FIELD_TEXT, true, 1, EXEMPT_DOCUMENT_MAX,
	    offsetof(struct body_in, document), NULL, NULL },
	{ "document_number", FIELD_TEXT, true, 1, EXEMPT_DOCUMENT_MAX,
	    offsetof(struct body_in, document_number), NULL, NULL },
	{ "seen_by", FIELD_TEXT, true, 1, 64, offsetof(struct body_in, seen_by),
	    NULL, NULL },
	{ "from_day", FIELD_TEXT, false, 10, 10,
	    offsetof(struct body_in, from_day), NULL, "field_form" },
	{ "to_day", FIELD_TEXT, false, 10, 10, offsetof(struct body_in, to_day),
	    NULL, "field_form" },
};
static const struct form body_form = { body_fields, KV_COUNT(body_fields),
	sizeof(struct body_in) };

/* /payers/{payer}/..., or /accounts/{supplier}/{number}/... */
static struct exempt_key
key_of(const struct turn *t)
{
	bool account = t->params.len == 2;

	return (struct exempt_key){ .portal = t->who.portal,
		.holder = account ? EXEMPT_ACCOUNT : EXEMPT_PAYER,
		.supplier = account ? t->params.v[0] : STR(""),
		.subject = t->params.v[account ? 1 : 0] };
}

static struct str
actor_of(const struct turn *t)
{
	return arena_fmt(t->a, "frontend:%.*s", STR_ARG(t->who.key_id));
}

/* Of the document's number only its end leaves. */
static void
put_exempt(struct jw *w, struct arena *a, const struct exempt *x)
{
	bool account = x->key.holder == EXEMPT_ACCOUNT;

	jw_object(w);
	jw_ktext(w, "id", exempt_name(a, x));
	jw_kopt(w, "payer", account ? STR_NONE : x->key.subject);
	jw_kopt(w, "supplier", x->key.supplier);
	jw_kopt(w, "account", account ? x->key.subject : STR_NONE);
	jw_ktext(w, "kind", x->kind);
	jw_ktext(w, "document", x->document);
	jw_ktext(w, "document_mask", exempt_mask(a, x->document_number));
	jw_ktext(w, "seen_by", x->seen_by);
	jw_ktext(w, "from_day", x->from_day);
	jw_kopt(w, "to_day", x->to_day);
	jw_ktime(w, "created_at", x->created_at);
	jw_ktime(w, "ended_at", x->ended_at);
	jw_kopt(w, "end_reason", x->end_reason);
	jw_object_end(w);
}

static enum err
answer(struct turn *t, const struct exempt *x)
{
	struct buf b;
	struct jw w;

	turn_buf(t, &b);
	jw_init(&w, &b);
	put_exempt(&w, t->a, x);
	buf_char(&b, '\n');
	return turn_json(t, 200, &b);
}

enum err
api_exempt_put(struct turn *t)
{
	struct exempt_request req = {
		.key = key_of(t), .actor = actor_of(t), .replace = true
	};
	struct body_in in;
	struct exempt x;
	const struct json *j;
	size_t made, at;
	enum err rc = request_json(t->rq, t->a, &j, t->f);

	memset(&in, 0, sizeof(in));
	if (rc == ERR_OK)
		rc = form_json(t->a, &body_form, j, &in, t->f);
	if (rc != ERR_OK)
		return rc;
	req.kind = in.kind;
	req.document = in.document;
	req.document_number = in.document_number;
	req.seen_by = in.seen_by;
	req.from_day = in.from_day;
	req.to_day = in.to_day;
	rc = exempt_check(t->p, t->a, &req, &x, t->f);
	if (rc == ERR_OK)
		rc = exempt_set(
		    turn_noted(t, req.actor, "exempt_set", STR(""), req.kind),
		    t->a, &x, 1, true, &made, &at, t->f);
	return rc == ERR_OK ? answer(t, &x) : rc;
}

static enum err
list_of(struct turn *t, const struct exempt **list, size_t *len)
{
	struct exempt_key key = key_of(t);

	return exempt_of(t->p, t->a, &key, list, len, t->f);
}

enum err
api_exempt_get(struct turn *t)
{
	const struct exempt *list;
	size_t len;
	struct buf b;
	struct jw w;
	enum err rc = list_of(t, &list, &len);

	if (rc != ERR_OK)
		return rc;
	turn_items(t, &b, &w);
	for (size_t i = 0; i < len; i++)
		put_exempt(&w, t->a, &list[i]);
	return turn_items_end(t, &b, &w);
}

static enum err
end(struct turn *t, const struct exempt *newest, struct exempt *out)
{
	struct str name = exempt_name(t->a, newest), actor = actor_of(t);

	return exempt_end(turn_noted(t, actor, "exempt_end", name, STR("")),
	    t->a, t->who.portal, name, actor, STR("ended by the front-end"),
	    out, t->f);
}

/* Ended twice it is ended once: the newest is answered. */
enum err
api_exempt_delete(struct turn *t)
{
	const struct exempt *list;
	struct exempt x;
	size_t len;
	enum err rc = list_of(t, &list, &len);

	if (rc == ERR_OK && len == 0)
		rc = fault_set(t->f, ERR_ABSENT, "exemption_unknown", "none");
	if (rc == ERR_OK)
		rc = end(t, &list[0], &x);
	return rc == ERR_OK ? answer(t, &x) : rc;
}
