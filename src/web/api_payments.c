#include "kvitok/app/pay.h"
#include "kvitok/app/receipt.h"
#include "kvitok/app/story.h"
#include "kvitok/base/jw.h"
#include "kvitok/http/form.h"
#include "kvitok/web/cursor.h"
#include "kvitok/web/handlers.h"
#include "kvitok/web/payment_json.h"

#define LIMIT_MAX 200
#define LIMIT_USUAL 50

static enum err
answer_payment(struct turn *t, struct payment *pm)
{
	struct buf b;
	enum err rc = t->p->readings.of_payment(t->p->readings.self, t->a,
	    pm->akey, pm->number, &pm->readings, &pm->readings_len, t->f);

	if (rc != ERR_OK)
		return rc;
	turn_buf(t, &b);
	payment_body(&b, t->p, pm);
	return turn_json(t, 200, &b);
}

enum err
api_payment(struct turn *t)
{
	struct payment *pm;
	enum err rc = pay_read(t->p, t->a, &t->who, t->params.v[0], &pm, t->f);

	return rc == ERR_OK ? answer_payment(t, pm) : rc;
}

enum err
api_cancel(struct turn *t)
{
	struct payment *pm;
	enum err rc = turn_nothing(t);

	if (rc == ERR_OK)
		rc = pay_cancel(t->p, t->a, &t->who, t->params.v[0], &pm, t->f);
	return rc == ERR_OK ? answer_payment(t, pm) : rc;
}

struct list_in {
	struct str payer, account, state, after;
	int64_t from_at, to_at, limit;
};

static const struct field list_fields[] = {
	{ "payer", FIELD_TEXT, false, 1, 64, offsetof(struct list_in, payer),
	    NULL, NULL },
	{ "account", FIELD_TEXT, false, 1, 120,
	    offsetof(struct list_in, account), NULL, NULL },
	{ "state", FIELD_TEXT, false, 1, 20, offsetof(struct list_in, state),
	    NULL, NULL },
	{ "from", FIELD_TIME, false, 0, 0, offsetof(struct list_in, from_at),
	    NULL, NULL },
	{ "to", FIELD_TIME, false, 0, 0, offsetof(struct list_in, to_at), NULL,
	    NULL },
	{ "limit", FIELD_INT, false, 1, LIMIT_MAX,
	    offsetof(struct list_in, limit), NULL, NULL },
	{ "after", FIELD_TEXT, false, 1, CURSOR_MAX,
	    offsetof(struct list_in, after), NULL, "cursor_bad" },
};
static const struct form list_form = { list_fields, KV_COUNT(list_fields),
	sizeof(struct list_in) };

static enum err
read_list(struct turn *t, struct pay_query *q, int *limit)
{
	struct list_in in = { .limit = LIMIT_USUAL };
	enum pay_state state;
	enum err rc = turn_query(t, &list_form, &in);

	if (rc != ERR_OK)
		return rc;
	memset(q, 0, sizeof(*q));
	if (in.state.len > 0 && !pay_state_of(in.state, &state))
		return turn_refuse(t, "state", "field_form");
	if (in.after.len > 0 &&
	    !cursor_read(t->a, in.after, &q->before_at, &q->before_number))
		return turn_refuse(t, "after", "cursor_bad");
	q->payer = in.payer;
	q->account = in.account;
	q->state = in.state;
	q->from_at = in.from_at;
	q->to_at = in.to_at;
	*limit = (int)in.limit;
	/* One more tells whether there are more. */
	q->limit = *limit < LIMIT_MAX ? *limit + 1 : LIMIT_MAX;
	return ERR_OK;
}

enum err
api_payments(struct turn *t)
{
	const struct payment *list;
	struct pay_query q;
	size_t len, shown;
	struct buf b;
	struct jw w;
	int limit = LIMIT_USUAL;
	bool more;
	enum err rc = read_list(t, &q, &limit);

	if (rc == ERR_OK)
		rc = pay_list(t->p, t->a, &t->who, &q, &list, &len, t->f);
	if (rc != ERR_OK)
		return rc;
	more = limit < LIMIT_MAX ? len > (size_t)limit : len == LIMIT_MAX;
	shown = len > (size_t)limit ? (size_t)limit : len;
	turn_items(t, &b, &w);
	for (size_t i = 0; i < shown; i++)
		payment_json(&w, t->p, &list[i], false);
	return turn_items_next(t, &b, &w,
	    more ? cursor_make(
		       t->a, list[shown - 1].created_at, list[shown - 1].number)
		 : STR_NONE);
}

enum err
api_receipt(struct turn *t)
{
	struct payment *pm;
	struct bytes pdf;
	enum err rc = pay_read(t->p, t->a, &t->who, t->params.v[0], &pm, t->f);

	if (rc == ERR_OK)
		rc = receipt_pdf(t->p, t->a, pm, &pdf, t->f);
	if (rc != ERR_OK)
		return rc;
	turn_pdf(t, pm->number, pdf);
	return ERR_OK;
}

static void
put_story(struct jw *w, const struct story *s)
{
	jw_object(w);
	jw_ktext(w, "number", s->pm->number);
	jw_ktext(w, "state", str_of(pay_state_name(s->pm->state)));
	jw_ktext(w, "summary", s->summary);
	jw_key(w, "items");
	jw_list(w);
	for (size_t i = 0; i < s->items_len; i++) {
		jw_object(w);
		jw_ktime(w, "at", s->items[i].at);
		jw_ktext(w, "kind", s->items[i].kind);
		jw_ktext(w, "actor", s->items[i].actor);
		jw_ktext(w, "words", s->items[i].words);
		/* An object already; it is put in as it was kept. */
		jw_key(w, "evidence");
		jw_raw(w, s->items[i].evidence);
		jw_object_end(w);
	}
	jw_list_end(w);
	jw_kbool(w, "cut", s->cut);
	jw_object_end(w);
}

enum err
api_story(struct turn *t)
{
	struct story s;
	struct buf b;
	struct jw w;
	enum err rc =
	    story_of(t->p, t->a, t->who.portal, t->params.v[0], &s, t->f);

	if (rc != ERR_OK)
		return rc;
	turn_buf(t, &b);
	jw_init(&w, &b);
	put_story(&w, &s);
	buf_char(&b, '\n');
	return turn_json(t, 200, &b);
}
