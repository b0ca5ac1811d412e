#include "kvitok/base/jw.h"
#include "kvitok/web/handlers.h"
#include "kvitok/web/pay_form.h"
#include "kvitok/web/payment_json.h"
#include "kvitok/web/session.h"

static void
put_limits(struct jw *w, int64_t min_kop, int64_t max_kop)
{
	jw_key(w, "limits");
	jw_object(w);
	jw_kint(w, "min_kop", min_kop);
	jw_kint(w, "max_kop", max_kop);
	jw_object_end(w);
}

/* Why there is no commission, where there would be one: the id, and words for
 * the payer.  They do not say by which right he is free: whoever knows an
 * account's number may ask. */
static void
put_fee_reason(struct jw *w, const char *reason)
{
	if (!reason)
		return;
	jw_ktext(w, "fee_reason", str_of(reason));
	jw_ktext(w, "fee_reason_text", str_of(reason_words(reason)));
}

static void
put_quote(struct jw *w, const struct quote *q)
{
	jw_object(w);
	jw_key(w, "lines");
	jw_list(w);
	for (size_t i = 0; i < q->lines_len; i++) {
		const struct quote_line *l = &q->lines[i];

		jw_object(w);
		jw_ktext(w, "supplier", l->supplier);
		jw_ktext(w, "service", l->service);
		jw_ktext(w, "account", l->account);
		jw_kint(w, "sum_kop", l->sum_kop);
		jw_kint(w, "fee_kop", l->fee_kop);
		put_limits(w, l->min_kop, l->max_kop);
		put_fee_reason(w, l->fee_reason);
		jw_object_end(w);
	}
	jw_list_end(w);
	jw_kint(w, "sum_kop", q->sum_kop);
	jw_kint(w, "fee_kop", q->fee_kop);
	jw_kint(w, "total_kop", q->total_kop);
	put_limits(w, q->min_kop, q->max_kop);
	jw_ktext(w, "bank", q->bank);
	put_fee_reason(w, q->fee_reason);
	jw_object_end(w);
}

static enum err
answer_quote(struct turn *t)
{
	struct pay_form in;
	struct quote q;
	struct buf b;
	struct jw w;
	enum err rc = pay_form_quote(t, &in);

	if (rc == ERR_OK)
		rc = pay_quote(t->p, t->a, t->who.portal, in.payer, in.lines,
		    in.lines_len, &q, t->f);
	if (rc != ERR_OK)
		return rc;
	turn_buf(t, &b);
	jw_init(&w, &b);
	put_quote(&w, &q);
	buf_char(&b, '\n');
	return turn_json(t, 200, &b);
}

static enum err
answer_create(struct turn *t)
{
	struct pay_request req = { .render = payment_body };
	struct pay_created made;
	struct pay_form in;
	enum err rc = pay_form_key(t, &req.ikey);

	if (rc == ERR_OK)
		rc = pay_form_payment(t, &in);
	if (rc != ERR_OK)
		return rc;
	req.lines = in.lines;
	req.lines_len = in.lines_len;
	req.readings = in.readings;
	req.readings_len = in.readings_len;
	req.email = in.email;
	req.return_url = in.return_url;
	req.payer = in.payer;
	req.card = in.card;
	memcpy(req.body_hash, in.hash, sizeof(req.body_hash));
	rc = pay_create(t->p, t->a, &t->who, &req, &made, t->f);
	if (rc != ERR_OK)
		return rc;
	reply_body(t->out, 201, "application/json", made.answer);
	reply_header(t->out, "Location",
	    arena_fmt(t->a, "/api/v1/payments/%.*s", STR_ARG(made.number)));
	reply_header(t->out, "Cache-Control", STR("no-store"));
	if (made.replay)
		reply_header(t->out, "Idempotent-Replay", STR("true"));
	return ERR_OK;
}

enum err
api_quote(struct turn *t)
{
	return answer_quote(t);
}

enum err
api_create(struct turn *t)
{
	return answer_create(t);
}

/* The script of our page, acting for the portal. */
static enum err
own(struct turn *t, enum err (*answer)(struct turn *t))
{
	enum err rc = session_script(t);

	if (rc == ERR_OK)
		rc = session_page(t, t->params.v[0]);
	return rc == ERR_OK ? answer(t) : rc;
}

enum err
own_quote(struct turn *t)
{
	return own(t, answer_quote);
}

enum err
own_create(struct turn *t)
{
	return own(t, answer_create);
}
